// Package filter is the one language in which lists are narrowed: in the search box, in links, in saved views, in the API.
//
//	status:open team:network -tag:vpn created:<7d "half pages" printer
//	(assignee:me OR assignee:nobody) priority:>=high waiting:>2h
//
// What stands beside each other must all hold; OR (in capitals) means either of two; - or NOT before something means that it
// must not hold; brackets hold together. field:a,b is a or b; a value may be quoted, compared (< > <= >=) and be a range
// (a..b). Everything else is a word or a "phrase" that is looked for in the text. A word with a colon that is no field stays
// a word, so that https://…, C:\ and 12:30 can be looked for; one that is nearly a field is taken for a mistyped one.
//
// The package reads the language, finds the place of what is wrong, and joins conditions; which fields exist and what they
// compare is said by whoever owns the rows. Invariants: Parse never panics and takes time in proportion to the text; places
// are in bytes of the text; a Query has at most maxLeaves terms and words, nested at most maxDepth deep.
//
//	q, err := filter.Parse(`status:open -tag:vpn`, filter.Names{"status": "status", "tag": "tag"})
//	where, err := q.Where(func(n *filter.Node) (string, error) { … }, costOf)
package filter

import (
	"slices"
	"strings"
)

// Names are the fields that a text may have: what people may write, and the field that it means.
type Names map[string]string

// Kind is what a Node is.
type Kind int

// The kinds.
const (
	And  Kind = iota // all of Nodes
	Or               // one of Nodes
	Not              // not the one of Nodes
	Term             // Field has one of Values
	Word             // Text is looked for: a word or a "phrase"
)

// Node is a part of a filter.
type Node struct {
	Kind   Kind
	Nodes  []*Node
	Field  string // as Names has it
	Values []Value
	Text   string // as typed, with its quotes
	At     int    // where it begins, in bytes of the text
	Len    int
}

// Op is how a value is compared.
type Op string

// The comparisons.
const (
	Equal   Op = ""
	Less    Op = "<"
	AtMost  Op = "<="
	More    Op = ">"
	AtLeast Op = ">="
	Between Op = ".." // Text to To, both included; one of them may be empty
)

// Value is what a field is compared with.
type Value struct {
	Op     Op
	Text   string // without quotes
	To     string // of Between
	Quoted bool   // nothing in it is an operator
	At     int
	Len    int
}

// Query is a filter that was understood.
type Query struct {
	Text string
	Root *Node // nil when nothing is asked for
}

// all gives what must hold side by side.
func (q Query) all() []*Node {
	if q.Root == nil {
		return nil
	}
	if q.Root.Kind == And {
		return q.Root.Nodes
	}
	return []*Node{q.Root}
}

// Words are the words and "phrases" that must all be found, for the search index: those that stand in no bracket, beside no
// OR and behind no minus.
func (q Query) Words() string {
	var words []string
	for _, n := range q.all() {
		if n.Kind == Word {
			words = append(words, n.Text)
		}
	}
	return strings.Join(words, " ")
}

// Rest is the query without its Words.
func (q Query) Rest() Query {
	var rest []*Node
	for _, n := range q.all() {
		if n.Kind != Word {
			rest = append(rest, n)
		}
	}
	return Query{Text: q.Text, Root: join(And, rest)}
}

// Terms calls found with each term and word, and with whether it stands behind an odd number of minuses.
func (q Query) Terms(found func(n *Node, negated bool)) {
	var walk func(n *Node, negated bool)
	walk = func(n *Node, negated bool) {
		if n.Kind == Term || n.Kind == Word {
			found(n, negated)
		}
		for _, c := range n.Nodes {
			walk(c, negated != (n.Kind == Not))
		}
	}
	if q.Root != nil {
		walk(q.Root, false)
	}
}

// Has tells whether a field must have some value: a term of it stands side by side with the rest.
func (q Query) Has(field string) bool {
	for _, n := range q.all() {
		if n.Kind == Term && n.Field == field {
			return true
		}
	}
	return false
}

// Where joins the conditions of terms and words, "TRUE" for none. leaf gives SQL that may be NULL, which is taken for FALSE.
// Of conditions beside each other those of less cost come first, as SQLite looks at subqueries in the order in which they stand.
func (q Query) Where(leaf func(n *Node) (string, error), cost func(sql string) int) (string, error) {
	if q.Root == nil {
		return "TRUE", nil
	}
	return q.Root.where(leaf, cost)
}

func (n *Node) where(leaf func(n *Node) (string, error), cost func(sql string) int) (string, error) {
	if n.Kind == Not {
		if inner := n.Nodes[0].opposite(); inner != nil {
			return inner.where(leaf, cost)
		}
	}
	var parts []string
	for _, c := range n.Nodes {
		sql, err := c.where(leaf, cost)
		if err != nil {
			return "", err
		}
		parts = append(parts, sql)
	}
	slices.SortStableFunc(parts, func(a, b string) int { return cost(a) - cost(b) })
	switch n.Kind {
	case And:
		return "(" + strings.Join(parts, " AND ") + ")", nil
	case Or:
		return "(" + strings.Join(parts, " OR ") + ")", nil
	case Not:
		return "(" + parts[0] + " IS NOT TRUE)", nil // NOT of NULL would be NULL
	}
	sql, err := leaf(n)
	return "(" + sql + ")", err
}

// opposite is what holds when alternatives do not, or not all of several: nil for a term or a word. Each of its parts can then be
// looked at by itself.
func (n *Node) opposite() *Node {
	out := &Node{At: n.At, Len: n.Len}
	switch n.Kind {
	case And:
		out.Kind = Or
	case Or:
		out.Kind = And
	default:
		return nil
	}
	for _, c := range n.Nodes {
		out.Nodes = append(out.Nodes, &Node{Kind: Not, Nodes: []*Node{c}, At: c.At, Len: c.Len})
	}
	return out
}

// join is one node for several, nil for none. Brackets that change nothing go.
func join(k Kind, all []*Node) *Node {
	var nodes []*Node
	for _, n := range all {
		if n.Kind == k {
			nodes = append(nodes, n.Nodes...)
		} else {
			nodes = append(nodes, n)
		}
	}
	switch len(nodes) {
	case 0:
		return nil
	case 1:
		return nodes[0]
	}
	first, last := nodes[0], nodes[len(nodes)-1]
	return &Node{Kind: k, Nodes: nodes, At: first.At, Len: last.At + last.Len - first.At}
}

// Plain makes a filter of a text that looks for its first words alone, whatever the text holds.
func Plain(text string) string {
	word := false
	text = strings.Map(func(r rune) rune {
		if strings.ContainsRune("\t\r\n\x00:()", r) || r == '-' && !word {
			r = ' '
		}
		word = r != ' ' && r != '"'
		return r
	}, text)
	words := strings.Fields(text)
	words = words[:min(len(words), maxLeaves/2)]
	for i, w := range words {
		if w == "OR" || w == "NOT" || w == "AND" {
			words[i] = strings.ToLower(w)
		}
		if len(w) > MaxLength/maxLeaves {
			words[i] = ""
		}
	}
	return strings.Join(words, " ")
}

// Quote writes a value so that it can stand behind a field: in quotes when it needs them.
func Quote(value string) string {
	if value != "" && !strings.ContainsAny(value, " \t\r\n\x00\",()<>") && !strings.Contains(value, "..") {
		return value
	}
	return `"` + strings.ReplaceAll(value, `"`, "") + `"`
}
