package mailmsg

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// decodeTransfer undoes a Content-Transfer-Encoding (RFC 2045 §6). What is not
// well-formed is decoded as far as it goes; ok is false when something was lost.
func decodeTransfer(body []byte, encoding string) (data []byte, ok bool) {
	switch encodingName(encoding) {
	case "base64":
		return decodeBase64(body)
	case "quoted-printable":
		return decodeQuoted(body, false), true
	case "x-uuencode", "uuencode", "x-uue", "uue":
		if files, _ := splitUU(body); len(files) > 0 {
			return files[0].data, true
		}
		return body, false
	}
	return body, true
}

func encodingName(encoding string) string {
	if encoding == "" {
		return ""
	}
	name := strings.ToLower(strings.TrimSpace(stripComments(encoding)))
	if i := strings.IndexAny(name, "; \t"); i > 0 {
		name = name[:i]
	}
	switch name = strings.Trim(name, `"'`); name {
	case "quoted-printable", "quotedprintable", "quoted_printable", "quoted/printable", "qp", "q":
		return "quoted-printable"
	case "b", "base-64", "base_64":
		return "base64"
	}
	return name
}

// decodeBase64 reads base64 and passes over what does not belong to the alphabet,
// as RFC 2045 §6.8 asks. Padding inside, from joined pieces, starts a new piece.
func decodeBase64(b []byte) ([]byte, bool) {
	out := make([]byte, base64.StdEncoding.DecodedLen(len(b))+3)
	if n, err := base64.StdEncoding.Decode(out, b); err == nil {
		return out[:n:n], true
	}
	clean := true
	n, bits, have := 0, uint32(0), 0
	for i := 0; i < len(b); i++ {
		v := base64Value[b[i]]
		switch {
		case v < 64:
			bits = bits<<6 | uint32(v)
			if have++; have == 4 {
				out[n], out[n+1], out[n+2] = byte(bits>>16), byte(bits>>8), byte(bits)
				n += 3
				bits, have = 0, 0
			}
		case b[i] == '=':
			n += putRest(out[n:], bits, have)
			bits, have = 0, 0
		case b[i] == '\r' || b[i] == '\n' || b[i] == ' ' || b[i] == '\t':
		case b[i] == '-' && i+1 < len(b) && b[i+1] == '-' && (i == 0 || b[i-1] == '\n'):
			// A boundary line of somebody else's: the data ends here.
			n += putRest(out[n:], bits, have)
			return out[:n:n], false
		default:
			clean = false
		}
	}
	if clean {
		n += putRest(out[n:], bits, have) // cut off; after junk, what is left over is junk too
	}
	return out[:n:n], clean
}

func putRest(out []byte, bits uint32, have int) int {
	switch have {
	case 2:
		out[0] = byte(bits >> 4)
		return 1
	case 3:
		out[0], out[1] = byte(bits>>10), byte(bits>>2)
		return 2
	}
	return 0
}

var base64Value = func() (table [256]byte) {
	for i := range table {
		table[i] = 255
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := range len(alphabet) {
		table[alphabet[i]] = byte(i)
	}
	return table
}()

// decodeQuoted reads quoted-printable (RFC 2045 §6.7); in a header word "_" is a
// space (RFC 2047 §4.2). A "=" that starts no code stays as it is.
func decodeQuoted(b []byte, word bool) []byte {
	if bytes.IndexByte(b, '=') < 0 && !word {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch {
		case c == '_' && word:
			out = append(out, ' ')
		case c != '=':
			out = append(out, c)
		case i+2 < len(b) && unhex(b[i+1]) < 16 && unhex(b[i+2]) < 16:
			out = append(out, unhex(b[i+1])<<4|unhex(b[i+2]))
			i += 2
		default:
			end := i + 1
			for end < len(b) && (b[end] == ' ' || b[end] == '\t') {
				end++
			}
			switch {
			case end == len(b):
				i = end
			case b[end] == '\n':
				i = end
			case b[end] == '\r' && end+1 < len(b) && b[end+1] == '\n':
				i = end + 1
			case b[end] == '\r':
				i = end
			default:
				out = append(out, c)
			}
		}
	}
	return out
}

// uuFile is a file found in uuencoded form inside a text.
type uuFile struct {
	name string
	data []byte
}

// splitUU takes the blocks "begin MODE NAME … end" out of a text and returns the
// files and the text that is left.
func splitUU(b []byte) (files []uuFile, text []byte) {
	if !bytes.HasPrefix(b, []byte("begin ")) && !bytes.Contains(b, []byte("\nbegin ")) {
		return nil, b
	}
	rest := b
	for len(rest) > 0 {
		line, after := nextLine(rest)
		name, ok := uuBegin(line)
		if ok && len(files) < 50 {
			if data, tail, found := decodeUU(after); found {
				files = append(files, uuFile{name: name, data: data})
				rest = tail
				continue
			}
		}
		text = append(text, rest[:len(rest)-len(after)]...)
		rest = after
	}
	return files, text
}

func uuBegin(line []byte) (name string, ok bool) {
	if !bytes.HasPrefix(line, []byte("begin ")) {
		return "", false
	}
	mode, rest, found := strings.Cut(strings.TrimSpace(string(line[6:])), " ")
	if !found || len(mode) < 3 || len(mode) > 4 || strings.Trim(mode, "01234567") != "" {
		return "", false
	}
	return strings.TrimSpace(rest), true
}

// decodeUU reads the lines after "begin"; found is false when the first of them
// is no uuencoded line, so that a text that only says "begin 644 x" stays.
func decodeUU(b []byte) (data, rest []byte, found bool) {
	rest = b
	for len(rest) > 0 {
		line, after := nextLine(rest)
		trimmed := bytes.TrimRight(line, " ")
		if string(trimmed) == "end" {
			return data, after, true
		}
		if len(trimmed) == 0 || string(trimmed) == "`" {
			rest = after
			continue
		}
		n := int(line[0]-' ') & 63
		need := (n + 2) / 3 * 4
		if line[0] < ' ' || line[0] > '`' || len(line) < 1+need-3 || len(line) > need+10 {
			return data, rest, len(data) > 0
		}
		data = appendUU(data, line[1:], n)
		rest = after
	}
	return data, nil, len(data) > 0
}

func appendUU(data, line []byte, n int) []byte {
	at := func(i int) uint32 {
		if i < len(line) {
			return uint32(line[i]-' ') & 63
		}
		return 0
	}
	for i := 0; n > 0; i += 4 {
		bits := at(i)<<18 | at(i+1)<<12 | at(i+2)<<6 | at(i+3)
		for _, c := range []byte{byte(bits >> 16), byte(bits >> 8), byte(bits)} {
			if n > 0 {
				data = append(data, c)
				n--
			}
		}
	}
	return data
}
