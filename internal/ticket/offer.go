package ticket

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

// Offered writes on the spine that a ticket which nobody took is offered to somebody: from is who was asked before and did not take it,
// to is who is asked now, each 0 for nobody. It changes nothing else: whoever may see the ticket can take it.
func (d *Desk) Offered(ctx context.Context, tx *db.Tx, by By, id, from, to int64) error {
	t, err := take(ctx, tx, by, person.SeeTicket, id)
	if err != nil {
		return err
	}
	return d.record(ctx, tx, by, t, Event{What: Offer, FromValue: idText(from), ToValue: idText(to)}, nil)
}
