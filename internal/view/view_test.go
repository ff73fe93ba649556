package view_test

import (
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/view"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// staff makes two agents, a lead and a requester, in this order.
func staff(t *testing.T, d *db.DB) (all []person.Actor) {
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for name, role := range map[string]person.Role{"amara": person.Agent, "jonas": person.Agent, "priya": person.Lead, "rita": person.Requester} {
			must(person.Create(t.Context(), tx, person.New{Name: name, Addresses: []string{name + "@example.com"}, Role: role}))
		}
		for _, name := range []string{"amara", "jonas", "priya", "rita"} {
			all = append(all, must(person.ActorOf(t.Context(), tx, must(db.One[int64](t.Context(), tx, `SELECT id FROM person WHERE name = $1`, name)))))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestWhoMayDoWhatWithAView(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, people := t.Context(), staff(t, d)
		amara, jonas, priya, rita := people[0], people[1], people[2], people[3]
		var own, shared view.View
		in := func(fn func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		refused := func(kind fault.Kind, fn func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(ctx, fn); !fault.Is(err, kind) {
				t.Errorf("got %v, want a fault of kind %d", err, kind)
			}
		}
		in(func(tx *db.Tx) (err error) {
			own = must(view.Save(ctx, tx, amara, view.View{Name: "  My   printers ", Filter: "status:open printer"}))
			shared, err = view.Save(ctx, tx, amara, view.View{Name: "Floor 3", Filter: "tag:move", Shared: true})
			return err
		})
		if own.Name != "My printers" {
			t.Errorf("the name is %q", own.Name)
		}
		refused(fault.KindNotFound, func(tx *db.Tx) error { _, err := view.Get(ctx, tx, jonas, own.ID); return err })
		refused(fault.KindNotFound, func(tx *db.Tx) error { _, err := view.Get(ctx, tx, rita, shared.ID); return err })
		refused(fault.KindNotFound, func(tx *db.Tx) error { return view.Edit(ctx, tx, priya, own) })
		refused(fault.KindDenied, func(tx *db.Tx) error { return view.Edit(ctx, tx, jonas, shared) })
		refused(fault.KindDenied, func(tx *db.Tx) error { _, err := view.Remove(ctx, tx, jonas, shared.ID); return err })
		refused(fault.KindDenied, func(tx *db.Tx) error { _, err := view.Save(ctx, tx, rita, own); return err })
		refused(fault.KindDenied, func(tx *db.Tx) error { _, err := view.Save(ctx, tx, amara.Narrow("", true), own); return err })
		stale := shared
		in(func(tx *db.Tx) error { shared.Name = "Floor three"; return view.Edit(ctx, tx, priya, shared) })
		stale.Filter = "tag:moved"
		refused(fault.KindConflict, func(tx *db.Tx) error { return view.Edit(ctx, tx, amara, stale) })
		in(func(tx *db.Tx) error { _, err := view.Remove(ctx, tx, priya, shared.ID); return err })
		refused(fault.KindNotFound, func(tx *db.Tx) error { _, err := view.Get(ctx, tx, amara, shared.ID); return err })
		in(func(tx *db.Tx) error { _, err := view.Restore(ctx, tx, amara, shared.ID); return err })
		in(func(tx *db.Tx) error { _, err := view.Restore(ctx, tx, amara, shared.ID); return err })
		in(func(tx *db.Tx) error {
			if v := must(view.Get(ctx, tx, jonas, shared.ID)); v.Name != "Floor three" || v.Filter != "tag:move" || v.Owner != "amara" {
				t.Errorf("it is %+v", v)
			}
			return view.Sweep(ctx, tx)
		})
	})
}

func TestAViewHasANameAndAFilter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		amara := staff(t, d)[0]
		for field, v := range map[string]view.View{
			"name":   {Name: " \t"},
			"filter": {Name: "Later", Filter: "status:later"},
			"long":   {Name: strings.Repeat("ä", view.MaxName+1)},
			"big":    {Name: "Big", Filter: strings.Repeat("x", view.MaxFilter+1)},
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := view.Save(t.Context(), tx, amara, v); return err })
			f, ok := fault.Of(err)
			if !ok || len(f.Fields) != 1 || (field == "name" || field == "filter") && f.Fields[0].Name != field {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}

func TestEverybodyHasAnOrderOfTheirOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, people := t.Context(), staff(t, d)
		amara, jonas := people[0], people[1]
		names := func(tx *db.Tx, a person.Actor) (s string) {
			for _, v := range must(view.All(ctx, tx, a, must(person.Preferences(ctx, tx, a.ID)))) {
				s += v.Name
			}
			return s
		}
		err := d.Write(ctx, func(tx *db.Tx) error {
			ids := map[string]int64{}
			for _, name := range []string{"a", "b", "c"} {
				ids[name] = must(view.Save(ctx, tx, amara, view.View{Name: name, Shared: name != "b"})).ID
			}
			for _, step := range []struct {
				who  person.Actor
				name string
				by   int
				want string
			}{{amara, "c", -1, "acb"}, {amara, "c", -5, "cab"}, {amara, "c", 2, "abc"}, {jonas, "c", -1, "ca"}, {amara, "a", 9, "bca"}} {
				if err := view.Place(ctx, tx, step.who, ids[step.name], step.by); err != nil {
					return err
				}
				if got := names(tx, step.who); got != step.want {
					t.Errorf("%s by %d: %s, want %s", step.name, step.by, got, step.want)
				}
			}
			if got := names(tx, jonas); got != "ca" {
				t.Errorf("the other has %s", got)
			}
			if err := view.Place(ctx, tx, jonas, ids["b"], 1); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("a view that cannot be seen was moved: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
