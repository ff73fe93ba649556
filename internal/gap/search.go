package gap

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"goodturn/internal/clock"
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

// searched is how often words were looked for since it was last written down.
type searched struct {
	mu sync.Mutex
	of map[wordsOf]tally
}

// wordsOf is words and the week in which they were looked for.
type wordsOf struct {
	words string
	week  int64
}

type tally struct{ asked, empty, opened int64 }

// mostTold bounds how many different words are remembered until they are written down: more is no person's doing.
const mostTold = 2000

// Searched notes that words were looked for in the articles, and how many were found; or that one of those was opened. It is written down
// with the next Sweep, so that nobody who reads waits for that. What may tell of a person is left out: addresses, numbers.
func (k *Keeper) Searched(query string, found int, opened bool, at clock.Instant) {
	w := wordsOf{plain(query), Week(at)}
	if w.words == "" {
		return
	}
	s := &k.searched
	s.mu.Lock()
	defer s.mu.Unlock()
	n, known := s.of[w]
	if !known && len(s.of) >= mostTold {
		return
	}
	switch {
	case opened:
		n.opened++
	case found == 0:
		n.asked, n.empty = n.asked+1, n.empty+1
	default:
		n.asked++
	}
	if s.of == nil {
		s.of = map[wordsOf]tally{}
	}
	s.of[w] = n
}

// take gives what was noted, and begins anew.
func (s *searched) take() map[wordsOf]tally {
	s.mu.Lock()
	defer s.mu.Unlock()
	of := s.of
	s.of = nil
	return of
}

// KeepSearches writes down what was looked for. Sweep calls it; call it once more before the program ends.
func (k *Keeper) KeepSearches(ctx context.Context) error {
	all := k.searched.take()
	if len(all) == 0 {
		return nil
	}
	order := slices.SortedFunc(maps.Keys(all), func(a, b wordsOf) int { return cmp.Or(cmp.Compare(a.week, b.week), cmp.Compare(a.words, b.words)) })
	return k.DB.Write(ctx, func(tx *db.Tx) error {
		room := map[int64]int64{} // of each week
		for _, w := range order {
			if _, known := room[w.week]; !known {
				n, err := db.One[int64](ctx, tx, `SELECT count(*) FROM (SELECT 1 AS one FROM gap_search WHERE week = $1 LIMIT $2) AS few`, w.week, mostSearches)
				if err != nil {
					return err
				}
				room[w.week] = mostSearches - n
			}
			made, err := all[w].keep(ctx, tx, w, room[w.week] > 0)
			if err != nil {
				return err
			}
			if made {
				room[w.week]--
			}
		}
		return nil
	})
}

// keep adds a tally to what is written down, where there is room for more words, and tells that these are new. What was opened counts
// only where it was searched in that week: an address that went round for long is no search.
func (t tally) keep(ctx context.Context, tx *db.Tx, w wordsOf, room bool) (made bool, err error) {
	n, err := tx.Exec(ctx, `UPDATE gap_search SET asked = asked + $3, empty = empty + $4, opened = opened + $5 WHERE words = $1 AND week = $2`, w.words, w.week, t.asked, t.empty, t.opened)
	if err != nil || n > 0 || t.asked == 0 || !room {
		return false, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO gap_search (words, week, asked, empty, opened) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (words, week) DO UPDATE SET asked = gap_search.asked + excluded.asked, empty = gap_search.empty + excluded.empty, opened = gap_search.opened + excluded.opened`, w.words, w.week, t.asked, t.empty, t.opened)
	return err == nil, err
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
