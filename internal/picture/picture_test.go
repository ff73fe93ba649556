package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

// halves is a picture that is red on its left and blue on its right.
func halves(w, h int) *image.NRGBA {
	p := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{R: 255, A: 255}
			if x >= w/2 {
				c = color.NRGBA{B: 255, A: 255}
			}
			p.SetNRGBA(x, y, c)
		}
	}
	return p
}

func asJPEG(t testing.TB, p image.Image, orientation byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, p, nil); err != nil {
		t.Fatal(err)
	}
	if orientation == 0 {
		return b.Bytes()
	}
	exif := append([]byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), orientation, 0, 0, 0, 0, 0, 0)
	segment := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return append(append(append([]byte{}, b.Bytes()[:2]...), segment...), b.Bytes()[2:]...)
}

func TestThumbnail(t *testing.T) {
	var pngFile, gifFile bytes.Buffer
	clear := halves(30, 20)
	clear.SetNRGBA(0, 0, color.NRGBA{})
	if err := png.Encode(&pngFile, clear); err != nil {
		t.Fatal(err)
	}
	if err := gif.Encode(&gifFile, halves(900, 100), nil); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		file []byte
		kind string
		w, h int
	}{
		{"large", asJPEG(t, halves(1600, 800), 0), "image/jpeg", 480, 240},
		{"high", asJPEG(t, halves(800, 1600), 0), "image/jpeg", 180, 360},
		{"turned", asJPEG(t, halves(1600, 800), 6), "image/jpeg", 180, 360},
		{"small and clear", pngFile.Bytes(), "image/png", 30, 20},
		{"GIF", gifFile.Bytes(), "image/jpeg", 480, 53},
	} {
		small, kind, err := Thumbnail(bytes.NewReader(c.file))
		if err != nil || kind != c.kind {
			t.Errorf("%s: %s %v", c.name, kind, err)
			continue
		}
		got, _, err := image.DecodeConfig(bytes.NewReader(small))
		if err != nil || got.Width != c.w || got.Height != c.h {
			t.Errorf("%s: %d × %d (%v)", c.name, got.Width, got.Height, err)
		}
	}
}

func TestOrientation(t *testing.T) {
	// Where the red half of the picture is when it is the right way up.
	for orientation, red := range map[byte]string{1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom"} {
		small, _, err := Thumbnail(bytes.NewReader(asJPEG(t, halves(400, 200), orientation)))
		if err != nil {
			t.Fatal(err)
		}
		p, _, err := image.Decode(bytes.NewReader(small))
		if err != nil {
			t.Fatal(err)
		}
		b := p.Bounds()
		at := map[string]image.Point{"left": {X: 10, Y: b.Dy() / 2}, "right": {X: b.Dx() - 10, Y: b.Dy() / 2}, "top": {X: b.Dx() / 2, Y: 10}, "bottom": {X: b.Dx() / 2, Y: b.Dy() - 10}}[red]
		if r, _, blue, _ := p.At(at.X, at.Y).RGBA(); r < blue {
			t.Errorf("orientation %d: the %s is not red", orientation, red)
		}
	}
}

func TestNoPicture(t *testing.T) {
	var small bytes.Buffer
	if err := png.Encode(&small, halves(4, 4)); err != nil {
		t.Fatal(err)
	}
	bomb := small.Bytes()
	binary.BigEndian.PutUint32(bomb[16:], 60_000) // the width in IHDR, of which the sum follows
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	for name, file := range map[string][]byte{"bomb": bomb, "nothing": nil, "text": []byte("hello, this is no picture at all"), "svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "cut": asJPEG(t, halves(90, 90), 0)[:300]} {
		if _, _, err := Thumbnail(bytes.NewReader(file)); !errors.Is(err, ErrNone) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzThumbnail(f *testing.F) {
	f.Add(asJPEG(f, halves(20, 10), 6))
	f.Add([]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"))
	f.Add([]byte("RIFF\x00\x00\x00\x00WEBPVP8L"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if c, _, err := image.DecodeConfig(bytes.NewReader(file)); err == nil && c.Width*c.Height > 1_000_000 {
			t.Skip("large pictures only make the search slow")
		}
		small, _, err := Thumbnail(bytes.NewReader(file))
		if err == nil && len(small) == 0 {
			t.Error("an empty thumbnail")
		}
	})
}
