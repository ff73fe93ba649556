package ticket_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// mergeWorld is what a desk must hold after any order of merges, undos, splits and messages.
type mergeWorld struct {
	*fixture
	random    *rand.Rand
	people    []person.Actor
	tickets   []int64
	requester map[int64]int64
	into      map[int64]int64          // what became part of what
	home      map[string]int64         // of each message, by its text
	follows   map[int64]map[int64]bool // who follows of their own accord
	said      int
}

func (w *mergeWorld) root(id int64) int64 {
	for w.into[id] != 0 {
		id = w.into[id]
	}
	return id
}

func (w *mergeWorld) any() int64 { return w.tickets[w.random.IntN(len(w.tickets))] }

func (w *mergeWorld) words() string {
	w.said++
	return fmt.Sprintf("Message number %d", w.said)
}

func (w *mergeWorld) step() {
	ctx := w.Context()
	switch w.random.IntN(9) {
	case 0, 1:
		who, text := w.people[w.random.IntN(len(w.people))], w.words()
		t := w.createBy(who, text)
		w.tickets, w.requester[t.ID], w.home[text], w.follows[t.ID] = append(w.tickets, t.ID), who.ID, t.ID, map[int64]bool{}
	case 2, 3: // to any number, as mail may be
		id, text := w.any(), w.words()
		w.write(func(tx *db.Tx) error {
			_, err := w.desk.Note(ctx, tx, by(w.amara), id, ticket.Draft{Text: text, Files: []ticket.File{{Name: text, Type: "text/plain", Ref: blob.Ref{SHA256: text, Size: 1}}}})
			return err
		})
		w.home[text] = w.root(id)
	case 4:
		id, who := w.root(w.any()), w.people[w.random.IntN(len(w.people))]
		w.write(func(tx *db.Tx) error { return w.desk.Follow(ctx, tx, by(w.amara), id, who.ID) })
		if w.requester[id] != who.ID {
			w.follows[id][who.ID] = true
		}
	case 5, 6:
		into, from := w.any(), []int64{w.any(), w.any()}
		var m ticket.Merge
		err := w.d.Write(ctx, func(tx *db.Tx) (err error) {
			m, err = w.desk.Merge(ctx, tx, by(w.amara), into, from)
			return err
		})
		if err != nil && !fault.Is(err, fault.KindInvalid) {
			w.Fatal(err)
		}
		if err == nil {
			for _, g := range m.Gone {
				w.into[g] = m.Into.ID
			}
		}
	case 7:
		gone := slices.Sorted(maps.Keys(w.into))
		if len(gone) == 0 {
			return
		}
		id := gone[w.random.IntN(len(gone))]
		w.unmerge(id)
		delete(w.into, id)
	case 8:
		id := w.root(w.any())
		var made ticket.Ticket
		var goes []ticket.Message
		err := w.d.Write(ctx, func(tx *db.Tx) error {
			all := must(ticket.Messages(ctx, tx, id, true))
			if len(all) == 0 {
				return fault.Invalid()
			}
			at, rest := w.random.IntN(len(all)), w.random.IntN(2) == 0
			if goes = all[at : at+1]; rest {
				goes = all[at:]
			}
			var err error
			made, err = w.desk.Split(ctx, tx, by(w.amara), id, ticket.Off{Message: goes[0].ID, Rest: rest})
			return err
		})
		if err != nil && !fault.Is(err, fault.KindInvalid) {
			w.Fatal(err)
		}
		if err == nil {
			w.tickets, w.requester[made.ID], w.follows[made.ID] = append(w.tickets, made.ID), made.RequesterID, map[int64]bool{}
			for _, m := range goes {
				w.home[m.Text] = made.ID
			}
		}
	}
}

// check compares the desk with what it must hold.
func (w *mergeWorld) check() {
	w.Helper()
	want := map[int64][]string{}
	for text, home := range w.home {
		want[w.root(home)] = append(want[w.root(home)], text)
	}
	for _, id := range w.tickets {
		got := w.texts(id)
		t := w.get(id)
		if t.MergedInto != w.into[id] {
			w.Errorf("#%d is part of #%d, want #%d", id, t.MergedInto, w.into[id])
		}
		if w.into[id] == 0 && t.Messages != int64(len(got)) {
			w.Errorf("#%d has %d messages and says %d", id, len(got), t.Messages)
		}
		slices.Sort(got)
		slices.Sort(want[id])
		if !slices.Equal(got, want[id]) {
			w.Errorf("#%d holds %q, want %q", id, got, want[id])
		}
		if w.into[id] != 0 {
			continue
		}
		who := map[int64]bool{}
		for _, other := range w.tickets {
			if w.root(other) == id {
				maps.Copy(who, w.follows[other])
				who[w.requester[other]] = true
			}
		}
		delete(who, w.requester[id])
		if got, want := w.followers(id), slices.Sorted(maps.Keys(who)); !slices.Equal(got, want) {
			w.Errorf("#%d is followed by %v, want %v", id, got, want)
		}
	}
	w.write(func(tx *db.Tx) error {
		for table, astray := range map[string]string{
			"event":      `SELECT count(*) FROM event x JOIN message m ON m.id = x.message_id WHERE x.ticket_id <> m.ticket_id`,
			"attachment": `SELECT count(*) FROM attachment x JOIN message m ON m.id = x.message_id WHERE x.ticket_id <> m.ticket_id`,
		} {
			if n := must(db.One[int](w.Context(), tx, astray)); n != 0 {
				w.Errorf("%d rows of %s lie elsewhere than their messages", n, table)
			}
		}
		return nil
	})
}

func TestNothingIsLostByMergingAndSplitting(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for seed := range uint64(4) {
			f := &fixture{}
			if seed == 0 {
				f = setUp(t, d)
			} else {
				f = setUp(t, dbtest.Open(t, d.Engine()))
			}
			w := &mergeWorld{
				fixture: f, random: rand.New(rand.NewPCG(seed, 8)), requester: map[int64]int64{}, into: map[int64]int64{},
				home: map[string]int64{}, follows: map[int64]map[int64]bool{},
			}
			f.write(func(tx *db.Tx) error {
				for i := range 4 {
					w.people = append(w.people, f.person(tx, fmt.Sprintf("Person %d", i), fmt.Sprintf("p%d@example.com", i), person.Requester))
				}
				return nil
			})
			first := w.createBy(w.people[0], "Message number 0")
			w.tickets, w.requester[first.ID], w.home["Message number 0"], w.follows[first.ID] = []int64{first.ID}, w.people[0].ID, first.ID, map[int64]bool{}
			for i := range 100 {
				w.step()
				if i%10 == 9 {
					w.check()
				}
				if t.Failed() {
					t.Fatalf("seed %d, step %d", seed, i)
				}
			}
		}
	})
}
