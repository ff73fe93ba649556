package search

import (
	"context"

	"goodturn/internal/db"
)

// Documents gives the ids of the newest documents that match, newest first, at most limit; subject says that the words must
// stand in the subject. An empty query matches nothing.
func Documents(ctx context.Context, tx *db.Tx, q Query, r Range, subject bool, limit int) ([]int64, error) {
	if q.Empty() {
		return nil, nil
	}
	if err := tx.Settle(); err != nil {
		return nil, err
	}
	if tx.Engine() == db.Postgres {
		if _, err := tx.Exec(ctx, planPostgres); err != nil {
			return nil, err
		}
		return db.All[int64](ctx, tx, documentsPostgres, matchPostgres(q, subject), r.From, r.To, limit)
	}
	return db.All[int64](ctx, tx, selectSQLite, matchSQLite(q, subject), r.From, r.To, limit)
}

const documentsPostgres = `SELECT id FROM search_index WHERE words @@ to_tsquery('simple', $1) AND id >= $2 AND id < $3 ORDER BY id DESC LIMIT $4`

// Matching is a condition for one of the documents from ≤ id < to to match, where from and to are SQL. It is meant for few
// documents a row: each is looked at by its id.
func Matching(tx *db.Tx, q Query, subject bool, from, to string, args *db.Args) string {
	switch {
	case q.Empty():
		return "FALSE"
	case tx.Engine() == db.Postgres:
		// coalesce keeps the planner from gathering, for every row anew, all documents that hold the words.
		return `EXISTS (SELECT 1 FROM search_index s WHERE s.id >= ` + from + ` AND s.id < ` + to + ` AND coalesce(s.words) @@ to_tsquery('simple', ` + args.Add(matchPostgres(q, subject)) + `))`
	}
	return `EXISTS (SELECT 1 FROM search_index WHERE search_index MATCH ` + args.Add(matchSQLite(q, subject)) + ` AND rowid >= ` + from + ` AND rowid < ` + to + `)`
}
