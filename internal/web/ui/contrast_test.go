package ui

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	tokenLine = regexp.MustCompile(`--([a-z-]+): light-dark\(oklch\(([^)]+)\), oklch\(([^)]+)\)\)`)
	faceLine  = regexp.MustCompile(`background: light-dark\(oklch\(([^)]*?)var\(--hue\)\), oklch\(([^)]*?)var\(--hue\)\)\); color: light-dark\(oklch\(([^)]*?)var\(--hue\)\), oklch\(([^)]*?)var\(--hue\)\)\)`)
)

// TestContrast holds the colours to WCAG 2.2: 4.5 to 1 for text (1.4.3), 3 to 1 for the edges of fields (1.4.11), in
// both themes; 7 to 1 (1.4.6) and 4.5 to 1 for who asks their system for more contrast.
func TestContrast(t *testing.T) {
	sheet, err := files.ReadFile("css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	usual, more, found := strings.Cut(string(sheet), "@media (prefers-contrast: more)")
	if !found {
		t.Fatal("the sheet has nothing for who asks for more contrast")
	}
	themes := [2]map[string]float64{{}, {}}
	read := func(text string) {
		for _, m := range tokenLine.FindAllStringSubmatch(text, -1) {
			for theme := range themes {
				themes[theme][m[1]] = luminance(t, m[2+theme])
			}
		}
	}
	read(usual)
	checkThemes(t, "", themes, 4.5, 3)
	read(more)
	checkThemes(t, "more contrast, ", themes, 7, 4.5)
}

// checkThemes wants a contrast of text, and one of edges.
func checkThemes(t *testing.T, which string, themes [2]map[string]float64, least, edges float64) {
	t.Helper()
	text := map[string][]string{
		"ink":        {"paper", "surface", "sunken", "accent-wash", "note", "late-wash", "mark"},
		"soft":       {"paper", "surface", "sunken", "accent-wash", "note"},
		"accent":     {"paper", "surface", "sunken", "accent-wash"},
		"accent-ink": {"accent", "accent-deep"},
		"note-ink":   {"note"},
		"wait":       {"paper", "surface", "sunken", "accent-wash"},
		"late":       {"paper", "surface", "sunken", "accent-wash", "late-wash", "note"},
		"good":       {"paper", "surface", "sunken"},
		"paper":      {"ink"},
	}
	for name, theme := range map[string]map[string]float64{which + "light": themes[0], which + "dark": themes[1]} {
		for fore, backs := range text {
			for _, back := range backs {
				check(t, name+": "+fore+" on "+back, theme[fore], theme[back], least)
			}
		}
		for _, back := range []string{"surface", "paper"} {
			check(t, name+": edge on "+back, theme["edge"], theme[back], edges)
			check(t, name+": focus ring on "+back, theme["accent"], theme[back], edges)
		}
		check(t, name+": edge of a note on it", theme["note-edge"], theme["note"], 1.5)
	}
}

func TestFaceContrast(t *testing.T) {
	sheet, err := files.ReadFile("css/part.css")
	if err != nil {
		t.Fatal(err)
	}
	m := faceLine.FindStringSubmatch(string(sheet))
	hues := regexp.MustCompile(`\.face-\d+ \{ --hue: (\d+); \}`).FindAllStringSubmatch(string(sheet), -1)
	if m == nil || len(hues) != faceColours {
		t.Fatalf("part.css has %d hues for faces, want %d", len(hues), faceColours)
	}
	for _, hue := range hues {
		check(t, "light face "+hue[1], luminance(t, m[3]+hue[1]), luminance(t, m[1]+hue[1]), 4.5)
		check(t, "dark face "+hue[1], luminance(t, m[4]+hue[1]), luminance(t, m[2]+hue[1]), 4.5)
	}
}

func check(t *testing.T, what string, a, b, want float64) {
	t.Helper()
	if a == 0 || b == 0 {
		t.Errorf("%s: a colour is missing", what)
		return
	}
	if got := (max(a, b) + .05) / (min(a, b) + .05); got < want {
		t.Errorf("%s: %.2f to 1, at least %.1f", what, got, want)
	}
}

// luminance is the relative luminance (WCAG 2.2) of an OKLCH colour as CSS writes it, "47% .085 186", clipped to sRGB.
func luminance(t *testing.T, css string) float64 {
	t.Helper()
	part := strings.Fields(strings.TrimSpace(css))
	number := func(s string) float64 {
		v, err := strconv.ParseFloat(strings.TrimSuffix(s, "%"), 64)
		if err != nil {
			t.Fatalf("colour %q: %v", css, err)
		}
		return v
	}
	l, c, h := number(part[0])/100, number(part[1]), number(part[2])*math.Pi/180
	a, b := c*math.Cos(h), c*math.Sin(h)
	cube := func(x float64) float64 { return x * x * x }
	L, M, S := cube(l+.3963377774*a+.2158037573*b), cube(l-.1055613458*a-.0638541728*b), cube(l-.0894841775*a-1.2914855480*b)
	clip := func(x float64) float64 { return min(1, max(0, x)) }
	red := clip(4.0767416621*L - 3.3077115913*M + .2309699292*S)
	green := clip(-1.2684380046*L + 2.6097574011*M - .3413193965*S)
	blue := clip(-.0041960863*L - .7034186147*M + 1.7076147010*S)
	return .2126*red + .7152*green + .0722*blue
}
