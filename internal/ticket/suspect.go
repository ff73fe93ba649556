package ticket

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

// The turns of tickets that are set aside. They stand in no list and no count but their own. No hook hears of suspects
// until somebody says that they are wanted.
const (
	Suspect Turn = "suspect" // guessed to be spam; nobody has looked yet
	Spam    Turn = "spam"    // judged to be spam, and closed
	Merged  Turn = "merged"  // became part of another ticket
	Trash   Turn = "trash"   // thrown away, for thirty days
)

// asideSQL lists the turns that are set aside, for conditions.
const asideSQL = `('suspect', 'spam', 'merged', 'trash')`

// Aside tells whether a ticket with this turn is set aside.
func (t Turn) Aside() bool { return t.Doubtful() || t == Merged || t == Trash }

// Doubtful tells whether a ticket with this turn is, or may be, spam.
func (t Turn) Doubtful() bool { return t == Suspect || t == Spam }

// MarkSpam says that a ticket is spam: it is closed and set aside.
func (d *Desk) MarkSpam(ctx context.Context, tx *db.Tx, by By, id int64) error {
	t, err := take(ctx, tx, by, person.ChangeTicket, id)
	if err != nil || t.Turn == Spam {
		return err
	}
	from, was := asideText(t.Turn), t.Status
	t.Snooze, t.SnoozedUntil, t.TrashedAt = "", 0, 0
	t.Status, t.IsOpen, t.Turn, t.WaitingSince, t.ClosedAt = Closed, false, Spam, 0, tx.Now
	if was.IsOpen() {
		t.SolvedAt = tx.Now
	}
	if err := t.storeStatus(ctx, tx); err != nil {
		return err
	}
	if was != Closed {
		if err := d.record(ctx, tx, by, t, Event{What: StatusChanged, FromValue: string(was), ToValue: string(Closed)}, nil); err != nil {
			return err
		}
	}
	return d.record(ctx, tx, by, t, Event{What: Suspected, FromValue: from, ToValue: string(Spam)}, nil)
}

// MarkWanted says that a ticket that was set aside is wanted. It enters the desk as if it had just come.
func (d *Desk) MarkWanted(ctx context.Context, tx *db.Tx, by By, id int64) error {
	t, err := take(ctx, tx, by, person.ChangeTicket, id)
	if err != nil || !t.Turn.Doubtful() {
		return err
	}
	return d.want(ctx, tx, by, &t)
}

// want brings a ticket back. One that came as a suspect was kept from the hooks, which hear of it now.
func (d *Desk) want(ctx context.Context, tx *db.Tx, by By, t *Ticket) error {
	from, was := asideText(t.Turn), t.Status
	if t.Status == Closed {
		t.Status = Open
	}
	if t.WaitingSince == 0 {
		t.WaitingSince = tx.Now
	}
	t.IsOpen, t.Turn, t.SolvedAt, t.ClosedAt, t.ActivityAt = t.Status.IsOpen(), t.Status.Turn(), 0, 0, max(t.ActivityAt, tx.Now)
	if err := t.storeStatus(ctx, tx); err != nil {
		return err
	}
	heard, err := db.Exists(ctx, tx, `SELECT 1 FROM event WHERE ticket_id = $1 AND what = $2 AND (to_value = '' OR from_value = '' AND to_value = 'spam')`, t.ID, Suspected)
	if err != nil {
		return err
	}
	if was != t.Status {
		if err := d.record(ctx, tx, by, *t, Event{What: StatusChanged, FromValue: string(was), ToValue: string(t.Status)}, nil); err != nil {
			return err
		}
	}
	if err := d.record(ctx, tx, by, *t, Event{What: Suspected, FromValue: from}, nil); err != nil || heard {
		return err
	}
	return d.retell(ctx, tx, *t)
}

// retell calls the hooks with what happened while they were not called.
func (d *Desk) retell(ctx context.Context, tx *db.Tx, t Ticket) error {
	events, err := Events(ctx, tx, t.ID)
	if err != nil {
		return err
	}
	for _, e := range events {
		var m *Message
		switch e.What {
		case Created:
		case Messaged:
			said, err := MessageByID(ctx, tx, e.MessageID)
			if err != nil {
				return err
			}
			m = &said
		default:
			continue
		}
		for _, h := range d.Hooks {
			if err := h(ctx, tx, e, t, m); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *Ticket) storeStatus(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE ticket SET status = $2, is_open = $3, turn = $4, solved_at = $5, closed_at = $6, waiting_since = $7, activity_at = $8,
		snooze = $9, snoozed_until = $10, trashed_at = $11, status_at = $12 WHERE id = $1`,
		t.ID, t.Status, t.IsOpen, t.Turn, t.SolvedAt, t.ClosedAt, t.WaitingSince, t.ActivityAt, t.Snooze, t.SnoozedUntil, t.TrashedAt, t.StatusAt)
	return err
}

// asideText is a turn as the spine has it: "" for one that is not set aside.
func asideText(t Turn) string {
	if t.Doubtful() {
		return string(t)
	}
	return ""
}
