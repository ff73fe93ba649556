// Package picture knows the pictures that a browser may show in a page, and makes small ones of them.
//
//	kind, ok := picture.Sniff(bytes)            // "image/png"
//	small, kind, err := picture.Thumbnail(file) // at most 480 × 360, a JPEG, or a PNG where something shows through
//
// Invariants: only PNG, JPEG, GIF and WebP, told by their content and never by their name; how large a picture is, is read
// before any of it is decoded, so a small file cannot ask for a large memory; no more than two are decoded at a time.
package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // for image.Decode
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // for image.Decode
)

// Bounds of a thumbnail, in pixels, and of what it is made from.
const (
	Width, Height = 480, 360
	maxPixels     = 50_000_000
	maxSide       = 20_000
)

// ErrNone means that a file is no picture of a kind that is shown, is damaged, or is too large to be looked at.
var ErrNone = errors.New("this is no picture that can be shown")

// kinds are the beginnings of files.
var kinds = []struct{ begins, at8, kind string }{
	{"\x89PNG\r\n\x1a\n", "", "image/png"}, {"\xff\xd8\xff", "", "image/jpeg"}, {"GIF87a", "", "image/gif"}, {"GIF89a", "", "image/gif"}, {"RIFF", "WEBP", "image/webp"},
}

// Sniff tells what kind of picture a file is by how it begins; 12 bytes are enough.
func Sniff(file []byte) (kind string, ok bool) {
	for _, k := range kinds {
		if bytes.HasPrefix(file, []byte(k.begins)) && (k.at8 == "" || len(file) >= 12 && string(file[8:12]) == k.at8) {
			return k.kind, true
		}
	}
	return "", false
}

// decoding bounds how many pictures are in memory at a time.
var decoding = make(chan struct{}, 2)

// Thumbnail makes a small picture, turned the right way up as its Exif data says. A picture that is small already comes in its
// own size. Anything that is no picture is ErrNone.
func Thumbnail(file io.ReadSeeker) (small []byte, kind string, err error) {
	head := make([]byte, 12)
	if _, err := io.ReadFull(file, head); err != nil {
		return nil, "", ErrNone
	}
	from, ok := Sniff(head)
	if !ok {
		return nil, "", ErrNone
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, "", fmt.Errorf("read picture: %w", err)
	}
	c, _, err := image.DecodeConfig(file)
	if err != nil || c.Width < 1 || c.Height < 1 || c.Width > maxSide || c.Height > maxSide || c.Width*c.Height > maxPixels {
		return nil, "", ErrNone
	}
	turn := 1
	if from == "image/jpeg" {
		if _, err := file.Seek(0, io.SeekStart); err == nil {
			turn = orientation(file)
		}
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, "", fmt.Errorf("read picture: %w", err)
	}
	decoding <- struct{}{}
	defer func() { <-decoding }()
	full, _, err := image.Decode(file)
	if err != nil {
		return nil, "", ErrNone
	}
	return encode(turned(scaled(full, turn >= 5), turn))
}

// scaled brings a picture into the bounds; sideways for one that is turned afterwards.
func scaled(full image.Image, sideways bool) *image.NRGBA {
	most, high := Width, Height
	if sideways {
		most, high = Height, Width
	}
	w, h := full.Bounds().Dx(), full.Bounds().Dy()
	if w > most {
		w, h = most, max(1, h*most/w)
	}
	if h > high {
		w, h = max(1, w*high/h), high
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.ApproxBiLinear.Scale(out, out.Bounds(), full, full.Bounds(), draw.Src, nil)
	return out
}

func encode(small *image.NRGBA) ([]byte, string, error) {
	var b bytes.Buffer
	if small.Opaque() {
		err := jpeg.Encode(&b, small, &jpeg.Options{Quality: 80})
		return b.Bytes(), "image/jpeg", err
	}
	err := png.Encode(&b, small)
	return b.Bytes(), "image/png", err
}
