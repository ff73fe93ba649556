package sanitize

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// Line is one line of rendered HTML.
type Line struct {
	Text  string // without quote prefix and without line end
	Depth int    // how many quoting blockquotes stand around it
	Mark  string // the outermost mark that Lines' callback gave an element around it
	At    int    // where in the source, null bytes left out, the first token of its text starts
}

// Attr reads an attribute of the element that is being looked at; "" when it has none.
type Attr func(name string) string

// Text renders HTML as readable plain text: paragraphs are separated by an empty
// line, list items get a dash or number, cells a tab, links their address in <>
// when the text does not say it, quotations "> ". Hidden elements, scripts and
// styles leave nothing. At most [MaxHTML] bytes are read.
func Text(source string) string {
	return Join(Lines(source, nil))
}

// Join makes one text of lines, with "> " before each quoted line.
func Join(lines []Line) string {
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		for range min(l.Depth, 20) {
			b.WriteByte('>')
		}
		if l.Depth > 0 && l.Text != "" {
			b.WriteByte(' ')
		}
		b.WriteString(l.Text)
	}
	return b.String()
}

// Lines renders HTML as Text does, but keeps for each line how deep it is quoted
// and the mark of the elements around it. mark is called once per opening tag
// and returns "" for an element that means nothing; nil marks nothing.
func Lines(source string, mark func(tag string, attr Attr) string) []Line {
	r := renderer{mark: mark}
	z := html.NewTokenizer(strings.NewReader(bound(source)))
	next := 0
	for {
		kind := z.Next()
		r.at, next = next, next+len(z.Raw())
		switch kind {
		case html.ErrorToken:
			r.bullet = false
			r.flush()
			return trimBlank(r.lines)
		case html.TextToken:
			if r.hidden == 0 {
				r.text(html.UnescapeString(string(z.Raw())))
			}
		case html.StartTagToken:
			name, more := z.TagName()
			r.open(string(name), attributes(z, more), false)
		case html.SelfClosingTagToken:
			name, more := z.TagName()
			tag := string(name)
			r.open(tag, attributes(z, more), void[tag])
		case html.EndTagToken:
			name, _ := z.TagName()
			r.close(string(name))
		}
	}
}

func attributes(z *html.Tokenizer, more bool) []html.Attribute {
	var list []html.Attribute
	for more && len(list) < 40 {
		var key, value []byte
		key, value, more = z.TagAttr()
		list = append(list, html.Attribute{Key: string(key), Val: string(value)})
	}
	return list
}

// element is an open tag that the renderer has to undo later.
type element struct {
	tag, mark, link   string
	quote, skip, keep bool // quoting; hidden content; pre
	linkAt            int
	number            int
}

type renderer struct {
	mark   func(string, Attr) string
	lines  []Line
	line   strings.Builder
	at     int // offset of the current token
	lineAt int // offset of the first token of line
	stack  []element
	marked string
	depth  int
	hidden int
	pre    int
	bullet bool // the line holds the number or dash of a list item only
	space  bool // a collapsed space is due before the next text
	gap    bool // an empty line is due before the next text
}

const maxOpen = 400

var void = setOf("br hr img input meta link area base col embed param source track wbr")

var block = setOf("p div section article header footer main aside nav h1 h2 h3 h4 h5 h6 ul ol li dl dt dd pre blockquote " +
	"table tr thead tbody tfoot caption address form fieldset center body html figure figcaption details summary hr title")

var spaced = setOf("p h1 h2 h3 h4 h5 h6 ul ol dl pre blockquote table figure")

var silent = setOf("script style title template noscript svg math iframe select textarea xml audio video canvas")

func setOf(words string) map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

func (r *renderer) open(tag string, attrs []html.Attribute, selfClosed bool) {
	attr := func(name string) string {
		for _, a := range attrs {
			if a.Key == name {
				return a.Val
			}
		}
		return ""
	}
	if r.hidden == 0 {
		r.before(tag, attr)
	}
	if void[tag] || selfClosed || len(r.stack) >= maxOpen {
		return
	}
	e := element{tag: tag, linkAt: r.line.Len()}
	if tag == "li" || tag == "p" || tag == "td" || tag == "th" || tag == "tr" {
		r.closeSame(tag)
	}
	e.skip = silent[tag] || hiddenStyle(attr("style"))
	if tag == "a" && linkScheme(attr("href")) {
		e.link = strings.TrimSpace(attr("href"))
	}
	if r.mark != nil && r.marked == "" && r.hidden == 0 {
		if e.mark = r.mark(tag, attr); e.mark != "" {
			r.flush()
			r.marked = e.mark
		}
	}
	e.quote = tag == "blockquote" && quoting(attr)
	e.keep = tag == "pre"
	r.push(e)
}

func (r *renderer) push(e element) {
	if e.quote {
		r.depth++
	}
	if e.skip {
		r.hidden++
	}
	if e.keep {
		r.pre++
	}
	r.stack = append(r.stack, e)
}

// before writes what an opening tag puts between the text around it.
func (r *renderer) before(tag string, attr Attr) {
	switch {
	case tag == "br":
		r.newline()
		return
	case tag == "img":
		if alt := strings.TrimSpace(attr("alt")); alt != "" && len(alt) < 200 {
			r.text("[" + alt + "]")
		}
		return
	case tag == "td" || tag == "th":
		if strings.TrimSpace(r.line.String()) != "" {
			r.line.WriteByte('\t')
			r.space = false
		}
		return
	}
	if !block[tag] {
		return
	}
	r.flush()
	if spaced[tag] {
		r.gap = len(r.lines) > 0 && !r.bullet
	}
	switch tag {
	case "hr":
		r.text("________________________________")
		r.flush()
	case "li":
		r.item()
	}
}

func (r *renderer) item() {
	prefix := "- "
	for i := len(r.stack) - 1; i >= 0; i-- {
		if e := &r.stack[i]; e.tag == "ol" {
			e.number++
			prefix = strconv.Itoa(e.number) + ". "
			break
		} else if e.tag == "ul" {
			break
		}
	}
	r.text(prefix)
	r.bullet, r.space = true, r.line.Len() > 0
}

// closeSame ends an open element of the same kind, as HTML lets authors leave out
// </li>, </p> and </td>.
func (r *renderer) closeSame(tag string) {
	for i := len(r.stack) - 1; i >= 0 && i >= len(r.stack)-4; i-- {
		switch t := r.stack[i].tag; {
		case t == tag:
			r.pop(i)
			return
		case block[t] && t != "p":
			return
		}
	}
}

func (r *renderer) close(tag string) {
	for i := len(r.stack) - 1; i >= 0 && i >= len(r.stack)-100; i-- {
		if r.stack[i].tag == tag {
			r.pop(i)
			break
		}
	}
	if r.hidden > 0 {
		return
	}
	if block[tag] {
		r.flush()
		if spaced[tag] {
			r.gap = len(r.lines) > 0 && !r.bullet
		}
	}
}

func (r *renderer) pop(from int) {
	for i := len(r.stack) - 1; i >= from; i-- {
		e := r.stack[i]
		if e.link != "" && r.hidden == 0 {
			r.target(e)
		}
		if e.quote || e.mark != "" {
			r.flush()
		}
		if e.quote {
			r.depth--
		}
		if e.skip {
			r.hidden--
		}
		if e.keep {
			r.pre--
		}
		if e.mark != "" {
			r.marked = ""
		}
	}
	r.stack = r.stack[:from]
}

// target writes the address of a link behind its text, unless the text is the address.
func (r *renderer) target(e element) {
	shown := ""
	if e.linkAt <= r.line.Len() {
		shown = strings.TrimSpace(r.line.String()[e.linkAt:])
	}
	href := e.link
	lower := strings.ToLower(href)
	if shown == "" || strings.HasPrefix(lower, "mailto:") || strings.HasPrefix(lower, "tel:") {
		return
	}
	bare := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(lower, "https://"), "http://"), "/")
	if s := strings.ToLower(shown); strings.Contains(s, bare) || len(href) > 500 {
		return
	}
	r.line.WriteString(" <" + href + ">")
}

// text appends running text, its white space collapsed unless inside pre.
func (r *renderer) text(s string) {
	if r.pre > 0 {
		for i, part := range strings.Split(strings.ReplaceAll(s, "\r", ""), "\n") {
			if i > 0 {
				r.newline()
			}
			r.dueGap(part)
			r.line.WriteString(part)
		}
		return
	}
	for len(s) > 0 {
		c, size := utf8.DecodeRuneInString(s)
		if c == '\u00ad' || c == '\u200b' || c == '\ufeff' || c == '\u200c' && size == len(s) {
			s = s[size:]
			continue
		}
		if collapses(c) {
			r.space = true
			s = s[size:]
			continue
		}
		end := wordEnd(s)
		r.word(s[:end])
		s = s[end:]
	}
}

func (r *renderer) word(w string) {
	r.bullet = false
	r.dueGap(w)
	if r.space && r.line.Len() > 0 {
		r.line.WriteByte(' ')
	}
	r.space = false
	r.line.WriteString(w)
}

func (r *renderer) dueGap(next string) {
	if r.line.Len() == 0 {
		r.lineAt = r.at
	}
	if r.gap && next != "" {
		r.lines = append(r.lines, Line{Depth: r.gapDepth(), Mark: r.marked, At: r.at})
		r.gap = false
	}
}

// gapDepth keeps the empty line between a quotation and its answer out of the quotation.
func (r *renderer) gapDepth() int {
	if n := len(r.lines); n > 0 {
		return min(r.depth, r.lines[n-1].Depth)
	}
	return r.depth
}

func wordEnd(s string) int {
	for i, c := range s {
		if collapses(c) || c == '\u00ad' || c == '\u200b' || c == '\ufeff' {
			return i
		}
	}
	return len(s)
}

func collapses(c rune) bool {
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\u00a0' || c != '\u3000' && unicode.Is(unicode.Zs, c)
}

// flush ends the current line if it holds anything.
func (r *renderer) flush() {
	if r.bullet {
		return
	}
	if r.line.Len() > 0 {
		r.newline()
	}
	r.space = false
}

func (r *renderer) newline() {
	r.bullet = false
	text := strings.TrimRight(r.line.String(), " \t")
	at := r.at
	if r.line.Len() > 0 {
		at = r.lineAt
	}
	r.line.Reset()
	r.space = false
	n := len(r.lines)
	if text == "" && (n == 0 || n > 1 && r.lines[n-1].Text == "" && r.lines[n-2].Text == "") {
		return
	}
	r.lines = append(r.lines, Line{Text: text, Depth: r.depth, Mark: r.marked, At: at})
	for i := range r.stack {
		r.stack[i].linkAt = 0
	}
}

func trimBlank(lines []Line) []Line {
	for len(lines) > 0 && lines[len(lines)-1].Text == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

func hiddenStyle(style string) bool {
	if style == "" || len(style) > 2000 {
		return false
	}
	s := strings.ToLower(strings.ReplaceAll(style, " ", ""))
	return strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden")
}

// quoting tells a quotation from the blockquote that editors use to indent.
func quoting(attr Attr) bool {
	if strings.EqualFold(attr("type"), "cite") || attr("cite") != "" || strings.Contains(attr("class"), "quote") {
		return true
	}
	s := strings.ToLower(strings.ReplaceAll(attr("style"), " ", ""))
	indent := strings.Contains(s, "margin:0040px") || strings.Contains(s, "border:none")
	return !indent
}
