package app

import (
	"context"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/notice"
	"goodturn/internal/ticket"
)

// routeEvery is how late something may be that routing waits for: an absence that begins, an offer that goes to the next.
const routeEvery = 5 * time.Second

// route does what is due of giving tickets to people.
func (a *App) route(ctx context.Context) error {
	tick := time.NewTicker(routeEvery)
	defer tick.Stop()
	for {
		if err := a.Router.Sweep(ctx); err != nil && ctx.Err() == nil {
			a.Config.Log.Error("tickets could not be routed", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// tell tells somebody of a ticket that routing has for them.
func (a *App) tell(kind notice.Kind) func(context.Context, *db.Tx, ticket.Ticket, int64) error {
	return func(ctx context.Context, tx *db.Tx, t ticket.Ticket, to int64) error {
		return a.Notices.Tell(ctx, tx, t, []int64{to}, kind, "")
	}
}
