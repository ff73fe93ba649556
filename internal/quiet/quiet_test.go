package quiet

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/shift"
	"goodturn/internal/ticket"
)

// monday is 16 November 2026, midnight.
var monday = clock.From(time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC))

// stage is a desk of eight in a team with a rota, one in a team without, a lead, and a clock that the test sets.
type stage struct {
	*testing.T
	db          *db.DB
	now         clock.Instant
	rota        *shift.Rota
	keeper      *Keeper
	desk        *ticket.Desk
	team, other int64
	people      []person.Actor
	alone, lead person.Actor
	hana        person.Actor
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func newStage(t *testing.T, d *db.DB) *stage {
	t.Helper()
	s := &stage{T: t, db: d, now: monday.Add(-7 * 24 * time.Hour), desk: &ticket.Desk{}}
	d.SetClock(func() clock.Instant { return s.now })
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	s.rota = &shift.Rota{DB: d, Queue: job.NewQueue(d, log, 1), Log: log, Zone: time.UTC}
	s.rota.Handlers()
	office := must(calendar.Compile(calendar.Standard("UTC")))
	s.keeper = &Keeper{DB: d, Zone: time.UTC, Hours: func(context.Context, *db.Tx, int64, int64) (*calendar.Calendar, error) { return office, nil }}
	s.write(func(tx *db.Tx) error {
		s.team = must(person.SaveTeam(t.Context(), tx, person.Team{Slug: "first-line", Name: "First line"}))
		s.other = must(person.SaveTeam(t.Context(), tx, person.Team{Slug: "network", Name: "Network"}))
		made := func(name string, role person.Role) person.Actor {
			p := must(person.Create(t.Context(), tx, person.New{Name: name, Role: role, Addresses: []string{name + "@desk.example"}}))
			return person.Actor{ID: p.ID, Name: p.Name, Role: role}
		}
		var ids []int64
		for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
			s.people = append(s.people, made(name, person.Agent))
			ids = append(ids, s.people[len(s.people)-1].ID)
		}
		s.alone, s.lead, s.hana = made("alone", person.Agent), made("lead", person.Lead), made("hana", person.Requester)
		if err := person.SetMembers(t.Context(), tx, s.other, []int64{s.alone.ID, s.lead.ID}); err != nil {
			return err
		}
		return person.SetMembers(t.Context(), tx, s.team, ids)
	})
	return s
}

func (s *stage) write(fn func(tx *db.Tx) error) {
	s.Helper()
	if err := s.db.Write(s.Context(), fn); err != nil {
		s.Fatal(err)
	}
}

// shift has somebody be on shift 9–17 on a day of the week, with a break at noon.
func (s *stage) shift(who person.Actor, day int) {
	s.Helper()
	s.write(func(tx *db.Tx) error {
		made := must(s.rota.Add(s.Context(), tx, s.lead, shift.Plan{TeamID: s.team, Name: "Day", Day: calendar.DateOf(2026, 11, 16+day), Zone: "UTC", Hours: "9–17", Breaks: "12–13"}))
		must(s.rota.Assign(s.Context(), tx, s.lead, made, who.ID, false))
		_, _, err := s.rota.Publish(s.Context(), tx, s.lead, s.team, shift.Span{From: 0, Until: monday.Add(14 * 24 * time.Hour)})
		return err
	})
}

// busy has something happen to somebody every so often on a day, but in the break: they are given tickets and answer them, in turn.
func (s *stage) busy(who person.Actor, day int, every time.Duration) {
	s.Helper()
	was := s.now
	begin := monday.Add(time.Duration(day)*24*time.Hour + 9*time.Hour)
	s.now = begin.Add(-time.Hour)
	var id int64
	s.write(func(tx *db.Tx) error {
		id = must(s.desk.Create(s.Context(), tx, ticket.By{Actor: s.hana}, ticket.New{Requester: s.hana.ID, Team: s.team, Message: ticket.Draft{Text: "Printer"}})).ID
		return nil
	})
	i := 0
	for s.now = begin; s.now < begin.Add(8*time.Hour); s.now = s.now.Add(every) {
		s.write(func(tx *db.Tx) error {
			if i++; i%3 == 0 {
				_, err := s.desk.Reply(s.Context(), tx, ticket.By{Actor: who}, id, ticket.Draft{Text: "We look at it"}, "")
				return err
			}
			if err := s.desk.Assign(s.Context(), tx, ticket.By{Actor: person.System}, id, 0); err != nil {
				return err
			}
			return s.desk.Assign(s.Context(), tx, ticket.By{Actor: person.System}, id, who.ID)
		})
	}
	s.now = was
}

func (s *stage) told() (out Told) {
	s.Helper()
	s.write(func(tx *db.Tx) error { out = must(s.keeper.LastWeek(s.Context(), tx, s.lead)); return nil })
	return out
}

func (s *stage) own(who person.Actor) (out []calendar.Date) {
	s.Helper()
	s.write(func(tx *db.Tx) error { out = must(s.keeper.Own(s.Context(), tx, who)); return nil })
	return out
}

func (s *stage) sweep() {
	s.Helper()
	if err := s.keeper.Sweep(s.Context()); err != nil {
		s.Fatal(err)
	}
}

func TestWhoHadNoQuietHour(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		chunk = 7 // the spine is read in many steps
		defer func() { chunk = 20_000 }()
		s := newStage(t, d)
		for i, who := range s.people[:7] {
			s.shift(who, i%5)
		}
		s.shift(s.people[0], 3)
		s.busy(s.people[0], 0, 30*time.Minute)
		s.busy(s.people[1], 1, 30*time.Minute)
		s.busy(s.people[7], 1, 30*time.Minute) // works with a team that has a rota, and has no shift: was not there
		s.busy(s.people[2], 2, 30*time.Minute)
		s.busy(s.alone, 2, 20*time.Minute)     // by working hours; without a break nothing else counts
		s.busy(s.people[3], 3, 90*time.Minute) // that leaves an hour
		s.now = monday.Add(7*24*time.Hour + 11*time.Hour)
		s.sweep()
		if got := s.told(); got != (Told{}) {
			t.Errorf("before noon on Monday: %+v", got)
		}
		s.now = monday.Add(7*24*time.Hour + 12*time.Hour)
		s.sweep()
		if got := s.told(); got != (Told{People: 4}) {
			t.Errorf("three of the rota and one by working hours: %+v", got)
		}
		day := func(n int) calendar.Date { return calendar.DateOf(2026, 11, 16+n) }
		for i, want := range [][]calendar.Date{{day(0)}, {day(1)}, {day(2)}, nil, nil, nil, nil, nil} {
			if got := s.own(s.people[i]); !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", s.people[i].Name, got, want)
			}
		}
		if got := s.own(s.alone); !slices.Equal(got, []calendar.Date{day(2)}) {
			t.Errorf("by working hours: %v", got)
		}
		if got := s.own(s.hana); got != nil {
			t.Errorf("a requester: %v", got)
		}
	})
}

// TestTheNumberOfAWeekStays has everything change after the number was made, which would tell who it was: it stays, and with the next week it is gone.
func TestTheNumberOfAWeekStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		for i, who := range s.people[:7] {
			s.shift(who, i%5)
			if i < 4 {
				s.busy(who, i%5, 30*time.Minute)
			}
		}
		s.now = monday.Add(8 * 24 * time.Hour)
		s.sweep()
		if got := s.told(); got != (Told{People: 4}) {
			t.Fatalf("%+v", got)
		}
		s.write(func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE person SET active = FALSE WHERE id = $1`, s.people[0].ID)
			return err
		})
		s.write(func(tx *db.Tx) error { return person.SetMembers(t.Context(), tx, s.team, nil) })
		s.sweep()
		if got := s.told(); got != (Told{People: 4}) {
			t.Errorf("somebody left, and the number moved: %+v", got)
		}
		s.write(func(tx *db.Tx) error {
			if _, err := s.keeper.LastWeek(t.Context(), tx, s.people[1]); !fault.Is(err, fault.KindDenied) {
				t.Errorf("an agent is told: %v", err)
			}
			return nil
		})
		s.now = monday.Add(15 * 24 * time.Hour)
		s.sweep()
		s.write(func(tx *db.Tx) error {
			if n := must(db.One[int](t.Context(), tx, `SELECT count(*) FROM quiet_week`)); n != 1 {
				t.Errorf("%d weeks are kept", n)
			}
			return nil
		})
		if got := s.told(); got != (Told{}) {
			t.Errorf("a week in which nobody was there: %+v", got)
		}
	})
}

// TestFewAreNotTold has a desk of five of whom four had no quiet hour.
func TestFewAreNotTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		s.write(func(tx *db.Tx) error { // nobody works by hours
			_, err := tx.Exec(t.Context(), `UPDATE person SET active = FALSE WHERE id IN ($1)`, s.alone.ID)
			return err
		})
		s.keeper.Hours = nil
		for i, who := range s.people[:5] {
			s.shift(who, i)
			if i < 4 {
				s.busy(who, i, 30*time.Minute)
			}
		}
		s.now = monday.Add(8 * 24 * time.Hour)
		s.sweep()
		if got := s.told(); got != (Told{}) {
			t.Errorf("%+v", got)
		}
		if got := s.own(s.people[0]); len(got) != 1 {
			t.Errorf("they themselves: %v", got)
		}
	})
}
