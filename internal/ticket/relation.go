package ticket

import (
	"context"

	"goodturn/internal/db"
)

// Quotes is the relation of a ticket to one whose number it names without being an answer to it.
const Quotes = "quotes"

// Relation says that a ticket speaks of another.
type Relation struct {
	TicketID int64
	OtherID  int64
	Kind     string
}

// Relate notes that a ticket speaks of another, for the agent's eye. Nothing is shared by it.
func (d *Desk) Relate(ctx context.Context, tx *db.Tx, by By, t Ticket, other int64, kind string) error {
	other, err := Kept(ctx, tx, other)
	if err != nil {
		return err
	}
	exists, err := db.Exists(ctx, tx, `SELECT 1 FROM ticket WHERE id = $1`, other)
	if err != nil || !exists || other == t.ID {
		return err
	}
	n, err := tx.Exec(ctx, `INSERT INTO ticket_relation (ticket_id, other_id, kind) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, t.ID, other, kind)
	if err != nil || n == 0 {
		return err
	}
	return d.record(ctx, tx, by, t, Event{What: Related, ToValue: idText(other), Cause: kind}, nil)
}

// Relations lists what a ticket speaks of; see Links for what people said of it.
func Relations(ctx context.Context, tx *db.Tx, ticketID int64) ([]Relation, error) {
	return db.All[Relation](ctx, tx, `SELECT ticket_id, other_id, kind FROM ticket_relation WHERE ticket_id = $1 ORDER BY other_id`, ticketID)
}
