package brand

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/picture"
)

func TestNearestColourCanBeRead(t *testing.T) {
	for _, s := range []string{"#0b6e6e", "#ff0", "#ffffff", "#000000", "#ff8800", "#7f7f7f", "#00f", "#e91e63"} {
		c, ok := readColour(s)
		if !ok {
			t.Fatalf("%s is no colour", s)
		}
		for name, of := range map[string]func(colour) theme{"light": light, "dark": dark} {
			n := nearest(c, of)
			if !of(n).reads(n) {
				t.Errorf("%s theme: %s, the nearest to %s, cannot be read", name, n, s)
			}
			if of(c).reads(c) && n != c {
				t.Errorf("%s theme: %s can be read and is changed to %s", name, s, n)
			}
		}
	}
	if got := contrast(white, black); got < 20.9 || got > 21.1 {
		t.Errorf("white on black is %v", got)
	}
	for _, s := range []string{"", "red", "#12", "#12345g", "url(x)", "#0b6e6e;}"} {
		if _, ok := readColour(s); ok {
			t.Errorf("%q is read as a colour", s)
		}
	}
}

// drawn is a PNG of so many pixels; noisy ones do not compress.
func drawn(w, h int, noisy bool) []byte {
	p := image.NewNRGBA(image.Rect(0, 0, w, h))
	r := rand.New(rand.NewPCG(1, 1))
	for i := range p.Pix {
		p.Pix[i] = byte(255 - i%4*40)
		if noisy {
			p.Pix[i] = byte(r.Uint32())
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, p)
	return b.Bytes()
}

func TestHostileLogos(t *testing.T) {
	var animated bytes.Buffer
	_ = gif.Encode(&animated, image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.White}), nil)
	bomb := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x06\x00\x00\x00"), make([]byte, 40)...)
	for name, file := range map[string][]byte{
		"a drawing with a script": []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`),
		"a page":                  []byte("<!doctype html><script>alert(1)</script>"),
		"a GIF":                   animated.Bytes(),
		"a cut file":              drawn(100, 50, false)[:60],
		"a bomb":                  bomb,
		"nothing":                 {},
	} {
		if l, err := picture.MakeLogo(file); err == nil {
			t.Errorf("%s becomes a logo of %d bytes", name, len(l.Bytes))
		}
	}
	tail := append(drawn(600, 200, false), []byte("<script>alert(1)</script>")...)
	l, err := picture.MakeLogo(tail)
	if err != nil || len(l.Bytes) > picture.MaxLogo || bytes.Contains(l.Bytes, []byte("script")) || l.Width != 144 || l.Height != 48 {
		t.Errorf("a logo with a tail: %d × %d, %d bytes, %v", l.Width, l.Height, len(l.Bytes), err)
	}
	if l, err := picture.MakeLogo(drawn(400, 400, true)); err == nil && len(l.Bytes) > picture.MaxLogo {
		t.Errorf("noise becomes %d bytes", len(l.Bytes))
	}
}

func TestSaveAndOf(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		save := func(b Brand, logo []byte) error {
			return d.Write(ctx, func(tx *db.Tx) error { return Save(ctx, tx, b, logo) })
		}
		if err := save(Brand{Name: "Moss IT", Accent: "#0B6E6E", Links: "Imprint https://moss.example/imprint\nMail mailto:it@moss.example"}, drawn(200, 100, false)); err != nil {
			t.Fatal(err)
		}
		if err := save(Brand{ID: 7, Slug: "seven", Name: "Seven</style><script>", Accent: "#7a1f5c"}, nil); err != nil {
			t.Fatal(err)
		}
		for field, b := range map[string]Brand{
			"slug": {ID: 8, Slug: "seven"}, "accent": {Accent: "#ffee00"}, "accent_dark": {Accent: "#0b6e6e", AccentDark: "#001030"}, "links": {Links: "Imprint javascript:alert(1)"}, "languages": {Languages: "xx"},
		} {
			f, ok := fault.Of(save(b, nil))
			if !ok || len(f.Fields) != 1 || f.Fields[0].Name != field {
				t.Errorf("a wrong %s gives %v", field, f)
			}
		}
		if f, ok := fault.Of(save(Brand{}, []byte("<svg/>"))); !ok || f.Fields[0].Name != "logo" {
			t.Errorf("a logo that is none gives %v", f)
		}
		book := &Book{DB: d}
		if err := book.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		desk, seven, other := book.Of(0), book.Of(7), book.Of(9)
		if desk.Name != "Moss IT" || desk.AccentDark == "" || len(desk.Foot()) != 2 || other.Name != "Moss IT" {
			t.Errorf("the desk's is %+v", desk)
		}
		if seven.Accent != "#7a1f5c" || len(seven.Logo) == 0 || len(seven.Foot()) != 2 {
			t.Errorf("seven's is %+v", seven)
		}
		if at, known := book.At("seven"); !known || at.ID != 7 {
			t.Errorf("at seven is %+v", at)
		}
		if _, known := book.At(""); known {
			t.Error("no address is somebody's")
		}
		sheet := seven.Sheet()
		if strings.Contains(sheet, "script") || strings.Count(sheet, "{") != strings.Count(sheet, "}") || !strings.Contains(sheet, "#7a1f5c") || !strings.Contains(sheet, "url(data:image/") {
			t.Errorf("the sheet is %s", sheet)
		}
		if len(sheet) > 5000 {
			t.Errorf("the sheet has %d bytes", len(sheet))
		}
	})
}
