package upload_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"unicode/utf8"

	"goodturn/internal/upload"
)

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func TestMetadata(t *testing.T) {
	for header, want := range map[string][2]string{
		"":                                    {"file", "application/octet-stream"},
		"filename " + b64("Bericht März.pdf"): {"Bericht März.pdf", "application/pdf"},
		"filename " + b64(`C:\Users\me\half.jpg`) + ",filetype " + b64("image/jpeg"): {"half.jpg", "image/jpeg"},
		"filename " + b64("../../etc/passwd") + ", private":                          {"passwd", "application/octet-stream"},
		"filename " + b64("a\r\nSet-Cookie: x.png"):                                  {"aSet-Cookie: x.png", "image/png"},
		"filename " + b64("x.txt") + ",filetype " + b64("nonsense"):                  {"x.txt", "text/plain"},
		"filename " + b64(".."):                                                      {"file", "application/octet-stream"},
		"filename " + b64(strings.Repeat("é", 400)):                                  {strings.Repeat("é", 127), "application/octet-stream"},
	} {
		name, kind, err := upload.Metadata(header)
		if err != nil || name != want[0] || kind != want[1] {
			t.Errorf("%q gives %q, %q (%v), want %q", header, name, kind, err, want)
		}
	}
	for _, wrong := range []string{",", "filename ***", "filename " + b64("a") + ",filename " + b64("b"), " , a", strings.Repeat("a", 5000)} {
		if name, _, err := upload.Metadata(wrong); err == nil {
			t.Errorf("%.40q is taken as %q", wrong, name)
		}
	}
}

func TestCount(t *testing.T) {
	if n, err := upload.Count("9223372036854775807"); err != nil || n != 1<<63-1 {
		t.Errorf("%d (%v)", n, err)
	}
	for _, wrong := range []string{"", "-1", "+1", "1.5", " 1", "0x1", "9223372036854775808", "١"} {
		if n, err := upload.Count(wrong); err == nil {
			t.Errorf("%q is %d", wrong, n)
		}
	}
}

func FuzzMetadata(f *testing.F) {
	f.Add("filename " + b64("a.png") + ",filetype " + b64("image/png"))
	f.Add("filename YS5wbmc=, , x")
	f.Add("filename /w==")
	f.Fuzz(func(t *testing.T, header string) {
		name, kind, err := upload.Metadata(header)
		if err != nil {
			return
		}
		if name == "" || len(name) > 255 || !utf8.ValidString(name) || strings.ContainsAny(name, "/\\\r\n\x00") || name == ".." {
			t.Errorf("%q gives the name %q", header, name)
		}
		if !strings.Contains(kind, "/") || len(kind) > 200 || strings.ContainsAny(kind, "\r\n ") {
			t.Errorf("%q gives the type %q", header, kind)
		}
		if n, err := upload.Count(header); err == nil && n < 0 {
			t.Errorf("%q counts %d", header, n)
		}
	})
}
