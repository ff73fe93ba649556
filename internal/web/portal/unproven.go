package portal

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/ticket"
)

// sees tells which of the public messages the visitor may read. Somebody who only typed an address reads what came
// through such links and what the desk answered; what the address's owner, or a follower, wrote by mail or signed in is
// not theirs.
func (a access) sees(ctx context.Context, tx *db.Tx) (func(ticket.Message) bool, error) {
	if !a.unproven {
		return func(m ticket.Message) bool { return !m.Internal }, nil
	}
	events, err := ticket.Events(ctx, tx, a.ticket.ID)
	if err != nil {
		return nil, err
	}
	typed := map[int64]bool{}
	for _, e := range events {
		if e.What == ticket.Messaged && e.Cause == causeUnproven {
			typed[e.MessageID] = true
		}
	}
	return func(m ticket.Message) bool { return !m.Internal && (!m.Inbound || typed[m.ID]) }, nil
}
