package app

import (
	"context"
	"time"
)

// every runs what looks for things that have become due, now and then again after each step, until ctx ends. A look must cost next to
// nothing when nothing is due: one look into an index. What fails is tried again a step later, and said once a minute at most.
func (a *App) every(step time.Duration, what string, look func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		tick := time.NewTicker(step)
		defer tick.Stop()
		var said time.Time
		for {
			if err := look(ctx); err != nil && ctx.Err() == nil && time.Since(said) > time.Minute {
				said = time.Now()
				a.Config.Log.Error("what is due could not be done", "what", what, "error", err)
			}
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
		}
	}
}
