package ticket

import (
	"context"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
)

// Arrived tells how many tickets came since a moment, by team, of the teams whose tickets somebody may see. What is set aside as suspect did not come. It reads the
// index of when tickets came, so it is for hours and days, not for years.
func Arrived(ctx context.Context, tx *db.Tx, a person.Actor, since clock.Instant) (map[int64]int, error) {
	rows, err := db.All[struct {
		TeamID int64
		N      int
	}](ctx, tx, `SELECT team_id, count(*) AS n FROM ticket WHERE created_at >= $1 AND turn NOT IN ('suspect', 'spam', 'trash') GROUP BY team_id`, since)
	out := make(map[int64]int, len(rows))
	for _, r := range rows {
		if person.Can(a, person.SeeTicket, person.Thing{TeamID: r.TeamID}) {
			out[r.TeamID] = r.N
		}
	}
	return out, err
}
