package markdown

import (
	"regexp"
	"strings"

	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// Piece is a block of a changed text.
type Piece struct {
	// Source is that of a block that was not changed, and At its place among the blocks that the text had; for one that was, At is below 0.
	Source string `json:"source,omitempty"`
	At     int    `json:"at"`
	// Node is what a changed block shows now.
	Node *Node `json:"node,omitempty"`
}

// Join makes a text of its pieces. Those that were not changed stay as they are written, with what stood between them.
func Join(pieces []Piece) (string, error) {
	var b strings.Builder
	last := Piece{At: -2}
	for i, p := range pieces {
		source := p.Source
		if p.Node != nil {
			if p.Node.deeper(deepest) {
				return "", fault.Invalid(fault.F("body", i18n.M("This text nests too deep to be read. Please write it flatter.")))
			}
			p.At = -1
			next := ""
			if i+1 < len(pieces) {
				next = markerOf(pieces[i+1])
			}
			source = Write(apart(*p.Node, markerOf(last), next)) + "\n"
			p.Source = source
		}
		if strings.TrimSpace(source) == "" {
			continue
		}
		if b.Len() > 0 && !(p.At >= 0 && p.At == last.At+1) {
			so := strings.TrimRight(b.String(), " \t\n")
			b.Reset()
			b.WriteString(so + "\n\n")
			if swallows(last, p) {
				b.WriteString("<!-- -->\n\n")
			}
		}
		b.WriteString(source)
		last = p
	}
	return b.String(), nil
}

func (n Node) deeper(than int) bool {
	if than == 0 {
		return true
	}
	for _, c := range n.Content {
		if c.deeper(than - 1) {
			return true
		}
	}
	return false
}

var item = regexp.MustCompile(`^ {0,3}(?:([-*+])|[0-9]{1,9}([.)]))(?:[ \t]|\n|$)`)

// markerOf is what stands before the items of a piece that is a list, "" for others.
func markerOf(p Piece) string {
	source := p.Source
	if p.Node != nil && p.Source == "" {
		if !isList(p.Node.Type) {
			return ""
		}
		source = Write(Node{Type: p.Node.Type, Attrs: p.Node.Attrs, Content: []Node{{Type: ListItem}}}) + "\n"
	}
	m := item.FindStringSubmatch(strings.TrimLeft(source, "\n"))
	if m == nil {
		return ""
	}
	return m[1] + m[2]
}

// apart gives a list a marker that those beside it have not, so that they do not become one.
func apart(n Node, before, after string) Node {
	if !isList(n.Type) {
		return n
	}
	choices := []string{n.Attrs.Marker, "-", "*", "+"}
	if n.Type == OrderedList {
		choices = []string{n.Attrs.Marker, ".", ")"}
	}
	for _, c := range choices {
		if c != "" && c != before && c != after {
			n.Attrs.Marker = c
			break
		}
	}
	return n
}

// swallows tells whether a piece would become part of the list before it.
func swallows(last, p Piece) bool {
	before := markerOf(last)
	if before == "" {
		return false
	}
	source := strings.TrimLeft(p.Source, "\n")
	return markerOf(p) == before || strings.HasPrefix(source, "  ") || strings.HasPrefix(source, "\t")
}
