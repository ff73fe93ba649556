package search

import (
	"slices"
	"strings"
)

// Term is one thing that a document must hold: a word, or words in a row.
type Term struct {
	Words  []string
	Prefix bool     // the last word may go on
	Quoted bool     // exactly this
	Also   []string // words, and phrases with spaces between their words, that do as well as the one in Words; see Expand

	forms []string // of words that are marked in texts as well
}

// Query is what is looked for: all of its terms.
type Query struct{ Terms []Term }

// Empty tells that there is no word to look for.
func (q Query) Empty() bool { return len(q.Terms) == 0 }

// More terms than this, and more words of one phrase, are not looked at.
const (
	maxTerms  = 24
	maxPhrase = 32
)

// Parse reads words and "exact phrases" as a person types them. Signs that are no letters are
// spaces, so that ORD-0000042 is the phrase "ord 0000042"; a quote that is not closed goes to the end;
// a word that ends in * may go on.
func Parse(text string) Query {
	var q Query
	for i, part := range strings.Split(text, `"`) {
		pieces := []string{part}
		if i%2 == 0 {
			pieces = strings.Fields(part)
		}
		for _, p := range pieces {
			n := len(q.Terms)
			if q = q.With(p); len(q.Terms) > n {
				q.Terms[n].Quoted = i%2 == 1
			}
		}
	}
	return q
}

// With adds a phrase of one or more words; text without words adds nothing.
func (q Query) With(phrase string) Query {
	words := Words(phrase)
	if len(words) == 0 || len(q.Terms) >= maxTerms {
		return q
	}
	words = words[:min(len(words), maxPhrase)]
	return Query{Terms: append(q.Terms[:len(q.Terms):len(q.Terms)], Term{Words: words, Prefix: strings.HasSuffix(phrase, "*")})}
}

// Matches tells whether text holds all terms, as the index would.
func (q Query) Matches(text string) bool {
	words := Words(text)
	for _, t := range q.Terms {
		if !t.within(words) {
			return false
		}
	}
	return !q.Empty()
}

func (t Term) within(words []string) bool {
	for i := range words {
		for _, a := range t.Also {
			if n := 1 + strings.Count(a, " "); a == words[i] || n > 1 && i+n <= len(words) && a == strings.Join(words[i:i+n], " ") {
				return true
			}
		}
	}
	for i := 0; i+len(t.Words) <= len(words); i++ {
		last := len(t.Words) - 1
		if slices.Equal(words[i:i+last], t.Words[:last]) &&
			(words[i+last] == t.Words[last] || (t.Prefix && strings.HasPrefix(words[i+last], t.Words[last]))) {
			return true
		}
	}
	return false
}

// widened tells that some word of the query has others beside it.
func (q Query) widened() bool {
	return slices.ContainsFunc(q.Terms, func(t Term) bool { return len(t.Also) > 0 })
}

// exact is the query without what it was widened by.
func (q Query) exact() Query {
	out := Query{Terms: slices.Clone(q.Terms)}
	for i := range out.Terms {
		out.Terms[i].Also = nil
	}
	return out
}
