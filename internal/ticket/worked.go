package ticket

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

// DidNotWork is the cause of a reopening by somebody who said that it does not work yet.
const DidNotWork = "it did not work"

// Worked writes on the spine that somebody on the requester's side said whether it works: "yes" or "no".
func (d *Desk) Worked(ctx context.Context, tx *db.Tx, by By, id int64, said string) error {
	t, err := take(ctx, tx, by, person.WriteOwn, id)
	if err != nil {
		return err
	}
	return d.record(ctx, tx, by, t, Event{What: WorkedSaid, ToValue: said}, nil)
}
