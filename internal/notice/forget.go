package notice

import (
	"context"

	"goodturn/internal/blob"
	"goodturn/internal/db"
)

// Forget drops what was told of a ticket that is about to be deleted for good. Notices keep no files.
func Forget(ctx context.Context, tx *db.Tx, ticketID int64) ([]blob.Ref, error) {
	if _, err := tx.Exec(ctx, `DELETE FROM chat_line WHERE ticket_id = $1`, ticketID); err != nil {
		return nil, err
	}
	_, err := tx.Exec(ctx, `DELETE FROM notice WHERE ticket_id = $1`, ticketID)
	return nil, err
}
