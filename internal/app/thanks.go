package app

import (
	"context"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/notice"
	"goodturn/internal/outcome"
	"goodturn/internal/person"
	"goodturn/internal/thanks"
	"goodturn/internal/ticket"
)

// letterCards is the kind of the mail with the cards of a month.
const letterCards = "cards of the month"

// thankYou builds what keeps thank-you cards.
func (a *App) thankYou() {
	a.Thanks = &thanks.Book{
		Desk: a.Tickets, Said: outcome.Thanked,
		Tell: func(ctx context.Context, tx *db.Tx, c thanks.Card) error {
			return a.Notices.TellFrom(ctx, tx, c.FromID, []int64{c.ToID}, notice.Thanked, "/cards", c.Text)
		},
	}
	a.Tickets.OnlyThanks = a.Thanks.Reads
	a.Post.Writers[letterCards] = a.cardsLetter
}

func (a *App) sweepThanks(ctx context.Context) error {
	return thanks.SweepMonth(ctx, a.DB, a.zone(), func(ctx context.Context, tx *db.Tx, lead, month int64) error {
		return a.Post.QueueLetter(ctx, tx, mailbox.Letter{Person: lead, Kind: letterCards, About: month, Until: tx.Now.Add(48 * time.Hour)})
	})
}

// zone is the desk's.
func (a *App) zone() *time.Location {
	if a.Config.Zone == nil {
		return time.UTC
	}
	return a.Config.Zone
}

// cardsLetter is the mail with the cards of a month to a lead: each with its words, and no numbers.
func (a *App) cardsLetter(ctx context.Context, tx *db.Tx, _ ticket.Ticket, who person.Person, month int64) (says mailbox.LetterText, err error) {
	lead, err := person.ActorOf(ctx, tx, who.ID)
	if err != nil || !lead.Role.AtLeast(person.Lead) {
		return says, err
	}
	from, until := thanks.Bounds(month, a.zone())
	all, more, err := thanks.Month(ctx, tx, lead, from, until)
	if err != nil || len(all) == 0 {
		return says, err
	}
	says.Subject = i18n.T(ctx, "Thank-you cards of the month before {{.Date}}", "Date", i18n.Date(ctx, until))
	says.Parts = []mailbox.LetterPart{{Text: i18n.T(ctx, "these are the words that people wrote on cards last month. They are no figures, and not all that was good is thanked for.")}}
	for _, c := range all {
		says.Parts = append(says.Parts, mailbox.LetterPart{Title: i18n.T(ctx, "{{.Writer}} to {{.Holder}}", "Writer", c.Writer(ctx), "Holder", c.Holder(ctx)), Text: c.Text})
	}
	end := mailbox.LetterPart{Choices: []mailbox.LetterChoice{{Text: i18n.T(ctx, "The wall"), Path: "/wall"}}}
	if more {
		end.Text = i18n.T(ctx, "There were more than one mail has room for.")
	}
	says.Parts = append(says.Parts, end)
	return says, nil
}
