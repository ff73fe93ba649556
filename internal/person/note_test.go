package person_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/person"
)

func TestNotesOnPeople(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var hana, twin person.Person
		agent := person.Actor{Role: person.Administrator}
		write := func(fn func(ctx context.Context, tx *db.Tx) error) error {
			return d.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) })
		}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(write(func(ctx context.Context, tx *db.Tx) (err error) {
			if hana, err = person.Create(ctx, tx, person.New{Name: "Hana Sato", Role: person.Requester, Addresses: []string{"hana@example.com"}}); err != nil {
				return err
			}
			if twin, err = person.Create(ctx, tx, person.New{Name: "H. Sato", Role: person.Requester, Addresses: []string{"h@example.com"}}); err != nil {
				return err
			}
			ada, err := person.Create(ctx, tx, person.New{Name: "Ada", Role: person.Administrator, Addresses: []string{"ada@example.com"}})
			agent.ID = ada.ID
			return err
		}))
		note := func(id int64) (n person.Note) {
			must(write(func(ctx context.Context, tx *db.Tx) (err error) { n, err = person.NoteOf(ctx, tx, id); return err }))
			return n
		}
		set := func(id int64, n person.Note, seen clock.Instant) error {
			return write(func(ctx context.Context, tx *db.Tx) error {
				return person.SetNote(ctx, tx, agent, id, n, seen, "192.0.2.7")
			})
		}
		must(set(hana.ID, person.Note{Phone: " +351  21 555 ", Uses: "MacBook\r\nlarge screen "}, 0))
		first := note(hana.ID)
		if first.Phone != "+351 21 555" || first.Uses != "MacBook\nlarge screen" || first.ChangedBy != agent.ID {
			t.Errorf("%+v", first)
		}
		var wrong *fault.Error
		if err := set(hana.ID, person.Note{Uses: "an iPad"}, 0); !errors.As(err, &wrong) || wrong.Fields[0].Name != "note" {
			t.Errorf("a note was written over that its writer had not seen: %v", err)
		}
		if note(hana.ID) != first {
			t.Error("the refused note was stored")
		}
		must(set(hana.ID, person.Note{Phone: first.Phone, Uses: first.Uses}, 0)) // the same words are no conflict
		for field, bad := range map[string]person.Note{"phone": {Phone: "call me"}, "uses": {Uses: strings.Repeat("x", 2001)}, "explaining": {Explaining: strings.Repeat("x", 2001)}} {
			if err := set(hana.ID, bad, first.ChangedAt); !errors.As(err, &wrong) || wrong.Fields[0].Name != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		if err := set(999999, person.Note{Uses: "x"}, 0); err == nil {
			t.Error("a note on nobody")
		}
		must(set(twin.ID, person.Note{Phone: "112", Uses: "large screen", Explaining: "slowly"}, 0))
		must(write(func(ctx context.Context, tx *db.Tx) error {
			_, err := person.MergeInto(ctx, tx, agent, hana.ID, twin.ID, "")
			return err
		}))
		if n := note(hana.ID); n.Phone != first.Phone || n.Uses != "MacBook\nlarge screen" || n.Explaining != "slowly" {
			t.Errorf("after two became one: %+v", n)
		}
	})
}
