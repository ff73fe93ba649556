package postfix_test

import (
	"bytes"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"goodturn/internal/testserver/guard"
	"goodturn/internal/testserver/postfix"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

const (
	support = "support@example.test"
	ada     = "ada@elsewhere.test"
)

var users = map[string]string{support: "right"}

func mail(subject string) []byte {
	return []byte("From: " + ada + "\r\nTo: " + support + "\r\nSubject: " + subject + "\r\nMessage-ID: <" + subject + "@elsewhere.test>\r\n\r\nIt smokes.\r\n")
}

func has(word string) func(postfix.Mail) bool {
	return func(m postfix.Mail) bool { return bytes.Contains(m.Raw, []byte(word)) }
}

// run starts a Postfix that hands mail for example.test to the sink it returns beside.
func run(t *testing.T, o postfix.Options) (*postfix.Server, *postfix.Sink) {
	t.Helper()
	desk := postfix.NewLMTPSink(t)
	o.Domains, o.LMTP = []string{"example.test"}, guard.Address(desk.Port)
	return postfix.Start(t, o), desk
}

// submit logs in over STARTTLS and sends one mail.
func submit(s *postfix.Server, password string, to []string, raw []byte) error {
	c, err := smtp.DialStartTLS(net.JoinHostPort("127.0.0.1", strconv.Itoa(s.SubmissionPort)), s.Certificate.Client())
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Auth(sasl.NewPlainClient("", support, password)); err != nil {
		return err
	}
	if err := c.SendMail(support, to, bytes.NewReader(raw)); err != nil {
		return err
	}
	return c.Quit()
}

func TestMailForUsArrivesByLMTP(t *testing.T) {
	t.Parallel()
	s, desk := run(t, postfix.Options{})
	if err := s.Send(ada, []string{support, "sales+t12@example.test"}, mail("printer")); err != nil {
		t.Fatal(err)
	}
	m := desk.Wait(t, has("Subject: printer"))
	if m.From != ada || !slices.Equal(slices.Sorted(slices.Values(m.To)), []string{"sales+t12@example.test", support}) || !bytes.HasSuffix(m.Raw, []byte("\r\n\r\nIt smokes.\r\n")) {
		t.Errorf("arrived: %s → %v %q", m.From, m.To, m.Raw)
	}
	var refused *smtp.SMTPError
	if err := s.Send(ada, []string{"bob@elsewhere.test"}, mail("spam")); !errors.As(err, &refused) || refused.Code != 554 {
		t.Errorf("mail that would be relayed: %v", err)
	}
}

func TestSubmission(t *testing.T) {
	t.Parallel()
	s, desk := run(t, postfix.Options{Users: users})
	if err := submit(s, "right", []string{ada}, mail("answer")); err != nil {
		t.Fatal(err)
	}
	if m := s.Sink.Wait(t, has("Subject: answer")); m.From != support || len(m.To) != 1 || m.To[0] != ada {
		t.Errorf("arrived: %s → %v", m.From, m.To)
	}
	if err := submit(s, "right", []string{"sales@example.test"}, mail("inside")); err != nil {
		t.Fatal(err)
	}
	desk.Wait(t, has("Subject: inside"))
	var refused *smtp.SMTPError
	if err := submit(s, "wrong", []string{ada}, mail("forged")); !errors.As(err, &refused) || refused.Code != 535 {
		t.Errorf("a wrong password: %v", err)
	}
	c, err := smtp.Dial(guard.Address(s.SubmissionPort))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Mail(support, nil); !errors.As(err, &refused) || refused.Code != 530 {
		t.Errorf("mail without STARTTLS: %v", err)
	}
}

func TestRefusedMailComesBack(t *testing.T) {
	t.Parallel()
	s, desk := run(t, postfix.Options{Users: users})
	s.Sink.Refuse(func(string) error {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "nobody of that name"}
	})
	if err := submit(s, "right", []string{ada}, mail("answer")); err != nil {
		t.Fatal(err)
	}
	m := desk.Wait(t, has("multipart/report"))
	if m.From != "" || !bytes.Contains(m.Raw, []byte("nobody of that name")) {
		t.Errorf("bounce from %q: %q", m.From, m.Raw)
	}
}

func TestDeferredMailIsTriedAgain(t *testing.T) {
	t.Parallel()
	s, desk := run(t, postfix.Options{})
	tries := 0
	desk.Refuse(func(string) error {
		if tries++; tries < 3 {
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "later"}
		}
		return nil
	})
	if err := s.Send(ada, []string{support}, mail("patience")); err != nil {
		t.Fatal(err)
	}
	desk.Wait(t, has("Subject: patience"))
}

func TestOutageKeepsTheQueue(t *testing.T) {
	t.Parallel()
	s, desk := run(t, postfix.Options{})
	later := &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "later"}
	for name, outage := range map[string]func(){"stop": s.Stop, "kill": s.Kill} {
		desk.Refuse(func(string) error { return later })
		if err := s.Send(ada, []string{support}, mail(name)); err != nil {
			t.Fatal(err)
		}
		outage()
		if err := s.Send(ada, []string{support}, mail("lost")); err == nil {
			t.Errorf("%s: still answers", name)
		}
		desk.Refuse(nil)
		s.Restart()
		desk.Wait(t, has("Subject: "+name))
	}
}

func TestPipe(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "goodturn-pipe-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	script, fifo := filepath.Join(dir, "deliver"), filepath.Join(dir, "fifo")
	// 67 is "no such user" in sysexits.h: Postfix sends the mail back.
	text := "#!/bin/sh\ncase $2 in nobody@*) exit 67;; esac\n{ echo to $2; cat; } >" + fifo + "\n"
	if err := errors.Join(os.WriteFile(script, []byte(text), 0o755), syscall.Mkfifo(fifo, 0o666),
		os.Chmod(fifo, 0o666), os.Chmod(dir, 0o755)); err != nil {
		t.Fatal(err)
	}
	s := postfix.Start(t, postfix.Options{Domains: []string{"example.test"}, Pipe: []string{script, "--to", "${recipient}"}})
	piped := make(chan []byte, 1)
	go func() {
		got, _ := os.ReadFile(fifo)
		piped <- got
	}()
	if err := s.Send(ada, []string{support}, mail("piped")); err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-piped:
		if !bytes.HasPrefix(got, []byte("to "+support+"\nReturn-Path: <"+ada+">\n")) || !bytes.Contains(got, []byte("Subject: piped")) {
			t.Errorf("command got %q", got)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("command got nothing within 30 s")
	}
	if err := s.Send(ada, []string{"nobody@example.test"}, mail("refused")); err != nil {
		t.Fatal(err)
	}
	s.Sink.Wait(t, has("multipart/report"))
}
