package routing

import (
	"context"
	"errors"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
)

// LongCall is how long somebody in a long call is given nothing, unless they end it before.
const LongCall = time.Hour

// BeginCall has nothing given to somebody for LongCall from now on. What they have stays theirs, and what comes waits or goes to others.
func BeginCall(ctx context.Context, tx *db.Tx, personID int64) error {
	return Hold(ctx, tx, personID, LongCall)
}

// Hold is the same for as long as is said, for whoever is in no call but wants nothing new for a while.
func Hold(ctx context.Context, tx *db.Tx, personID int64, d time.Duration) error {
	_, err := tx.Exec(ctx, `INSERT INTO helper (id, hold_until) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET hold_until = excluded.hold_until`, personID, tx.Now.Add(d))
	tx.Signal(Signal, personID)
	return err
}

// EndCall has things given to somebody again.
func (r *Router) EndCall(ctx context.Context, tx *db.Tx, personID int64) error {
	if _, err := tx.Exec(ctx, `UPDATE helper SET hold_until = 0 WHERE id = $1`, personID); err != nil {
		return err
	}
	tx.Signal(Signal, personID)
	return r.freed(ctx, tx, personID)
}

// CallUntil is until when somebody is in a long call, 0 for not.
func CallUntil(ctx context.Context, tx *db.Tx, personID int64) (clock.Instant, error) {
	at, err := db.One[clock.Instant](ctx, tx, `SELECT hold_until FROM helper WHERE id = $1 AND hold_until > $2`, personID, tx.Now)
	if errors.Is(err, db.ErrNoRow) {
		return 0, nil
	}
	return at, err
}
