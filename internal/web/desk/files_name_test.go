package desk

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestArchiveNames(t *testing.T) {
	used := map[string]bool{}
	for _, c := range []struct{ name, want string }{
		{"report.pdf", "report.pdf"},
		{"report.pdf", "report (2).pdf"},
		{"REPORT.pdf", "REPORT (3).pdf"},
		{"../../etc/passwd", "file-_.._etc_passwd"},
		{`C:\temp\a.txt`, "C__temp_a.txt"},
		{"", "file"},
		{"...", "file (2)"},
		{".htaccess", "file-htaccess"},
		{"con.txt", "file-con.txt"},
		{"NUL", "file-NUL"},
		{"trailing. . ", "trailing"},
		{"gnp.\u202eexe", "gnp.exe"},
		{"Straße – 日本.png", "Straße – 日本.png"},
		{strings.Repeat("é", 200) + ".jpeg", strings.Repeat("é", 72) + ".jpeg"},
	} {
		if got := archiveName(c.name, used); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzArchiveName(f *testing.F) {
	for _, s := range []string{"a.txt", "../x", "con", ".", strings.Repeat("ü", 300), "a\x00b", "\xff.png"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		used := map[string]bool{}
		one, two := archiveName(a, used), archiveName(b, used)
		if strings.EqualFold(one, two) {
			t.Errorf("%q and %q both become %q", a, b, one)
		}
		for _, n := range []string{one, two} {
			if n == "" || len(n) > 250 || !utf8.ValidString(n) || strings.ContainsAny(n, "/\\:\x00\n") || strings.HasPrefix(n, ".") || strings.HasSuffix(n, ".") {
				t.Errorf("a bad name: %q", n)
			}
		}
	})
}
