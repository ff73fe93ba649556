package sanitize

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	xhtml "golang.org/x/net/html"
)

func TestMail(t *testing.T) {
	pictures := func(id string) (string, bool) { return "/picture/7", id == "logo@x" }
	for _, c := range []struct{ name, in, want string }{
		{"structure stays", `<h1>A</h1><p>b <b>c</b></p><ul><li>d</li></ul>`, `<h1>A</h1><p>b <b>c</b></p><ul><li>d</li></ul>`},
		{"style, class, id and handlers go", `<p style="color:red" class="x" id="y" onclick="z()">a</p>`, `<p>a</p>`},
		{"script and style leave nothing", `a<script>alert(1)</script><style>p{}</style>b`, `ab`},
		{"forms go, text stays", `<form action="/x"><input name="p">hello</form>`, `hello`},
		{"link", `<a href="https://example.com/?a=1&amp;b=2" target="x">t</a>`, `<a href="https://example.com/?a=1&amp;b=2" rel="noopener noreferrer nofollow ugc" target="_blank">t</a>`},
		{"javascript link", `<a href="javascript:alert(1)">t</a>`, `t`},
		{"data link", `<a href="data:text/html,x">t</a>`, `t`},
		{"cid picture that exists", `<img src="cid:logo@x" alt="Logo" width="10">`, `<img src="/picture/7" alt="Logo" width="10" loading="lazy">`},
		{"cid picture escaped", `<img src="cid:logo%40x">`, `<img src="/picture/7" alt="" loading="lazy">`},
		{"cid picture that is missing", `<img src="cid:other" alt="Other">`, `Other`},
		{"remote picture", `<img src="https://t.example/p.gif" alt="a<b">`, `<span data-remote="https://t.example/p.gif">a&lt;b</span>`},
		{"svg", `<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>y`, `y`},
		{"null bytes", "a\x00b", "ab"},
	} {
		if got := Mail(c.in, pictures); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// harmless walks cleaned HTML as a browser would read it and names what could act.
func harmless(t *testing.T, source, clean string) {
	t.Helper()
	doc, err := xhtml.Parse(strings.NewReader(clean))
	if err != nil {
		return // deeper than the parser goes; the tokens are checked by the policy
	}
	for n := range doc.Descendants() {
		if n.Type != xhtml.ElementNode {
			continue
		}
		switch n.Data {
		case "script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "button", "link", "meta", "base", "template":
			t.Errorf("%q left <%s>: %q", source, n.Data, clean)
		}
		for _, a := range n.Attr {
			v := strings.ToLower(strings.TrimSpace(a.Val))
			bad := strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "class" || a.Key == "id" || a.Key == "srcset"
			if a.Key == "href" && !linkScheme(v) || a.Key == "src" && v != "/p" {
				bad = true
			}
			if bad {
				t.Errorf("%q left %s=%q", source, a.Key, a.Val)
			}
		}
	}
}

func TestMailAgainstKnownAttacks(t *testing.T) {
	root := os.Getenv("GOODTURN_TESTDATA")
	if root == "" {
		t.Skip("GOODTURN_TESTDATA is not set: the shared test data is needed")
	}
	raw, err := os.ReadFile(filepath.Join(root, "html", "dompurify.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct{ Payload string }
	if err := json.Unmarshal(raw, &cases); err != nil || len(cases) < 50 {
		t.Fatalf("read %d attacks: %v", len(cases), err)
	}
	for _, c := range cases {
		harmless(t, c.Payload, Mail(c.Payload, func(string) (string, bool) { return "/p", true }))
	}
}

func TestText(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"paragraphs", `<p>a</p><p>b<br>c</p>`, "a\n\nb\nc"},
		{"divs", `<div>a</div><div><br></div><div>b</div>`, "a\n\nb"},
		{"white space", "<p>a \n  b&nbsp;c</p>", "a b c"},
		{"lists", `<ul><li>a<li>b</ul><ol start=1><li><p>c</p></li><li>d</li></ol>`, "- a\n- b\n\n1. c\n\n2. d"},
		{"table", `<table><tr><td>a</td><td>b</td></tr><tr><td>c<td>d</table>`, "a\tb\nc\td"},
		{"quote", `a<blockquote type="cite">b<blockquote>c</blockquote></blockquote>d`, "a\n\n> b\n>\n>> c\n\nd"},
		{"indent is no quote", `<blockquote style="margin: 0 0 0 40px; border: none">b</blockquote>`, "b"},
		{"link", `see <a href="https://example.com/a">here</a>, <a href="https://example.com/">example.com</a>, <a href="mailto:a@b.c">mail</a>`, "see here <https://example.com/a>, example.com, mail"},
		{"hidden", `<div style="display: none">preview</div><title>t</title>a<script>b</script>`, "a"},
		{"pre", "<pre>a\n  b\n</pre>c", "a\n  b\n\nc"},
		{"picture", `a <img alt="Logo" src="x"> b`, "a [Logo] b"},
		{"comments", `a<!-- b --><!--[if mso]>c<![endif]-->d`, "ad"},
	} {
		if got := Text(c.in); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestLinesMark(t *testing.T) {
	lines := Lines(`a<div class="gmail_quote">b<div>c</div></div>d`, func(_ string, attr Attr) string {
		if attr("class") == "gmail_quote" {
			return "quote"
		}
		return ""
	})
	var got []string
	for _, l := range lines {
		got = append(got, l.Text+":"+l.Mark)
	}
	if want := "a: b:quote c:quote d:"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLinkify(t *testing.T) {
	link := func(s string) string {
		return `<a href="` + s + `" rel="noopener noreferrer nofollow ugc" target="_blank">` + strings.TrimPrefix(s, "mailto:") + `</a>`
	}
	for _, c := range []struct{ in, want string }{
		{"a <b>\r\nc", "a &lt;b&gt;<br>\nc"},
		{"see https://example.com/x.", "see " + link("https://example.com/x") + "."},
		{"(https://example.com/a_(b))", "(" + link("https://example.com/a_(b)") + ")"},
		{"mailto:a@example.com, ok", link("mailto:a@example.com") + ", ok"},
		{"<https://example.com>", "&lt;" + link("https://example.com") + "&gt;"},
		{"javascript:alert(1) xhttp://a", "javascript:alert(1) xhttp://a"},
		{"http:// nothing", "http:// nothing"},
		{`https://a.b/"onmouseover="x`, link("https://a.b/") + `&#34;onmouseover=&#34;x`},
	} {
		if got := Linkify(c.in); got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
}

func FuzzSanitize(f *testing.F) {
	for _, s := range []string{`<p>a</p>`, `<img src=x onerror=a>`, `<a href="java&#10;script:x">`, `<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`, `<blockquote type=cite>a<li>b`, "<pre>\n x", `<noscript><p title="</noscript><img src=x onerror=alert(1)>">`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		harmless(t, source, Mail(source, func(string) (string, bool) { return "/p", true }))
		harmless(t, source, Linkify(source))
		if strings.Contains(Text(source), "\x00") {
			t.Error("a null byte came through")
		}
	})
}
