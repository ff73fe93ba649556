package ticket

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

// ReadTo gives how far somebody has read a ticket: the number of the last message read, and whether they ever opened it.
func ReadTo(ctx context.Context, tx *db.Tx, personID, ticketID int64) (seq int64, ever bool, err error) {
	rows, err := db.All[int64](ctx, tx, `SELECT seq FROM ticket_read WHERE person_id = $1 AND ticket_id = $2`, personID, ticketID)
	if err != nil || len(rows) == 0 {
		return 0, false, err
	}
	return rows[0], true, nil
}

// MarkRead notes that the actor has read a ticket up to message number seq. A mark never goes back by it, and never
// beyond the last message. Nothing is told to others: what somebody has read is their own affair.
func MarkRead(ctx context.Context, tx *db.Tx, a person.Actor, ticketID, seq int64) error {
	t, err := Get(ctx, tx, a, person.SeeTicket, ticketID)
	if err != nil || seq <= 0 {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO ticket_read (person_id, ticket_id, seq, read_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person_id, ticket_id) DO UPDATE SET seq = excluded.seq, read_at = excluded.read_at WHERE ticket_read.seq < excluded.seq`,
		a.ID, t.ID, min(seq, t.Messages), tx.Now)
	return err
}

// MarkUnread puts the actor's mark before message number seq, so that it and all after it are unread again. seq 0 is the
// last message that somebody else wrote.
func MarkUnread(ctx context.Context, tx *db.Tx, a person.Actor, ticketID, seq int64) error {
	t, err := Get(ctx, tx, a, person.SeeTicket, ticketID)
	if err != nil {
		return err
	}
	if seq <= 0 {
		if seq, err = db.One[int64](ctx, tx, `SELECT coalesce(max(seq), 1) FROM message WHERE ticket_id = $1 AND author_id IS DISTINCT FROM $2`, t.ID, a.ID); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO ticket_read (person_id, ticket_id, seq, read_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person_id, ticket_id) DO UPDATE SET seq = excluded.seq, read_at = excluded.read_at`, a.ID, t.ID, min(seq, t.Messages)-1, tx.Now)
	return err
}

// Unread tells which of some tickets have something that a person has not read. A ticket that they never opened is
// unread for as long as it is open: what was done without them is nothing to catch up with.
func Unread(ctx context.Context, tx *db.Tx, personID int64, ids []int64) (map[int64]bool, error) {
	out := map[int64]bool{}
	if len(ids) == 0 {
		return out, nil
	}
	args := db.Args{personID}
	rows, err := db.All[int64](ctx, tx, `SELECT t.id FROM ticket t LEFT JOIN ticket_read r ON r.ticket_id = t.id AND r.person_id = $1
		WHERE (t.messages > r.seq OR (r.seq IS NULL AND t.is_open)) AND t.id IN (`+db.List(&args, padded(ids))+`)`, args...)
	for _, id := range rows {
		out[id] = true
	}
	return out, err
}

// FirstUnread gives the number of the first message after number read that somebody else wrote, 0 for none.
func FirstUnread(ctx context.Context, tx *db.Tx, personID, ticketID, read int64) (int64, error) {
	return db.One[int64](ctx, tx, `SELECT coalesce(min(seq), 0) FROM message WHERE ticket_id = $1 AND seq > $2 AND author_id IS DISTINCT FROM $3`, ticketID, read, personID)
}

// readOwn moves the mark of whoever wrote or wrote down a message past it, when they had read all before it.
func readOwn(ctx context.Context, tx *db.Tx, by By, m Message) error {
	if by.ID == 0 || by.System || by.Rule != 0 || m.Automatic || (m.Inbound && !by.Staff()) {
		return nil
	}
	if m.Seq == 1 {
		_, err := tx.Exec(ctx, `INSERT INTO ticket_read (person_id, ticket_id, seq, read_at) VALUES ($1, $2, 1, $3) ON CONFLICT DO NOTHING`, by.ID, m.TicketID, tx.Now)
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE ticket_read SET seq = $3, read_at = $4 WHERE person_id = $1 AND ticket_id = $2 AND seq = $5`, by.ID, m.TicketID, m.Seq, tx.Now, m.Seq-1)
	return err
}
