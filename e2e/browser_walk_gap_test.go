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
	missing, err := db.One[int64](ctx, tx, `INSERT INTO gap (kind, ref, label, state, article_id, live_at, lately, found_at) VALUES ('topic', '999', 'printer, half pages', 'open', $1, $2, 9, $3) RETURNING id`,
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
	for i, chapter := range []string{"asked", "ordered", "learned"} { // and a primer of them
		if _, err := tx.Exec(ctx, `INSERT INTO primer_entry (ref, chapter, title, text, language, often, pinned, left_out, place, found) VALUES ($1, $2, 'Half pages', 'Set the slider to A4.', 'en', 9, $3, $4, 0, TRUE)`,
			fmt.Sprintf("topic:%d", 900+i), chapter, i == 0, i == 2); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO gap (kind, ref, label, state, lately, found_at) VALUES ('nothing', 'badge', 'badge', 'open', 3, $1)`, tx.Now)
	return err
}
