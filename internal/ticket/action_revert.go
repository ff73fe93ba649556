package ticket

import (
	"context"
	"slices"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
)

// Applied is what Apply did to one ticket, with all that Revert needs. It is kept as JSON.
type Applied struct {
	Steps []Step   `json:"steps,omitempty"`
	Last  int64    `json:"last,omitempty"` // the id of the last event of it
	Was   Standing `json:"was"`
}

// Step is one event of what was applied.
type Step struct {
	What What   `json:"what"`
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// Standing is where a ticket stood: what changes together with its status.
type Standing struct {
	Status       Status        `json:"status"`
	Turn         Turn          `json:"turn,omitempty"`
	WaitingSince clock.Instant `json:"waiting,omitempty"`
	SolvedAt     clock.Instant `json:"solved,omitempty"`
	ClosedAt     clock.Instant `json:"closed,omitempty"`
	ActivityAt   clock.Instant `json:"activity,omitempty"`
	Snooze       string        `json:"snooze,omitempty"`
	SnoozedUntil clock.Instant `json:"until,omitempty"`
	StatusAt     clock.Instant `json:"status_at,omitempty"` // 0 for what was done before this was kept
}

// Changed tells whether anything was different before.
func (a Applied) Changed() bool { return len(a.Steps) > 0 }

func (a *Applied) hear(e Event) {
	a.Steps, a.Last = append(a.Steps, Step{e.What, e.FromValue, e.ToValue}), e.ID
}

func standingOf(t Ticket) Standing {
	return Standing{t.Status, t.Turn, t.WaitingSince, t.SolvedAt, t.ClosedAt, t.ActivityAt, t.Snooze, t.SnoozedUntil, t.StatusAt}
}

// standingEvents are the events that change a Standing.
var standingEvents = []What{StatusChanged, Suspected, SnoozeChanged}

// Revert takes back what Apply did to a ticket, as far as nobody has changed the same since, and puts the ticket where it
// stood: who waited since yesterday waits since yesterday again. left names what stays as it is: what somebody changed
// meanwhile, and what was said. Notes and answers are never taken back.
func (d *Desk) Revert(ctx context.Context, tx *db.Tx, by By, id int64, done Applied) (left []What, err error) {
	if _, err := take(ctx, tx, by, person.ChangeTicket, id); err != nil {
		return nil, err
	}
	type later struct {
		What      What
		FromValue string
		ToValue   string
	}
	since, err := db.All[later](ctx, tx, `SELECT what, from_value, to_value FROM event WHERE ticket_id = $1 AND id > $2`, id, done.Last)
	if err != nil {
		return nil, err
	}
	touched := func(s Step) bool {
		return slices.ContainsFunc(since, func(l later) bool {
			switch s.What {
			case Tagged, Followed: // of many, this one
				return l.What == s.What && (l.FromValue+l.ToValue == s.From+s.To)
			}
			if slices.Contains(standingEvents, s.What) { // what was said meanwhile must not be buried
				return slices.Contains(standingEvents, l.What) || l.What == Messaged
			}
			return l.What == s.What
		})
	}
	stood := false
	for _, s := range slices.Backward(done.Steps) {
		switch {
		case s.What == Messaged, s.What == Noted, touched(s):
			if !slices.Contains(left, s.What) {
				left = append(left, s.What)
			}
		case slices.Contains(standingEvents, s.What):
			if !stood {
				stood = true
				err = d.stand(ctx, tx, by, id, done)
			}
		default:
			err = d.back(ctx, tx, by, id, s)
		}
		if err != nil {
			return left, err
		}
	}
	return left, nil
}

// back takes one step back that is a property.
func (d *Desk) back(ctx context.Context, tx *db.Tx, by By, id int64, s Step) error {
	was, become := personOf(By{}, s.From), personOf(By{}, s.To)
	switch s.What {
	case PriorityChanged:
		return d.SetPriority(ctx, tx, by, id, Priority(s.From))
	case KindChanged:
		return d.SetKind(ctx, tx, by, id, Kind(s.From))
	case SubjectChanged:
		return d.SetSubject(ctx, tx, by, id, s.From)
	case TeamChanged:
		return d.MoveTo(ctx, tx, by, id, was)
	case Assigned:
		return d.Assign(ctx, tx, by, id, was)
	case Trashed:
		if s.To == string(Trash) {
			return d.Restore(ctx, tx, by, id)
		}
		return d.Trash(ctx, tx, by, id)
	case ToldRequester:
		told, err := Told(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, e := range slices.Backward(told) {
			if e.ToValue == s.To {
				return d.Untell(ctx, tx, by, id, e.ID)
			}
		}
		return nil
	case Tagged:
		return tagged(s.To == "")(ctx, d, tx, by, id, s.From+s.To)
	case Followed:
		if become != 0 {
			return d.Unfollow(ctx, tx, by, id, become)
		}
		return d.Follow(ctx, tx, by, id, was)
	}
	return nil
}

// stand puts a ticket where it stood. It is the only way back to "new".
func (d *Desk) stand(ctx context.Context, tx *db.Tx, by By, id int64, done Applied) error {
	was := done.Was
	t, err := take(ctx, tx, by, person.ChangeTicket, id)
	if err != nil {
		return err
	}
	if err := d.untrash(ctx, tx, by, &t); err != nil {
		return err
	}
	if t.Turn.Doubtful() && !was.Turn.Doubtful() { // what was learnt of it is learnt anew
		if err := d.want(ctx, tx, by, &t); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(done.Steps, func(s Step) bool { return s.What == Messaged }) { // they were answered, whatever else is taken back
		was.WaitingSince, was.ActivityAt = 0, t.ActivityAt
	}
	if was.SnoozedUntil != 0 && was.SnoozedUntil <= tx.Now { // it would have woken meanwhile
		was.Snooze, was.SnoozedUntil, was.Turn = "", 0, was.Status.Turn()
	}
	from, slept := t.Status, t.snoozed()
	t.Snooze, t.SnoozedUntil = was.Snooze, was.SnoozedUntil
	t.Status, t.IsOpen, t.Turn = was.Status, was.Status.IsOpen(), was.Turn
	t.WaitingSince, t.SolvedAt, t.ClosedAt, t.ActivityAt = was.WaitingSince, was.SolvedAt, was.ClosedAt, was.ActivityAt
	if t.StatusAt = was.StatusAt; t.StatusAt == 0 {
		t.StatusAt = tx.Now
	}
	if err := t.storeStatus(ctx, tx); err != nil {
		return err
	}
	if now := t.snoozed(); now != slept {
		if err := d.record(ctx, tx, by, t, Event{What: SnoozeChanged, FromValue: slept.String(), ToValue: now.String()}, nil); err != nil {
			return err
		}
	}
	if from == t.Status {
		return nil
	}
	return d.record(ctx, tx, by, t, Event{What: StatusChanged, FromValue: string(from), ToValue: string(t.Status)}, nil)
}
