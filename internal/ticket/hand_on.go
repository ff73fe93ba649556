package ticket

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

// HandOn notes that somebody who was asked for help handed the ticket on to the desk. cause says how. They get no right to it by that.
func (d *Desk) HandOn(ctx context.Context, tx *db.Tx, id, personID int64, cause string) error {
	t, err := takeKept(ctx, tx, By{Actor: person.System}, person.SeeTicket, id)
	if err != nil {
		return err
	}
	return d.record(ctx, tx, By{Actor: person.Actor{ID: personID}, Cause: cause}, t, Event{What: HandedOn, ToValue: idText(personID)}, nil)
}

// StayWith has somebody who handed a ticket on follow it at their own wish. The caller knows that they may.
func (d *Desk) StayWith(ctx context.Context, tx *db.Tx, id, personID int64, cause string) error {
	t, err := takeKept(ctx, tx, By{Actor: person.System}, person.SeeTicket, id)
	if err != nil {
		return err
	}
	return d.follow(ctx, tx, By{Actor: person.Actor{ID: personID}, Cause: cause}, t, personID)
}
