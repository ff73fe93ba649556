package demodata

import (
	"bytes"
	"encoding/csv"
	"image/jpeg"
	"image/png"
	"regexp"
	"strconv"
	"testing"
)

func TestAttachmentsAreRealFiles(t *testing.T) {
	for kind, check := range map[string]func([]byte) error{
		"photo":      func(b []byte) error { _, err := jpeg.Decode(bytes.NewReader(b)); return err },
		"screenshot": func(b []byte) error { _, err := png.Decode(bytes.NewReader(b)); return err },
		"csv":        func(b []byte) error { _, err := csv.NewReader(bytes.NewReader(b)).ReadAll(); return err },
		"log":        func([]byte) error { return nil },
		"pdf":        func([]byte) error { return nil },
	} {
		seen := map[string]bool{}
		for seed := range uint64(12) {
			content, contentType := Attachment(kind, seed)
			again, _ := Attachment(kind, seed)
			if !bytes.Equal(content, again) {
				t.Errorf("%s %d: two calls, two files", kind, seed)
			}
			if len(content) < 300 || len(content) > 40_000 || contentType == "" {
				t.Errorf("%s %d: %d bytes of %q", kind, seed, len(content), contentType)
			}
			if err := check(content); err != nil {
				t.Errorf("%s %d: %v", kind, seed, err)
			}
			seen[string(content)] = true
		}
		if len(seen) < 6 {
			t.Errorf("%s: only %d different files of 12", kind, len(seen))
		}
	}
	if content, contentType := Attachment("painting", 1); content != nil || contentType != "" {
		t.Errorf("an unknown kind gives %d bytes of %q", len(content), contentType)
	}
	if content, _ := Attachment("", 1); content != nil {
		t.Error("no kind gives a file")
	}
}

func TestPDFOffsets(t *testing.T) {
	content, _ := Attachment("pdf", 3)
	start := regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`).FindSubmatch(content)
	if start == nil {
		t.Fatal("no startxref at the end")
	}
	at, err := strconv.Atoi(string(start[1]))
	if err != nil || !bytes.HasPrefix(content[at:], []byte("xref\n")) {
		t.Fatalf("startxref points at %d (%v)", at, err)
	}
	for i, m := range regexp.MustCompile(`(\d{10}) 00000 n`).FindAllSubmatch(content, -1) {
		offset, _ := strconv.Atoi(string(m[1]))
		if !bytes.HasPrefix(content[offset:], []byte(strconv.Itoa(i+1)+" 0 obj\n")) {
			t.Errorf("object %d is not at %d", i+1, offset)
		}
	}
}

func TestGlyphs(t *testing.T) {
	for letter, glyph := range glyphs {
		if !regexp.MustCompile(`^([01][0-9a-f]){9}$`).MatchString(glyph) {
			t.Errorf("%q: %q", letter, glyph)
		}
	}
	for _, d := range dialogs {
		for _, line := range append(append([]string{d.title}, d.lines...), d.keys...) {
			for _, letter := range line {
				if glyphs[letter] == "" && letter != ' ' {
					t.Errorf("no picture of %q in %q", letter, line)
				}
			}
		}
	}
}
