package sla

import (
	"context"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
)

// Account is a promise of a ticket with everything that its due time comes from.
type Account struct {
	Clock
	Policy  Policy // as it was when the clock was last set
	Spent   int64  // what is counted by now, in milliseconds
	Entries []Entry
}

// Entry is a stretch of time in an account, or a part of it: what was counted, and why the rest was not.
type Entry struct {
	From, To clock.Instant
	Counted  int64           // milliseconds of it that count
	Why      string          // why none of it counts, or what brought it: one of the Why constants; "" when it was counted by a calendar
	Ticket   int64           // that WhyMerged, WhySplit and WhyParted speak of; 0 else
	Closed   calendar.Reason // why a calendar did not count it; "" for open
	Name     string          // of a holiday or day off
	Ahead    bool            // still to come: up to when it is due
	Target   int64           // what was promised meanwhile, in milliseconds
	Policy   int64           // by which policy
	Version  int64
}

// Explain gives the account of every promise of a ticket, oldest first, with the time up to when it is due. now is when it is asked.
func (k *Keeper) Explain(ctx context.Context, tx *db.Tx, ticketID int64, now clock.Instant) ([]Account, error) {
	set, err := k.policies(ctx, tx)
	if err != nil {
		return nil, err
	}
	clocks, err := clocksOf(ctx, tx, ticketID)
	if err != nil {
		return nil, err
	}
	out := make([]Account, 0, len(clocks))
	for _, c := range clocks {
		a, err := set.account(ctx, tx, c, now)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

func (s *policySet) account(ctx context.Context, tx *db.Tx, c *Clock, now clock.Instant) (Account, error) {
	a := Account{Clock: *c, Spent: c.Used}
	past, err := db.All[Span](ctx, tx, `SELECT clock_id, from_at, until_at, why, terms, target, used FROM sla_span WHERE clock_id = $1 ORDER BY id`, c.ID)
	if err != nil {
		return a, err
	}
	if ref := ReadTerms(c.Terms); ref.Policy != 0 {
		if a.Policy, err = s.at(ctx, tx, ref.Version); err != nil {
			return a, err
		}
	}
	for _, p := range past {
		if err := s.add(ctx, tx, &a, p, false); err != nil {
			return a, err
		}
	}
	if c.State == Ended {
		return a, nil
	}
	open := Span{FromAt: c.Since, UntilAt: max(now, c.Since), Why: c.Why, Terms: c.Terms, Target: c.Target}
	if c.State == Running {
		in, err := s.calendarOf(ctx, tx, c)
		if err != nil {
			return a, err
		}
		open.Used = c.spent(open.UntilAt, in)
		a.Spent += open.Used
	}
	if err := s.add(ctx, tx, &a, open, false); err != nil || c.State != Running || c.DueAt <= open.UntilAt {
		return a, err
	}
	return a, s.add(ctx, tx, &a, Span{FromAt: open.UntilAt, UntilAt: c.DueAt, Terms: c.Terms, Target: c.Target, Used: c.Target - a.Spent}, true)
}

// longestParts is how long a stretch may be to be told day by day.
const longestParts = 60 * 24 * time.Hour

// add tells of a stretch: as one, or by the hours of the calendar that counted it.
func (s *policySet) add(ctx context.Context, tx *db.Tx, a *Account, p Span, ahead bool) error {
	ref := ReadTerms(p.Terms)
	e := Entry{From: p.FromAt, To: p.UntilAt, Counted: p.Used, Ahead: ahead, Target: p.Target, Policy: ref.Policy, Version: ref.Version}
	e.Why, e.Ticket = whyOf(p.Why)
	if e.Why != "" || len(ref.Calendars) == 0 || p.UntilAt.Sub(p.FromAt) > longestParts {
		if e.To > e.From || e.Counted != 0 {
			a.Entries = append(a.Entries, e)
		}
		return nil
	}
	in, err := ref.calendar(ctx, tx, s.calendars)
	if err != nil {
		return err
	}
	for _, x := range in.Parts(p.FromAt, p.UntilAt) {
		part := e
		part.From, part.To, part.Counted, part.Closed, part.Name = x.From, x.To, 0, x.Why, x.Name
		if x.Open {
			part.Counted, part.Closed = int64(x.To-x.From), ""
		}
		a.Entries = append(a.Entries, part)
	}
	return nil
}

// Clocks gives the clocks of a ticket, oldest first. Who may see the ticket as staff may see them.
func Clocks(ctx context.Context, tx *db.Tx, ticketID int64) ([]Clock, error) {
	return db.All[Clock](ctx, tx, `SELECT `+clockColumns+` FROM sla_clock WHERE ticket_id = $1 ORDER BY id`, ticketID)
}
