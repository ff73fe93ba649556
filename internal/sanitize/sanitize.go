// Package sanitize turns hostile HTML, as mail brings it, into something that
// may stand inside a page of ours, or into plain text.
//
// Three functions, all pure, none of which can fail:
//
//   - [Mail] keeps the structure of a mail (paragraphs, lists, tables, links) and
//     drops everything that acts, loads or styles. The result needs no
//     unsafe-inline in the page's policy: no style, class, id or event attribute
//     survives.
//   - [Text] and [Lines] render HTML as readable plain text.
//   - [Linkify] escapes plain text and makes its addresses clickable.
//
// Invariants: no script survives any input; work and memory are linear in the
// input, of which at most [MaxHTML] bytes are read.
//
//	safe := sanitize.Mail(`<p onclick="x()">Hello <img src="cid:1"></p>`, nil)
//	// <p>Hello </p>
package sanitize

import (
	"html"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	xhtml "golang.org/x/net/html"
)

// MaxHTML is the number of bytes of HTML that are read; what follows is cut off.
// Real mails above it are generated reports that nobody reads in a ticket.
const MaxHTML = 2 << 20

// Picture resolves the Content-ID of an inline picture (without <>) to an
// address on our own origin; ok is false when the mail has no such picture.
type Picture func(contentID string) (url string, ok bool)

var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(
		"p", "div", "br", "hr", "span", "center", "address", "article", "section", "header", "footer", "main", "figure", "figcaption",
		"h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "kbd", "samp", "tt", "var",
		"b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "small", "big", "sub", "sup", "mark", "abbr", "cite", "q", "dfn",
		"ul", "ol", "li", "dl", "dt", "dd", "details", "summary",
		"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "colgroup", "col",
	)
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowAttrs("width", "height").Matching(bluemonday.Integer).OnElements("img")
	p.AllowAttrs("colspan", "rowspan").Matching(bluemonday.Integer).OnElements("td", "th")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	// Not on what marks words: parsers open elements of different attributes again and again where those of the same end.
	p.AllowAttrs("dir").Matching(bluemonday.Direction).OnElements("p", "div", "span", "center", "address", "article", "section", "header", "footer", "main",
		"figure", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "li", "dl", "dt", "dd", "details", "summary",
		"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th")
	p.AllowURLSchemes("http", "https", "mailto", "tel", "cid")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.SkipElementsContent("title", "style", "script", "noscript", "template", "svg", "math", "iframe", "object", "applet", "embed",
		"select", "textarea", "button", "audio", "video", "canvas", "xml", "frameset", "noframes", "noembed", "plaintext", "xmp")
	return p
})

// Mail cleans the HTML of a mail for display inside a page of ours. Pictures that
// the mail carries (cid:) get the address that picture gives; a remote picture
// becomes <span data-remote="ADDRESS">ALT</span>, so that nothing is fetched
// until the reader asks. Links open outside and carry no referrer.
// A nil picture resolves nothing.
func Mail(source string, picture Picture) string {
	clean := policy().Sanitize(bound(source))
	if !strings.Contains(clean, "<img") && !strings.Contains(clean, "<a ") {
		return clean
	}
	return rewrite(clean, picture)
}

func bound(source string) string {
	if len(source) > MaxHTML {
		source = strings.ToValidUTF8(source[:MaxHTML], "")
	}
	return strings.ReplaceAll(source, "\x00", "")
}

// rewrite replaces the links and pictures of HTML that is clean already; all
// other tokens pass as they are.
func rewrite(clean string, picture Picture) string {
	var b strings.Builder
	b.Grow(len(clean) + len(clean)/8)
	z := xhtml.NewTokenizer(strings.NewReader(clean))
	for {
		switch z.Next() {
		case xhtml.ErrorToken:
			return b.String()
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			raw := string(z.Raw())
			token := z.Token()
			switch token.Data {
			case "a":
				writeLink(&b, token)
			case "img":
				writePicture(&b, token, picture)
			default:
				b.WriteString(raw)
			}
		default:
			b.Write(z.Raw())
		}
	}
}

func writeLink(b *strings.Builder, token xhtml.Token) {
	href := attribute(token, "href")
	b.WriteString("<a")
	if linkScheme(href) {
		writeAttr(b, "href", href)
		if title := attribute(token, "title"); title != "" {
			writeAttr(b, "title", title)
		}
		b.WriteString(` rel="noopener noreferrer nofollow ugc" target="_blank"`)
	}
	b.WriteByte('>')
}

func writePicture(b *strings.Builder, token xhtml.Token, picture Picture) {
	src, alt := attribute(token, "src"), attribute(token, "alt")
	id, inline := ContentID(src)
	if !inline {
		if src == "" || !linkScheme(src) {
			b.WriteString(html.EscapeString(alt))
			return
		}
		b.WriteString("<span")
		writeAttr(b, "data-remote", src)
		b.WriteByte('>')
		b.WriteString(html.EscapeString(alt))
		b.WriteString("</span>")
		return
	}
	if picture == nil {
		b.WriteString(html.EscapeString(alt))
		return
	}
	url, ok := picture(id)
	if !ok {
		b.WriteString(html.EscapeString(alt))
		return
	}
	b.WriteString("<img")
	writeAttr(b, "src", url)
	writeAttr(b, "alt", alt)
	for _, name := range []string{"width", "height"} {
		if v := attribute(token, name); v != "" {
			writeAttr(b, name, v)
		}
	}
	b.WriteString(` loading="lazy">`)
}

// ContentID takes the id out of a cid: address (RFC 2392 §2), unescaped and
// without <>; ok is false for any other address.
func ContentID(src string) (id string, ok bool) {
	src = strings.TrimSpace(src)
	if len(src) < 5 || !strings.EqualFold(src[:4], "cid:") {
		return "", false
	}
	id = unescapePercent(src[4:])
	return strings.Trim(id, "<> "), true
}

func unescapePercent(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			hi, lo := unhex(s[i+1]), unhex(s[i+2])
			if hi < 16 && lo < 16 {
				b.WriteByte(hi<<4 | lo)
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func unhex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}

func linkScheme(href string) bool {
	scheme, _, ok := strings.Cut(strings.ToLower(strings.TrimSpace(href)), ":")
	return ok && (scheme == "http" || scheme == "https" || scheme == "mailto" || scheme == "tel")
}

func attribute(token xhtml.Token, name string) string {
	for _, a := range token.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func writeAttr(b *strings.Builder, name, value string) {
	b.WriteByte(' ')
	b.WriteString(name)
	b.WriteString(`="`)
	b.WriteString(html.EscapeString(value))
	b.WriteByte('"')
}
