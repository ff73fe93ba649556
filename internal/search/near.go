package search

import "strconv"

// Shorter words are not corrected: every one of them is near to many. From longWord letters on two slips are forgiven.
const (
	shortestNear = 4
	longWord     = 8
	pieces       = 3
)

// slips is how many slips are forgiven between two words of these lengths in runes.
func slips(m, n int) int {
	switch n = min(m, n); {
	case n < shortestNear:
		return 0
	case n < longWord:
		return 1
	}
	return 2
}

// nearKeys are the keys under which a word is kept for those who misspell it. A short word is kept as it is without each of
// its letters: a word one slip away without one of its own letters is equal to one of them. A long word is kept in three pieces
// with its length: two slips leave one piece whole.
func nearKeys(word string) []int64 {
	r := []rune(word)
	if len(r) < shortestNear {
		return nil
	}
	if len(r) < longWord {
		return deletions(r)
	}
	keys := make([]int64, 0, pieces)
	for i := range pieces {
		from, to := pieceOf(len(r), i)
		keys = append(keys, pieceKey(len(r), i, r[from:to]))
	}
	return keys
}

// nearLookups are the keys under which words near to one that was typed may be kept.
func nearLookups(word string) []int64 {
	r := []rune(word)
	if len(r) < shortestNear {
		return nil
	}
	var keys []int64
	if len(r) <= longWord {
		keys = deletions(r)
	}
	for n := max(longWord, len(r)-2); n <= len(r)+2; n++ {
		if abs(n-len(r)) > slips(n, len(r)) {
			continue
		}
		for i := range pieces {
			from, to := pieceOf(n, i)
			least, most := -2, 2
			switch i { // what stands at the start or the end is not moved by slips elsewhere
			case 0:
				least, most = 0, 0
			case pieces - 1:
				least, most = len(r)-n, len(r)-n
			}
			for s := least; s <= most; s++ {
				if from+s >= 0 && to+s <= len(r) {
					keys = append(keys, pieceKey(n, i, r[from+s:to+s]))
				}
			}
		}
	}
	return keys
}

// deletions are the keys of a word and of what is left of it without each of its letters.
func deletions(r []rune) []int64 {
	keys := []int64{keyOf('d', string(r))}
	for i := range r {
		if i == 0 || r[i] != r[i-1] { // else the same as without the letter before
			keys = append(keys, keyOf('d', string(r[:i])+string(r[i+1:])))
		}
	}
	return keys
}

func pieceOf(n, i int) (from, to int) { return n * i / pieces, n * (i + 1) / pieces }

func pieceKey(n, i int, piece []rune) int64 {
	return keyOf('p', strconv.Itoa(n*pieces+i), string(piece))
}

// distance counts slips between two words: a letter too many, one missing, one instead of another, or two that changed
// places. It stops counting above limit.
func distance(a, b []rune, limit int) int {
	if abs(len(a)-len(b)) > limit {
		return limit + 1
	}
	before, last, now := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			d := last[j-1]
			if a[i-1] != b[j-1] {
				d++
			}
			d = min(d, last[j]+1, now[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			now[j] = d
			best = min(best, d)
		}
		if best > limit {
			return limit + 1
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
