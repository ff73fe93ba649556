package routing_test

import (
	"log/slog"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/ticket"
)

// start is a Monday at noon in UTC: the usual working hours are open.
var start = clock.From(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))

// fixture is a desk with a team of three, a private team of one of them, and a clock that the test sets.
type fixture struct {
	testing.TB
	db                  *db.DB
	desk                *ticket.Desk
	router              *routing.Router
	amara, jonas, priya person.Actor
	lead, hana          person.Actor
	team, private       int64
	at                  clock.Instant
}

func each(t *testing.T, test func(f *fixture)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(setUp(t, d)) })
}

func setUp(t testing.TB, d *db.DB) *fixture {
	t.Helper()
	f := &fixture{TB: t, db: d, at: start, desk: &ticket.Desk{}}
	d.SetClock(func() clock.Instant { return f.at })
	f.router = &routing.Router{DB: d, Desk: f.desk, Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))}
	f.desk.Later = []ticket.Hook{f.router.Hook()}
	f.write(func(tx *db.Tx) error {
		f.team = must(person.SaveTeam(t.Context(), tx, person.Team{Slug: "first-line", Name: "First line"}))
		f.private = must(person.SaveTeam(t.Context(), tx, person.Team{Slug: "payroll", Name: "Payroll", Private: true}))
		for _, x := range []struct {
			to      *person.Actor
			name    string
			address string
			role    person.Role
		}{
			{&f.amara, "Amara Okafor", "amara@desk.example", person.Agent},
			{&f.jonas, "Jonas Lind", "jonas@desk.example", person.Agent},
			{&f.priya, "Priya Kaur", "priya@desk.example", person.Agent},
			{&f.lead, "Lena Vogt", "lena@desk.example", person.Lead},
			{&f.hana, "Hana Sato", "hana@example.com", person.Requester},
		} {
			p := must(person.Create(t.Context(), tx, person.New{Name: x.name, Addresses: []string{x.address}, Role: x.role}))
			*x.to = person.Actor{ID: p.ID, Name: x.name}
		}
		if err := person.SetMembers(t.Context(), tx, f.private, []int64{f.jonas.ID}); err != nil {
			return err
		}
		return person.SetMembers(t.Context(), tx, f.team, []int64{f.amara.ID, f.jonas.ID, f.priya.ID})
	})
	f.write(func(tx *db.Tx) error { // the private team counts from now on
		for _, a := range []*person.Actor{&f.amara, &f.jonas, &f.priya, &f.lead, &f.hana} {
			*a = must(person.ActorOf(t.Context(), tx, a.ID))
		}
		return nil
	})
	return f
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (f *fixture) write(fn func(tx *db.Tx) error) {
	f.Helper()
	if err := f.db.Write(f.Context(), fn); err != nil {
		f.Fatal(err)
	}
}

func (f *fixture) refused(field string, fn func(tx *db.Tx) error) {
	f.Helper()
	err := f.db.Write(f.Context(), fn)
	x, ok := fault.Of(err)
	if !ok || len(x.Fields) == 0 || x.Fields[0].Name != field {
		f.Fatalf("got %v, want a fault of %q", err, field)
	}
}

// shares sets how the team shares its work; working hours do not count unless a test says so.
func (f *fixture) shares(s routing.Sharing) {
	f.Helper()
	if s.TeamID == 0 {
		s.TeamID = f.team
	}
	f.write(func(tx *db.Tx) error { return f.router.SaveSharing(f.Context(), tx, s) })
}

// create has a ticket come by mail; more changes what comes.
func (f *fixture) create(text string, more ...func(*ticket.New)) ticket.Ticket {
	f.Helper()
	var t ticket.Ticket
	f.write(func(tx *db.Tx) (err error) {
		n := ticket.New{Requester: f.hana.ID, Team: f.team, Channel: ticket.ByMail, Message: ticket.Draft{Text: text}}
		for _, m := range more {
			m(&n)
		}
		t, err = f.desk.Create(f.Context(), tx, ticket.By{Actor: person.System, Cause: "mail"}, n)
		return err
	})
	return f.get(t.ID)
}

func (f *fixture) get(id int64) (t ticket.Ticket) {
	f.Helper()
	f.write(func(tx *db.Tx) (err error) {
		t, err = ticket.Get(f.Context(), tx, person.System, person.SeeTicket, id)
		return err
	})
	return t
}

// why is the reason of the last assignment of a ticket.
func (f *fixture) why(id int64) (r routing.Reason) {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		for _, e := range must(ticket.Events(f.Context(), tx, id)) {
			if e.What == ticket.Assigned {
				r, _ = routing.ReadReason(e.Cause)
			}
		}
		return nil
	})
	return r
}

func (f *fixture) has(id int64, who person.Actor, why routing.Why) {
	f.Helper()
	if t := f.get(id); t.AssigneeID != who.ID || f.why(id).Why != why {
		f.Fatalf("ticket %d: person %d has it because of %+v, want %s (%d) because of %q", id, t.AssigneeID, f.why(id), who.Name, who.ID, why)
	}
}

func switchOff(f *fixture, tx *db.Tx, who person.Actor) error {
	off := false
	return person.Update(f.Context(), tx, who.ID, person.Change{Active: &off})
}
