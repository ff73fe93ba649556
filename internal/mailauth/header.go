package mailauth

import (
	"bytes"
	"io"
	"mime"
	"net/mail"
	"strings"
)

// field is one header field. raw is all of it with its folding and line ends; name is in lower case, value unfolded.
type field struct {
	raw   []byte
	name  string
	value string
}

type header []field

// Limits of a header that is looked at; one with more is not authentic.
const (
	maxHeader = 256 << 10
	maxFields = 500
)

// readHeader reads a header strictly (RFC 5322 §2.2): what another reader could read in another way is not ok.
func readHeader(raw []byte) (h header, body []byte, ok bool) {
	at := 0
	for {
		end := bytes.IndexByte(raw[at:], '\n')
		if end < 0 || at > maxHeader || len(h) > maxFields {
			return nil, nil, false
		}
		line := raw[at : at+end+1]
		text := bytes.TrimSuffix(line[:end], []byte("\r"))
		at += end + 1
		switch {
		case len(text) == 0:
			if len(h) == 0 {
				return nil, nil, false
			}
			for i := range h {
				h[i].finish()
			}
			return h, raw[at:], true
		case bytes.IndexByte(text, '\r') >= 0 || bytes.IndexByte(text, 0) >= 0 || len(bytes.TrimSpace(text)) == 0:
			return nil, nil, false
		case text[0] == ' ' || text[0] == '\t':
			if len(h) == 0 {
				return nil, nil, false
			}
			last := &h[len(h)-1]
			last.raw = last.raw[:len(last.raw)+len(line)]
		default:
			name, found := fieldName(text)
			if !found {
				return nil, nil, false
			}
			h = append(h, field{raw: line, name: name})
		}
	}
}

func fieldName(line []byte) (string, bool) {
	n := bytes.IndexByte(line, ':')
	if n <= 0 {
		return "", false
	}
	for _, c := range line[:n] {
		if c <= ' ' || c >= 0x7f {
			return "", false
		}
	}
	return strings.ToLower(string(line[:n])), true
}

func (f *field) finish() {
	_, value, _ := bytes.Cut(f.raw, []byte(":"))
	f.value = strings.TrimSpace(strings.NewReplacer("\r\n", "", "\n", "", "\t", " ").Replace(string(value)))
}

// get gives the value of a field that is there once, and how often it is there.
func (h header) get(name string) (value string, n int) {
	for _, f := range h {
		if f.name == name {
			value = f.value
			n++
		}
	}
	return value, n
}

// once are the fields that a mail has once at most (RFC 5322 §3.6, RFC 2045, RFC 3834). Readers differ in which
// they take when there are more.
var once = []string{
	"from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references",
	"mime-version", "content-type", "content-transfer-encoding", "auto-submitted",
}

// unambiguous tells that no field stands there twice that must not.
func (h header) unambiguous() bool {
	for _, name := range once {
		if _, n := h.get(name); n > 1 {
			return false
		}
	}
	return true
}

// fromDomain gives the domain of the one mailbox in From (RFC 5322 §3.6.2), in ASCII, when it is the address that
// people are shown; else "". A group is no mailbox that anybody could vouch for.
func (h header) fromDomain(shown string) string {
	value, n := h.get("from")
	if n != 1 || !h.unambiguous() || strings.ContainsAny(value, ";") {
		return ""
	}
	parser := mail.AddressParser{WordDecoder: &mime.WordDecoder{CharsetReader: func(_ string, r io.Reader) (io.Reader, error) { return r, nil }}}
	a, err := parser.Parse(value)
	if err != nil || !strings.EqualFold(a.Address, strings.TrimSpace(shown)) {
		return ""
	}
	return domainOf(a.Address)
}

// topmost gives the value of the first field of that name in any header, however broken.
func topmost(raw []byte, name string) string {
	var value []byte
	found := false
	for n := 0; len(raw) > 0 && n < maxHeader; {
		line, rest, _ := bytes.Cut(raw, []byte("\n"))
		n += len(line) + 1
		raw = rest
		text := bytes.TrimSuffix(line, []byte("\r"))
		if len(text) == 0 {
			break
		}
		if text[0] == ' ' || text[0] == '\t' {
			if found {
				value = append(append(value, ' '), bytes.TrimSpace(text)...)
			}
			continue
		}
		if found {
			break
		}
		if is, ok := fieldName(text); ok && is == name {
			found = true
			value = append(value, bytes.TrimSpace(text[len(name)+1:])...)
		}
	}
	return string(value)
}
