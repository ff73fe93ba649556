package secret

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"goodturn/internal/i18n"
)

// Lengths of a password in characters.
const (
	MinPassword = 10
	MaxPassword = 200
)

//go:embed words.txt
var wordFile string

// words are what guessed passwords are made of, longest first so that "password" goes before "pass".
var words = func() []string {
	list := strings.Fields(wordFile)
	slices.SortStableFunc(list, longestFirst)
	return list
}()

func longestFirst(a, b string) int { return len(b) - len(a) }

// remainder is how many letters a password must have beyond words anybody would try.
const remainder = 4

// Weakness tells what is wrong with a new password, or the zero Text when nothing is. personal is what others know of
// the person: addresses and names.
//
// Length counts most (NIST SP 800-63B section 5.1.1.2); then the password must not be made of common words,
// keyboard rows, digits and the person's own name alone, however they are mixed, repeated or spelled with digits.
func Weakness(password string, personal ...string) i18n.Text {
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		return i18n.M("Please choose a password of at least {{.Least}} characters.", "Least", MinPassword)
	case n > MaxPassword:
		return i18n.M("Please choose a password of at most {{.Most}} characters.", "Most", MaxPassword)
	}
	plain := simplify(password)
	rest := plain
	for _, word := range append(personalParts(personal), words...) {
		rest = strings.ReplaceAll(rest, word, " ")
	}
	letters := map[rune]bool{}
	for _, r := range rest {
		if r != ' ' {
			letters[r] = true
		}
	}
	if len(letters) < remainder {
		return i18n.M("This password is easy to guess. Please add a few words that have nothing to do with you or with each other.")
	}
	return i18n.Text{}
}

// leet are the digits and signs that stand for letters.
var leet = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// simplify keeps what a guesser has to guess: letters in lower case, with the digits that stand for letters inside a word read as such.
func simplify(password string) string {
	var out strings.Builder
	for _, word := range strings.FieldsFunc(strings.ToLower(password), unicode.IsSpace) {
		word = strings.TrimFunc(word, func(r rune) bool { return !guessable(r) })
		for _, r := range leet.Replace(word) {
			if guessable(r) {
				out.WriteRune(r)
			}
		}
	}
	return out.String()
}

// guessable leaves out ASCII digits and signs, which guessers append and insert by rule.
func guessable(r rune) bool { return unicode.IsLetter(r) || r > unicode.MaxASCII }

// personalParts cuts addresses and names into their words, and leaves out those too short to matter.
func personalParts(personal []string) []string {
	var parts []string
	for _, p := range personal {
		whole := simplify(p)
		for _, part := range append(strings.FieldsFunc(strings.ToLower(p), func(r rune) bool { return !unicode.IsLetter(r) }), whole) {
			if utf8.RuneCountInString(part) >= 3 {
				parts = append(parts, part)
			}
		}
	}
	slices.SortStableFunc(parts, longestFirst)
	return parts
}
