package brand

import (
	"fmt"
	"math"
	"strconv"

	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// colour is red, green and blue, 0 to 255.
type colour [3]float64

var (
	white = colour{255, 255, 255}
	black = colour{0, 0, 0}
	// The grounds on which the accent is written: the least light of the light theme, the least dark of the dark one (tokens.css).
	lightGround, darkGround = colour{0xf2, 0xef, 0xea}, colour{0x2a, 0x2d, 0x33}
	darkSurface             = colour{0x1d, 0x20, 0x26}
	darkInk                 = colour{0x12, 0x14, 0x18} // on an accent of the dark theme
)

// leastContrast is that of text by WCAG 2.2, 1.4.3.
const leastContrast = 4.5

func readColour(s string) (c colour, ok bool) {
	if len(s) == 4 && s[0] == '#' {
		s = "#" + s[1:2] + s[1:2] + s[2:3] + s[2:3] + s[3:] + s[3:]
	}
	if len(s) != 7 || s[0] != '#' {
		return c, false
	}
	n, err := strconv.ParseUint(s[1:], 16, 32)
	return colour{float64(n >> 16), float64(n >> 8 & 255), float64(n & 255)}, err == nil
}

// String writes it as #rrggbb.
func (c colour) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(math.Round(c[0])), int(math.Round(c[1])), int(math.Round(c[2])))
}

// mixed has so much of another colour in it, from 0 to 1.
func (c colour) mixed(with colour, share float64) colour {
	for i := range c {
		c[i] += (with[i] - c[i]) * share
	}
	return c
}

// luminance is that of WCAG 2.2.
func (c colour) luminance() float64 {
	var linear [3]float64
	for i, v := range c {
		if v /= 255; v <= 0.04045 {
			linear[i] = v / 12.92
		} else {
			linear[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*linear[0] + 0.7152*linear[1] + 0.0722*linear[2]
}

func contrast(a, b colour) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// theme is one of the two: what the accent stands on, what stands on the accent, and towards what it is changed to be read.
type theme struct{ ground, wash, ink, towards colour }

func light(c colour) theme { return theme{lightGround, c.mixed(white, .9), white, black} }
func dark(c colour) theme  { return theme{darkGround, darkSurface.mixed(c, .14), darkInk, white} }

// reads tells that an accent can be read on all that it stands on, and what stands on it.
func (t theme) reads(c colour) bool {
	return contrast(c, t.ground) >= leastContrast && contrast(c, t.wash) >= leastContrast && contrast(c, t.ink) >= leastContrast
}

// nearest is the colour next to one that can be read in a theme.
func nearest(c colour, of func(colour) theme) colour {
	for share := 0.0; share < 1; share += 0.01 {
		if m, _ := readColour(c.mixed(of(c).towards, share).String()); of(m).reads(m) {
			return m
		}
	}
	return of(c).towards
}

// wrongColours checks the accents. That of the dark theme is made of the other where none was given.
func (b *Brand) wrongColours() (wrong []fault.Field) {
	for _, x := range []struct {
		field string
		value *string
		of    func(colour) theme
	}{{"accent", &b.Accent, light}, {"accent_dark", &b.AccentDark, dark}} {
		if *x.value == "" {
			continue
		}
		c, ok := readColour(*x.value)
		if !ok {
			wrong = append(wrong, fault.F(x.field, i18n.M("Please write the colour as # and six digits from 0 to f, such as #0b6e6e.")))
			continue
		}
		if near := nearest(c, x.of); near != c {
			wrong = append(wrong, fault.F(x.field, i18n.M("Text in {{.Colour}} could not be read by everybody. The nearest colour that works is {{.Nearest}}.", "Colour", c.String(), "Nearest", near.String())))
			continue
		}
		*x.value = c.String()
	}
	if c, ok := readColour(b.Accent); ok && b.AccentDark == "" {
		b.AccentDark = nearest(c, dark).String()
	}
	if b.Accent == "" {
		b.AccentDark = ""
	}
	return wrong
}
