package outage_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/job"
	"goodturn/internal/outage"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
)

var start = clock.From(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))

// fixture is a desk that serves two organisations, with a private team, and a clock that the test sets.
type fixture struct {
	testing.TB
	db                          *db.DB
	desk                        *ticket.Desk
	board                       *outage.Board
	amara, priya                person.Actor // priya is in the private team
	hana, hugo, bela            person.Actor // hana and hugo of acme, bela of brook
	acme, brook, first, payroll int64
	at                          clock.Instant
	mails                       []outage.Letter
	reminded                    []int64
}

func each(t *testing.T, test func(f *fixture)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(setUp(t, d)) })
}

func setUp(t testing.TB, d *db.DB) *fixture {
	t.Helper()
	f := &fixture{TB: t, db: d, at: start}
	d.SetClock(func() clock.Instant { return f.at })
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	queue := job.NewQueue(d, log, 1)
	f.desk = &ticket.Desk{Hooks: []ticket.Hook{outage.Hook()}, Queue: queue}
	key, err := secret.OpenKey(t.TempDir() + "/key")
	if err != nil {
		t.Fatal(err)
	}
	f.board = &outage.Board{
		DB: d, Desk: f.desk, Queue: queue, Key: key, Log: log,
		Mail: func(_ context.Context, _ *db.Tx, l outage.Letter) error { f.mails = append(f.mails, l); return nil },
		Remind: func(_ context.Context, _ *db.Tx, people []int64, _ outage.Outage) error {
			f.reminded = append(f.reminded, people...)
			return nil
		},
	}
	f.board.Handlers()
	f.write(func(tx *db.Tx) error {
		f.first = must(person.SaveTeam(t.Context(), tx, person.Team{Slug: "first-line", Name: "First line"}))
		f.payroll = must(person.SaveTeam(t.Context(), tx, person.Team{Slug: "payroll", Name: "Payroll", Private: true}))
		f.acme = must(person.SaveOrganisation(t.Context(), tx, person.Organisation{Name: "Acme", Domains: []string{"acme.example"}}))
		f.brook = must(person.SaveOrganisation(t.Context(), tx, person.Organisation{Name: "Brook", Domains: []string{"brook.example"}}))
		f.amara = f.staff(tx, "Amara Okafor", "amara@desk.example")
		f.priya = f.staff(tx, "Priya Kaur", "priya@desk.example")
		check(person.SetMembers(t.Context(), tx, f.payroll, []int64{f.priya.ID}))
		f.hana, f.hugo, f.bela = f.asker(tx, "hana@acme.example"), f.asker(tx, "hugo@acme.example"), f.asker(tx, "bela@brook.example")
		return nil
	})
	f.read(func(tx *db.Tx) error {
		f.amara, f.priya = must(person.ActorOf(t.Context(), tx, f.amara.ID)), must(person.ActorOf(t.Context(), tx, f.priya.ID))
		return nil
	})
	return f
}

func (f *fixture) staff(tx *db.Tx, name, address string) person.Actor {
	p := must(person.Create(f.Context(), tx, person.New{Name: name, Addresses: []string{address}, Role: person.Agent}))
	return person.Actor{ID: p.ID}
}

func (f *fixture) asker(tx *db.Tx, address string) person.Actor {
	p := must(person.ByAddress(f.Context(), tx, person.Contact{Address: address, Name: address}))
	return must(person.ActorOf(f.Context(), tx, p.ID))
}

func must[T any](v T, err error) T {
	check(err)
	return v
}

func check(err error) {
	if err != nil {
		panic(fmt.Sprintf("unexpected: %v", err))
	}
}

func (f *fixture) write(fn func(tx *db.Tx) error) {
	f.Helper()
	if err := f.db.Write(f.Context(), fn); err != nil {
		f.Fatal(err)
	}
}

func (f *fixture) read(fn func(tx *db.Tx) error) {
	f.Helper()
	if err := f.db.Read(f.Context(), fn); err != nil {
		f.Fatal(err)
	}
}

// refused runs a change that must end in a fault of a kind, and gives it.
func (f *fixture) refused(kind fault.Kind, fn func(tx *db.Tx) error) *fault.Error {
	f.Helper()
	err := f.db.Write(f.Context(), fn)
	got, ok := fault.Of(err)
	if !ok || got.Kind != kind {
		f.Fatalf("got %v, want a fault of kind %v", err, kind)
	}
	return got
}

func (f *fixture) post(by person.Actor, n outage.New) (o outage.Outage) {
	f.Helper()
	f.write(func(tx *db.Tx) (err error) {
		o, err = f.board.Post(f.Context(), tx, by, n)
		return err
	})
	return o
}

func (f *fixture) ticket(who person.Actor, subject string, team int64) (t ticket.Ticket) {
	f.Helper()
	f.write(func(tx *db.Tx) (err error) {
		t, err = f.desk.Create(f.Context(), tx, ticket.By{Actor: person.System}, ticket.New{Subject: subject, Requester: who.ID, Team: team, Message: ticket.Draft{Text: subject}})
		return err
	})
	return t
}

func (f *fixture) link(by person.Actor, id, ticketID int64) {
	f.Helper()
	f.write(func(tx *db.Tx) error { return f.board.Link(f.Context(), tx, ticket.By{Actor: by}, id, ticketID) })
}

func (f *fixture) circle(who person.Actor) (c person.Circle) {
	f.Helper()
	f.read(func(tx *db.Tx) (err error) {
		c, err = person.CircleOf(f.Context(), tx, who.ID)
		return err
	})
	return c
}

func (f *fixture) meToo(who person.Actor, id int64) {
	f.Helper()
	c := f.circle(who)
	f.write(func(tx *db.Tx) error { return f.board.MeToo(f.Context(), tx, c, id, who.ID) })
}

func (f *fixture) like(who person.Actor, text string) (out []outage.Hit) {
	f.Helper()
	c := f.circle(who)
	f.read(func(tx *db.Tx) (err error) {
		out, err = f.board.Like(f.Context(), tx, c, text)
		return err
	})
	return out
}

func (f *fixture) count(who person.Actor, id int64) int {
	f.Helper()
	c := f.circle(who)
	var s outage.Shown
	f.read(func(tx *db.Tx) (err error) {
		s, err = outage.See(f.Context(), tx, c, id, who.ID)
		return err
	})
	return s.People
}

// drain does all jobs that are due.
func (f *fixture) drain() {
	f.Helper()
	if _, err := f.board.Queue.Drain(f.Context()); err != nil {
		f.Fatal(err)
	}
}
