package mailmsg

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// seedFrom adds the smaller files of the shared test data, where it is there.
func seedFrom(f *testing.F, add func(raw []byte), elem ...string) {
	f.Helper()
	root := os.Getenv("GOODTURN_TESTDATA")
	if root == "" {
		return
	}
	err := filepath.WalkDir(filepath.Join(append([]string{root}, elem...)...), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err == nil && len(raw) < 16<<10 {
			add(raw)
		}
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(plainMail(300))
	f.Add(alternativeMail(600))
	f.Add(nestedMail(5))
	f.Add([]byte("Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822;a@b.c\nStatus: 5.1.1\n\n--b--"))
	f.Add([]byte("From: =?x?Q?=?= <a@b\nTo: \"a (b, c <d>\nContent-Type: text/plain; charset*0*=utf-8''a%; name*1=b\n\nbegin 644 x\n#86)C\nend\n"))
	for _, set := range []string{"mail", "bounce", "spam"} {
		seedFrom(f, func(raw []byte) { f.Add(raw) }, set)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		start := time.Now()
		m := Parse(raw)
		survived(t, m, start)
	})
}

func FuzzParseBody(f *testing.F) {
	f.Add([]byte("Hello\n\nOn Mon, 2 Mar 2026 Ann <a@b.c> wrote:\n> hi\n-- \nme"), false)
	f.Add([]byte("<div>Hello</div><div class=gmail_quote>On x wrote:<blockquote>b</blockquote></div>"), true)
	f.Add([]byte("-----Original Message-----\nFrom: Ann <a@b.c>\nSent: x\nSubject: y\n\nz"), false)
	seedFrom(f, func(raw []byte) { f.Add(raw, strings.Contains(string(raw), "<html")) }, "reply")
	f.Fuzz(func(t *testing.T, raw []byte, html bool) {
		start := time.Now()
		survived(t, ParseBody(raw, html), start)
	})
}

func survived(t *testing.T, m *Message, start time.Time) {
	t.Helper()
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("took %v", took)
	}
	for _, w := range m.Warnings {
		if strings.Contains(w, "could not be read to its end") {
			t.Error(w)
		}
	}
	if _, err := m.JSON("x"); err != nil {
		t.Error(err)
	}
}

// FuzzHeader reads one value as every kind of field there is.
func FuzzHeader(f *testing.F) {
	for _, seed := range []string{
		"=?utf-8?Q?J=C3=B6rg?= =?iso-8859-1?B?5A==?= <j@example.com>, \"a (b\" <c@d>; Group: x@y.z;",
		"attachment; filename*0*=utf-8''%C3%A4; filename*1=\"b; c\"; name=d (e",
		"Mon, 02 Mar 2026 10 : 11 (x): 12 -0500 (EST)", "<a@b> <c@\r\n d> e@f", "=?x?Q?=?=", "(((\"<<<@,,,:;", "spf=pass (a; b) x=y; dkim=fail", "=?utf-8?b?8J+YgA", "MÃ¼ller", "\"",
	} {
		f.Add([]byte(seed), "utf-8")
	}
	f.Add([]byte("\xb4\xf2\xd3\xa1\xbb\xfa"), "gb2312")
	f.Fuzz(func(t *testing.T, value []byte, hint string) {
		start := time.Now()
		for _, s := range []string{decodeWords(value, hint), decodeParam(value), singleID(value), stripComments(string(value)), undouble(string(value), 1)} {
			if !utf8.ValidString(s) && utf8.Valid(value) {
				t.Errorf("%q became invalid: %q", value, s)
			}
		}
		for _, a := range parseAddresses(value, hint) {
			if a == (Address{}) || strings.ContainsAny(a.Address+a.Name, "\x00\r\n") {
				t.Errorf("%q gave the address %q", value, a)
			}
		}
		parseParams(value)
		parseDate(string(value))
		messageIDs(value)
		authentication(header{{name: "Authentication-Results", value: value}})
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

// FuzzCharset: whatever the bytes and the label, UTF-8 comes out.
func FuzzCharset(f *testing.F) {
	for _, label := range []string{"", "utf-8", "utf-7", "utf-16", "utf-32", "iso-2022-jp", "iso-2022-kr", "hz", "gb18030", "big5", "shift_jis", "windows-1252", "koi8-r", "cp858", "no-such"} {
		f.Add([]byte("Gr\xfc\xdfe \x1b$B$3\x1b(B ~{4r~} +AOQ- \xa4\xb3\xa4\xf3"), label)
	}
	f.Fuzz(func(t *testing.T, raw []byte, label string) {
		start := time.Now()
		if s, _ := toUTF8(raw, label); !utf8.ValidString(s) {
			t.Errorf("%q as %q: %q", raw, label, s)
		}
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

// FuzzTransfer: decoding never gives more than it was given, but for the spaces that
// a uuencoded line may leave out.
func FuzzTransfer(f *testing.F) {
	for _, encoding := range []string{"base64", "quoted-printable", "x-uuencode", "8bit"} {
		f.Add([]byte("aGVsbG8=\r\nGr=C3=BC=\n=df"), encoding)
		f.Add([]byte("begin 644 a\n#86)C\n`\nend\n"), encoding)
	}
	f.Fuzz(func(t *testing.T, raw []byte, encoding string) {
		data, _ := decodeTransfer(raw, encoding)
		if len(data) > len(raw)+64 {
			t.Errorf("%d bytes of %d", len(data), len(raw))
		}
		splitUU(raw)
	})
}

// FuzzText runs the rules for bare texts: enriched, flowed, forwarded.
func FuzzText(f *testing.F) {
	f.Add("> a \n>> b \n-- \nc \nd", "x")
	f.Add("<bold>a</bold> << <nl>", "Fwd: x")
	f.Fuzz(func(t *testing.T, s, subject string) {
		start := time.Now()
		unflow(s, true)
		unflow(s, false)
		stripEnriched(s)
		cleanText(s)
		guessLanguage(s)
		survived(t, ParseBodyWithSubject([]byte(s), false, subject), start)
	})
}
