// Package search keeps an index of documents and finds them by words.
//
// It knows no help desk: a document is an id, a subject and a body. Ids order documents by age, so
// that the newest hits are found first without looking at the rest, and collections are ranges of ids.
// Text is cut into words here (Words), in the same way for both engines, which then match exact words;
// the index keeps no text. What else a word may mean, its other forms and what it may be misspelled for, is
// asked of a vocabulary (Expand), which is learned after the documents were written (Vocabulary). The index is written in the caller's transaction.
//
//	err := search.Put(ctx, tx, search.Document{ID: 1042 << 12, Subject: "Printer", Body: "prints half pages"})
//	hits, err := search.Find(ctx, tx, search.Parse(`printer "half pages"`), search.Range{To: math.MaxInt64})
package search

import (
	"context"
	"fmt"

	"goodturn/internal/db"
)

// Document is what can be found. Putting one with the same ID again replaces it.
type Document struct {
	ID      int64
	Subject string
	Body    string
}

// Hit is a document that matches all that was asked.
type Hit struct {
	ID        int64
	InSubject bool // the words were all found in the subject
	Exact     bool // the words themselves were found, not only those that the query was widened by
}

// Range bounds the ids looked at: From ≤ id < To. Most bounds how many hits are given; 0 is MaxHits.
type Range struct {
	From, To int64
	Most     int
}

func (r Range) most() int {
	if r.Most <= 0 {
		return MaxHits
	}
	return min(r.Most, MaxHits)
}

// MaxHits is how many of the newest hits Find gives. Asking for more costs time that a person feels
// and shows nothing that they would read.
const MaxHits = 1000

// Bodies are indexed up to this many bytes; PostgreSQL holds at most 1 MiB of words a document.
const maxBody = 200_000

// Put adds or replaces a document.
func Put(ctx context.Context, tx *db.Tx, d Document) error {
	if err := Remove(ctx, tx, d.ID); err != nil {
		return err
	}
	return Add(ctx, tx, d)
}

// Add adds a document whose ID is known to be new; it is quicker than Put.
func Add(ctx context.Context, tx *db.Tx, d Document) error {
	text := addSQLite
	if tx.Engine() == db.Postgres {
		text = addPostgres
	}
	// The index is written last: FTS5 flushes what it has gathered whenever another statement needs a
	// state to go back to, and a message costs a fifth more.
	words := make(chan [2]string, 1)
	go func() { words <- [2]string{joined(d.Subject), joined(d.Body)} }() // on another core, while the transaction goes on
	tx.BeforeCommit(func() error {
		w := <-words
		if _, err := tx.Exec(ctx, text, d.ID, w[0], w[1]); err != nil {
			return fmt.Errorf("index document %d: %w", d.ID, err)
		}
		return nil
	})
	return nil
}

// Remove takes a document out; one that is not there is no error.
func Remove(ctx context.Context, tx *db.Tx, id int64) error {
	text := removeSQLite
	if tx.Engine() == db.Postgres {
		text = removePostgres
	}
	tx.BeforeCommit(func() error {
		if _, err := tx.Exec(ctx, text, id); err != nil {
			return fmt.Errorf("remove document %d from the index: %w", id, err)
		}
		return nil
	})
	return nil
}

// Find gives the newest documents that match, at most MaxHits, newest first. An empty query matches
// nothing.
func Find(ctx context.Context, tx *db.Tx, q Query, r Range) ([]Hit, error) {
	if q.Empty() {
		return nil, nil
	}
	if err := tx.Settle(); err != nil {
		return nil, err
	}
	if tx.Engine() == db.Postgres {
		return findPostgres(ctx, tx, q, r)
	}
	return findSQLite(ctx, tx, q, r)
}
