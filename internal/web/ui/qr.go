package ui

import (
	"fmt"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// qrPath draws a text as a QR code (ISO/IEC 18004, level M): the number of modules on a side with the quiet zone of four
// around it, and an SVG path of one unit a module.
func qrPath(text string) (side int, path string, err error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return 0, "", fmt.Errorf("draw QR code: %w", err)
	}
	const quiet = 4
	n := code.Bounds().Dx()
	var out strings.Builder
	for y := range n {
		for x := 0; x < n; x++ {
			if r, _, _, _ := code.At(x, y).RGBA(); r != 0 {
				continue
			}
			run := 1
			for x+run < n {
				if r, _, _, _ := code.At(x+run, y).RGBA(); r != 0 {
					break
				}
				run++
			}
			fmt.Fprintf(&out, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
			x += run
		}
	}
	return n + 2*quiet, out.String(), nil
}
