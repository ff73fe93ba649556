package app

import (
	"context"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/ticket"
)

const foldEvery = 5 * time.Second

// foldCounts keeps the differences few of which the counts of lists are the sum.
func (a *App) foldCounts(ctx context.Context) error {
	tick := time.NewTicker(foldEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := a.foldAll(ctx); err != nil && ctx.Err() == nil {
				a.Config.Log.Error("the counts of lists could not be folded", "error", err)
			}
		}
	}
}

func (a *App) foldAll(ctx context.Context) error {
	for again := true; again; {
		due := false
		err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
			due, err = ticket.TallyDue(ctx, tx)
			return err
		})
		if err != nil || !due {
			return err
		}
		if err := a.DB.Write(ctx, func(tx *db.Tx) (err error) {
			again, err = ticket.FoldTally(ctx, tx)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}
