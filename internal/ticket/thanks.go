package ticket

import (
	"context"

	"goodturn/internal/db"
)

// NotOnlyThanks is the cause of a reopening by somebody who found that a message which was taken for thanks says more.
const NotOnlyThanks = "not only thanks"

// Thanked writes on the spine that somebody said thanks for a ticket. To whom is not there: thanks are nobody's figures. messageID is the
// message that was taken for it, 0 for none. That by may see the ticket has been checked.
func (d *Desk) Thanked(ctx context.Context, tx *db.Tx, by By, t Ticket, messageID int64) error {
	return d.record(ctx, tx, by, t, Event{What: Thanked, MessageID: messageID}, nil)
}
