package demodata

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"time"
)

// Attachment makes a small real file of a kind: "photo" (JPEG), "screenshot" (PNG), "log", "csv" or "pdf", at most 40 KB. The same kind and seed give
// the same bytes. An unknown kind gives nothing.
func Attachment(kind string, seed uint64) (content []byte, contentType string) {
	rng := rand.New(rand.NewPCG(seed, uint64(len(kind)))) // a picture needs no secrecy
	switch kind {
	case "photo":
		return photo(rng), "image/jpeg"
	case "screenshot":
		return screenshot(rng), "image/png"
	case "log":
		return logText(rng), "text/plain; charset=utf-8"
	case "csv":
		return csvText(rng), "text/csv; charset=utf-8"
	case "pdf":
		return pdf(rng), "application/pdf"
	}
	return nil, ""
}

var logLines = []string{
	"INFO  session: start, client 4.2.1",
	"INFO  net: interface up, address 10.14.%d.%d",
	"INFO  sync: %d files to look at, %d changed",
	"DEBUG cache: hit %d of %d",
	"WARN  net: no answer from gateway for %d ms, attempt %d",
	"WARN  store: slow write, %d ms, block %d",
	"ERROR auth: token refused (code %d), trying again in %d s",
	"INFO  net: address renewed, lease %d s, metric %d",
	"ERROR link: handshake timed out after %d ms (peer %d)",
	"INFO  session: resumed, %d messages waiting, %d sent",
}

func logText(rng *rand.Rand) []byte {
	var out bytes.Buffer
	at := time.Date(2026, 11, 3, 7, rng.IntN(60), rng.IntN(60), 0, time.UTC)
	for range 60 + rng.IntN(60) {
		at = at.Add(time.Duration(rng.IntN(40_000)) * time.Millisecond)
		line := logLines[rng.IntN(len(logLines))]
		if bytes.ContainsRune([]byte(line), '%') {
			line = fmt.Sprintf(line, 1+rng.IntN(250), 1+rng.IntN(250))
		}
		fmt.Fprintf(&out, "%s %s\n", at.Format("2006-01-02 15:04:05.000"), line)
	}
	return out.Bytes()
}

func csvText(rng *rand.Rand) []byte {
	var out bytes.Buffer
	items := []string{"Kitchen scale", "Letter scale", "Barometer", "Rain gauge", "Wind vane", "Hygrometer", "Platform scale"}
	sites := []string{"Leeds", "Lisbon", "Hamburg"}
	out.WriteString("article,description,site,counted,booked,date\r\n")
	for i := range 25 + rng.IntN(40) {
		booked := rng.IntN(400)
		counted := booked
		if rng.IntN(6) == 0 {
			counted += rng.IntN(20) - 10
		}
		fmt.Fprintf(&out, "MF-%04d,%s,%s,%d,%d,2026-11-%02d\r\n", 1000+i*7+rng.IntN(7), items[rng.IntN(len(items))], sites[rng.IntN(3)],
			max(0, counted), booked, 1+rng.IntN(20))
	}
	return out.Bytes()
}

var pdfTitles = []string{"Delivery note", "Certificate of calibration", "Floor plan, sheet 07", "Guest access codes", "Statement of account"}

// pdf writes one A4 page with a title, lines of text and a table grid; a cross-reference table makes it valid (ISO 32000-1, 7.5).
func pdf(rng *rand.Rand) []byte {
	var page bytes.Buffer
	fmt.Fprintf(&page, "BT /F1 20 Tf 72 760 Td (%s) Tj ET\n", pdfTitles[rng.IntN(len(pdfTitles))])
	fmt.Fprintf(&page, "BT /F1 10 Tf 72 738 Td (Marlow & Finch, Leeds. Number %d/%d.) Tj ET\n", 1000+rng.IntN(9000), 26)
	for row := range 14 {
		y := 690 - row*24
		fmt.Fprintf(&page, "0.7 G 72 %d m 523 %d l S\n", y-8, y-8)
		fmt.Fprintf(&page, "BT /F1 10 Tf 76 %d Td (Position %d) Tj 150 0 Td (MF-%04d) Tj 180 0 Td (%d.%02d) Tj ET\n",
			y, row+1, 1000+rng.IntN(8999), rng.IntN(900), rng.IntN(100))
	}
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%sendstream", page.Len(), page.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	offsets := make([]int, len(objects))
	for i, object := range objects {
		offsets[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return out.Bytes()
}
