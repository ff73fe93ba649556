package sanitize

import (
	"strings"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/css"
	"golang.org/x/net/html"
)

// Bounds of what a mail's own style sheets may ask for: real ones have some hundred rules.
const (
	maxSheet = 256 << 10 // bytes of all sheets together
	maxRules = 1500
	maxParts = 8       // of one selector
	maxWork  = 400_000 // rules looked at for all elements together
)

// compound is one part of a selector: an element's name, classes and id, as far as they are asked for.
type compound struct {
	name, id string
	classes  []string
	child    bool // the next part is a child of this one, and not just somewhere within it
}

// rule is what one selector sets.
type rule struct {
	parts    []compound
	weight   int // specificity: ids, then classes, then names
	order    int
	declares []declaration
}

// sheet are the rules of a mail's <style> elements, found by what the last part of their selector asks for.
type sheet struct {
	byKey map[string][]*rule
	count int
	work  int
}

// read adds the rules of a <style> element: plain ones of names, classes and ids. What stands in @media and the like is
// for other windows, and what reacts or generates is not wanted.
func (s *sheet) read(text string) {
	p := css.NewParser(parse.NewInputString(text), false)
	var selectors [][]css.Token
	var declares []declaration
	depth := 0
	for steps := 0; steps < 20*maxRules && s.count < maxRules; steps++ {
		kind, _, name := p.Next()
		switch kind {
		case css.ErrorGrammar:
			if !p.HasParseError() {
				return
			}
		case css.BeginAtRuleGrammar:
			depth++
		case css.EndAtRuleGrammar:
			depth--
		case css.QualifiedRuleGrammar:
			selectors = append(selectors, append([]css.Token(nil), p.Values()...))
		case css.BeginRulesetGrammar:
			selectors = append(selectors, append([]css.Token(nil), p.Values()...))
			declares = nil
		case css.DeclarationGrammar:
			if len(declares) < maxDeclarations {
				declares = appendDeclaration(declares, string(name), p.Values())
			}
		case css.EndRulesetGrammar:
			if depth == 0 && len(declares) > 0 {
				s.add(selectors, declares)
			}
			selectors, declares = nil, nil
		}
	}
}

func (s *sheet) add(groups [][]css.Token, declares []declaration) {
	for _, group := range groups {
		for _, tokens := range splitSelectors(group) {
			parts, weight, ok := selector(tokens)
			if !ok || s.count >= maxRules {
				continue
			}
			s.count++
			if s.byKey == nil {
				s.byKey = map[string][]*rule{}
			}
			key := parts[len(parts)-1].key()
			s.byKey[key] = append(s.byKey[key], &rule{parts: parts, weight: weight, order: s.count, declares: declares})
		}
	}
}

func splitSelectors(tokens []css.Token) [][]css.Token {
	var out [][]css.Token
	from := 0
	for i, t := range tokens {
		if t.TokenType == css.CommaToken {
			out = append(out, tokens[from:i])
			from = i + 1
		}
	}
	return append(out, tokens[from:])
}

// selector reads a selector of names, classes, ids, " " and ">"; anything else is not ours.
func selector(tokens []css.Token) (parts []compound, weight int, ok bool) {
	var now compound
	empty := true
	end := func(child bool) {
		if !empty {
			now.child = child
			parts = append(parts, now)
			now, empty = compound{}, true
		} else if child && len(parts) > 0 {
			parts[len(parts)-1].child = true
		}
	}
	for i := 0; i < len(tokens); i++ {
		text := string(tokens[i].Data)
		switch tokens[i].TokenType {
		case css.WhitespaceToken:
			end(false)
		case css.IdentToken:
			if !empty {
				return nil, 0, false
			}
			now.name, empty = strings.ToLower(text), false
			weight++
		case css.HashToken:
			now.id, empty = text[1:], false
			weight += 10_000
		case css.DelimToken:
			switch {
			case text == "." && i+1 < len(tokens) && tokens[i+1].TokenType == css.IdentToken:
				i++
				now.classes, empty = append(now.classes, string(tokens[i].Data)), false
				weight += 100
			case text == "*":
				empty = false
			case text == ">":
				end(true)
			default:
				return nil, 0, false
			}
		default:
			return nil, 0, false
		}
	}
	end(false)
	return parts, weight, len(parts) > 0 && len(parts) <= maxParts
}

// key is what an element must have for the part to fit: its rarest demand.
func (c compound) key() string {
	switch {
	case c.id != "":
		return "#" + c.id
	case len(c.classes) > 0:
		return "." + c.classes[0]
	case c.name != "":
		return c.name
	}
	return "*"
}

// of gives the rules that fit an element.
func (s *sheet) of(n *html.Node) []*rule {
	if len(s.byKey) == 0 {
		return nil
	}
	var out []*rule
	look := func(key string) {
		for _, r := range s.byKey[key] {
			if s.work++; s.work > maxWork {
				return
			}
			if r.fits(n) {
				out = append(out, r)
			}
		}
	}
	look("*")
	look(elementName(n))
	for i, class := range strings.Fields(nodeAttribute(n, "class")) {
		if i == 20 {
			break
		}
		look("." + class)
	}
	if id := nodeAttribute(n, "id"); id != "" {
		look("#" + id)
	}
	return out
}

// fits matches from the end: the last group of parts that are children of each other at the element itself, each group
// before it at the nearest place above where it fits, which leaves the most room to those before.
func (r *rule) fits(n *html.Node) bool {
	last := len(r.parts) - 1
	at, first := r.group(n, last)
	for at != nil && first > 0 {
		above := at.Parent
		at = nil
		for ; above != nil; above = above.Parent {
			if found, begin := r.group(above, first-1); found != nil {
				at, first = found, begin
				break
			}
		}
	}
	return at != nil
}

// group matches the parts up to index i that are tied by ">"; it gives the highest element matched, or nil, and the
// index of the first part.
func (r *rule) group(n *html.Node, i int) (*html.Node, int) {
	for {
		if n == nil || !r.parts[i].fits(n) {
			return nil, i
		}
		if i == 0 || !r.parts[i-1].child {
			return n, i
		}
		n, i = n.Parent, i-1
	}
}

func (c compound) fits(n *html.Node) bool {
	if n.Type != html.ElementNode || c.name != "" && c.name != elementName(n) || c.id != "" && c.id != nodeAttribute(n, "id") {
		return false
	}
	for _, class := range c.classes {
		if !hasWord(nodeAttribute(n, "class"), class) {
			return false
		}
	}
	return true
}

func hasWord(words, word string) bool {
	for w := range strings.FieldsSeq(words) {
		if w == word {
			return true
		}
	}
	return false
}

func nodeAttribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
