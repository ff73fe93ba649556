package simulate

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/sla"
	"goodturn/internal/ticket"
)

// Figures are what an audit has counted.
type Figures struct {
	Tickets, Clocks, Kept, Missed, Void, Waiting, Warnings, Breaches int
}

// Difference is where the desk and the audit disagree.
type Difference struct {
	Ticket  int64
	Promise sla.Promise
	What    string
	Desk    string
	Audit   string
}

// String says it in a line.
func (d Difference) String() string {
	return fmt.Sprintf("#%d %s: %s is %s on the desk, and %s by the spine", d.Ticket, d.Promise, d.What, d.Desk, d.Audit)
}

// Audit counts every promise of every ticket again, from the spine and the messages alone, in the plainest way: stretch by stretch, with
// working time found day by day. It knows nothing of clocks and their spans but what stands in them at the end, which it is compared with,
// to the millisecond.
func Audit(ctx context.Context, d *db.DB) (f Figures, found []Difference, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		a := &audit{ctx: ctx, tx: tx, tickets: map[int64]*history{}, hours: map[int64]*hours{}, policies: map[int64]sla.Policy{}, now: tx.Now}
		if err := a.replay(); err != nil {
			return err
		}
		f, found, err = a.compare()
		return err
	})
	return f, found, err
}

// audit is the state of all tickets while their events are read once more.
type audit struct {
	ctx      context.Context
	tx       *db.Tx
	now      clock.Instant
	tickets  map[int64]*history
	hours    map[int64]*hours
	policies map[int64]sla.Policy
}

// history is what a ticket was at a moment, and what it had been promised up to then.
type history struct {
	ticket                ticket.Ticket
	status                ticket.Status
	priority              ticket.Priority
	team                  int64
	answered, waiting     bool
	asked                 clock.Instant // when the wait for an answer began
	trashed, merged, spam bool
	snoozed               bool
	said                  bool              // something was
	answeredHere          bool              // an answer was, here
	joined                map[int64]joining // what came, by the ticket that it was
	parts                 []part            // every ticket that ever became part of it
	moved                 clock.Instant     // the last message, or change of the status, that was no merge
	terms                 map[sla.Level]string
	promises              []*promise
	told                  map[string][]clock.Instant // warnings and breaches on the spine
	splitAt               clock.Instant              // when it was split off
	splitFrom             int64                      // and of which ticket
}

// promise is one promise as the audit counts it.
type promise struct {
	kind      sla.Promise
	team      int64
	started   clock.Instant
	upTo      clock.Instant // counted so far
	used      int64
	counting  bool
	terms     string
	target    int64
	ended     clock.Instant
	void      bool
	parted    bool // it went with the ticket that had brought it, for good
	breached  clock.Instant
	broughtBy int64
	brought   map[int64]int64
	warned    int64
	warnings  []clock.Instant
	told      clock.Instant // of the breach, when it was over as the promise began
}

func (h *history) open() bool  { return h.status.IsOpen() }
func (h *history) aside() bool { return h.trashed || h.merged || h.spam }

type eventRow struct {
	ticket.Event
	Inbound   bool
	Automatic bool
	First     bool `db:"-"` // of the ticket's messages and notes, on the ticket where it was said
	SaidAt    clock.Instant
	HomeID    int64
}

// place is the ticket on which an event happened: those of messages go with them when tickets are merged and split.
func (e eventRow) place(first map[int64]*history) int64 {
	id := e.TicketID
	if e.HomeID != 0 {
		id = e.HomeID
	}
	was := id
	for h := first[id]; h != nil && h.splitFrom != 0 && e.At < h.splitAt; h = first[id] {
		id = h.splitFrom
	}
	if h := first[id]; h != nil && id != was {
		for _, j := range h.parts { // it had come there with another
			if e.At < j.at && e.At >= j.from.CreatedAt && e.PersonID == j.from.RequesterID {
				return j.from.ID
			}
		}
	}
	return id
}

// part is a ticket that became part of another.
type part struct {
	from ticket.Ticket
	at   clock.Instant
}

// replay reads the spine from its beginning, the events of one moment and ticket together, since they were one change.
func (a *audit) replay() error {
	first, err := a.beginnings()
	if err != nil {
		return err
	}
	var batch []eventRow
	var failed error
	flush := func() {
		for len(batch) > 0 && failed == nil {
			failed = a.moment(batch, first)
			batch = nil
		}
	}
	for after := int64(0); ; {
		rows, err := db.All[eventRow](a.ctx, a.tx, `SELECT e.id, e.ticket_id, e.at, e.actor, e.person_id, e.rule_id, e.what, e.from_value, e.to_value, e.cause, e.message_id,
			coalesce(m.inbound, FALSE) AS inbound, coalesce(m.automatic, FALSE) AS automatic, coalesce(m.created_at, 0) AS said_at, m.home_id
			FROM event e LEFT JOIN message m ON m.id = e.message_id WHERE e.id > $1 ORDER BY e.id LIMIT 20000`, after)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			flush()
			return failed
		}
		for _, e := range rows {
			if len(batch) > 0 && batch[0].At != e.At {
				flush()
			}
			e.TicketID = e.place(first)
			batch = append(batch, e)
		}
		if failed != nil {
			return failed
		}
		after = rows[len(rows)-1].ID
	}
}

// beginnings finds what each ticket was at first: what it is now, before all its changes.
func (a *audit) beginnings() (map[int64]*history, error) {
	out := map[int64]*history{}
	all, err := db.All[ticket.Ticket](a.ctx, a.tx, `SELECT id, status, priority, team_id, requester_id, created_at, due_at FROM ticket`)
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		out[t.ID] = &history{ticket: t, status: t.Status, priority: t.Priority, team: t.TeamID, terms: map[sla.Level]string{}, told: map[string][]clock.Instant{}}
	}
	changes, err := db.All[ticket.Event](a.ctx, a.tx, `SELECT id, ticket_id, at, actor, person_id, rule_id, what, from_value, to_value, cause, message_id FROM event WHERE what IN ('status', 'priority', 'team', 'split', 'merged') ORDER BY id DESC`)
	for _, e := range changes {
		h := out[e.TicketID]
		switch e.What {
		case ticket.Joined:
			if to := out[number(e.ToValue)]; to != nil {
				to.parts = append(to.parts, part{h.ticket, e.At})
			}
		case ticket.SplitOff:
			if e.FromValue != "" {
				h.splitAt, h.splitFrom = e.At, number(e.FromValue)
			}
		case ticket.StatusChanged:
			h.status = ticket.Status(e.FromValue)
		case ticket.PriorityChanged:
			h.priority = ticket.Priority(e.FromValue)
		case ticket.TeamChanged:
			h.team, _ = strconv.ParseInt(e.FromValue, 10, 64)
		}
	}
	return out, err
}

// moment takes in what happened at one moment: first what every ticket is afterwards, then what that does to its promises.
func (a *audit) moment(events []eventRow, first map[int64]*history) error {
	at := events[0].At
	var touched []int64
	for i, e := range events {
		h := a.tickets[e.TicketID]
		if h == nil {
			h = first[e.TicketID]
			a.tickets[e.TicketID] = h
		}
		if e.What == ticket.Messaged || e.What == ticket.Noted {
			events[i].First, h.said = !h.said && h.splitAt == 0, true
		}
		if !slices.Contains(touched, e.TicketID) {
			touched = append(touched, e.TicketID)
		}
	}
	for _, id := range touched { // up to now as it was
		if err := a.run(a.tickets[id], at); err != nil {
			return err
		}
	}
	for _, e := range events {
		a.tickets[e.TicketID].take(e)
		if e.What == ticket.Joined && e.FromValue != "" {
			a.tickets[e.TicketID].join(a.tickets[number(e.FromValue)], at)
		}
	}
	for _, e := range events {
		if err := a.answers(a.tickets[e.TicketID], e); err != nil {
			return err
		}
	}
	for _, e := range events { // what came with another ticket
		if e.What == ticket.Joined && e.FromValue != "" {
			if err := a.settle(a.tickets[e.TicketID], at, events, false); err != nil {
				return err
			}
			if err := a.bring(a.tickets[e.TicketID], a.tickets[number(e.FromValue)], at, true); err != nil {
				return err
			}
		}
	}
	for _, id := range touched {
		if err := a.settle(a.tickets[id], at, events, chosenAnew(id, events)); err != nil {
			return err
		}
	}
	for _, e := range events {
		h := a.tickets[e.TicketID]
		switch {
		case e.What == ticket.SplitOff && e.FromValue != "":
			if err := a.bring(h, a.tickets[number(e.FromValue)], at, false); err != nil {
				return err
			}
		case e.What == ticket.Parted && e.FromValue != "":
			if err := a.giveBack(h, number(e.FromValue), at); err != nil {
				return err
			}
		}
	}
	return nil
}

func number(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

// take brings the ticket up to date.
func (h *history) take(e eventRow) {
	if e.What == ticket.Messaged || e.What == ticket.StatusChanged && e.Cause != "merge" {
		h.moved = e.At
	}
	switch e.What {
	case ticket.StatusChanged:
		was := h.status
		h.status = ticket.Status(e.ToValue)
		switch {
		case !h.open():
			h.waiting = false
		case !was.IsOpen() && !h.waiting:
			h.waiting, h.asked = true, e.At
		}
	case ticket.PriorityChanged:
		h.priority = ticket.Priority(e.ToValue)
	case ticket.TeamChanged:
		h.team = number(e.ToValue)
	case ticket.Trashed:
		h.trashed = e.ToValue == "trash"
	case ticket.Joined:
		h.merged = h.merged || e.ToValue != ""
	case ticket.Parted:
		h.merged = h.merged && e.ToValue == ""
		if was, known := h.joined[number(e.FromValue)]; known && h.moved <= was.at {
			h.waiting, h.asked = was.waiting, was.asked
		}
		if e.FromValue != "" {
			delete(h.joined, number(e.FromValue))
			h.answered = h.answeredHere
			for _, j := range h.joined {
				h.answered = h.answered || j.answered
			}
		}
	case ticket.SnoozeChanged:
		h.snoozed = e.ToValue != ""
	case ticket.Suspected:
		h.spam = e.ToValue != ""
	case ticket.TermsChanged:
		h.terms[sla.Level(e.Cause)] = e.ToValue
	case ticket.Warned, ticket.Breached:
		key := string(e.What) + " " + e.ToValue
		h.told[key] = append(h.told[key], e.At)
	case ticket.Created:
		if e.Cause != "split" {
			h.waiting, h.asked = true, h.ticket.CreatedAt
		}
	case ticket.Messaged:
		switch {
		case e.Automatic:
		case e.Inbound && !h.waiting:
			h.waiting, h.asked = true, e.SaidAt
		case !e.Inbound:
			h.waiting, h.answered, h.answeredHere = false, true, true
		}
	}
}

// chosenAnew tells that a policy is chosen for a ticket at a moment, and what is promised and has not begun begins.
func chosenAnew(id int64, events []eventRow) bool {
	return slices.ContainsFunc(events, func(e eventRow) bool {
		if e.TicketID != id {
			return false
		}
		switch e.What {
		case ticket.PriorityChanged, ticket.KindChanged, ticket.SubjectChanged, ticket.TeamChanged, ticket.Assigned, ticket.Tagged, ticket.Joined, ticket.Parted, ticket.Suspected,
			ticket.SplitOff, ticket.TermsChanged:
			return true
		case ticket.StatusChanged:
			return !ticket.Status(e.FromValue).IsOpen()
		}
		return e.What == ticket.Messaged && e.First
	})
}

// joining is what a ticket was before another became part of it.
type joining struct {
	at       clock.Instant
	answered bool // the other was
	waiting  bool
	asked    clock.Instant
}

// join has a ticket's requester wait when that of the other did.
func (h *history) join(gone *history, at clock.Instant) {
	if h.joined == nil {
		h.joined = map[int64]joining{}
	}
	h.joined[gone.ticket.ID] = joining{at, gone.answered, h.waiting, h.asked}
	h.answered = h.answered || gone.answered // what was said there is said here
	if gone.open() && !gone.snoozed && gone.waiting {
		h.waiting = true
	}
}

// compare holds what the desk has against what was counted.
func (a *audit) compare() (f Figures, found []Difference, err error) {
	desk := map[int64][]sla.Clock{}
	for after := int64(0); ; {
		all, err := db.All[sla.Clock](a.ctx, a.tx, `SELECT id, ticket_id, promise, team_id, policy_id, terms, state, why, target, used, since, started_at, due_at, next_at, warned, ended_at, breached_at, brought_by FROM sla_clock WHERE id > $1 ORDER BY id LIMIT 20000`, after)
		if err != nil {
			return f, nil, err
		}
		if len(all) == 0 {
			break
		}
		for _, c := range all {
			desk[c.TicketID] = append(desk[c.TicketID], c)
		}
		after = all[len(all)-1].ID
	}
	for _, id := range slices.Sorted(maps.Keys(a.tickets)) {
		h := a.tickets[id]
		f.Tickets++
		if err := a.run(h, a.now); err != nil {
			return f, nil, err
		}
		found = append(found, a.compareTicket(&f, h, desk[id])...)
	}
	return f, found, nil
}

func (a *audit) compareTicket(f *Figures, h *history, desk []sla.Clock) (found []Difference) {
	ours := slices.Clone(h.promises)
	slices.SortStableFunc(ours, func(x, y *promise) int {
		return cmp.Or(strings.Compare(string(x.kind), string(y.kind)), cmp.Compare(x.started, y.started))
	})
	slices.SortStableFunc(desk, func(x, y sla.Clock) int {
		return cmp.Or(strings.Compare(string(x.Promise), string(y.Promise)), cmp.Compare(x.StartedAt, y.StartedAt))
	})
	differs := func(kind sla.Promise, what string, theirs, mine any) {
		if theirs != mine {
			found = append(found, Difference{h.ticket.ID, kind, what, show(theirs), show(mine)})
		}
	}
	if len(ours) != len(desk) {
		differs("", "the number of promises", len(desk), len(ours))
		return found
	}
	earliest := clock.Instant(0)
	breaches, warnings := map[sla.Promise][]clock.Instant{}, map[sla.Promise][]clock.Instant{}
	for i, c := range desk {
		p := ours[i]
		f.Clocks++
		if c.Promise != p.kind {
			differs(c.Promise, "the kind", string(c.Promise), string(p.kind))
			continue
		}
		differs(p.kind, "the start", c.StartedAt, p.started)
		differs(p.kind, "what was used", used(a, c), p.used)
		differs(p.kind, "the end", c.EndedAt, p.ended)
		differs(p.kind, "when it was missed", c.BreachedAt, p.breached)
		outcome := p.outcome()
		differs(p.kind, "the outcome", string(c.Outcome()), string(outcome))
		due := clock.Instant(0)
		if p.counting && p.ended == 0 {
			if due = p.breached; due == 0 {
				due = a.dueAt(p)
			}
			if due != 0 && (earliest == 0 || due < earliest) {
				earliest = due
			}
			differs(p.kind, "the due time", c.DueAt, due)
		}
		switch outcome {
		case sla.Kept:
			f.Kept++
		case sla.Missed:
			f.Missed++
		case sla.Void:
			f.Void++
		default:
			f.Waiting++
		}
		if p.breached != 0 {
			breaches[p.kind] = append(breaches[p.kind], max(p.breached, p.told))
		}
		warnings[p.kind] = append(warnings[p.kind], p.warnings...)
		if p.breached != 0 {
			f.Breaches++
		}
		f.Warnings += len(p.warnings)
	}
	differs("", "the ticket's due time", h.ticket.DueAt, earliest)
	for what, all := range map[ticket.What]map[sla.Promise][]clock.Instant{ticket.Breached: breaches, ticket.Warned: warnings} {
		for _, kind := range []sla.Promise{sla.FirstAnswer, sla.NextAnswer, sla.Solve, sla.InTeam} {
			slices.Sort(all[kind])
			told := h.told[string(what)+" "+string(kind)]
			slices.Sort(told)
			if !slices.EqualFunc(told, all[kind], soonAfter) {
				found = append(found, Difference{h.ticket.ID, kind, "when it was told (" + string(what) + ")", fmt.Sprint(shown(told)), fmt.Sprint(shown(all[kind]))})
			}
		}
	}
	return found
}

// soonAfter tells that something was told within a second of its moment.
func soonAfter(told, due clock.Instant) bool { return told >= due && told < due.Add(time.Second) }

// used is what a clock of the desk has counted by the end.
func used(a *audit, c sla.Clock) int64 {
	if c.State != sla.Running {
		return c.Used
	}
	return c.Used + a.worked(c.Terms, c.Since, a.now)
}

func (p *promise) outcome() sla.Outcome {
	switch {
	case p.breached != 0:
		return sla.Missed
	case p.ended == 0:
		return sla.Waiting
	case p.void:
		return sla.Void
	}
	return sla.Kept
}

func shown(all []clock.Instant) []string {
	out := make([]string, len(all))
	for i, at := range all {
		out[i] = at.RFC3339()
	}
	return out
}

func show(v any) string {
	if at, ok := v.(clock.Instant); ok {
		return cmp.Or(at.RFC3339(), "never")
	}
	return fmt.Sprint(v)
}
