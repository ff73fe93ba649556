package mailmsg

import (
	"bytes"
	"strings"
	"unicode"
)

// decodeWords turns the raw value of a header field into text: unfolded, with its
// encoded words decoded (RFC 2047) and raw 8-bit bytes read as UTF-8 or as hint,
// the charset of the body. Words that break the rules are read where that is
// possible: white space inside, no space between two words, a character split
// over two words, a missing end.
func decodeWords(value []byte, hint string) string {
	value = unfold(value)
	if !bytes.Contains(value, []byte("=?")) {
		return headerText(value, hint)
	}
	var out strings.Builder
	var pending []byte // bytes of adjacent words in one charset
	var charset string
	flush := func() {
		if len(pending) > 0 {
			text, _ := toUTF8(pending, charset)
			out.WriteString(text)
			pending = pending[:0]
		}
	}
	rest := value
	after := false // the last thing written was an encoded word
	for len(rest) > 0 {
		i := bytes.Index(rest, []byte("=?"))
		if i < 0 {
			break
		}
		word, size := encodedWord(rest[i:])
		if size == 0 {
			flush()
			out.WriteString(headerText(rest[:i+2], hint))
			rest, after = rest[i+2:], false
			continue
		}
		// White space between two encoded words is no text (RFC 2047 §6.2).
		if gap := rest[:i]; !after || len(bytes.TrimSpace(gap)) > 0 {
			flush()
			out.WriteString(headerText(gap, hint))
		}
		if !strings.EqualFold(word.charset, charset) {
			flush()
			charset = word.charset
		}
		pending = append(pending, word.data...)
		rest, after = rest[i+size:], true
	}
	flush()
	out.WriteString(headerText(rest, hint))
	return printable(out.String())
}

func headerText(b []byte, hint string) string {
	if isASCII(b) && bytes.IndexByte(b, 0x1b) < 0 {
		return string(b)
	}
	text, sure := toUTF8(b, "")
	if !sure && hint != "" {
		text, _ = toUTF8(b, hint)
	} else if enc := charsetFor(cleanLabel(hint)); hint != "" && !strings.HasPrefix(cleanLabel(hint), "utf") && enc != nil && !singleByte(enc) {
		if other, ok := undoubleFrom(text, enc); ok {
			return other
		}
	}
	return text
}

// printable drops control characters that an encoded word may smuggle in.
func printable(s string) string {
	bad := func(r rune) bool { return r != '\t' && unicode.IsControl(r) }
	if strings.IndexFunc(s, bad) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r':
			return ' '
		case bad(r):
			return -1
		}
		return r
	}, s)
}

type encodedText struct {
	charset string
	data    []byte
}

// encodedWord reads "=?charset?B?text?=" at the start of b; size is 0 when there is none.
func encodedWord(b []byte) (w encodedText, size int) {
	p := b[2:]
	q := bytes.IndexByte(p, '?')
	if q <= 0 || q > 60 || bytes.IndexByte(p[:q], ' ') >= 0 || q+2 >= len(p) || p[q+2] != '?' {
		return w, 0
	}
	w.charset = cleanLabel(string(p[:q]))
	method := p[q+1] | 0x20
	text := p[q+3:]
	start := len(b) - len(text)
	end := bytes.Index(text, []byte("?="))
	if method == 'q' {
		end = endOfQ(text, end)
	}
	next := start + end + 2
	if end < 0 {
		// Cut off: all that is left, up to white space, belongs to the word.
		end = bytes.IndexAny(text, " \t")
		if end < 0 {
			end = len(text)
		}
		next = start + end
		text = bytes.TrimRight(text[:end], "?")
		end = len(text)
	}
	switch method {
	case 'b':
		if bytes.Contains(text[:end], []byte("=?")) {
			return w, 0
		}
		w.data, _ = decodeBase64(text[:end])
	case 'q':
		w.data = decodeQuoted(text[:end], true)
	default:
		return w, 0
	}
	return w, next
}

// endOfQ finds the end of a Q word: "?=" followed by two hex digits may be the
// text "?" and an escaped character, when a later "?=" ends the word.
func endOfQ(text []byte, end int) int {
	for end >= 0 && end+4 <= len(text) && unhex(text[end+2]) < 16 && unhex(text[end+3]) < 16 {
		next := bytes.Index(text[end+2:], []byte("?="))
		if next < 0 || bytes.ContainsAny(text[end+2:end+2+next], " \t") {
			return end
		}
		end += 2 + next
	}
	return end
}
