package app

import (
	"context"
	"strconv"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/handoff"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/lead"
)

// helping has mail and the people whom others ask for help know each other.
func (a *App) helping() {
	a.Helping = &handoff.Keeper{
		Key: a.Key, Desk: a.Tickets,
		Letter: func(ctx context.Context, tx *db.Tx, h handoff.Handed, path string) error {
			return a.Post.QueueHandOff(ctx, tx, mailbox.HandOff{Ticket: h.TicketID, Person: h.PersonID, Path: path})
		},
	}
	a.Post.Helping = mailbox.Helping{
		Helper:    a.Helping.Helper,
		Forwarded: a.Helping.Forwarded,
		Note:      handoff.NoteSubject,
		Receive: func(ctx context.Context, tx *db.Tx, t ticket.Ticket, helperID int64) error {
			return a.Helping.Receive(ctx, tx, t, helperID, handoff.ByAddress)
		},
	}
}

// helpTotals says to the lead how much help people give beside their work, as far as three or more of them let it be counted.
func helpTotals(ctx context.Context, tx *db.Tx, _ person.Actor) (lead.Section, error) {
	t, err := handoff.TotalsNow(ctx, tx)
	if err != nil || t.Keepers < handoff.FewestKeepers {
		return lead.Section{}, err
	}
	return lead.Section{
		Title: i18n.T(ctx, "Help beside people’s work"),
		Text:  i18n.T(ctx, "Some are asked for help with computers although it is not their work. Those who chose to be counted are, without their names."),
		Rows: []lead.SectionRow{
			{Label: i18n.T(ctx, "A week"), Value: i18n.Length(ctx, time.Duration(t.WeekMinutes)*time.Minute), Note: i18n.T(ctx, "The average of four weeks, as {{.Count}} people noted it. What nobody noted is missing.", "Count", strconv.Itoa(t.Keepers))},
			{Label: i18n.T(ctx, "Requests handed on to the desk"), Value: i18n.Number(ctx, int64(t.HandedOn)), Note: i18n.T(ctx, "Within thirty days.")},
		},
	}, nil
}
