package simulate

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"math/rand/v2"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/forecast"
	"goodturn/internal/person"
	"goodturn/internal/proposal"
	"goodturn/internal/secret"
	"goodturn/internal/shift"
)

// RotaAudit is what a year of the first line's rota came to.
type RotaAudit struct {
	Weeks          int           // that were planned
	Shifts, Filled int           // that were planned, and that somebody had when they began
	Missing        time.Duration // of shifts that no rota could have filled, by what was proposed
	Swaps, Asked   int           // swaps that took place, and that were asked for
	GivenBack      int           // shifts that somebody gave back
	// Least and Most are the unloved hours of who had least and most, each against their part of the year at work.
	Least, Most, Mean time.Duration
	Forecast          [2]forecast.Measured // one and two weeks ahead
}

// Print writes it.
func (a RotaAudit) Print(to io.Writer) {
	if a.Weeks == 0 {
		return
	}
	fmt.Fprintf(to, "Rota of the first line, %d weeks: %d of %d shifts had somebody (%.1f%%); %s of shifts no rota could have filled\n", a.Weeks, a.Filled, a.Shifts, 100*float64(a.Filled)/float64(max(1, a.Shifts)), a.Missing)
	fmt.Fprintf(to, "%d of %d swaps took place, %d shifts were given back\n", a.Swaps, a.Asked, a.GivenBack)
	fmt.Fprintf(to, "Unloved hours, against the days that somebody was not on leave: from %.1f to %.1f, %.1f on the average\n", a.Least.Hours(), a.Most.Hours(), a.Mean.Hours())
	for i, m := range a.Forecast {
		fmt.Fprintf(to, "Forecast %d weeks ahead, %d weeks compared: a day off by %.2f (as the last week %.2f, chance %.2f), an hour by %.2f (%.2f, %.2f); the range of 0.80 held %.2f of %d hours\n",
			i+1, m.Weeks, m.Days.Off, m.Days.AsLastWeek, m.Days.Chance, m.Hours.Off, m.Hours.AsLastWeek, m.Hours.Chance, m.Held, m.Checked)
	}
}

// desks are what the simulation knows of the rota. Its dice are its own, so that the tickets are the same with it and without.
type rotaLife struct {
	rota    *shift.Rota
	planner *proposal.Planner
	lead    person.Actor
	r       *rand.Rand
	audit   RotaAudit
}

// makeRota has the first line work by a rota: patterns, and a lead who has each week proposed the Thursday before.
func (s *simulation) makeRota() error {
	key, err := secret.NewSigner(make([]byte, 32))
	if err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	w := &rotaLife{rota: &shift.Rota{DB: s.d, Queue: s.queue, Key: key, Log: log, Zone: s.zone}, r: rand.New(rand.NewPCG(s.Seed, 0x0707))}
	w.rota.Handlers()
	w.planner = &proposal.Planner{DB: s.d, Queue: s.queue, Rota: w.rota, Log: log, Hours: s.router.Hours}
	w.planner.Handlers()
	s.shiftwork = w
	if w.lead, err = s.person("Lead of the rota", "rota@desk.example", person.Lead); err != nil {
		return err
	}
	team := s.teams[0]
	most := len(team.agents)
	day := calendar.DateAt(s.now.Time().In(s.zone))
	for _, p := range []struct {
		name, rule, hours string
		needed            int
	}{
		{"Early", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "8–16", max(1, most/3)},
		{"Late", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "12–20", max(1, most/5)},
		{"Weekend", "FREQ=WEEKLY;BYDAY=SA,SU", "10–16", 1},
	} {
		pattern := shift.Pattern{TeamID: team.id, Name: p.name, Rule: p.rule, FirstDay: day, Zone: s.zone.String(), Needed: p.needed}
		if err := pattern.SetHours(p.hours, ""); err != nil {
			return err
		}
		s.now++
		if err := s.write(func(tx *db.Tx) error {
			_, err := w.rota.SavePattern(s.ctx, tx, w.lead, pattern)
			return err
		}); err != nil {
			return fmt.Errorf("pattern %s: %w", p.name, err)
		}
	}
	for _, a := range team.agents { // some like the late shift, some the weekend, some neither
		wishes := []proposal.Wishes{{"evening": 1}, {"saturday": -3, "sunday": -3}, {"morning": 1}, nil, {"monday": -1}}[w.r.IntN(5)]
		s.now++
		if err := s.write(func(tx *db.Tx) error { return proposal.SaveWishes(s.ctx, tx, a.Actor, wishes) }); err != nil {
			return err
		}
	}
	s.after(time.Hour, s.planWeek)
	return nil
}

// planWeek has a rota proposed for the next week that has not been planned, and again a week later.
func (s *simulation) planWeek() error {
	w, team := s.shiftwork, s.teams[0]
	if err := w.rota.Sweep(s.ctx); err != nil {
		return err
	}
	in := shift.WeekOf(s.now.Add(7*24*time.Hour), s.zone)
	s.now++
	var id int64
	err := s.write(func(tx *db.Tx) (err error) {
		id, err = w.planner.Ask(s.ctx, tx, w.lead, team.id, in)
		return err
	})
	switch {
	case fault.Is(err, fault.KindConflict): // nothing is open
		s.after(7*24*time.Hour, s.planWeek)
		return nil
	case err != nil:
		return err
	}
	if _, err := s.queue.Drain(s.ctx); err != nil {
		return err
	}
	s.now++
	err = s.write(func(tx *db.Tx) error {
		p, err := proposal.Get(s.ctx, tx, w.lead, id)
		if err != nil {
			return err
		}
		if _, _, err := w.planner.Take(s.ctx, tx, w.lead, id, nil); err != nil {
			return err
		}
		w.audit.Missing += p.Result.EmptyAtLeast
		w.audit.Weeks++
		_, _, err = w.rota.Publish(s.ctx, tx, w.lead, team.id, in)
		return err
	})
	if err != nil {
		return fmt.Errorf("plan the week of %s: %w", in.From.Time().Format(time.DateOnly), err)
	}
	for range 3 {
		s.after(time.Duration(20+w.r.IntN(100))*time.Hour, s.wantsSwap)
	}
	s.after(7*24*time.Hour, s.planWeek)
	return nil
}

// wantsSwap has somebody ask a colleague for a swap, or give a shift back. What the rules refuse does not take place.
func (s *simulation) wantsSwap() error {
	w, team := s.shiftwork, s.teams[0]
	a, b := team.agents[w.r.IntN(len(team.agents))], team.agents[w.r.IntN(len(team.agents))]
	back := w.r.IntN(6) == 0
	s.now++
	return s.write(func(tx *db.Tx) error {
		in := shift.Span{From: tx.Now, Until: tx.Now.Add(10 * 24 * time.Hour)}
		mine, err := shift.Of(s.ctx, tx, a.ID, in)
		if err != nil || len(mine) == 0 {
			return err
		}
		given := mine[w.r.IntN(len(mine))]
		if back {
			if err := w.rota.GiveBack(s.ctx, tx, a.Actor, given.ID); err == nil {
				w.audit.GivenBack++
			} else if !refused(err) {
				return err
			}
			return nil
		}
		theirs, err := shift.Of(s.ctx, tx, b.ID, in)
		if err != nil || len(theirs) == 0 || a == b {
			return err
		}
		w.audit.Asked++
		id, err := w.rota.AskSwap(s.ctx, tx, a.Actor, given.ID, theirs[w.r.IntN(len(theirs))].ID, "")
		if err == nil {
			err = w.rota.AgreeSwap(s.ctx, tx, b.Actor, id)
		}
		if err == nil {
			w.audit.Swaps++
		} else if !refused(err) {
			return err
		}
		return nil
	})
}

// refused tells that the rules said no, which they may.
func refused(err error) bool {
	var f *fault.Error
	return errors.As(err, &f)
}

// auditRota counts what the rota came to, from the shifts as they are at the end.
func (s *simulation) auditRota() (a RotaAudit, err error) {
	w, team := s.shiftwork, s.teams[0]
	if w == nil {
		return a, nil
	}
	a = w.audit
	first := clock.From(s.From).Add(7 * 24 * time.Hour)
	unloved := map[int64]int{}
	err = s.d.Read(s.ctx, func(tx *db.Tx) error {
		all, err := shift.Between(s.ctx, tx, team.id, shift.Span{From: first, Until: s.end})
		for _, x := range all {
			a.Shifts++
			if x.PersonID != 0 {
				a.Filled++
				unloved[x.PersonID] += x.Unloved
			}
		}
		if err != nil {
			return err
		}
		h := forecast.Hours{From: first.Add(-7*24*time.Hour) / hourLong * hourLong}
		h.Counts = make([]int, int((s.end-h.From)/hourLong))
		came, err := db.All[clock.Instant](s.ctx, tx, `SELECT created_at FROM ticket WHERE team_id = $1 AND trashed_at = 0`, team.id)
		for _, at := range came {
			if i := int((at - h.From) / hourLong); i >= 0 && i < len(h.Counts) {
				h.Counts[i]++
			}
		}
		for i := range a.Forecast {
			a.Forecast[i] = forecast.Backtest(h, forecast.Desk{Zone: s.zone}, i+1)
		}
		return err
	})
	a.Least = time.Duration(math.MaxInt64)
	for _, x := range team.agents {
		leave := 0
		for _, l := range x.leave {
			leave += min(l[1], max(0, s.Days-l[0]))
		}
		part := math.Max(0.1, 1-float64(leave)/float64(s.Days))
		had := time.Duration(float64(unloved[x.ID])/part) * time.Minute
		a.Least, a.Most = min(a.Least, had), max(a.Most, had)
		a.Mean += had / time.Duration(len(team.agents))
	}
	return a, err
}

const hourLong = clock.Instant(60 * 60 * 1000)
