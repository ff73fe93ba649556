package mailmsg

import (
	"bytes"
	"sort"
	"strconv"
	"strings"
)

// parseParams reads a field like Content-Type: its first word in lower case and
// its parameters, decoded after RFC 2231 and, where senders break that rule,
// RFC 2047. Quotes that do not close, missing semicolons and raw 8-bit bytes are
// forgiven.
func parseParams(value []byte) (word string, params map[string]string) {
	value = unfold(value)
	head, rest, _ := bytes.Cut(value, []byte(";"))
	word = strings.TrimSpace(stripComments(string(head)))
	if eq := strings.IndexByte(word, '='); eq > 0 && !strings.Contains(word[:eq], "/") {
		word, rest = "", value
	}
	word = strings.Trim(word, `"'`)
	if i := strings.IndexAny(word, " \t\","); i >= 0 {
		rest = append([]byte(word[i+1:]+";"), rest...)
		word = word[:i]
	}
	word = strings.ToLower(word)
	if i := strings.IndexFunc(word, notInWord); i > 0 {
		word = word[:i]
	}
	segments := make(map[string][]segment)
	for len(rest) > 0 {
		var name string
		var val []byte
		name, val, rest = nextParam(rest)
		if name == "" {
			continue
		}
		base, s := newSegment(name, val)
		if len(segments[base]) < 1000 {
			segments[base] = append(segments[base], s)
		}
	}
	if len(segments) == 0 {
		return word, nil
	}
	params = make(map[string]string, len(segments))
	for base, list := range segments {
		if base == "boundary" && len(list) == 1 && !list[0].encoded {
			params[base] = string(list[0].value) // compared byte by byte, so nothing is decoded
			continue
		}
		params[base] = joinSegments(list)
	}
	return word, params
}

// notInWord is true for what cannot stand in a media type or disposition (RFC 6838 §4.2).
func notInWord(r rune) bool {
	return r != '/' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && !strings.ContainsRune("!#$&-^_.+*", r)
}

// segment is a piece of a parameter: name*number*=value.
type segment struct {
	number  int // -1 for the plain form
	encoded bool
	value   []byte
}

func newSegment(name string, value []byte) (string, segment) {
	s := segment{number: -1, value: value}
	if strings.HasSuffix(name, "*") {
		s.encoded = true
		name = name[:len(name)-1]
	}
	if base, number, ok := strings.Cut(name, "*"); ok {
		if n, err := strconv.Atoi(number); err == nil && n >= 0 {
			s.number, name = n, base
		}
	} else if s.encoded {
		s.number = 0
	}
	return name, s
}

// joinSegments puts the pieces together (RFC 2231 §3, §4). The continued form
// wins over the plain one, which is there for old readers.
func joinSegments(list []segment) string {
	sort.SliceStable(list, func(i, j int) bool { return list[i].number < list[j].number })
	if list[len(list)-1].number < 0 {
		return decodeParam(list[0].value)
	}
	var charset string
	var out []byte
	encoded := false
	for _, s := range list {
		if s.number < 0 {
			continue
		}
		value := s.value
		if s.encoded {
			if !encoded {
				if c, rest, ok := bytes.Cut(value, []byte("'")); ok {
					if _, v, ok := bytes.Cut(rest, []byte("'")); ok {
						charset, value = string(c), v
					}
				}
				encoded = true
			}
			value = unescapePercent(value)
		}
		out = append(out, value...)
	}
	if !encoded {
		return decodeParam(out)
	}
	text, _ := toUTF8(out, charset)
	return strings.TrimSpace(decodeIfEncoded(text))
}

func decodeIfEncoded(s string) string {
	if strings.Contains(s, "=?") {
		return decodeWords([]byte(s), "")
	}
	return s
}

func decodeParam(value []byte) string {
	s := decodeWords(value, "")
	// Some senders escape a plain parameter as if it were an extended one.
	if i := strings.Index(s, "''"); i > 2 && i < 20 && strings.Contains(s[i:], "%") && knownCharset(s[:i]) {
		text, _ := toUTF8(unescapePercent([]byte(s[i+2:])), s[:i])
		return text
	}
	return strings.TrimSpace(s)
}

// nextParam cuts one name=value off the list.
func nextParam(b []byte) (name string, value, rest []byte) {
	b = bytes.TrimLeft(b, "; \t,")
	i := bytes.IndexAny(b, "=;")
	if i < 0 {
		return "", nil, nil
	}
	if b[i] == ';' {
		return "", nil, b[i+1:]
	}
	name = strings.ToLower(strings.TrimSpace(stripComments(string(b[:i]))))
	if sp := strings.LastIndexAny(name, " \t"); sp >= 0 {
		name = name[sp+1:]
	}
	b = bytes.TrimLeft(b[i+1:], " \t")
	if len(b) > 0 && b[0] == '"' {
		value, rest = quotedString(b)
		// name="a"b.pdf or ="=?…?=".jpg: the tail belongs to the value.
		if j := bytes.IndexByte(rest, ';'); (strings.HasPrefix(name, "name") || strings.HasPrefix(name, "filename")) && (j > 0 || j < 0 && len(rest) > 0) {
			if j < 0 {
				j = len(rest)
			}
			tail := bytes.TrimSpace(rest[:j])
			if len(tail) > 0 && bytes.IndexByte(tail, '=') < 0 && tail[0] != '(' {
				value = append(append([]byte{}, value...), bytes.Trim(tail, `"`)...)
				rest = rest[j:]
			}
		}
		return name, value, rest
	}
	j := bytes.IndexByte(b, ';')
	if j < 0 {
		j = len(b)
	}
	value = bytes.TrimSpace(b[:j])
	if k := bytes.IndexByte(value, '('); k > 0 && name != "name" && name != "filename" {
		value = bytes.TrimSpace(value[:k])
	}
	if name == "charset" || name == "boundary" {
		if k := bytes.IndexAny(value, " \t"); k > 0 && bytes.IndexByte(value[k:], '=') > 0 {
			return name, value[:k], b[k:]
		}
	}
	return name, bytes.Trim(value, `'"`), b[j:]
}

// quotedString reads a quoted string (RFC 5322 §3.2.4); one that does not close
// ends at the next semicolon or the end.
func quotedString(b []byte) (value, rest []byte) {
	var out []byte
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			if i+1 < len(b) && (b[i+1] == '"' || b[i+1] == '\\') {
				i++
			}
			out = append(out, b[i])
		case '"':
			return out, b[i+1:]
		default:
			out = append(out, b[i])
		}
	}
	return out, nil
}

func unescapePercent(b []byte) []byte {
	if bytes.IndexByte(b, '%') < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '%' && i+2 < len(b) {
			if hi, lo := unhex(b[i+1]), unhex(b[i+2]); hi < 16 && lo < 16 {
				out = append(out, hi<<4|lo)
				i += 2
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
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

// stripComments drops (comments), which may nest (RFC 5322 §3.2.2).
func stripComments(s string) string {
	if strings.IndexByte(s, '(') < 0 {
		return s
	}
	var b strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s):
			if depth == 0 {
				b.WriteByte(c)
				b.WriteByte(s[i+1])
			}
			i++
		case c == '"' && depth == 0:
			quoted = !quoted
			b.WriteByte(c)
		case c == '(' && !quoted:
			depth++
		case c == ')' && depth > 0:
			depth--
		case depth == 0:
			b.WriteByte(c)
		}
	}
	return b.String()
}
