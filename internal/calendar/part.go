package calendar

import (
	"time"

	"goodturn/internal/clock"
)

// Reason says why time counts or does not.
type Reason string

// The reasons: three for time that counts, four for time that does not.
const (
	Hours    Reason = "hours"    // the week has these hours
	Opening  Reason = "opening"  // opened for once, under the name given
	WallTime Reason = "always"   // every moment counts
	Outside  Reason = "outside"  // before, between or after the hours of that day
	NoHours  Reason = "no_hours" // a weekday without hours
	Holiday  Reason = "holiday"  // under the name given
	DayOff   Reason = "day_off"  // a day off of one's own, under the name given
)

// Part is a stretch of time that counts, or does not, for one reason.
type Part struct {
	From, To clock.Instant
	Open     bool
	Why      Reason
	Name     string // of the holiday, the day off or the opening; "" otherwise
}

// Parts tells the time between two moments in order, without gaps: what counts, what does not, and why. The open parts add
// up to Worked. Neighbours with the same reason and name are one part, so a weekend is one; an opening of one day and the
// weekly hours that touch it are two.
func (c *Calendar) Parts(from, to clock.Instant) (out []Part) {
	if to <= from {
		return nil
	}
	if c.always {
		return []Part{{from, to, true, WallTime, ""}}
	}
	begin, end := max(from, horizonFrom), min(to, horizonTo)
	if end <= begin {
		return []Part{{from, to, false, Outside, ""}}
	}
	at := from
	for _, s := range c.stretches(begin, end) {
		if s.to <= at {
			continue
		}
		if s.from > at {
			out = c.appendClosed(out, at, s.from)
		}
		out = appendPart(out, Part{max(at, s.from), s.to, true, s.why, s.name})
		at = s.to
	}
	if at < to {
		out = c.appendClosed(out, at, to)
	}
	return out
}

func appendPart(out []Part, p Part) []Part {
	if n := len(out); n > 0 && out[n-1].Open == p.Open && out[n-1].Why == p.Why && out[n-1].Name == p.Name {
		out[n-1].To = p.To
		return out
	}
	return append(out, p)
}

// appendClosed cuts closed time where a day begins on one of the walls.
func (c *Calendar) appendClosed(out []Part, from, to clock.Instant) []Part {
	for at := from; at < to; {
		why, name, until := c.closed(at)
		until = min(until, to)
		out = appendPart(out, Part{at, until, false, why, name})
		at = until
	}
	return out
}

// closed says why a closed moment does not count, and until when that surely stands. Of several calendars the first that
// has a name for it speaks: without the holiday the desk might be open.
func (c *Calendar) closed(at clock.Instant) (why Reason, name string, until clock.Instant) {
	if at < horizonFrom {
		return Outside, "", horizonFrom
	}
	if at >= horizonTo || (c.plan == nil && len(c.members) == 0) {
		return Outside, "", clock.Instant(1<<63 - 1)
	}
	if c.plan != nil {
		return c.plan.closed(at)
	}
	until = clock.Instant(1<<63 - 1)
	for _, m := range c.members {
		w, n, u := m.closed(at)
		until = min(until, u)
		if rank(w) > rank(why) {
			why, name = w, n
		}
	}
	return why, name, until
}

func rank(why Reason) int {
	switch why {
	case DayOff, Holiday:
		return 3
	case Outside:
		return 2
	case NoHours:
		return 1
	}
	return 0
}

func (p *plan) closed(at clock.Instant) (Reason, string, clock.Instant) {
	d := p.dateAt(at)
	until := p.begins(d + 1)
	for until <= at { // a day that the zone left out, or one that two zones share
		d++
		until = p.begins(d + 1)
	}
	_, why, name := p.day(d)
	if why == Hours || why == Opening {
		why, name = Outside, ""
	}
	return why, name, until
}

// dateAt is the day on the wall. Where the zone changes, the later zone speaks as soon as its day has begun.
func (p *plan) dateAt(at clock.Instant) Date {
	for i := len(p.zones) - 1; i > 0; i-- {
		if d := DateAt(time.UnixMilli(int64(at)).In(p.zones[i].loc)); d >= p.zones[i].from {
			return d
		}
	}
	d := DateAt(time.UnixMilli(int64(at)).In(p.zones[0].loc))
	if len(p.zones) > 1 {
		d = min(d, p.zones[1].from-1)
	}
	return d
}

// begins is the first moment at which the wall shows that day or a later one.
func (p *plan) begins(d Date) clock.Instant { return beginsIn(p.zoneOn(d), d) }

func beginsIn(loc *time.Location, d Date) clock.Instant {
	wall := clock.Instant(d) * daySeconds * 1000
	const slack = 2 * daySeconds * 1000
	for _, piece := range piecesOf(loc, wall-slack, wall+slack) {
		if at := max(wall-piece.offset, piece.from); at < piece.to {
			return at
		}
	}
	return wall
}
