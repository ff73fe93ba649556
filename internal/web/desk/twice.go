package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"goodturn/internal/blob"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/ticket"
)

// A form that comes again within this time is the same one, sent twice: by a double click, or by a browser that did not
// get the answer. Nobody says the same thing to somebody twice so soon.
const twiceWithin = 15 * time.Second

// saidBefore tells whether the newest message of a ticket is this draft of the same person, said a moment ago. anyFiles leaves
// the files out, which the first of two forms has taken with it.
func saidBefore(ctx context.Context, tx *db.Tx, by ticket.By, number int64, m ticket.Draft, internal, anyFiles bool) (bool, error) {
	if err := tx.Lock(ctx, "ticket", number); err != nil { // the two may come at the same moment
		return false, err
	}
	type said struct {
		ID        int64
		AuthorID  int64
		Internal  bool
		Inbound   bool
		Text      string
		CreatedAt clock.Instant
	}
	last, err := db.All[said](ctx, tx, `SELECT id, author_id, internal, inbound, text, created_at FROM message WHERE ticket_id = $1 ORDER BY seq DESC LIMIT 1`, number)
	if err != nil || len(last) == 0 {
		return false, err
	}
	l := last[0]
	if l.AuthorID != by.ID || l.Internal != internal || l.Inbound || l.Text != lines(m.Text) || tx.Now.Sub(l.CreatedAt) > twiceWithin {
		return false, nil
	}
	if anyFiles {
		return true, nil
	}
	return sameFiles(ctx, tx, l.ID, m.Files)
}

// madeBefore gives the ticket that the same person made of the same words a moment ago, or 0.
func madeBefore(ctx context.Context, tx *db.Tx, by ticket.By, n ticket.New) (int64, error) {
	type made struct {
		ID        int64
		MessageID int64
	}
	found, err := db.All[made](ctx, tx, `SELECT t.id, m.id AS message_id FROM ticket t JOIN event e ON e.ticket_id = t.id JOIN message m ON m.ticket_id = t.id AND m.seq = 1
		WHERE t.requester_id = $1 AND t.created_at > $2 AND e.what = $3 AND e.person_id = $4 AND m.text = $5 ORDER BY t.id DESC LIMIT 1`,
		n.Requester, tx.Now.Add(-twiceWithin), ticket.Created, by.ID, lines(n.Message.Text))
	if err != nil || len(found) == 0 {
		return 0, err
	}
	same, err := sameFiles(ctx, tx, found[0].MessageID, n.Message.Files)
	if err != nil || !same {
		return 0, err
	}
	return found[0].ID, nil
}

func sameFiles(ctx context.Context, tx *db.Tx, messageID int64, files []ticket.File) (bool, error) {
	type stored struct {
		SHA256 string `db:"sha256"`
		Size   int64
	}
	had, err := db.All[stored](ctx, tx, `SELECT sha256, size FROM attachment WHERE message_id = $1 ORDER BY id`, messageID)
	return slices.EqualFunc(had, files, func(s stored, f ticket.File) bool { return blob.Ref(s) == f.Ref }), err
}

// lines are the lines of a text as they are kept.
func lines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
