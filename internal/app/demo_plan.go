package app

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/proposal"
)

// wishes has some of the first line say when they like to work, and the desk say what it is reckoned with.
func (f *demoFiller) wishes(ctx context.Context, tx *db.Tx) error {
	for key, w := range map[string]proposal.Wishes{
		"jonas": {"evening": -3, "friday": 1}, "ines": {"morning": 3}, "tiago": {"evening": 3, "monday": -1}, "marcus": {"saturday": 1},
	} {
		if err := proposal.SaveWishes(ctx, tx, f.people[key], w); err != nil {
			return err
		}
	}
	return proposal.SaveNeed(ctx, tx, f.people["stefan"], proposal.Need{TeamID: f.teams["first-line"], Share: 90, WithinMinutes: 60, PerHour: 150, Least: 1})
}
