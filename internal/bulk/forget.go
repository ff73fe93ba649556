package bulk

import (
	"context"

	"goodturn/internal/blob"
	"goodturn/internal/db"
)

// Forget drops what changes of many keep of a ticket that is about to be deleted for good. They keep no files.
func Forget(ctx context.Context, tx *db.Tx, ticketID int64) ([]blob.Ref, error) {
	_, err := tx.Exec(ctx, `DELETE FROM bulk_item WHERE ticket_id = $1`, ticketID)
	return nil, err
}
