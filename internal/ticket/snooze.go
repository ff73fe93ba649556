package ticket

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/person"
)

// SnoozeMode says what wakes a ticket that sleeps.
type SnoozeMode string

// The modes. With UntilAnswer and a moment, whichever comes first wakes the ticket.
const (
	UntilMoment SnoozeMode = "until"  // the moment alone: it sleeps on when the requester writes
	UntilAnswer SnoozeMode = "answer" // a message from the requester's side, or else the moment if there is one
)

// Snooze is how long a ticket sleeps.
type Snooze struct {
	Until clock.Instant // 0 for no moment, which only UntilAnswer may have
	Mode  SnoozeMode
}

// What wakes a ticket, as the cause of the event on the spine; "" when somebody woke it.
const (
	WokenByTime   = "time"
	WokenByAnswer = "answer"
	WokenByStatus = "status"
	WokenByReply  = "reply"
)

// longestSnooze catches years that were typed wrong.
const longestSnooze = 5 * 366 * 24 * time.Hour

// Snooze has a ticket sleep: it leaves the lists of work until it wakes, with the turn of its status. The status stays, and
// the requester's side is told nothing. A ticket that sleeps already sleeps as said now.
func (d *Desk) Snooze(ctx context.Context, tx *db.Tx, by By, id int64, s Snooze) error {
	t, err := take(ctx, tx, by, person.ChangeTicket, id)
	if err != nil {
		return err
	}
	return d.snooze(ctx, tx, by, &t, s)
}

func (d *Desk) snooze(ctx context.Context, tx *db.Tx, by By, t *Ticket, s Snooze) error {
	if err := s.check(tx.Now); err != nil {
		return err
	}
	switch {
	case t.Turn.Aside():
		return fault.Conflict(i18n.M("This ticket is set aside, so there is nothing to snooze."))
	case !t.IsOpen:
		return fault.Conflict(i18n.M("This ticket is done, so there is nothing to snooze. Open it again first."))
	}
	was := t.snoozed()
	if was == s {
		return nil
	}
	t.Snooze, t.SnoozedUntil, t.Turn = string(s.Mode), s.Until, Snoozed
	if err := t.storeStatus(ctx, tx); err != nil {
		return err
	}
	if s.Until != 0 && d.Queue != nil {
		at := strconv.FormatInt(int64(s.Until), 10) // all that wake at one moment need one job
		if err := d.Queue.Insert(ctx, tx, job.Job{Kind: wakeJob, Unique: wakeJob + " " + at, At: s.Until}); err != nil {
			return err
		}
	}
	return d.record(ctx, tx, by, *t, Event{What: SnoozeChanged, FromValue: was.String(), ToValue: s.String()}, nil)
}

// Wake ends a ticket's sleep. Nothing happens to one that is awake.
func (d *Desk) Wake(ctx context.Context, tx *db.Tx, by By, id int64) error {
	t, err := take(ctx, tx, by, person.ChangeTicket, id)
	if err != nil {
		return err
	}
	return d.wake(ctx, tx, by, &t)
}

func (d *Desk) wake(ctx context.Context, tx *db.Tx, by By, t *Ticket) error {
	was := t.snoozed()
	if was.Mode == "" || t.Turn != Snoozed {
		return nil
	}
	t.Snooze, t.SnoozedUntil, t.Turn = "", 0, t.Status.Turn()
	if err := t.storeStatus(ctx, tx); err != nil {
		return err
	}
	return d.record(ctx, tx, by, *t, Event{What: SnoozeChanged, FromValue: was.String()}, nil)
}

// wakeBecause is wake by what somebody else did.
func (d *Desk) wakeBecause(ctx context.Context, tx *db.Tx, by By, t *Ticket, cause string) error {
	by.Cause = cause
	return d.wake(ctx, tx, by, t)
}

func (s Snooze) check(now clock.Instant) error {
	var wrong []fault.Field
	switch {
	case s.Mode != UntilMoment && s.Mode != UntilAnswer:
		wrong = append(wrong, wrongValue("mode", []SnoozeMode{UntilMoment, UntilAnswer}))
	case s.Until == 0 && s.Mode == UntilMoment:
		wrong = append(wrong, fault.F("until", i18n.M("Please choose when it is to come back.")))
	case s.Until != 0 && s.Until <= now:
		wrong = append(wrong, fault.F("until", i18n.M("Please choose a moment that is still to come.")))
	case s.Until > now.Add(longestSnooze):
		wrong = append(wrong, fault.F("until", i18n.M("Please choose a moment within the next five years.")))
	}
	return fault.Check(wrong)
}

// snoozed is how a ticket sleeps; the zero Snooze for one that is awake.
func (t Ticket) snoozed() Snooze { return Snooze{Until: t.SnoozedUntil, Mode: SnoozeMode(t.Snooze)} }

// turn is whose move it is, which is nobody's while the ticket sleeps.
func (t Ticket) turn() Turn {
	if t.Snooze != "" {
		return Snoozed
	}
	return t.Status.Turn()
}

// String is a snooze as the spine has it: the mode and the moment in milliseconds; "" for awake.
func (s Snooze) String() string {
	if s.Mode == "" {
		return ""
	}
	return string(s.Mode) + " " + strconv.FormatInt(int64(s.Until), 10)
}

// ReadSnooze reads what String wrote; the zero Snooze for anything else.
func ReadSnooze(text string) Snooze {
	mode, at, ok := strings.Cut(text, " ")
	until, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil {
		return Snooze{}
	}
	return Snooze{Until: clock.Instant(until), Mode: SnoozeMode(mode)}
}

const (
	wakeJob   = "wake"
	wakeChunk = 50 // few enough that nobody else who writes waits long
)

// handleWake wakes all whose time has come.
func (d *Desk) handleWake(dbase *db.DB) job.Handler {
	return func(ctx context.Context, _ json.RawMessage) error {
		var failed error
		for after := int64(0); ; {
			var due []int64
			var missed error
			err := dbase.Write(ctx, func(tx *db.Tx) (err error) {
				missed = nil
				due, err = db.All[int64](ctx, tx, `SELECT id FROM ticket WHERE snooze <> '' AND turn = 'snoozed' AND snoozed_until > 0 AND snoozed_until <= $1 AND id > $2 ORDER BY id LIMIT $3`, tx.Now, after, wakeChunk)
				for _, id := range due {
					if err := tx.Try(ctx, func() error { return d.wakeInTime(ctx, tx, id) }); err != nil {
						missed = errors.Join(missed, err) // one that cannot wake keeps no other asleep
					}
				}
				return err
			})
			failed = errors.Join(failed, missed)
			if err != nil || len(due) < wakeChunk {
				return errors.Join(err, failed)
			}
			after = due[len(due)-1]
		}
	}
}

// wakeInTime wakes a ticket unless it was told to sleep longer meanwhile.
func (d *Desk) wakeInTime(ctx context.Context, tx *db.Tx, id int64) error {
	by := By{Actor: person.System, Cause: WokenByTime}
	t, err := take(ctx, tx, by, person.ChangeTicket, id)
	if err != nil || t.Turn != Snoozed || t.SnoozedUntil == 0 || t.SnoozedUntil > tx.Now {
		return err
	}
	if err := d.wake(ctx, tx, by, &t); err != nil {
		return err
	}
	// It is new again for those who have read it: the last message calls for a look.
	_, err = tx.Exec(ctx, `UPDATE ticket_read SET seq = $2 WHERE ticket_id = $1 AND seq > $2`, t.ID, t.Messages-1)
	return err
}

// snoozedSince tells whether somebody put a ticket to sleep after a moment.
func snoozedSince(ctx context.Context, tx *db.Tx, t Ticket, since clock.Instant) (bool, error) {
	if t.Snooze == "" {
		return false, nil
	}
	return db.Exists(ctx, tx, `SELECT 1 FROM event WHERE ticket_id = $1 AND what = $2 AND to_value <> '' AND at >= $3`, t.ID, SnoozeChanged, since)
}
