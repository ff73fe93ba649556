package search

// sieve lets through what may be one of some words. It costs far less than to look a word up, and most words of a page are none of those
// that are asked for.
type sieve [1 << 10]uint64

// The hash is FNV-1a (Fowler, Noll, Vo), folded to 16 bits.
const (
	fnvBegin = uint32(2166136261)
	fnvPrime = uint32(16777619)
)

func (s *sieve) add(word string) {
	h := fnvBegin
	for i := range len(word) {
		h = (h ^ uint32(word[i])) * fnvPrime
	}
	h ^= h >> 16
	s[h>>6&(1<<10-1)] |= 1 << (h & 63)
}

func (s *sieve) has(h uint32) bool {
	h ^= h >> 16
	return s[h>>6&(1<<10-1)]>>(h&63)&1 == 1
}

// next reads the word at the start of a text, in all its forms, and gives how long that is and whether one of them may be let through.
func (s *sieve) next(text string) (length int, may bool) {
	h := fnvBegin
	for i := range len(text) {
		switch c := text[i]; c {
		case ' ':
			return i, may || s.has(h)
		case '|':
			may = may || s.has(h)
			h = fnvBegin
		default:
			h = (h ^ uint32(c)) * fnvPrime
		}
	}
	return len(text), may || s.has(h)
}

// idleSieve lets the idle words through.
var idleSieve = func() (s sieve) {
	for w := range idle {
		s.add(w)
	}
	return s
}()
