package mailmsg

import (
	"bytes"
	"strings"
)

// field is one header field: its name as written and its raw value, folded.
type field struct {
	name  string
	value []byte
}

type header []field

// get returns the raw value of the first field of that name, or nil.
func (h header) get(name string) []byte {
	for i := range h {
		if len(h[i].name) == len(name) && strings.EqualFold(h[i].name, name) {
			return h[i].value
		}
	}
	return nil
}

func (h header) has(name string) bool { return h.get(name) != nil }

// all returns the raw values of every field of that name, in order.
func (h header) all(name string) [][]byte {
	var list [][]byte
	for i := range h {
		if len(h[i].name) == len(name) && strings.EqualFold(h[i].name, name) {
			list = append(list, h[i].value)
		}
	}
	return list
}

// plain returns a field without folding and comments of encoding: for protocol words.
func (h header) plain(name string) string {
	return strings.TrimSpace(string(unfold(h.get(name))))
}

// unfold joins the lines of a folded field (RFC 5322 §2.2.3); what indents a line
// becomes one space.
func unfold(value []byte) []byte {
	if bytes.IndexByte(value, '\n') < 0 && bytes.IndexByte(value, '\r') < 0 && bytes.IndexByte(value, 0) < 0 {
		return value
	}
	out := make([]byte, 0, len(value))
	for i := 0; i < len(value); i++ {
		switch c := value[i]; c {
		case '\r', 0:
		case '\n':
			// A field folded without white space would glue two words together.
			for i+1 < len(value) && (value[i+1] == ' ' || value[i+1] == '\t') {
				i++
			}
			if i+1 < len(value) && value[i+1] != '\r' && value[i+1] != '\n' {
				out = append(out, ' ')
			}
		case '\t':
			out = append(out, ' ')
		default:
			out = append(out, c)
		}
	}
	return out
}

// nextLine cuts the first line off; line is without its end.
func nextLine(b []byte) (line, rest []byte) {
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		return b, nil
	}
	rest = b[i+1:]
	if i > 0 && b[i-1] == '\r' {
		i--
	}
	return b[:i], rest
}

// fieldName returns the length of a field name at the start of a line, 0 when the
// line does not start a field. Names hold printable ASCII but no space or colon
// (RFC 5322 §2.2); a space before the colon is forgiven.
func fieldName(line []byte) int {
	for i, c := range line {
		if c == ':' {
			return len(bytes.TrimRight(line[:i], " \t"))
		}
		if c == ' ' || c == '\t' {
			rest := bytes.TrimLeft(line[i:], " \t")
			if i > 0 && len(rest) > 0 && rest[0] == ':' {
				return i
			}
			return 0
		}
		if c <= ' ' || c >= 127 || i > 8<<10 {
			return 0
		}
	}
	return 0
}

// readHeader reads the fields at the start of b and returns them with what
// follows. stop tells lines that end the part although no empty line came.
func readHeader(b []byte, warn func(string), stop func(line []byte) bool) (header, []byte) {
	h := make(header, 0, 24)
	start := -1 // where the value of the open field starts in b
	pos := 0
	end := 0
	finish := func() {
		if start >= 0 && len(h) > 0 {
			h[len(h)-1].value = bounded(b[start:end], warn)
			start = -1
		}
	}
	for pos < len(b) {
		line, rest := nextLine(b[pos:])
		next := len(b) - len(rest)
		switch {
		case len(bytes.TrimRight(line, " \t")) == 0 && !continues(line, rest):
			finish()
			return h, rest
		case stop != nil && len(line) > 2 && line[0] == '-' && line[1] == '-' && stop(line):
			finish()
			return h, b[pos:]
		case (line[0] == ' ' || line[0] == '\t') && len(h) > 0:
			end = pos + len(line)
		case fieldName(line) > 0:
			finish()
			if len(h) >= maxFields {
				warn("The mail has more than 2,000 header fields; the rest was ignored.")
				break
			}
			n := fieldName(line)
			h = append(h, field{name: string(line[:n])})
			start = pos + bytes.IndexByte(line, ':') + 1
			end = pos + len(line)
		default:
			if len(h) == 0 && pos == 0 || !headerFollows(rest) && !brokenToken(line, rest) || bytes.HasPrefix(line, []byte("--")) && hasBoundary(h, b[:pos]) {
				finish()
				warnOpenHeader(h, warn)
				return h, b[pos:]
			}
			// Something a gateway broke: when it looks like the rest of the field
			// before it, it is kept with that field.
			if len(h) > 0 && start >= 0 {
				end = pos + len(line)
			}
			warn("A line of the header is no field.")
		}
		pos = next
	}
	finish()
	return h, nil
}

func bounded(value []byte, warn func(string)) []byte {
	if len(value) > maxFieldSize {
		warn("A header field is longer than 64 KiB and was cut.")
		return value[:maxFieldSize]
	}
	return value
}

func warnOpenHeader(h header, warn func(string)) {
	if len(h) == 0 {
		warn("The mail has no header.")
		return
	}
	warn("The header does not end in an empty line.")
}

// continues tells a white line inside a folded field from the end of the header.
func continues(line, rest []byte) bool {
	if len(line) == 0 {
		return false
	}
	next, _ := nextLine(rest)
	return len(next) > 0 && fieldName(next) > 0 && headerWord(next)
}

// headerFollows looks whether one of the next lines is a header field again.
func headerFollows(rest []byte) bool {
	for range 3 {
		var line []byte
		line, rest = nextLine(rest)
		if len(line) == 0 || bytes.HasPrefix(line, []byte("--")) {
			return false
		}
		if headerWord(line) {
			return true
		}
	}
	return false
}

// hasBoundary is true for a header that announces parts, after which a line of
// dashes starts the first of them.
func hasBoundary(h header, raw []byte) bool {
	return h.has("Content-Type") && bytes.Contains(bytes.ToLower(raw[max(0, len(raw)-4096):]), []byte("boundary"))
}

// brokenToken is true for the rests of a long coded field that something broke into
// lines without white space, until the next field.
func brokenToken(line, rest []byte) bool {
	for range 60 {
		if len(line) == 0 || headerWord(line) {
			return len(line) > 0
		}
		if bytes.IndexByte(line, ' ') >= 0 {
			return false
		}
		line, rest = nextLine(rest)
	}
	return false
}

// headerWord is true for lines that start with a field that mail really carries,
// so that "Note: see below" in a text is not taken for one.
func headerWord(line []byte) bool {
	n := fieldName(line)
	if n == 0 {
		return false
	}
	name := strings.ToLower(string(line[:n]))
	if strings.HasPrefix(name, "x-") || strings.HasPrefix(name, "content-") || strings.HasPrefix(name, "list-") || strings.HasPrefix(name, "resent-") {
		return true
	}
	switch name {
	case "from", "to", "cc", "bcc", "subject", "date", "message-id", "in-reply-to", "references", "reply-to", "sender", "received",
		"return-path", "mime-version", "delivered-to", "dkim-signature", "authentication-results", "received-spf", "user-agent",
		"importance", "priority", "precedence", "auto-submitted", "thread-index", "thread-topic", "errors-to", "organization", "status", "comments", "keywords":
		return true
	}
	return false
}
