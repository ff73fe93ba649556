package ticket

import (
	"context"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

// CountBound is where counting stops: a list shows "999+" and does not pay for more.
const CountBound = 1000

// Count tells how many tickets a filter without words lets through, up to CountBound.
func Count(ctx context.Context, tx *db.Tx, a person.Actor, text string) (int, error) {
	n, err := narrow(ctx, tx, a, person.SeeTicket, text)
	if err != nil {
		return 0, err
	}
	var args db.Args
	where, err := n.where(&args)
	if err != nil {
		return 0, err
	}
	return db.One[int](ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM ticket t WHERE `+where+` LIMIT `+strconv.Itoa(CountBound)+`) AS counted`, args...)
}
