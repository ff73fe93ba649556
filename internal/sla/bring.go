package sla

import (
	"strconv"

	"goodturn/internal/db"
)

// bring has the ticket's promises go on with what those of another had used, which became part of this one or of which this was a part:
// whoever has waited longer decides.
func (h *hand) bring(from int64, why string) error {
	theirs, err := clocksOf(h.ctx, h.tx, from)
	if err != nil {
		return err
	}
	var solve, answer *Clock
	for _, c := range theirs {
		switch {
		case c.Promise == Solve:
			solve = c
		case (c.Promise == FirstAnswer || c.Promise == NextAnswer) && c.State != Ended:
			answer = c
		}
	}
	if err := h.carry(h.open(Solve), solve, from, why); err != nil || why == WhySplit || answer == nil {
		return err
	}
	mine := h.open(FirstAnswer)
	if mine == nil {
		mine = h.open(NextAnswer)
	}
	if mine == nil && h.t.IsOpen && h.t.WaitingSince > 0 {
		p := FirstAnswer
		if h.t.AnsweredAt != 0 {
			p = NextAnswer
		}
		if err := h.begin(p, h.tx.Now); err != nil {
			return err
		}
		if mine = h.open(p); mine != nil {
			mine.BroughtBy = from
		}
	}
	return h.carry(mine, answer, from, why)
}

// carry adds to a clock what another had used more.
func (h *hand) carry(c, other *Clock, from int64, why string) error {
	if c == nil || other == nil {
		return nil
	}
	in, err := h.set.calendarOf(h.ctx, h.tx, other)
	if err != nil {
		return err
	}
	theirs := other.Used + other.spent(h.tx.Now, in)
	if err := h.advance(c, h.tx.Now); err != nil || theirs <= c.Used {
		return err
	}
	return h.add(c, theirs-c.Used, why+" "+strconv.FormatInt(from, 10))
}

// add counts so many milliseconds more for a reason.
func (h *hand) add(c *Clock, more int64, why string) error {
	h.spans = append(h.spans, pastSpan{c, Span{FromAt: h.tx.Now, UntilAt: h.tx.Now, Why: why, Terms: c.Terms, Target: c.Target, Used: more}})
	c.Used += more
	h.dirty[c] = true
	if c.State == Ended {
		return nil
	}
	to, err := h.course(c.Promise)
	if err == nil {
		c.plan(to.warn, to.when)
	}
	return err
}

// giveBack takes away what a ticket had brought that is one of its own again.
func (h *hand) giveBack(to int64) error {
	number := strconv.FormatInt(to, 10)
	for _, c := range h.clocks {
		if c.BroughtBy == to && c.State != Ended {
			if err := h.steer(c, h.tx.Now, course{state: Ended, why: WhyParted, policy: c.PolicyID, terms: c.Terms, target: c.Target}); err != nil {
				return err
			}
			continue
		}
		brought, err := db.One[int64](h.ctx, h.tx, `SELECT coalesce(CAST(sum(used) AS BIGINT), 0) FROM sla_span WHERE clock_id = $1 AND why IN ($2, $3)`, c.ID, WhyMerged+" "+number, WhyParted+" "+number)
		if err != nil {
			return err
		}
		if brought <= 0 {
			continue
		}
		if err := h.advance(c, h.tx.Now); err != nil {
			return err
		}
		if err := h.add(c, -brought, WhyParted+" "+number); err != nil {
			return err
		}
	}
	return nil
}
