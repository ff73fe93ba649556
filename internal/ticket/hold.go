package ticket

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/person"
)

// Held is an answer that is not given yet: it waits for its moment. Until it is given there is no message, so that nobody on the requester's side, no search, no hook
// and no count can know of it.
type Held struct {
	ID         int64
	TicketID   int64
	AuthorID   int64
	Draft      Draft
	NextStatus Status // that the ticket gets with it, or ""
	SenderID   int64  // who sends what the author wrote, and may take it back
	HeldAt     clock.Instant
	GiveAt     clock.Instant
}

// heldRow is a Held as it is stored.
type heldRow struct {
	ID         int64
	TicketID   int64
	AuthorID   int64
	Draft      string
	NextStatus Status
	SenderID   int64
	HeldAt     clock.Instant
	GiveAt     clock.Instant
}

const (
	heldColumns = `id, ticket_id, author_id, draft, next_status, coalesce(sender_id, author_id) AS sender_id, held_at, give_at`
	heldJob     = "held_reply"
	heldChange  = What("held") // told to live pages only: nothing has happened to the ticket yet
)

type heldArgs struct {
	ID int64 `json:"id"`
}

// Handlers names the handlers of our jobs on the queue. It is called once, before the queue runs.
func (d *Desk) Handlers(dbase *db.DB) {
	d.Queue.Handle(wakeJob, d.handleWake(dbase))
	d.Queue.Handle(heldJob, func(ctx context.Context, raw json.RawMessage) error {
		var args heldArgs
		if err := json.Unmarshal(raw, &args); err != nil {
			return job.Permanent(err)
		}
		return dbase.Write(ctx, func(tx *db.Tx) error { return d.Give(ctx, tx, args.ID) })
	})
}

// Hold is Reply after a moment (Undo) in which the author may take the answer back. With no such moment the
// answer is given at once and held is zero.
func (d *Desk) Hold(ctx context.Context, tx *db.Tx, by By, id int64, m Draft, then Status) (held Held, err error) {
	if d.Undo <= 0 {
		_, err = d.Reply(ctx, tx, by, id, m, then)
		return held, err
	}
	t, err := takeKept(ctx, tx, by, person.ChangeTicket, id)
	if err != nil {
		return held, err
	}
	if err := m.checkReply(); err != nil {
		return held, err
	}
	if then != "" && (then == StatusNew || !known(Statuses(), then)) {
		return held, fault.Invalid(wrongValue("status", Statuses()[1:]))
	}
	if m.Snooze != nil {
		if err := m.Snooze.check(tx.Now); err != nil {
			return held, err
		}
	}
	if m.Author == 0 {
		m.Author = by.ID
	}
	m.Text, m.HTML = tidy(m.Text), tidy(m.HTML)
	raw, err := json.Marshal(m)
	if err != nil {
		return held, err
	}
	held = Held{TicketID: t.ID, AuthorID: by.ID, Draft: m, NextStatus: then, SenderID: by.ID, HeldAt: tx.Now, GiveAt: tx.Now.Add(d.Undo)}
	held.ID, err = db.One[int64](ctx, tx, `INSERT INTO held_reply (ticket_id, author_id, draft, next_status, taken_back, held_at, give_at, sender_id)
		VALUES ($1, $2, $3, $4, FALSE, $5, $6, $7) RETURNING id`, held.TicketID, held.AuthorID, string(raw), held.NextStatus, held.HeldAt, held.GiveAt, orNull(held.SenderID))
	if err != nil {
		return held, err
	}
	d.tellHeld(tx, t)
	return held, d.Queue.Insert(ctx, tx, job.Job{Kind: heldJob, Args: heldArgs{held.ID}, At: held.GiveAt})
}

// tellHeld wakes pages that show what is held, without anything on the spine.
func (d *Desk) tellHeld(tx *db.Tx, t Ticket) {
	if d.Changed != nil {
		tx.AfterCommit(func() { d.Changed(Change{Ticket: t, What: heldChange}) })
	}
}

// Give makes a message of a held answer. One that is gone or was taken back is left alone. The right to
// answer was checked when it was held; what has changed since does not lose the answer.
func (d *Desk) Give(ctx context.Context, tx *db.Tx, heldID int64) error {
	ticketID, err := db.One[int64](ctx, tx, `SELECT ticket_id FROM held_reply WHERE id = $1`, heldID)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return err
	}
	t, err := takeKept(ctx, tx, By{Actor: person.System}, person.SeeTicket, ticketID)
	if err != nil {
		return err
	}
	row, err := db.One[heldRow](ctx, tx, `DELETE FROM held_reply WHERE id = $1 AND NOT taken_back RETURNING `+heldColumns, heldID)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return err
	}
	h, err := row.open()
	if err != nil {
		return err
	}
	wrote, err := db.One[clock.Instant](ctx, tx, `SELECT coalesce(min(created_at), 0) FROM message WHERE ticket_id = $1 AND inbound AND NOT automatic AND created_at > $2`, t.ID, h.HeldAt)
	if err != nil {
		return err
	}
	if wrote != 0 { // what they wrote meanwhile is not answered by this, and must not be solved by it
		h.NextStatus, h.Draft.Snooze = "", nil
		h.Draft.Actions = slices.DeleteFunc(h.Draft.Actions, func(a Action) bool { return a.Do == DoStatus || a.Do == DoSnooze })
	}
	if s := h.Draft.Snooze; s != nil && s.check(tx.Now) != nil {
		h.Draft.Snooze = nil // its moment has passed meanwhile
	}
	if h.Draft.asleep, err = snoozedSince(ctx, tx, t, h.HeldAt); err != nil {
		return err
	}
	if _, err = d.reply(ctx, tx, By{Actor: person.Actor{ID: h.SenderID}}, t, h.Draft, h.NextStatus); err == nil && wrote != 0 {
		_, err = tx.Exec(ctx, `UPDATE ticket SET waiting_since = $2 WHERE id = $1`, t.ID, wrote)
	}
	return err
}

// TakeBack stops an answer that the actor sends before it is given, and gives what it was. One that has been given, or taken
// back, is fault.Conflict.
func (d *Desk) TakeBack(ctx context.Context, tx *db.Tx, by By, id, heldID int64) (Held, error) {
	t, err := takeKept(ctx, tx, by, person.ChangeTicket, id)
	if err != nil {
		return Held{}, err
	}
	row, err := db.One[heldRow](ctx, tx, `DELETE FROM held_reply WHERE id = $1 AND ticket_id = $2 AND coalesce(sender_id, author_id) = $3 AND NOT taken_back RETURNING `+heldColumns, heldID, t.ID, by.ID)
	if errors.Is(err, db.ErrNoRow) {
		return Held{}, fault.Conflict(i18n.M("This answer is on its way already and cannot be taken back any more."))
	}
	if err != nil {
		return Held{}, err
	}
	h, err := row.open()
	if err != nil {
		return h, err
	}
	return h, d.record(ctx, tx, by, t, Event{What: TakenBack}, nil)
}

// HeldOf lists the answers of a ticket that wait for their moment, the oldest first. Who may see the ticket as staff may see
// them.
func HeldOf(ctx context.Context, tx *db.Tx, ticketID int64) ([]Held, error) {
	rows, err := db.All[heldRow](ctx, tx, `SELECT `+heldColumns+` FROM held_reply WHERE ticket_id = $1 AND NOT taken_back ORDER BY id`, ticketID)
	if err != nil {
		return nil, err
	}
	out := make([]Held, len(rows))
	for i, r := range rows {
		if out[i], err = r.open(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (r heldRow) open() (Held, error) {
	h := Held{ID: r.ID, TicketID: r.TicketID, AuthorID: r.AuthorID, NextStatus: r.NextStatus, SenderID: r.SenderID, HeldAt: r.HeldAt, GiveAt: r.GiveAt}
	if err := json.Unmarshal([]byte(r.Draft), &h.Draft); err != nil {
		return h, fmt.Errorf("read held answer %d: %w", r.ID, err)
	}
	return h, nil
}
