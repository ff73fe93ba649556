package mailbox

import (
	"context"

	"goodturn/internal/blob"
	"goodturn/internal/db"
)

// Forget drops what mail keeps of a ticket that is about to be deleted for good, and gives the raw mails that nothing of it
// needs any more. Jobs that are still to send something find nothing to send.
func Forget(ctx context.Context, tx *db.Tx, ticketID int64) ([]blob.Ref, error) {
	type raw struct {
		SHA256 string `db:"sha256"`
		Size   int64
	}
	mails, err := db.All[raw](ctx, tx, `SELECT sha256, size FROM mail WHERE ticket_id = $1 OR message_id IN (SELECT id FROM message WHERE ticket_id = $1)`, ticketID)
	if err != nil {
		return nil, err
	}
	for _, s := range []string{
		`DELETE FROM mail WHERE ticket_id = $1 OR message_id IN (SELECT id FROM message WHERE ticket_id = $1)`,
		`DELETE FROM delivery WHERE ticket_id = $1 OR message_id IN (SELECT id FROM message WHERE ticket_id = $1)`,
		`DELETE FROM letter WHERE ticket_id = $1`,
		`DELETE FROM suspicion WHERE ticket_id = $1`,
		`DELETE FROM suggestion WHERE ticket_id = $1`,
		`DELETE FROM collector WHERE ticket_id = $1`,
	} {
		if _, err := tx.Exec(ctx, s, ticketID); err != nil {
			return nil, err
		}
	}
	out := make([]blob.Ref, len(mails))
	for i, m := range mails {
		out[i] = blob.Ref{SHA256: m.SHA256, Size: m.Size}
	}
	return out, nil
}

// UsesFile tells whether a mail is kept in a file.
func UsesFile(ctx context.Context, tx *db.Tx, f blob.Ref) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM mail WHERE sha256 = $1 LIMIT 1`, f.SHA256)
}
