package gap

import (
	"context"
	"strings"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/search"
)

// mostLabel is how long the label of a gap is that somebody said, in letters.
const mostLabel = 100

// Say notes that somebody says of something that it should be written down, and gives the gap's id. They are told once readers have it. The same words of several are
// one gap.
func Say(ctx context.Context, tx *db.Tx, personID int64, words string) (int64, error) {
	words = strings.TrimSpace(words)
	label := strings.Join(strings.Fields(words), " ")
	ref := search.Fold(label)
	if utf8.RuneCountInString(label) > mostLabel {
		label = string([]rune(label)[:mostLabel-1]) + "…"
	}
	if r := []rune(ref); len(r) > 500 {
		ref = string(r[:500])
	}
	id, err := db.One[int64](ctx, tx, `INSERT INTO gap (kind, ref, label, state, found_at) VALUES ('said', $1, $2, 'open', $3)
		ON CONFLICT (kind, ref) DO UPDATE SET state = 'open' RETURNING id`, ref, label, tx.Now)
	if err != nil {
		return 0, err
	}
	n, err := tx.Exec(ctx, `INSERT INTO gap_follower (gap_id, person_id, words, at, told_at) VALUES ($1, $2, $3, $4, 0) ON CONFLICT (gap_id, person_id) DO NOTHING`, id, personID, words, tx.Now)
	if err != nil || n == 0 {
		return id, err
	}
	return id, count(ctx, tx, map[Count]int64{{Week: Week(tx.Now), N: id}: 1})
}

// Saying is what somebody said should be written down.
type Saying struct {
	Name  string
	Words string
	At    clock.Instant
}

// Sayings gives what people said of a gap, the newest first, 50 at most.
func Sayings(ctx context.Context, tx *db.Tx, id int64) ([]Saying, error) {
	return db.All[Saying](ctx, tx, `SELECT p.name, f.words, f.at FROM gap_follower f JOIN person p ON p.id = f.person_id WHERE f.gap_id = $1 ORDER BY f.at DESC, f.person_id LIMIT 50`, id)
}

// tellFollowers tells those who said so that it is written.
func (k *Keeper) tellFollowers(ctx context.Context) error {
	if k.Written == nil {
		return nil
	}
	var waiting []int64
	err := k.DB.Read(ctx, func(tx *db.Tx) (err error) {
		waiting, err = db.All[int64](ctx, tx, `SELECT g.id FROM gap g WHERE g.kind = 'said' AND g.article_id IS NOT NULL AND EXISTS (SELECT 1 FROM gap_follower f WHERE f.gap_id = g.id AND f.told_at = 0)
			AND EXISTS (SELECT 1 FROM article_text x WHERE x.article_id = g.article_id AND x.live > 0) ORDER BY g.id LIMIT 50`)
		return err
	})
	for _, id := range waiting {
		if err == nil {
			err = k.DB.Write(ctx, func(tx *db.Tx) error { return k.tellOf(ctx, tx, id) })
		}
	}
	return err
}

func (k *Keeper) tellOf(ctx context.Context, tx *db.Tx, id int64) error {
	if err := tx.Lock(ctx, "gap", id); err != nil {
		return err
	}
	if err := published(ctx, tx, id); err != nil {
		return err
	}
	g, err := ByID(ctx, tx, id)
	if err != nil || g.LiveAt == 0 {
		return err
	}
	people, err := db.All[int64](ctx, tx, `SELECT DISTINCT coalesce(p.merged_into, p.id) AS id FROM gap_follower f JOIN person p ON p.id = f.person_id WHERE f.gap_id = $1 AND f.told_at = 0 ORDER BY 1 LIMIT 500`, id)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE gap_follower SET told_at = $2 WHERE gap_id = $1 AND told_at = 0`, id, tx.Now); err != nil {
		return err
	}
	return k.Written(ctx, tx, g, people)
}
