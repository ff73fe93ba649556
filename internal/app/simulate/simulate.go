// Package simulate fills a desk with a stretch of invented life: people who ask at the hours at which people ask, agents with shifts,
// holidays and colds, outages that bring many tickets at once, answers that take a night. Everything is done by the program itself, with a
// clock that the simulation sets (db.DB.SetClock), so that what the desk keeps about time can be looked at afterwards: Audit counts every
// promise again from the spine of events alone.
//
// The same seed gives the same life. Nothing is mailed, and no real time passes.
//
//	result, err := simulate.Run(ctx, d, simulate.Config{Seed: 1, Tickets: 8000, Days: 14})
//	found, err := simulate.Audit(ctx, d)
package simulate

import (
	"container/heap"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"math/rand/v2"
	"time"

	"goodturn/internal/automation"
	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/line"
	"goodturn/internal/routing"
	"goodturn/internal/sla"
	"goodturn/internal/ticket"
)

// Config says what is simulated.
type Config struct {
	Seed    uint64
	Tickets int       // how many come, about
	Days    int       // over how many days; 0 for 365
	From    time.Time // the first day; zero for 5 January 2026
	Texts   []Text    // what people write; nil for the simulation's own words
	Log     io.Writer // is told of every week; nil for nobody
	Rota    bool      // the first line works by a rota: proposed, swapped, given back; and people of other jobs take their turn beside it
}

// Text is what somebody writes.
type Text struct{ Subject, Text string }

// Result is what has happened.
type Result struct {
	Tickets, Messages, Events int64
	Until                     clock.Instant // when the simulation ended
	Took                      time.Duration
	Line                      LineAudit  // what those who waited were told, and whether it held
	Rota                      RotaAudit  // what the rota came to, if there was one
	Turns                     StintAudit // and the turns of guests beside it
}

// Run lives through the time on an empty desk.
func Run(ctx context.Context, d *db.DB, c Config) (Result, error) {
	if c.Days == 0 {
		c.Days = 365
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		return Result{}, err
	}
	if c.From.IsZero() {
		c.From = time.Date(2026, time.January, 5, 0, 0, 0, 0, zone)
	}
	began := time.Now()
	s := &simulation{
		Config: c, ctx: i18n.With(ctx, "en", zone), d: d, zone: zone, r: rand.New(rand.NewPCG(c.Seed, 0x900d)),
		now: clock.From(c.From), end: clock.From(c.From.AddDate(0, 0, c.Days)), tickets: map[int64]*life{},
	}
	d.SetClock(func() clock.Instant { return s.now })
	log := slog.New(slog.DiscardHandler)
	s.queue = job.NewQueue(d, log, 1)
	s.desk = &ticket.Desk{Queue: s.queue}
	s.desk.Handlers(d)
	s.keeper = &sla.Keeper{DB: d, Desk: s.desk, Queue: s.queue, Calendars: &calendar.Store{}, Log: log}
	s.keeper.Handlers()
	s.keeper.Calendars.Changed = append(s.keeper.Calendars.Changed, s.keeper.CalendarChanged)
	s.rules = &automation.Engine{DB: d, Desk: s.desk, Queue: s.queue, Calendars: s.keeper.Calendars, Zone: zone, Log: log}
	s.rules.Handlers()
	s.desk.Hooks = []ticket.Hook{s.observe}
	s.router = &routing.Router{DB: d, Desk: s.desk, Calendars: s.keeper.Calendars, Zone: zone, Log: log}
	s.line = &line.Line{DB: d, Desk: s.desk, Calendars: s.keeper.Calendars, Log: log, Fresh: 20 * time.Minute}
	s.desk.Later = []ticket.Hook{s.rules.Hook(), s.router.Hook(), s.keeper.Hook(), s.line.Hook()}
	if err := s.settleIn(); err != nil {
		return Result{}, fmt.Errorf("set up the desk: %w", err)
	}
	if c.Rota {
		if err := s.makeRota(); err != nil {
			return Result{}, fmt.Errorf("make the rota: %w", err)
		}
		if err := s.makeStints(); err != nil {
			return Result{}, fmt.Errorf("plan the turns of guests: %w", err)
		}
	}
	s.plan()
	if err := s.live(); err != nil {
		return Result{}, fmt.Errorf("at %s: %w", s.now.Time().In(zone).Format(time.DateTime), err)
	}
	r := Result{Until: s.now, Took: time.Since(began)}
	if r.Line, err = s.auditLine(); err != nil {
		return r, err
	}
	if r.Rota, err = s.auditRota(); err != nil {
		return r, err
	}
	if r.Turns, err = s.auditTurns(); err != nil {
		return r, err
	}
	err = d.Read(ctx, func(tx *db.Tx) (err error) {
		for into, table := range map[*int64]string{&r.Tickets: "ticket", &r.Messages: "message", &r.Events: "event"} {
			if *into, err = db.One[int64](ctx, tx, `SELECT count(*) FROM `+table); err != nil {
				return err
			}
		}
		return nil
	})
	return r, err
}

// simulation is the world at a moment.
type simulation struct {
	Config
	ctx        context.Context
	d          *db.DB
	desk       *ticket.Desk
	keeper     *sla.Keeper
	rules      *automation.Engine
	router     *routing.Router
	shiftwork  *rotaLife
	turns      *stintLife
	line       *line.Line
	told       []told
	looked     clock.Instant // when what goes by time was last looked at
	queue      *job.Queue
	zone       *time.Location
	r          *rand.Rand
	now, end   clock.Instant
	steps      steps
	seq        int
	teams      []*team
	agents     []*agent
	requesters []requester
	tickets    map[int64]*life
	recent     []int64 // the newest tickets, for those that are about the same
	came       int
}

// step is something that happens at a moment.
type step struct {
	at  clock.Instant
	seq int
	do  func() error
}

// steps are a heap by moment.
type steps []step

func (s steps) Len() int { return len(s) }
func (s steps) Less(i, j int) bool {
	return s[i].at < s[j].at || s[i].at == s[j].at && s[i].seq < s[j].seq
}
func (s steps) Swap(i, j int) { s[i], s[j] = s[j], s[i] }

// Push adds a step.
func (s *steps) Push(x any) { *s = append(*s, x.(step)) }

// Pop takes the last one.
func (s *steps) Pop() any {
	last := (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return last
}

// when has something done at a moment.
func (s *simulation) when(at clock.Instant, do func() error) {
	s.seq++
	heap.Push(&s.steps, step{at, s.seq, do})
}

// after has something done a while from now.
func (s *simulation) after(d time.Duration, do func() error) { s.when(s.now.Add(d), do) }

// live does step after step, and what becomes due between them at its own moment.
func (s *simulation) live() error {
	week := s.now
	for len(s.steps) > 0 && s.steps[0].at < s.end {
		next := heap.Pop(&s.steps).(step)
		if err := s.due(next.at); err != nil {
			return err
		}
		if err := s.look(next.at); err != nil {
			return err
		}
		s.now = max(next.at, s.now+1) // no two transactions at one moment
		if err := next.do(); err != nil {
			return err
		}
		if err := s.ctx.Err(); err != nil {
			return err
		}
		if s.Log != nil && s.now.Sub(week) >= 7*24*time.Hour {
			week = s.now
			fmt.Fprintf(s.Log, "%s: %d tickets\n", s.now.Time().In(s.zone).Format(time.DateOnly), s.came)
		}
	}
	if err := s.due(s.end); err != nil {
		return err
	}
	s.now = s.end
	return nil
}

// due lets the clock run up to a moment, and does at its moment whatever becomes due.
func (s *simulation) due(until clock.Instant) error {
	for {
		next, err := s.keeper.Next(s.ctx)
		if err != nil {
			return err
		}
		jobs, err := s.queue.Next(s.ctx)
		if err != nil {
			return err
		}
		at := next
		if at == 0 || jobs != 0 && jobs < at {
			at = jobs
		}
		if at == 0 || at > until {
			return nil
		}
		s.now = max(s.now+1, at) // no two transactions at one moment
		if _, err := s.queue.Drain(s.ctx); err != nil {
			return err
		}
		if err := s.keeper.Sweep(s.ctx); err != nil {
			return err
		}
	}
}

// lookEvery is how often rules about time and what waits to be shared are looked at, which the program does every second.
const lookEvery = 10 * time.Minute

// look has rules act whose time has come, some moments before what comes next.
func (s *simulation) look(before clock.Instant) error {
	if s.now.Sub(s.looked) < lookEvery && before.Sub(s.looked) < lookEvery {
		return nil
	}
	s.now = max(s.now+1, before-2)
	s.looked = s.now
	if err := s.rules.Sweep(s.ctx); err != nil {
		return err
	}
	s.now++
	if err := s.router.Sweep(s.ctx); err != nil {
		return err
	}
	s.now++
	if err := s.line.Sweep(s.ctx); err != nil {
		return err
	}
	if err := s.lookAtTurns(); err != nil {
		return err
	}
	_, err := s.queue.Drain(s.ctx)
	return err
}

// observe keeps what the simulation knows of tickets true: rules change them too.
func (s *simulation) observe(_ context.Context, _ *db.Tx, e ticket.Event, t ticket.Ticket, _ *ticket.Message) error {
	x := s.tickets[t.ID]
	if x == nil {
		return nil
	}
	x.status = t.Status
	if e.What == ticket.TeamChanged {
		for _, m := range s.teams {
			if m.id == t.TeamID {
				x.team = m
			}
		}
	}
	if e.What == ticket.Assigned {
		x.agent = nil
		for _, a := range s.agents {
			if a.ID == t.AssigneeID {
				x.agent = a
			}
		}
	}
	return nil
}

// write does something in a transaction.
func (s *simulation) write(fn func(tx *db.Tx) error) error { return s.d.Write(s.ctx, fn) }

// lasts draws how long something takes: half of the times less than median, and sometimes much longer.
func (s *simulation) lasts(median time.Duration, spread float64) time.Duration {
	return time.Duration(float64(median) * math.Exp(spread*s.r.NormFloat64()))
}

func (s *simulation) chance(p float64) bool { return s.r.Float64() < p }

func pick[T any](r *rand.Rand, all []T) T { return all[r.IntN(len(all))] }
