package mailmsg

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

func sample() Outgoing {
	return Outgoing{
		From: Address{"Jörg Müller, Help Desk", "desk@example.com"}, To: []Address{{"Zoë Ångström", "zoe@example.org"}, {"", "bob@example.org"}},
		CC: []Address{{"李雷", "li@example.cn"}}, ReplyTo: Address{"Desk", "desk+abc@example.com"},
		Subject: "Re: Drucker druckt nicht – 🖨 und das ist ein sehr langer Betreff, der ganz sicher über mehrere Zeilen der Kopfzeile geht",
		Date:    time.Date(2026, 3, 4, 5, 6, 7, 0, time.FixedZone("", 3600)), MessageID: "t1.abc@example.com",
		InReplyTo: "q@example.org", References: []string{"p@example.org", "q@example.org"},
		Text: "Guten Tag,\n\nwir sehen es uns an. 👍\n\nZeile mit Punkt:\n.\nEnde", HTML: "<p>Guten Tag,</p><p>wir sehen es uns an. 👍</p><img src=\"cid:logo@example.com\">",
		Automatic: "auto-replied", Headers: map[string]string{"X-Goodturn": "1", "List-Unsubscribe": "<https://example.com/u>"},
		Attachments: []Attachment{
			{Name: "Übersicht März.pdf", Type: "application/pdf", Data: []byte("%PDF-1.4 \x00\xff")},
			{Name: "logo.png", Type: "image/png", Inline: true, ContentID: "logo@example.com", Data: []byte("\x89PNG\r\n")},
		},
	}
}

func TestComposeReadsBack(t *testing.T) {
	out := sample()
	raw, err := Compose(out)
	if err != nil {
		t.Fatal(err)
	}
	m := Parse(raw)
	check := func(name string, got, want any) {
		t.Helper()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	check("from", m.From, out.From)
	check("to", m.To, out.To)
	check("cc", m.CC, out.CC)
	check("reply-to", m.ReplyTo, []Address{out.ReplyTo})
	check("subject", m.Subject, out.Subject)
	check("date", m.Date.Unix(), out.Date.Unix())
	check("id", m.MessageID, out.MessageID)
	check("in-reply-to", m.InReplyTo, []string{out.InReplyTo})
	check("references", m.References, out.References)
	check("text", m.Text, out.Text)
	check("html", strings.TrimSpace(m.HTML), out.HTML)
	check("automatic", m.Automatic, AutomaticAuto)
	check("kind", m.Kind, KindReply)
	if len(m.Attachments) != 2 || len(m.Warnings) > 0 || m.Broken {
		t.Fatalf("attachments %+v, warnings %q", m.Attachments, m.Warnings)
	}
	for i, name := range []string{"logo.png", "Übersicht März.pdf"} {
		want := out.Attachments[1-i]
		check("name", m.Attachments[i].Name, name)
		check("type", m.Attachments[i].Type, want.Type)
		check("data", m.Attachments[i].Data, want.Data)
		check("inline", m.Attachments[i].Inline, want.Inline)
		check("content id", m.Attachments[i].ContentID, want.ContentID)
	}
	if i := bytes.IndexByte(bytes.ReplaceAll(raw, []byte("\r\n"), nil), '\n'); i >= 0 {
		t.Error("a line end is not CRLF")
	}
	for line := range strings.Lines(string(raw)) {
		if len(line) > 100 {
			t.Errorf("long line: %q", line)
		}
	}
}

func TestComposeTextAlone(t *testing.T) {
	out := Outgoing{From: Address{"", "a@example.com"}, To: []Address{{"", "b@example.com"}}, Subject: "plain", Date: time.Unix(1, 0), MessageID: "x@y", Text: "one line"}
	raw, err := Compose(out)
	if err != nil {
		t.Fatal(err)
	}
	m := Parse(raw)
	if m.Text != "one line" || m.HTML != "" || m.Automatic != "" || m.Kind != KindMessage || len(m.Attachments) != 0 {
		t.Errorf("got %+v", m)
	}
	for _, unwanted := range []string{"multipart", "User-Agent", "X-Mailer", "Bcc"} {
		if bytes.Contains(raw, []byte(unwanted)) {
			t.Errorf("the mail holds %q:\n%s", unwanted, raw)
		}
	}
}

func TestComposeRefuses(t *testing.T) {
	for name, change := range map[string]func(*Outgoing){
		"subject":        func(o *Outgoing) { o.Subject = "a\r\nBcc: x@example.com" },
		"bare LF":        func(o *Outgoing) { o.Subject = "a\nb" },
		"from name":      func(o *Outgoing) { o.From.Name = "a\rb" },
		"to address":     func(o *Outgoing) { o.To[0].Address = "a@example.com\r\nBcc: b@example.com" },
		"reply-to":       func(o *Outgoing) { o.ReplyTo.Name = "a\nb" },
		"message id":     func(o *Outgoing) { o.MessageID = "a@b>\r\nX: <c" },
		"references":     func(o *Outgoing) { o.References = []string{"a b"} },
		"header value":   func(o *Outgoing) { o.Headers = map[string]string{"X-A": "a\r\nb: c"} },
		"file name":      func(o *Outgoing) { o.Attachments[0].Name = "a\r\nb" },
		"file type":      func(o *Outgoing) { o.Attachments[0].Type = "a/b\r\nX: y" },
		"auto-submitted": func(o *Outgoing) { o.Automatic = "auto\r\nX: y" },
	} {
		out := sample()
		change(&out)
		if _, err := Compose(out); !errors.Is(err, ErrInjection) {
			t.Errorf("%s: got %v, want ErrInjection", name, err)
		}
	}
	for name, change := range map[string]func(*Outgoing){
		"bcc":        func(o *Outgoing) { o.Headers = map[string]string{"Bcc": "x@example.com"} },
		"field name": func(o *Outgoing) { o.Headers = map[string]string{"X A": "b"} },
		"no from":    func(o *Outgoing) { o.From = Address{} },
		"bad to":     func(o *Outgoing) { o.To = []Address{{"", "nobody"}} },
	} {
		out := sample()
		change(&out)
		if raw, err := Compose(out); err == nil {
			t.Errorf("%s: was accepted: %s", name, raw)
		}
	}
}

func TestNewMessageID(t *testing.T) {
	a, b := NewMessageID("t 7", "example.com"), NewMessageID("t 7", "example.com")
	if a == b || !strings.HasPrefix(a, "t-7.") || !strings.HasSuffix(a, "@example.com") {
		t.Errorf("got %q and %q", a, b)
	}
}

func TestDomainsAreWrittenInASCII(t *testing.T) {
	raw, err := Compose(Outgoing{From: Address{Name: "Zoë", Address: "hilfe@münchen.example"}, To: []Address{{Name: "Jürgen Größe", Address: "j@straße.example"}}, Date: time.Unix(0, 0), MessageID: "a@b", Subject: "ä", Text: "x"})
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(raw), "\r\n\r\n")
	for _, r := range head {
		if r > 0x7e {
			t.Fatalf("the header is not ASCII:\n%s", head)
		}
	}
	if m := Parse(raw); !strings.Contains(head, "@xn--mnchen-3ya.example") || m.To[0].Name != "Jürgen Größe" {
		t.Errorf("header\n%s", head)
	}
}
