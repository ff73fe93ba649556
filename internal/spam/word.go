package spam

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxWords is how many different words of a mail are looked at.
const MaxWords = 300

// The shortest and longest words that are counted, in bytes; longer ones are codes.
const (
	shortest = 3
	longest  = 24
	maxRead  = 8 << 10 // bytes of text that words and phrases are taken from; what is wanted is said by then
)

// Words gives the different words of a mail in lower case, at most MaxWords: those of the subject once more with
// "subject:" before them, and the sender's domain with "from:". Writing without spaces gives pairs of letters.
func Words(m Mail) []string {
	seen := map[string]bool{}
	var out []string
	add := func(before string, w []byte) bool {
		if before == "" && seen[string(w)] { // costs no memory, and is what most words of a text are
			return true
		}
		if word := before + string(w); !seen[word] {
			seen[word] = true
			out = append(out, word)
		}
		return len(out) < MaxWords
	}
	if _, domain, ok := strings.Cut(m.FromAddress, "@"); ok && len(domain) < 60 {
		add("from:", []byte(strings.ToLower(domain)))
	}
	eachWord(cut(m.Subject, 1000), func(w []byte) bool { return add("", w) && add("subject:", w) })
	if len(out) < MaxWords {
		eachWord(cut(m.Text, maxRead), func(w []byte) bool { return add("", w) })
	}
	return out
}

// eachWord hands on the words of a text until emit wants no more. What it hands on is good until emit returns.
func eachWord(text string, emit func([]byte) bool) {
	var word []byte
	var before rune // the letter before, in writing without spaces
	more := true
	flush := func() {
		w := bytes.Trim(word, "'’")
		if more && len(w) >= shortest && len(w) <= longest {
			more = emit(w)
		}
		word = word[:0]
	}
	for _, r := range text {
		if !more {
			return
		}
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z':
			if len(word) <= longest {
				word = append(word, byte(r)|0x20)
			}
		case r < utf8.RuneSelf && r != '\'':
			flush()
		case r >= 0xe00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Hangul):
			flush()
			if before != 0 && more {
				more = emit([]byte(string([]rune{before, r})))
			}
			before = r
			continue
		case unicode.IsLetter(r), (r == '\'' || r == '’') && len(word) > 0:
			if len(word) <= longest {
				word = utf8.AppendRune(word, unicode.ToLower(r))
			}
		default:
			flush()
		}
		before = 0
	}
	flush()
}

func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "")
}

// Count is how many mails of each kind held a word.
type Count struct{ Spam, Ham int }

// Table counts the words of judged mails. The word "" counts the mails themselves.
type Table map[string]Count

// Learn counts a mail's words; n is 1, or -1 to take it back.
func (t Table) Learn(words []string, spam bool, n int) {
	for _, w := range append([]string{""}, words...) {
		c := t[w]
		if spam {
			c.Spam = max(0, c.Spam+n)
		} else {
			c.Ham = max(0, c.Ham+n)
		}
		if t[w] = c; c == (Count{}) {
			delete(t, w)
		}
	}
}

// count adds up what all tables say of a word.
func count(tables []Table, word string) (c Count) {
	for _, t := range tables {
		n := t[word]
		c.Spam, c.Ham = c.Spam+n.Spam, c.Ham+n.Ham
	}
	return c
}

// How words are weighed: Robinson's estimate, which begins at prior with the strength of so many mails, of the most
// telling words, joined by Fisher's method (G. Robinson, "A Statistical Approach to the Spam Problem", 2003).
const (
	prior    = 0.42
	strength = 1.0
	dull     = 0.12 // words this near to the middle say nothing
	mostTold = 40
	// With fewer telling words than this the verdict counts for less.
	enough = 12
	// Tables of fewer mails of each kind say nothing yet.
	fewest = 10
)

// weigh gives the log-odds of words, -mostWords to mostWords, and the words that speak most for spam.
func weigh(words []string, tables []Table) (points float64, typical string) {
	all := count(tables, "")
	if all.Spam < fewest || all.Ham < fewest {
		return 0, ""
	}
	type told struct {
		word string
		p    float64
	}
	var telling []told
	for _, w := range words {
		c := count(tables, w)
		if c.Spam+c.Ham == 0 {
			continue
		}
		b, g := float64(c.Spam)/float64(all.Spam), float64(c.Ham)/float64(all.Ham)
		n := float64(c.Spam + c.Ham)
		p := (strength*prior + n*b/(b+g)) / (strength + n)
		if math.Abs(p-0.5) >= dull {
			telling = append(telling, told{w, p})
		}
	}
	slices.SortStableFunc(telling, func(x, y told) int {
		switch d := math.Abs(x.p-0.5) - math.Abs(y.p-0.5); {
		case d > 0:
			return -1
		case d < 0:
			return 1
		}
		return strings.Compare(x.word, y.word)
	})
	telling = telling[:min(len(telling), mostTold)]
	if len(telling) == 0 {
		return 0, ""
	}
	spamminess, hamminess := 0.0, 0.0
	var named []string
	for _, t := range telling {
		spamminess += math.Log(1 - t.p)
		hamminess += math.Log(t.p)
		if t.p > 0.7 && len(named) < 5 && !strings.Contains(t.word, ":") {
			named = append(named, t.word)
		}
	}
	s := 1 - chiTail(-2*spamminess, 2*len(telling))
	h := 1 - chiTail(-2*hamminess, 2*len(telling))
	indicator := s - h // -1 to 1
	points = mostWords * indicator * min(1, float64(len(telling))/enough)
	return max(points, -mostWanted), strings.Join(named, ", ")
}

// chiTail is the chance that a chi-square with that many (even) degrees of freedom is at least x.
func chiTail(x float64, freedom int) float64 {
	term := math.Exp(-x / 2)
	sum := term
	for i := 1; i < freedom/2; i++ {
		term *= x / 2 / float64(i)
		sum += term
	}
	return min(sum, 1)
}

// common is how many mails must have held a word before others than the desk itself may go by it.
const common = 3

// Portable leaves of a table what may be told of mails elsewhere: common words in plain letters. Words of scripts
// and tongues that only a few of the judged mails were written in would speak against everybody who writes them.
func (t Table) Portable() Table {
	out := Table{}
	for w, c := range t {
		plain := strings.TrimPrefix(w, "subject:")
		if w == "" || c.Spam+c.Ham >= common && !strings.ContainsFunc(plain, func(r rune) bool { return r < 'a' || r > 'z' }) {
			out[w] = c
		}
	}
	return out
}
