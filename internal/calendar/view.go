package calendar

import (
	"time"

	"goodturn/internal/clock"
)

// DayPlan is one day as the wall shows it.
type DayPlan struct {
	Date   Date
	Zone   *time.Location // that holds on this day
	Spans  []Span         // in wall time; none: closed
	Why    Reason         // Hours or Opening with spans, Holiday, DayOff or NoHours without
	Name   string         // of the holiday, the day off or the opening
	Worked time.Duration  // what the spans really last, which differs where the clocks change
	Shift  time.Duration  // by how much the clock on the wall is put forward on this day; less than nothing: back
	Moved  bool           // the zone is another than on the day before
}

// Definition is what the calendar was compiled from; the zero Definition for Always and Together.
func (c *Calendar) Definition() Definition {
	if c.plan == nil {
		return Definition{}
	}
	return c.plan.def.clone()
}

// Location is the zone on whose wall the calendar reads that moment: the first calendar's of Together, UTC for Always.
func (c *Calendar) Location(at clock.Instant) *time.Location {
	switch {
	case c.plan != nil:
		return c.plan.zoneOn(c.plan.dateAt(at))
	case len(c.members) > 0:
		return c.members[0].Location(at)
	}
	return time.UTC
}

// Days tells one day after the other. It is for a calendar that was compiled; Always and Together have no days.
func (c *Calendar) Days(from Date, n int) (out []DayPlan) {
	if c.plan == nil {
		return nil
	}
	for d := from; d < from+Date(n); d++ {
		out = append(out, c.plan.dayPlan(d))
	}
	return out
}

func (p *plan) dayPlan(d Date) DayPlan {
	out := DayPlan{Date: d, Zone: p.zoneOn(d)}
	out.Spans, out.Why, out.Name = p.day(d)
	out.Moved = p.zoneOn(d-1) != out.Zone
	noon := clock.Instant(d) * daySeconds * 1000
	pieces := piecesOf(out.Zone, noon-reach*daySeconds*1000, noon+reach*daySeconds*1000)
	var real []stretch
	for _, s := range out.Spans {
		real = appendSpan(real, pieces, d, s, out.Why, out.Name)
	}
	for _, s := range real {
		out.Worked += s.to.Sub(s.from)
	}
	begins, ends := beginsIn(out.Zone, d), beginsIn(out.Zone, d+1)
	for _, piece := range pieces {
		if piece.from >= begins && piece.from < ends {
			out.Shift += time.Duration(piece.offset-offsetAt(out.Zone, piece.from-1)) * time.Millisecond
		}
	}
	return out
}

func offsetAt(loc *time.Location, at clock.Instant) clock.Instant {
	_, offset := time.UnixMilli(int64(at)).In(loc).Zone()
	return clock.Instant(offset) * 1000
}
