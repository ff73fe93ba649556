package automation

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// replay reads the spine again with the eyes of one rule.
type replay struct {
	engine *Engine
	trial  Trial
	place  int64 // the event up to which it has read
	seen   int64
	hits   int64
	known  map[int64]bool // tickets that it would have changed
	result Result
	over   bool

	owner     person.Actor
	condition ticket.Condition
	set       *set
	began     clock.Instant
}

// then is a ticket as it was when something happened to it.
type then struct {
	ticketID int64
	eventID  int64
	at       clock.Instant
	part     int
}

// step reads some events, and in the end what is about time alone.
func (r *replay) step(ctx context.Context, tx *db.Tx) error {
	if err := r.begin(ctx, tx); err != nil {
		return err
	}
	events, err := db.All[ticket.Event](ctx, tx, `SELECT id, ticket_id, at, actor, coalesce(person_id, 0) AS person_id, coalesce(rule_id, 0) AS rule_id, what, from_value, to_value, cause, coalesce(message_id, 0) AS message_id
		FROM event WHERE id > $1 AND at <= $2 ORDER BY id LIMIT $3`, r.place, r.trial.StartedAt, trialChunk)
	if err != nil {
		return err
	}
	for _, e := range events {
		r.place, r.seen = e.ID, r.seen+1
		if err := r.event(ctx, tx, e); err != nil {
			return err
		}
	}
	if r.result.Cut = r.seen >= trialEvents; len(events) < trialChunk || r.result.Cut {
		r.over = true
		return r.ages(ctx, tx)
	}
	return nil
}

func (r *replay) begin(ctx context.Context, tx *db.Tx) (err error) {
	if r.set != nil {
		return nil
	}
	if r.owner, err = person.ActorOf(ctx, tx, r.trial.PersonID); err != nil {
		return err
	}
	if r.condition, err = ticket.NewCondition(r.trial.Definition.If); err != nil {
		return err
	}
	r.began = r.trial.StartedAt.Add(-trialDays * 24 * time.Hour)
	r.result.Now = !r.condition.Whole()
	r.set = &set{byEvent: map[key][]trigger{}}
	a := &armed{Rule: Rule{Definition: r.trial.Definition}}
	for part := range a.Definition.When {
		if err := r.set.add(ctx, tx, a, part); err != nil {
			return err
		}
	}
	return nil
}

// event asks what an event would have set going.
func (r *replay) event(ctx context.Context, tx *db.Tx, e ticket.Event) error {
	if r.known[e.TicketID] {
		return nil
	}
	if at, part, due, err := r.lasted(ctx, tx, e); err != nil {
		return err
	} else if due {
		return r.ask(ctx, tx, then{e.TicketID, e.ID, at, part})
	}
	if len(r.set.byEvent) == 0 || e.At < r.began {
		return nil
	}
	var m *ticket.Message
	if e.MessageID != 0 && e.What == ticket.Messaged {
		said, err := ticket.MessageByID(ctx, tx, e.MessageID)
		if err != nil {
			return err
		}
		m = &said
	}
	t, gone, err := getTicket(ctx, tx, e.TicketID)
	if err != nil || gone {
		return err
	}
	for _, moment := range momentsOf(e, t, m) {
		for _, x := range r.set.find(moment) {
			return r.ask(ctx, tx, then{e.TicketID, r.end(ctx, tx, e), e.At, x.part})
		}
	}
	return nil
}

// end is the last event of the same moment: rules see a ticket when all that happens at once has happened.
func (r *replay) end(ctx context.Context, tx *db.Tx, e ticket.Event) int64 {
	last, err := db.One[int64](ctx, tx, `SELECT coalesce(max(id), 0) FROM event WHERE ticket_id = $1 AND at = $2 AND actor <> 'rule'`, e.TicketID, e.At)
	if err != nil {
		return e.ID
	}
	return max(last, e.ID)
}

// lasted tells whether a status that an event began lasted as long as the rule asks for, and when that was.
func (r *replay) lasted(ctx context.Context, tx *db.Tx, e ticket.Event) (at clock.Instant, part int, due bool, err error) {
	status := e.ToValue
	switch e.What {
	case ticket.Created:
		status = string(ticket.StatusNew)
	case ticket.StatusChanged:
	default:
		return 0, 0, false, nil
	}
	for _, x := range r.set.timed {
		if x.on != StatusFor || !slices.Contains(x.to, status) {
			continue
		}
		at, ok, err := r.engine.dueAt(ctx, tx, x.when().For, e.At)
		if err != nil {
			return 0, 0, false, err
		}
		if !ok || at > r.trial.StartedAt || at < r.began {
			continue
		}
		left, err := db.Exists(ctx, tx, `SELECT 1 FROM event WHERE ticket_id = $1 AND id > $2 AND what = 'status' AND at < $3 LIMIT 1`, e.TicketID, e.ID, at)
		if err != nil {
			return 0, 0, false, err
		}
		if !left {
			return at, x.part, true, nil
		}
	}
	return 0, 0, false, nil
}

// dueAt is when so much time has passed since a moment.
func (g *Engine) dueAt(ctx context.Context, tx *db.Tx, s Span, from clock.Instant) (clock.Instant, bool, error) {
	if !s.Working {
		return from.Add(time.Duration(s.N*s.Unit.minutes()) * time.Minute), true, nil
	}
	row, c, err := g.calendar(ctx, tx, s.Calendar)
	if err != nil {
		return 0, false, err
	}
	at, ok := c.Due(from, s.worked(row.Definition))
	return at, ok, nil
}

// ages looks for tickets that were old enough, or waited long enough, at some time of these days. Who waited then and does not now is
// no longer known.
func (r *replay) ages(ctx context.Context, tx *db.Tx) error {
	for _, x := range r.set.timed {
		if x.on == StatusFor {
			continue
		}
		r.result.Now = r.result.Now || x.on == WaitingFor
		from, ok, err := r.engine.passed(ctx, tx, x.when().For, r.began)
		until, ok2, err2 := r.engine.passed(ctx, tx, x.when().For, r.trial.StartedAt)
		if err != nil || err2 != nil || !ok || !ok2 {
			return err
		}
		w := x.when()
		if w.On == UnansweredFor {
			w.On = CreatedAgo
		}
		for m := (mark{Mark: from, TicketID: endOfMoment}); ; {
			found, err := dueIn(ctx, tx, w, 0, m, until, trialChunk)
			if err != nil {
				return err
			}
			for _, d := range found {
				m.Mark, m.TicketID = d.At, d.ID
				if err := r.aged(ctx, tx, x, d); err != nil {
					return err
				}
			}
			if len(found) < trialChunk {
				break
			}
		}
	}
	return nil
}

func (r *replay) aged(ctx context.Context, tx *db.Tx, x trigger, d due) error {
	at, _, err := r.engine.dueAt(ctx, tx, x.when().For, d.At)
	if err != nil {
		return err
	}
	if x.on == UnansweredFor {
		answered, err := db.Exists(ctx, tx, `SELECT 1 FROM ticket WHERE id = $1 AND answered_at > 0 AND answered_at < $2`, d.ID, at)
		if err != nil || answered {
			return err
		}
	}
	last, err := db.One[int64](ctx, tx, `SELECT coalesce(max(id), 0) FROM event WHERE ticket_id = $1 AND at <= $2`, d.ID, at)
	if err != nil {
		return err
	}
	return r.ask(ctx, tx, then{d.ID, last, at, x.part})
}

// ask asks the condition about a ticket as it was, and notes what the rule would have changed.
func (r *replay) ask(ctx context.Context, tx *db.Tx, w then) error {
	if r.known[w.ticketID] {
		return nil
	}
	t, gone, err := getTicket(ctx, tx, w.ticketID)
	if err != nil || gone || t.Turn.Aside() || !person.Can(r.owner, person.SeeTicket, t.Thing()) {
		return err
	}
	now, err := ticket.FactsOf(ctx, tx, t)
	if err != nil {
		return err
	}
	was := now
	was.Tags = slices.Clone(now.Tags)
	if err := rewind(ctx, tx, &was, w.eventID); err != nil {
		return err
	}
	asked := &was
	if !r.condition.Whole() {
		asked = &now
	}
	holds, err := ticket.Holds(ctx, tx, r.owner, asked, r.condition)
	if err != nil || !holds {
		return err
	}
	changes, err := r.changes(ctx, tx, &was)
	if err != nil || len(changes) == 0 {
		return err
	}
	r.known[w.ticketID] = true
	r.hits++
	r.result.Hits = append(r.result.Hits, Hit{TicketID: w.ticketID, At: w.at, Part: w.part, Changes: changes})
	if len(r.result.Hits) > trialShown {
		r.result.Hits = slices.Delete(r.result.Hits, 0, 1)
	}
	return nil
}

// rewind has the facts of a ticket be as they were right after an event.
func rewind(ctx context.Context, tx *db.Tx, f *ticket.Facts, eventID int64) error {
	type step struct {
		What      ticket.What
		FromValue string
		ToValue   string
	}
	later, err := db.All[step](ctx, tx, `SELECT what, from_value, to_value FROM event WHERE ticket_id = $1 AND id > $2 AND what IN ('status', 'priority', 'kind', 'team', 'assignee', 'tag', 'subject', 'snooze') ORDER BY id DESC`, f.ID, eventID)
	if err != nil {
		return err
	}
	team := f.TeamID
	for _, s := range later {
		switch s.What {
		case ticket.StatusChanged:
			f.Status = ticket.Status(s.FromValue)
			f.IsOpen, f.Turn = f.Status.IsOpen(), f.Status.Turn()
		case ticket.PriorityChanged:
			f.Priority = ticket.Priority(s.FromValue)
		case ticket.KindChanged:
			f.Kind = ticket.Kind(s.FromValue)
		case ticket.TeamChanged:
			f.TeamID, _ = strconv.ParseInt(s.FromValue, 10, 64)
		case ticket.Assigned:
			f.AssigneeID, _ = strconv.ParseInt(s.FromValue, 10, 64)
		case ticket.SubjectChanged:
			f.Subject = s.FromValue
		case ticket.Tagged:
			if s.ToValue != "" {
				f.Tags = slices.DeleteFunc(f.Tags, func(t string) bool { return t == s.ToValue })
			} else {
				f.Tags = append(f.Tags, s.FromValue)
			}
		}
	}
	if f.TeamID != team {
		f.Team, err = db.One[person.Team](ctx, tx, `SELECT id, slug, name, private FROM team WHERE id = $1`, f.TeamID)
	}
	return err
}

// changes is what the rule's deeds would make different.
func (r *replay) changes(ctx context.Context, tx *db.Tx, f *ticket.Facts) ([]Change, error) {
	var out []Change
	differ := func(do Do, before, after string) {
		if before != after {
			out = append(out, Change{do, before, after})
		}
	}
	for _, d := range r.trial.Definition.Then {
		switch d.Do {
		case SetStatus:
			differ(d.Do, string(f.Status), d.Value)
		case SetPriority:
			differ(d.Do, string(f.Priority), d.Value)
		case SetKind:
			differ(d.Do, string(f.Kind), d.Value)
		case SetSubject:
			differ(d.Do, f.Subject, d.Value)
		case MoveTo:
			differ(d.Do, f.Team.Slug, strings.ToLower(d.Value))
		case Assign:
			has, err := addressOf(ctx, tx, f.AssigneeID)
			if err != nil {
				return nil, err
			}
			want := d.Value
			if strings.EqualFold(want, theOwner) {
				if want, err = addressOf(ctx, tx, r.owner.ID); err != nil {
					return nil, err
				}
			}
			differ(d.Do, has, strings.ToLower(want))
		case Tag, Untag:
			if tag := strings.ToLower(d.Value); slices.Contains(f.Tags, tag) != (d.Do == Tag) {
				out = append(out, Change{Do: d.Do, After: tag})
			}
		default:
			out = append(out, Change{Do: d.Do})
		}
	}
	return out, nil
}

func addressOf(ctx context.Context, tx *db.Tx, id int64) (string, error) {
	if id == 0 {
		return nobody, nil
	}
	p, err := person.Get(ctx, tx, id)
	return p.Address, err
}
