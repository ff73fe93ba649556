package picture

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
)

// Logo is a picture small enough to stand within a style sheet.
type Logo struct {
	Bytes         []byte
	Kind          string
	Width, Height int
}

// MaxLogo is how many bytes a logo has at most: the first page of the requester's side has to stay within its own few.
const MaxLogo = 2500

// ErrDetailed says that a picture has too much in it to be a logo.
var ErrDetailed = errors.New("this picture has too much detail for a logo")

// MakeLogo makes a logo of a PNG, JPEG or WebP: drawn anew, so that nothing of the file is kept but what is seen, and made smaller until it
// fits.
func MakeLogo(file []byte) (Logo, error) {
	if kind, ok := Sniff(file); !ok || kind == "image/gif" {
		return Logo{}, ErrNone
	}
	small, _, err := Thumbnail(bytes.NewReader(file))
	if err != nil {
		return Logo{}, err
	}
	full, _, err := image.Decode(bytes.NewReader(small))
	if err != nil {
		return Logo{}, ErrNone
	}
	for _, height := range []int{48, 40, 32, 26, 20} {
		l, err := logoOf(full, height)
		if err != nil || len(l.Bytes) <= MaxLogo {
			return l, err
		}
	}
	return Logo{}, ErrDetailed
}

// logoOf draws a picture at most so high, and six times as wide, in the form that takes fewer bytes.
func logoOf(full image.Image, height int) (Logo, error) {
	w, h := full.Bounds().Dx(), full.Bounds().Dy()
	if h > height {
		w, h = max(1, w*height/h), height
	}
	if w > 6*height {
		w, h = 6*height, max(1, h*6*height/w)
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(out, out.Bounds(), full, full.Bounds(), draw.Src, nil)
	l := Logo{Kind: "image/png", Width: w, Height: h}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, out); err != nil {
		return l, err
	}
	l.Bytes = b.Bytes()
	if out.Opaque() {
		var j bytes.Buffer
		if err := jpeg.Encode(io.Writer(&j), out, &jpeg.Options{Quality: 70}); err != nil {
			return l, err
		}
		if j.Len() < b.Len() {
			l.Bytes, l.Kind = j.Bytes(), "image/jpeg"
		}
	}
	return l, nil
}
