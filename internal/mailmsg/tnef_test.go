package mailmsg

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestScoreTNEF(t *testing.T) {
	dir := corpus(t, "mail", "mimekit-tnef")
	s := score{name: "tnef files", floor: 100}
	for _, file := range list(t, dir) {
		name, ok := strings.CutSuffix(file, ".tnef")
		if !ok {
			continue
		}
		raw := readFile(t, filepath.Join(dir, file))
		content, err := readTNEF(raw)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if names, err := os.ReadFile(filepath.Join(dir, name+".list")); err == nil {
			for _, want := range strings.Fields(string(names)) {
				if !strings.HasPrefix(want, "body.") {
					s.check(hasFile(content, want, nil), fmt.Sprintf("%s: no file %q", name, want))
				}
			}
		}
		entries, err := os.ReadDir(filepath.Join(dir, name))
		if err != nil {
			continue
		}
		for _, e := range entries {
			data := readFile(t, filepath.Join(dir, name, e.Name()))
			label := fmt.Sprintf("%s: %s (%d bytes)", name, e.Name(), len(data))
			switch e.Name() {
			case "message.html":
				s.check(sameBytes(content.html, data), label)
			case "message.rtf":
				s.check(sameBytes(content.rtf, data), fmt.Sprintf("%s, got %d", label, len(content.rtf)))
			case "message.txt":
				s.check(squash(content.plain) == squash(string(data)), label)
			default:
				s.check(hasFile(content, e.Name(), data), label)
			}
		}
	}
	s.report(t)
}

// TestTNEFInMail sends each stream of the corpus through a whole mail: its files
// must be the attachments, under the same names and byte by byte, and none of them
// the winmail.dat.
func TestTNEFInMail(t *testing.T) {
	dir := corpus(t, "mail", "mimekit-tnef")
	s := score{name: "tnef files in mails", floor: 100}
	for _, file := range list(t, dir) {
		if !strings.HasSuffix(file, ".tnef") {
			continue
		}
		raw := readFile(t, filepath.Join(dir, file))
		content, err := readTNEF(raw)
		if err != nil {
			t.Fatal(err)
		}
		mail := "From: a@b.c\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
			base64.StdEncoding.EncodeToString(raw) + "\r\n--b--\r\n"
		m := Parse([]byte(mail))
		s.check(len(m.Attachments) == len(content.files), fmt.Sprintf("%s: %d files", file, len(m.Attachments)))
		for i, f := range content.files {
			s.check(i < len(m.Attachments) && m.Attachments[i].Name == f.Name && bytes.Equal(m.Attachments[i].Data, f.Data), fmt.Sprintf("%s: %s", file, f.Name))
		}
		saved := Parse(raw)
		s.check(len(saved.Attachments) == len(content.files) && saved.Text == Parse([]byte("From: a@b.c\r\nContent-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n"+base64.StdEncoding.EncodeToString(raw))).Text, file+": as a file of its own")
		bare := Parse([]byte("From: a@b.c\r\nContent-Type: application/octet-stream; name=WINMAIL.DAT\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString(raw)))
		s.check(len(bare.Attachments) == len(content.files), fmt.Sprintf("%s: %d files when it is the whole mail", file, len(bare.Attachments)))
		s.check(len(content.html)+len(content.rtf)+len(content.plain) == 0 || bare.Text != "", file+": no text")
	}
	s.report(t)
}

func hasFile(content *tnef, name string, data []byte) bool {
	for _, f := range content.files {
		if f.Name == name && (data == nil || sameBytes(f.Data, data)) {
			return true
		}
	}
	return false
}

func TestReadRTF(t *testing.T) {
	for _, c := range []struct{ in, text, html string }{
		{`{\rtf1\ansi{\fonttbl{\f0 Arial;}}Hello\par W\'f6rld \u8364?!}`, "Hello\nWörld €!", ""},
		{`{\rtf1\ansi\fromhtml1{\*\htmltag19 <p>}\htmlrtf \par \htmlrtf0 Hi{\*\htmltag28 </p>}}`, "", "<p>Hi</p>"},
		{`{\rtf1{\*\unknown secret}text\{\}}`, "text{}", ""},
		{`{{{`, "", ""},
		{`\`, "", ""},
	} {
		if text, html := readRTF([]byte(c.in)); text != c.text || html != c.html {
			t.Errorf("%q: got %q and %q", c.in, text, html)
		}
	}
}

func FuzzTNEF(f *testing.F) {
	f.Add([]byte("\x78\x9f\x3e\x22\x01\x00\x02\x02\x90\x06\x00\x02\x00\x00\x00ab\x00\x00\x02\x10\x80\x01\x00\x02\x00\x00\x00a\x00\x00\x00"))
	f.Add([]byte("\x78\x9f\x3e\x22\x01\x00\x01\x03\x90\x06\x00\x0c\x00\x00\x00\x01\x00\x00\x00\x1e\x00\x00\x10\x01\x00\x00\x00\x00\x00"))
	seedFrom(f, func(raw []byte) { f.Add(raw) }, "mail", "mimekit-tnef")
	f.Fuzz(func(t *testing.T, data []byte) {
		content, err := readTNEF(data)
		if err == nil && len(content.rtf) > 0 {
			readRTF(content.rtf)
		}
		if rtf, err := inflateRTF(data); err == nil {
			readRTF(rtf)
		}
		readRTF(data)
	})
}

// sameBytes forgives that the expected files were stored with other line ends.
func sameBytes(got, want []byte) bool {
	return string(got) == string(want) || strings.ReplaceAll(string(got), "\r\n", "\n") == strings.ReplaceAll(string(want), "\r\n", "\n")
}
