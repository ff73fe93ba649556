package i18n_test

import (
	"strings"
	"testing"

	"goodturn/internal/i18n"
)

// TestValuesOfTheOtherDirectionAreIsolated: U+2068 and U+2069 stand around what runs the other way, and around nothing else.
func TestValuesOfTheOtherDirectionAreIsolated(t *testing.T) {
	en, ar := in(t, "en", "UTC"), in(t, "ar", "UTC")
	for value, want := range map[string][2]string{
		"Ada":               {"asked by Ada", "asked by \u2068Ada\u2069"},
		"דנה":               {"asked by \u2068דנה\u2069", "asked by דנה"},
		"هناء (hana.pdf)":   {"asked by \u2068هناء (hana.pdf)\u2069", "asked by \u2068هناء (hana.pdf)\u2069"},
		"Łukasz":            {"asked by Łukasz", "asked by \u2068Łukasz\u2069"},
		"12:30":             {"asked by 12:30", "asked by 12:30"},
		"https://a.example": {"asked by https://a.example", "asked by https://a.example"},
		"a\xff":             {"asked by a\xff", "asked by \u2068a\xff\u2069"},
	} {
		if got := i18n.T(en, "asked by {{.Name}}", "Name", value); got != want[0] {
			t.Errorf("for a reader of English %+q, want %+q", got, want[0])
		}
		if got := i18n.T(ar, "asked by {{.Name}}", "Name", value); got != want[1] {
			t.Errorf("for a reader of Arabic %+q, want %+q", got, want[1])
		}
	}
}

func TestRevealedLanguage(t *testing.T) {
	hide := i18n.Reveal("ar")
	defer hide()
	if got := i18n.Match("ar-EG", ""); got != "ar" {
		t.Errorf("a reader of Arabic is shown %q", got)
	}
	text := i18n.T(in(t, "ar", "UTC"), "Send {{.Name}} now", "Name", "Ada")
	if strings.ContainsAny(strings.Replace(text, "Ada", "", 1), "Sendow{}") || !strings.Contains(text, "\u2068Ada\u2069") {
		t.Errorf("it says %q", text)
	}
	hide()
	if got := i18n.Match("ar-EG", ""); got != "en" {
		t.Errorf("afterwards a reader of Arabic is shown %q", got)
	}
}
