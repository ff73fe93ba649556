package i18n

import (
	"strings"
	"sync/atomic"

	"golang.org/x/text/language"
)

// offer is what readers can choose from.
type offer struct {
	languages []Language
	matcher   language.Matcher
	revealed  bool
}

var offered atomic.Pointer[offer]

func init() { withdraw() }

func withdraw() { offered.Store(&offer{languages: shipped, matcher: match(shipped)}) }

// Reveal offers a hidden language until hide is called, with letters of its own script in the place of English ones that nobody
// has translated: so tests see whether a page holds in a language that runs from right to left, before there is one.
func Reveal(code string) (hide func()) {
	all := append(append([]Language(nil), shipped...), Language{Code: code, Name: tongues[code].name})
	offered.Store(&offer{languages: all, matcher: match(all), revealed: true})
	return withdraw
}

// arabic stands for the Latin letters in a text that is made up.
var arabic = strings.NewReplacer(strings.Split("a ا b ب c ك d د e ي f ف g غ h ه i ي j ج k ق l ل m م n ن o و p ب q ق r ر s س t ت u و v ف w و x خ y ي z ز", " ")...)

// madeUp is a text that a revealed language has no translation of.
func (t *tongue) madeUp(text string) string {
	if !t.hidden || !offered.Load().revealed {
		return text
	}
	var out strings.Builder
	for {
		before, rest, hole := strings.Cut(text, "{{")
		out.WriteString(arabic.Replace(strings.ToLower(before)))
		if !hole {
			return out.String()
		}
		name, after, _ := strings.Cut(rest, "}}")
		out.WriteString("{{" + name + "}}")
		text = after
	}
}
