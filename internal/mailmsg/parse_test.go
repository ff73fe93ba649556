package mailmsg

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

func plainMail(size int) []byte {
	head := "From: Ann Miller <ann@example.com>\r\nTo: desk@example.org\r\nSubject: =?utf-8?Q?Dr=C3=BCcker?= is out of paper\r\nDate: Mon, 2 Mar 2026 10:11:12 +0100\r\nMessage-ID: <1@example.com>\r\n" +
		"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\nReceived: from a by b; Mon, 2 Mar 2026 10:11:13 +0100\r\n\r\n"
	line := "The printer on the third floor, M=C3=BCller's office, is out of paper again.\r\n"
	return []byte(head + strings.Repeat(line, size/len(line)))
}

func alternativeMail(size int) []byte {
	head := "From: Ann Miller <ann@example.com>\r\nTo: desk@example.org\r\nSubject: Printer\r\nDate: Mon, 2 Mar 2026 10:11:12 +0100\r\nMessage-ID: <1@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b1\r\n\r\n"
	text := "The printer is out of paper again.\r\n"
	html := "<div dir=\"ltr\">The <b>printer</b> is out of paper again.<br></div>\r\n"
	return []byte(head + "--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + strings.Repeat(text, size/4/len(text)) +
		"\r\n--b1\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + strings.Repeat(html, size*3/4/len(html)) + "\r\n--b1--\r\n")
}

func htmlMail(size int) []byte {
	line := "<p class=MsoNormal>The <a href=\"https://example.com/x\">printer</a> is&nbsp;out of paper again.<o:p></o:p></p>\r\n"
	return []byte("From: a@example.com\r\nSubject: x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body>" + strings.Repeat(line, size/len(line)))
}

func benchmark(b *testing.B, raw []byte) {
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		Parse(raw)
	}
}

func BenchmarkParsePlain20K(b *testing.B)       { benchmark(b, plainMail(20<<10)) }
func BenchmarkParseAlternative20K(b *testing.B) { benchmark(b, alternativeMail(20<<10)) }
func BenchmarkParseHTML20K(b *testing.B)        { benchmark(b, htmlMail(20<<10)) }

func nestedMail(depth int) []byte {
	var s strings.Builder
	s.WriteString("From: a@example.com\r\nSubject: deep\r\n")
	for i := range depth {
		b := "b" + strings.Repeat("x", i%40) + string(rune('a'+i%26)) + "-" + strings.Repeat("y", i/40)
		s.WriteString("Content-Type: multipart/mixed; boundary=\"" + b + "\"\r\n\r\n--" + b + "\r\n")
	}
	s.WriteString("Content-Type: text/plain\r\n\r\nhello from below\r\n")
	return []byte(s.String())
}

// parseTimed tells how long Parse computes.
func parseTimed(raw []byte) (m *Message, took time.Duration) {
	start := cpuTime()
	m = Parse(raw)
	return m, cpuTime() - start
}

// TestHostile feeds what could make a reader slow, large or deep.
func TestHostile(t *testing.T) {
	head := "From: a@example.com\r\nSubject: x\r\n"
	for _, c := range []struct {
		name, raw, text string
	}{
		{"nesting of 100", string(nestedMail(100)), "hello from below"},
		{"nesting of 20,000", string(nestedMail(20000)), ""},
		{"a header line of 4 MiB", head + "X-A: " + strings.Repeat("x", 4<<20) + "\r\n\r\nhello", "hello"},
		{"a subject of 4 MiB of encoded words", head + "Subject: " + strings.Repeat("=?utf-8?Q?=C3=A4?=\r\n ", 200000) + "\r\n\r\nhello", "hello"},
		{"half a million fields", head + strings.Repeat("X-A: b\r\n", 500000) + "\r\nhello", "hello"},
		{"a million addresses", head + "To: " + strings.Repeat("a@b.c, ", 1000000) + "\r\n\r\nhello", "hello"},
		{"brackets that never close", head + "To: " + strings.Repeat("(", 500000) + strings.Repeat("\"<", 500000) + "\r\n\r\nhello", "hello"},
		{"200,000 parts", head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n\r\nx\r\n", 200000), ""},
		{"dashes everywhere", head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + strings.Repeat("--c\r\n", 1000000), ""},
		{"open elements without end", head + "Content-Type: text/html\r\n\r\n" + strings.Repeat("<div><b><blockquote>x", 300000), ""},
		{"attributes without end", head + "Content-Type: text/html\r\n\r\n<p " + strings.Repeat("a=b ", 500000), ""},
		{"list items", head + "Content-Type: text/html\r\n\r\n" + strings.Repeat("<ul><li>", 200000), ""},
		{"quote signs", head + "\r\n" + strings.Repeat(">", 2000000), ""},
		{"many quoted lines", head + "\r\n" + strings.Repeat("> a\nb\n", 300000), ""},
		{"many intros", head + "\r\n" + strings.Repeat("On 1 Jan 2020 at 10:00 Ann <a@b.c\n", 15000), ""},
		{"many header blocks", head + "\r\n" + strings.Repeat("From: a\n\n", 9000), ""},
		{"uuencode openings", head + "\r\n" + strings.Repeat("begin 644 a\n", 100000), ""},
		{"uuencode body", head + "\r\n" + strings.Repeat("begin 644 a\n#86)C\n", 100000), ""},
		{"bounce words", "From: mailer-daemon@example.com\r\nReturn-Path: <>\r\nSubject: Undelivered mail\r\n\r\n" + strings.Repeat("<a@example.com>: user a@b.co 550 5.1.1 mailbox x\n", 40000), ""},
		{"a line of 10 MiB", head + "\r\n" + strings.Repeat("x", 10<<20), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			m, took := parseTimed([]byte(c.raw))
			runtime.ReadMemStats(&after)
			if took > 5*time.Second {
				t.Errorf("took %v", took)
			}
			if c.text != "" && m.Text != c.text {
				t.Errorf("text %q, want %q", cut(m.Text), c.text)
			}
			t.Logf("%v, %d MiB allocated in all", took, (after.TotalAlloc-before.TotalAlloc)>>20)
			for _, w := range m.Warnings {
				if strings.Contains(w, "could not be read to its end") {
					t.Error(w)
				}
			}
		})
	}
}

// TestLargeAttachment: a mail of 40 MiB is unpacked without a second copy.
func TestLargeAttachment(t *testing.T) {
	line := strings.Repeat("QUJD", 19) + "\r\n"
	raw := []byte("From: a@b.c\r\nSubject: big\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		strings.Repeat(line, 40<<20/len(line)) + "--b\r\n\r\nhello\r\n--b--\r\n")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	m := Parse(raw)
	runtime.ReadMemStats(&after)
	if grown := (after.TotalAlloc - before.TotalAlloc) >> 20; grown > 64 {
		t.Errorf("allocated %d MiB", grown)
	}
	if m.Text != "hello" || len(m.Attachments) != 1 || m.Attachments[0].Size != 40<<20/len(line)*57 {
		t.Errorf("text %q, attachments %d", m.Text, len(m.Attachments))
	}
}

func attachmentMail(size int) []byte {
	line := strings.Repeat("QUJD", 19) + "\r\n"
	return []byte("From: a@b.c\r\nSubject: big\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		strings.Repeat(line, size*4/3/(len(line)-2)) + "--b--\r\n")
}

func BenchmarkParseAttachment1M(b *testing.B) { benchmark(b, attachmentMail(1<<20)) }
