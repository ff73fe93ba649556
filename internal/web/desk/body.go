package desk

import (
	"regexp"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"goodturn/internal/sanitize"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// What a mail's HTML can show that its text cannot; and what is left of a mail that was sent as a picture.
var shapes = []string{"<table", "<img", "<ul", "<ol", "<pre", "<h1", "<h2", "<h3"}

// body is the HTML of a message as it is shown: clean and cut down to what was newly written, or "" where the text says as
// much.
type body struct {
	html string
	// pictures are the Content-IDs of those that stand in it.
	pictures map[string]bool
}

// bodies remembers what cleaning gave, because messages never change and a thread is read many times. It is safe for
// concurrent use.
type bodies struct {
	mu   sync.Mutex
	by   map[int64]body
	size int
}

// maxBodies bounds the bytes remembered; then it begins anew.
const maxBodies = 8 << 20

func (b *bodies) of(m ticket.Message, files []ticket.Attachment) body {
	if m.HTML == "" {
		return body{}
	}
	b.mu.Lock()
	known, ok := b.by[m.ID]
	b.mu.Unlock()
	if ok {
		return known
	}
	made := bodyOf(m, files)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.size += len(made.html) + 200; b.by == nil || b.size > maxBodies {
		b.by, b.size = map[int64]body{}, len(made.html)+200
	}
	b.by[m.ID] = made
	return made
}

// maxMarks is how many tags a mail may have to be shown as it is. Real ones have some thousands. What is opened and not
// closed in one paragraph stands again in each that follows, up to some thirty elements, so that a small mail can become a
// tree that fills the memory: of our parser, and of the reader's.
const maxMarks = 20_000

func bodyOf(m ticket.Message, files []ticket.Attachment) body {
	worth := false
	lower := strings.ToLower(m.HTML)
	for _, s := range shapes {
		worth = worth || strings.Contains(lower, s)
	}
	if !worth && strings.TrimSpace(m.Text) != "" {
		return body{}
	}
	pictures := map[string]string{}
	clean := sanitize.Mail(m.HTML, func(contentID string) (string, bool) {
		for _, f := range files {
			if f.ContentID == contentID && page.IsPicture(f.Type) {
				pictures[fileURL(f)] = contentID
				return fileURL(f), true
			}
		}
		return "", false
	})
	if strings.Count(clean, "<") > maxMarks {
		return body{}
	}
	doc, err := html.ParseFragment(strings.NewReader(clean), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return body{}
	}
	root := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	for _, n := range doc {
		root.AppendChild(n)
	}
	if grown(root) || !cutAfter(root, letters(m.Text)) || !shapely(root) {
		return body{}
	}
	var out strings.Builder
	for n := range root.ChildNodes() {
		if err := html.Render(&out, n); err != nil {
			return body{}
		}
	}
	made := body{html: out.String(), pictures: map[string]bool{}}
	for n := range root.Descendants() {
		if n.DataAtom == atom.Img {
			made.pictures[pictures[attribute(n, "src")]] = true
		}
	}
	return made
}

// grown tells whether a tree has more in it than its tags account for.
func grown(root *html.Node) bool {
	n := 0
	for range root.Descendants() {
		if n++; n > 3*maxMarks {
			return true
		}
	}
	return false
}

// What the text of a mail spells out and its HTML does not: where links lead, what pictures are called, the marks of lists.
var (
	spelled = regexp.MustCompile(`(?i)\b(https?:|mailto:|cid:)[^\s<>"\]]+`)
	marked  = regexp.MustCompile(`(?m)^[ \t]*\d{1,3}[.)][ \t]`)
)

// letters are the letters and digits of a text without what is spelled out, which is what the text and the HTML of one
// mail have in common.
func letters(s string) string {
	if strings.ContainsRune(s, ':') {
		s = spelled.ReplaceAllLiteralString(s, "")
	}
	if strings.ContainsAny(s, ".)") {
		s = marked.ReplaceAllLiteralString(s, "")
	}
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
