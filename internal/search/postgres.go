package search

import (
	"context"
	"strings"

	"goodturn/internal/db"
)

const (
	addPostgres = `INSERT INTO search_index (id, words)
		VALUES ($1, setweight(to_tsvector('simple', $2), 'A') || setweight(to_tsvector('simple', $3), 'B'))`
	removePostgres = `DELETE FROM search_index WHERE id = $1`
	selectPostgres = `SELECT id, words @@ to_tsquery('simple', $5) AS in_subject, words @@ to_tsquery('simple', $6) AS exact FROM search_index
		WHERE words @@ to_tsquery('simple', $1) AND id >= $2 AND id < $3 ORDER BY id DESC LIMIT $4`
	// A plan that fits a rare word (the index) is a hundred times too slow for a common one (newest first),
	// and the other way round: each search is planned for its own words.
	planPostgres = `SET LOCAL plan_cache_mode = force_custom_plan`
)

func findPostgres(ctx context.Context, tx *db.Tx, q Query, r Range) ([]Hit, error) {
	if _, err := tx.Exec(ctx, planPostgres); err != nil {
		return nil, err
	}
	return db.All[Hit](ctx, tx, selectPostgres, matchPostgres(q, false), r.From, r.To, r.most(), matchPostgres(q, true), matchPostgres(q.exact(), false))
}

// matchPostgres writes the query as a tsquery. Words hold letters and digits only.
func matchPostgres(q Query, subjectOnly bool) string {
	terms := make([]string, len(q.Terms))
	for i, t := range q.Terms {
		words := make([]string, len(t.Words))
		for j, w := range t.Words {
			label := ""
			if t.Prefix && j == len(t.Words)-1 {
				label = "*"
			}
			if subjectOnly {
				label += "A"
			}
			words[j] = w
			if label != "" {
				words[j] += ":" + label
			}
		}
		terms[i] = "(" + strings.Join(words, " <-> ")
		for _, w := range t.Also {
			if subjectOnly {
				w = strings.ReplaceAll(w, " ", ":A ") + ":A"
			}
			terms[i] += " | (" + strings.ReplaceAll(w, " ", " <-> ") + ")"
		}
		terms[i] += ")"
	}
	return strings.Join(terms, " & ")
}

const (
	addPlacePostgres    = `INSERT INTO search_place (place, in_heading, anywhere) VALUES ($1, strip(to_tsvector('simple', $2)), strip(to_tsvector('simple', $3)))`
	removePlacePostgres = `DELETE FROM search_place WHERE place = $1`

	// Without its index a list of places costs reading the words of all pages, which the planner takes for cheap: they lie aside.
	byIndexPostgres = `SELECT set_config('plan_cache_mode', 'force_custom_plan', TRUE), set_config('enable_seqscan', 'off', TRUE), set_config('enable_indexscan', 'off', TRUE)`
	asUsualPostgres = `SELECT set_config('enable_seqscan', 'on', TRUE), set_config('enable_indexscan', 'on', TRUE)`
)

func placesPostgres(n, match string, heading bool) string {
	column := "anywhere"
	if heading {
		column = "in_heading"
	}
	return `SELECT ` + n + ` AS n, string_agg(int8send(place), '') AS places FROM search_place WHERE ` + column + ` @@ to_tsquery('simple', ` + match + `)`
}

// tsqueryOf writes that one of some sayings stands in a page.
func tsqueryOf(any []saying) string {
	ors := make([]string, len(any))
	for i, s := range any {
		ands := make([]string, len(s))
		for j, forms := range s {
			ands[j] = "(" + strings.Join(forms, " | ") + ")"
		}
		ors[i] = strings.Join(ands, " & ")
	}
	return "(" + strings.Join(ors, ") | (") + ")"
}
