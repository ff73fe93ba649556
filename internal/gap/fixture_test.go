package gap_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/gap"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

var start = clock.From(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)) // a Monday

// fixture is a desk with a private team, and a clock that the test sets.
type fixture struct {
	testing.TB
	db             *db.DB
	desk           *ticket.Desk
	keeper         *gap.Keeper
	amara          person.Actor
	askers         []person.Actor
	first, payroll int64
	at             clock.Instant
	asked          int
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
	f.keeper = &gap.Keeper{DB: d, Log: log}
	f.desk = &ticket.Desk{Later: []ticket.Hook{f.keeper.Hook()}, Queue: job.NewQueue(d, log, 1)}
	f.write(func(tx *db.Tx) error {
		f.first = must(person.SaveTeam(t.Context(), tx, person.Team{Slug: "first-line", Name: "First line"}))
		f.payroll = must(person.SaveTeam(t.Context(), tx, person.Team{Slug: "payroll", Name: "Payroll", Private: true}))
		p := must(person.Create(t.Context(), tx, person.New{Name: "Amara Okafor", Addresses: []string{"amara@desk.example"}, Role: person.Agent}))
		f.amara = must(person.ActorOf(t.Context(), tx, p.ID))
		for i := range 7 {
			p := must(person.ByAddress(t.Context(), tx, person.Contact{Address: fmt.Sprintf("p%d@acme.example", i)}))
			f.askers = append(f.askers, must(person.ActorOf(t.Context(), tx, p.ID)))
		}
		return nil
	})
	return f
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(fmt.Sprintf("unexpected: %v", err))
	}
	return v
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

func (f *fixture) sweep() {
	f.Helper()
	if err := f.keeper.Sweep(f.Context()); err != nil {
		f.Fatal(err)
	}
}

// night goes on to the next night and does what is done then.
func (f *fixture) night() {
	f.Helper()
	f.at = f.at.Add(24 * time.Hour)
	f.sweep()
}

// ask has somebody ask something, another person each time.
func (f *fixture) ask(subject string, team int64) (t ticket.Ticket) {
	f.Helper()
	who := f.askers[f.asked%len(f.askers)]
	f.asked++
	f.write(func(tx *db.Tx) (err error) {
		t, err = f.desk.Create(f.Context(), tx, ticket.By{Actor: person.System}, ticket.New{Subject: subject, Requester: who.ID, Team: team, Message: ticket.Draft{Text: subject}})
		return err
	})
	return t
}

var (
	hellos  = []string{"hello, ", "dear desk, ", "please help, ", "good morning, ", ""}
	matters = [][]string{
		{"the printer on my floor prints half pages", "printer jams and prints blank pages", "my printer prints pages twice"},
		{"i forgot my password and the account is locked", "password expired and account locked", "please unlock my account, the password does not work"},
		{"vpn drops the connection from home", "no vpn connection at home", "the vpn connection is slow from home"},
		{"the calendar does not show meetings on my phone", "meetings missing in the phone calendar", "phone calendar shows meetings twice"},
	}
)

// routine asks what is always asked, so many times of each matter.
func (f *fixture) routine(times int) {
	f.Helper()
	for i := range times {
		for m, said := range matters {
			f.ask(hellos[(i+m)%len(hellos)]+said[i%len(said)], f.first)
		}
	}
}

func (f *fixture) gaps(k gap.Kind) (all []gap.Gap) {
	f.Helper()
	f.read(func(tx *db.Tx) (err error) {
		all, err = gap.All(f.Context(), tx, gap.List{Kind: k, Size: 100})
		return err
	})
	return all
}

// total is how many tickets the gaps of a kind count, in all weeks.
func (f *fixture) total(k gap.Kind) (n int64) {
	f.Helper()
	f.read(func(tx *db.Tx) (err error) {
		n, err = db.One[int64](f.Context(), tx, `SELECT coalesce(CAST(sum(w.n) AS BIGINT), 0) FROM gap_week w JOIN gap g ON g.id = w.gap_id WHERE g.kind = $1`, k)
		return err
	})
	return n
}

func (f *fixture) ctx() context.Context { return f.Context() }
