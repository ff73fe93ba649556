package ticket

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// SetPriority says how soon something must be done.
func (d *Desk) SetPriority(ctx context.Context, tx *db.Tx, by By, id int64, p Priority) error {
	t, err := take(ctx, tx, by, person.ChangeTicket, id)
	if err != nil || t.Priority == p {
		return err
	}
	if !known(Priorities(), p) {
		return fault.Invalid(wrongValue("priority", Priorities()))
	}
	from := t.Priority
	t.Priority = p
	if _, err := tx.Exec(ctx, `UPDATE ticket SET priority = $2 WHERE id = $1`, id, p); err != nil {
		return err
	}
	return d.record(ctx, tx, by, t, Event{What: PriorityChanged, FromValue: string(from), ToValue: string(p)}, nil)
}

// SetKind says what sort of ticket it is.
func (d *Desk) SetKind(ctx context.Context, tx *db.Tx, by By, id int64, k Kind) error {
	t, err := take(ctx, tx, by, person.ChangeTicket, id)
	if err != nil || t.Kind == k {
		return err
	}
	if !known(Kinds(), k) {
		return fault.Invalid(wrongValue("kind", Kinds()))
	}
	from := t.Kind
	t.Kind = k
	if _, err := tx.Exec(ctx, `UPDATE ticket SET kind = $2 WHERE id = $1`, id, k); err != nil {
		return err
	}
	return d.record(ctx, tx, by, t, Event{What: KindChanged, FromValue: string(from), ToValue: string(k)}, nil)
}

// SetSubject gives a ticket another subject.
func (d *Desk) SetSubject(ctx context.Context, tx *db.Tx, by By, id int64, subject string) error {
	t, err := take(ctx, tx, by, person.ChangeTicket, id)
	if err != nil {
		return err
	}
	if subject = CleanSubject(subject, ""); subject == "" {
		return fault.Invalid(fault.F("subject", i18n.M("Please write a subject, a few words are enough.")))
	}
	if subject == t.Subject {
		return nil
	}
	from := t.Subject
	t.Subject = subject
	if _, err := tx.Exec(ctx, `UPDATE ticket SET subject = $2 WHERE id = $1`, id, subject); err != nil {
		return err
	}
	if err := indexSubject(ctx, tx, t); err != nil {
		return err
	}
	return d.record(ctx, tx, by, t, Event{What: SubjectChanged, FromValue: from, ToValue: subject}, nil)
}
