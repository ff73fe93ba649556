package mailbox

import (
	"context"

	"goodturn/internal/db"
)

// result is what became of a mail. Without a message it is the first of its ticket.
type result struct {
	outcome   Outcome
	ticketID  int64
	messageID int64
}

// Outcome says what became of a mail that was taken in.
type Outcome string

// The outcomes.
const (
	BecameTicket   Outcome = "ticket"    // a new ticket
	BecameAnswer   Outcome = "answer"    // a public message on a ticket
	BecameReply    Outcome = "reply"     // staff answered: it goes out to the requester
	BecameNote     Outcome = "note"      // a note on a ticket: staff wrote, or somebody in their name
	BecameRaw      Outcome = "raw"       // a new ticket with the raw file, because it could not be read
	BecameMinutes  Outcome = "minutes"   // noted in its writer's own ledger of help
	BecameAnswered Outcome = "invited"   // noted as the answer to an invitation of ours
	BecamePapercut Outcome = "papercut"  // counted as something small that annoys
	WasDuplicate   Outcome = "duplicate" // the same mail had come before
	WasLoop        Outcome = "loop"      // a mail of our own that came back
	WasBounce      Outcome = "bounce"    // noted on the message that it belongs to
	WasIgnored     Outcome = "ignored"   // automatic, and belongs to nothing
)

// done takes the row out of "waiting". It and the message stand or fall together.
func (l *letter) done(ctx context.Context, tx *db.Tx, r result) error {
	var dedupe any
	if r.outcome != WasDuplicate {
		dedupe = l.dedupe
	}
	facts, err := l.facts.text()
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE mail SET state = 'done', outcome = $2, dedupe = $3, ticket_id = $4, facts = $6,
		message_id = coalesce($5, (SELECT m.id FROM message m WHERE m.ticket_id = $4 AND m.seq = 1)) WHERE id = $1 AND state = 'waiting'`,
		l.row.ID, r.outcome, dedupe, orNull(r.ticketID), orNull(r.messageID), facts)
	if err == nil && n == 0 {
		err = errTaken
	}
	return err
}

// orNull binds 0 as NULL.
func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
