package routing_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/ticket"
)

func (f *fixture) next(who person.Actor) (t ticket.Ticket, err error) {
	f.Helper()
	err = f.db.Write(f.Context(), func(tx *db.Tx) (err error) {
		t, err = f.router.Next(f.Context(), tx, who)
		return err
	})
	return t, err
}

func (f *fixture) takes(who person.Actor, want ticket.Ticket) {
	f.Helper()
	t, err := f.next(who)
	if err != nil || t.ID != want.ID {
		f.Fatalf("%s takes %d (%v), want %d", who.Name, t.ID, err, want.ID)
	}
	f.has(t.ID, who, routing.Asked)
}

func TestTakeNext(t *testing.T) {
	each(t, func(f *fixture) {
		old := f.create("an old one")
		f.at = f.at.Add(time.Minute)
		young := f.create("a young one")
		urgent := f.create("an urgent one", func(n *ticket.New) { n.Priority = ticket.Urgent })
		due, overdue := f.create("due in an hour"), f.create("overdue", func(n *ticket.New) { n.Priority = ticket.Low })
		f.create("for others", func(n *ticket.New) { n.Team = f.private })
		f.write(func(tx *db.Tx) error {
			if err := f.desk.SetDue(f.Context(), tx, due.ID, f.at.Add(time.Hour)); err != nil {
				return err
			}
			return f.desk.SetDue(f.Context(), tx, overdue.ID, f.at.Add(-time.Hour))
		})
		waits := f.create("theirs")
		f.write(func(tx *db.Tx) error {
			return f.desk.SetStatus(f.Context(), tx, ticket.By{Actor: f.priya}, waits.ID, ticket.Pending)
		})
		for _, want := range []ticket.Ticket{overdue, due, urgent, old, young} {
			f.takes(f.amara, want)
		}
		if _, err := f.next(f.amara); !errors.Is(err, routing.Empty) {
			t.Errorf("nothing is left: %v", err)
		}
		if _, err := f.next(f.lead); !errors.Is(err, routing.NoTeam) {
			t.Errorf("the lead belongs to no team: %v", err)
		}
	})
}

func TestTakeNextLeavesWhatAColleagueKnowsBetter(t *testing.T) {
	each(t, func(f *fixture) {
		f.write(func(tx *db.Tx) error { return routing.SetTags(f.Context(), tx, f.jonas.ID, []string{"printer"}) })
		printer := f.create("the printer", func(n *ticket.New) { n.Tags = []string{"printer"} })
		f.at = f.at.Add(time.Minute)
		phone, mouse := f.create("the phone"), f.create("the mouse")
		f.takes(f.amara, phone)
		f.takes(f.jonas, printer)
		again := f.create("the printer, again", func(n *ticket.New) { n.Tags = []string{"printer"} })
		f.call(f.jonas) // nobody who knows printers is here
		f.takes(f.amara, mouse)
		f.takes(f.amara, again)
	})
}

func TestTwoWhoTakeTheNextAtOnceGetDifferentOnes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		for range 30 {
			f.create("one of many")
		}
		var all sync.WaitGroup
		var mu sync.Mutex
		got := map[int64]int{}
		for i := range 30 {
			who := []person.Actor{f.amara, f.jonas, f.priya}[i%3]
			all.Go(func() {
				x, err := f.next(who)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Errorf("%s: %v", who.Name, err)
				}
				got[x.ID]++
			})
		}
		all.Wait()
		for id, n := range got {
			if n != 1 {
				t.Errorf("ticket %d was taken %d times", id, n)
			}
		}
		if len(got) != 30 {
			t.Errorf("%d tickets were taken, want 30", len(got))
		}
	})
}
