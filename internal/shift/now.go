package shift

import (
	"context"
	"time"

	"goodturn/internal/db"
)

// nextWithin is how far ahead it is looked for who takes over.
const nextWithin = 24 * time.Hour

// NowAndNext gives the published shifts of a team that run now, and those that begin next within a day: all that begin at the same moment, also those that
// nobody has. Who is not here any more, or left the team, has none of them.
func NowAndNext(ctx context.Context, tx *db.Tx, teamID int64) (now, next []Shift, err error) {
	all, err := db.All[Shift](ctx, tx, `SELECT `+columns+` FROM shift s WHERE s.team_id = $1 AND s.from_at > $2 AND s.from_at < $3 AND s.until_at > $4 AND s.published
		AND (s.person_id IS NULL OR EXISTS (SELECT 1 FROM person p JOIN team_member m ON m.person_id = p.id WHERE p.id = s.person_id AND m.team_id = s.team_id AND p.active AND p.merged_into IS NULL))
		ORDER BY s.from_at, s.until_at, s.id`, teamID, tx.Now.Add(-Longest)-1, tx.Now.Add(nextWithin), tx.Now)
	for _, s := range all {
		switch {
		case s.FromAt <= tx.Now:
			now = append(now, s)
		case len(next) == 0 || next[0].FromAt == s.FromAt:
			next = append(next, s)
		}
	}
	return now, next, err
}
