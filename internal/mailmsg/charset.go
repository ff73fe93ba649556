package mailmsg

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// charsetAliases maps names that mail uses, and the WHATWG list lacks, to names it has.
var charsetAliases = map[string]string{
	"cp1250": "windows-1250", "cp1251": "windows-1251", "cp1252": "windows-1252", "cp-1252": "windows-1252", "win-1251": "windows-1251", "win1251": "windows-1251",
	"cp932": "shift_jis", "windows-932": "shift_jis", "cp936": "gbk", "euc-cn": "gbk", "eucgb2312-cn": "gbk", "uhc": "euc-kr", "mac-cyrillic": "x-mac-cyrillic", "maccyrillic": "x-mac-cyrillic", "ms936": "gbk", "gb-2312": "gbk", "gb_18030": "gb18030", "x-gbk": "gbk", "cp949": "euc-kr", "ks_c_5601": "euc-kr", "cp950": "big5",
	"x-euc-jp": "euc-jp", "x-sjis": "shift_jis", "sjis": "shift_jis", "iso-2022-jp-1": "iso-2022-jp", "iso-2022-jp-2": "iso-2022-jp", "iso-2022-jp-3": "iso-2022-jp", "iso-2022-jp-2004": "iso-2022-jp", "iso-2022-jp-ms": "iso-2022-jp", "cp50220": "iso-2022-jp",
	"utf8mb4": "utf-8", "unicode-1-1-utf-8": "utf-8", "iso-10646-utf-8": "utf-8", "utf_8": "utf-8", "utf 8": "utf-8",
	"latin-1": "windows-1252", "iso-latin-1": "windows-1252", "iso8859_1": "windows-1252", "8859-1": "windows-1252", "iso_8859_1": "windows-1252", "iso 8859-1": "windows-1252",
	"macroman": "macintosh", "x-mac-roman": "macintosh", "ansi": "windows-1252", "x-ansi": "windows-1252", "iso-8859-8-e": "iso-8859-8", "x-windows-949": "euc-kr", "tis620": "windows-874", "cp874": "windows-874",
}

var charsets sync.Map // lower-case label → encoding.Encoding, nil when unknown

// charsetFor finds the decoder of a label; nil when nobody knows it.
func charsetFor(label string) encoding.Encoding {
	if e, ok := charsets.Load(label); ok {
		found, _ := e.(encoding.Encoding)
		return found
	}
	found := lookUp(label)
	if found == nil {
		found = lookUp(strings.TrimPrefix(strings.ReplaceAll(label, "_", "-"), "x-"))
	}
	if len(label) < 40 {
		charsets.Store(label, found)
	}
	return found
}

func lookUp(name string) encoding.Encoding {
	if alias, ok := charsetAliases[name]; ok {
		name = alias
	}
	switch name {
	case "hz", "hz-gb-2312":
		return simplifiedchinese.HZGB2312
	case "cp858", "ibm858", "ibm00858":
		return charmap.CodePage858
	}
	if found, err := htmlindex.Get(name); err == nil && found != encoding.Replacement {
		return found
	}
	if found, err := ianaindex.MIME.Encoding(strings.NewReplacer("cp-", "ibm", "cp", "ibm").Replace(name)); err == nil {
		return found
	}
	return nil
}

func cleanLabel(label string) string {
	label = strings.ToLower(strings.Trim(label, " \t\"'<>;"))
	if i := strings.IndexAny(label, "*, ;"); i > 0 && label != "utf 8" && label != "iso 8859-1" {
		label = label[:i] // =?charset*language?… (RFC 2231 §5)
	}
	return label
}

func knownCharset(label string) bool {
	label = cleanLabel(label)
	return label == "us-ascii" || label == "utf-7" || charsetFor(label) != nil
}

// toUTF8 decodes text. The label is believed as far as the bytes allow: text that
// is valid UTF-8 beyond ASCII is UTF-8 whatever a single-byte label says, and
// what is labelled wrongly or not at all is guessed. sure is false for a guess.
func toUTF8(b []byte, label string) (text string, sure bool) {
	text, sure = decodeText(b, label)
	if hasC1(text) {
		text = strings.Map(western, text)
	}
	return text, sure
}

// hasC1 is true for text with control characters of the C1 set. They are never
// meant: they are windows-1252 that went through a converter for ISO 8859-1. U+0085
// is left, since some systems end lines with it.
func hasC1(s string) bool {
	for i := strings.IndexByte(s, 0xC2); i >= 0 && i+1 < len(s); {
		if c := s[i+1]; c < 0xA0 && c != 0x85 {
			return true
		}
		next := strings.IndexByte(s[i+1:], 0xC2)
		if next < 0 {
			return false
		}
		i += 1 + next
	}
	return false
}

func western(r rune) rune {
	if r < 0x80 || r > 0x9F || r == 0x85 {
		return r
	}
	return charmap.Windows1252.DecodeByte(byte(r))
}

func decodeText(b []byte, label string) (text string, sure bool) {
	label = cleanLabel(label)
	switch label {
	case "utf-7", "unicode-1-1-utf-7", "x-unicode-1-1-utf-7":
		return decodeUTF7(b), true
	case "utf-16", "utf-16le", "utf-16be", "ucs-2", "iso-10646-ucs-2", "unicode", "csunicode":
		return decodeUTF16(b, label), true
	case "utf-32", "utf-32le", "utf-32be", "ucs-4", "iso-10646-ucs-4":
		return decodeUTF32(b, label), true
	case "iso-2022-kr":
		return decodeShifted(b, charsetFor("euc-kr")), true
	case "iso-2022-cn", "iso-2022-cn-ext":
		return decodeShifted(b, charsetFor("gb18030")), true
	}
	ascii := isASCII(b)
	stateful := strings.HasPrefix(label, "iso-2022") || strings.HasPrefix(label, "hz") || label == "cp50220"
	if ascii && !stateful {
		if bytes.Contains(b, []byte("\x1b$")) {
			return decodeWith(b, charsetFor("iso-2022-jp")), false
		}
		return string(b), true
	}
	valid := utf8.Valid(b)
	switch {
	case label == "" || label == "us-ascii" || label == "ascii" || label == "utf-8" || label == "utf8" || label == "unknown-8bit" || label == "8bit" || label == "binary" || label == "x-unknown" || label == "default":
		if valid {
			return string(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))), true
		}
		if whole := joinSurrogates(b); whole != nil {
			return string(whole), true
		}
		if mostlyUTF8(b, label) {
			return strings.ToValidUTF8(string(b), "\uFFFD"), false
		}
		return guess(b), false
	}
	enc := charsetFor(label)
	if enc == nil {
		if valid {
			return string(b), false
		}
		return guess(b), false
	}
	if valid && !ascii && singleByte(enc) {
		return string(b), false
	}
	if valid && !stateful {
		if text, ok := undoubleFrom(string(b), enc); ok {
			return text, false
		}
	}
	text = decodeWith(b, enc)
	if !singleByte(enc) && !stateful && strings.Count(text, "\uFFFD") > 0 {
		if valid {
			return string(b), false
		}
		// One unreadable character a hundred is damage, more is a wrong label.
		if strings.Count(text, "\uFFFD")*100 > utf8.RuneCountInString(text) && label != "gb18030" && strings.HasPrefix(label, "gb") {
			return decodeWith(b, charsetFor("gb18030")), false
		}
	}
	return text, true
}

func singleByte(e encoding.Encoding) bool {
	_, ok := e.(*charmap.Charmap)
	return ok
}

func decodeWith(b []byte, e encoding.Encoding) string {
	if e == nil {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	if e == japanese.ISO2022JP && bytes.Contains(b, []byte("\x1b$(")) {
		b = newerJIS.ReplaceAll(b, []byte("\x1b$$B"))
	}
	out, err := e.NewDecoder().Bytes(b)
	if err != nil && len(out) == 0 {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return string(out)
}

// newerJIS are the escapes to JIS X 0213, which holds all of JIS X 0208 in the same
// places.
var newerJIS = regexp.MustCompile(`\x1b\$\([OPQ]`)

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// joinSurrogates reads CESU-8, in which a character beyond the first plane is
// written as two of three bytes each; nil when b is not otherwise UTF-8.
func joinSurrogates(b []byte) []byte {
	if bytes.IndexByte(b, 0xED) < 0 {
		return nil
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		p := b[i:min(len(b), i+6)]
		if len(p) < 6 || p[0] != 0xED || p[1]&0xF0 != 0xA0 || p[3] != 0xED || p[4]&0xF0 != 0xB0 {
			out = append(out, b[i])
			continue
		}
		high, low := rune(p[1]&0x0F)<<6|rune(p[2]&0x3F), rune(p[4]&0x0F)<<6|rune(p[5]&0x3F)
		out = utf8.AppendRune(out, 0x10000+high<<10+low)
		i += 5
	}
	if !utf8.Valid(out) {
		return nil
	}
	return out
}

// mostlyUTF8 is true when the bytes beyond ASCII are UTF-8 but for some damage;
// without that label it takes more to be believed.
func mostlyUTF8(b []byte, label string) bool {
	good, bad := 0, 0
	if label != "utf-8" && label != "utf8" {
		good = -3
	}
	for len(b) > 0 {
		if b[0] < 0x80 {
			b = b[1:]
			continue
		}
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			bad++
		} else {
			good++
		}
		b = b[size:]
	}
	return good > 3*bad
}

func decodeUTF16(b []byte, label string) string {
	little := label == "utf-16le"
	switch {
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		little, b = true, b[2:]
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		little, b = false, b[2:]
	}
	name := "utf-16be"
	if little {
		name = "utf-16le"
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		return ""
	}
	return decodeWith(b, e)
}

// decodeUTF32 reads UTF-32; without a mark and a telling label it is big-endian.
func decodeUTF32(b []byte, label string) string {
	var order binary.ByteOrder = binary.BigEndian
	if label == "utf-32le" || bytes.HasPrefix(b, []byte{0xFF, 0xFE, 0, 0}) {
		order = binary.LittleEndian
	}
	var out strings.Builder
	for ; len(b) >= 4; b = b[4:] {
		if r := rune(order.Uint32(b)); r != 0xFEFF {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// decodeShifted reads the seven-bit forms of ISO 2022 that shift a two-byte set in
// with SO and out with SI (RFC 1557).
func decodeShifted(b []byte, set encoding.Encoding) string {
	out := make([]byte, 0, len(b))
	shifted := false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == 0x1b && i+3 < len(b) && b[i+1] == '$':
			i += 3
		case c == 0x0e:
			shifted = true
		case c == 0x0f || c == '\n':
			shifted = false
			if c == '\n' {
				out = append(out, c)
			}
		case shifted && c > ' ' && c < 0x7f:
			out = append(out, c|0x80)
		default:
			out = append(out, c)
		}
	}
	return decodeWith(out, set)
}

// decodeUTF7 reads UTF-7 (RFC 2152): "+…-" holds base64 of UTF-16BE.
func decodeUTF7(b []byte) string {
	var out strings.Builder
	for i := 0; i < len(b); i++ {
		if b[i] != '+' {
			out.WriteByte(b[i])
			continue
		}
		end := i + 1
		for end < len(b) && base64Value[b[end]] < 64 {
			end++
		}
		if end == i+1 {
			out.WriteByte('+')
			if end < len(b) && b[end] == '-' {
				i = end
			}
			continue
		}
		data, _ := decodeBase64(b[i+1 : end])
		out.WriteString(decodeUTF16(data[:len(data)&^1], "utf-16be"))
		i = end - 1
		if end < len(b) && b[end] == '-' {
			i = end
		}
	}
	return strings.ToValidUTF8(out.String(), "\uFFFD")
}
