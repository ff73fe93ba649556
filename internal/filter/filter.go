// Package filter is the one language in which lists are narrowed: in the search box, in links, in the API.
//
// It is a row of terms that must all hold: field:value, words, and "phrases".
//
//	status:open team:network "half pages" printer
//
// The package reads the language and puts the SQL together; which fields exist and what they compare is
// said by whoever owns the rows (Fields). A word with a colon whose field nobody knows is a word.
package filter

import (
	"strings"

	"goodturn/internal/db"
)

// Term is field:value.
type Term struct {
	Field string // lower case
	Value string // as typed, without quotes
}

// Query is what was asked for.
type Query struct {
	Terms []Term
	Words string // the words and "phrases", for the search index
}

// Fields says how each field becomes a condition: it returns SQL and adds what it binds to args. An
// error speaks to the person who typed the value.
type Fields map[string]func(value string, args *db.Args) (string, error)

// maxTerms is how many terms are looked at. Databases bound how much a condition may hold, and nobody types so many.
const maxTerms = 100

// Parse reads a filter; fields tells which names are fields.
func Parse(text string, fields Fields) Query {
	var q Query
	var words []string
	for _, t := range split(text) {
		name, value, colon := strings.Cut(t, ":")
		name = strings.ToLower(name)
		if _, known := fields[name]; colon && known && value != "" && !strings.HasPrefix(t, `"`) {
			if len(q.Terms) == maxTerms {
				continue
			}
			q.Terms = append(q.Terms, Term{Field: name, Value: strings.Trim(value, `"`)})
			continue
		}
		words = append(words, t)
	}
	q.Words = strings.Join(words, " ")
	return q
}

// split cuts at white space outside of quotes.
func split(text string) []string {
	quoted := false
	return strings.FieldsFunc(text, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return !quoted && (r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == 0)
	})
}

// Where compiles the terms to a condition, "TRUE" when there are none. Several terms of one field are
// alternatives; different fields must all hold.
func (q Query) Where(fields Fields, args *db.Args) (string, error) {
	var order []string
	either := map[string][]string{}
	for _, t := range q.Terms {
		sql, err := fields[t.Field](t.Value, args)
		if err != nil {
			return "", err
		}
		if len(either[t.Field]) == 0 {
			order = append(order, t.Field)
		}
		either[t.Field] = append(either[t.Field], sql)
	}
	var all []string
	for _, f := range order {
		if len(either[f]) == 1 {
			all = append(all, either[f][0])
			continue
		}
		all = append(all, "("+strings.Join(either[f], " OR ")+")")
	}
	if len(all) == 0 {
		return "TRUE", nil
	}
	return strings.Join(all, " AND "), nil
}
