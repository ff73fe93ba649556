package search

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"goodturn/internal/db"
)

// Wish says how far a query may go beyond its words.
type Wish struct {
	// Scopes are those whose words the searcher may know; without any, words stay as they are.
	Scopes []int64
	// Unfinished says that the last word may still be typed.
	Unfinished bool
	// Beginnings lets every word go on.
	Beginnings bool
	// Near also asks for words that are spelled nearly so, of those that stand in at least NearFrom documents.
	Near     bool
	NearFrom int64
	// Complete says that the vocabulary knows every word of the documents looked for: a beginning that it does not know is none.
	Complete bool
}

// What a word is widened to, at most.
const (
	maxForms       = 24
	maxBeginnings  = 40
	maxNear        = 6
	maxWidened     = 6    // words of a query that are widened; the rest of a long one is exact
	commonWords    = 20e3 // looked through for short beginnings
	beginningsRead = 2000 // words of one beginning that are compared
	nearRead       = 4000 // words of near keys that are compared
)

// Expand widens the words of a query by those that mean the same: other forms of the word, words that begin so, words that
// are spelled nearly so. Quoted words and phrases stay exact. What it asks is bounded, however common a beginning is.
func Expand(ctx context.Context, tx *db.Tx, q Query, w Wish) (Query, error) {
	out := Query{Terms: slices.Clone(q.Terms)}
	if len(w.Scopes) == 0 {
		return out, nil
	}
	said, err := q.synonyms(ctx, tx)
	if err != nil {
		return out, err
	}
	widened := 0
	for i := range out.Terms {
		t := &out.Terms[i]
		begins := t.Prefix || (!t.Quoted && (w.Beginnings || (w.Unfinished && i == len(out.Terms)-1)))
		if len(t.Words) > 1 || t.Quoted || widened == maxWidened {
			t.Prefix = begins && longEnough(t.Words[len(t.Words)-1])
			continue
		}
		widened++
		var also []string
		var known bool
		if learnable(t.Words[0]) || begins {
			var err error
			if also, known, err = w.widen(ctx, tx, t.Words[0], begins); err != nil {
				return out, err
			}
		}
		// Only a beginning that the vocabulary knows nothing of is left to the index, which would read all that begins so.
		t.Prefix = begins && !known && len(also) == 0 && longEnough(t.Words[0]) && !(w.Complete && learnable(t.Words[0]))
		if t.Also, err = w.withSynonyms(ctx, tx, also, said[i]); err != nil {
			return out, err
		}
	}
	return out, nil
}

// synonyms are what the words of a query may be said by as well, by term. Where a phrase may, each of its words may stand for that.
func (q Query) synonyms(ctx context.Context, tx *db.Tx) (map[int][]saying, error) {
	t, err := readThesaurus(ctx, tx)
	if err != nil {
		return nil, err
	}
	words := make([][]string, len(q.Terms))
	for i, term := range q.Terms {
		if len(term.Words) == 1 && !term.Quoted {
			words[i] = withForms(term.Words)[0]
		}
	}
	out := map[int][]saying{}
	for _, m := range t.of(words) {
		for i := m.from; i < m.to; i++ {
			out[i] = append(out[i], m.others...)
		}
	}
	return out, nil
}

// withSynonyms adds words and phrases that say the same, and other forms of the words.
func (w Wish) withSynonyms(ctx context.Context, tx *db.Tx, also []string, said []saying) ([]string, error) {
	if len(said) == 0 {
		return also, nil
	}
	var keys []int64
	var stems, asked []string
	for _, s := range said {
		for _, w := range s {
			asked = append(asked, w[0])
		}
		if len(s) == 1 {
			keys = append(keys, formKeys(s[0][0])...)
			stems = append(stems, Stems(s[0][0])...)
		}
	}
	words, err := underKeys(ctx, tx, keys, nearRead)
	if err != nil {
		return nil, err
	}
	words = slices.DeleteFunc(words, func(o string) bool { return slices.Contains(also, o) || !share(Stems(o), stems) })
	of, _, err := Frequency(ctx, tx, w.Scopes, append(asked, words...))
	if err != nil {
		return nil, err
	}
	for _, s := range said { // what nobody has written costs the index a look, and brings nothing
		if !slices.ContainsFunc(s, func(w []string) bool { return learnable(w[0]) && of[w[0]] == 0 }) && !slices.Contains(also, s.text()) {
			also = append(also, s.text())
		}
	}
	for w := range of {
		if slices.Contains(also, w) || !slices.Contains(words, w) {
			delete(of, w)
		}
	}
	return append(also, commonest(of, maxForms)...), nil
}

// longEnough tells that few enough words begin so for the index to gather them all. Numbers are many.
func longEnough(word string) bool {
	n := utf8.RuneCountInString(word)
	return n >= 5 || (n >= 3 && learnable(word))
}

// widen gives the words that mean the same; known says that one that begins so is in the vocabulary, the word itself among them.
func (w Wish) widen(ctx context.Context, tx *db.Tx, word string, begins bool) (words []string, known bool, err error) {
	also := []string{word}
	add := func(words []string, err error) error {
		for _, o := range words {
			if !slices.Contains(also, o) {
				also = append(also, o)
			}
		}
		return err
	}
	if err := add(w.forms(ctx, tx, word)); err != nil {
		return nil, false, err
	}
	if begins {
		begun, err := w.beginnings(ctx, tx, word)
		if err := add(begun, err); err != nil {
			return nil, false, err
		}
		known = len(begun) > 0
	}
	if w.Near {
		if err := add(w.near(ctx, tx, word)); err != nil {
			return nil, false, err
		}
	}
	return also[1:], known, nil
}

// forms are the other forms of a word, common ones first.
func (w Wish) forms(ctx context.Context, tx *db.Tx, word string) ([]string, error) {
	words, err := underKeys(ctx, tx, formKeys(word), nearRead)
	if err != nil || len(words) == 0 {
		return nil, err
	}
	stems := Stems(word)
	words = slices.DeleteFunc(words, func(o string) bool { // a key is a hash
		return o == word || !slices.ContainsFunc(Stems(o), func(s string) bool { return slices.Contains(stems, s) })
	})
	of, _, err := Frequency(ctx, tx, w.Scopes, words)
	return commonest(of, maxForms), err
}

// near are the words spelled nearly like one, the nearest first, of them the common ones.
func (w Wish) near(ctx context.Context, tx *db.Tx, word string) ([]string, error) {
	found, err := underKeys(ctx, tx, nearLookups(word), nearRead)
	if err != nil {
		return nil, err
	}
	typed := []rune(word)
	away := map[string]int{}
	var words []string
	for _, o := range found {
		r := []rune(o)
		limit := slips(len(typed), len(r))
		if d := distance(typed, r, limit); d > 0 && d <= limit {
			words, away[o] = append(words, o), d
		}
	}
	of, _, err := Frequency(ctx, tx, w.Scopes, words)
	if err != nil {
		return nil, err
	}
	words = slices.DeleteFunc(words, func(o string) bool { return of[o] == 0 || of[o] < w.NearFrom })
	slices.SortFunc(words, func(a, b string) int {
		return cmp.Or(cmp.Compare(away[a], away[b]), cmp.Compare(otherStart(word, a), otherStart(word, b)), cmp.Compare(of[b], of[a]), strings.Compare(a, b))
	})
	for i := range words {
		if away[words[i]] > away[words[0]] { // one slip explains it better than two
			words = words[:i]
			break
		}
	}
	return words[:min(len(words), maxNear)], nil
}

// otherStart is 1 when two words begin with different letters, which is rare among slips.
func otherStart(a, b string) int {
	x, _ := utf8.DecodeRuneInString(a)
	y, _ := utf8.DecodeRuneInString(b)
	if x != y {
		return 1
	}
	return 0
}

// beginnings are the commonest words that begin so. Of very many the common words of the whole vocabulary are looked
// through, and the first of the alphabet.
func (w Wish) beginnings(ctx context.Context, tx *db.Tx, start string) ([]string, error) {
	of := map[string]int64{}
	end := start + "\U0010FFFF"
	for _, scope := range w.Scopes {
		read, err := db.All[wordCount](ctx, tx, `SELECT word, documents FROM (SELECT word, documents FROM search_word
			WHERE scope = $1 AND word >= $2 AND word < $3 ORDER BY word LIMIT $4) AS begun ORDER BY documents DESC LIMIT $5`, scope, start, end, beginningsRead, maxBeginnings)
		if err != nil {
			return nil, err
		}
		if utf8.RuneCountInString(start) <= 3 && len(read) == maxBeginnings {
			common, err := db.All[wordCount](ctx, tx, `SELECT word, documents FROM (SELECT word, documents FROM search_word
				WHERE scope = $1 ORDER BY documents DESC LIMIT $4) AS common WHERE word >= $2 AND word < $3 LIMIT $5`, scope, start, end, int64(commonWords), maxBeginnings)
			if err != nil {
				return nil, err
			}
			for _, r := range common {
				of[r.Word] = max(of[r.Word], r.Documents)
			}
		}
		for _, r := range read {
			of[r.Word] = max(of[r.Word], r.Documents)
		}
	}
	return commonest(of, maxBeginnings), nil
}

// underKeys reads the words that lie under any of the keys, at most so many.
func underKeys(ctx context.Context, tx *db.Tx, keys []int64, most int) ([]string, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	var args db.Args
	return db.All[string](ctx, tx, `SELECT word FROM (SELECT word FROM search_key WHERE key IN (`+db.List(&args, padded(keys))+`) LIMIT `+args.Add(most)+`) AS found GROUP BY word`, args...)
}

func commonest(of map[string]int64, most int) []string {
	words := make([]string, 0, len(of))
	for o := range of {
		words = append(words, o)
	}
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(cmp.Compare(of[b], of[a]), strings.Compare(a, b)) })
	return words[:min(len(words), most)]
}
