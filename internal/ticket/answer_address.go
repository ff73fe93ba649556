package ticket

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// AnswerAt has the answers of one ticket go to another address than the requester's address of record. Nothing else about
// the requester changes: it is no way to sign in, and no address of theirs.
func (d *Desk) AnswerAt(ctx context.Context, tx *db.Tx, by By, id int64, address string) error {
	t, err := take(ctx, tx, by, person.ChangeTicket, id)
	if err != nil {
		return err
	}
	if address = person.FoldAddress(address); !person.ValidAddress(address) {
		return fault.Invalid(fault.F("address", i18n.M("“{{.Address}}” is not a mail address. One looks like name@example.com.", "Address", address)))
	}
	ours, err := person.IsDeskAddress(ctx, tx, address)
	if err != nil {
		return err
	}
	if ours {
		return fault.Invalid(fault.F("address", i18n.M("{{.Address}} is an address of the desk itself.", "Address", address)))
	}
	_, err = tx.Exec(ctx, `INSERT INTO answer_address (ticket_id, person_id, address) VALUES ($1, $2, $3) ON CONFLICT (ticket_id, person_id) DO UPDATE SET address = excluded.address`, t.ID, t.RequesterID, address)
	if err != nil {
		return err
	}
	return d.record(ctx, tx, by, t, Event{What: AnswersMoved, ToValue: address}, nil)
}
