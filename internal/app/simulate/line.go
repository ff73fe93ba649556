package simulate

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/line"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// told is what a requester read on their page at a moment.
type told struct {
	Ticket  int64
	Team    int64
	At      clock.Instant
	Hour    int
	Arrival bool
	Wait    line.Wait
}

// laterLooks are after how long somebody looks at their page again.
var laterLooks = []time.Duration{25 * time.Minute, 3 * time.Hour, 20 * time.Hour}

// looksAtLine has a requester look at their page: when they have asked, and some of them later.
func (s *simulation) looksAtLine(x *life, arrival bool) error {
	err := s.d.Read(s.ctx, func(tx *db.Tx) error {
		t, err := ticket.Get(s.ctx, tx, person.System, person.SeeTicket, x.id)
		if err != nil {
			return err
		}
		p, err := line.PlaceOf(s.ctx, tx, t)
		if err != nil || !p.Waits || t.WaitingSince == 0 {
			return err
		}
		w, err := s.line.WaitOf(s.ctx, tx, t, p)
		if err == nil {
			s.told = append(s.told, told{x.id, t.TeamID, tx.Now, tx.Now.Time().In(s.zone).Hour(), arrival, w})
		}
		return err
	})
	if err != nil || !arrival {
		return err
	}
	for _, later := range laterLooks {
		if s.chance(0.5) {
			s.after(s.lasts(later, 0.4), func() error {
				if x.over {
					return nil
				}
				return s.looksAtLine(x, false)
			})
		}
	}
	return nil
}

// LineAudit says whether what those who waited were told held.
type LineAudit struct {
	Arrival, Later LineFigures
	// Cells are those of at least 400 waits at arrival, by team and hour of the day.
	Cells []LineCell
	// Early and After are how many were told nothing in the first four weeks, and after them, of how many.
	Early, After [2]int
}

// LineFigures are how often the ranges held, and how far off their bounds were.
type LineFigures struct {
	N          int
	Half, Most float64 // the share of waits within the range that half, and nine of ten, were told to be in
	// Loss is the pinball loss of the bounds in working minutes; Base that of "same hour, last four weeks" and Team that of "same hour, same
	// team, last four weeks", over the same waits.
	Loss, Base, Team float64
}

// LineCell is LineFigures of a team, an hour, or both.
type LineCell struct {
	Name string
	LineFigures
}

// outcome is something told and what came.
type outcome struct {
	told
	bounds     line.Bounds // what was told, in working time of the team
	worked     int64
	ended      clock.Instant
	base, team line.Bounds // by the hour, and by the hour in the team
	based      bool        // there were enough waits for both
}

const fourWeeks = 28 * 24 * time.Hour

// auditLine compares what was told with when a person answered, or put the ticket aside, which is read from messages and events and from
// nothing that the line keeps.
func (s *simulation) auditLine() (a LineAudit, err error) {
	answers := map[int64][]clock.Instant{}
	err = s.d.Read(s.ctx, func(tx *db.Tx) error {
		rows, err := db.All[struct {
			TicketID int64
			At       clock.Instant
		}](s.ctx, tx, `SELECT coalesce(m.home_id, m.ticket_id) AS ticket_id, m.created_at AS at FROM message m JOIN event e ON e.message_id = m.id AND e.what = 'message' AND e.actor = 'person' WHERE NOT m.inbound AND NOT m.internal AND NOT m.automatic
			UNION ALL SELECT e.ticket_id, e.at FROM event e JOIN ticket t ON t.id = e.ticket_id WHERE e.actor = 'person' AND e.person_id <> t.requester_id
				AND (e.what = 'status' AND e.to_value IN ('pending', 'on_hold', 'solved', 'closed') OR e.what = 'snooze' AND e.to_value <> '') ORDER BY at`)
		for _, r := range rows {
			answers[r.TicketID] = append(answers[r.TicketID], r.At)
		}
		return err
	})
	if err != nil {
		return a, err
	}
	var all []outcome
	first := clock.From(s.From)
	for _, x := range s.told {
		if count := &a.After; true {
			if x.At.Sub(first) < fourWeeks {
				count = &a.Early
			}
			if count[1]++; !x.Wait.Known {
				count[0]++
			}
		}
		i, _ := slices.BinarySearch(answers[x.Ticket], x.At+1)
		if i == len(answers[x.Ticket]) {
			continue
		}
		at := answers[x.Ticket][i]
		o := outcome{told: x, ended: at}
		if o.worked, err = s.workedIn(x.Team, x.At, at); err != nil {
			return a, err
		}
		if o.bounds, err = s.boundsOf(x); err != nil {
			return a, err
		}
		all = append(all, o)
	}
	s.baseline(all)
	names := map[int64]string{}
	for _, t := range s.teams {
		names[t.id] = t.slug
	}
	a.count(all, names, first)
	return a, nil
}

func (s *simulation) workedIn(team int64, from, to clock.Instant) (ms int64, err error) {
	err = s.d.Read(s.ctx, func(tx *db.Tx) error {
		ms, err = s.line.Worked(s.ctx, tx, team, from, to)
		return err
	})
	return ms, err
}

// boundsOf are the moments that were told, in working time of the team: who waits for one person was told of the hours of theirs.
func (s *simulation) boundsOf(x told) (b line.Bounds, err error) {
	if !x.Wait.Known {
		return b, nil
	}
	for k, at := range []clock.Instant{x.Wait.Most.From, x.Wait.Half.From, x.Wait.Half.To, x.Wait.Most.To} {
		if b[k], err = s.workedIn(x.Team, x.At, at); err != nil {
			return b, err
		}
	}
	return b, nil
}

// baseline is what somebody would be told who only looks at how long it took at this hour of the day in the last four weeks: of waits that
// were over by then.
func (s *simulation) baseline(all []outcome) {
	arrivals := map[[2]int64][]outcome{}
	for i := range all {
		o := &all[i]
		hour, team := [2]int64{0, int64(o.Hour)}, [2]int64{o.Team, int64(o.Hour)}
		of, ok := lately(arrivals[hour], o.At)
		in, also := lately(arrivals[team], o.At)
		o.base, o.team, o.based = of, in, ok && also
		if o.Arrival {
			arrivals[hour], arrivals[team] = append(arrivals[hour], *o), append(arrivals[team], *o)
		}
	}
}

// lately are the bounds that the waits of the last four weeks had that were over at a moment, of ten at least.
func lately(all []outcome, at clock.Instant) (b line.Bounds, ok bool) {
	var same []int64
	for _, p := range all {
		if at.Sub(p.At) < fourWeeks && p.ended < at {
			same = append(same, p.worked)
		}
	}
	if len(same) < 10 {
		return b, false
	}
	slices.Sort(same)
	for k, level := range line.Levels() {
		b[k] = same[min(len(same)-1, int(level*float64(len(same))))]
	}
	return b, true
}

// count sums up what is counted after four weeks.
func (a *LineAudit) count(all []outcome, teams map[int64]string, first clock.Instant) {
	cells := map[string][]outcome{}
	var arrival, later []outcome
	for _, o := range all {
		if o.At.Sub(first) < fourWeeks || !o.Wait.Known {
			continue
		}
		if !o.Arrival {
			later = append(later, o)
			continue
		}
		arrival = append(arrival, o)
		team, hour := teams[o.Team], fmt.Sprintf("%02d:00", o.Hour)
		for _, name := range []string{"team " + team, "hour " + hour, team + " " + hour} {
			cells[name] = append(cells[name], o)
		}
	}
	a.Arrival, a.Later = figures(arrival), figures(later)
	for name, some := range cells {
		if len(some) >= 400 {
			a.Cells = append(a.Cells, LineCell{name, figures(some)})
		}
	}
	slices.SortFunc(a.Cells, func(x, y LineCell) int { return cmp.Compare(x.Name, y.Name) })
}

func figures(all []outcome) (f LineFigures) {
	based := 0
	for _, o := range all {
		f.N++
		if o.worked >= o.bounds[1] && o.worked <= o.bounds[2] {
			f.Half++
		}
		if o.worked >= o.bounds[0] && o.worked <= o.bounds[3] {
			f.Most++
		}
		if o.based {
			based++
			for k, level := range line.Levels() {
				f.Loss += pinball(o.bounds[k], o.worked, level)
				f.Base += pinball(o.base[k], o.worked, level)
				f.Team += pinball(o.team[k], o.worked, level)
			}
		}
	}
	f.Half, f.Most = f.Half/float64(max(1, f.N)), f.Most/float64(max(1, f.N))
	f.Loss, f.Base, f.Team = f.Loss/float64(max(1, based)), f.Base/float64(max(1, based)), f.Team/float64(max(1, based))
	return f
}

// pinball is how much a bound at a level is off, in minutes: what lies above it counts with the level, what lies below with the rest.
func pinball(bound, worked int64, level float64) float64 {
	d := float64(worked-bound) / 60e3
	return math.Max(level*d, (level-1)*d)
}

// Print writes the table.
func (a LineAudit) Print(to io.Writer) {
	share := func(c [2]int) float64 { return 100 * float64(c[0]) / float64(max(1, c[1])) }
	fmt.Fprintf(to, "Told nothing: %.1f%% of %d in the first four weeks, %.1f%% of %d after.\n\n", share(a.Early), a.Early[1], share(a.After), a.After[1])
	fmt.Fprintf(to, "%-22s %6s %7s %7s %9s %9s %6s %9s %6s\n", "", "waits", "50%", "90%", "loss", "by hour", "less", "and team", "less")
	row := func(name string, f LineFigures) {
		less := func(base float64) float64 { return 100 * (1 - f.Loss/math.Max(base, 1e-9)) }
		fmt.Fprintf(to, "%-22s %6d %6.1f%% %6.1f%% %8.1fm %8.1fm %5.0f%% %8.1fm %5.0f%%\n", name, f.N, 100*f.Half, 100*f.Most, f.Loss, f.Base, less(f.Base), f.Team, less(f.Team))
	}
	row("at arrival", a.Arrival)
	row("at later looks", a.Later)
	for _, c := range a.Cells {
		row(strings.TrimPrefix(c.Name, "hour "), c.LineFigures)
	}
}
