package lmtp_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/textproto"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"goodturn/internal/transport/lmtp"
)

const text = "From: ann@example.test\r\nSubject: hello\r\n\r\n.leading dot\r\nend\r\n"

// desk is a server under test and what reached it.
type desk struct {
	lmtp.Server
	address net.Addr
	mails   chan lmtp.Mail
	done    chan error
	stop    context.CancelFunc
}

// start runs a server that accepts addresses at desk.test, changed as the test needs it.
func start(t testing.TB, change func(*desk)) *desk {
	t.Helper()
	d := &desk{mails: make(chan lmtp.Mail, 100), done: make(chan error, 1)}
	d.Server = lmtp.Server{
		Network: "tcp", Address: "127.0.0.1:0", Protocol: lmtp.LMTP, Domain: "desk.test",
		Log: slog.New(slog.DiscardHandler),
		Accept: func(_ context.Context, rcpt string) (bool, error) {
			if rcpt == "trouble@desk.test" {
				return false, errors.New("no database")
			}
			return strings.HasSuffix(rcpt, "@desk.test"), nil
		},
		Take: func(_ context.Context, m lmtp.Mail) error { d.mails <- m; return nil },
	}
	if change != nil {
		change(d)
	}
	listener, err := d.Listen()
	if err != nil {
		t.Fatal(err)
	}
	d.address = listener.Addr()
	ctx, cancel := context.WithCancel(context.Background())
	d.stop = cancel
	go func() { d.done <- d.Serve(ctx, listener) }()
	t.Cleanup(cancel)
	return d
}

func (d *desk) client(t testing.TB) *smtp.Client {
	t.Helper()
	conn, err := net.Dial(d.address.Network(), d.address.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if d.Protocol == lmtp.SMTP {
		return smtp.NewClient(conn)
	}
	return smtp.NewClientLMTP(conn)
}

// talk is a raw conversation: say sends text as it is, expect reads a reply and wants its code.
type talk struct {
	t testing.TB
	*textproto.Conn
}

func (d *desk) talk(t testing.TB) talk {
	t.Helper()
	conn, err := net.Dial(d.address.Network(), d.address.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	c := talk{t, textproto.NewConn(conn)}
	c.expect("220")
	c.say("LHLO peer.test\r\n")
	c.expect("250")
	return c
}

func (c talk) say(text string) {
	c.t.Helper()
	if _, err := c.W.WriteString(text); err != nil {
		c.t.Fatal(err)
	}
	if err := c.W.Flush(); err != nil {
		c.t.Fatal(err)
	}
}

func (c talk) expect(prefix string) {
	c.t.Helper()
	for {
		line, err := c.ReadLine()
		if err != nil {
			c.t.Fatalf("want %s: %v", prefix, err)
		}
		if len(line) > 3 && line[3] == '-' {
			continue
		}
		if !strings.HasPrefix(line, prefix) {
			c.t.Fatalf("got %q, want %s", line, prefix)
		}
		return
	}
}

func code(err error) string {
	var e *smtp.SMTPError
	if !errors.As(err, &e) {
		return fmt.Sprint(err)
	}
	return fmt.Sprintf("%d %d.%d.%d", e.Code, e.EnhancedCode[0], e.EnhancedCode[1], e.EnhancedCode[2])
}

func TestMailIsTaken(t *testing.T) {
	for _, protocol := range []lmtp.Protocol{lmtp.LMTP, lmtp.SMTP} {
		t.Run(string(protocol), func(t *testing.T) {
			d := start(t, func(d *desk) { d.Protocol = protocol })
			to := []string{"help@desk.test", "sales@desk.test"}
			if err := d.client(t).SendMail("ann@example.test", append(to, to[0]), strings.NewReader(text)); err != nil {
				t.Fatal(err)
			}
			m := <-d.mails
			if m.From != "ann@example.test" || !slices.Equal(m.To, to) || string(m.Raw) != text || !strings.HasPrefix(m.RemoteAddr, "127.0.0.1:") {
				t.Errorf("got %+v %q", m, m.Raw)
			}
		})
	}
}

func TestUnixSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lmtp")
	stale, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	stale.(*net.UnixListener).SetUnlinkOnClose(false)
	stale.Close()
	d := start(t, func(d *desk) { d.Network, d.Address = "unix", path })
	if err := d.client(t).SendMail("", []string{"help@desk.test"}, strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	if m := <-d.mails; m.From != "" || m.RemoteAddr != "unix" {
		t.Errorf("got %+v", m)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o660 {
		t.Errorf("got %v, %v; want mode 0660", info, err)
	}
	if _, err := d.Listen(); err == nil {
		t.Error("a socket in use was taken away")
	}
}

func TestRefusals(t *testing.T) {
	d := start(t, func(d *desk) { d.MaxSize = int64(len(text)) })
	c := d.client(t)
	if err := c.Mail("ann@example.test", nil); err != nil {
		t.Fatal(err)
	}
	for rcpt, want := range map[string]string{
		"nobody@elsewhere.test": "550 5.1.1",
		"trouble@desk.test":     "451 4.3.0",
	} {
		if got := code(c.Rcpt(rcpt, nil)); got != want {
			t.Errorf("%s: got %s, want %s", rcpt, got, want)
		}
	}
	if _, err := c.Data(); err == nil {
		t.Error("a mail without recipients was begun")
	}
	if err := c.SendMail("ann@example.test", []string{"help@desk.test"}, strings.NewReader(text)); err != nil {
		t.Errorf("a mail of just the size: %v", err)
	}
	if got := code(c.SendMail("ann@example.test", []string{"help@desk.test"}, strings.NewReader(text+"x\r\n"))); got != "552 5.3.4" {
		t.Errorf("too large: got %s", got)
	}
	if got := code(c.Mail("ann@example.test", &smtp.MailOptions{Size: 1 << 20})); got != "552 5.3.4" {
		t.Errorf("announced too large: got %s", got)
	}
	if err := c.SendMail("ann@example.test", []string{"help@desk.test"}, strings.NewReader(text)); err != nil {
		t.Errorf("after the refusals: %v", err)
	}
	if len(d.mails) != 2 {
		t.Errorf("%d mails taken, want 2", len(d.mails))
	}
}

func TestTakeFailsThenSucceeds(t *testing.T) {
	fail := true
	d := start(t, func(d *desk) {
		take := d.Take
		d.Take = func(ctx context.Context, m lmtp.Mail) error {
			if fail {
				return errors.New("disk full")
			}
			return take(ctx, m)
		}
	})
	c := d.client(t)
	to := []string{"a@desk.test", "b@desk.test"}
	err := c.SendMail("ann@example.test", to, strings.NewReader(text))
	var each smtp.LMTPDataError
	if !errors.As(err, &each) || len(each) != 2 || code(each["b@desk.test"]) != "451 4.3.0" {
		t.Fatalf("got %v, want 451 for both", err)
	}
	if strings.Contains(err.Error(), "disk") {
		t.Error("our own trouble is no business of the sender's")
	}
	fail = false
	if err := c.SendMail("ann@example.test", to, strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
}

func TestOddMails(t *testing.T) {
	d := start(t, nil)
	tests := []struct{ name, envelope, sent, want string }{
		{"bare line feeds", "", "Subject: a\n\n.\nb\n..\r\n.\r\n", "Subject: a\n\n.\nb\n..\r\n"},
		{"8-bit", " BODY=8BITMIME", "S: \xe4\r\n\r\n\xff\x00\r\n.\r\n", "S: \xe4\r\n\r\n\xff\x00\r\n"},
		{"international", " SMTPUTF8", "S: ä\r\n\r\n.\r\n", "S: ä\r\n\r\n"},
		{"a megabyte in one line", "", "S: a\r\n\r\n" + strings.Repeat("x", 1<<20) + "\r\n.\r\n", "S: a\r\n\r\n" + strings.Repeat("x", 1<<20) + "\r\n"},
		{"stuffed dots", "", "S: a\r\n\r\n..\r\n...\r\n.\r\n", "S: a\r\n\r\n.\r\n..\r\n"},
		{"nothing", "", ".\r\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := d.talk(t)
			// All in one go, as RFC 2920 permits.
			c.say("MAIL FROM:<änn@example.test>" + test.envelope + "\r\nRCPT TO:<help@desk.test>\r\nRCPT TO:<hélp@desk.test>\r\nDATA\r\n")
			for _, want := range []string{"250", "250", "250", "354"} {
				c.expect(want)
			}
			c.say(test.sent)
			c.expect("250")
			c.expect("250")
			if m := <-d.mails; string(m.Raw) != test.want || m.From != "änn@example.test" || m.To[1] != "hélp@desk.test" {
				t.Errorf("got %.100q from %s to %s", m.Raw, m.From, m.To)
			}
		})
	}
}

func TestChunks(t *testing.T) {
	d := start(t, nil)
	c := d.talk(t)
	c.say("MAIL FROM:<a@b.test>\r\nRCPT TO:<help@desk.test>\r\nBDAT 5\r\nS: a\rBDAT 5 LAST\r\n\n\r\n.\n")
	for range 4 {
		c.expect("250")
	}
	if m := <-d.mails; string(m.Raw) != "S: a\r\n\r\n.\n" {
		t.Errorf("got %q", m.Raw)
	}
}

func TestEndlessCommand(t *testing.T) {
	c := start(t, nil).talk(t)
	go c.W.WriteString("MAIL FROM:<" + strings.Repeat("a", 200<<10)) // cut off on the way, so its error means nothing
	if line, err := c.ReadLine(); err == nil && !strings.HasPrefix(line, "500") {
		t.Errorf("got %q", line)
	}
	if line, err := c.ReadLine(); err == nil {
		t.Errorf("the session goes on: %q", line)
	}
}

func TestBrokenOffMailIsNotTaken(t *testing.T) {
	d := start(t, func(d *desk) { d.Timeout = 50 * time.Millisecond })
	c := d.talk(t)
	c.say("MAIL FROM:<a@b.test>\r\nRCPT TO:<help@desk.test>\r\nDATA\r\nSubject: half\r\n")
	for _, want := range []string{"250", "250", "354"} {
		c.expect(want)
	}
	c.expect("451 4.4.2")
	if line, err := c.ReadLine(); err == nil {
		t.Errorf("the rest of the mail would be taken for commands, the session says %q", line)
	}
	if len(d.mails) != 0 {
		t.Error("half a mail was taken")
	}
}

func TestSessionsAreBounded(t *testing.T) {
	d := start(t, func(d *desk) { d.MaxSessions = 1 })
	first := d.talk(t)
	second := make(chan error, 1)
	conn, err := net.Dial("tcp", d.address.String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	go func() {
		_, err := conn.Read(make([]byte, 100))
		second <- err
	}()
	first.say("NOOP\r\n")
	first.expect("250")
	select {
	case <-second:
		t.Fatal("a second session began beside the first")
	default:
	}
	first.say("QUIT\r\n")
	first.expect("221")
	if err := <-second; err != nil {
		t.Errorf("the one that waited was not let in: %v", err)
	}
}

func TestShutdownLetsTheMailInProgressEnd(t *testing.T) {
	begun, finish := make(chan struct{}), make(chan struct{})
	d := start(t, func(d *desk) {
		take := d.Take
		d.Take = func(ctx context.Context, m lmtp.Mail) error {
			close(begun)
			<-finish
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return take(ctx, m)
		}
	})
	idle := d.talk(t)
	sent := make(chan error, 1)
	busy := d.client(t)
	go func() { sent <- busy.SendMail("a@b.test", []string{"help@desk.test"}, strings.NewReader(text)) }()
	<-begun
	d.stop()
	idle.expect("421")
	close(finish)
	if err := <-sent; err != nil {
		t.Errorf("the mail in progress: %v", err)
	}
	if err := <-d.done; err != nil {
		t.Error(err)
	}
	if len(d.mails) != 1 {
		t.Errorf("%d mails taken, want 1", len(d.mails))
	}
}

func TestShutdownEndsAfterGrace(t *testing.T) {
	d := start(t, func(d *desk) {
		d.Grace = time.Millisecond
		d.Take = func(ctx context.Context, _ lmtp.Mail) error { <-ctx.Done(); return ctx.Err() }
	})
	c := d.talk(t)
	c.say("MAIL FROM:<a@b.test>\r\nRCPT TO:<help@desk.test>\r\nDATA\r\n.\r\n")
	for _, want := range []string{"250", "250", "354"} {
		c.expect(want)
	}
	d.stop()
	if err := <-d.done; err != nil {
		t.Error(err)
	}
}

func TestOnlyLoopback(t *testing.T) {
	for address, ok := range map[string]bool{
		"127.0.0.1:0": true, "[::1]:0": true, "localhost:0": true,
		"0.0.0.0:0": false, ":0": false, "[::]:0": false, "192.0.2.1:0": false, "example.test:0": false,
	} {
		s := lmtp.Server{Network: "tcp", Address: address}
		listener, err := s.Listen()
		if err == nil {
			listener.Close()
		}
		// A machine without IPv6 cannot listen on ::1, but it may not be told that this is forbidden.
		if ok == errors.Is(err, lmtp.ErrRemote) || !ok && err == nil {
			t.Errorf("%s: got %v", address, err)
		}
	}
	s := lmtp.Server{Network: "tcp", Address: "0.0.0.0:0", AllowRemote: true}
	listener, err := s.Listen()
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
}

// BenchmarkIntake measures the wire alone: 20 KB mails over 8 connections that stay open, to a Take that does nothing.
func BenchmarkIntake(b *testing.B) {
	const connections = 8
	mail := []byte(text + strings.Repeat(strings.Repeat("x", 76)+"\r\n", 20<<10/78))
	d := start(b, func(d *desk) { d.Take = func(context.Context, lmtp.Mail) error { return nil } })
	work := make(chan struct{}, connections)
	done := make(chan error, connections)
	clients := make([]*smtp.Client, connections)
	for i := range clients {
		clients[i] = d.client(b)
		if err := clients[i].Noop(); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(len(mail)))
	b.ResetTimer()
	for _, c := range clients {
		go func() {
			for range work {
				if err := c.SendMail("a@b.test", []string{"help@desk.test"}, bytes.NewReader(mail)); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range b.N {
		work <- struct{}{}
	}
	close(work)
	for range clients {
		if err := <-done; err != nil {
			b.Error(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
}
