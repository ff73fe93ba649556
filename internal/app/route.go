package app

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/notice"
	"goodturn/internal/ticket"
)

// tell tells somebody of a ticket that routing has for them.
func (a *App) tell(kind notice.Kind) func(context.Context, *db.Tx, ticket.Ticket, int64) error {
	return func(ctx context.Context, tx *db.Tx, t ticket.Ticket, to int64) error {
		return a.Notices.Tell(ctx, tx, t, []int64{to}, kind, "")
	}
}
