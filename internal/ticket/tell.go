package ticket

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Telling is a sentence for the requester about what goes on behind the scenes, in the own words of somebody at the desk. A note or an
// event that it tells of stays as it is: what staff write to each other is never shown, only what was written for the requester.
type Telling struct {
	Text string
	// MessageID is the note that it tells of, EventID the event; 0 for none.
	MessageID, EventID int64
}

// MaxTelling is the longest text of a Telling, in bytes.
const MaxTelling = 2000

// Tell has the requester see a telling on the page of their request. One that tells of the same note or event again takes the place of
// what was told of it before.
func (d *Desk) Tell(ctx context.Context, tx *db.Tx, by By, id int64, x Telling) error {
	t, err := takeKept(ctx, tx, by, person.ChangeTicket, id)
	if err != nil {
		return err
	}
	if err := x.check(); err != nil {
		return err
	}
	ours, err := x.of(ctx, tx, t.ID)
	if err != nil {
		return err
	}
	if !ours {
		return fault.NotFound(i18n.M("What you tell of is not part of this ticket any more."))
	}
	told, err := Told(ctx, tx, t.ID)
	if err != nil {
		return err
	}
	e := Event{What: ToldRequester, ToValue: x.Text, MessageID: x.MessageID}
	if x.EventID != 0 {
		e.Cause = strconv.FormatInt(x.EventID, 10)
	}
	for _, before := range told {
		if before.MessageID == e.MessageID && before.Cause == e.Cause && e.MessageID+x.EventID != 0 {
			if before.ToValue == e.ToValue {
				return nil
			}
			e.FromValue = before.ToValue
		}
	}
	return d.record(ctx, tx, by, t, e, nil)
}

// check tidies the text and tells what is wrong with it.
func (x *Telling) check() error {
	x.Text = strings.TrimSpace(tidy(x.Text))
	switch {
	case x.Text == "":
		return fault.Invalid(fault.F("text", i18n.M("Please write what the requester is to read.")))
	case len(x.Text) > MaxTelling:
		return fault.Invalid(fault.F("text", i18n.M("This is longer than a few sentences. Please send an answer instead.")))
	}
	return nil
}

// of tells that what a telling is about belongs to a ticket.
func (x Telling) of(ctx context.Context, tx *db.Tx, id int64) (bool, error) {
	switch {
	case x.MessageID != 0:
		return db.Exists(ctx, tx, `SELECT 1 FROM message WHERE id = $1 AND ticket_id = $2 AND internal`, x.MessageID, id)
	case x.EventID != 0:
		return db.Exists(ctx, tx, `SELECT 1 FROM event WHERE id = $1 AND ticket_id = $2`, x.EventID, id)
	}
	return true, nil
}

// Untell takes back what was told, by the id of its event: the requester sees it no more. What is gone already is no error.
func (d *Desk) Untell(ctx context.Context, tx *db.Tx, by By, id, eventID int64) error {
	t, err := takeKept(ctx, tx, by, person.ChangeTicket, id)
	if err != nil {
		return err
	}
	told, err := Told(ctx, tx, t.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(told, func(e Event) bool { return e.ID == eventID })
	if i < 0 {
		return nil
	}
	return d.record(ctx, tx, by, t, Event{What: Untold, FromValue: told[i].ToValue, Cause: strconv.FormatInt(eventID, 10)}, nil)
}

// Told gives the events by which the requester was told what they see now, oldest first.
func Told(ctx context.Context, tx *db.Tx, id int64) ([]Event, error) {
	all, err := db.All[Event](ctx, tx, `SELECT `+eventColumns+` FROM event WHERE ticket_id = $1 AND what IN ('told', 'untold') ORDER BY id`, id)
	return StillTold(all), err
}

// StillTold are those of a ticket's events by which the requester was told what they see now: neither taken back nor told anew.
func StillTold(events []Event) (told []Event) {
	for _, e := range events {
		switch e.What {
		case ToldRequester:
			if e.MessageID != 0 || e.Cause != "" {
				told = slices.DeleteFunc(told, func(b Event) bool { return b.MessageID == e.MessageID && b.Cause == e.Cause })
			}
			told = append(told, e)
		case Untold:
			told = slices.DeleteFunc(told, func(b Event) bool { return strconv.FormatInt(b.ID, 10) == e.Cause })
		}
	}
	return told
}
