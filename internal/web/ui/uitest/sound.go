package uitest

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Sound fails the test for each rule that a whole page breaks: language and direction, a title, exactly one h1 and one
// main part, headings that skip no level downwards, unique ids that references name, a label for every field, a name for
// every button and link, a method and an action for every form, alternative texts, and nothing inline that the policy of
// the pages forbids.
func Sound(t *testing.T, doc *html.Node) {
	t.Helper()
	frame(t, doc)
	ids(t, doc)
	fields(t, doc)
	names(t, doc)
	inline(t, doc)
}

func frame(t *testing.T, doc *html.Node) {
	t.Helper()
	root := Named(doc, "html")[0]
	if Attr(root, "lang") == "" || Attr(root, "dir") == "" {
		t.Error("html has no lang or no dir")
	}
	if title := Named(doc, "title"); len(title) == 0 || Text(title[0]) == "" {
		t.Error("no title")
	}
	for _, name := range []string{"h1", "main"} {
		if n := len(Named(doc, name)); n != 1 {
			t.Errorf("%d elements %s, want one", n, name)
		}
	}
	if len(All(doc, func(n *html.Node) bool { return Attr(n, "role") == "status" })) == 0 {
		t.Error("no live region")
	}
}

func ids(t *testing.T, doc *html.Node) {
	t.Helper()
	seen := map[string]bool{}
	for _, n := range All(doc, func(n *html.Node) bool { return Has(n, "id") }) {
		id := Attr(n, "id")
		if seen[id] || id == "" || strings.Contains(id, " ") {
			t.Errorf("the id %q is used twice, is empty or has a space", id)
		}
		seen[id] = true
	}
	for _, key := range []string{"for", "aria-describedby", "aria-labelledby", "aria-controls", "popovertarget", "list", "form"} {
		for _, n := range All(doc, func(n *html.Node) bool { return Has(n, key) }) {
			for id := range strings.FieldsSeq(Attr(n, key)) {
				if !seen[id] {
					t.Errorf("%s=%q on %s names no element", key, id, n.Data)
				}
			}
		}
	}
	for _, a := range Named(doc, "a") {
		if to := Attr(a, "href"); strings.HasPrefix(to, "#") && !seen[to[1:]] {
			t.Errorf("a link to %s names no element", to)
		}
	}
}

func fields(t *testing.T, doc *html.Node) {
	t.Helper()
	labelled := map[string]bool{}
	for _, l := range Named(doc, "label") {
		labelled[Attr(l, "for")] = true
	}
	for _, n := range All(doc, func(n *html.Node) bool { return n.Data == "input" || n.Data == "textarea" || n.Data == "select" }) {
		if Attr(n, "type") == "hidden" || Has(n, "hidden") {
			continue
		}
		within := false
		for p := n.Parent; p != nil; p = p.Parent {
			within = within || p.Data == "label"
		}
		if !within && !labelled[Attr(n, "id")] && Attr(n, "aria-label") == "" {
			t.Errorf("the field %q has no label", Attr(n, "name"))
		}
		if Attr(n, "aria-invalid") == "true" && Attr(n, "aria-describedby") == "" {
			t.Errorf("the wrong field %q does not name what is wrong", Attr(n, "name"))
		}
	}
	for _, f := range Named(doc, "form") {
		if m := Attr(f, "method"); m != "post" && m != "get" || Attr(f, "action") == "" {
			t.Errorf("a form with method %q and action %q", m, Attr(f, "action"))
		}
		if len(All(f, func(n *html.Node) bool { return n.Data == "button" && Attr(n, "type") == "submit" })) == 0 && Attr(f, "role") != "search" {
			t.Errorf("the form to %s cannot be sent without scripts", Attr(f, "action"))
		}
		files := All(f, func(n *html.Node) bool { return Attr(n, "type") == "file" })
		if len(files) > 0 && Attr(f, "enctype") != "multipart/form-data" {
			t.Errorf("the form to %s loses its files", Attr(f, "action"))
		}
	}
}

func names(t *testing.T, doc *html.Node) {
	t.Helper()
	for _, n := range All(doc, func(n *html.Node) bool { return n.Data == "a" || n.Data == "button" || n.Data == "summary" }) {
		if Text(n) == "" && Attr(n, "aria-label") == "" && !pictured(n) {
			t.Errorf("a %s to %q has no name", n.Data, Attr(n, "href"))
		}
		if n.Data == "button" && Attr(n, "type") == "" {
			t.Errorf("the button %q has no type", Text(n))
		}
	}
	for _, n := range Named(doc, "img") {
		if !Has(n, "alt") {
			t.Errorf("the picture %s has no alt", Attr(n, "src"))
		}
	}
	last := 1
	for _, n := range All(doc, func(n *html.Node) bool {
		return len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6'
	}) {
		level := int(n.Data[1] - '0')
		if level > last+1 {
			t.Errorf("the heading %q is %s after a heading of level %d", Text(n), n.Data, last)
		}
		last = level
	}
}

// unrendered is a call that the template generator took for text because words stand before it on the line.
var unrendered = regexp.MustCompile(`@([a-z]+\.)?[A-Za-z]+\(`)

// pictured says that a picture with an alternative text gives n its name.
func pictured(n *html.Node) bool {
	return len(All(n, func(d *html.Node) bool { return d.Data == "img" && Attr(d, "alt") != "" })) > 0
}

func inline(t *testing.T, doc *html.Node) {
	t.Helper()
	for d := range doc.Descendants() {
		if d.Type == html.TextNode && unrendered.MatchString(d.Data) {
			t.Errorf("a component stands in the text: %q", strings.TrimSpace(d.Data))
		}
		if d.Type != html.ElementNode {
			continue
		}
		for _, a := range d.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("%s has the attribute %s", d.Data, a.Key)
			}
			if strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
				t.Errorf("%s %s is a script", d.Data, a.Key)
			}
		}
		styled := d.Data == "style" && Attr(d, "nonce") != "" && d.Parent.Data == "template" // of a mail
		if d.Data == "style" && !styled || d.Data == "script" && Attr(d, "src") == "" {
			t.Errorf("an inline %s", d.Data)
		}
	}
}
