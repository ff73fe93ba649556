package search

import (
	"context"
	"strings"

	"goodturn/internal/db"
)

const (
	addSQLite     = `INSERT INTO search_index (rowid, subject, body) VALUES ($1, $2, $3)`
	removeSQLite  = `DELETE FROM search_index WHERE rowid = $1`
	selectSQLite  = `SELECT rowid FROM search_index WHERE search_index MATCH $1 AND rowid >= $2 AND rowid < $3 ORDER BY rowid DESC LIMIT $4`
	subjectSQLite = "{subject} : "
)

// findSQLite asks FTS5 (https://sqlite.org/fts5.html) in document order: its bm25 would read every
// row that holds a word.
func findSQLite(ctx context.Context, tx *db.Tx, q Query, r Range, subjectOnly bool) ([]int64, error) {
	return db.All[int64](ctx, tx, selectSQLite, matchSQLite(q, subjectOnly), r.From, r.To, MaxHits)
}

// matchSQLite writes the query in FTS5's language. Words hold letters and digits only, so quoting
// them is enough.
func matchSQLite(q Query, subjectOnly bool) string {
	terms := make([]string, len(q.Terms))
	for i, t := range q.Terms {
		terms[i] = `"` + strings.Join(t.Words, " ") + `"`
		if t.Prefix {
			terms[i] += " *"
		}
		if subjectOnly {
			terms[i] = subjectSQLite + terms[i]
		}
	}
	return strings.Join(terms, " AND ")
}
