package ticket

import (
	"context"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// SetStatus moves a ticket to a status. A ticket that has left "new" never comes back to it.
func (d *Desk) SetStatus(ctx context.Context, tx *db.Tx, by By, id int64, s Status) error {
	t, err := take(ctx, tx, by, person.ChangeTicket, id)
	if err != nil {
		return err
	}
	return d.setStatus(ctx, tx, by, &t, s)
}

// Solve says that a ticket is done as we see it.
func (d *Desk) Solve(ctx context.Context, tx *db.Tx, by By, id int64) error {
	return d.SetStatus(ctx, tx, by, id, Solved)
}

// Reopen has a ticket worked on again.
func (d *Desk) Reopen(ctx context.Context, tx *db.Tx, by By, id int64) error {
	return d.SetStatus(ctx, tx, by, id, Open)
}

// Close says that a ticket is done for good.
func (d *Desk) Close(ctx context.Context, tx *db.Tx, by By, id int64) error {
	return d.SetStatus(ctx, tx, by, id, Closed)
}

// setStatus is somebody's own choice of a status, which wakes a ticket that sleeps.
func (d *Desk) setStatus(ctx context.Context, tx *db.Tx, by By, t *Ticket, s Status) error {
	if !known(Statuses(), s) {
		return fault.Invalid(wrongValue("status", Statuses()))
	}
	if err := d.untrash(ctx, tx, by, t); err != nil {
		return err
	}
	if err := d.wakeBecause(ctx, tx, by, t, WokenByStatus); err != nil {
		return err
	}
	return d.changeStatus(ctx, tx, by, t, s)
}

// changeStatus leaves a ticket asleep, unless it is done.
func (d *Desk) changeStatus(ctx context.Context, tx *db.Tx, by By, t *Ticket, s Status) error {
	if !known(Statuses(), s) {
		return fault.Invalid(wrongValue("status", Statuses()))
	}
	if err := d.untrash(ctx, tx, by, t); err != nil {
		return err
	}
	if t.Turn.Doubtful() { // who works on it says that it is wanted
		if err := d.want(ctx, tx, by, t); err != nil {
			return err
		}
	}
	if s == t.Status {
		return nil
	}
	if s == StatusNew {
		return fault.Invalid(fault.F("status", i18n.M("A ticket that somebody has seen cannot be new again. Please choose open.")))
	}
	if !s.IsOpen() {
		if err := d.wakeBecause(ctx, tx, by, t, WokenByStatus); err != nil {
			return err
		}
	}
	from := t.Status
	t.Status, t.StatusAt, t.IsOpen, t.ActivityAt = s, tx.Now, s.IsOpen(), max(t.ActivityAt, tx.Now)
	t.Turn = t.turn()
	switch {
	case s == Solved:
		t.SolvedAt, t.WaitingSince = tx.Now, 0
	case s == Closed:
		t.ClosedAt, t.WaitingSince = tx.Now, 0
		if from != Solved {
			t.SolvedAt = tx.Now
		}
	case !from.IsOpen():
		t.SolvedAt, t.ClosedAt = 0, 0
		if t.WaitingSince == 0 {
			t.WaitingSince = tx.Now
		}
	}
	if err := t.storeStatus(ctx, tx); err != nil {
		return err
	}
	return d.record(ctx, tx, by, *t, Event{What: StatusChanged, FromValue: string(from), ToValue: string(s)}, nil)
}

// wrongValue says which values a field can have.
func wrongValue[T ~string](field string, all []T) fault.Field {
	names := make([]string, len(all))
	for i, v := range all {
		names[i] = string(v)
	}
	return fault.F(field, i18n.M("Please choose one of: {{.Values}}.", "Values", strings.Join(names, ", ")))
}
