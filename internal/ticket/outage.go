package ticket

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

// What became of a ticket because many have the same.
const (
	OutageLinked What = "outage"      // From, To: the outage that it speaks of
	OutageTold   What = "outage_told" // To: the outage of which there was news; Cause: its kind
)

// Outage writes on the spine that a ticket speaks of an outage, of none any more, or that there was news of it. What is kept of it is kept
// by another package. verb is the right by which the actor does it: ChangeTicket, or WriteOwn of a requester. It gives the ticket that
// id leads to, since what became part of another counts as that one.
func (d *Desk) Outage(ctx context.Context, tx *db.Tx, by By, verb person.Verb, id int64, what What, from, to int64) (Ticket, error) {
	t, err := takeKept(ctx, tx, by, verb, id)
	if err != nil {
		return t, err
	}
	return t, d.record(ctx, tx, by, t, Event{What: what, FromValue: idText(from), ToValue: idText(to)}, nil)
}
