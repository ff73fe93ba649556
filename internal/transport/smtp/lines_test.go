package smtp

import (
	"bytes"
	"testing"
)

func FuzzCanonical(f *testing.F) {
	for _, seed := range []string{"", "a\r\nb\r\n", "a\nb\rc\r\r\n\n", "\n.\r\r\n.\r\n", "\r", "\n"} {
		f.Add([]byte(seed))
	}
	words := func(b []byte) []byte {
		return bytes.Map(func(r rune) rune {
			if r == '\r' || r == '\n' {
				return -1
			}
			return r
		}, bytes.ToValidUTF8(b, nil))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		before := bytes.Clone(raw)
		out := canonical(raw)
		if hasBare(out) {
			t.Fatalf("%q became %q", raw, out)
		}
		if !hasBare(raw) && !bytes.Equal(out, raw) {
			t.Fatalf("%q was in order and became %q", raw, out)
		}
		if !bytes.Equal(words(out), words(raw)) || !bytes.Equal(raw, before) {
			t.Fatalf("%q lost something: %q", before, out)
		}
		if bytes.Count(out, []byte("\n")) < bytes.Count(raw, []byte("\n")) {
			t.Fatalf("%q lost lines: %q", raw, out)
		}
	})
}
