package search

import (
	"hash/fnv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/german"
)

// stemmers cut the endings of the languages that a desk is spoken to in. Whose language a word is, nobody knows: each cuts
// every word, and words that any of them makes equal are forms of one another.
var stemmers = []func(*snowballstem.Env) bool{english.Stem, german.Stem}

// Words that the vocabulary knows: letters only, of this length in runes. What holds digits is a name of one thing.
const (
	minLearned = 2
	maxLearned = 24
)

func learnable(word string) bool {
	n := 0
	for _, r := range word {
		if !unicode.IsLetter(r) {
			return false
		}
		n++
	}
	return n >= minLearned && n <= maxLearned
}

// Stems gives what is left of a folded word without its endings, and the same of the ways in which it may be spelled where
// the keyboard has no umlauts ("buero" is "büro", which is folded to "buro").
func Stems(word string) []string {
	var out []string
	add := func(s string) {
		for _, o := range out {
			if o == s {
				return
			}
		}
		out = append(out, s)
	}
	spellings := []string{word}
	if plain := umlauts.Replace(word); plain != word {
		spellings = append(spellings, plain)
	}
	for _, s := range spellings {
		if utf8.RuneCountInString(s) < 3 {
			add(s)
			continue
		}
		for _, stem := range stemmers {
			env := snowballstem.NewEnv(s)
			stem(env)
			add(env.Current())
		}
	}
	return out
}

var umlauts = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u")

// Keys are hashes, so that the rows stay small; what they lead to is looked at before it is believed.
func keyOf(kind byte, parts ...string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte{kind})
	for _, p := range parts {
		_, _ = h.Write([]byte(p))
		_, _ = h.Write([]byte{0})
	}
	return int64(h.Sum64() & (1<<63 - 1))
}

// formKeys lead to the other forms of a word.
func formKeys(word string) []int64 {
	stems := Stems(word)
	keys := make([]int64, len(stems))
	for i, s := range stems {
		keys[i] = keyOf('s', s)
	}
	return keys
}
