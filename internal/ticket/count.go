package ticket

import (
	"context"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/filter"
	"goodturn/internal/person"
)

// CountBound is where counting stops: a list shows "999+" and does not pay for more.
const CountBound = 1000

// Count tells how many tickets a filter of fields lets through, up to CountBound.
func Count(ctx context.Context, tx *db.Tx, a person.Actor, text string) (int, error) {
	fields := Fields(a)
	var args db.Args
	q := filter.Parse(text, fields)
	where, err := q.Where(fields, &args)
	if err != nil {
		return 0, err
	}
	return db.One[int](ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM ticket t WHERE `+where+notAside(q, person.SeeTicket)+` AND `+person.Visible(a, person.SeeTicket, &args)+` LIMIT `+strconv.Itoa(CountBound)+`) AS counted`, args...)
}
