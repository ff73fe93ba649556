package sanitize

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	xhtml "golang.org/x/net/html"
)

// ArticleOptions say where what an article refers to is.
type ArticleOptions struct {
	// Link gives the address that a link has in the result, and false for one that becomes plain words; nil is false for all.
	Link func(href string) (to string, ok bool)
	// Picture gives the address of a picture, and false for one that becomes its alternative words; nil is false for all.
	Picture func(src string) (to string, ok bool)
}

// idPrefix stands before every id of an article, so that none is one of the page around it.
const idPrefix = "a-"

var articlePolicy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(
		"p", "div", "br", "hr", "span", "figure", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "kbd", "samp", "var",
		"b", "strong", "i", "em", "u", "s", "del", "ins", "small", "sub", "sup", "mark", "abbr", "cite", "q", "dfn",
		"ul", "ol", "li", "dl", "dt", "dd", "details", "summary", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th",
	)
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowAttrs("src", "alt", "title").OnElements("img")
	p.AllowAttrs("width", "height").Matching(bluemonday.Integer).OnElements("img")
	p.AllowAttrs("colspan", "rowspan").Matching(bluemonday.Integer).OnElements("td", "th")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("id").Matching(regexp.MustCompile(`^[\p{L}\p{N}:_.-]{1,100}$`)).OnElements("h1", "h2", "h3", "h4", "h5", "h6", "li", "sup", "div", "p", "dt", "table")
	p.AllowAttrs("dir").Matching(bluemonday.Direction).OnElements("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "li", "table", "td", "th")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.SkipElementsContent("title", "style", "script", "noscript", "template", "svg", "math", "iframe", "object", "applet", "embed",
		"select", "textarea", "button", "audio", "video", "canvas", "xml", "frameset", "noframes", "noembed", "plaintext", "xmp")
	return p
})

// Article cleans the HTML that an article's text gave, for display below the one h1 of a page: nothing acts, loads from elsewhere or
// styles; headings go down from h2 without leaving a level out; ids begin with "a-", and so do the links to them.
//
//	Article(`<h1 id="x" onclick="y()">Begin</h1>`, ArticleOptions{}) // <h2 id="a-x">Begin</h2>
func Article(source string, o ArticleOptions) string {
	a := &article{o: o}
	z := xhtml.NewTokenizer(strings.NewReader(articlePolicy().Sanitize(bound(source))))
	for {
		switch z.Next() {
		case xhtml.ErrorToken:
			for range a.links {
				a.b.WriteString("</a>")
			}
			return a.b.String()
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			a.start(z.Token())
		case xhtml.EndTagToken:
			a.end(z.Token())
		default:
			a.b.Write(z.Raw())
		}
	}
}

type article struct {
	o        ArticleOptions
	b        strings.Builder
	links    []bool   // that are open; false for those that became plain words
	headings [][2]int // levels as written, and as they are shown
	level    int      // of the heading that is open
}

func (a *article) start(t xhtml.Token) {
	switch {
	case t.Data == "a":
		a.link(t)
	case t.Data == "img":
		a.picture(t)
	case isHeading(t.Data):
		a.level = a.heading(int(t.Data[1] - '0'))
		a.open("h"+strconv.Itoa(a.level), t)
	default:
		a.open(t.Data, t)
	}
}

func isHeading(name string) bool {
	return len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6'
}

func (a *article) end(t xhtml.Token) {
	switch {
	case t.Data == "a":
		if n := len(a.links); n > 0 {
			if a.links[n-1] {
				a.b.WriteString("</a>")
			}
			a.links = a.links[:n-1]
		}
	case isHeading(t.Data):
		if a.level > 0 {
			a.b.WriteString("</h" + strconv.Itoa(a.level) + ">")
		}
	default:
		a.b.WriteString("</" + t.Data + ">")
	}
}

// heading is the level at which a heading is shown.
func (a *article) heading(written int) int {
	for len(a.headings) > 0 && a.headings[len(a.headings)-1][0] >= written {
		a.headings = a.headings[:len(a.headings)-1]
	}
	shown := 2
	if n := len(a.headings); n > 0 {
		shown = min(a.headings[n-1][1]+1, 6)
	}
	a.headings = append(a.headings, [2]int{written, shown})
	return shown
}

// open writes an element with the attributes that the policy left.
func (a *article) open(name string, t xhtml.Token) {
	a.b.WriteByte('<')
	a.b.WriteString(name)
	for _, at := range t.Attr {
		if at.Key == "id" {
			at.Val = idPrefix + at.Val
		}
		writeAttr(&a.b, at.Key, at.Val)
	}
	if name == "table" {
		writeAttr(&a.b, "tabindex", "0") // a wide one is scrolled with the keys, too
	}
	a.b.WriteByte('>')
}

func (a *article) link(t xhtml.Token) {
	href := strings.TrimSpace(attribute(t, "href"))
	to, ok := "", false
	switch {
	case len(a.links) > 0: // no link stands in a link
	case len(href) > 1 && href[0] == '#':
		to, ok = "#"+idPrefix+href[1:], true
	case href != "" && a.o.Link != nil:
		to, ok = a.o.Link(href)
	}
	a.links = append(a.links, ok)
	if !ok {
		return
	}
	if path, fragment, has := strings.Cut(to, "#"); has && strings.HasPrefix(path, "/help/") && fragment != "" {
		to = path + "#" + idPrefix + fragment
	}
	a.b.WriteString("<a")
	writeAttr(&a.b, "href", to)
	if title := attribute(t, "title"); title != "" {
		writeAttr(&a.b, "title", title)
	}
	if linkScheme(to) {
		a.b.WriteString(` rel="noopener noreferrer"`)
	}
	a.b.WriteByte('>')
}

func (a *article) picture(t xhtml.Token) {
	src, alt := attribute(t, "src"), attribute(t, "alt")
	to, ok := "", false
	if a.o.Picture != nil {
		to, ok = a.o.Picture(src)
	}
	if !ok {
		a.b.WriteString(html.EscapeString(alt))
		return
	}
	a.b.WriteString("<img")
	writeAttr(&a.b, "src", to)
	writeAttr(&a.b, "alt", alt)
	for _, name := range []string{"width", "height"} {
		if v := attribute(t, name); v != "" {
			writeAttr(&a.b, name, v)
		}
	}
	a.b.WriteString(` loading="lazy">`)
}
