package desk

import (
	"context"
	"slices"
	"strconv"

	"goodturn/internal/db"
)

// names are the names of people by id.
type names struct {
	byID map[int64]string
	// twice are first names that two of them share.
	twice map[string]bool
}

// loadNames gives the names of people; ids may hold 0 and repeat.
func loadNames(ctx context.Context, tx *db.Tx, ids []int64) (names, error) {
	n := names{byID: map[int64]string{}, twice: map[string]bool{}}
	ids = slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(ids))), func(id int64) bool { return id == 0 })
	if len(ids) == 0 {
		return n, nil
	}
	// The statement is kept prepared by its text: few lengths make few texts.
	for len(ids)%8 != 0 {
		ids = append(ids, ids[0])
	}
	type row struct {
		ID   int64
		Name string
	}
	var args db.Args
	rows, err := db.All[row](ctx, tx, `SELECT id, name FROM person WHERE id IN (`+db.List(&args, ids)+`)`, args...)
	if err != nil {
		return n, err
	}
	first := map[string]bool{}
	for _, r := range rows {
		n.byID[r.ID] = r.Name
		if f := firstName(r.Name); first[f] {
			n.twice[f] = true
		} else {
			first[f] = true
		}
	}
	return n, nil
}

// full is a whole name, or other for nobody.
func (n names) full(id int64, other string) string { return orElse(n.byID[id], other) }

// short is the first name where that says who it is, or other for nobody.
func (n names) short(id int64, other string) string {
	name := n.byID[id]
	if first := firstName(name); first != "" && !n.twice[first] {
		return first
	}
	return orElse(name, other)
}

// idOf reads an id as the spine holds it; 0 for none.
func idOf(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}
