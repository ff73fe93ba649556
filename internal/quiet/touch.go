package quiet

import (
	"context"
	"strconv"

	"goodturn/internal/clock"
	"goodturn/internal/db"
)

// chunk is how many events of the spine are looked at with one statement. Tests make it small.
var chunk int64 = 20_000

// touches are the moments, of people, at which they answered somebody, were given or took a ticket, or wrote one down that was told on the phone,
// from a moment until another: of everybody, or only of the one given. What was brought in from elsewhere did not happen here.
//
// The spine has no index by time, and none by person, which nothing else needs. Its numbers come in the order of time, but for what was brought in, so it is
// read from the end back to a part in which all is older.
func touches(ctx context.Context, tx *db.Tx, from, until clock.Instant, only int64) (map[int64][]clock.Instant, error) {
	out := map[int64][]clock.Instant{}
	high, err := db.One[int64](ctx, tx, `SELECT coalesce(max(id), 0) FROM event`)
	for err == nil && high > 0 && from < until {
		low := high - chunk
		rows, wrong := db.All[struct {
			At       clock.Instant
			PersonID int64
			ToValue  string
			Given    bool
		}](ctx, tx, `SELECT e.at, coalesce(m.author_id, e.person_id, 0) AS person_id, e.to_value, e.what = 'assignee' AS given FROM event e LEFT JOIN message m ON m.id = e.message_id
			WHERE e.id > $1 AND e.id <= $2 AND e.at >= $3 AND e.at < $4 AND e.cause <> 'import'
			AND (e.what = 'message' AND e.to_value = 'out' OR e.what = 'assignee' AND e.to_value <> '' OR e.what = 'created' AND e.to_value = 'phone')
			AND (CAST($5 AS BIGINT) = 0 OR coalesce(m.author_id, e.person_id, 0) = $5 OR e.what = 'assignee' AND e.to_value = $6)`, low, high, from, until, only, strconv.FormatInt(only, 10))
		if wrong != nil {
			return nil, wrong
		}
		for _, r := range rows {
			who := r.PersonID
			if r.Given {
				who, _ = strconv.ParseInt(r.ToValue, 10, 64)
			}
			if who != 0 && (only == 0 || who == only) {
				out[who] = append(out[who], r.At)
			}
		}
		newest, wrong := db.One[clock.Instant](ctx, tx, `SELECT coalesce(max(at), -1) FROM event WHERE id > $1 AND id <= $2 AND cause <> 'import'`, low, high)
		if wrong != nil || newest >= 0 && newest < from {
			return out, wrong
		}
		high = low
	}
	return out, err
}
