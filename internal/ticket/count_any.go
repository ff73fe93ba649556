package ticket

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

// CountAny is Count for filters that may hold words too; more says that there are more than n, because counting stops.
func CountAny(ctx context.Context, tx *db.Tx, a person.Actor, text string) (n int, more bool, err error) {
	narrowed, err := narrow(ctx, tx, a, person.SeeTicket, text)
	if err != nil {
		return 0, false, err
	}
	if narrowed.words() == "" {
		n, err := Count(ctx, tx, a, text)
		return min(n, CountBound-1), n >= CountBound, err
	}
	p := Page{Filter: text, Size: MaxPage}
	for n < CountBound-1 {
		rows, err := List(ctx, tx, a, person.SeeTicket, p)
		if err != nil {
			return 0, false, err
		}
		n += len(rows.Items)
		more = rows.Newest
		if p.Cursor = rows.Next; p.Cursor == "" {
			break
		}
	}
	return min(n, CountBound-1), more || n >= CountBound, nil
}
