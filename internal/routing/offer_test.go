package routing_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/ticket"
)

func (f *fixture) offered(who person.Actor) (ids []int64) {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		for _, o := range must(routing.OfferedTo(f.Context(), tx, who)) {
			ids = append(ids, o.TicketID)
		}
		return nil
	})
	return ids
}

func (f *fixture) isOffered(id int64, who person.Actor) {
	f.Helper()
	for _, p := range []person.Actor{f.amara, f.jonas, f.priya, f.lead} {
		if got := f.offered(p); slices.Contains(got, id) != (p.ID == who.ID) {
			f.Fatalf("%s is offered %v; ticket %d should be offered to %q alone", p.Name, got, id, who.Name)
		}
	}
}

func TestWhatNobodyTookIsOfferedAround(t *testing.T) {
	each(t, func(f *fixture) {
		var told []int64
		f.router.Offered = func(_ context.Context, _ *db.Tx, _ ticket.Ticket, to int64) error {
			told = append(told, to)
			return nil
		}
		f.shares(routing.Sharing{Way: routing.Pull, OfferAfter: 30, OfferFor: 10, OfferLeads: true})
		x := f.create("nobody wants this")
		f.call(f.jonas)
		f.pass(29 * time.Minute)
		f.isOffered(x.ID, person.Actor{})
		f.pass(time.Minute)
		f.isOffered(x.ID, f.amara)
		f.pass(9 * time.Minute)
		f.isOffered(x.ID, f.amara)
		f.pass(time.Minute) // Amara says nothing, Jonas is in a call
		f.isOffered(x.ID, f.priya)
		f.write(func(tx *db.Tx) error { return f.router.PassOffered(f.Context(), tx, f.amara, x.ID) }) // too late: nothing
		f.isOffered(x.ID, f.priya)
		f.write(func(tx *db.Tx) error { return f.router.PassOffered(f.Context(), tx, f.priya, x.ID) })
		f.isOffered(x.ID, f.lead)
		f.write(func(tx *db.Tx) error { return f.router.PassOffered(f.Context(), tx, f.lead, x.ID) })
		f.isOffered(x.ID, person.Actor{})
		f.pass(10 * time.Hour)
		f.isOffered(x.ID, person.Actor{})
		if !slices.Equal(told, []int64{f.amara.ID, f.priya.ID, f.lead.ID}) {
			t.Errorf("told were %v", told)
		}
		f.write(func(tx *db.Tx) error {
			var why []routing.Why
			for _, e := range must(ticket.Events(f.Context(), tx, x.ID)) {
				if e.What == ticket.Offer {
					r, _ := routing.ReadReason(e.Cause)
					why = append(why, r.Why)
				}
			}
			if want := []routing.Why{routing.InRound, routing.KeptQuiet, routing.PassedOn, routing.RoundEnds}; !slices.Equal(why, want) {
				t.Errorf("the spine says %v, want %v", why, want)
			}
			return nil
		})
	})
}

func TestAnOfferIsTaken(t *testing.T) {
	each(t, func(f *fixture) {
		f.shares(routing.Sharing{Way: routing.Pull, OfferAfter: 30, OfferFor: 10})
		x, y := f.create("one"), f.create("two")
		f.pass(31 * time.Minute)
		f.isOffered(x.ID, f.amara)
		f.isOffered(y.ID, f.jonas)
		f.write(func(tx *db.Tx) error { return f.router.TakeOffered(f.Context(), tx, f.amara, x.ID) })
		f.has(x.ID, f.amara, routing.ByOffer)
		f.isOffered(x.ID, person.Actor{})
		// An offer keeps nobody from taking it.
		f.write(func(tx *db.Tx) error {
			return f.desk.Assign(f.Context(), tx, ticket.By{Actor: f.priya}, y.ID, f.priya.ID)
		})
		f.isOffered(y.ID, person.Actor{})
		if err := f.db.Write(f.Context(), func(tx *db.Tx) error { return f.router.TakeOffered(f.Context(), tx, f.jonas, y.ID) }); !fault.Is(err, fault.KindConflict) {
			t.Errorf("what somebody else has is taken: %v", err)
		}
		// Whoever was asked longest ago is asked next.
		z := f.create("three")
		f.pass(31 * time.Minute)
		f.isOffered(z.ID, f.priya)
		f.solve(z.ID)
		f.isOffered(z.ID, person.Actor{})
		f.pass(time.Hour)
		f.isOffered(z.ID, person.Actor{})
	})
}

func TestOffersOfAPrivateTeamStayInIt(t *testing.T) {
	each(t, func(f *fixture) {
		f.shares(routing.Sharing{TeamID: f.private, Way: routing.Pull, OfferAfter: 30, OfferFor: 10, OfferLeads: true})
		x := f.create("my payslip", func(n *ticket.New) { n.Team = f.private })
		f.pass(31 * time.Minute)
		f.isOffered(x.ID, f.jonas)
		f.pass(11 * time.Minute)
		f.isOffered(x.ID, person.Actor{}) // the lead does not belong to it
		if err := f.db.Write(f.Context(), func(tx *db.Tx) error { return f.router.TakeOffered(f.Context(), tx, f.amara, x.ID) }); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("somebody outside of the team takes it: %v", err)
		}
	})
}
