package filter

import (
	"strings"
	"unicode/utf8"

	"goodturn/internal/i18n"
)

// What one filter may hold. Databases bound a condition, and nobody reads longer ones.
const (
	MaxLength = 4000 // bytes
	maxLeaves = 100  // terms, their values, and words
	maxDepth  = 20
)

// Parse reads a filter. An error is an *Error.
func Parse(text string, names Names) (Query, error) {
	q := Query{Text: text}
	if len(text) > MaxLength {
		end := MaxLength
		for end > 0 && !utf8.RuneStart(text[end]) {
			end--
		}
		return q, &Error{Text: text, At: end, Len: len(text) - end, Message: i18n.M("This filter is too long. At most {{.Count}} letters can be looked at.", "Count", MaxLength)}
	}
	p := parser{text: text, names: names}
	root, err := p.either()
	if err == nil && p.skip() {
		err = p.wrong(p.at, 1, i18n.M("This bracket closes none. Please take it away, or open one before it."), "")
	}
	if err != nil {
		err.Text = text
		return q, err
	}
	q.Root = root
	return q, nil
}

type parser struct {
	text   string
	names  Names
	at     int
	depth  int // brackets that are open
	nested int
	leaves int
}

func (p *parser) wrong(at, length int, m i18n.Text, instead ...string) *Error {
	return &Error{At: at, Len: length, Message: m, Instead: instead}
}

// skip goes over white space and tells whether there is more.
func (p *parser) skip() bool {
	for p.at < len(p.text) && isSpace(p.text[p.at]) {
		p.at++
	}
	return p.at < len(p.text)
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0 }

// keyword tells whether a word in capitals stands here, by itself.
func (p *parser) keyword(word string) bool {
	rest, ok := strings.CutPrefix(p.text[p.at:], word)
	return ok && (rest == "" || isSpace(rest[0]) || rest[0] == '(' || rest[0] == ')')
}

// either reads what OR joins.
func (p *parser) either() (*Node, *Error) {
	var nodes []*Node
	for {
		p.skip()
		start := p.at
		n, err := p.together()
		if err != nil {
			return nil, err
		}
		more := p.keyword("OR")
		if n == nil && (more || len(nodes) > 0) {
			at := start
			if !more {
				at = p.lastOr()
			}
			return nil, p.wrong(at, len("OR"), i18n.M("OR stands between two things that may hold. Please write what is to stand on its other side, or write “or” to look for the word."), `"OR"`)
		}
		if n != nil {
			nodes = append(nodes, n)
		}
		if !more {
			return join(Or, nodes), nil
		}
		p.at += len("OR")
	}
}

// lastOr is where the OR before this place stands.
func (p *parser) lastOr() int { return strings.LastIndex(p.text[:p.at], "OR") }

// together reads what stands beside each other, up to an OR, a closing bracket or the end.
func (p *parser) together() (*Node, *Error) {
	var nodes []*Node
	for p.skip() {
		switch {
		case p.keyword("OR"), p.text[p.at] == ')':
			return join(And, nodes), nil
		case p.keyword("AND"):
			p.at += len("AND")
			continue
		}
		n, err := p.one()
		if err != nil {
			return nil, err
		}
		if n != nil {
			nodes = append(nodes, n)
		}
	}
	return join(And, nodes), nil
}

// one reads a term, a word or a bracket, with the minus before it; nil for a lone minus.
func (p *parser) one() (*Node, *Error) {
	start := p.at
	word, not := "-", p.text[p.at] == '-'
	if !not && p.keyword("NOT") {
		word, not = "NOT", true
	}
	if !not {
		return p.positive()
	}
	p.at += len(word)
	if word == "-" && (p.at == len(p.text) || isSpace(p.text[p.at])) {
		return nil, nil // a dash between words
	}
	if !p.skip() || p.text[p.at] == ')' || p.keyword("OR") || p.keyword("AND") {
		return nil, p.wrong(start, len(word), i18n.M("Please write behind this what is not to hold."), `"`+word+`"`)
	}
	if p.nested++; p.nested > maxDepth {
		return nil, p.tooDeep(start)
	}
	n, err := p.one()
	p.nested--
	if err != nil || n == nil {
		return nil, err
	}
	return &Node{Kind: Not, Nodes: []*Node{n}, At: start, Len: p.at - start}, nil
}

func (p *parser) tooDeep(at int) *Error {
	return p.wrong(at, 1, i18n.M("Brackets within brackets go {{.Count}} deep at most.", "Count", maxDepth))
}

func (p *parser) positive() (*Node, *Error) {
	switch p.text[p.at] {
	case '(':
		return p.bracket()
	case '"':
		return p.leaf(&Node{Kind: Word, At: p.at}, p.quoted())
	}
	name, field := p.field()
	if name == "" {
		return p.leaf(&Node{Kind: Word, At: p.at}, p.wordEnd())
	}
	if field == "" {
		return nil, p.unknown(name)
	}
	return p.term(name, field)
}

func (p *parser) bracket() (*Node, *Error) {
	start := p.at
	p.at++
	p.depth++
	if p.nested++; p.nested > maxDepth {
		return nil, p.tooDeep(start)
	}
	n, err := p.either()
	if err != nil {
		return nil, err
	}
	if p.at == len(p.text) {
		return nil, p.wrong(start, 1, i18n.M("This bracket is not closed. Please write a ) where it ends."), "")
	}
	p.at++
	p.depth--
	p.nested--
	return n, nil
}

// leaf finishes a word that ends there.
func (p *parser) leaf(n *Node, end int) (*Node, *Error) {
	n.Text, n.Len = p.text[n.At:end], end-n.At
	p.at = end
	return n, p.count(n.At, n.Len)
}

func (p *parser) count(at, length int) *Error {
	if p.leaves++; p.leaves > maxLeaves {
		return p.wrong(at, length, i18n.M("Here are more than {{.Count}} things to look for. Please leave some out.", "Count", maxLeaves))
	}
	return nil
}

// quoted is where the phrase that begins here ends; one that is not closed goes to the end.
func (p *parser) quoted() int {
	if n := strings.IndexByte(p.text[p.at+1:], '"'); n >= 0 {
		return p.at + n + 2
	}
	return len(p.text)
}

// wordEnd is where the word that begins here ends: before white space, a phrase, or the bracket that closes one around it.
func (p *parser) wordEnd() int {
	return p.until(p.at, "")
}

// until finds the end of a word from a place on, or of a value, which also ends at the stops and at a bracket that closes none
// of its own.
func (p *parser) until(from int, stops string) int {
	inner := 0
	for i := from; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case isSpace(c), c == '"' && i > from, strings.IndexByte(stops, c) >= 0:
			return i
		case c == '(':
			inner++
		case c == ')':
			if inner--; inner < 0 && (p.depth > 0 || stops != "") {
				return i
			}
		}
	}
	return len(p.text)
}

// field reads the name before a colon: the field that it means, "" for one that is nearly a field. name is "" for what is a
// word.
func (p *parser) field() (name, field string) {
	rest := p.text[p.at:]
	n := 0
	for n < len(rest) && n < 20 && (rest[n]|0x20 >= 'a' && rest[n]|0x20 <= 'z' || rest[n] == '_' || rest[n] == '-') {
		n++
	}
	if n == 0 || n == len(rest) || rest[n] != ':' || strings.HasPrefix(rest[n:], "://") || strings.HasPrefix(rest[n:], `:\`) {
		return "", ""
	}
	name = strings.ToLower(rest[:n])
	if field = p.names[name]; field != "" {
		return name, field
	}
	if after := rest[n+1:]; after != "" && !isSpace(after[0]) && len(p.near(name)) > 0 {
		return name, ""
	}
	return "", ""
}

// near are the fields that a name may have been meant for.
func (p *parser) near(name string) []string {
	var out []string
	all := make([]string, 0, len(p.names))
	for _, field := range sortedNames(p.names) {
		if distance([]rune(name), []rune(field)) <= farthest(name) {
			all = append(all, field)
		}
	}
	for _, n := range Nearest(name, all) {
		out = append(out, n+":")
	}
	return out
}

func (p *parser) unknown(name string) *Error {
	near := p.near(name)
	return p.wrong(p.at, len(name)+1, i18n.M("There is no field “{{.Name}}”. Did you mean {{.Near}}?", "Name", name+":", "Near", near[0]), near...)
}

// term reads the values behind a field.
func (p *parser) term(name, field string) (*Node, *Error) {
	n := &Node{Kind: Term, Field: field, At: p.at}
	p.at += len(name) + 1
	for {
		v := p.value()
		if v.Len == 0 {
			return nil, p.empty(n, name)
		}
		if err := p.count(v.At, v.Len); err != nil {
			return nil, err
		}
		n.Values = append(n.Values, v)
		if p.at == len(p.text) || p.text[p.at] != ',' {
			break
		}
		p.at++
	}
	n.Len = p.at - n.At
	return n, nil
}

// empty says that a value is missing. Somebody may have left a space behind the colon.
func (p *parser) empty(n *Node, name string) *Error {
	end := p.at
	if len(n.Values) > 0 { // a comma stands at the end
		return p.wrong(end-1, 1, i18n.M("Please write behind the comma what else it may be, or take the comma away."), "")
	}
	if p.skip(); p.at > end && p.at < len(p.text) && !strings.ContainsRune("()-", rune(p.text[p.at])) && !p.keyword("OR") {
		next := p.text[p.at:p.until(p.at, ",")]
		if p.text[p.at] == '"' {
			next = p.text[p.at:p.quoted()]
		}
		return p.wrong(n.At, p.at+len(next)-n.At, i18n.M("Behind “{{.Name}}” stands a space. What it is to be follows at once.", "Name", name+":"), name+":"+next, `"`+strings.ReplaceAll(p.text[n.At:p.at+len(next)], `"`, "")+`"`)
	}
	return p.wrong(n.At, end-n.At, i18n.M("Please write behind “{{.Name}}” what it is to be.", "Name", name+":"))
}

// value reads one of the values of a term: compared, quoted, or a range.
func (p *parser) value() Value {
	v := Value{At: p.at}
	for _, op := range []Op{AtMost, AtLeast, Less, More} {
		if strings.HasPrefix(p.text[p.at:], string(op)) {
			v.Op = op
			p.at += len(op)
			break
		}
	}
	v.Text, v.Quoted = p.piece()
	if v.Text == "" && !v.Quoted {
		p.at = v.At
		return v
	}
	if !v.Quoted && v.Op == Equal {
		if from, to, ok := strings.Cut(v.Text, ".."); ok && from+to != "" {
			v.Op, v.Text, v.To = Between, from, to
		}
	}
	v.Len = p.at - v.At
	return v
}

// piece reads a text up to a comma, or what stands between quotes.
func (p *parser) piece() (text string, quoted bool) {
	if p.at < len(p.text) && p.text[p.at] == '"' {
		end := p.quoted()
		text = strings.Trim(p.text[p.at:end], `"`)
		p.at = end
		return text, true
	}
	start := p.at
	p.at = p.until(p.at, ",")
	return p.text[start:p.at], false
}
