package gap

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"goodturn/internal/db"
	"goodturn/internal/search"
)

// What is kept of searches: words that so many asked for in the last weeks are shown; what is older than a quarter is forgotten.
const (
	mostWords    = 8
	mostLetters  = 60
	shownFrom    = 3
	shownWeeks   = 8
	keptWeeks    = 13
	mostSearches = 20_000 // different words in a week: more is no person's doing
)

// Searched notes that words were looked for in the articles, and how many were found; or that one of those was opened. What may tell of a
// person is left out: addresses, numbers.
func (k *Keeper) Searched(ctx context.Context, query string, found int, opened bool) error {
	words := plain(query)
	if words == "" {
		return nil
	}
	if opened {
		return k.opened(ctx, words)
	}
	empty := int64(0)
	if found == 0 {
		empty = 1
	}
	return k.DB.Write(ctx, func(tx *db.Tx) error {
		w := Week(tx.Now)
		n, err := tx.Exec(ctx, `UPDATE gap_search SET asked = asked + 1, empty = empty + $3 WHERE words = $1 AND week = $2`, words, w, empty)
		if err != nil || n > 0 {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO gap_search (words, week, asked, empty, opened) SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), 1, CAST($3 AS BIGINT), 0
			WHERE (SELECT count(*) FROM (SELECT 1 AS one FROM gap_search WHERE week = $2 LIMIT CAST($4 AS BIGINT)) AS few) < CAST($4 AS BIGINT)
			ON CONFLICT (words, week) DO UPDATE SET asked = gap_search.asked + 1, empty = gap_search.empty + excluded.empty`, words, w, empty, mostSearches)
		return err
	})
}

// opened counts only what was searched this week: an address that went round for long is no search.
func (k *Keeper) opened(ctx context.Context, words string) error {
	return k.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE gap_search SET opened = opened + 1 WHERE words = $1 AND week = $2`, words, Week(tx.Now))
		return err
	})
}

// plain is the words of a search as they are counted: in any order, without what holds an address or a number.
func plain(query string) string {
	var kept []string
	for f := range strings.FieldsSeq(query) {
		if strings.Contains(f, "@") {
			continue
		}
		for _, w := range search.Words(f) {
			if utf8.RuneCountInString(w) > 1 && digits(w) < 4 {
				kept = append(kept, w)
			}
		}
	}
	slices.Sort(kept)
	kept = slices.Compact(kept)
	if len(kept) > mostWords {
		return "" // that is a letter, not a search
	}
	all := strings.Join(kept, " ")
	if len(all) > mostLetters {
		return ""
	}
	return all
}

func digits(w string) (n int) {
	for _, r := range w {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// searches makes gaps of what was searched in vain, and forgets what is old.
func searches(ctx context.Context, tx *db.Tx) error {
	now := Week(tx.Now)
	if _, err := tx.Exec(ctx, `DELETE FROM gap_search WHERE week < $1`, now-keptWeeks); err != nil {
		return err
	}
	for _, s := range []struct {
		kind        Kind
		count, when string
	}{
		{Nothing, `empty`, `sum(empty) * 2 >= sum(asked) AND sum(empty) >= $2`},
		{Unopened, `asked - empty`, `sum(opened) = 0 AND sum(asked - empty) >= 2 * $2 AND sum(empty) * 2 < sum(asked)`},
	} {
		all, err := db.All[string](ctx, tx, `SELECT words FROM gap_search WHERE week > $1 GROUP BY words HAVING `+s.when+` ORDER BY words`, now-shownWeeks, shownFrom)
		if err != nil {
			return err
		}
		if err := known(ctx, tx, s.kind, all); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM gap_week WHERE week > $1 AND gap_id IN (SELECT id FROM gap WHERE kind = $2)`, now-keptWeeks, s.kind); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO gap_week (gap_id, week, n) SELECT g.id, s.week, s.`+strings.ReplaceAll(s.count, "- ", "- s.")+` FROM gap g JOIN gap_search s ON s.words = g.ref WHERE g.kind = $1 AND s.week > $2`, s.kind, now-keptWeeks); err != nil {
			return err
		}
	}
	return nil
}

// known has exactly these be gaps of a kind; those that were and have no article are gone.
func known(ctx context.Context, tx *db.Tx, kind Kind, refs []string) error {
	for _, ref := range refs {
		if _, err := tx.Exec(ctx, `INSERT INTO gap (kind, ref, label, state, found_at) VALUES ($1, $2, $2, 'open', $3)
			ON CONFLICT (kind, ref) DO UPDATE SET state = CASE WHEN gap.state = 'gone' THEN 'open' ELSE gap.state END`, kind, ref, tx.Now); err != nil {
			return err
		}
	}
	is, err := db.All[Gap](ctx, tx, `SELECT `+columns+` FROM gap WHERE kind = $1 AND state = 'open'`, kind)
	if err != nil {
		return err
	}
	still := make(map[string]bool, len(refs))
	for _, ref := range refs {
		still[ref] = true
	}
	for _, g := range is {
		if still[g.Ref] || !kind.OfArticle() && g.ArticleID != 0 {
			continue
		}
		if _, err := tx.Exec(ctx, `UPDATE gap SET state = 'gone' WHERE id = $1`, g.ID); err != nil {
			return err
		}
	}
	return nil
}

func sorted(counts map[Count]int64) []Count {
	return slices.SortedFunc(maps.Keys(counts), func(a, b Count) int { return cmp.Or(cmp.Compare(a.N, b.N), cmp.Compare(a.Week, b.Week)) })
}
