package i18n

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
)

// First strong isolate and its end (UAX #9): what stands between them is ordered by itself.
const (
	isolateStart = "\u2068"
	isolateEnd   = "\u2069"
)

// isolated keeps a value that runs the other way than the text around it from turning that around: a Hebrew name in an
// English sentence, a file's name in an Arabic one. Values that run the same way, and addresses of the web, which
// programs look for, stay as they are.
func (t *tongue) isolated(value string) string {
	if strings.HasPrefix(value, "http://") || strings.HasPrefix(value, "https://") || !turns(value, t.dir == "rtl") {
		return value
	}
	return isolateStart + value + isolateEnd
}

// turns tells whether a text has letters of the other direction.
func turns(text string, rightToLeft bool) bool {
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if rightToLeft && (c|0x20 >= 'a' && c|0x20 <= 'z') {
				return true
			}
			i++
			continue
		}
		p, n := bidi.LookupString(text[i:])
		if n == 0 {
			return false
		}
		switch class := p.Class(); {
		case class == bidi.R || class == bidi.AL:
			if !rightToLeft {
				return true
			}
		case class == bidi.L && rightToLeft:
			return true
		}
		i += n
	}
	return false
}
