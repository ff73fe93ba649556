package person_test

import (
	"fmt"
	"testing"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/person"
)

func TestVisitsAreBoundedAndPinsStay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		write := func(fn func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		var me, other person.Person
		write(func(tx *db.Tx) (err error) {
			if me, err = person.Create(ctx, tx, person.New{Name: "Amara", Role: person.Agent, Addresses: []string{"amara@example.com"}}); err != nil {
				return err
			}
			other, err = person.Create(ctx, tx, person.New{Name: "Jonas", Role: person.Agent, Addresses: []string{"jonas@example.com"}})
			return err
		})
		at := func(i int) person.Place { return person.Place{Kind: "ticket", Ref: fmt.Sprint(i)} }
		write(func(tx *db.Tx) error { return person.Pin(ctx, tx, me.ID, at(3), true) })
		for i := range 50 {
			write(func(tx *db.Tx) error {
				tx.Now = clock.Instant(1_800_000_000_000 + i) // each a moment later than the one before
				return person.Visited(ctx, tx, me.ID, at(i))
			})
		}
		all := visits(t, d, me.ID)
		if len(all) != 31 || all[0] != (person.Visit{Kind: "ticket", Ref: "3", Pinned: true}) || all[1].Ref != "49" || all[30].Ref != "20" {
			t.Errorf("kept are %d: %v", len(all), all)
		}
		if others := visits(t, d, other.ID); len(others) != 0 {
			t.Errorf("somebody else has %v", others)
		}
		write(func(tx *db.Tx) error { return person.Pin(ctx, tx, me.ID, at(3), false) })
		if all := visits(t, d, me.ID); all[0].Ref != "49" {
			t.Errorf("the pin is still on: %v", all)
		}
		for i := range person.MaxPins {
			write(func(tx *db.Tx) error { return person.Pin(ctx, tx, me.ID, at(100+i), true) })
		}
		write(func(tx *db.Tx) error { return person.Pin(ctx, tx, me.ID, at(100), true) }) // it is pinned already
		err := d.Write(ctx, func(tx *db.Tx) error { return person.Pin(ctx, tx, me.ID, at(7), true) })
		if !fault.Is(err, fault.KindInvalid) {
			t.Errorf("one pin too many: %v", err)
		}
	})
}

func visits(t *testing.T, d *db.DB, id int64) (all []person.Visit) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *db.Tx) (err error) { all, err = person.Visits(t.Context(), tx, id); return err }); err != nil {
		t.Fatal(err)
	}
	return all
}
