package sla

import (
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
)

// course is how a clock goes on.
type course struct {
	state  State
	why    string
	policy int64
	terms  string
	target int64
	warn   []int64
	when   *calendar.Calendar // in which it counts from now on; nil for a clock that does not run
}

// same tells that a clock goes on as it does.
func (c *Clock) same(to course) bool {
	return c.State == to.state && c.Why == to.why && c.Terms == to.terms && c.Target == to.target
}

// spent is how much is counted from Since to a moment, in milliseconds, by the calendar that it runs in.
func (c *Clock) spent(at clock.Instant, in *calendar.Calendar) int64 {
	if c.State != Running || at <= c.Since {
		return 0
	}
	return in.Worked(c.Since, at).Milliseconds()
}

// late notes a breach that nobody has found yet, and tells whether there is one.
func (c *Clock) late(at clock.Instant) bool {
	if c.State != Running || c.BreachedAt != 0 || c.DueAt == 0 || c.DueAt >= at {
		return false
	}
	c.BreachedAt = c.DueAt
	return true
}

// advance ends the stretch that a clock is in at a moment and gives it, if it has any length. in is the calendar that it ran in.
func (c *Clock) advance(at clock.Instant, in *calendar.Calendar) (Span, bool) {
	at = max(at, c.Since)
	past := Span{ClockID: c.ID, FromAt: c.Since, UntilAt: at, Why: c.Why, Terms: c.Terms, Target: c.Target, Used: c.spent(at, in)}
	c.Used += past.Used
	c.Since = at
	return past, past.UntilAt > past.FromAt
}

// turn sets a clock that was advanced on its course.
func (c *Clock) turn(to course) {
	c.State, c.Why, c.PolicyID, c.Terms, c.Target, c.EndedAt = to.state, to.why, to.policy, to.terms, to.target, 0
	if c.State == Ended {
		c.EndedAt, c.NextAt = c.Since, 0 // when it was due stays to be read
		return
	}
	c.plan(to.warn, to.when)
}

// plan finds when a clock is due, and when there is something to tell.
func (c *Clock) plan(warn []int64, in *calendar.Calendar) {
	c.DueAt, c.NextAt = 0, 0
	if c.State != Running || c.Target == 0 {
		return
	}
	if c.DueAt = c.BreachedAt; c.DueAt != 0 {
		return
	}
	if c.DueAt = c.when(0, in); c.DueAt == 0 {
		return
	}
	c.NextAt = c.DueAt
	if w := c.nextWarning(warn); w != 0 {
		c.NextAt = min(c.NextAt, c.when(w, in))
	}
}

// when is the moment at which so many milliseconds are left; 0 for never.
func (c *Clock) when(left int64, in *calendar.Calendar) clock.Instant {
	more := c.Target - c.Used - left
	if more <= 0 {
		return c.Since
	}
	at, ever := in.Due(c.Since, time.Duration(more)*time.Millisecond)
	if !ever {
		return 0
	}
	return at
}

// nextWarning is the warning to be given next, in milliseconds before; 0 for none. warn is in falling order. One that is as long as what
// is promised says nothing, and one that is longer than another given already comes too late.
func (c *Clock) nextWarning(warn []int64) int64 {
	for _, w := range warn {
		if w < c.Target && (c.Warned == 0 || w < c.Warned) {
			return w
		}
	}
	return 0
}

// tell says what there is to tell at a moment that is not before NextAt: that it was missed, or that it is in danger.
func (c *Clock) tell(at clock.Instant, warn []int64, in *calendar.Calendar) (missed, danger bool) {
	if c.State != Running || c.NextAt == 0 || c.NextAt > at {
		return false, false
	}
	if c.DueAt <= at {
		c.BreachedAt = c.DueAt
		c.plan(warn, in)
		return true, false
	}
	for w := c.nextWarning(warn); w != 0 && c.when(w, in) <= at; w = c.nextWarning(warn) {
		c.Warned, danger = w, true // several at once are one
	}
	c.plan(warn, in)
	return false, danger
}
