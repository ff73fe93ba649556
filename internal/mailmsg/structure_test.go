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
		{"no empty line before the first boundary", "Content-Type: multipart/mixed; boundary=\"b\"\nThis is a multi-part message.\n--b\nContent-Type: text/html\n\n<p>x</p>\n--b\n\ny\n--b--\n", "x\n\ny"},
		{"no empty line at all before the parts", "Content-Type: multipart/mixed; boundary=b\n--b\n\nx\n--b\n\ny\n--b--\n", "x\n\ny"},
		{"something behind the last boundary line", "Content-Type: multipart/mixed; boundary=bound\n\n--bound\n\nx\n--bound-->\njunk", "x"},
		{"a multipart in base64 as a whole", "Content-Type: multipart/mixed; boundary=bb\nContent-Transfer-Encoding: base64\n\nLS1iYgoKeAotLWJiCgp5Ci0tYmItLQo=\n", "x\n\ny"},
		{"a media type with a stray sign", "Content-Type: text/plain>\n\nx", "x"},
		{"a field name of 300 letters", "X-" + strings.Repeat("Long-", 60) + ": 1\nContent-Type: text/html\n\n<b>x</b>", "x"},
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

// TestFirstLine: what may stand before or in the first line of a header.
func TestFirstLine(t *testing.T) {
	for _, head := range []string{"", " ", "From ann@example.com Mon Mar  2 10:11:12 2026\n", "\n\n", "\xef\xbb\xbf", ">From x\n"} {
		if m := Parse([]byte(head + "From  : Ann <ann@example.com>\nSubject: x\n\nhello")); m.From.Address != "ann@example.com" || m.Text != "hello" {
			t.Errorf("%q: from %q, text %q", head, m.From, m.Text)
		}
	}
}

func TestSender(t *testing.T) {
	for from, want := range map[string]Address{
		"Miller, Ann <ann@example.com>":             {"Miller, Ann", "ann@example.com"},
		`"Miller, Ann <ann@example.com>`:            {"Miller, Ann", "ann@example.com"},
		"Ann <ann@example.com>, Bob <b@c.d>":        {"Ann", "ann@example.com"},
		"b@c.d, Ann <ann@example.com>":              {"", "b@c.d"},
		`"First Half " <>, "Ann" <ann@example.com>`: {"Ann", "ann@example.com"},
		"Ann": {"Ann", ""},
	} {
		if m := Parse([]byte("From: " + from + "\nSubject: x\n\nx")); m.From != want {
			t.Errorf("%s: got %q", from, m.From)
		}
	}
}

// TestHints: what tells the charset of letters that no label covers.
func TestHints(t *testing.T) {
	for _, c := range []struct{ name, raw, subject, text string }{
		{"a raw subject by the charset of the first text", "Subject: \xf0\xd2\xc9\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=koi8-r\n\n\xc4\xc1\n--b--\n", "При", "да"},
		{"an unlabelled text by the encoded words of the header", "Subject: =?koi8-r?B?8NLJ?=\n\n\xc4\xc1\n", "При", "да"},
		{"a wrongly labelled page by what it says itself", "Subject: x\nContent-Type: text/html; charset=utf-8\n\n<meta charset=\"windows-1251\"><p>\xe4\xe0\n", "x", "да"},
		{"a rightly labelled text stays", "Subject: =?koi8-r?B?8NLJ?=\nContent-Type: text/plain; charset=iso-8859-1\n\n\xe4\n", "При", "ä"},
		{"bare CR", "Subject: a\rContent-Type: text/plain\r\rone\rtwo\n", "a", "one\ntwo"},
		{"CR CR LF", "Subject: a\r\r\nContent-Type: text/plain\r\r\n\r\r\none\r\r\ntwo\r\r\n", "a", "one\ntwo"},
	} {
		m := Parse([]byte(c.raw))
		if m.Subject != c.subject || m.Text != c.text {
			t.Errorf("%s: subject %q, text %q", c.name, m.Subject, m.Text)
		}
	}
}
