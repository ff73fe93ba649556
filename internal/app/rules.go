package app

import (
	"context"
	"time"
)

// rulesEvery is how often the time that rules wait for is looked at.
const rulesEvery = time.Second

// sweepRules has rules act for which the time has come.
func (a *App) sweepRules(ctx context.Context) error {
	tick := time.NewTicker(rulesEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := a.Rules.Sweep(ctx); err != nil && ctx.Err() == nil {
				a.Config.Log.Error("rules about time could not act", "error", err)
			}
		}
	}
}
