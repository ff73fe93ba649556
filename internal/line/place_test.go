package line_test

import (
	"slices"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/line"
	"goodturn/internal/ticket"
)

// TestThePlaceIsTheOrderInWhichWorkIsTaken puts many tickets into random states and has an agent take next until nothing is left: each
// one that is taken was the first of its team, and everybody behind moves up by one.
func TestThePlaceIsTheOrderInWhichWorkIsTaken(t *testing.T) {
	each(t, func(f *fixture) {
		var ids []int64
		for range 60 {
			ids = append(ids, f.create(func(n *ticket.New) { n.Priority = ticket.Priorities()[f.r.IntN(4)] }))
		}
		for _, id := range ids {
			f.write(func(tx *db.Tx) error { return f.upset(tx, id) })
		}
		places := f.places(ids)
		if len(places) < 20 {
			t.Fatalf("only %d of %d wait in the line", len(places), len(ids))
		}
		for len(places) > 0 {
			var taken ticket.Ticket
			f.write(func(tx *db.Tx) (err error) { taken, err = f.router.Next(f.Context(), tx, f.amara); return err })
			if p, ok := places[taken.ID]; !ok || p != 1 {
				t.Fatalf("#%d was taken, whose place was %d (in the line: %v)", taken.ID, p, ok)
			}
			now := f.places(ids)
			if len(now) != len(places)-1 {
				t.Fatalf("%d waited, and %d do after one was taken", len(places), len(now))
			}
			for id, p := range now {
				if places[id] != p+1 {
					t.Fatalf("#%d was %d, and is %d after one before it was taken", id, places[id], p)
				}
			}
			places = now
		}
		f.write(func(tx *db.Tx) error {
			if _, err := f.router.Next(f.Context(), tx, f.amara); err == nil {
				t.Error("there was one more to take that stood in no line")
			}
			return nil
		})
	})
}

// upset brings a ticket into one of the states in which tickets are.
func (f *fixture) upset(tx *db.Tx, id int64) error {
	by := ticket.By{Actor: f.amara}
	switch f.r.IntN(12) {
	case 0:
		return f.desk.SetStatus(f.Context(), tx, by, id, ticket.Pending)
	case 1:
		return f.desk.SetStatus(f.Context(), tx, by, id, ticket.OnHold)
	case 2:
		return f.desk.Snooze(f.Context(), tx, by, id, ticket.Snooze{Mode: ticket.UntilAnswer, Until: tx.Now.Add(time.Hour)})
	case 3:
		return f.desk.Solve(f.Context(), tx, by, id)
	case 4:
		return f.desk.Trash(f.Context(), tx, by, id)
	case 5:
		return f.desk.Assign(f.Context(), tx, by, id, f.jonas.ID)
	case 6, 7, 8:
		return f.desk.SetDue(f.Context(), tx, id, tx.Now.Add(time.Duration(f.r.IntN(4))*time.Hour))
	}
	return nil
}

// places are the places of those who wait for the team, from 1.
func (f *fixture) places(ids []int64) map[int64]int {
	out := map[int64]int{}
	f.write(func(tx *db.Tx) error {
		for _, id := range ids {
			p := must(line.PlaceOf(f.Context(), tx, f.get(tx, id)))
			if p.Waits && p.Holder == 0 {
				out[id] = p.Number()
			}
		}
		return nil
	})
	var all []int
	for _, p := range out {
		all = append(all, p)
	}
	slices.Sort(all)
	for i, p := range all {
		if p != i+1 {
			f.Fatalf("the places are %v", all)
		}
	}
	return out
}

func TestWhoWaitsForNobodyHasNoPlace(t *testing.T) {
	each(t, func(f *fixture) {
		for name, c := range map[string]struct {
			more func(*ticket.New)
			do   func(tx *db.Tx, by ticket.By, id int64) error
			want line.Place
		}{
			"waits":   {want: line.Place{Waits: true}},
			"suspect": {more: func(n *ticket.New) { n.Suspect = true }},
			"pending": {do: func(tx *db.Tx, by ticket.By, id int64) error {
				return f.desk.SetStatus(f.Context(), tx, by, id, ticket.Pending)
			}},
			"held": {do: func(tx *db.Tx, by ticket.By, id int64) error {
				return f.desk.SetStatus(f.Context(), tx, by, id, ticket.OnHold)
			}},
			"done":     {do: func(tx *db.Tx, by ticket.By, id int64) error { return f.desk.Solve(f.Context(), tx, by, id) }},
			"in trash": {do: func(tx *db.Tx, by ticket.By, id int64) error { return f.desk.Trash(f.Context(), tx, by, id) }},
			"with Jonas": {
				do: func(tx *db.Tx, by ticket.By, id int64) error {
					return f.desk.Assign(f.Context(), tx, by, id, f.jonas.ID)
				},
				want: line.Place{Waits: true, Holder: f.jonas.ID},
			},
			"asleep": {do: func(tx *db.Tx, by ticket.By, id int64) error {
				return f.desk.Snooze(f.Context(), tx, by, id, ticket.Snooze{Mode: ticket.UntilAnswer, Until: tx.Now.Add(time.Hour)})
			}},
		} {
			id := f.create(func(n *ticket.New) {
				if c.more != nil {
					c.more(n)
				}
			})
			if c.do != nil {
				f.write(func(tx *db.Tx) error { return c.do(tx, ticket.By{Actor: f.amara}, id) })
			}
			f.write(func(tx *db.Tx) error {
				got := must(line.PlaceOf(f.Context(), tx, f.get(tx, id)))
				c.want.Team = got.Team
				if got != c.want {
					t.Errorf("%s: %+v, want %+v", name, got, c.want)
				}
				if got.Waits {
					return f.desk.Solve(f.Context(), tx, ticket.By{Actor: f.amara}, id)
				}
				return nil
			})
		}
	})
}

// TestWhatSomebodyHasIsTheirOwnLine counts what a holder has in all teams, a private one among them.
func TestWhatSomebodyHasIsTheirOwnLine(t *testing.T) {
	each(t, func(f *fixture) {
		secret := f.create(func(n *ticket.New) { n.Team = f.private; n.Priority = ticket.Urgent })
		theirs, free := f.create(), f.create(func(n *ticket.New) { n.Priority = ticket.Urgent })
		for _, id := range []int64{secret, theirs} {
			f.write(func(tx *db.Tx) error {
				return f.desk.Assign(f.Context(), tx, ticket.By{Actor: f.amara}, id, f.amara.ID)
			})
		}
		f.write(func(tx *db.Tx) error {
			if p := must(line.PlaceOf(f.Context(), tx, f.get(tx, theirs))); p.Ahead != 1 || p.Holder != f.amara.ID {
				t.Errorf("what Amara has: %+v", p)
			}
			if p := must(line.PlaceOf(f.Context(), tx, f.get(tx, free))); p.Ahead != 0 || p.Holder != 0 {
				t.Errorf("what nobody has: %+v", p)
			}
			return nil
		})
	})
}
