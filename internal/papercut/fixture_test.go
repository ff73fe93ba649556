package papercut_test

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/job"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/secret"
)

var start = clock.From(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)) // a Monday

// fixture is a desk that serves two organisations, with a private team, and a clock that the test sets.
type fixture struct {
	testing.TB
	db                 *db.DB
	book               *papercut.Book
	amara, priya, lena person.Actor // priya is in the private team, lena leads
	hana, hugo, bela   int64        // hana and hugo of acme, bela of brook
	acme, brook        int64
	first, payroll     int64
	at                 clock.Instant
	mails              []papercut.Letter
	sent               []string
	sendError          error
	all, inAcme        person.Circle
}

func each(t *testing.T, test func(f *fixture)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(setUp(t, d)) })
}

func setUp(t testing.TB, d *db.DB) *fixture {
	t.Helper()
	f := &fixture{TB: t, db: d, at: start, all: person.Circle{All: true}}
	d.SetClock(func() clock.Instant { return f.at })
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	key, err := secret.OpenKey(t.TempDir() + "/key")
	check(err)
	f.book = &papercut.Book{
		DB: d, Queue: job.NewQueue(d, log, 1), Key: key, Log: log, URL: func() string { return "https://desk.example" },
		Sign: func(secret, id, at string, body []byte) string { return secret + id + at + string(body) },
		Mail: func(_ context.Context, _ *db.Tx, l papercut.Letter) error { f.mails = append(f.mails, l); return nil },
		Send: func(_ context.Context, to, subject, text, key string) error {
			f.sent = append(f.sent, to+"|"+subject+"|"+text+"|"+key)
			return f.sendError
		},
	}
	f.book.Handlers()
	f.write(func(tx *db.Tx) error {
		f.first = must(person.SaveTeam(t.Context(), tx, person.Team{Slug: "first-line", Name: "First line"}))
		f.payroll = must(person.SaveTeam(t.Context(), tx, person.Team{Slug: "payroll", Name: "Payroll", Private: true}))
		f.acme = must(person.SaveOrganisation(t.Context(), tx, person.Organisation{Name: "Acme", Domains: []string{"acme.example"}}))
		f.brook = must(person.SaveOrganisation(t.Context(), tx, person.Organisation{Name: "Brook", Domains: []string{"brook.example"}}))
		amara, priya, lena := f.person(tx, "amara@desk.example", person.Agent), f.person(tx, "priya@desk.example", person.Agent), f.person(tx, "lena@desk.example", person.Lead)
		check(person.SetMembers(t.Context(), tx, f.payroll, []int64{priya}))
		f.hana, f.hugo, f.bela = f.person(tx, "hana@acme.example", person.Requester), f.person(tx, "hugo@acme.example", person.Requester), f.person(tx, "bela@brook.example", person.Requester)
		f.amara, f.priya, f.lena = must(person.ActorOf(t.Context(), tx, amara)), must(person.ActorOf(t.Context(), tx, priya)), must(person.ActorOf(t.Context(), tx, lena))
		f.inAcme = person.Circle{OrganisationID: f.acme}
		return nil
	})
	return f
}

func (f *fixture) person(tx *db.Tx, address string, role person.Role) int64 {
	if role == person.Requester {
		return must(person.ByAddress(f.Context(), tx, person.Contact{Address: address, Name: address})).ID
	}
	return must(person.Create(f.Context(), tx, person.New{Name: address, Addresses: []string{address}, Role: role})).ID
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

// refused runs a change that must end in a fault of a kind.
func (f *fixture) refused(kind fault.Kind, fn func(tx *db.Tx) error) {
	f.Helper()
	err := f.db.Write(f.Context(), fn)
	if got, ok := fault.Of(err); !ok || got.Kind != kind {
		f.Fatalf("got %v, want a fault of kind %v", err, kind)
	}
}

// says has somebody say something on a page. Numbers below zero are visitors of whom nothing is known.
func (f *fixture) says(who int64, text string) (r papercut.Result) {
	f.Helper()
	f.write(func(tx *db.Tx) (err error) {
		r, err = f.book.Say(f.Context(), tx, one(who), papercut.Said{Text: text, How: papercut.ByPortal})
		return err
	})
	return r
}

func one(who int64) papercut.Who {
	if who < 0 {
		return papercut.Who{Visitor: -who}
	}
	return papercut.Who{Person: who}
}

func (f *fixture) meToo(who, id int64) (r papercut.Result) {
	f.Helper()
	f.write(func(tx *db.Tx) (err error) {
		r, err = f.book.MeToo(f.Context(), tx, f.all, one(who), id, "/requests")
		return err
	})
	return r
}

func (f *fixture) get(id int64) (p papercut.Papercut) {
	f.Helper()
	f.read(func(tx *db.Tx) (err error) {
		p, err = papercut.Get(f.Context(), tx, person.System, id)
		return err
	})
	return p
}

func (f *fixture) state(id int64, to papercut.State, reason string) {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		_, err := f.book.SetState(f.Context(), tx, f.amara, id, to, reason)
		return err
	})
}

// offered gives the texts that somebody is offered for a tap.
func (f *fixture) offered(c person.Circle, who int64) (out []string) {
	f.Helper()
	f.read(func(tx *db.Tx) error {
		all, err := papercut.Offered(f.Context(), tx, c, one(who), "", 10)
		for _, s := range all {
			out = append(out, fmt.Sprintf("%s (%d)", s.Text, s.People))
		}
		return err
	})
	return out
}

func (f *fixture) drain() {
	f.Helper()
	if _, err := f.book.Queue.Drain(f.Context()); err != nil {
		f.Fatal(err)
	}
}

func (f *fixture) want(what string, got, want any) {
	f.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		f.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
