package routing_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/ticket"
)

func TestHandingOnFindsSomebodyElseAndSaysNoReason(t *testing.T) {
	each(t, func(f *fixture) {
		x := f.create("You idiots")
		f.write(func(tx *db.Tx) error {
			return f.desk.Assign(f.Context(), tx, ticket.By{Actor: f.amara}, x.ID, f.amara.ID)
		})
		hand := func(a person.Actor) (to int64, err error) {
			err = f.db.Write(f.Context(), func(tx *db.Tx) error {
				to, err = f.router.HandOn(f.Context(), tx, a, x.ID)
				return err
			})
			return to, err
		}
		if _, err := hand(f.jonas); !errors.Is(err, routing.NotYours) {
			t.Errorf("by somebody who does not have it: %v", err)
		}
		to, err := hand(f.amara)
		if err != nil || to == 0 || to == f.amara.ID {
			t.Fatalf("it goes to %d: %v", to, err)
		}
		f.write(func(tx *db.Tx) error {
			all, err := ticket.Events(f.Context(), tx, x.ID)
			last := all[len(all)-1]
			if last.What != ticket.Assigned || last.Actor != "system" || last.PersonID != 0 {
				t.Errorf("the timeline: %+v", last)
			}
			return err
		})
		f.write(func(tx *db.Tx) error {
			for _, a := range []person.Actor{f.amara, f.jonas, f.priya} {
				if a.ID != to {
					if err := switchOff(f, tx, a); err != nil {
						return err
					}
				}
			}
			return nil
		})
		holder := map[int64]person.Actor{f.jonas.ID: f.jonas, f.priya.ID: f.priya}[to]
		if to, err := hand(holder); err != nil || to != 0 || f.get(x.ID).AssigneeID != 0 {
			t.Errorf("nobody is left, and it goes to %d: %v", to, err)
		}
		if why := f.why(x.ID); why.Why != routing.WentBack {
			t.Errorf("the reason is %+v", why)
		}
	})
}

func TestHardOnesAreSharedOutAndItIsSaid(t *testing.T) {
	each(t, func(f *fixture) {
		f.shares(routing.Sharing{Way: routing.Turns})
		f.router.Spare = func(_ context.Context, _ *db.Tx, _ ticket.Ticket, people []int64) ([]int64, error) {
			return slices.DeleteFunc(slices.Clone(people), func(id int64) bool { return id == f.amara.ID }), nil
		}
		x := f.create("You idiots")
		f.has(x.ID, f.jonas, routing.ByTurn)
		if why := f.why(x.ID); !why.Spread {
			t.Errorf("the reason is %+v", why)
		}
		f.router.Spare = nil
		y := f.create("the printer")
		f.has(y.ID, f.amara, routing.ByTurn)
		if why := f.why(y.ID); why.Spread {
			t.Errorf("the reason is %+v", why)
		}
	})
}
