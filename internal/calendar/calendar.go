// Package calendar is working time: which moments count when somebody promises an answer within
// eight hours.
//
// What people write down is a Definition: a zone, hours for each weekday, holidays by region, days
// off and openings of their own. Compile checks it and makes a Calendar, which answers questions in
// well under a microsecond, also about spans of years, and never changes:
//
//	c, err := calendar.Compile(calendar.Definition{Zone: "Europe/Berlin", Hours: calendar.OfficeHours(), Regions: []string{"DE-BE"}})
//	due, ok := c.Due(came, 8*time.Hour)  // ok is false when so much is never worked
//	used := c.Worked(came, answered)
//
// One rule decides everything: a moment counts when the clock on the wall of that zone shows a time
// within a span. So in the spring night, when 02:00 to 03:00 is left out, 01:00–04:00 has two hours;
// in the autumn night, when that hour comes twice, it has four, and 02:15–02:45 is open twice. A wall
// time that never comes is no time, one that comes twice counts twice.
//
// A span belongs to the day on which it begins. 22:00–06:00 on Thursday runs into Friday even if
// Friday is a holiday, and the one of the holiday itself does not take place. When the calendar moves
// to another zone, each day is reckoned in the zone that holds on that day.
//
// Calendars reach from 1900 to 2189; before and after nobody works. Everything is whole
// milliseconds; both DST changes, leap days, days that a zone left out and historical rules are
// exact as far as the time zone database is.
package calendar

import (
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"goodturn/internal/clock"
)

// Calendar is a compiled Definition, or several together. It is immutable and may be used by many at once.
type Calendar struct {
	always  bool
	members []*Calendar // of Together; then there is no plan
	plan    *plan
	chunks  [chunkCount]atomic.Pointer[chunk] // made when first asked for; two who make the same one make equal ones
}

// Always is the calendar that is never closed: wall time.
func Always() *Calendar { return always }

var always = &Calendar{always: true}

// Together is open whenever any of the calendars is: desks that follow the sun. Together with none is never open.
func Together(cs ...*Calendar) *Calendar {
	if len(cs) == 1 {
		return cs[0]
	}
	for _, c := range cs {
		if c.always {
			return always
		}
	}
	return &Calendar{members: slices.Clone(cs)}
}

// Worked is how much working time lies between two moments; nothing if to is not after from.
func (c *Calendar) Worked(from, to clock.Instant) time.Duration {
	if to <= from {
		return 0
	}
	if c.always {
		return spanOf(from, to)
	}
	from, to = max(from, horizonFrom), min(to, horizonTo)
	if to <= from {
		return 0
	}
	first, last := chunkOf(from), chunkOf(to-1)
	worked := -c.chunk(first).before(from)
	for i := first; i < last; i++ {
		worked += c.chunk(i).total
	}
	worked += c.chunk(last).before(to)
	return time.Duration(worked) * time.Millisecond
}

// Due is the first moment by which so much was worked since from: the end of the work, not the next opening, and
// from itself when nothing is to be worked. Fractions of a millisecond are rounded up. It is false when so much is
// never worked.
func (c *Calendar) Due(from clock.Instant, worked time.Duration) (clock.Instant, bool) {
	left := milliseconds(worked)
	if left <= 0 {
		return from, true
	}
	if c.always {
		return from + clock.Instant(left), true
	}
	if from >= horizonTo {
		return 0, false
	}
	at := max(from, horizonFrom)
	for i := chunkOf(at); i < chunkCount; i++ {
		k := c.chunk(i)
		done := int64(0)
		if i == chunkOf(at) {
			done = k.before(at)
		}
		if left <= k.total-done {
			return k.when(done + left), true
		}
		left -= k.total - done
	}
	return 0, false
}

// Since is Due backwards: the last moment from which so much was worked until to. It is false when so much was
// never worked.
func (c *Calendar) Since(to clock.Instant, worked time.Duration) (clock.Instant, bool) {
	left := milliseconds(worked)
	if left <= 0 {
		return to, true
	}
	if c.always {
		return to - clock.Instant(left), true
	}
	if to <= horizonFrom {
		return 0, false
	}
	at := min(to, horizonTo)
	last := chunkOf(at - 1)
	for i := last; i >= 0; i-- {
		k := c.chunk(i)
		done := k.total
		if i == last {
			done = k.before(at)
		}
		if left <= done {
			return k.whenLast(done - left), true
		}
		left -= done
	}
	return 0, false
}

// Open tells whether the moment counts.
func (c *Calendar) Open(at clock.Instant) bool {
	next, ok := c.Opens(at)
	return ok && next == at
}

// Opens is the first moment that counts, at or after the given one. It is false when none comes.
func (c *Calendar) Opens(at clock.Instant) (clock.Instant, bool) {
	if c.always {
		return at, true
	}
	if at >= horizonTo {
		return 0, false
	}
	at = max(at, horizonFrom)
	for i := chunkOf(at); i < chunkCount; i++ {
		k := c.chunk(i)
		if n := k.upTo(at); n > 0 && at < k.end[n-1] {
			return at, true
		} else if n < len(k.start) {
			return k.start[n], true
		}
	}
	return 0, false
}

// Closes is the first moment that does not count, at or after the given one. It is false when none comes.
func (c *Calendar) Closes(at clock.Instant) (clock.Instant, bool) {
	if c.always {
		return 0, false
	}
	for at >= horizonFrom && at < horizonTo {
		k := c.chunk(chunkOf(at))
		n := k.upTo(at)
		if n == 0 || at >= k.end[n-1] {
			break
		}
		at = k.end[n-1] // at the chunk's own end the next one goes on
		if chunkOf(at) == chunkOf(at-1) {
			break
		}
	}
	return at, true
}

// spanOf is the wall time between two moments, as far as a Duration can hold it.
func spanOf(from, to clock.Instant) time.Duration {
	if ms := int64(to) - int64(from); ms >= 0 && ms <= math.MaxInt64/int64(time.Millisecond) {
		return time.Duration(ms) * time.Millisecond
	}
	return math.MaxInt64
}

func milliseconds(d time.Duration) int64 {
	if d <= 0 {
		return 0
	}
	ms := int64(d / time.Millisecond)
	if d%time.Millisecond > 0 {
		ms++
	}
	return ms
}

// location keeps the zones that were read: reading one takes longer than a year of working time.
func location(name string) (*time.Location, error) {
	if known, ok := locations.Load(name); ok {
		return known.(*time.Location), nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, err
	}
	locations.Store(name, loc)
	return loc, nil
}

var locations sync.Map // by name, *time.Location; only names that exist, of which there are some six hundred
