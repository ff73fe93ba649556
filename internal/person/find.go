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
	return search.Put(ctx, tx, search.Document{ID: documentBase + id, Subject: p.Name, Body: b.String()})
}

// Find gives people whose name or address holds words that begin as those typed, newest first.
func Find(ctx context.Context, tx *db.Tx, typed string, limit int) ([]Person, error) {
	var q search.Query
	for _, w := range strings.Fields(typed) {
		q = q.With(w + "*")
	}
	hits, err := search.Find(ctx, tx, q, search.Range{From: documentBase, To: documentEnd})
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
