package e2e

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"goodturn/internal/testserver/guard"
	"goodturn/internal/testserver/postfix"
)

const (
	ada     = "ada@elsewhere.test"
	adaName = "Ada Lindqvist"
)

// letter is a plain mail from Ada. word makes it one of its kind: subject, text and Message-ID hold it.
func letter(word string, headers ...string) []byte {
	return []byte(strings.Join(append([]string{
		"From: " + adaName + " <" + ada + ">", "To: " + helpAddress, "Subject: " + word, "Message-ID: <" + word + "@elsewhere.test>",
		"Date: Tue, 03 Mar 2026 09:15:00 +0100", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
	}, headers...), "\r\n") + "\r\n\r\nThe text of " + word + ".\r\n")
}

// A picture of one pixel, and its Content-ID.
const (
	pixel   = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
	pixelID = "pixel@elsewhere.test"
)

var notes = bytes.Repeat([]byte("Zeile für Zeile.\n"), 500)

// richLetter is a mail as people send them: text and HTML with a picture in it, and a file.
func richLetter(word string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: %s <%s>\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%s@elsewhere.test>\r\nDate: Tue, 03 Mar 2026 09:15:00 +0100\r\nMIME-Version: 1.0\r\n",
		adaName, ada, helpAddress, mime.QEncoding.Encode("utf-8", word), "rich-"+base64.RawURLEncoding.EncodeToString([]byte(word)))
	b.WriteString("Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\nContent-Type: multipart/related; boundary=middle\r\n\r\n" +
		"--middle\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n" +
		"--inner\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nDer Drucker im f=FCnften Stock ist tot.\r\n" +
		"--inner\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Der Drucker im <b>fünften</b> Stock ist tot.</p><img src=\"cid:" + pixelID + "\">\r\n--inner--\r\n" +
		"--middle\r\nContent-Type: image/png; name=\"druck.png\"\r\nContent-Disposition: inline; filename=\"druck.png\"\r\nContent-ID: <" + pixelID + ">\r\nContent-Transfer-Encoding: base64\r\n\r\n" + pixel + "\r\n--middle--\r\n" +
		"--outer\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: attachment; filename*=utf-8''notizen%20%C3%BC.txt\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	text := base64.StdEncoding.EncodeToString(notes)
	for ; len(text) > 76; text = text[76:] {
		b.WriteString(text[:76] + "\r\n")
	}
	b.WriteString(text + "\r\n--outer--\r\n")
	return b.Bytes()
}

// lmtpClient hands mails over and stays connected.
type lmtpClient struct {
	addr   string
	client *smtp.Client
}

// send gives nil when the server has said 250 after the text.
func (l *lmtpClient) send(to string, raw []byte) (err error) {
	defer func() {
		if refused := (*smtp.SMTPError)(nil); err != nil && !errors.As(err, &refused) {
			l.close()
		}
	}()
	if l.client == nil {
		conn, err := net.DialTimeout("tcp", l.addr, 5*time.Second)
		if err != nil {
			return err
		}
		l.client = smtp.NewClientLMTP(conn)
		l.client.CommandTimeout, l.client.SubmissionTimeout = 20*time.Second, 20*time.Second
	}
	if err := l.client.Mail(ada, nil); err != nil {
		_ = l.client.Reset()
		return err
	}
	if err := l.client.Rcpt(to, nil); err != nil {
		_ = l.client.Reset()
		return err
	}
	w, err := l.client.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(raw); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		_ = l.client.Reset()
		return err
	}
	return nil
}

func (l *lmtpClient) close() {
	if l.client != nil {
		l.client.Close()
		l.client = nil
	}
}

// pipe hands a mail to "mail deliver" as an MTA does: by the user nobody, who knows only the data folder.
func (d *desk) pipe(to string, raw []byte) outcome {
	d.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, program, "mail", "deliver", "--data", d.data, "--to", to, "--from", ada)
	c.Dir, c.Env, c.Stdin = "/", []string{"PATH=/usr/bin:/bin"}, bytes.NewReader(raw)
	if os.Geteuid() == 0 {
		nobody, err := guard.User("nobody")
		must(d, err)
		c.SysProcAttr = &syscall.SysProcAttr{Credential: nobody}
	}
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	return ended(d, c, c.Run(), &stdout, &stderr)
}

// received is a mail that went out, taken apart.
type received struct {
	header      mail.Header
	text, html  string
	alternative bool
	files       map[string][]byte
	raw         []byte
}

func open(t testing.TB, m postfix.Mail) (r received) {
	t.Helper()
	msg, err := mail.ReadMessage(bytes.NewReader(m.Raw))
	must(t, err)
	r = received{header: msg.Header, files: map[string][]byte{}, raw: m.Raw}
	r.part(t, msg.Header.Get("Content-Type"), msg.Header.Get("Content-Transfer-Encoding"), "", msg.Body)
	return r
}

func (r *received) part(t testing.TB, contentType, encoding, file string, body io.Reader) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(contentType)
	must(t, err)
	if strings.HasPrefix(kind, "multipart/") {
		r.alternative = r.alternative || kind == "multipart/alternative"
		for parts := multipart.NewReader(body, params["boundary"]); ; {
			p, err := parts.NextRawPart()
			if err == io.EOF {
				return
			}
			must(t, err)
			r.part(t, p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p.FileName(), p)
		}
	}
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	raw, err := io.ReadAll(body)
	must(t, err)
	text := strings.ReplaceAll(string(raw), "\r\n", "\n")
	switch {
	case file != "":
		r.files[file] = raw
	case kind == "text/plain":
		r.text = text
	case kind == "text/html":
		r.html = text
	}
}

// outbound waits for the mail in which a word stands.
func outbound(t testing.TB, sink *postfix.Sink, word string) received {
	t.Helper()
	return open(t, sink.Wait(t, func(m postfix.Mail) bool { return bytes.Contains(m.Raw, []byte(word)) }))
}

// ids gives the ids that stand in a header.
func (r received) ids(name string) []string {
	return strings.Fields(strings.NewReplacer("<", "", ">", "").Replace(r.header.Get(name)))
}
