package person

import (
	"context"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/search"
)

// People share the search index with tickets; their documents lie above all of these.
const (
	documentBase = int64(2) << 60
	documentEnd  = documentBase + 1<<59
)

// index puts a person into the search index under name and addresses.
func index(ctx context.Context, tx *db.Tx, id int64) error {
	p, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	if p.MergedInto != 0 {
		return search.Remove(ctx, tx, documentBase+id)
	}
	addresses, err := Addresses(ctx, tx, id)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, a := range addresses {
		b.WriteString(a.Address + " ")
	}
	if err := search.Learn(ctx, tx, search.Lesson{Scope: words, Text: p.Name + " " + b.String()}); err != nil {
		return err
	}
	return search.Put(ctx, tx, search.Document{ID: documentBase + id, Subject: p.Name, Body: b.String()})
}

// LearnNames has the vocabulary know some of the people who were there before it was.
func LearnNames(ctx context.Context, tx *db.Tx) error {
	type row struct {
		ID   int64
		Name string
	}
	all, err := db.All[row](ctx, tx, `SELECT id, name FROM person WHERE id <= (SELECT position FROM search_learned WHERE name = 'person') ORDER BY id DESC LIMIT 50`)
	if err != nil || len(all) == 0 {
		return err
	}
	for _, p := range all {
		addresses, err := Addresses(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		for _, a := range addresses {
			p.Name += " " + a.Address
		}
		if err := search.Learn(ctx, tx, search.Lesson{Scope: words, Text: p.Name}); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE search_learned SET position = $1 WHERE name = 'person'`, all[len(all)-1].ID-1)
	return err
}

// words is the scope in the vocabulary of what people are called: staff may look up everybody.
const words = -1

// Find gives people whose name or address holds words that begin as those typed, newest first. Where there is nobody, those
// are given whose name is spelled nearly so.
func Find(ctx context.Context, tx *db.Tx, typed string, limit int) ([]Person, error) {
	var q search.Query
	for _, w := range search.Words(typed) { // word by word: an address that is half typed is no phrase
		q = q.With(w)
	}
	wish := search.Wish{Scopes: []int64{words}, Beginnings: true, Complete: true}
	hits, err := findWords(ctx, tx, q, wish)
	if err == nil && len(hits) == 0 {
		wish.Near = true
		hits, err = findWords(ctx, tx, q, wish)
	}
	if err != nil || len(hits) == 0 {
		return nil, err
	}
	ids := make([]int64, 0, limit)
	for _, h := range hits {
		if len(ids) < limit {
			ids = append(ids, h.ID-documentBase)
		}
	}
	var args db.Args
	return db.All[Person](ctx, tx, `SELECT `+personColumns+` FROM person p LEFT JOIN person_address a ON a.person_id = p.id AND a.first
		WHERE p.id IN (`+db.List(&args, ids)+`) ORDER BY p.id DESC`, args...)
}

func findWords(ctx context.Context, tx *db.Tx, q search.Query, w search.Wish) ([]search.Hit, error) {
	q, err := search.Expand(ctx, tx, q, w)
	if err != nil {
		return nil, err
	}
	return search.Find(ctx, tx, q, search.Range{From: documentBase, To: documentEnd})
}

// Staff lists everybody who may be assigned a ticket, by name.
func Staff(ctx context.Context, tx *db.Tx) ([]Person, error) {
	return db.All[Person](ctx, tx, `SELECT `+personColumns+` FROM person p LEFT JOIN person_address a ON a.person_id = p.id AND a.first
		WHERE p.role IN ('agent', 'lead', 'administrator') AND p.active AND p.merged_into IS NULL ORDER BY p.name, p.id`)
}

// List gives people by id, newest first, after a cursor (0 for the start).
func List(ctx context.Context, tx *db.Tx, before int64, limit int) ([]Person, error) {
	if before == 0 {
		before = documentBase
	}
	return db.All[Person](ctx, tx, `SELECT `+personColumns+` FROM person p LEFT JOIN person_address a ON a.person_id = p.id AND a.first
		WHERE p.id < $1 AND p.merged_into IS NULL ORDER BY p.id DESC LIMIT $2`, before, limit)
}

// ListRole is List for those of one role.
func ListRole(ctx context.Context, tx *db.Tx, r Role, before int64, limit int) ([]Person, error) {
	if before == 0 {
		before = documentBase
	}
	return db.All[Person](ctx, tx, `SELECT `+personColumns+` FROM person p LEFT JOIN person_address a ON a.person_id = p.id AND a.first
		WHERE p.role = $1 AND p.id < $2 AND p.merged_into IS NULL ORDER BY p.id DESC LIMIT $3`, r, before, limit)
}

// Names gives the names of people by id; who is not known is left out.
func Names(ctx context.Context, tx *db.Tx, ids []int64) (map[int64]string, error) {
	type row struct {
		ID   int64
		Name string
	}
	var args db.Args
	rows, err := db.All[row](ctx, tx, `SELECT id, name FROM person WHERE id IN (`+db.List(&args, ids)+`)`, args...)
	names := make(map[int64]string, len(rows))
	for _, r := range rows {
		names[r.ID] = r.Name
	}
	return names, err
}
