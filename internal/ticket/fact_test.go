package ticket_test

import (
	"fmt"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

func (f *fixture) facts(id int64) string {
	f.Helper()
	var out []string
	f.write(func(tx *db.Tx) error {
		for _, x := range must(ticket.KnownFacts(f.Context(), tx, id)) {
			out = append(out, fmt.Sprintf("%s.%s %s=%s", x.Source, x.Key, x.Label, x.Value))
		}
		return nil
	})
	return strings.Join(out, " | ")
}

func (f *fixture) foundBy(who person.Actor, verb person.Verb, filter string) (ids []int64) {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		for _, r := range must(ticket.List(f.Context(), tx, who, verb, ticket.Page{Filter: filter})).Items {
			ids = append(ids, r.ID)
		}
		return nil
	})
	return ids
}

func TestFacts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		ctx := t.Context()
		var x ticket.Ticket
		f.write(func(tx *db.Tx) (err error) {
			x, err = f.desk.Create(ctx, tx, by(f.hana), ticket.New{Requester: f.hana.ID, Team: f.open, Message: ticket.Draft{Text: "It no worky"}, Facts: []ticket.Fact{
				{Source: "service", Key: "device", Label: "Which  device?", Value: " Thinkbook\r\nseven \x00"},
				{Source: "service", Key: "empty", Label: "Left empty", Value: "  "},
				{Source: "service", Key: "urgent", Label: "Do you need it today?", Kind: ticket.FactYesNo, Value: "yes"},
			}})
			return err
		})
		if got, want := f.facts(x.ID), "service.device Which device?=Thinkbook\nseven | service.urgent Do you need it today?=yes"; got != want {
			t.Fatalf("knows %q, want %q", got, want)
		}
		set := func(who person.Actor, fact ticket.Fact) {
			f.write(func(tx *db.Tx) error { return f.desk.SetFact(ctx, tx, by(who), x.ID, fact) })
		}
		f.heard = nil
		set(f.hana, ticket.Fact{Source: "intake", Key: "since", Label: "Since when?", Value: "yesterday"})
		set(f.hana, ticket.Fact{Source: "intake", Key: "since", Label: "Since when?", Value: "yesterday"}) // nothing new
		set(f.amara, ticket.Fact{Source: "intake", Key: "since", Label: "Since when?", Value: "Monday"})
		set(f.amara, ticket.Fact{Source: "service", Key: "device", Value: ""})
		if got, want := f.facts(x.ID), "service.urgent Do you need it today?=yes | intake.since Since when?=Monday"; got != want {
			t.Fatalf("knows %q, want %q", got, want)
		}
		if len(f.heard) != 3 || f.heard[0] != ticket.FactSet {
			t.Errorf("hooks heard %v", f.heard)
		}
		f.write(func(tx *db.Tx) error {
			all := must(ticket.Events(ctx, tx, x.ID))
			if e := all[len(all)-2]; e.FromValue != "Since when?: yesterday" || e.ToValue != "Since when?: Monday" {
				t.Errorf("the spine says %+v", e)
			}
			return nil
		})
		for words, want := range map[string]int{"monday": 1, "thinkbook": 0, "yesterday": 0, "worky": 1} {
			if got := f.foundBy(f.amara, person.SeeTicket, words); len(got) != want {
				t.Errorf("%s finds %v for staff", words, got)
			}
			if got := f.foundBy(f.hana, person.SeeOwn, words); len(got) != want {
				t.Errorf("%s finds %v for whoever asked", words, got)
			}
		}
		f.refused(fault.KindNotFound, func(tx *db.Tx) error {
			other := f.person(tx, "Else", "else@example.com", person.Requester)
			return f.desk.SetFact(ctx, tx, by(other), x.ID, ticket.Fact{Source: "intake", Key: "since", Label: "Since when?", Value: "never"})
		})
		f.refused(fault.KindInvalid, func(tx *db.Tx) error {
			for i := range ticket.MaxFacts + 1 {
				if err := f.desk.SetFact(ctx, tx, by(f.hana), x.ID, ticket.Fact{Source: "intake", Key: fmt.Sprint(i), Label: "?", Value: "x"}); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

func TestFactsOfAMergedTicket(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		kept, gone := f.create("The printer"), f.create("The printer again")
		set := func(id int64, value string) {
			f.write(func(tx *db.Tx) error {
				return f.desk.SetFact(t.Context(), tx, by(f.hana), id, ticket.Fact{Source: "intake", Key: "where", Label: "Where?", Value: value})
			})
		}
		set(kept.ID, "cellar")
		set(gone.ID, "attic")
		f.merge(kept.ID, gone.ID)
		if got := f.facts(kept.ID); got != "intake.where Where?=cellar | intake.where Where?=attic" {
			t.Errorf("together they know %q", got)
		}
		if got := f.foundBy(f.amara, person.SeeTicket, "attic"); len(got) != 1 || got[0] != kept.ID {
			t.Errorf("attic finds %v", got)
		}
		set(gone.ID, "roof") // goes to the one that it became part of
		f.unmerge(gone.ID)
		if got, other := f.facts(kept.ID), f.facts(gone.ID); got != "intake.where Where?=roof" || other != "intake.where Where?=attic" {
			t.Errorf("apart they know %q and %q", got, other)
		}
		f.write(func(tx *db.Tx) error { return f.desk.Trash(t.Context(), tx, by(f.amara), gone.ID) })
		f.write(func(tx *db.Tx) error {
			_, err := f.desk.Purge(t.Context(), tx, ticket.By{Actor: person.System}, gone.ID)
			return err
		})
	})
}
