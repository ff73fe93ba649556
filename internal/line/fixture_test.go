package line_test

import (
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/line"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/ticket"
)

// start is a Monday at noon in UTC: the usual working hours are open.
var start = clock.From(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))

// fixture is a desk with a team of two, a private team, and a clock that the test sets.
type fixture struct {
	testing.TB
	db            *db.DB
	desk          *ticket.Desk
	router        *routing.Router
	line          *line.Line
	amara, jonas  person.Actor
	hana          person.Actor
	team, private int64
	at            clock.Instant
	r             *rand.Rand
}

func each(t *testing.T, test func(f *fixture)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(setUp(t, d)) })
}

func setUp(t testing.TB, d *db.DB) *fixture {
	t.Helper()
	f := &fixture{TB: t, db: d, at: start, desk: &ticket.Desk{}, r: rand.New(rand.NewPCG(1, 2))}
	d.SetClock(func() clock.Instant { return f.at })
	f.router = &routing.Router{DB: d, Desk: f.desk, Log: slog.New(slog.NewTextHandler(t.Output(), nil))}
	f.line = &line.Line{DB: d, Desk: f.desk, Calendars: &calendar.Store{}}
	f.desk.Later = []ticket.Hook{f.line.Hook()}
	f.write(func(tx *db.Tx) error {
		if err := f.line.Calendars.Begin(t.Context(), tx, "UTC"); err != nil {
			return err
		}
		f.team = must(person.SaveTeam(t.Context(), tx, person.Team{Slug: "first-line", Name: "First line"}))
		f.private = must(person.SaveTeam(t.Context(), tx, person.Team{Slug: "payroll", Name: "Payroll", Private: true}))
		for _, x := range []struct {
			to            *person.Actor
			name, address string
			role          person.Role
		}{
			{&f.amara, "Amara Okafor", "amara@desk.example", person.Agent},
			{&f.jonas, "Jonas Lind", "jonas@desk.example", person.Agent},
			{&f.hana, "Hana Sato", "hana@example.com", person.Requester},
		} {
			*x.to = person.Actor{ID: must(person.Create(t.Context(), tx, person.New{Name: x.name, Addresses: []string{x.address}, Role: x.role})).ID}
		}
		for _, team := range []int64{f.team, f.private} {
			if err := person.SetMembers(t.Context(), tx, team, []int64{f.amara.ID, f.jonas.ID}); err != nil {
				return err
			}
		}
		return nil
	})
	f.write(func(tx *db.Tx) error { // the private team counts from now on
		for _, a := range []*person.Actor{&f.amara, &f.jonas, &f.hana} {
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
	f.at++
	if err := f.db.Write(f.Context(), fn); err != nil {
		f.Fatal(err)
	}
}

// create has a ticket come by mail; more changes what comes.
func (f *fixture) create(more ...func(*ticket.New)) (id int64) {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		n := ticket.New{Requester: f.hana.ID, Team: f.team, Channel: ticket.ByMail, Message: ticket.Draft{Text: "The printer is sad."}}
		for _, m := range more {
			m(&n)
		}
		t, err := f.desk.Create(f.Context(), tx, ticket.By{Actor: f.hana, Cause: "mail"}, n)
		id = t.ID
		return err
	})
	return id
}

func (f *fixture) get(tx *db.Tx, id int64) ticket.Ticket {
	f.Helper()
	return must(ticket.Get(f.Context(), tx, person.System, person.SeeTicket, id))
}
