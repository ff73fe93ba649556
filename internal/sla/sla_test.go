package sla_test

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
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/sla"
	"goodturn/internal/ticket"
)

// stage is a desk whose clock the test sets.
type stage struct {
	*testing.T
	ctx    context.Context
	d      *db.DB
	desk   *ticket.Desk
	keeper *sla.Keeper
	queue  *job.Queue
	now    clock.Instant
	zone   *time.Location

	hana, amara        person.Actor
	firstLine, network int64
	office             calendar.Row // Mon–Fri 9–17 in Berlin
	told               []string
}

// open sets up a desk on Monday 2 March 2026, 9:00 in Berlin.
func open(t *testing.T, d *db.DB) *stage {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{T: t, ctx: i18n.With(t.Context(), "en", time.UTC), d: d, zone: zone}
	s.at("2026-03-02 09:00")
	d.SetClock(func() clock.Instant { return s.now })
	s.queue = job.NewQueue(d, slog.New(slog.DiscardHandler), 1)
	s.desk = &ticket.Desk{Queue: s.queue}
	s.keeper = &sla.Keeper{DB: d, Desk: s.desk, Queue: s.queue, Calendars: &calendar.Store{}, Log: slog.New(slog.DiscardHandler)}
	s.keeper.Handlers()
	s.keeper.Calendars.Changed = append(s.keeper.Calendars.Changed, s.keeper.CalendarChanged)
	s.desk.Hooks = []ticket.Hook{func(_ context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, _ *ticket.Message) error {
		if e.What == ticket.Warned || e.What == ticket.Breached {
			s.told = append(s.told, string(e.What)+" "+e.ToValue+" "+s.clock(tx.Now))
		}
		return nil
	}}
	s.desk.Later = []ticket.Hook{s.keeper.Hook()}
	s.write(func(tx *db.Tx) error {
		s.firstLine = need(person.SaveTeam(s.ctx, tx, person.Team{Slug: "first-line", Name: "First line"}))
		s.network = need(person.SaveTeam(s.ctx, tx, person.Team{Slug: "network", Name: "Network"}))
		for who, address := range map[*person.Actor]string{&s.hana: "hana@example.com", &s.amara: "amara@example.org"} {
			role := person.Requester
			if who == &s.amara {
				role = person.Agent
			}
			p := need(person.ByAddress(s.ctx, tx, person.Contact{Name: address, Address: address}))
			if _, err := tx.Exec(s.ctx, `UPDATE person SET role = $2 WHERE id = $1`, p.ID, role); err != nil {
				return err
			}
			*who = need(person.ActorOf(s.ctx, tx, p.ID))
		}
		s.office = need(s.keeper.Calendars.Save(s.ctx, tx, calendar.Row{Name: "Office", Definition: calendar.Standard("Europe/Berlin")}))
		return nil
	})
	return s
}

func need[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// at sets the clock to a moment in Berlin.
func (s *stage) at(text string) {
	s.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", text, s.zone)
	if err != nil {
		s.Fatal(err)
	}
	s.now = clock.From(t)
}

func (s *stage) clock(at clock.Instant) string {
	if at == 0 {
		return "never"
	}
	return at.Time().In(s.zone).Format("2006-01-02 15:04")
}

func (s *stage) write(fn func(tx *db.Tx) error) {
	s.Helper()
	if err := s.d.Write(s.ctx, fn); err != nil {
		s.Fatal(err)
	}
}

// drive lets time pass up to a moment, with everything that becomes due told at its minute.
func (s *stage) drive(to string) {
	s.Helper()
	from := s.now
	s.at(to)
	end := s.now
	s.now = from
	for {
		next, err := s.keeper.Next(s.ctx)
		if err != nil {
			s.Fatal(err)
		}
		if next == 0 || next > end {
			break
		}
		s.now = max(next, s.now)
		if err := s.keeper.Sweep(s.ctx); err != nil {
			s.Fatal(err)
		}
	}
	s.now = end
}

func (s *stage) policy(p sla.Policy) int64 {
	s.Helper()
	p.Active = true
	if p.Level == "" {
		p.Level = sla.ToRequesters
	}
	var id int64
	s.write(func(tx *db.Tx) (err error) {
		if id, err = sla.Save(s.ctx, tx, s.keeper.Calendars, person.System, p); err != nil {
			return err
		}
		return s.keeper.Recount(s.ctx, tx)
	})
	if _, err := s.queue.Drain(s.ctx); err != nil {
		s.Fatal(err)
	}
	return id
}

func (s *stage) create(subject string) ticket.Ticket {
	s.Helper()
	var t ticket.Ticket
	s.write(func(tx *db.Tx) (err error) {
		t, err = s.desk.Create(s.ctx, tx, ticket.By{Actor: s.hana}, ticket.New{Subject: subject, Requester: s.hana.ID, Team: s.firstLine, Message: ticket.Draft{Text: "It does not work"}})
		return err
	})
	return t
}

func (s *stage) reply(id int64, then ticket.Status) {
	s.Helper()
	s.write(func(tx *db.Tx) error {
		_, err := s.desk.Reply(s.ctx, tx, ticket.By{Actor: s.amara}, id, ticket.Draft{Text: "Good morning"}, then)
		return err
	})
}

func (s *stage) answer(id int64) {
	s.Helper()
	s.write(func(tx *db.Tx) error {
		_, err := s.desk.Answer(s.ctx, tx, ticket.By{Actor: s.hana}, id, ticket.Draft{Text: "Still not"})
		return err
	})
}

func (s *stage) status(id int64, to ticket.Status) {
	s.Helper()
	s.write(func(tx *db.Tx) error { return s.desk.SetStatus(s.ctx, tx, ticket.By{Actor: s.amara}, id, to) })
}

func (s *stage) clocks(id int64) (out map[sla.Promise]sla.Clock) {
	s.Helper()
	out = map[sla.Promise]sla.Clock{}
	s.write(func(tx *db.Tx) error {
		all, err := sla.Clocks(s.ctx, tx, id)
		for _, c := range all {
			out[c.Promise] = c
		}
		return err
	})
	return out
}

// is checks a clock: what it does, when it is due, and how many minutes it has used up to its last change.
func (s *stage) is(id int64, p sla.Promise, state sla.State, due string, used int64) {
	s.Helper()
	c, known := s.clocks(id)[p]
	if !known || c.State != state || s.clock(c.DueAt) != due || c.Used != used*60_000 {
		s.Errorf("%s is %s (%s), due %s, with %d min used; want %s, due %s, %d min used", p, c.State, c.Why, s.clock(c.DueAt), c.Used/60_000, state, due, used)
	}
}

func (s *stage) hears(want ...string) {
	s.Helper()
	if len(s.told) != len(want) {
		s.Errorf("it was told %q, want %q", s.told, want)
	} else {
		for i := range want {
			if s.told[i] != want[i] {
				s.Errorf("it was told %q, want %q", s.told, want)
				break
			}
		}
	}
	s.told = nil
}

// hours makes targets that are the same for every priority but those named.
func hours(usual float64, others ...any) map[ticket.Priority]int64 {
	out := map[ticket.Priority]int64{}
	for _, p := range ticket.Priorities() {
		out[p] = int64(usual * float64(time.Hour.Milliseconds()))
	}
	for i := 0; i < len(others); i += 2 {
		out[others[i].(ticket.Priority)] = int64(others[i+1].(float64) * float64(time.Hour.Milliseconds()))
	}
	return out
}

func standard() sla.Policy {
	return sla.Policy{Name: "Standard", Terms: sla.Terms{
		Targets: map[sla.Promise]map[ticket.Priority]int64{sla.FirstAnswer: hours(4, ticket.Urgent, 1.0), sla.NextAnswer: hours(6), sla.Solve: hours(16, ticket.Urgent, 4.0)},
		Warn:    []int64{time.Hour.Milliseconds()},
		Rests:   map[ticket.Status][]sla.Promise{ticket.Pending: {sla.Solve}, ticket.OnHold: {sla.Solve}},
	}}
}

func TestAPromiseOverTheNight(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		s.policy(standard())
		s.at("2026-03-02 15:00") // Monday
		x := s.create("No paper")
		s.is(x.ID, sla.FirstAnswer, sla.Running, "2026-03-03 11:00", 0)
		s.is(x.ID, sla.Solve, sla.Running, "2026-03-04 15:00", 0)
		s.drive("2026-03-03 10:30")
		s.hears("sla_warning first_answer 2026-03-03 10:00")
		s.reply(x.ID, ticket.Pending)
		s.is(x.ID, sla.FirstAnswer, sla.Ended, "2026-03-03 11:00", 210)
		s.is(x.ID, sla.Solve, sla.Resting, "never", 210)
		s.drive("2026-03-05 12:00")
		s.hears()
		s.answer(x.ID)
		s.is(x.ID, sla.NextAnswer, sla.Running, "2026-03-06 10:00", 0)
		s.is(x.ID, sla.Solve, sla.Running, "2026-03-06 16:30", 210)
	})
}

func TestPrioritiesKeepTheTimeUsed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		s.policy(standard())
		x := s.create("No paper") // Monday 9:00
		s.drive("2026-03-02 11:30")
		s.write(func(tx *db.Tx) error {
			return s.desk.SetPriority(s.ctx, tx, ticket.By{Actor: s.amara}, x.ID, ticket.Urgent)
		})
		s.is(x.ID, sla.FirstAnswer, sla.Running, "2026-03-02 11:30", 150) // an hour was promised, and has gone
		s.is(x.ID, sla.Solve, sla.Running, "2026-03-02 13:00", 150)
		s.drive("2026-03-02 11:40")
		s.hears("sla_breach first_answer 2026-03-02 11:30")
		s.drive("2026-03-02 12:10")
		s.hears("sla_warning solve 2026-03-02 12:00")
		s.write(func(tx *db.Tx) error {
			return s.desk.SetPriority(s.ctx, tx, ticket.By{Actor: s.amara}, x.ID, ticket.Low)
		})
		s.is(x.ID, sla.FirstAnswer, sla.Running, "2026-03-02 11:30", 190) // what was missed stays missed
		s.is(x.ID, sla.Solve, sla.Running, "2026-03-03 17:00", 190)
		s.drive("2026-03-04 12:00")
		s.hears("sla_breach solve 2026-03-03 17:00") // the warning was given before, and is given once
		s.reply(x.ID, ticket.Solved)
		s.drive("2026-03-10 12:00")
		s.hears()
	})
}

func TestAnAnswerAfterTheDueTimeIsLateAlsoWhenNobodySwept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		s.policy(standard())
		in, late := s.create("In time"), s.create("Late")
		s.at("2026-03-02 13:00")
		s.reply(in.ID, "")
		s.at("2026-03-02 13:01")
		s.reply(late.ID, ticket.Solved)
		s.hears("sla_breach first_answer 2026-03-02 13:01")
		if c := s.clocks(in.ID)[sla.FirstAnswer]; c.Outcome() != sla.Kept {
			t.Errorf("to the minute is %s: %+v", c.Outcome(), c)
		}
		if c := s.clocks(late.ID)[sla.FirstAnswer]; c.Outcome() != sla.Missed || s.clock(c.BreachedAt) != "2026-03-02 13:00" {
			t.Errorf("a minute late is %s: %+v", c.Outcome(), c)
		}
		s.drive("2026-03-09 12:00")
		for _, told := range s.told {
			if told == "sla_breach first_answer 2026-03-02 13:01" || told == "sla_breach solve 2026-03-03 17:00" && s.clocks(late.ID)[sla.Solve].BreachedAt != 0 {
				t.Errorf("told again, or although it was solved: %s", told)
			}
		}
	})
}

func TestReopeningGoesOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		s.policy(standard())
		x := s.create("No paper")
		s.drive("2026-03-02 12:00")
		s.status(x.ID, ticket.Solved) // without an answer
		if c := s.clocks(x.ID)[sla.FirstAnswer]; c.Outcome() != sla.Void {
			t.Errorf("solved without an answer is %s", c.Outcome())
		}
		s.drive("2026-03-09 12:00")
		s.hears("sla_warning first_answer 2026-03-02 12:00")
		s.status(x.ID, ticket.Open)
		s.is(x.ID, sla.FirstAnswer, sla.Running, "2026-03-09 13:00", 180)
		s.is(x.ID, sla.Solve, sla.Running, "2026-03-10 17:00", 180)
		s.drive("2026-03-09 12:30")
		s.reply(x.ID, ticket.Solved)
		s.drive("2026-03-16 09:00")
		s.answer(x.ID)
		s.is(x.ID, sla.NextAnswer, sla.Running, "2026-03-16 15:00", 0)
		s.is(x.ID, sla.Solve, sla.Running, "2026-03-17 13:30", 210)
		s.hears()
	})
}

func TestTeamsPromiseEachOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		s.policy(sla.Policy{Name: "Network", Level: sla.BetweenTeams, Filter: "team:network", Terms: sla.Terms{Targets: map[sla.Promise]map[ticket.Priority]int64{sla.InTeam: hours(2)}}})
		x := s.create("No network")
		if all := s.clocks(x.ID); len(all) != 0 {
			t.Errorf("the first line promised nothing, but there are %+v", all)
		}
		s.at("2026-03-02 16:00")
		s.write(func(tx *db.Tx) error { return s.desk.MoveTo(s.ctx, tx, ticket.By{Actor: s.amara}, x.ID, s.network) })
		s.is(x.ID, sla.InTeam, sla.Running, "2026-03-03 10:00", 0)
		s.at("2026-03-03 09:30")
		s.write(func(tx *db.Tx) error { return s.desk.MoveTo(s.ctx, tx, ticket.By{Actor: s.amara}, x.ID, s.firstLine) })
		s.is(x.ID, sla.InTeam, sla.Ended, "2026-03-03 10:00", 90)
		if c := s.clocks(x.ID)[sla.InTeam]; c.Outcome() != sla.Kept {
			t.Errorf("it is %s", c.Outcome())
		}
	})
}

func TestMergesAndSplits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		s.policy(standard())
		old := s.create("No paper")
		s.drive("2026-03-02 11:00")
		young := s.create("No paper either")
		s.reply(young.ID, "")
		s.drive("2026-03-02 11:30")
		s.write(func(tx *db.Tx) error {
			_, err := s.desk.Merge(s.ctx, tx, ticket.By{Actor: s.amara}, young.ID, []int64{old.ID})
			return err
		})
		// Whoever waits for the old one's answer still waits, since Monday 9:00.
		s.is(young.ID, sla.NextAnswer, sla.Running, "2026-03-02 15:00", 150)
		s.is(young.ID, sla.Solve, sla.Running, "2026-03-03 17:00", 150)
		s.is(old.ID, sla.FirstAnswer, sla.Resting, "never", 150)
		s.drive("2026-03-02 12:00")
		s.write(func(tx *db.Tx) error {
			_, err := s.desk.UndoMerge(s.ctx, tx, ticket.By{Actor: s.amara}, old.ID)
			return err
		})
		s.is(old.ID, sla.FirstAnswer, sla.Running, "2026-03-02 13:30", 150)
		s.is(young.ID, sla.Solve, sla.Running, "2026-03-04 11:00", 60)
		if c := s.clocks(young.ID)[sla.NextAnswer]; c.Outcome() != sla.Void {
			t.Errorf("the wait that the merge brought is %s", c.Outcome())
		}

		s.drive("2026-03-02 13:00")
		s.answer(young.ID)
		var part ticket.Ticket
		s.write(func(tx *db.Tx) error {
			all, err := ticket.Messages(s.ctx, tx, young.ID, true)
			if err != nil {
				return err
			}
			part, err = s.desk.Split(s.ctx, tx, ticket.By{Actor: s.amara}, young.ID, ticket.Off{Message: all[len(all)-1].ID})
			return err
		})
		s.is(part.ID, sla.Solve, sla.Running, "2026-03-04 11:00", 120)
		s.is(part.ID, sla.FirstAnswer, sla.Running, "2026-03-02 17:00", 0)
	})
}

func TestAPolicyThatChangesKeepsTheTimeUsed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		p := standard()
		p.ID = s.policy(p)
		x := s.create("No paper")
		s.drive("2026-03-02 11:00")
		p.Targets[sla.FirstAnswer] = hours(3)
		s.policy(p)
		s.is(x.ID, sla.FirstAnswer, sla.Running, "2026-03-02 12:00", 120)
		s.is(x.ID, sla.Solve, sla.Running, "2026-03-03 17:00", 120)

		// The office opens at ten from tomorrow on; today's two hours stay.
		d1 := calendar.Standard("Europe/Berlin")
		for i := range d1.Hours {
			for j := range d1.Hours[i] {
				d1.Hours[i][j].From += 60
			}
		}
		s.drive("2026-03-02 11:30")
		s.write(func(tx *db.Tx) error {
			s.office.Definition = d1
			_, err := s.keeper.Calendars.Save(s.ctx, tx, s.office)
			return err
		})
		if _, err := s.queue.Drain(s.ctx); err != nil {
			t.Fatal(err)
		}
		s.is(x.ID, sla.Solve, sla.Running, "2026-03-04 11:00", 150)

		// Another policy before it, for urgent tickets by the clock on the wall.
		s.policy(sla.Policy{Name: "Round the clock", Filter: "priority:urgent", Terms: sla.Terms{Wall: true, Targets: map[sla.Promise]map[ticket.Priority]int64{sla.Solve: hours(5)}}})
		s.drive("2026-03-02 12:30")
		s.write(func(tx *db.Tx) error {
			all, err := sla.All(s.ctx, tx)
			if err != nil {
				return err
			}
			if err := sla.Move(s.ctx, tx, person.System, all[1].ID, false); err != nil {
				return err
			}
			return s.desk.SetPriority(s.ctx, tx, ticket.By{Actor: s.amara}, x.ID, ticket.Urgent)
		})
		s.is(x.ID, sla.Solve, sla.Running, "2026-03-02 14:00", 210)
		if c := s.clocks(x.ID)[sla.FirstAnswer]; c.State != sla.Resting || c.Why != sla.WhyNone || c.BreachedAt == 0 {
			t.Errorf("nothing is promised for an answer now: %+v", c)
		}
	})
}

func TestPoliciesThatCannotBe(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		for name, c := range map[string]struct {
			change func(*sla.Policy)
			field  string
		}{
			"no name":                 {func(p *sla.Policy) { p.Name = " " }, "name"},
			"a filter with a mistake": {func(p *sla.Policy) { p.Filter = "priority:soon" }, "filter"},
			"a team that is gone":     {func(p *sla.Policy) { p.Filter = "team:nobody" }, "filter"},
			"promises nothing":        {func(p *sla.Policy) { p.Targets = nil }, "first_answer.normal"},
			"solved before answered":  {func(p *sla.Policy) { p.Targets[sla.Solve] = hours(2) }, "solve.normal"},
			"a second":                {func(p *sla.Policy) { p.Targets[sla.NextAnswer][ticket.Low] = 1000 }, "next_answer.low"},
			"less than nothing":       {func(p *sla.Policy) { p.Targets[sla.NextAnswer][ticket.Low] = -1 }, "next_answer.low"},
			"a warning too early":     {func(p *sla.Policy) { p.Warn = []int64{hours(99)[ticket.Low]} }, "warn"},
			"too many warnings":       {func(p *sla.Policy) { p.Warn = []int64{1, 2, 3, 4} }, "warn"},
			"a calendar that is gone": {func(p *sla.Policy) { p.Calendars = []int64{4711} }, "calendars"},
			"longer than there is":    {func(p *sla.Policy) { p.Targets[sla.Solve] = hours(1e6) }, "solve.normal"},
		} {
			p := standard()
			p.Level = sla.ToRequesters
			c.change(&p)
			err := d.Write(s.ctx, func(tx *db.Tx) error { _, err := sla.Save(s.ctx, tx, s.keeper.Calendars, person.System, p); return err })
			f, ok := fault.Of(err)
			if !ok || len(f.Fields) == 0 || !slices.ContainsFunc(f.Fields, func(x fault.Field) bool { return x.Name == c.field }) {
				t.Errorf("%s: %v, want something about %s", name, err, c.field)
			}
		}
	})
}

// TestWhatARuleChangesAtOnce has something change the ticket at the end of the transaction in which it came.
func TestWhatARuleChangesAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		s.policy(sla.Policy{Name: "Urgent alone", Filter: "priority:urgent", Terms: sla.Terms{Targets: map[sla.Promise]map[ticket.Priority]int64{sla.Solve: {ticket.Urgent: 3_600_000}}}})
		raises := func(ctx context.Context, tx *db.Tx, e ticket.Event, x ticket.Ticket, m *ticket.Message) error {
			if e.What != ticket.Messaged || m.Seq != 1 {
				return nil
			}
			return s.desk.SetPriority(ctx, tx, ticket.By{Actor: person.System}, x.ID, ticket.Urgent)
		}
		s.desk.Later = []ticket.Hook{raises, s.keeper.Hook()}
		x := s.create("No paper")
		s.is(x.ID, sla.Solve, sla.Running, "2026-03-02 10:00", 0)
	})
}
