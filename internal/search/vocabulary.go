package search

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"goodturn/internal/db"
)

// Lesson is text whose words the vocabulary is to know. Scope says who may know them: 0 is everybody who searches.
type Lesson struct {
	Scope int64
	Text  string
}

// Vocabulary learns which words there are, off the way of those who write documents. What it knows is kept in the store;
// of each word it remembers how many documents hold it, so that a common word costs a write only when its count
// has grown by a tenth. It is for one goroutine.
//
//	v.Gather(lessons)
//	for v.Waiting() { d.Write(ctx, func(tx *db.Tx) error { return v.Keep(ctx, tx) }) }
type Vocabulary struct {
	known map[entry]*count
	due   map[entry]int64 // to be written: how many documents more
}

type entry struct {
	scope int64
	word  string
}

type count struct{ kept, more int64 }

const (
	maxKnown   = 300_000 // words remembered; beyond that it begins anew
	maxLesson  = 16 << 10
	maxWords   = 600 // of one lesson
	keptAtOnce = 200 // words written in one transaction: other writers wait for it
)

// Gather takes in lessons; Keep writes what they brought.
func (v *Vocabulary) Gather(lessons []Lesson) {
	if v.known == nil || len(v.known) > maxKnown {
		v.known = map[entry]*count{}
	}
	if v.due == nil {
		v.due = map[entry]int64{}
	}
	seen := map[string]bool{}
	for _, l := range lessons {
		clear(seen)
		v.count(entry{l.Scope, ""})
		for _, w := range Words(l.Text[:min(len(l.Text), maxLesson)]) {
			if seen[w] || !learnable(w) {
				continue
			}
			if seen[w] = true; len(seen) > maxWords {
				break
			}
			v.count(entry{l.Scope, w})
		}
	}
}

func (v *Vocabulary) count(e entry) {
	if n, waits := v.due[e]; waits {
		v.due[e] = n + 1
		return
	}
	c := v.known[e]
	if c == nil {
		e.word = strings.Clone(e.word) // not the whole text with it
		v.due[e] = 1
		return
	}
	if c.more++; c.more*10 >= c.kept {
		v.due[e] = c.more
		c.more = 0
	}
}

// Waiting tells that there is something to Keep.
func (v *Vocabulary) Waiting() bool { return len(v.due) > 0 }

// Keep writes some of what was gathered: little enough that nobody waits long for the transaction.
func (v *Vocabulary) Keep(ctx context.Context, tx *db.Tx) error {
	some := make([]entry, 0, keptAtOnce)
	for e := range v.due {
		if some = append(some, e); len(some) == keptAtOnce {
			break
		}
	}
	slices.SortFunc(some, func(a, b entry) int { // in one order, so that two nodes do not wait for each other
		return cmp.Or(cmp.Compare(a.scope, b.scope), cmp.Compare(a.word, b.word))
	})
	added := map[entry]int64{}
	for _, e := range some {
		added[e] = v.due[e]
	}
	kept, err := keepWords(ctx, tx, some, added)
	if err != nil {
		return err
	}
	tx.AfterCommit(func() {
		for e, n := range kept {
			v.known[e] = &count{kept: n}
			if v.due[e] -= added[e]; v.due[e] <= 0 {
				delete(v.due, e)
			}
		}
	})
	return nil
}

// Learn has the vocabulary know the words of a text at once, in the caller's transaction. They are not counted, so that nobody
// waits for the row of a common one: it is for few texts that must be found as soon as they are there.
func Learn(ctx context.Context, tx *db.Tx, l Lesson) error {
	words := slices.DeleteFunc(Words(l.Text[:min(len(l.Text), maxLesson)]), func(w string) bool { return !learnable(w) })
	slices.Sort(words)
	for part := range slices.Chunk(slices.Compact(words), 250) {
		var args db.Args
		rows := make([]string, len(part))
		for i, w := range part {
			rows[i] = "(" + args.Add(l.Scope) + ", " + args.Add(w) + ", 1)"
		}
		added, err := db.All[string](ctx, tx, `INSERT INTO search_word (scope, word, documents) VALUES `+strings.Join(rows, ", ")+` ON CONFLICT DO NOTHING RETURNING word`, args...)
		if err != nil {
			return err
		}
		if err := keepKeys(ctx, tx, added); err != nil {
			return err
		}
	}
	return nil
}

// keptWord is a row as it is after a write.
type keptWord struct {
	Scope     int64
	Word      string
	Documents int64
}

// keepWords adds to the counts of words and gives the new ones.
func keepWords(ctx context.Context, tx *db.Tx, all []entry, added map[entry]int64) (map[entry]int64, error) {
	kept := make(map[entry]int64, len(all))
	var fresh []string
	for part := range slices.Chunk(all, 50) {
		var args db.Args
		rows := make([]string, len(part))
		for i, e := range part {
			rows[i] = "(" + args.Add(e.scope) + ", " + args.Add(e.word) + ", " + args.Add(added[e]) + ")"
		}
		now, err := db.All[keptWord](ctx, tx, `INSERT INTO search_word (scope, word, documents) VALUES `+strings.Join(rows, ", ")+`
			ON CONFLICT (scope, word) DO UPDATE SET documents = search_word.documents + excluded.documents RETURNING scope, word, documents`, args...)
		if err != nil {
			return nil, err
		}
		for _, r := range now {
			e := entry{r.Scope, r.Word}
			kept[e] = r.Documents
			if r.Documents == added[e] && r.Word != "" { // it was not there before
				fresh = append(fresh, r.Word)
			}
		}
	}
	return kept, keepKeys(ctx, tx, fresh)
}

// keepKeys writes what leads to words that are new.
func keepKeys(ctx context.Context, tx *db.Tx, words []string) error {
	var keys [][]any
	for _, w := range words {
		for _, k := range slices.Concat(formKeys(w), nearKeys(w)) {
			keys = append(keys, []any{k, w})
		}
	}
	for part := range slices.Chunk(keys, 200) {
		var args db.Args
		rows := make([]string, len(part))
		for i, r := range part {
			rows[i] = "(" + db.List(&args, r) + ")"
		}
		if _, err := tx.Exec(ctx, `INSERT INTO search_key (key, word) VALUES `+strings.Join(rows, ", ")+` ON CONFLICT DO NOTHING`, args...); err != nil {
			return err
		}
	}
	return nil
}

// Frequency tells in how many documents (about) each word stands, of those in the given scopes, and how many there are in all.
// A word that is not known is left out.
func Frequency(ctx context.Context, tx *db.Tx, scopes []int64, words []string) (of map[string]int64, all int64, err error) {
	of = make(map[string]int64, len(words))
	for part := range slices.Chunk(append(words[:len(words):len(words)], ""), 100) {
		var args db.Args
		rows, err := db.All[wordCount](ctx, tx, `SELECT word, documents FROM search_word WHERE scope IN (`+db.List(&args, scopes)+`) AND word IN (`+db.List(&args, padded(part))+`)`, args...)
		if err != nil {
			return nil, 0, err
		}
		for _, r := range rows {
			of[r.Word] += r.Documents
		}
	}
	all = of[""]
	delete(of, "")
	return of, all, nil
}

type wordCount struct {
	Word      string
	Documents int64
}

// padded repeats the last value up to the next power of two, so that a few texts serve for every length.
func padded[T any](all []T) []T {
	n := 1
	for n < len(all) {
		n *= 2
	}
	out := slices.Clip(all)
	for len(out) > 0 && len(out) < n {
		out = append(out, all[len(all)-1])
	}
	return out
}
