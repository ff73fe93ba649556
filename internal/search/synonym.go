package search

import (
	"context"
	"slices"
	"strings"
	"sync"

	"goodturn/internal/db"
)

// Synonyms are words and phrases that mean the same: who looks for one of them finds the others too, after what says it in the
// words that were typed. A desk has groups of its own; some come with the program.
type Synonyms struct {
	ID int64
	// Name is that of a group that comes with the program, '' for one of the desk. A row with a name replaces that group.
	Name  string
	Words string // one word or phrase a line
}

// Limits of what a desk may write down.
const (
	MaxSynonyms      = 500 // groups
	MaxSynonymWords  = 30  // words and phrases of one group
	MaxSynonymPhrase = 4   // words of one phrase
)

// Phrases gives the words and phrases of a group as they were written, without empty lines and those that say the same again.
func (s Synonyms) Phrases() []string {
	var out []string
	seen := map[string]bool{}
	for line := range strings.FieldsFuncSeq(s.Words, func(r rune) bool { return r == '\n' || r == ',' || r == ';' }) {
		key := strings.Join(Words(line), " ")
		if key != "" && !seen[key] {
			seen[key] = true
			out = append(out, strings.Join(strings.Fields(line), " "))
		}
	}
	return out
}

// DeskSynonyms gives the groups that the desk wrote, and those that replace a group of the program.
func DeskSynonyms(ctx context.Context, tx *db.Tx) ([]Synonyms, error) {
	return db.All[Synonyms](ctx, tx, `SELECT id, name, words FROM search_synonym ORDER BY id`)
}

// SaveSynonyms adds a group (ID 0), or changes it, and gives its number. Whether it is sensible is for the caller to ask (Phrases).
func SaveSynonyms(ctx context.Context, tx *db.Tx, s Synonyms) (int64, error) {
	switch {
	case s.ID != 0:
		return db.One[int64](ctx, tx, `UPDATE search_synonym SET words = $1, changed_at = $2 WHERE id = $3 RETURNING id`, s.Words, tx.Now, s.ID)
	case s.Name != "":
		return db.One[int64](ctx, tx, `INSERT INTO search_synonym (name, words, changed_at) VALUES ($1, $2, $3)
			ON CONFLICT (name) WHERE name <> '' DO UPDATE SET words = excluded.words, changed_at = excluded.changed_at RETURNING id`, s.Name, s.Words, tx.Now)
	}
	return db.One[int64](ctx, tx, `INSERT INTO search_synonym (name, words, changed_at) VALUES ('', $1, $2) RETURNING id`, s.Words, tx.Now)
}

// RemoveSynonyms takes a group of the desk away; a group of the program is again as it came.
func RemoveSynonyms(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM search_synonym WHERE id = $1`, id)
	return err
}

// saying is a word or phrase of a group: for each of its words the word and its stems.
type saying [][]string

func (s saying) text() string {
	words := make([]string, len(s))
	for i, w := range s {
		words[i] = w[0]
	}
	return strings.Join(words, " ")
}

// begins tells that words begin with it, in any forms.
func (s saying) begins(words [][]string) bool {
	if len(s) > len(words) {
		return false
	}
	for i, w := range s {
		if !share(w, words[i]) {
			return false
		}
	}
	return true
}

func share(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// thesaurus is all groups, as they are asked.
type thesaurus struct {
	groups [][]saying
	first  map[string][]int // a form of the first word of a saying → the groups that may hold it
}

// meant is what some words of a query may be said by as well: the words from ≤ i < to, in forms of own.
type meant struct {
	from, to    int
	own, others []saying
}

// of finds the words of a text that have synonyms.
func (t *thesaurus) of(words [][]string) (out []meant) {
	for i := range words {
		asked := map[int]bool{}
		for _, form := range words[i] {
			for _, g := range t.first[form] {
				if asked[g] {
					continue
				}
				asked[g] = true
				m := meant{from: i}
				for _, s := range t.groups[g] {
					if s.begins(words[i:]) {
						m.to = max(m.to, i+len(s))
						m.own = append(m.own, s)
					} else {
						m.others = append(m.others, s)
					}
				}
				if m.to > i && len(m.others) > 0 {
					out = append(out, m)
				}
			}
		}
	}
	return out
}

// compiled is the thesaurus that was made last: making it costs more than reading what it is made of.
var compiled struct {
	sync.Mutex
	from []Synonyms
	is   *thesaurus
}

func readThesaurus(ctx context.Context, tx *db.Tx) (*thesaurus, error) {
	desk, err := DeskSynonyms(ctx, tx)
	if err != nil {
		return nil, err
	}
	compiled.Lock()
	defer compiled.Unlock()
	if compiled.is == nil || !slices.Equal(compiled.from, desk) {
		compiled.from, compiled.is = desk, compile(desk)
	}
	return compiled.is, nil
}

func compile(desk []Synonyms) *thesaurus {
	t := &thesaurus{first: map[string][]int{}}
	replaced := map[string]bool{}
	for _, s := range desk {
		t.add(s)
		replaced[s.Name] = true
	}
	for _, s := range OwnSynonyms() {
		if !replaced[s.Name] {
			t.add(s)
		}
	}
	return t
}

func (t *thesaurus) add(s Synonyms) {
	var group []saying
	for _, p := range s.Phrases() {
		words := Words(p)
		if len(words) > MaxSynonymPhrase || len(group) == MaxSynonymWords {
			continue
		}
		group = append(group, withForms(words))
	}
	if len(group) < 2 {
		return
	}
	for _, one := range group {
		for _, form := range one[0] {
			if at := t.first[form]; len(at) == 0 || at[len(at)-1] != len(t.groups) {
				t.first[form] = append(at, len(t.groups))
			}
		}
	}
	t.groups = append(t.groups, group)
}

// withForms gives each word with its stems.
func withForms(words []string) [][]string {
	out := make([][]string, len(words))
	for i, w := range words {
		out[i] = []string{w}
		for _, s := range Stems(w) {
			if s != w {
				out[i] = append(out[i], s)
			}
		}
	}
	return out
}
