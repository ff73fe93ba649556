package simulate

import (
	"slices"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/sla"
	"goodturn/internal/ticket"
)

// policy gives what was promised by terms; none for no terms.
func (a *audit) policy(terms string) (sla.Policy, error) {
	ref := sla.ReadTerms(terms)
	if p, known := a.policies[ref.Version]; known || ref.Policy == 0 {
		return p, nil
	}
	all, err := sla.Versions(a.ctx, a.tx, ref.Policy, 1000)
	for _, p := range all {
		a.policies[p.VersionID] = p
	}
	return a.policies[ref.Version], err
}

func levelOf(kind sla.Promise) sla.Level {
	if kind == sla.InTeam {
		return sla.BetweenTeams
	}
	return sla.ToRequesters
}

// run counts a ticket's promises up to a moment, as things have stood since they were last counted.
func (a *audit) run(h *history, at clock.Instant) error {
	for _, p := range h.promises {
		if err := a.runOne(p, at); err != nil {
			return err
		}
	}
	return nil
}

func (a *audit) runOne(p *promise, at clock.Instant) error {
	if p.ended != 0 || at <= p.upTo {
		return nil
	}
	if p.counting {
		policy, err := a.policy(p.terms)
		if err != nil {
			return err
		}
		due := a.dueAt(p)
		if p.breached == 0 {
			a.warn(p, policy.Warn, due, at)
			if due != 0 && due <= at { // what happens at the very moment follows from it: a rule heard of it
				p.breached = due
			}
		}
		p.used += a.worked(p.terms, p.upTo, at)
	}
	p.upTo = at
	return nil
}

// warn notes the warnings of a stretch that ends at a moment, before it is due.
func (a *audit) warn(p *promise, warn []int64, due, at clock.Instant) {
	last := clock.Instant(0)
	for _, w := range slices.Backward(slices.Sorted(slices.Values(warn))) {
		if w >= p.target || p.warned != 0 && w >= p.warned {
			continue
		}
		when := p.upTo
		if more := p.target - p.used - w; more > 0 {
			when = a.reached(p.terms, p.upTo, more)
		}
		if when == 0 || when > at || due != 0 && when >= due {
			return
		}
		p.warned = w
		if when != last {
			p.warnings = append(p.warnings, when)
		}
		last = when
	}
}

// dueAt is when a promise that is counting is due; 0 for never.
func (a *audit) dueAt(p *promise) clock.Instant {
	if p.target-p.used <= 0 {
		return p.upTo
	}
	return a.reached(p.terms, p.upTo, p.target-p.used)
}

// answers begins and ends waits for an answer.
func (a *audit) answers(h *history, e eventRow) error {
	if e.What != ticket.Messaged || e.Automatic {
		return nil
	}
	waits := slices.IndexFunc(h.promises, func(p *promise) bool { return isAnswer(p) && p.ended == 0 })
	if !e.Inbound {
		for _, p := range h.promises {
			if isAnswer(p) && p.ended == 0 {
				p.ended, p.counting = e.SaidAt, false
			}
		}
		return nil
	}
	if e.First || !h.answered || waits >= 0 {
		return nil
	}
	return a.begin(h, sla.NextAnswer, e.SaidAt)
}

func isAnswer(p *promise) bool { return p.kind == sla.FirstAnswer || p.kind == sla.NextAnswer }

// begin starts a promise, if there is one.
func (a *audit) begin(h *history, kind sla.Promise, at clock.Instant) error {
	terms := h.terms[levelOf(kind)]
	policy, err := a.policy(terms)
	if err != nil || policy.Target(kind, h.priority) == 0 {
		return err
	}
	p := &promise{kind: kind, started: at, upTo: at, brought: map[int64]int64{}}
	if kind == sla.InTeam {
		p.team = h.team
	}
	h.promises = append(h.promises, p)
	return a.set(h, p)
}

// set has a promise count or rest as its ticket stands.
func (a *audit) set(h *history, p *promise) error {
	p.terms = h.terms[levelOf(p.kind)]
	policy, err := a.policy(p.terms)
	p.target = policy.Target(p.kind, h.priority)
	p.counting = h.open() && !h.aside() && p.target > 0 && !policy.RestsAt(p.kind, h.status)
	return err
}

func (h *history) last(kind sla.Promise) *promise {
	for _, p := range slices.Backward(h.promises) {
		if p.kind == kind {
			return p
		}
	}
	return nil
}

func (h *history) running(kinds ...sla.Promise) *promise {
	for _, kind := range kinds {
		if p := h.last(kind); p != nil && p.ended == 0 {
			return p
		}
	}
	return nil
}

// settle has every promise of a ticket go on as things stand after a moment.
func (a *audit) settle(h *history, at clock.Instant, events []eventRow, anew bool) error {
	for _, p := range h.promises {
		again := h.open() && !h.aside() && h.last(p.kind) == p
		switch {
		case p.ended == 0 && p.kind == sla.InTeam && p.team != h.team:
			p.ended, p.counting = at, false
		case p.ended == 0 && !h.open() && !h.aside():
			p.ended, p.counting, p.void = at, false, isAnswer(p)
		case p.ended != 0 && again && !p.parted && (p.kind == sla.Solve || p.kind == sla.InTeam && p.team == h.team ||
			p.kind == sla.FirstAnswer && p.void && !h.answered || p.kind == sla.NextAnswer && p.void && h.waiting && h.running(sla.FirstAnswer) == nil):
			p.ended, p.void, p.upTo = 0, false, at
		}
		if p.ended == 0 {
			if err := a.set(h, p); err != nil {
				return err
			}
		}
	}
	if !anew || !h.open() || h.aside() {
		return nil
	}
	start := at
	for _, e := range events {
		if e.TicketID == h.ticket.ID && e.What == ticket.Messaged && e.First {
			start = h.ticket.CreatedAt
		}
	}
	split := slices.ContainsFunc(events, func(e eventRow) bool {
		return e.TicketID == h.ticket.ID && e.What == ticket.SplitOff && e.FromValue != ""
	})
	if split {
		if err := a.splitWait(h, at); err != nil {
			return err
		}
	}
	if h.waiting && h.running(sla.FirstAnswer, sla.NextAnswer) == nil {
		kind, from := sla.FirstAnswer, start
		if h.answered {
			kind = sla.NextAnswer
		}
		if split {
			from = h.asked
		}
		if err := a.begin(h, kind, from); err != nil {
			return err
		}
		if p := h.running(kind); p != nil && from < at {
			if err := a.runOne(p, at); err != nil {
				return err
			}
			p.beganLate(at)
		}
	}
	for _, kind := range []sla.Promise{sla.Solve, sla.InTeam} {
		if h.running(kind) == nil {
			if err := a.begin(h, kind, start); err != nil {
				return err
			}
		}
	}
	return nil
}

// beganLate has what was due before a promise began told as it begins: once.
func (p *promise) beganLate(at clock.Instant) {
	switch {
	case p.breached != 0:
		p.told, p.warnings = at, nil
	case p.warnings != nil:
		p.warnings = []clock.Instant{at}
	}
}

// splitWait finds whether somebody waits for an answer on a ticket that was split off, from the messages that it took along.
func (a *audit) splitWait(h *history, at clock.Instant) error {
	type said struct {
		Inbound, Internal, Automatic bool
		CreatedAt                    clock.Instant
	}
	all, err := db.All[said](a.ctx, a.tx, `SELECT inbound, internal, automatic, created_at FROM message WHERE coalesce(home_id, ticket_id) = $1 AND created_at < $2 ORDER BY created_at, id`, h.ticket.ID, at)
	for _, m := range all {
		switch {
		case m.Internal || m.Automatic:
		case m.Inbound && !h.waiting:
			h.waiting, h.asked = true, m.CreatedAt
		case !m.Inbound:
			h.waiting = false
		}
	}
	return err
}

// bring has a ticket go on with what another had used, where that is more.
func (a *audit) bring(h, from *history, at clock.Instant, merged bool) error {
	more := func(p, theirs *promise) {
		if p != nil && theirs != nil && theirs.used > p.used {
			p.brought[from.ticket.ID] += theirs.used - p.used
			p.used = theirs.used
		}
	}
	more(h.running(sla.Solve), from.last(sla.Solve))
	answer := from.running(sla.FirstAnswer, sla.NextAnswer)
	if !merged || answer == nil {
		return nil
	}
	mine := h.running(sla.FirstAnswer, sla.NextAnswer)
	if mine == nil && h.open() && !h.aside() && h.waiting {
		kind := sla.FirstAnswer
		if h.answered {
			kind = sla.NextAnswer
		}
		if err := a.begin(h, kind, at); err != nil {
			return err
		}
		if mine = h.running(kind); mine != nil {
			mine.broughtBy = from.ticket.ID
		}
	}
	more(mine, answer)
	return nil
}

// giveBack takes away what a ticket had brought that is one of its own again.
func (a *audit) giveBack(h *history, to int64, at clock.Instant) error {
	for _, p := range h.promises {
		if p.broughtBy == to && p.ended == 0 {
			p.ended, p.void, p.parted, p.counting = at, true, true, false
			continue
		}
		p.used -= p.brought[to]
		delete(p.brought, to)
	}
	return nil
}
