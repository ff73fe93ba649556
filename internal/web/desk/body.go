package desk

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"goodturn/internal/sanitize"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// What a mail's HTML can show that its text cannot; and what is left of a mail that was sent as a picture.
var shapes = []string{"<table", "<img", "<ul", "<ol", "<pre", "<h1", "<h2", "<h3"}

// body is the HTML of a message, clean and cut down to what was newly written, where it says more than the text does; else
// "". used gets the Content-IDs of the pictures that stand in it.
func (c *conversation) body(m ticket.Message, used map[string]bool) string {
	if m.HTML == "" {
		return ""
	}
	worth := false
	lower := strings.ToLower(m.HTML)
	for _, s := range shapes {
		worth = worth || strings.Contains(lower, s)
	}
	if !worth && strings.TrimSpace(m.Text) != "" {
		return ""
	}
	pictures := map[string]string{}
	clean := sanitize.Mail(m.HTML, func(contentID string) (string, bool) {
		for _, f := range c.files[m.ID] {
			if f.ContentID == contentID && page.IsPicture(f.Type) {
				pictures[fileURL(f)] = contentID
				return fileURL(f), true
			}
		}
		return "", false
	})
	doc, err := html.ParseFragment(strings.NewReader(clean), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return ""
	}
	root := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	for _, n := range doc {
		root.AppendChild(n)
	}
	if !cutAfter(root, letters(m.Text)) || !shapely(root) {
		return ""
	}
	var out strings.Builder
	for n := range root.ChildNodes() {
		if err := html.Render(&out, n); err != nil {
			return ""
		}
	}
	for n := range root.Descendants() {
		if n.DataAtom == atom.Img {
			used[pictures[attribute(n, "src")]] = true
		}
	}
	return out.String()
}

// letters are the letters and digits of a text, which is what the text and the HTML of one mail have in common.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// cutAfter takes out of a tree all that follows the text wanted: the quoted history and the signature, which are shown
// folded. It is false when the tree does not begin with that text; then nobody can say where the new part ends.
func cutAfter(root *html.Node, wanted string) bool {
	rest := wanted
	var cut *html.Node
	for n := range root.Descendants() {
		if n.Type != html.TextNode {
			continue
		}
		said := letters(n.Data)
		if said == "" {
			continue
		}
		if rest == "" {
			cut = n
			break
		}
		if !strings.HasPrefix(rest, said) {
			return false
		}
		rest = rest[len(said):]
	}
	if rest != "" {
		return false
	}
	for n := cut; n != nil && n != root; {
		parent := n.Parent
		for n.NextSibling != nil {
			parent.RemoveChild(n.NextSibling)
		}
		if n == cut || n.FirstChild == nil {
			parent.RemoveChild(n)
		}
		n = parent
	}
	return true
}

// shapely tells whether what is left has a shape that plain text would lose.
func shapely(root *html.Node) bool {
	cells := 0
	for n := range root.Descendants() {
		switch n.DataAtom {
		case atom.Img, atom.Ul, atom.Ol, atom.Pre, atom.H1, atom.H2, atom.H3:
			return true
		case atom.Td, atom.Th:
			cells++
		}
	}
	return cells > 1
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
