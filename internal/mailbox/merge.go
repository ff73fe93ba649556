package mailbox

import (
	"context"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/ticket"
)

// moved brings to a ticket the mails of the messages that lie there now, after tickets were joined, parted or split; and,
// when one became part of it, what that one's mails would like and nobody has decided.
func moved(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket) error {
	for _, s := range []string{
		`UPDATE delivery SET ticket_id = $1 WHERE message_id IN (SELECT id FROM message WHERE ticket_id = $1) AND ticket_id <> $1`,
		`UPDATE mail SET ticket_id = $1 WHERE message_id IN (SELECT id FROM message WHERE ticket_id = $1) AND ticket_id <> $1`,
	} {
		if _, err := tx.Exec(ctx, s, t.ID); err != nil {
			return err
		}
	}
	gone, err := strconv.ParseInt(e.FromValue, 10, 64)
	if err != nil || e.What != ticket.Joined {
		return nil
	}
	_, err = tx.Exec(ctx, `UPDATE suggestion SET ticket_id = $1 WHERE ticket_id = $2 AND state = 'open'
		AND NOT EXISTS (SELECT 1 FROM suggestion o WHERE o.ticket_id = $1 AND o.kind = suggestion.kind AND o.address = suggestion.address)`, t.ID, gone)
	return err
}
