package fixnote

import (
	"context"
	"strconv"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/search"
	"goodturn/internal/ticket"
)

// Notes are a collection of their own in the search index, in the order of their tickets.
const (
	documentBase = int64(3) << 60
	documentEnd  = documentBase + 1<<59
)

// index puts a note into the one search; the subject of its ticket stands with it.
func index(ctx context.Context, tx *db.Tx, n Note, t ticket.Ticket) error {
	if !n.Says() {
		return search.Remove(ctx, tx, documentBase+t.ID)
	}
	return search.Put(ctx, tx, search.Document{ID: documentBase + t.ID, Subject: t.Subject, Body: n.Text()})
}

// Forget drops the note of a ticket that is about to be deleted for good.
func Forget(ctx context.Context, tx *db.Tx, ticketID int64) ([]blob.Ref, error) {
	for _, s := range []string{
		`DELETE FROM fix_ask WHERE ticket_id = $1`,
		`DELETE FROM fix_again WHERE ticket_id = $1`,
		`DELETE FROM fix_note_version WHERE ticket_id = $1`,
		`DELETE FROM fix_note WHERE ticket_id = $1`,
	} {
		if _, err := tx.Exec(ctx, s, ticketID); err != nil {
			return nil, err
		}
	}
	return nil, search.Remove(ctx, tx, documentBase+ticketID)
}

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}
