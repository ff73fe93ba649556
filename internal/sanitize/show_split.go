package sanitize

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

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

// splitAfter takes out of a clean tree all that follows the text newly written, and gives it as a tree of its own with the
// elements around it, or nil when there is nothing or nobody can say where the new part ends. What a mail says in HTML
// alone is not folded away: its texts need not be the same.
func splitAfter(root *html.Node, wanted, old string) *html.Node {
	rest, old := letters(wanted), letters(old)
	if rest == "" || old == "" {
		return nil
	}
	var cut *html.Node
	for n := range root.Descendants() {
		text, must := spoken(n)
		said := letters(text)
		if said == "" {
			continue
		}
		if cut != nil || rest == "" && must {
			if must && !strings.Contains(old, said) {
				return nil
			}
			if cut == nil {
				cut = n
			}
			continue
		}
		after, ok := strings.CutPrefix(rest, said)
		if !ok && must {
			return nil
		}
		rest = after
	}
	if rest != "" || cut == nil {
		return nil
	}
	return split(root, cut)
}

// spoken is what a node adds to the text of a mail. The words of a picture may stand there or not.
func spoken(n *html.Node) (text string, must bool) {
	if n.DataAtom == atom.Img {
		return nodeAttribute(n, "alt"), false
	}
	if n.Type != html.TextNode {
		return "", false
	}
	if class := nodeAttribute(n.Parent, "class"); hasWord(class, "leads") {
		return "", false
	} else if hasWord(class, "remote") {
		return n.Data, false
	}
	return n.Data, true
}

// split moves the text at, and all that follows it, into a copy of the tree.
func split(root, at *html.Node) *html.Node {
	below := at
	for n := at; ; {
		parent, next := n.Parent, n.NextSibling
		if n == at || n.FirstChild == nil {
			parent.RemoveChild(n)
		}
		copied := &html.Node{Type: parent.Type, Data: parent.Data, DataAtom: parent.DataAtom, Attr: append([]html.Attribute(nil), parent.Attr...)}
		copied.AppendChild(below)
		for next != nil {
			following := next.NextSibling
			parent.RemoveChild(next)
			copied.AppendChild(next)
			next = following
		}
		below = copied
		if parent == root {
			return below
		}
		n = parent
	}
}
