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
// row that holds a word. Which of the hits have the words in the subject is a second question.
func findSQLite(ctx context.Context, tx *db.Tx, q Query, r Range) ([]Hit, error) {
	ids, err := db.All[int64](ctx, tx, selectSQLite, matchSQLite(q, false), r.From, r.To, MaxHits)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	inSubject, err := db.All[int64](ctx, tx, selectSQLite, matchSQLite(q, true), max(r.From, ids[len(ids)-1]), r.To, MaxHits)
	if err != nil {
		return nil, err
	}
	hits, next := make([]Hit, len(ids)), 0
	for i, id := range ids {
		for next < len(inSubject) && inSubject[next] > id {
			next++
		}
		hits[i] = Hit{ID: id, InSubject: next < len(inSubject) && inSubject[next] == id}
	}
	return hits, nil
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
