package portal

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"goodturn/internal/web/ui/uitest"
)

func TestFirstName(t *testing.T) {
	for name, want := range map[string]string{"Amara Okafor": "Amara", "amara@desk.example": "amara", " Cher ": "Cher", "Okafor, Amara": "Okafor", "": ""} {
		if got := firstName(name); got != want {
			t.Errorf("firstName(%q) = %q, want %q", name, got, want)
		}
	}
}

// FuzzPlain: nothing that somebody wrote is lost or becomes markup, and links lead to the web alone.
func FuzzPlain(f *testing.F) {
	for _, s := range []string{"", "a http://b.example/c, d", "(see https://a.example/x)", "https://", "httphttps://a.example", "<a href=x>&amp;", "https://a.example/\"onclick=", "http://[::1", "https://ä.example/é."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
			t.Skip("the store keeps no such text")
		}
		doc := uitest.Render(t, t.Context(), plain(text))
		var shown strings.Builder
		for n := range doc.Descendants() {
			switch {
			case n.Type == html.TextNode:
				shown.WriteString(n.Data)
			case n.Type == html.ElementNode && n.Data == "a":
				if to := uitest.Attr(n, "href"); !strings.HasPrefix(to, "http://") && !strings.HasPrefix(to, "https://") {
					t.Errorf("a link to %q", to)
				}
				if len(n.Attr) != 2 {
					t.Errorf("a link with %v", n.Attr)
				}
			case n.Type == html.ElementNode && n.Data != "html" && n.Data != "head" && n.Data != "body":
				t.Errorf("an element %s", n.Data)
			}
		}
		// A parser of HTML changes line ends, and space before the body.
		same := func(s string) string { return strings.Join(strings.Fields(s), " ") }
		if same(shown.String()) != same(text) {
			t.Errorf("%q became %q", text, shown.String())
		}
	})
}
