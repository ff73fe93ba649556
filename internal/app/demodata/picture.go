package demodata

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
)

func fillRect(img draw.Image, x, y, w, h int, c color.Color) {
	draw.Draw(img, image.Rect(x, y, x+w, y+h), image.NewUniform(c), image.Point{}, draw.Src)
}

func frame(img draw.Image, x, y, w, h int, c color.Color) {
	fillRect(img, x, y, w, 1, c)
	fillRect(img, x, y+h-1, w, 1, c)
	fillRect(img, x, y, 1, h, c)
	fillRect(img, x+w-1, y, 1, h, c)
}

type dialog struct {
	title string
	lines []string
	keys  []string
}

var dialogs = []dialog{
	{"Sign in", []string{"Access denied.", "The name or the password is not right,", "or this account may not sign in here.", "", "Code: 0x80070005"}, []string{"OK", "Details"}},
	{"VPN", []string{"The gateway does not answer.", "Check the line and try again.", "", "Attempt 3 of 3, error 809"}, []string{"Retry", "Close"}},
	{"Ledger 8.4", []string{"Could not write the file.", "The folder does not exist:", "C:\\Ledger\\out\\2026-11", "", "Nothing has been saved."}, []string{"OK"}},
	{"Stockroom", []string{"Unexpected quantity.", "Article MF-1204 in bay 3: -12", "", "Do you want to go on?"}, []string{"Yes", "No", "Help"}},
	{"Printer", []string{"Job 4471 is waiting.", "Tray 2: paper jam", "", "Remove the paper and close the lid."}, []string{"Cancel job", "Close"}},
	{"Rules", []string{"If the mail contains: unsubscribe", "          or contains: order", "then move it to: News", "", "Applied to 318 messages"}, []string{"Run now", "Save", "Cancel"}},
}

// screenshot draws a desktop with one dialog on it.
func screenshot(rng *rand.Rand) []byte {
	const w, h = 720, 440
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	hue := rng.Float64()
	for y := range h {
		fillRect(img, 0, y, w, 1, tint(hue, 0.35, 0.42+0.25*float64(y)/h))
	}
	fillRect(img, 0, h-34, w, 34, color.RGBA{0x24, 0x2a, 0x33, 255})
	for i := range 7 {
		fillRect(img, 12+i*34, h-27, 20, 20, tint(float64(i)/7, 0.5, 0.6))
	}
	write(img, w-86, h-24, "09:41", color.White)
	for i := range 4 {
		fillRect(img, 20, 20+i*76, 36, 36, tint(hue+0.1*float64(i), 0.3, 0.85))
	}
	d := dialogs[rng.IntN(len(dialogs))]
	x, y, dw, dh := 90+rng.IntN(60), 50+rng.IntN(40), 520, 126+24*len(d.lines)
	fillRect(img, x+8, y+10, dw, dh, color.RGBA{0x20, 0x24, 0x2c, 255})
	fillRect(img, x, y, dw, dh, color.RGBA{0xf4, 0xf4, 0xf2, 255})
	fillRect(img, x, y, dw, 32, tint(hue, 0.5, 0.4))
	frame(img, x, y, dw, dh, color.RGBA{0x60, 0x66, 0x70, 255})
	write(img, x+12, y+9, d.title, color.White)
	write(img, x+dw-24, y+9, "x", color.White)
	drawSign(img, x+24, y+54)
	for i, line := range d.lines {
		write(img, x+82, y+52+i*24, line, color.RGBA{0x22, 0x22, 0x22, 255})
	}
	right := x + dw - 16
	for i := len(d.keys) - 1; i >= 0; i-- {
		width := 28 + 12*len(d.keys[i])
		fillRect(img, right-width, y+dh-48, width, 32, color.RGBA{0xe0, 0xe2, 0xe6, 255})
		frame(img, right-width, y+dh-48, width, 32, color.RGBA{0x88, 0x8e, 0x98, 255})
		write(img, right-width+14, y+dh-39, d.keys[i], color.RGBA{0x22, 0x22, 0x22, 255})
		right -= width + 12
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		panic("demodata: encode a picture: " + err.Error())
	}
	return out.Bytes()
}

// drawSign draws the round warning that dialogs have at their left.
func drawSign(img draw.Image, x, y int) {
	for dy := range 40 {
		for dx := range 40 {
			if (dx-20)*(dx-20)+(dy-20)*(dy-20) < 19*19 {
				img.Set(x+dx, y+dy, color.RGBA{0xd0, 0x8a, 0x1e, 255})
			}
		}
	}
	fillRect(img, x+18, y+9, 5, 14, color.White)
	fillRect(img, x+18, y+27, 5, 5, color.White)
}

// tint gives a colour by hue, saturation and lightness, each 0 to 1.
func tint(hue, saturation, light float64) color.RGBA {
	chroma := (1 - math.Abs(2*light-1)) * saturation
	part := func(shift float64) uint8 {
		wave := 0.5 + 0.5*math.Cos(2*math.Pi*(hue-shift))
		return uint8(255 * min(1, max(0, light+chroma*(wave-0.5))))
	}
	return color.RGBA{part(0), part(1.0 / 3), part(2.0 / 3), 255}
}

// photo draws a device on a desk as a telephone would see it: uneven light, a soft shadow, a little noise.
func photo(rng *rand.Rand) []byte {
	const w, h = 640, 480
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	wall, desk := tint(rng.Float64(), 0.12, 0.72), tint(0.08+0.04*rng.Float64(), 0.4, 0.42)
	horizon := 170 + rng.IntN(60)
	fillRect(img, 0, 0, w, horizon, wall)
	fillRect(img, 0, horizon, w, h-horizon, desk)
	for y := horizon; y < h; y += 9 + rng.IntN(9) {
		fillRect(img, 0, y, w, 1, tint(0.08, 0.4, 0.38))
	}
	x, y, dw, dh := 130+rng.IntN(80), horizon-90+rng.IntN(30), 300+rng.IntN(70), 210+rng.IntN(40)
	fillRect(img, x+14, y+16, dw, dh, color.RGBA{0x2c, 0x22, 0x1c, 255})
	if rng.IntN(2) == 0 {
		drawPrinter(img, x, y, dw, dh)
	} else {
		drawLaptop(img, x, y, dw, dh, rng)
	}
	light(img, rng)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 62}); err != nil {
		panic("demodata: encode a picture: " + err.Error())
	}
	return out.Bytes()
}

func drawPrinter(img draw.Image, x, y, w, h int) {
	fillRect(img, x+40, y-60, w-80, 80, color.RGBA{0xf6, 0xf5, 0xf0, 255})
	fillRect(img, x, y, w, h, color.RGBA{0xc9, 0xca, 0xc8, 255})
	fillRect(img, x, y, w, 26, color.RGBA{0xb2, 0xb4, 0xb3, 255})
	fillRect(img, x+24, y+90, w-48, 18, color.RGBA{0x2a, 0x2b, 0x2d, 255})
	fillRect(img, x+36, y+98, w-72, h-120, color.RGBA{0xfa, 0xfa, 0xf7, 255})
	for line := range 6 {
		fillRect(img, x+52, y+112+line*12, w-120-(line*37)%60, 4, color.RGBA{0x55, 0x58, 0x60, 255})
		fillRect(img, x+58, y+118+line*12, w-130-(line*37)%60, 3, color.RGBA{0xc8, 0xca, 0xd0, 255})
	}
	fillRect(img, x+w-84, y+40, 62, 30, color.RGBA{0x1d, 0x3b, 0x52, 255})
	fillRect(img, x+w-104, y+48, 10, 10, color.RGBA{0xe0, 0x6a, 0x1c, 255})
}

func drawLaptop(img draw.Image, x, y, w, h int, rng *rand.Rand) {
	fillRect(img, x, y-40, w, h-30, color.RGBA{0x25, 0x27, 0x2b, 255})
	fillRect(img, x+12, y-28, w-24, h-58, tint(rng.Float64(), 0.5, 0.45))
	for stripe := range 5 {
		fillRect(img, x+12, y-20+stripe*27+rng.IntN(10), w-24, 2+rng.IntN(5), color.RGBA{0xd8, 0xe4, 0xea, 255})
	}
	fillRect(img, x-20, y+h-70, w+40, 80, color.RGBA{0x90, 0x94, 0x98, 255})
	for row := range 4 {
		for column := range 13 {
			fillRect(img, x+column*(w/13), y+h-62+row*15, w/13-4, 11, color.RGBA{0x30, 0x32, 0x36, 255})
		}
	}
}

// light darkens the picture away from a lamp and adds noise.
func light(img *image.RGBA, rng *rand.Rand) {
	b := img.Bounds()
	lampX, lampY := float64(rng.IntN(b.Dx())), float64(rng.IntN(b.Dy()/3))
	for y := range b.Dy() {
		for x := range b.Dx() {
			gain := 1.12 - 0.6*math.Hypot(float64(x)-lampX, float64(y)-lampY)/float64(b.Dx())
			noise := float64(rng.IntN(9)) - 4
			i := img.PixOffset(x, y)
			for c := range 3 {
				img.Pix[i+c] = uint8(min(255, max(0, float64(img.Pix[i+c])*gain+noise)))
			}
		}
	}
}
