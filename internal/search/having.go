package search

import (
	"context"

	"goodturn/internal/db"
)

// Having gives the newest documents that hold a word itself, at most so many, newest first.
func Having(ctx context.Context, tx *db.Tx, word string, r Range, most int) ([]int64, error) {
	if err := tx.Settle(); err != nil {
		return nil, err
	}
	q := Query{Terms: []Term{{Words: []string{word}}}}
	if tx.Engine() == db.Postgres {
		if _, err := tx.Exec(ctx, planPostgres); err != nil {
			return nil, err
		}
		return db.All[int64](ctx, tx, havingPostgres, matchPostgres(q, false), r.From, r.To, most)
	}
	return db.All[int64](ctx, tx, selectSQLite, matchSQLite(q, false), r.From, r.To, most)
}

const havingPostgres = `SELECT id FROM search_index WHERE words @@ to_tsquery('simple', $1) AND id >= $2 AND id < $3 ORDER BY id DESC LIMIT $4`
