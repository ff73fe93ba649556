package app

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/handoff"
	"goodturn/internal/mailbox"
	"goodturn/internal/ticket"
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
		Receive: func(ctx context.Context, tx *db.Tx, t ticket.Ticket, helperID int64) error {
			return a.Helping.Receive(ctx, tx, t, helperID, handoff.ByAddress)
		},
	}
}
