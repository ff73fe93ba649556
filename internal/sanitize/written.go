package sanitize

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxNesting is how deep what somebody wrote may lie; what lies deeper is kept as its text.
const maxNesting = 60

// inlineForms are the marks on words that are kept, by the name that they are kept under.
var inlineForms = map[atom.Atom]string{atom.B: "b", atom.Strong: "b", atom.I: "i", atom.Em: "i", atom.U: "u", atom.S: "s", atom.Del: "s", atom.Code: "code"}

// Written makes clean, small HTML of what one of us wrote in the page's editor: paragraphs, line breaks, bold, italic, links,
// lists, quotations, code, tables and our own pictures; no attribute but the address of a link or a picture. picture gives the
// address that a picture has in the result by the one that it has in the source, and false for one that is not ours; nil is
// none. formed says that the HTML shows something that plain text would lose.
//
//	Written(`<div>See <b onclick="x()">this</b></div><div>now</div>`, nil) // <p>See <b>this</b><br>now</p>, true
func Written(source string, picture func(src string) (to string, ok bool)) (clean string, formed bool) {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(bound(source)), body)
	if err != nil {
		return "", false
	}
	for _, n := range nodes {
		body.AppendChild(n)
	}
	w := &written{picture: picture}
	w.blocks(body, 0)
	w.endParagraph()
	return w.out.String(), w.formed
}

// written gathers the lines of a paragraph until it ends.
type written struct {
	picture func(src string) (string, bool)
	out     strings.Builder
	line    strings.Builder
	lines   []string
	formed  bool
	bare    bool // paragraphs stand without a <p> around them
}

func (w *written) endLine() {
	if s := strings.TrimSpace(w.line.String()); s != "" {
		w.lines = append(w.lines, s)
	}
	w.line.Reset()
}

func (w *written) endParagraph() {
	w.endLine()
	switch {
	case len(w.lines) == 0:
		return
	case w.bare:
		if s := w.out.String(); s != "" && !strings.HasSuffix(s, "</ul>") && !strings.HasSuffix(s, "</ol>") {
			w.out.WriteString("<br><br>")
		}
		w.out.WriteString(strings.Join(w.lines, "<br>"))
	default:
		w.out.WriteString("<p>" + strings.Join(w.lines, "<br>") + "</p>")
	}
	w.lines = nil
}

// blocks writes what stands in an element that holds lines.
func (w *written) blocks(parent *html.Node, depth int) {
	for n := range parent.ChildNodes() {
		if n.Type == html.TextNode {
			w.line.WriteString(wordsOf(n.Data))
			continue
		}
		if n.Type != html.ElementNode || silentElement(n.DataAtom) {
			continue
		}
		if depth > maxNesting {
			w.line.WriteString(html.EscapeString(deepText(n)))
			continue
		}
		w.block(n, depth)
	}
}

func (w *written) block(n *html.Node, depth int) {
	switch n.DataAtom {
	case atom.Br:
		empty := w.line.Len() == 0
		w.endLine()
		if empty {
			w.endParagraph()
		}
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.endParagraph()
		w.blocks(n, depth+1)
		w.endParagraph()
	case atom.Ul, atom.Ol, atom.Blockquote, atom.Table:
		w.endParagraph()
		w.part(n, depth)
	case atom.Pre:
		w.endParagraph()
		w.formed = true
		w.out.WriteString("<pre>" + html.EscapeString(strings.Trim(preText(n), "\n")) + "</pre>")
	case atom.Hr:
		w.endParagraph()
		w.formed = true
		w.out.WriteString("<hr>")
	default:
		if isInline(n) {
			w.inline(n, depth)
			return
		}
		w.endLine()
		before := len(w.lines)
		w.blocks(n, depth+1)
		w.endLine()
		if len(w.lines) == before {
			w.endParagraph() // an empty line
		}
	}
}

// part writes a list, a quotation or a table.
func (w *written) part(n *html.Node, depth int) {
	if strings.TrimSpace(deepText(n)) == "" && !hasPicture(n) {
		return
	}
	w.formed = true
	name := n.DataAtom.String()
	w.out.WriteString("<" + name + ">")
	if n.DataAtom == atom.Blockquote {
		w.blocks(n, depth+1)
		w.endParagraph()
	} else {
		w.items(n, depth)
	}
	w.out.WriteString("</" + name + ">")
}

// items writes the items of a list, or the rows and cells of a table.
func (w *written) items(parent *html.Node, depth int) {
	for n := range parent.ChildNodes() {
		switch {
		case depth > maxNesting:
		case n.DataAtom == atom.Tbody || n.DataAtom == atom.Thead || n.DataAtom == atom.Tfoot:
			w.items(n, depth+1)
		case n.DataAtom == atom.Tr:
			w.out.WriteString("<tr>")
			w.items(n, depth+1)
			w.out.WriteString("</tr>")
		case n.DataAtom == atom.Ul || n.DataAtom == atom.Ol: // browsers put a list within a list beside the items
			w.part(n, depth+1)
		case n.DataAtom == atom.Li || n.DataAtom == atom.Td || n.DataAtom == atom.Th:
			name := n.DataAtom.String()
			w.out.WriteString("<" + name + ">")
			w.item(n, depth+1)
			w.out.WriteString("</" + name + ">")
		}
	}
}

// item writes an item: its lines without a paragraph around them.
func (w *written) item(n *html.Node, depth int) {
	inner := &written{picture: w.picture, bare: true}
	inner.blocks(n, depth)
	inner.endParagraph()
	w.formed = w.formed || inner.formed
	w.out.WriteString(inner.out.String())
}

// inline writes words and the marks on them.
func (w *written) inline(n *html.Node, depth int) {
	if n.DataAtom == atom.Img {
		w.image(n)
		return
	}
	if depth > maxNesting {
		w.line.WriteString(html.EscapeString(deepText(n)))
		return
	}
	open, end := w.mark(n)
	at := w.line.Len()
	w.line.WriteString(open)
	for c := range n.ChildNodes() {
		switch {
		case c.Type == html.TextNode:
			w.line.WriteString(wordsOf(c.Data))
		case c.Type != html.ElementNode || silentElement(c.DataAtom):
		case c.DataAtom == atom.Br:
			w.line.WriteString("<br>")
		default:
			w.inline(c, depth+1)
		}
	}
	if end != "" && w.line.Len() == at+len(open) { // nothing within
		s := w.line.String()[:at]
		w.line.Reset()
		w.line.WriteString(s)
		return
	}
	w.line.WriteString(end)
}

// mark gives the tags of an inline element, or nothing where only its content stays.
func (w *written) mark(n *html.Node) (open, end string) {
	if name, ok := inlineForms[n.DataAtom]; ok {
		w.formed = w.formed || strings.TrimSpace(strings.ReplaceAll(deepText(n), "\u200b", "")) != ""
		return "<" + name + ">", "</" + name + ">"
	}
	href := strings.TrimSpace(nodeAttribute(n, "href"))
	if n.DataAtom != atom.A || !linkScheme(href) {
		return "", ""
	}
	if said := strings.TrimSpace(deepText(n)); strings.TrimPrefix(href, "mailto:") != said && strings.TrimSuffix(href, "/") != said {
		w.formed = true // else plain text is made a link of by itself
	}
	return `<a href="` + html.EscapeString(href) + `">`, "</a>"
}

func (w *written) image(n *html.Node) {
	alt := nodeAttribute(n, "alt")
	if w.picture != nil {
		if to, ok := w.picture(nodeAttribute(n, "src")); ok {
			w.formed = true
			w.line.WriteString(`<img src="` + html.EscapeString(to) + `" alt="` + html.EscapeString(alt) + `">`)
			return
		}
	}
	w.line.WriteString(html.EscapeString(alt))
}

// wordsOf are the words of a text as HTML. An editor keeps spaces with no-break ones, which must not stay in running text,
// and its place of the caret with spaces of no width.
func wordsOf(s string) string {
	s = strings.ReplaceAll(s, "\u200b", "")
	r := []rune(s)
	for i, c := range r {
		beside := func(j int) bool { return j >= 0 && j < len(r) && (r[j] == ' ' || r[j] == '\u00a0') }
		if c == '\u00a0' && !beside(i-1) && !beside(i+1) {
			r[i] = ' '
		}
	}
	return html.EscapeString(string(r))
}

func isInline(n *html.Node) bool {
	if _, ok := inlineForms[n.DataAtom]; ok {
		return !hasBlock(n, 0)
	}
	switch n.DataAtom {
	case atom.A, atom.Img, atom.Span, atom.Font, atom.Small, atom.Big, atom.Sub, atom.Sup, atom.Mark, atom.Abbr, atom.Cite, atom.Q, atom.Kbd, atom.Samp, atom.Var, atom.Tt, atom.Ins, atom.Strike, atom.Label, atom.Time:
		return !hasBlock(n, 0)
	}
	return false
}

// hasBlock tells whether an element holds lines of its own.
func hasBlock(n *html.Node, depth int) bool {
	if depth > maxNesting {
		return false
	}
	for c := range n.ChildNodes() {
		switch c.DataAtom {
		case atom.Div, atom.P, atom.Ul, atom.Ol, atom.Li, atom.Blockquote, atom.Pre, atom.Table, atom.Hr, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			return true
		}
		if hasBlock(c, depth+1) {
			return true
		}
	}
	return false
}

func hasPicture(n *html.Node) bool {
	for c := range n.Descendants() {
		if c.DataAtom == atom.Img {
			return true
		}
	}
	return false
}

func silentElement(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Title, atom.Head, atom.Template, atom.Noscript, atom.Svg, atom.Math, atom.Iframe, atom.Object, atom.Select, atom.Button, atom.Textarea:
		return true
	}
	return false
}

// deepText is all text under a node.
func deepText(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode && (c.Parent == nil || !silentElement(c.Parent.DataAtom)) {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// preText is the text of code with its lines.
func preText(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case c.DataAtom == atom.Br:
			b.WriteString("\n")
		case c.DataAtom == atom.Div && b.Len() > 0:
			b.WriteString("\n")
		}
	}
	return strings.ReplaceAll(strings.ReplaceAll(b.String(), "\u200b", ""), "\u00a0", " ")
}
