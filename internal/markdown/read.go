package markdown

import (
	"html"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Blocks parts a text.
func Blocks(body string) []Block {
	pc := parser.NewContext()
	source := []byte(body)
	doc := Engine().Parser().Parse(text.NewReader(source), parser.WithContext(pc))
	var out []Block
	starts, nodes := tops(doc, body)
	for i, at := range starts {
		end := len(body)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		if i == 0 {
			at = 0 // empty lines before the first block are its own
		}
		b := Block{Source: body[at:end]}
		n, ok := Node{}, false
		if nodes[i] != nil && !footnote.MatchString(b.Source) {
			n, ok = reader{source}.block(nodes[i])
		}
		if !ok || !survives(n, pc) {
			n = Node{Type: RawBlock, Attrs: Attrs{Source: strings.TrimRight(b.Source, " \t\n")}}
		}
		b.Node = n
		out = append(out, b)
	}
	if len(out) == 0 && body != "" {
		out = []Block{{Source: body, Node: Node{Type: Paragraph}}}
	}
	return out
}

var footnote = regexp.MustCompile(`(?m)^[ \t>]*\[\^[^\]]+\]:`)

// tops are the beginnings of the pieces of a document, in the order of the source, each with its node; nil where several begin in one line.
func tops(doc ast.Node, body string) (starts []int, nodes []ast.Node) {
	at := map[int]ast.Node{}
	place := func(n ast.Node) {
		pos := n.Pos()
		if n.Kind() == extast.KindTable && n.FirstChild() != nil { // its own is that of the paragraph that it was cut from
			pos = n.FirstChild().Pos()
		}
		pos = min(max(pos, 0), len(body))
		start := strings.LastIndexByte(body[:pos], '\n') + 1
		if _, taken := at[start]; taken {
			n = nil
		}
		at[start] = n
	}
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() == extast.KindFootnoteList {
			for f := n.FirstChild(); f != nil; f = f.NextSibling() {
				place(f)
			}
			continue
		}
		place(n)
	}
	for start := range at {
		starts = append(starts, start)
	}
	slices.Sort(starts)
	for _, s := range starts {
		nodes = append(nodes, at[s])
	}
	return starts, nodes
}

// known is a context that knows the link addresses of another one.
type known struct {
	parser.Context
	of parser.Context
}

func (k known) Reference(label string) (parser.Reference, bool) { return k.of.Reference(label) }

// survives tells whether a node comes back the same after it is written.
func survives(n Node, pc parser.Context) bool {
	again, ok := reread(Write(n), footnotesIn(n, nil), pc)
	return ok && len(again) == 1 && same(again[0], n)
}

func same(a, b Node) bool { return reflect.DeepEqual(a, b) }

// reread gives the nodes of a piece of text.
func reread(s string, notes []string, pc parser.Context) (out []Node, ok bool) {
	for _, n := range notes { // what a footnote refers to stands elsewhere
		s += "\n\n" + n + ": x"
	}
	source := []byte(s)
	doc := Engine().Parser().Parse(text.NewReader(source), parser.WithContext(known{parser.NewContext(), pc}))
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() == extast.KindFootnoteList {
			continue
		}
		x, fine := reader{source}.block(n)
		if !fine {
			return nil, false
		}
		out = append(out, x)
	}
	return out, true
}

// footnotesIn lists the footnotes that a node refers to.
func footnotesIn(n Node, out []string) []string {
	if n.Type == RawInline && strings.HasPrefix(n.Attrs.Source, "[^") {
		out = append(out, n.Attrs.Source)
	}
	for _, c := range n.Content {
		out = footnotesIn(c, out)
	}
	return out
}

// reader makes nodes of what was parsed. What it has no node for makes it give up on a block.
type reader struct{ source []byte }

func (r reader) block(n ast.Node) (Node, bool) {
	switch x := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		return r.lines(Node{Type: Paragraph}, n)
	case *ast.Heading:
		return r.lines(Node{Type: Heading, Attrs: Attrs{Level: x.Level}}, n)
	case *ast.Blockquote:
		return r.blocks(Node{Type: Quotation}, n)
	case *ast.List:
		return r.list(x)
	case *ast.ThematicBreak:
		return Node{Type: Rule}, true
	case *ast.FencedCodeBlock:
		out := r.code(n)
		if x.Info != nil {
			out.Attrs.Params = unescaped(string(x.Info.Segment.Value(r.source)))
		}
		return out, true
	case *ast.CodeBlock:
		return r.code(n), true
	case *extast.Table:
		return r.table(x)
	}
	return Node{}, false
}

func (r reader) blocks(out Node, n ast.Node) (Node, bool) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		b, ok := r.block(c)
		if !ok {
			return out, false
		}
		out.Content = append(out.Content, b)
	}
	return out, len(out.Content) > 0
}

func (r reader) lines(out Node, n ast.Node) (Node, bool) {
	in := inline{reader: r}
	in.all(n, nil)
	out.Content = trimmed(in.out)
	return out, !in.lost
}

func (r reader) code(n ast.Node) Node {
	var b strings.Builder
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		b.Write(line.Value(r.source))
	}
	out := Node{Type: CodeBlock}
	if s := strings.TrimSuffix(b.String(), "\n"); s != "" {
		out.Content = []Node{{Type: Text, Text: s}}
	}
	return out
}

func (r reader) list(l *ast.List) (Node, bool) {
	out := Node{Type: BulletList, Attrs: Attrs{Loose: !l.IsTight, Marker: string(l.Marker)}}
	if l.IsOrdered() {
		out.Type, out.Attrs.Order = OrderedList, &l.Start
	}
	for c := l.FirstChild(); c != nil; c = c.NextSibling() {
		item, ok := Node{Type: ListItem}, true
		if c.FirstChild() != nil {
			if box, is := firstInline(c).(*extast.TaskCheckBox); is {
				item.Attrs.Checked = "no"
				if box.IsChecked {
					item.Attrs.Checked = "yes"
				}
			}
			item, ok = r.blocks(item, c)
		}
		if !ok || len(item.Content) > 0 && item.Content[0].Type != Paragraph {
			return out, false
		}
		if len(item.Content) == 0 {
			item.Content = []Node{{Type: Paragraph}}
		}
		out.Content = append(out.Content, item)
	}
	return out, true
}

func firstInline(item ast.Node) ast.Node { return item.FirstChild().FirstChild() }

func (r reader) table(t *extast.Table) (Node, bool) {
	out := Node{Type: Table}
	for row := t.FirstChild(); row != nil; row = row.NextSibling() {
		kind := TableCell
		if row.Kind() == extast.KindTableHeader {
			kind = TableHeader
		}
		cells := Node{Type: TableRow}
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			words, ok := r.lines(Node{Type: Paragraph}, c)
			if !ok {
				return out, false
			}
			cell := Node{Type: kind, Content: []Node{words}}
			if x, is := c.(*extast.TableCell); is && x.Alignment != extast.AlignNone {
				cell.Attrs.Align = x.Alignment.String()
			}
			cells.Content = append(cells.Content, cell)
		}
		out.Content = append(out.Content, cells)
	}
	return out, true
}

// unescaped is what a piece of source says: "\*" is a star, "&amp;" an and.
func unescaped(s string) string {
	if !strings.ContainsAny(s, `\&`) {
		return s
	}
	return escapes.ReplaceAllStringFunc(s, func(m string) string {
		if m[0] == '\\' {
			return m[1:]
		}
		return html.UnescapeString(m)
	})
}

var escapes = regexp.MustCompile("\\\\[!-/:-@\\[-`{-~]|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);")
