package search

import (
	"context"
	"slices"
	"strings"

	"goodturn/internal/db"
)

const (
	addSQLite     = `INSERT INTO search_index (rowid, subject, body) VALUES ($1, $2, $3)`
	removeSQLite  = `DELETE FROM search_index WHERE rowid = $1`
	selectSQLite  = `SELECT rowid FROM search_index WHERE search_index MATCH $1 AND rowid >= $2 AND rowid < $3 ORDER BY rowid DESC LIMIT $4`
	subjectSQLite = "{subject} : "

	// Upwards FTS5 begins at the lower bound. Downwards it looks for its first match before it looks at that bound: through
	// all that hold a common word, where no subject does.
	amongSQLite = `SELECT rowid FROM search_index WHERE search_index MATCH $1 AND rowid >= $2 AND rowid < $3 ORDER BY rowid`
)

// findSQLite asks FTS5 (https://sqlite.org/fts5.html) in document order: its bm25 would read every
// row that holds a word. Which of the hits have the words in the subject is a second question.
func findSQLite(ctx context.Context, tx *db.Tx, q Query, r Range) ([]Hit, error) {
	ids, err := db.All[int64](ctx, tx, selectSQLite, matchSQLite(q, false), r.From, r.To, r.most())
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	among := func(match string) ([]int64, error) {
		some, err := db.All[int64](ctx, tx, amongSQLite, match, ids[len(ids)-1], r.To)
		slices.Reverse(some)
		return some, err
	}
	inSubject, err := among(matchSQLite(q, true))
	if err != nil {
		return nil, err
	}
	exact := ids
	if q.widened() {
		if exact, err = among(matchSQLite(q.exact(), false)); err != nil {
			return nil, err
		}
	}
	hits := make([]Hit, len(ids))
	for i, id := range ids {
		inSubject, exact = from(inSubject, id), from(exact, id)
		hits[i] = Hit{ID: id, InSubject: len(inSubject) > 0 && inSubject[0] == id, Exact: len(exact) > 0 && exact[0] == id}
	}
	return hits, nil
}

// from leaves out the ids above one, of ids that go down.
func from(ids []int64, id int64) []int64 {
	for len(ids) > 0 && ids[0] > id {
		ids = ids[1:]
	}
	return ids
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
		if len(t.Also) > 0 {
			terms[i] = "(" + terms[i] + ` OR "` + strings.Join(t.Also, `" OR "`) + `")`
		}
		if subjectOnly {
			terms[i] = subjectSQLite + terms[i]
		}
	}
	return strings.Join(terms, " AND ")
}

const (
	addPlaceSQLite    = `INSERT INTO search_page_index (rowid, words) VALUES ($1, $2)`
	removePlaceSQLite = `DELETE FROM search_page_index WHERE rowid = $1`

	// Headings have an index of their own: among the words of all pages, those of headings are few.
	addHeadingSQLite    = `INSERT INTO search_heading_index (rowid, words) VALUES ($1, $2)`
	removeHeadingSQLite = `DELETE FROM search_heading_index WHERE rowid = $1`
)

func placesSQLite(n, match string, heading bool) string {
	if heading {
		return `SELECT ` + n + ` AS n, string_agg(rowid, ',') AS places FROM search_heading_index WHERE search_heading_index MATCH ` + match
	}
	return `SELECT ` + n + ` AS n, string_agg(rowid, ',') AS places FROM search_page_index WHERE search_page_index MATCH ` + match
}

// matchOf writes, in FTS5's language, that one of some sayings stands in a page.
func matchOf(any []saying) string {
	ors := make([]string, len(any))
	for i, s := range any {
		ands := make([]string, len(s))
		for j, forms := range s {
			ands[j] = `("` + strings.Join(forms, `" OR "`) + `")`
		}
		ors[i] = strings.Join(ands, " AND ")
	}
	return "(" + strings.Join(ors, ") OR (") + ")"
}
