package stint

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// CauseReview is the cause on the spine of an answer that its author sent after their mentor had said yes to it.
const CauseReview = "stint review"

// approval is that a mentor said yes to a draft.
type approval struct {
	DraftID, StintID, Version int64
	Digest                    string
	ByID                      int64
	At                        clock.Instant
}

// digest is what was said yes to: all of a draft that goes out.
func digest(d draft.Draft) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %v %q %q %q", d.Text, d.HTML, d.Addressed, d.To, d.CC, d.BCC)
	for _, f := range d.Files {
		fmt.Fprintf(h, " %q %s %q", f.Name, f.SHA256, f.ContentID)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (x approval) of(s Stint, d draft.Draft) bool {
	return x.StintID == s.ID && x.ByID == s.MentorID && s.MentorID != 0 && s.Stage == Review && x.Version == d.Version && x.Digest == digest(d)
}

func approvalOf(ctx context.Context, tx *db.Tx, draftID int64) (approval, error) {
	x, err := db.One[approval](ctx, tx, `SELECT draft_id, stint_id, version, digest, by_id, at FROM stint_approval WHERE draft_id = $1`, draftID)
	if errors.Is(err, db.ErrNoRow) {
		return approval{}, nil
	}
	return x, err
}

// Approved tells that the mentor of a stint said yes to a draft as it is.
func Approved(ctx context.Context, tx *db.Tx, s Stint, d draft.Draft) (bool, error) {
	if d.ID == 0 {
		return false, nil
	}
	x, err := approvalOf(ctx, tx, d.ID)
	return err == nil && x.of(s, d), err
}

// Approve says yes to what a guest has written, as their mentor, who read this version. It is the guest's again then, to send. Where it was changed meanwhile it is
// fault.Conflict.
func (k *Keeper) Approve(ctx context.Context, tx *db.Tx, a person.Actor, stintID, ticketID, version int64) error {
	s, err := mentored(ctx, tx, a, stintID)
	if err != nil {
		return err
	}
	if s.Stage != Review {
		return fault.Conflict(i18n.M("They write drafts that you send. Let them go a step on first."))
	}
	if _, err := ticket.Get(ctx, tx, a, person.SendDraft, ticketID); err != nil {
		return err
	}
	d, err := handedOn(ctx, tx, a, s, ticketID)
	if err != nil {
		return err
	}
	if d.Version != version {
		return fault.Conflict(i18n.M("It was changed meanwhile. Please read it again."))
	}
	if d.Addressed {
		return fault.Conflict(i18n.M("This draft has addresses of its own. Please send it yourself, or take them out."))
	}
	if _, err := tx.Exec(ctx, `INSERT INTO stint_approval (draft_id, stint_id, version, digest, by_id, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (draft_id) DO UPDATE SET stint_id = excluded.stint_id, version = excluded.version, digest = excluded.digest, by_id = excluded.by_id, at = excluded.at`, d.ID, s.ID, d.Version, digest(d), a.ID, tx.Now); err != nil {
		return err
	}
	if _, err := draft.Return(ctx, tx, a, draft.Place{TicketID: ticketID, ID: d.ID}); err != nil {
		return err
	}
	tx.Signal(Signal, s.PersonID)
	tx.Signal(Signal, a.ID)
	return k.Desk.HandBack(ctx, tx, ticket.By{Actor: a, Cause: CauseReview}, ticketID, s.PersonID)
}

// handedOn gives the draft that the guest of a stint handed to their mentor.
func handedOn(ctx context.Context, tx *db.Tx, mentor person.Actor, s Stint, ticketID int64) (draft.Draft, error) {
	all, err := draft.On(ctx, tx, mentor, ticketID)
	if err != nil {
		return draft.Draft{}, err
	}
	for _, d := range all {
		if d.PersonID == s.PersonID && !d.Internal {
			return draft.Find(ctx, tx, mentor, draft.Place{TicketID: ticketID, ID: d.ID})
		}
	}
	return draft.Draft{}, fault.Conflict(i18n.M("This draft is gone: it was sent, or thrown away."))
}

// Send sends what a guest has written and their mentor has said yes to, as the guest, who saw this version. All is looked at again: that the ticket is lent still and
// not private, that the mentor may answer it still, and that nothing was changed since the yes. Else it is fault.Conflict, or the ticket is not found.
func (k *Keeper) Send(ctx context.Context, tx *db.Tx, a person.Actor, ticketID, version int64) error {
	a, err := person.ActorOf(ctx, tx, a.ID) // rights may have ended while the page was read
	if err != nil {
		return err
	}
	t, err := ticket.Get(ctx, tx, a, person.WriteDraft, ticketID)
	if err != nil {
		return err
	}
	s, err := running(ctx, tx, a)
	if err != nil {
		return err
	}
	d, err := draft.Find(ctx, tx, a, draft.Place{TicketID: ticketID})
	if err != nil {
		return err
	}
	x, err := approvalOf(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	if !x.of(s, d) || d.Version != version {
		return fault.Conflict(i18n.M("Your mentor has not said yes to this text yet. Please hand it to them."))
	}
	mentor, err := person.ActorOf(ctx, tx, s.MentorID)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return err
	}
	if err != nil || !person.Can(mentor, person.ChangeTicket, t.Thing()) || !person.Can(mentor, person.SendDraft, t.Thing()) {
		return fault.Conflict(i18n.M("Your mentor cannot answer this request any more. Somebody else of the desk goes on with it."))
	}
	m := ticket.Draft{Text: d.Text, HTML: d.HTML, Author: a.ID}
	for _, f := range d.Files {
		m.Files = append(m.Files, ticket.File{Name: f.Name, Type: f.Type, Ref: f.Ref(), Inline: f.Inline, ContentID: f.ContentID})
	}
	if _, err := k.Desk.Reply(ctx, tx, ticket.By{Actor: mentor, Cause: CauseReview}, ticketID, m, ""); err != nil {
		return err
	}
	tx.Signal(Signal, s.PersonID)
	tx.Signal(Signal, s.MentorID)
	return draft.Drop(ctx, tx, a, draft.Place{TicketID: ticketID})
}
