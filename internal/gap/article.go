package gap

import (
	"context"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/kb"
	"goodturn/internal/ticket"
)

// What makes a gap of an article: so many tickets came after it was read, in the last weeks, or so many readers said that it did not help,
// and fewer that it did.
const (
	cameFrom   = 2
	unhelpful  = 3
	overWeeks  = 8
	mostStales = 500
)

// CameAfter notes that a ticket came from somebody who had just read an article.
func CameAfter(ctx context.Context, tx *db.Tx, ticketID, articleID int64) error {
	private, err := db.Exists(ctx, tx, `SELECT 1 FROM ticket t JOIN team p ON p.id = t.team_id WHERE t.id = $1 AND p.private`, ticketID)
	if err != nil || private {
		return err
	}
	id, err := db.One[int64](ctx, tx, `INSERT INTO gap (kind, ref, label, state, article_id, found_at) VALUES ('came', $1, '', 'gone', $2, $3)
		ON CONFLICT (kind, ref) DO UPDATE SET article_id = excluded.article_id RETURNING id`, strconv.FormatInt(articleID, 10), articleID, tx.Now)
	if err != nil {
		return err
	}
	w := Week(tx.Now)
	n, err := tx.Exec(ctx, `INSERT INTO gap_ticket (ticket_id, gap_id, week) VALUES ($1, $2, $3) ON CONFLICT (ticket_id, gap_id) DO NOTHING`, ticketID, id, w)
	if err != nil || n == 0 {
		return err
	}
	return count(ctx, tx, map[Count]int64{{Week: w, N: id}: 1})
}

// cameAfterReading looks whether the requester of a ticket that came had just read an article, or said of one that it did not help.
func (k *Keeper) cameAfterReading(ctx context.Context, tx *db.Tx, t ticket.Ticket) error {
	if id := k.read.of(t.RequesterID, tx.Now); id != 0 {
		return CameAfter(ctx, tx, t.ID, id)
	}
	all, err := db.All[int64](ctx, tx, `SELECT article_id FROM article_answer WHERE id > (SELECT coalesce(max(id), 0) - $3 FROM article_answer) AND at >= $2 AND person_id = $1 AND helped = 'no' ORDER BY id DESC LIMIT 1`,
		t.RequesterID, tx.Now.Add(-soon), lookedBack)
	if err != nil || len(all) == 0 {
		return err
	}
	return CameAfter(ctx, tx, t.ID, all[0])
}

// lookedBack is how many of the newest answers are looked at: more come in no hour.
const lookedBack = 1000

// articles makes gaps of the articles that do not do.
func articles(ctx context.Context, tx *db.Tx) error {
	now := Week(tx.Now)
	since := firstMonday + (now-overWeeks)*week
	came, err := db.All[string](ctx, tx, `SELECT g.ref FROM gap g JOIN gap_week w ON w.gap_id = g.id WHERE g.kind = 'came' AND w.week > $1 GROUP BY g.ref HAVING CAST(sum(w.n) AS BIGINT) >= $2 ORDER BY g.ref`, now-overWeeks, cameFrom)
	if err != nil {
		return err
	}
	asked, err := db.All[int64](ctx, tx, `SELECT DISTINCT article_id FROM article_answer WHERE settled_at = 0 AND words <> '' ORDER BY article_id`)
	if err != nil {
		return err
	}
	stale, err := db.All[int64](ctx, tx, `SELECT a.id FROM article a WHERE a.published AND (a.review_at > 0 AND a.review_at <= $1 OR
		(SELECT count(*) FROM article_answer x WHERE x.article_id = a.id AND x.at >= $2 AND x.helped = 'no') >= $3
		AND (SELECT count(*) FROM article_answer x WHERE x.article_id = a.id AND x.at >= $2 AND x.helped = 'no') > (SELECT count(*) FROM article_answer x WHERE x.article_id = a.id AND x.at >= $2 AND x.helped = 'yes'))
		ORDER BY a.review_at, a.id LIMIT $4`, tx.Now, since, unhelpful, mostStales)
	if err != nil {
		return err
	}
	for _, part := range []struct {
		kind Kind
		refs []string
	}{{Came, came}, {Asked, decimals(asked)}, {Stale, decimals(stale)}} {
		if err := known(ctx, tx, part.kind, part.refs); err != nil {
			return err
		}
	}
	if err := nameArticles(ctx, tx); err != nil {
		return err
	}
	return answers(ctx, tx, since)
}

// nameArticles gives the gaps of articles their article and its title.
func nameArticles(ctx context.Context, tx *db.Tx) error {
	all, err := db.All[Gap](ctx, tx, `SELECT `+columns+` FROM gap WHERE kind IN ('came', 'asked', 'stale') AND state <> 'gone'`)
	if err != nil {
		return err
	}
	ids := make([]int64, 0, len(all))
	for _, g := range all {
		id, _ := strconv.ParseInt(g.Ref, 10, 64)
		ids = append(ids, id)
	}
	titles, err := kb.Titles(ctx, tx, ids)
	if err != nil {
		return err
	}
	for i, g := range all {
		title, ok := titles[ids[i]]
		if !ok {
			_, err = tx.Exec(ctx, `UPDATE gap SET state = 'gone', article_id = NULL WHERE id = $1`, g.ID)
		} else if title != g.Label || g.ArticleID != ids[i] {
			_, err = tx.Exec(ctx, `UPDATE gap SET label = $2, article_id = $3 WHERE id = $1`, g.ID, title, ids[i])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// answers counts what readers said: by week, what they miss, and that it did not help.
func answers(ctx context.Context, tx *db.Tx, since int64) error {
	for _, part := range []struct {
		kind Kind
		of   string
	}{{Asked, `words <> ''`}, {Stale, `helped = 'no'`}} {
		type row struct{ GapID, Week, N int64 }
		all, err := db.All[row](ctx, tx, `SELECT g.id AS gap_id, (x.at - $2) / $3 AS week, count(*) AS n FROM gap g JOIN article_answer x ON x.article_id = g.article_id
			WHERE g.kind = $1 AND x.at >= $4 AND x.`+part.of+` GROUP BY 1, 2 ORDER BY 1, 2`, part.kind, firstMonday, week, since)
		if err != nil {
			return err
		}
		for _, r := range all {
			if _, err := tx.Exec(ctx, `INSERT INTO gap_week (gap_id, week, n) VALUES ($1, $2, $3) ON CONFLICT (gap_id, week) DO UPDATE SET n = excluded.n`, r.GapID, r.Week, r.N); err != nil {
				return err
			}
		}
	}
	return nil
}

func decimals(ids []int64) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = strconv.FormatInt(id, 10)
	}
	return out
}
