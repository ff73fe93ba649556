package draft

import (
	"context"

	"goodturn/internal/blob"
	"goodturn/internal/db"
)

// Forget drops the drafts of a ticket that is about to be deleted for good, and gives their files.
func Forget(ctx context.Context, tx *db.Tx, ticketID int64) ([]blob.Ref, error) {
	files, err := db.All[File](ctx, tx, `SELECT f.sha256, f.size FROM draft_file f JOIN draft d ON d.id = f.draft_id WHERE d.ticket_id = $1`, ticketID)
	if err != nil {
		return nil, err
	}
	out := make([]blob.Ref, len(files))
	for i, f := range files {
		out[i] = blob.Ref{SHA256: f.SHA256, Size: f.Size}
	}
	_, err = tx.Exec(ctx, `DELETE FROM draft WHERE ticket_id = $1`, ticketID)
	return out, err
}

// UsesFile tells whether a draft has a file.
func UsesFile(ctx context.Context, tx *db.Tx, f blob.Ref) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM draft_file WHERE sha256 = $1 LIMIT 1`, f.SHA256)
}
