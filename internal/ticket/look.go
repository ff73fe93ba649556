package ticket

import (
	"context"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// AskLook notes that somebody asks a colleague, or with 0 everybody on the ticket, to look at the answer that they are
// writing. The draft itself is the caller's.
func (d *Desk) AskLook(ctx context.Context, tx *db.Tx, by By, id, colleague int64) error {
	return d.AskLookAs(ctx, tx, by, person.ChangeTicket, id, colleague)
}

// AskLookAs is AskLook by another right: that of a guest, who writes drafts alone (person.WriteDraft).
func (d *Desk) AskLookAs(ctx context.Context, tx *db.Tx, by By, verb person.Verb, id, colleague int64) error {
	t, err := take(ctx, tx, by, verb, id)
	if err != nil {
		return err
	}
	if colleague == 0 {
		return d.record(ctx, tx, by, t, Event{What: LookAsked}, nil)
	}
	who, err := person.ActorOf(ctx, tx, colleague)
	if err != nil {
		return err
	}
	if !person.Can(who, person.ChangeTicket, t.Thing()) {
		return fault.Invalid(fault.F("colleague", i18n.M("They cannot work on this ticket. Please choose somebody else.")))
	}
	return d.record(ctx, tx, by, t, Event{What: LookAsked, ToValue: strconv.FormatInt(colleague, 10)}, nil)
}

// HandBack notes that somebody has looked at the answer that author is writing, and gives it back.
func (d *Desk) HandBack(ctx context.Context, tx *db.Tx, by By, id, author int64) error {
	t, err := take(ctx, tx, by, person.ChangeTicket, id)
	if err != nil {
		return err
	}
	return d.record(ctx, tx, by, t, Event{What: HandedBack, ToValue: strconv.FormatInt(author, 10)}, nil)
}
