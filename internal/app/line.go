package app

import (
	"context"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/line"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// newLine builds what tells those who wait where they stand.
func (a *App) newLine() *line.Line {
	a.Post.Receipt = append(a.Post.Receipt, a.lineReceipt)
	return &line.Line{DB: a.DB, Calendars: a.Calendars, Log: a.Config.Log}
}

// lineReceipt is what the mail that confirms a request says of its place and of how long it will probably take.
func (a *App) lineReceipt(ctx context.Context, tx *db.Tx, t ticket.Ticket, _ person.Person) ([]mailbox.LetterPart, error) {
	p, err := line.PlaceOf(ctx, tx, t)
	if err != nil || !p.Waits {
		return nil, err
	}
	holder := ""
	if p.Holder != 0 {
		who, err := person.Get(ctx, tx, p.Holder)
		if err != nil {
			return nil, err
		}
		holder, _, _ = strings.Cut(who.Name, " ")
	}
	wait, err := a.Line.WaitOf(ctx, tx, t, p)
	if err != nil {
		return nil, err
	}
	place, rest := p.Words(ctx, holder)
	usual, most := wait.Sentences(ctx, tx.Now)
	said := i18n.T(ctx, "Your request is {{.Place}} {{.Rest}}", "Place", place, "Rest", rest)
	return []mailbox.LetterPart{{Text: strings.TrimSpace(said + " " + usual + " " + most)}}, nil
}
