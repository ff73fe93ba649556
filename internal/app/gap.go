package app

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/gap"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

const letterWritten = "gap_written"

// newGaps builds what finds what nobody has written down; who said so hears when it is written.
func (a *App) newGaps() *gap.Keeper {
	a.Post.Writers[letterWritten] = writtenLetter
	return &gap.Keeper{DB: a.DB, Log: a.Config.Log, Written: func(ctx context.Context, tx *db.Tx, g gap.Gap, people []int64) error {
		for _, id := range people {
			if err := a.Post.QueueLetter(ctx, tx, mailbox.Letter{Person: id, Kind: letterWritten, About: g.ID, Until: tx.Now.Add(letterTried)}); err != nil {
				return err
			}
		}
		return nil
	}}
}

// writtenLetter says that something is written down now, with a link for those who may read it.
func writtenLetter(ctx context.Context, tx *db.Tx, _ ticket.Ticket, who person.Person, id int64) (says mailbox.LetterText, err error) {
	g, err := gap.ByID(ctx, tx, id)
	if err != nil || g.ArticleID == 0 {
		return says, err
	}
	a, err := person.ActorOf(ctx, tx, who.ID)
	if err != nil {
		return says, err
	}
	says.Subject = i18n.T(ctx, "Something that you missed is written down now")
	part := mailbox.LetterPart{Text: i18n.T(ctx, "after your turn at the desk you said what should be written down: “{{.Words}}”. Somebody has written it.", "Words", g.Label)}
	slug, err := db.All[string](ctx, tx, `SELECT slug FROM article WHERE id = $1`, g.ArticleID)
	if err != nil || len(slug) == 0 {
		return mailbox.LetterText{}, err
	}
	if x, err := kb.Read(ctx, tx, a, slug[0], i18n.LangOf(ctx)); err == nil { // else it is for the desk alone
		part.Choices = []mailbox.LetterChoice{{Text: i18n.T(ctx, "Read it") + ": " + x.Text.LiveTitle, Path: "/help/" + slug[0]}}
	}
	says.Parts = []mailbox.LetterPart{part}
	return says, nil
}
