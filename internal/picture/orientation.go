package picture

import (
	"bufio"
	"encoding/binary"
	"image"
	"io"
)

// orientation reads the Exif tag of that name (0x0112, Exif 2.3 §4.6.4) of a JPEG: 1 to 8, and 1 where there is none.
func orientation(file io.Reader) int {
	r := bufio.NewReader(file)
	var mark [4]byte
	if _, err := io.ReadFull(r, mark[:2]); err != nil {
		return 1
	}
	for range 32 { // the Exif data stands among the first segments
		if _, err := io.ReadFull(r, mark[:]); err != nil || mark[0] != 0xff || mark[1] == 0xda {
			return 1
		}
		size := int(binary.BigEndian.Uint16(mark[2:])) - 2
		if size < 0 {
			return 1
		}
		segment := make([]byte, size)
		if _, err := io.ReadFull(r, segment); err != nil {
			return 1
		}
		if mark[1] == 0xe1 && size > 6 && string(segment[:6]) == "Exif\x00\x00" {
			return tiffOrientation(segment[6:])
		}
	}
	return 1
}

// tiffOrientation finds the tag in the first directory of a TIFF (TIFF 6.0 §2).
func tiffOrientation(b []byte) int {
	if len(b) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(b[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(b[4:]))
	if at < 8 || at+2 > int64(len(b)) {
		return 1
	}
	count := int(order.Uint16(b[at:]))
	for i := range min(count, 200) {
		entry := at + 2 + int64(i)*12
		if entry+12 > int64(len(b)) {
			return 1
		}
		if order.Uint16(b[entry:]) == 0x0112 {
			if v := int(order.Uint16(b[entry+8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
	}
	return 1
}

// turned gives a picture the right way up.
func turned(in *image.NRGBA, orientation int) *image.NRGBA {
	if orientation < 2 || orientation > 8 {
		return in
	}
	w, h := in.Bounds().Dx(), in.Bounds().Dy()
	if orientation >= 5 {
		w, h = h, w
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := x, y
			switch orientation {
			case 2:
				sx = w - 1 - x
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sy = h - 1 - y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, w-1-x
			case 7:
				sx, sy = h-1-y, w-1-x
			case 8:
				sx, sy = h-1-y, x
			}
			out.SetNRGBA(x, y, in.NRGBAAt(sx, sy))
		}
	}
	return out
}
