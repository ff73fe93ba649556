package outcome

import (
	"context"

	"goodturn/internal/db"
)

// Thanked has the requester of a ticket not be asked again whether it works: they said thanks meanwhile.
func Thanked(ctx context.Context, tx *db.Tx, ticketID int64) error {
	_, err := tx.Exec(ctx, `UPDATE outcome SET gentle_at = 0 WHERE ticket_id = $1`, ticketID)
	return err
}
