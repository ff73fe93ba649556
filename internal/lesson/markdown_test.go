package lesson

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"goodturn/internal/kb"
)

// allowed are the elements of a list with one line of plain words; addresses become links by themselves.
var allowed = map[string]bool{"html": true, "head": true, "body": true, "ul": true, "li": true, "p": true, "a": true}

// FuzzPlainWords holds what somebody wrote to have no form in a draft, whatever it is, and to lose no word.
func FuzzPlainWords(f *testing.F) {
	for _, s := range []string{"plain", "# heading", "1. step", "- item", "*a* _b_ `c` ~~d~~", "<b>x</b> <!-- y", "[a](b) ![c](d) [e]: f", "a | b", "&lt; &copy;", "\\* \\\\", "--- ===", "+ x", ": y", "[^1]", "[ ] x", "> q", "10) z", "<https://x.example>", "a__b__ __c__", "\\"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "")), " ")
		if s == "" {
			return
		}
		got := kb.Render(1, "# A\n\n- "+escapeAt(s, true)+"\n")
		_, got, _ = strings.Cut(got, "</h2>")
		doc, err := html.Parse(strings.NewReader(got))
		if err != nil {
			t.Fatal(err)
		}
		var words strings.Builder
		var walk func(n *html.Node)
		walk = func(n *html.Node) {
			if n.Type == html.ElementNode && !allowed[n.Data] {
				t.Errorf("%q becomes <%s>: %s", s, n.Data, got)
			}
			if n.Type == html.TextNode {
				words.WriteString(n.Data)
			}
			for c := range n.ChildNodes() {
				walk(c)
			}
		}
		walk(doc)
		letters := regexp.MustCompile(`[\pL\pN]+`)
		if a, b := strings.Join(letters.FindAllString(s, -1), " "), strings.Join(letters.FindAllString(words.String(), -1), " "); a != b {
			t.Errorf("%q is read as %q: %s", a, b, got)
		}
	})
}
