package filter

import (
	"maps"
	"slices"
	"strings"
)

// Nearest gives those of the known words that somebody may have meant, the nearest first: words that differ by one letter, or
// by two when the word is long, and words that begin with what was typed.
func Nearest(typed string, known []string) []string {
	typed = strings.ToLower(typed)
	if len(typed) > 40 {
		return nil
	}
	type candidate struct {
		word string
		far  int
	}
	var found []candidate
	for _, w := range known {
		far := distance([]rune(typed), []rune(strings.ToLower(w)))
		switch {
		case far <= farthest(typed):
		case len(typed) >= 2 && strings.HasPrefix(strings.ToLower(w), typed):
			far = 3
		default:
			continue
		}
		found = append(found, candidate{w, far})
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return a.far - b.far })
	out := make([]string, 0, 3)
	for _, f := range found[:min(len(found), 3)] {
		out = append(out, f.word)
	}
	return out
}

// farthest is how many letters may be wrong in a word for it to be the other one.
func farthest(word string) int {
	switch n := len(word); {
	case n < 3:
		return 0
	case n < 6:
		return 1
	}
	return 2
}

// distance counts the letters to add, drop, change, or swap with the next, until a is b.
func distance(a, b []rune) int {
	if d := len(a) - len(b); d > 3 || d < -3 {
		return 4
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// sortedNames are the names of fields in the order of the alphabet, so that the same mistake has the same answer.
func sortedNames(names Names) []string {
	return slices.Sorted(maps.Keys(names))
}
