package app

import (
	"context"
	"time"
)

// everySecond runs what looks for things that have become due, until ctx ends. It must cost next to nothing when nothing is: one look
// into an index. What fails is tried again a second later, and said once a minute at most.
func (a *App) everySecond(what string, look func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		var said time.Time
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
				if err := look(ctx); err != nil && ctx.Err() == nil && time.Since(said) > time.Minute {
					said = time.Now()
					a.Config.Log.Error("what is due could not be done", "what", what, "error", err)
				}
			}
		}
	}
}
