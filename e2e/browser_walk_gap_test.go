package e2e

import (
	"context"
	"fmt"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/gap"
)

// gaps has a gap that an article answers since eight weeks, and one that nobody answered.
func (w *browserWalk) gaps(ctx context.Context, tx *db.Tx, articleID int64) error {
	missing, err := db.One[int64](ctx, tx, `INSERT INTO gap (kind, ref, label, state, article_id, live_at, lately, found_at) VALUES ('topic', '1', 'printer, half pages', 'open', $1, $2, 9, $3) RETURNING id`,
		articleID, tx.Now.Add(-8*7*24*time.Hour), tx.Now)
	if err != nil {
		return err
	}
	for at := gap.Week(tx.Now) - 12; at < gap.Week(tx.Now); at++ {
		if _, err := tx.Exec(ctx, `INSERT INTO gap_week (gap_id, week, n) VALUES ($1, $2, $3)`, missing, at, at%5); err != nil {
			return err
		}
	}
	w.values["gaps/{id}"] = fmt.Sprintf("gaps/%d", missing)
	_, err = tx.Exec(ctx, `INSERT INTO gap (kind, ref, label, state, lately, found_at) VALUES ('nothing', 'badge', 'badge', 'open', 3, $1)`, tx.Now)
	return err
}
