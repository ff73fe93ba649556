package mailmsg

import (
	"bytes"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
)

// charsetAliases maps names that mail uses, and the WHATWG list lacks, to names it has.
var charsetAliases = map[string]string{
	"cp1250": "windows-1250", "cp1251": "windows-1251", "cp1252": "windows-1252", "cp-1252": "windows-1252", "win-1251": "windows-1251", "win1251": "windows-1251",
	"cp932": "shift_jis", "windows-932": "shift_jis", "cp936": "gbk", "ms936": "gbk", "gb-2312": "gbk", "gb_18030": "gb18030", "x-gbk": "gbk", "cp949": "euc-kr", "ks_c_5601": "euc-kr", "cp950": "big5",
	"x-euc-jp": "euc-jp", "x-sjis": "shift_jis", "sjis": "shift_jis", "iso-2022-jp-1": "iso-2022-jp", "iso-2022-jp-2": "iso-2022-jp", "iso-2022-jp-ms": "iso-2022-jp", "cp50220": "iso-2022-jp",
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
	name := label
	if alias, ok := charsetAliases[name]; ok {
		name = alias
	}
	found, err := htmlindex.Get(name)
	if err != nil {
		name = strings.NewReplacer("cp-", "ibm", "cp", "ibm", "x-", "").Replace(name)
		if found, err = ianaindex.MIME.Encoding(name); err != nil {
			found = nil
		}
	}
	if len(label) < 40 {
		charsets.Store(label, found)
	}
	return found
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
	label = cleanLabel(label)
	switch label {
	case "utf-7", "unicode-1-1-utf-7", "x-unicode-1-1-utf-7":
		return decodeUTF7(b), true
	case "utf-16", "utf-16le", "utf-16be", "ucs-2", "iso-10646-ucs-2":
		return decodeUTF16(b, label), true
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
	out, err := e.NewDecoder().Bytes(b)
	if err != nil && len(out) == 0 {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return string(out)
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
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

// guess decodes text of an unknown charset. Bytes beyond ASCII that stand alone
// among letters are Western; long runs of them are another script, which the
// detector tells better than any rule.
func guess(b []byte) string {
	high, runs := 0, 0
	run := 0
	sample := make([]byte, 0, 4096)
	for _, c := range b {
		if c >= 0x80 {
			high++
			run++
			if run == 3 {
				runs++
			}
		} else {
			run = 0
		}
		if len(sample) < cap(sample) {
			sample = append(sample, c)
		}
	}
	if runs*6 < high {
		return decodeWith(b, charmap.Windows1252)
	}
	if best, err := chardet.NewTextDetector().DetectBest(sample); err == nil && best.Confidence >= 10 {
		name := strings.ToLower(best.Charset)
		// The detector likes ISO names for what Windows programs wrote.
		if name == "iso-8859-5" || name == "iso-8859-1" {
			name = likelyCyrillic(b)
		}
		if e := charsetFor(name); e != nil {
			return decodeWith(b, e)
		}
	}
	return decodeWith(b, charsetFor(likelyCyrillic(b)))
}

// likelyCyrillic chooses between the two charsets of unlabelled Russian mail:
// in windows-1251 small letters are 0xE0-0xFF, in KOI8-R 0xC0-0xDF.
func likelyCyrillic(b []byte) string {
	low, up, other := 0, 0, 0
	for _, c := range b {
		switch {
		case c >= 0xE0:
			low++
		case c >= 0xC0:
			up++
		case c >= 0x80:
			other++
		}
	}
	switch {
	case other > low+up:
		return "windows-1252"
	case up > 2*low:
		return "koi8-r"
	}
	return "windows-1251"
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
