package routing

import (
	"context"
	"errors"

	"goodturn/internal/db"
)

const sweepChunk = 100

// Sweep does what is due: absences that begin, piles that are to be looked at again, offers that go to the next. It reads three indexes
// and, when nothing is due, writes nothing. One that fails keeps no other.
func (r *Router) Sweep(ctx context.Context) error {
	var absences, teams, offers []int64
	err := r.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if absences, err = db.All[int64](ctx, tx, `SELECT id FROM absence WHERE begun_at = 0 AND from_at <= $1 ORDER BY from_at, id LIMIT $2`, tx.Now, sweepChunk); err != nil {
			return err
		}
		if teams, err = db.All[int64](ctx, tx, `SELECT id FROM team_sharing WHERE again_at > 0 AND again_at <= $1 ORDER BY again_at, id LIMIT $2`, tx.Now, sweepChunk); err != nil {
			return err
		}
		offers, err = db.All[int64](ctx, tx, `SELECT ticket_id FROM unclaimed WHERE next_at > 0 AND next_at <= $1 ORDER BY next_at, ticket_id LIMIT $2`, tx.Now, sweepChunk)
		return err
	})
	if err != nil {
		return err
	}
	for _, due := range []struct {
		ids []int64
		do  func(context.Context, int64) error
	}{{absences, r.begin}, {teams, r.drain}, {offers, r.offerNext}} {
		for _, id := range due.ids {
			err = errors.Join(err, due.do(ctx, id))
		}
	}
	return err
}
