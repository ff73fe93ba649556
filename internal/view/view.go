// Package view keeps lists under names: a filter, and how the list is shown.
//
// A view belongs to whoever made it. A shared one is seen by everybody at the desk, and changed by its owner and by leads; what
// it shows is still what each of them may see, and "me" in its filter is whoever looks. Invariants: a name and a filter that
// can be understood when it is saved (one that is not understood any more, because a field went, says so where it is shown);
// a view that was removed can be brought back for thirty days; each person has an order of their own.
//
//	v, err := view.Save(ctx, tx, actor, view.View{Name: "Floor 3 move", Filter: "tag:move status:unsolved", Shared: true})
package view

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// View is a list under a name.
type View struct {
	ID        int64
	OwnerID   int64
	Owner     string // name
	Name      string
	Shared    bool
	Filter    string // in the language of package filter
	Place     string // how it is shown, as the query of an address: sort, group, cols, density
	UpdatedAt clock.Instant
}

// Limits of a view.
const (
	MaxName   = 80   // runes
	MaxFilter = 2000 // bytes
	maxPlace  = 500  // bytes
	maxOwn    = 200  // views of one person
)

// orderPreference is the preference that holds the order of somebody's views: their numbers, with commas.
const orderPreference = "views"

const columns = `v.id, v.owner_id, p.name AS owner, v.name, v.shared, v.filter, v.place, v.updated_at`

// Thing is the view as the permission check sees it.
func (v View) Thing() person.Thing { return person.Thing{OwnerID: v.OwnerID, Shared: v.Shared} }

// All lists the views that somebody has: their own and the shared ones, in the order that they chose, those they have not
// placed after the others, by name.
func All(ctx context.Context, tx *db.Tx, a person.Actor, preferences map[string]string) ([]View, error) {
	rows, err := db.All[View](ctx, tx, `SELECT `+columns+` FROM saved_view v JOIN person p ON p.id = v.owner_id WHERE v.removed_at = 0 AND (v.owner_id = $1 OR v.shared) ORDER BY v.name, v.id`, a.ID)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]View, len(rows))
	for _, v := range rows {
		if person.Can(a, person.SeeView, v.Thing()) {
			byID[v.ID] = v
		}
	}
	out := make([]View, 0, len(rows))
	take := func(id int64) {
		if v, ok := byID[id]; ok {
			out = append(out, v)
			delete(byID, id)
		}
	}
	for _, id := range readOrder(preferences[orderPreference]) {
		take(id)
	}
	for _, v := range rows {
		take(v.ID)
	}
	return out, nil
}

// Get gives a view that the actor may see. One that they may not see is not found.
func Get(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (View, error) {
	return get(ctx, tx, a, id, `v.removed_at = 0`)
}

func get(ctx context.Context, tx *db.Tx, a person.Actor, id int64, and string) (View, error) {
	v, err := db.One[View](ctx, tx, `SELECT `+columns+` FROM saved_view v JOIN person p ON p.id = v.owner_id WHERE v.id = $1 AND `+and, id)
	if errors.Is(err, db.ErrNoRow) || err == nil && !person.Can(a, person.SeeView, v.Thing()) {
		return View{}, fault.NotFound(i18n.M("There is no such view any more."))
	}
	return v, err
}

// Save adds a view of the actor's own. What is wrong with it is fault.Invalid by field: name, filter.
func Save(ctx context.Context, tx *db.Tx, a person.Actor, v View) (View, error) {
	v.OwnerID, v.Owner = a.ID, a.Name
	if !person.Can(a, person.ChangeView, v.Thing()) {
		return v, fault.Denied(i18n.M("This token may only look."))
	}
	if err := v.check(ctx, tx, a); err != nil {
		return v, err
	}
	n, err := db.One[int](ctx, tx, `SELECT count(*) FROM saved_view WHERE owner_id = $1 AND removed_at = 0`, a.ID)
	if err != nil {
		return v, err
	}
	if n >= maxOwn {
		return v, fault.Invalid(fault.F("name", i18n.M("You have {{.Count}} views, which is as many as can be. Remove one first.", "Count", n)))
	}
	v.UpdatedAt = tx.Now
	v.ID, err = db.One[int64](ctx, tx, `INSERT INTO saved_view (owner_id, name, shared, filter, place, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING id`,
		v.OwnerID, v.Name, v.Shared, v.Filter, v.Place, tx.Now)
	return v, err
}

// Edit changes a view: its name, filter, place and whether it is shared. v.UpdatedAt is that of the view as it was shown;
// when somebody changed it meanwhile, nothing is changed and the error is fault.KindConflict.
func Edit(ctx context.Context, tx *db.Tx, a person.Actor, v View) error {
	now, err := take(ctx, tx, a, v.ID, `v.removed_at = 0`)
	if err != nil {
		return err
	}
	if err := v.check(ctx, tx, a); err != nil {
		return err
	}
	if now.UpdatedAt != v.UpdatedAt {
		return fault.Conflict(i18n.M("Somebody changed this view meanwhile: it is “{{.Name}}” with the filter {{.Filter}} now. Save again to have yours instead.", "Name", now.Name, "Filter", now.Filter))
	}
	_, err = tx.Exec(ctx, `UPDATE saved_view SET name = $2, shared = $3, filter = $4, place = $5, updated_at = $6 WHERE id = $1`, v.ID, v.Name, v.Shared, v.Filter, v.Place, max(tx.Now, now.UpdatedAt+1))
	return err
}

// Remove takes a view away; Restore brings it back. What is so already stays so, for a form may be sent twice.
func Remove(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (View, error) {
	v, err := take(ctx, tx, a, id, `TRUE`)
	if err == nil {
		_, err = tx.Exec(ctx, `UPDATE saved_view SET removed_at = $2 WHERE id = $1 AND removed_at = 0`, id, tx.Now)
	}
	return v, err
}

// Restore brings back a view that was removed.
func Restore(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (View, error) {
	v, err := take(ctx, tx, a, id, `TRUE`)
	if err == nil {
		_, err = tx.Exec(ctx, `UPDATE saved_view SET removed_at = 0 WHERE id = $1`, id)
	}
	return v, err
}

// keptFor is how long a removed view can be brought back.
const keptFor = 30 * 24 * time.Hour

// Sweep forgets views that were removed long ago.
func Sweep(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM saved_view WHERE removed_at <> 0 AND removed_at < $1`, tx.Now.Add(-keptFor))
	return err
}

// Place puts a view so many steps further up (less than 0) or down in the actor's own order.
func Place(ctx context.Context, tx *db.Tx, a person.Actor, id int64, steps int) error {
	chose, err := person.Preferences(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	all, err := All(ctx, tx, a, chose)
	if err != nil {
		return err
	}
	var order []string
	at := -1
	for i, v := range all {
		order = append(order, strconv.FormatInt(v.ID, 10))
		if v.ID == id {
			at = i
		}
	}
	if at < 0 {
		return fault.NotFound(i18n.M("There is no such view any more."))
	}
	to := min(max(at+steps, 0), len(order)-1)
	moved := order[at]
	order = append(order[:at], order[at+1:]...)
	order = append(order[:to], append([]string{moved}, order[to:]...)...)
	text := strings.Join(order, ",")
	for len(text) > person.MaxPreference {
		text = text[:strings.LastIndexByte(text, ',')]
	}
	return person.SetPreference(ctx, tx, a.ID, orderPreference, text)
}

// take locks and loads a view that the actor may change.
func take(ctx context.Context, tx *db.Tx, a person.Actor, id int64, and string) (View, error) {
	if err := tx.Lock(ctx, "saved_view", id); err != nil {
		return View{}, err
	}
	v, err := get(ctx, tx, a, id, and)
	if err == nil && !person.Can(a, person.ChangeView, v.Thing()) {
		err = fault.Denied(i18n.M("This view belongs to {{.Name}}. They can change it, and so can whoever leads; you can save one of your own.", "Name", v.Owner))
	}
	return v, err
}

// check cleans a view and says what is wrong with it.
func (v *View) check(ctx context.Context, tx *db.Tx, a person.Actor) error {
	v.Name, v.Filter = strings.Join(strings.Fields(v.Name), " "), strings.TrimSpace(v.Filter)
	var wrong []fault.Field
	if n := []rune(v.Name); len(n) == 0 {
		wrong = append(wrong, fault.F("name", i18n.M("Please give the view a name.")))
	} else if len(n) > MaxName {
		wrong = append(wrong, fault.F("name", i18n.M("A name has at most {{.Count}} characters; this one has {{.Has}}.", "Count", MaxName, "Has", len(n))))
	}
	if len(v.Filter) > MaxFilter {
		wrong = append(wrong, fault.F("filter", i18n.M("This filter is longer than can be kept.")))
	} else if err := ticket.CheckFilter(ctx, tx, a, v.Filter); err != nil {
		f, ok := fault.Of(err)
		if !ok {
			return err
		}
		for _, field := range f.Fields {
			wrong = append(wrong, fault.Field{Name: "filter", Message: field.Message})
		}
	}
	if len(v.Place) > maxPlace {
		v.Place = ""
	}
	return fault.Check(wrong)
}

func readOrder(text string) (ids []int64) {
	for s := range strings.SplitSeq(text, ",") {
		if id, err := strconv.ParseInt(s, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}
