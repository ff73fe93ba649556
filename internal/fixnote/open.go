package fixnote

import (
	"cmp"
	"context"
	"slices"

	"goodturn/internal/clock"
	"goodturn/internal/db"
)

// OpenRequest is a request that somebody has asked and that is not done.
type OpenRequest struct {
	ID        int64
	Subject   string
	CreatedAt clock.Instant
	Text      string  // the beginning of what was asked
	Score     float64 `db:"-"`
}

// What is compared of somebody's open requests: so many of the newest, and so many characters of each.
const (
	openLooked = 50
	openText   = 1000
)

// OpenLike gives the requests of somebody that are not done and are like a text, the most alike first and three at most: who asks the same
// again can add to what they asked.
func OpenLike(ctx context.Context, tx *db.Tx, personID int64, text string) ([]OpenRequest, error) {
	asked := stems(text)
	if personID == 0 || len(asked) == 0 {
		return nil, nil
	}
	all, err := db.All[OpenRequest](ctx, tx, `SELECT t.id, t.subject, t.created_at, coalesce(substr(m.text, 1, $3), '') AS text FROM ticket t LEFT JOIN message m ON m.ticket_id = t.id AND m.seq = 1
		WHERE t.requester_id = $1 AND t.status NOT IN ('solved', 'closed') AND t.turn NOT IN ('merged', 'trash') ORDER BY t.activity_at DESC, t.id DESC LIMIT $2`, personID, openLooked, openText)
	if err != nil {
		return nil, err
	}
	out := all[:0]
	for _, a := range all {
		if a.Score = alike(asked, stems(a.Subject+" "+a.Text)); a.Score > 0 {
			out = append(out, a)
		}
	}
	slices.SortStableFunc(out, func(x, y OpenRequest) int { return cmp.Compare(y.Score, x.Score) })
	return out[:min(len(out), 3)], nil
}
