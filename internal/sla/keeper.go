package sla

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/job"
	"goodturn/internal/ticket"
)

// Keeper keeps the clocks of tickets. The program builds one.
type Keeper struct {
	DB    *db.DB
	Desk  *ticket.Desk
	Queue *job.Queue
	// Calendars say which time is worked.
	Calendars *calendar.Store
	Log       *slog.Logger

	mu  sync.Mutex
	set *policySet
}

// Hook follows the spine; it belongs into ticket.Desk.Later, after what may change the ticket once more.
func (k *Keeper) Hook() ticket.Hook {
	return func(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, m *ticket.Message) error {
		switch e.What {
		case ticket.Warned, ticket.Breached, ticket.TermsChanged, ticket.Followed, ticket.Noted, ticket.Related, ticket.Mentioned:
			return nil
		}
		h, err := k.take(ctx, tx, t)
		if err != nil || h.idle() {
			return err
		}
		return h.follow(e, m)
	}
}

// hand is the work on the clocks of one ticket in one transaction.
type hand struct {
	ctx    context.Context
	tx     *db.Tx
	k      *Keeper
	t      ticket.Ticket
	set    *policySet
	terms  map[Level]string // as the ticket's row has them
	clocks []*Clock
	dirty  map[*Clock]bool
	spans  []pastSpan
	known  bool // there is a row of terms
}

// pastSpan is a span of a clock that may not have its number yet.
type pastSpan struct {
	of *Clock
	Span
}

// take loads what there is of a ticket.
func (k *Keeper) take(ctx context.Context, tx *db.Tx, t ticket.Ticket) (*hand, error) {
	set, err := k.policies(ctx, tx)
	if err != nil {
		return nil, err
	}
	h := &hand{ctx: ctx, tx: tx, k: k, t: t, set: set, terms: map[Level]string{}, dirty: map[*Clock]bool{}}
	if set.version == 0 { // nothing was ever promised on this desk
		return h, nil
	}
	type row struct{ Sla, Ola string }
	had, err := db.All[row](ctx, tx, `SELECT sla, ola FROM sla_ticket WHERE ticket_id = $1`, t.ID)
	if err != nil || len(had) == 0 {
		return h, err
	}
	h.known, h.terms = true, map[Level]string{ToRequesters: had[0].Sla, BetweenTeams: had[0].Ola}
	h.clocks, err = clocksOf(ctx, tx, t.ID)
	return h, err
}

func clocksOf(ctx context.Context, tx *db.Tx, ticketID int64) ([]*Clock, error) {
	all, err := db.All[Clock](ctx, tx, `SELECT `+clockColumns+` FROM sla_clock WHERE ticket_id = $1 ORDER BY id`, ticketID)
	out := make([]*Clock, len(all))
	for i := range all {
		out[i] = &all[i]
	}
	return out, err
}

// idle tells that nothing is promised and nothing was.
func (h *hand) idle() bool { return !h.known && len(h.set.active) == 0 }

// follow takes the clocks along with something that happened.
func (h *hand) follow(e ticket.Event, m *ticket.Message) error {
	comes := e.What == ticket.Messaged && m != nil && m.Seq == 1 || e.What == ticket.SplitOff && e.FromValue != ""
	if !h.known && !comes {
		if new, err := h.begins(e); err != nil || new {
			return err
		}
	}
	if comes || rechosen(e) {
		if err := h.choose(); err != nil {
			return err
		}
	}
	var err error
	switch {
	case e.What == ticket.Messaged && m != nil && !m.Automatic && !m.Inbound:
		err = h.answered(m.CreatedAt)
	case e.What == ticket.Messaged && m != nil && !m.Automatic && !comes:
		err = h.asked(m.CreatedAt)
	}
	if err != nil {
		return err
	}
	start := h.tx.Now
	if comes {
		start = h.t.CreatedAt
	}
	joins := e.What == ticket.Joined && e.FromValue != ""
	if joins { // a wait for an answer that begins now came with the other ticket
		if err := h.settle(start, false); err != nil {
			return err
		}
		if err := h.bring(idOf(e.FromValue), WhyMerged); err != nil {
			return err
		}
	}
	if err := h.settle(start, comes || rechosen(e)); err != nil {
		return err
	}
	switch {
	case e.What == ticket.SplitOff && e.FromValue != "":
		err = h.bring(idOf(e.FromValue), WhySplit)
	case e.What == ticket.Parted && e.FromValue != "":
		err = h.giveBack(idOf(e.FromValue))
	}
	if err != nil {
		return err
	}
	return h.store()
}

// begins tells that there is nothing to follow yet: nothing is promised, and this changes nothing about it, or the ticket is just being
// made and its first message will be told.
func (h *hand) begins(e ticket.Event) (bool, error) {
	if !rechosen(e) || h.t.Turn.Aside() {
		return true, nil
	}
	return db.Exists(h.ctx, h.tx, `SELECT 1 FROM event WHERE ticket_id = $1 AND at = $2 AND what IN ('created', 'split')`, h.t.ID, h.tx.Now)
}

// rechosen tells that another policy may be the right one after this.
func rechosen(e ticket.Event) bool {
	switch e.What {
	case ticket.PriorityChanged, ticket.KindChanged, ticket.SubjectChanged, ticket.TeamChanged, ticket.Assigned, ticket.Tagged, ticket.Joined, ticket.Parted, ticket.Suspected:
		return true
	case ticket.StatusChanged:
		return !ticket.Status(e.FromValue).IsOpen()
	}
	return false
}

// answered ends the wait for an answer.
func (h *hand) answered(at clock.Instant) error {
	for _, c := range h.clocks {
		if (c.Promise == FirstAnswer || c.Promise == NextAnswer) && (c.State != Ended || c.Why == WhyDone && c.EndedAt == h.tx.Now) {
			if err := h.steer(c, at, course{state: Ended, policy: c.PolicyID, terms: c.Terms, target: c.Target}); err != nil {
				return err
			}
		}
	}
	return nil
}

// asked begins a wait for an answer, if there is none.
func (h *hand) asked(at clock.Instant) error {
	if h.t.AnsweredAt == 0 || h.open(FirstAnswer) != nil || h.open(NextAnswer) != nil {
		return nil
	}
	return h.begin(NextAnswer, at)
}

// open gives the clock of a promise that has not ended, or nil.
func (h *hand) open(p Promise) *Clock {
	for _, c := range slices.Backward(h.clocks) {
		if c.Promise == p && c.State != Ended {
			return c
		}
	}
	return nil
}

// last gives the newest clock of a promise, or nil.
func (h *hand) last(p Promise) *Clock {
	for _, c := range slices.Backward(h.clocks) {
		if c.Promise == p {
			return c
		}
	}
	return nil
}

// begin starts the clock of a promise, if something is promised.
func (h *hand) begin(p Promise, at clock.Instant) error {
	to, err := h.course(p)
	if err != nil || to.target == 0 {
		return err
	}
	c := &Clock{TicketID: h.t.ID, Promise: p, StartedAt: at, Since: at, State: Resting, Why: WhyNone}
	if p == InTeam {
		c.TeamID = h.t.TeamID
	}
	h.clocks = append(h.clocks, c)
	return h.steer(c, at, to)
}

// course is how the clock of a promise goes on as the ticket stands now.
func (h *hand) course(p Promise) (course, error) {
	terms, err := h.termsOf(p)
	if err != nil {
		return course{}, err
	}
	to := course{state: Running, policy: terms.ref.Policy, terms: terms.ref.String(), target: terms.Target(p, h.t.Priority), warn: terms.Warn, when: terms.when}
	switch {
	case h.t.Turn.Aside():
		to.state, to.why = Resting, WhyAside
	case !h.t.IsOpen:
		to.state = Ended
		if p == FirstAnswer || p == NextAnswer {
			to.why = WhyDone
		}
	case to.target == 0:
		to.state, to.why = Resting, WhyNone
	case terms.RestsAt(p, h.t.Status):
		to.state, to.why = Resting, string(h.t.Status)
	}
	return to, nil
}

// settle sets every clock on its course, and begins those that are missing where something is promised anew.
func (h *hand) settle(start clock.Instant, anew bool) error {
	for _, c := range h.clocks {
		if !h.goesOn(c) {
			continue
		}
		to, err := h.course(c.Promise)
		if err != nil {
			return err
		}
		if c.Promise == InTeam && c.TeamID != h.t.TeamID {
			to.state, to.why, to.policy, to.terms, to.target = Ended, "", c.PolicyID, c.Terms, c.Target
		}
		if c.State == Ended && to.state == Ended {
			continue
		}
		if to.state == Ended { // it ends as it was
			to.policy, to.terms, to.target = c.PolicyID, c.Terms, c.Target
		}
		if err := h.steer(c, h.tx.Now, to); err != nil {
			return err
		}
	}
	if !anew || !h.t.IsOpen || h.t.Turn.Aside() {
		return nil
	}
	answer := FirstAnswer
	if h.t.AnsweredAt != 0 {
		answer = NextAnswer
	}
	if h.t.WaitingSince > 0 && h.open(FirstAnswer) == nil && h.open(NextAnswer) == nil {
		if err := h.begin(answer, h.since(start)); err != nil {
			return err
		}
	}
	for _, p := range []Promise{Solve, InTeam} {
		if h.open(p) == nil {
			if err := h.begin(p, start); err != nil {
				return err
			}
		}
	}
	return nil
}

// since is from when the wait for an answer counts: for a ticket that comes, from when its requester asked.
func (h *hand) since(start clock.Instant) clock.Instant {
	if start == h.t.CreatedAt && h.t.WaitingSince > 0 {
		return h.t.WaitingSince
	}
	return start
}

// goesOn tells whether a clock can still change: one that has ended does when its ticket is open again.
func (h *hand) goesOn(c *Clock) bool {
	if c.State != Ended {
		return true
	}
	if !h.t.IsOpen || h.last(c.Promise) != c {
		return false
	}
	switch c.Promise {
	case FirstAnswer:
		return c.Why == WhyDone && h.t.AnsweredAt == 0
	case NextAnswer:
		return c.Why == WhyDone && h.t.WaitingSince > 0 && h.open(FirstAnswer) == nil
	case InTeam:
		return c.TeamID == h.t.TeamID
	}
	return true
}

// steer sets one clock on its course at a moment, and tells of a breach that was not found before.
func (h *hand) steer(c *Clock, at clock.Instant, to course) error {
	if c.same(to) {
		return nil
	}
	at = max(at, c.Since)
	if err := h.advance(c, at); err != nil {
		return err
	}
	c.turn(to)
	h.dirty[c] = true
	return nil
}

// advance brings what a clock has counted up to a moment.
func (h *hand) advance(c *Clock, at clock.Instant) error {
	in, err := h.set.calendarOf(h.ctx, h.tx, c)
	if err != nil {
		return err
	}
	late := c.late(at)
	past, any := c.advance(at, in)
	if any {
		h.spans = append(h.spans, pastSpan{c, past})
	}
	h.dirty[c] = true
	if late {
		return h.k.Desk.Promise(h.ctx, h.tx, h.t.ID, ticket.Breached, "", string(c.Promise), strconv.FormatInt(c.PolicyID, 10))
	}
	return nil
}

// store writes what has changed, and when the next promise is due.
func (h *hand) store() error {
	for _, c := range h.clocks {
		if !h.dirty[c] {
			continue
		}
		args := []any{c.TicketID, c.Promise, c.TeamID, c.PolicyID, c.Terms, c.State, c.Why, c.Target, c.Used, c.Since, c.StartedAt, c.DueAt, c.NextAt, c.Warned, c.EndedAt, c.BreachedAt, c.BroughtBy}
		var err error
		if c.ID == 0 {
			c.ID, err = db.One[int64](h.ctx, h.tx, `INSERT INTO sla_clock (ticket_id, promise, team_id, policy_id, terms, state, why, target, used, since, started_at, due_at, next_at, warned, ended_at, breached_at, brought_by)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) RETURNING id`, args...)
		} else {
			_, err = h.tx.Exec(h.ctx, `UPDATE sla_clock SET policy_id = $2, terms = $3, state = $4, why = $5, target = $6, used = $7, since = $8, due_at = $9, next_at = $10, warned = $11, ended_at = $12, breached_at = $13 WHERE id = $1`,
				c.ID, c.PolicyID, c.Terms, c.State, c.Why, c.Target, c.Used, c.Since, c.DueAt, c.NextAt, c.Warned, c.EndedAt, c.BreachedAt)
		}
		if err != nil {
			return err
		}
	}
	for _, s := range h.spans {
		_, err := h.tx.Exec(h.ctx, `INSERT INTO sla_span (clock_id, from_at, until_at, why, terms, target, used) VALUES ($1, $2, $3, $4, $5, $6, $7)`, s.of.ID, s.FromAt, s.UntilAt, s.Why, s.Terms, s.Target, s.Used)
		if err != nil {
			return err
		}
	}
	h.spans, h.dirty = nil, map[*Clock]bool{}
	due := clock.Instant(0)
	for _, c := range h.clocks {
		if c.State == Running && c.DueAt != 0 && (due == 0 || c.DueAt < due) {
			due = c.DueAt
		}
	}
	if due == h.t.DueAt {
		return nil
	}
	return h.k.Desk.SetDue(h.ctx, h.tx, h.t.ID, due)
}

func idOf(text string) int64 {
	id, _ := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	return id
}
