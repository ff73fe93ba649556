package mailmsg

import (
	"fmt"
	"strings"
	"testing"
)

// TestStructure: what parts a mail falls into, written as "text | name (size) …".
func TestStructure(t *testing.T) {
	for _, c := range []struct{ name, raw, want string }{
		{"parts of a digest are mails (RFC 2046 §5.1.5)", "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: one\n\nx\n--b\nContent-Type: text/plain\n\ntwo\n--b--\n", "two | one.eml (15)"},
		{"a boundary that ends in spaces", "Content-Type: multipart/mixed; boundary=\"b  \"\n\n--b  \n\nx\n--b \ny\n--b  --\n", "x\n--b\ny"},
		{"spaces after a boundary line", "Content-Type: multipart/mixed; boundary=b\n\n--b  \n\nx\n--b \n\ny\n--b--  \nz", "x\n\ny"},
		{"a boundary with trailing spaces in the header only", "Content-Type: multipart/mixed; boundary=\"b \"\n\n--b\n\nx\n--b--\n", "x"},
	} {
		m := Parse([]byte("From: a@b.c\nSubject: s\n" + c.raw))
		got := []string{m.Text}
		for _, a := range m.Attachments {
			got = append(got, fmt.Sprintf("%s (%d)", a.Name, a.Size))
		}
		if s := strings.Join(got, " | "); s != c.want {
			t.Errorf("%s: got %q, want %q", c.name, s, c.want)
		}
	}
}

func TestSentDate(t *testing.T) {
	for raw, want := range map[string]string{
		"Date: Tue, 7 Apr 2026 10:00:t\n":                                                    "2026-04-07T10:00:00Z",
		"Date: 7 Apr 2026\nDate: Tue, 7 Apr 2026 10:00:01 +0200\n":                           "2026-04-07T10:00:01+02:00",
		"Date: nonsense\nReceived: from a by b; Tue, 7 Apr 2026 10:00:02 +0000\n":            "2026-04-07T10:00:02Z",
		"Date: 7 Apr 2026\nReceived: from a by b; Tue, 7 Apr 2026 10:00:02 +0000\nX: y\n":    "2026-04-07T00:00:00Z",
		"Date: Tue, 7 Apr 2026 10:00:01 +0200\nDate: Wed, 8 Apr 2026 10:00:01 +0200\nX: y\n": "2026-04-07T10:00:01+02:00",
	} {
		if got := rfc3339(Parse([]byte(raw + "\nx")).Date); got != want {
			t.Errorf("%q: got %s, want %s", raw, got, want)
		}
	}
}
