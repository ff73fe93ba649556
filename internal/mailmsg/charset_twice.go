package mailmsg

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// undouble undoes UTF-8 that a gateway took for windows-1252 and encoded once more
// ("MÃ¼ller"). It acts only when every character beyond ASCII is part of such a
// sequence, when the result is ordinary writing, and when there are at least least
// sequences: somebody may well write about "Ã¼".
func undouble(s string, least int) string {
	if isASCIIString(s) {
		return s
	}
	var out strings.Builder
	count := 0
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			i++
			continue
		}
		_, size := doubled(s[i:])
		if size == 0 {
			return s
		}
		count++
		i += size
	}
	if count < least {
		return s
	}
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			out.WriteByte(s[i])
			i++
			continue
		}
		r, size := doubled(s[i:])
		out.WriteRune(r)
		i += size
	}
	return out.String()
}

// doubled reads one twice encoded character at the start of s; size is 0 when
// there is none.
func doubled(s string) (r rune, size int) {
	var raw [4]byte
	for n := 0; n < len(raw) && size < len(s); n++ {
		wide, length := utf8.DecodeRuneInString(s[size:])
		c, ok := charmap.Windows1252.EncodeRune(wide)
		if !ok {
			if wide > 0x9F {
				return 0, 0
			}
			c = byte(wide) // one of the five bytes that windows-1252 leaves free
		}
		raw[n] = c
		size += length
		if r, used := utf8.DecodeRune(raw[:n+1]); r != utf8.RuneError && used == n+1 {
			if n == 0 || !ordinary(r) {
				return 0, 0
			}
			return r, size
		}
	}
	return 0, 0
}

// ordinary leaves out the blocks that chance hits: "NESCAFÉ®" would be "NESCAFɮ".
func ordinary(r rune) bool {
	return r <= 0x17F || r >= 0x2010 && r <= 0x20BF || r > 0x2FF && unicode.In(r, unicode.Greek, unicode.Cyrillic, unicode.Hebrew, unicode.Arabic, unicode.Thai, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) ||
		r >= 0x3000 && r <= 0x303F || r >= 0x1F300 && r <= 0x1FAFF
}

// undoubleFrom is undouble for a multi-byte charset: its bytes were taken for
// ISO 8859-1 and encoded as UTF-8. ok is false when s shows nothing of that.
func undoubleFrom(s string, from encoding.Encoding) (text string, ok bool) {
	raw := make([]byte, 0, len(s))
	high := 0
	for _, r := range s {
		if r > 0xFF {
			return "", false
		}
		if r >= 0x80 {
			high++
		}
		raw = append(raw, byte(r))
	}
	if high < 6 {
		return "", false
	}
	text = decodeWith(raw, from)
	return text, !strings.Contains(text, "\uFFFD")
}

func isASCIIString(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Undouble mends text whose letters were encoded twice on its way ("MÃ¼ller" for "Müller"); anything else stays as it is.
func Undouble(s string) string { return undouble(s, 1) }
