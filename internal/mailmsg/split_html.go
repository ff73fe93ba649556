package mailmsg

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"goodturn/internal/sanitize"
)

// SplitHTML parts the HTML of a mail into what was written now, its signature
// included, and what is quoted, by the rules that make Message.NewText. Both are
// HTML of their own: elements that hold something of either are opened in both, and
// so are style sheets. quoted is "" when nothing is quoted, when everything is, and
// for a forward, whose content is what the mail is for. subject may be "".
//
// Give it the HTML as sent, before any cleaning: what clients say about a quote
// stands in classes and ids. Neither half is cleaner than the source. Every word
// of the source stands in exactly one half.
func SplitHTML(source, subject string) (now, quoted string) {
	clean := strings.ReplaceAll(source, "\x00", "")
	if len(clean) > sanitize.MaxHTML {
		return source, ""
	}
	if strings.TrimSpace(subject) == "" {
		subject = "-" // not known, which is not the same as none
	}
	p, lines := takeApart(htmlLines(clean), subject)
	if !p.cut || p.forwarded != nil {
		return source, ""
	}
	foldDecoration(lines)
	lines = slices.DeleteFunc(lines, func(l line) bool { return blank(l.text) })
	if !anyFresh(lines) {
		return source, ""
	}
	h := halves{tokens: readTokens(clean, lines)}
	h.write()
	if h.out[1].Len() == 0 {
		return source, ""
	}
	return h.out[0].String(), h.out[1].String()
}

// foldDecoration lets the rule that a client draws above a quote go with the quote.
func foldDecoration(lines []line) {
	next := fresh
	for i := len(lines) - 1; i >= 0; i-- {
		switch l := &lines[i]; {
		case blank(l.text):
		case l.state == fresh && next != fresh && decoration(l.text):
			l.state = next
		default:
			next = l.state
		}
	}
}

// token is a token of HTML and the half it belongs to: 0 now, 1 quoted, both for -1.
type token struct {
	kind html.TokenType
	tag  string
	raw  []byte
	half int
}

const bothHalves = -1

// readTokens cuts the source into tokens. Those that show something belong where
// the line they stand in belongs; others go with what follows them.
func readTokens(source string, lines []line) []token {
	var list []token
	z := html.NewTokenizer(strings.NewReader(source))
	at, row, inStyle := 0, 0, false
	shown := []int{} // indices of tokens that show something
	for {
		kind := z.Next()
		raw := bytes.Clone(z.Raw())
		t := token{kind: kind, raw: raw}
		if kind == html.StartTagToken || kind == html.EndTagToken || kind == html.SelfClosingTagToken {
			name, _ := z.TagName()
			t.tag = string(name)
		}
		for row+1 < len(lines) && lines[row+1].at <= at {
			row++
		}
		switch {
		case t.tag == "style":
			inStyle = kind == html.StartTagToken
			t.half = bothHalves
		case inStyle:
			t.half = bothHalves
		case kind == html.TextToken && len(bytes.TrimSpace(raw)) > 0, t.tag == "img", t.tag == "hr":
			t.half = halfOf(lines, row)
			shown = append(shown, len(list))
		}
		if len(raw) > 0 {
			list = append(list, t)
		}
		at += len(raw)
		if kind == html.ErrorToken {
			break
		}
	}
	from, half := 0, 0
	for _, i := range shown {
		half = list[i].half
		setHalf(list[from:i], half)
		from = i + 1
	}
	setHalf(list[from:], half)
	return list
}

func setHalf(list []token, half int) {
	for i := range list {
		if list[i].half != bothHalves {
			list[i].half = half
		}
	}
}

// halfOf judges the lines that start where line row does: preformatted text makes
// several of one token, which stays whole in the new half if any of them is new.
func halfOf(lines []line, row int) int {
	for i := row; i >= 0 && lines[i].at == lines[row].at; i-- {
		if lines[i].state == fresh {
			return 0
		}
	}
	return 1
}

// halves writes tokens into two documents. An element is opened in each half when
// the half first gets something of it.
type halves struct {
	tokens []token
	out    [2]strings.Builder
	open   []openElement
	ready  [2]int // how many of open are opened in each half
}

type openElement struct {
	tag string
	raw []byte
	in  [2]bool
}

var voidTags = map[string]bool{
	"br": true, "hr": true, "img": true, "input": true, "meta": true, "link": true, "area": true, "base": true, "col": true, "embed": true, "param": true, "source": true, "track": true, "wbr": true,
}

func (h *halves) write() {
	for _, t := range h.tokens {
		switch {
		case t.half == bothHalves:
			h.out[0].Write(t.raw)
			h.out[1].Write(t.raw)
		case t.kind == html.StartTagToken && !voidTags[t.tag]:
			h.openTag(t)
		case t.kind == html.EndTagToken:
			h.closeTag(t)
		default:
			h.enter(t.half)
			h.out[t.half].Write(t.raw)
		}
	}
	h.closeFrom(0)
}

// maxOpenTags bounds what one piece of text can open again.
const maxOpenTags = 2000

func (h *halves) openTag(t token) {
	h.closeImplied(t.tag)
	if len(h.open) >= maxOpenTags {
		return
	}
	h.open = append(h.open, openElement{tag: t.tag, raw: t.raw})
	h.enter(t.half)
}

// endsParagraph are the elements whose start ends an open <p>.
var endsParagraph = map[string]bool{
	"p": true, "div": true, "table": true, "ul": true, "ol": true, "dl": true, "blockquote": true, "pre": true, "center": true, "section": true,
	"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true,
}

// closeImplied ends what authors leave open: </p>, </li> and the like. Without it a
// long list would be nested as deep as it is long.
func (h *halves) closeImplied(tag string) {
	same := tag == "li" || tag == "td" || tag == "th" || tag == "tr"
	for i := len(h.open) - 1; i >= 0 && i >= len(h.open)-4; i-- {
		switch open := h.open[i].tag; {
		case same && open == tag, open == "p" && endsParagraph[tag]:
			h.closeFrom(i)
			return
		case open == "table" || open == "ul" || open == "ol" || open == "div" || open == "blockquote":
			return
		}
	}
}

// enter opens in a half what is open in the source.
func (h *halves) enter(half int) {
	for i := h.ready[half]; i < len(h.open); i++ {
		if e := &h.open[i]; !e.in[half] {
			h.out[half].Write(e.raw)
			e.in[half] = true
		}
	}
	h.ready[half] = len(h.open)
}

func (h *halves) closeTag(t token) {
	for i := len(h.open) - 1; i >= 0 && i >= len(h.open)-100; i-- {
		if h.open[i].tag == t.tag {
			h.closeFrom(i)
			return
		}
	}
}

func (h *halves) closeFrom(from int) {
	for i := len(h.open) - 1; i >= from; i-- {
		for half := range h.out {
			if h.open[i].in[half] {
				h.out[half].WriteString("</" + h.open[i].tag + ">")
			}
		}
	}
	h.open = h.open[:from]
	for half := range h.ready {
		h.ready[half] = min(h.ready[half], from)
	}
}
