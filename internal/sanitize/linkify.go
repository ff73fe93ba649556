package sanitize

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Linkify shows plain text as HTML: everything is escaped, http(s) and mailto
// addresses become links, line breaks become <br>. Runs of spaces keep their
// width through no-break spaces.
func Linkify(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	var b strings.Builder
	b.Grow(len(text) + len(text)/4)
	for len(text) > 0 {
		at := nextLink(text)
		if at < 0 {
			writeText(&b, text)
			break
		}
		writeText(&b, text[:at])
		link, trailing := trimLink(text[at:])
		writeAnchor(&b, link)
		text = trailing
	}
	return b.String()
}

// nextLink finds where the next address with a known scheme starts, or -1.
func nextLink(text string) int {
	for from := 0; from < len(text); {
		colon := strings.IndexByte(text[from:], ':')
		if colon < 0 {
			return -1
		}
		colon += from
		for _, scheme := range []string{"https", "http", "mailto"} {
			start := colon - len(scheme)
			if start < 0 || !strings.EqualFold(text[start:colon], scheme) || !linkMayStart(text[:start]) {
				continue
			}
			rest := text[colon+1:]
			if scheme == "mailto" && strings.Contains(firstWord(rest), "@") {
				return start
			}
			if scheme != "mailto" && strings.HasPrefix(rest, "//") && len(firstWord(rest)) > 2 {
				return start
			}
		}
		from = colon + 1
	}
	return -1
}

func linkMayStart(before string) bool {
	r, _ := utf8.DecodeLastRuneInString(before)
	return before == "" || !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

func firstWord(s string) string {
	end := strings.IndexFunc(s, endsLink)
	if end < 0 {
		return s
	}
	return s[:end]
}

func endsLink(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("<>\"`{}|\\^“”„»«", r)
}

// trimLink cuts the address that text starts with, leaving to the sentence the
// punctuation that belongs to it.
func trimLink(text string) (link, rest string) {
	link = firstWord(text)
	for len(link) > 0 {
		last := link[len(link)-1]
		unbalanced := last == ')' && strings.Count(link, "(") < strings.Count(link, ")") ||
			last == ']' && strings.Count(link, "[") < strings.Count(link, "]")
		if !unbalanced && !strings.ContainsRune(".,;:!?'*_", rune(last)) {
			break
		}
		link = link[:len(link)-1]
	}
	return link, text[len(link):]
}

func writeAnchor(b *strings.Builder, link string) {
	b.WriteString("<a")
	writeAttr(b, "href", link)
	b.WriteString(` rel="noopener noreferrer nofollow ugc" target="_blank">`)
	shown := link
	if len(link) > 7 && strings.EqualFold(link[:7], "mailto:") {
		shown = link[7:]
	}
	b.WriteString(html.EscapeString(shown))
	b.WriteString("</a>")
}

func writeText(b *strings.Builder, text string) {
	text = html.EscapeString(text)
	text = strings.ReplaceAll(text, "\x00", "")
	text = strings.ReplaceAll(text, "  ", "\u00a0 ")
	b.WriteString(strings.ReplaceAll(text, "\n", "<br>\n"))
}
