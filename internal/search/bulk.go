package search

import (
	"context"
	"strings"

	"goodturn/internal/db"
)

// AddMany adds documents whose IDs are known to be new, with few round trips.
func AddMany(ctx context.Context, tx *db.Tx, docs []Document) error {
	if tx.Engine() == db.SQLite {
		for _, d := range docs {
			if err := Add(ctx, tx, d); err != nil {
				return err
			}
		}
		return nil
	}
	for len(docs) > 0 {
		n := min(len(docs), 50)
		if n < 50 {
			n = 1
		}
		var args db.Args
		values := make([]string, n)
		for i, d := range docs[:n] {
			values[i] = "(" + args.Add(d.ID) + ", setweight(to_tsvector('simple', " + args.Add(joined(d.Subject)) + "), 'A') || setweight(to_tsvector('simple', " + args.Add(joined(d.Body)) + "), 'B'))"
		}
		if _, err := tx.Exec(ctx, "INSERT INTO search_index (id, words) VALUES "+strings.Join(values, ", "), args...); err != nil {
			return err
		}
		docs = docs[n:]
	}
	return nil
}

// joined is text as the index takes it: its words, with spaces between.
func joined(text string) string {
	if len(text) > maxBody {
		text = text[:maxBody]
	}
	return strings.Join(Words(text), " ")
}
