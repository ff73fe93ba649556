package automation_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"goodturn/internal/automation"
	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/httpout"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
)

// stage is a desk with its people, whose clock the test sets.
type stage struct {
	testing.TB
	db                *db.DB
	desk              *ticket.Desk
	queue             *job.Queue
	engine            *automation.Engine
	lena, amara, hana person.Actor // a lead, an agent, a requester
	jonas             person.Actor // a lead of the private team
	first, payroll    int64        // teams; the second is private
	now               clock.Instant
	told              []string
}

func each(t *testing.T, test func(s *stage)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(setUp(t, d)) })
}

// monday is Monday, 7 December 2026, 9:00 UTC.
var monday = clock.From(time.Date(2026, 12, 7, 9, 0, 0, 0, time.UTC))

func setUp(t testing.TB, d *db.DB) *stage {
	log := slog.New(slog.DiscardHandler)
	s := &stage{TB: t, db: d, queue: job.NewQueue(d, log, 2), now: monday}
	d.SetClock(func() clock.Instant { return s.now })
	s.desk = &ticket.Desk{Queue: s.queue}
	key, err := secret.NewSigner(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	s.engine = &automation.Engine{DB: d, Desk: s.desk, Queue: s.queue, Key: key, Out: httpout.New(httpout.Config{}), Log: log, Calendars: &calendar.Store{}, Trouble: func(_ context.Context, _ *db.Tx, _ []int64, _ int64, text string) error {
		s.told = append(s.told, text)
		return nil
	}}
	s.engine.Handlers()
	s.desk.Handlers(d)
	s.desk.Later = []ticket.Hook{s.engine.Hook()}
	s.write(func(ctx context.Context, tx *db.Tx) error {
		s.first = must(person.SaveTeam(ctx, tx, person.Team{Slug: "first-line", Name: "First line"}))
		s.payroll = must(person.SaveTeam(ctx, tx, person.Team{Slug: "payroll", Name: "Payroll", Private: true}))
		ids := map[string]int64{}
		for name, role := range map[string]person.Role{"Hana": person.Requester, "Amara": person.Agent, "Lena": person.Lead, "Jonas": person.Lead} {
			ids[name] = must(person.Create(ctx, tx, person.New{Name: name, Addresses: []string{strings.ToLower(name) + "@example.org"}, Role: role})).ID
		}
		if err := person.SetMembers(ctx, tx, s.payroll, []int64{ids["Jonas"]}); err != nil {
			return err
		}
		s.hana, s.amara = must(person.ActorOf(ctx, tx, ids["Hana"])), must(person.ActorOf(ctx, tx, ids["Amara"]))
		s.lena, s.jonas = must(person.ActorOf(ctx, tx, ids["Lena"])), must(person.ActorOf(ctx, tx, ids["Jonas"]))
		return nil
	})
	return s
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (s *stage) write(fn func(ctx context.Context, tx *db.Tx) error) {
	s.Helper()
	if err := s.db.Write(s.Context(), func(tx *db.Tx) error { return fn(s.Context(), tx) }); err != nil {
		s.Fatal(err)
	}
}

// on saves a rule of Lena's from its plain-text form and switches it on.
func (s *stage) on(text string) int64 { s.Helper(); return s.onFor(s.lena, text, false) }

func (s *stage) onFor(owner person.Actor, text string, already bool) (id int64) {
	s.Helper()
	name, d, err := automation.Parse(text)
	if err != nil {
		s.Fatal(err)
	}
	if name == "" {
		name = "A rule"
	}
	s.write(func(ctx context.Context, tx *db.Tx) error {
		r, err := automation.Save(ctx, tx, owner, automation.Rule{Name: name, Definition: d})
		if err != nil {
			return err
		}
		id = r.ID
		_, err = automation.Switch(ctx, tx, owner, r.ID, true, already)
		return err
	})
	return id
}

// comes makes a ticket of Hana's.
func (s *stage) comes(subject string, change ...func(n *ticket.New)) (t ticket.Ticket) {
	s.Helper()
	n := ticket.New{Requester: s.hana.ID, Team: s.first, Subject: subject, Message: ticket.Draft{Text: "It does not work."}}
	for _, c := range change {
		c(&n)
	}
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		t, err = s.desk.Create(ctx, tx, ticket.By{Actor: s.hana}, n)
		return err
	})
	return s.get(t.ID)
}

func (s *stage) get(id int64) (t ticket.Ticket) {
	s.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		t, err = ticket.Get(ctx, tx, person.System, person.SeeTicket, id)
		return err
	})
	return t
}

func (s *stage) tags(id int64) (out string) {
	s.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) error {
		out = strings.Join(must(ticket.Tags(ctx, tx, id)), " ")
		return nil
	})
	return out
}

// said are the messages of a ticket, with who wrote them.
func (s *stage) said(id int64) (out []ticket.Message) {
	s.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		out, err = ticket.Messages(ctx, tx, id, true)
		return err
	})
	return out
}

func (s *stage) runs(rule int64, o automation.Outcome) (out []automation.Run) {
	s.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		out, err = automation.Runs(ctx, tx, person.System, rule, o, 0, 1000)
		return err
	})
	return out
}

func (s *stage) want(what string, got, want any) {
	s.Helper()
	if got != want {
		s.Errorf("%s: %v, want %v", what, got, want)
	}
}

// words are what a fault says of its fields.
func words(err error) string {
	f, ok := fault.Of(err)
	if !ok {
		return ""
	}
	var out []string
	for _, x := range f.Fields {
		out = append(out, x.Message.String())
	}
	return strings.Join(out, " ")
}

func byAmara(s *stage) ticket.By { return ticket.By{Actor: s.amara} }
