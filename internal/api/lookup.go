package api

import (
	"context"
	"slices"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

// who is a person as lists and timelines name them.
type who struct {
	ID      int64
	Name    string
	Address string
}

// peopleByID names people.
func peopleByID(ctx context.Context, tx *db.Tx, ids []int64) (map[int64]who, error) {
	ids = padded(ids)
	if len(ids) == 0 {
		return nil, nil
	}
	var args db.Args
	rows, err := db.All[who](ctx, tx, `SELECT p.id, p.name, coalesce(a.address, '') AS address FROM person p
		LEFT JOIN person_address a ON a.person_id = p.id AND a.first WHERE p.id IN (`+db.List(&args, ids)+`)`, args...)
	out := make(map[int64]who, len(rows))
	for _, r := range rows {
		out[r.ID] = r
	}
	return out, err
}

// padded drops doubles and zeros and repeats the last id up to a power of two, so that a statement with
// IN (…) has a dozen forms to prepare and not hundreds.
func padded(ids []int64) []int64 {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) > 0 && ids[0] == 0 {
		ids = ids[1:]
	}
	size := 1
	for size < len(ids) {
		size *= 2
	}
	for n := len(ids); n > 0 && n < size; n++ {
		ids = append(ids, ids[n-1])
	}
	return ids
}

// teamsByID gives the short names of the teams that the actor may know of.
func teamsByID(ctx context.Context, tx *db.Tx, a person.Actor) (map[int64]string, error) {
	teams, err := person.VisibleTeams(ctx, tx, a)
	out := make(map[int64]string, len(teams))
	for _, t := range teams {
		out[t.ID] = t.Slug
	}
	return out, err
}
