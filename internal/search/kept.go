package search

import (
	"context"
	"sync"

	"goodturn/internal/db"
	"goodturn/internal/secret"
)

// Where common words stand is the dearest part of a question, and nearly every question asks for some. Their lists are kept in memory for
// as long as no page has changed.
const (
	commonFrom = 200     // pages that hold a word which is worth keeping
	mostKept   = 2 << 20 // places in all, of eight bytes each
)

// kept are lists of places, of one edition of one index. The zero value is empty.
type kept struct {
	mu      sync.Mutex
	edition string
	lists   map[string][]int64
	places  int
}

// common keeps the lists of the index that was asked last. A program has one; several in one process only forget each other's.
var common kept

// get gives a list that was kept. It is shared: nobody changes it.
func (k *kept) get(edition, match string) ([]int64, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.edition != edition {
		return nil, false
	}
	list, ok := k.lists[match]
	return list, ok
}

// put keeps a list; when there is no room, all are forgotten. Lists of the edition "" are of an index that nothing names.
func (k *kept) put(edition, match string, list []int64) {
	if edition == "" || len(list) < commonFrom || len(list) > mostKept {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.edition != edition || k.places+len(list) > mostKept {
		k.edition, k.lists, k.places = edition, map[string][]int64{}, 0
	}
	if _, known := k.lists[match]; !known {
		k.lists[match] = list
		k.places += len(list)
	}
}

// editionOf names the state of the index as the transaction sees it; "" when no page was put in since there are names.
func editionOf(ctx context.Context, tx *db.Tx) (string, error) {
	all, err := db.All[string](ctx, tx, `SELECT edition FROM search_edition WHERE id = 1`)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0], nil
}

// newEdition says that the index is another from now on. The name is one that no index ever had: a change that is rolled back takes its
// name with it.
func newEdition(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `INSERT INTO search_edition (id, edition) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET edition = excluded.edition`, secret.Token())
	return err
}
