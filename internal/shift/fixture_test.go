package shift_test

import (
	"bytes"
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/shift"
)

// start is Monday, 2 March 2026, 12:00 in Berlin.
var start = clock.From(time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC))

type said struct {
	people []int64
	kind   shift.Kind
	link   string
	words  string
}

// fixture is a desk in Berlin with a team of four, a private team of one of them, a lead, and a clock that the test sets.
type fixture struct {
	testing.TB
	db                       *db.DB
	rota                     *shift.Rota
	queue                    *job.Queue
	amara, jonas, priya, ben person.Actor
	lead, admin, hana        person.Actor
	team, private            int64
	at                       clock.Instant

	mu      sync.Mutex
	told    []said
	untold  []said
	thanked []shift.Cover
	changed int
	mails   []sent
}

type sent struct {
	shift.Mail
	subject, text string
	ics           []byte
}

func each(t *testing.T, test func(f *fixture)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(setUp(t, d)) })
}

func setUp(t testing.TB, d *db.DB) *fixture {
	t.Helper()
	f := &fixture{TB: t, db: d, at: start}
	d.SetClock(func() clock.Instant { return f.at })
	key, err := secret.NewSigner(bytes.Repeat([]byte("k"), 32))
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	f.queue = job.NewQueue(d, log, 1)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	f.rota = &shift.Rota{
		DB: d, Queue: f.queue, Key: key, Log: log, Zone: berlin,
		Changed: func(context.Context, *db.Tx, int64) error { return f.note(func() { f.changed++ }) },
		Tell: func(_ context.Context, _ *db.Tx, people []int64, kind shift.Kind, link string, words i18n.Text) error {
			return f.note(func() { f.told = append(f.told, said{people, kind, link, words.String()}) })
		},
		Told: func(_ context.Context, _ *db.Tx, people []int64, link string) error {
			return f.note(func() { f.untold = append(f.untold, said{people: people, link: link}) })
		},
		Thank: func(_ context.Context, _ *db.Tx, c shift.Cover) error {
			return f.note(func() { f.thanked = append(f.thanked, c) })
		},
		Card: func(ctx context.Context, tx *db.Tx, by person.Actor, to int64, w shift.CardWords) (int64, error) {
			return db.One[int64](ctx, tx, `INSERT INTO card (from_id, to_id, text, how, at, kept) VALUES ($1, $2, $3, 'colleague', $4, $5) RETURNING id`, by.ID, to, w.Text, tx.Now, w.Alone)
		},
		Mail: func(ctx context.Context, m shift.Mail) error {
			return f.note(func() {
				f.mails = append(f.mails, sent{m, m.Subject(ctx), m.Text(ctx), m.Calendar(ctx, "help@desk.example", "Goodturn")})
			})
		},
	}
	f.rota.Handlers()
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
			{&f.ben, "Ben Adler", "ben@desk.example", person.Agent},
			{&f.lead, "Lena Vogt", "lena@desk.example", person.Lead},
			{&f.admin, "Ada Root", "ada@desk.example", person.Administrator},
			{&f.hana, "Hana Sato", "hana@example.com", person.Requester},
		} {
			p := must(person.Create(t.Context(), tx, person.New{Name: x.name, Addresses: []string{x.address}, Role: x.role}))
			*x.to = person.Actor{ID: p.ID}
		}
		if err := person.SetMembers(t.Context(), tx, f.private, []int64{f.jonas.ID}); err != nil {
			return err
		}
		return person.SetMembers(t.Context(), tx, f.team, []int64{f.amara.ID, f.jonas.ID, f.priya.ID, f.ben.ID})
	})
	f.load()
	return f
}

// load reads everybody's rights anew.
func (f *fixture) load() {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		for _, a := range []*person.Actor{&f.amara, &f.jonas, &f.priya, &f.ben, &f.lead, &f.admin, &f.hana} {
			*a = must(person.ActorOf(f.Context(), tx, a.ID))
		}
		return nil
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (f *fixture) note(fn func()) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	fn()
	return nil
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

// refused expects a fault of a kind, and gives its words.
func (f *fixture) refused(kind fault.Kind, fn func(tx *db.Tx) error) string {
	f.Helper()
	err := f.db.Write(f.Context(), fn)
	x, ok := fault.Of(err)
	if !ok || x.Kind != kind {
		f.Fatalf("got %v, want a fault of kind %v", err, kind)
	}
	if len(x.Fields) > 0 {
		return x.Fields[0].Name + ": " + x.Fields[0].Message.String()
	}
	return x.Message.String()
}

func day(text string) calendar.Date { return must(calendar.ParseDate(text)) }

// at is a moment in Berlin: "2026-03-02 14:00".
func at(text string) clock.Instant {
	zone := must(time.LoadLocation("Europe/Berlin"))
	return clock.From(must(time.ParseInLocation("2006-01-02 15:04", text, zone)))
}

func span(from, until string) shift.Span { return shift.Span{From: at(from), Until: at(until)} }

// has gives somebody (0 for nobody) a published shift.
func (f *fixture) has(who int64, on, hours string, more ...func(*shift.Plan)) int64 {
	f.Helper()
	var id int64
	f.write(func(tx *db.Tx) (err error) {
		p := shift.Plan{TeamID: f.team, Name: "Desk", Day: day(on), Zone: "Europe/Berlin", Hours: hours}
		for _, m := range more {
			m(&p)
		}
		if id, err = f.rota.Add(f.Context(), tx, f.lead, p); err != nil {
			return err
		}
		if who != 0 {
			if _, err := f.rota.Assign(f.Context(), tx, f.lead, id, who, true); err != nil {
				return err
			}
		}
		_, _, err = f.rota.Publish(f.Context(), tx, f.lead, f.team, shift.Span{From: at(on + " 00:00").Add(-time.Hour), Until: at(on + " 23:59").Add(time.Hour)})
		return err
	})
	return id
}

func (f *fixture) shift(id int64) (s shift.Shift) {
	f.Helper()
	f.read(func(tx *db.Tx) (err error) {
		s, err = shift.See(f.Context(), tx, f.lead, id)
		return err
	})
	return s
}

// all are the shifts of the team within a time.
func (f *fixture) all(from, until string) (out []shift.Shift) {
	f.Helper()
	f.read(func(tx *db.Tx) (err error) {
		out, err = shift.Between(f.Context(), tx, f.team, span(from, until))
		return err
	})
	return out
}

func (f *fixture) pattern(p shift.Pattern) int64 {
	f.Helper()
	if p.TeamID == 0 {
		p.TeamID = f.team
	}
	if p.Name == "" {
		p.Name = "Early"
	}
	if p.Zone == "" {
		p.Zone = "Europe/Berlin"
	}
	if p.Needed == 0 {
		p.Needed = 1
	}
	if p.FirstDay == 0 {
		p.FirstDay = day("2026-03-02")
	}
	if p.Rule == "" {
		p.Rule = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
	}
	var id int64
	f.write(func(tx *db.Tx) (err error) {
		id, err = f.rota.SavePattern(f.Context(), tx, f.lead, p)
		return err
	})
	return id
}

// drain does the jobs that are due at the fixture's time, and forgets what was said before.
func (f *fixture) drain(later time.Duration) {
	f.Helper()
	f.at = f.at.Add(later)
	if _, err := f.queue.Drain(f.Context()); err != nil {
		f.Fatal(err)
	}
}
