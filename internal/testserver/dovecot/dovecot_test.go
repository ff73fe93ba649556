package dovecot_test

import (
	"bytes"
	"crypto/tls"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"goodturn/internal/testserver/dovecot"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

const user = "support@example.test"

var mail = []byte("From: Ada <ada@example.test>\r\nTo: support@example.test\r\nSubject: Printer\r\nMessage-ID: <1@example.test>\r\n\r\nIt smokes.\r\n")

func run(t *testing.T, o dovecot.Options) *dovecot.Server {
	t.Helper()
	o.Users = map[string]string{user: "right", "other@example.test": "else"}
	return dovecot.Start(t, o)
}

func TestMailGoesInAndOut(t *testing.T) {
	t.Parallel()
	s := run(t, dovecot.Options{})
	s.Append(user, "INBOX", mail)
	s.Deliver(user, mail)
	s.Append(user, "Archive/2026", mail)
	inbox := s.Messages(user, "INBOX")
	if len(inbox) != 2 || !bytes.Equal(inbox[0], mail) || !bytes.HasSuffix(inbox[1], mail) || !bytes.Contains(inbox[1], []byte("Delivered-To:")) {
		t.Errorf("inbox holds %q", inbox)
	}
	if got := s.Messages(user, "Archive/2026"); len(got) != 1 || !bytes.Equal(got[0], mail) {
		t.Errorf("archive holds %q", got)
	}
	if got := s.Messages("other@example.test", "INBOX"); len(got) != 0 {
		t.Errorf("another user's inbox holds %q", got)
	}
	s.Wait(user, "INBOX", func(raw []byte) bool { return bytes.Contains(raw, []byte("smokes")) })
}

func TestIdleTellsOfNewMail(t *testing.T) {
	t.Parallel()
	s := run(t, dovecot.Options{})
	told := make(chan uint32, 4)
	c, err := imapclient.DialTLS(net.JoinHostPort("127.0.0.1", strconv.Itoa(s.IMAPSPort)), &imapclient.Options{
		TLSConfig: s.Certificate.Client(),
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil {
				told <- *d.NumMessages
			}
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login(user, "right").Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	idle, err := c.Idle()
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	s.Deliver(user, mail)
	select {
	case n := <-told:
		if n != 1 {
			t.Errorf("told of %d mails", n)
		}
	case <-time.After(10 * time.Second):
		t.Error("not told of new mail within 10 s")
	}
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	for _, noIdle := range []bool{false, true} {
		s := run(t, dovecot.Options{NoIdle: noIdle})
		caps := s.Client(t, user).Caps()
		if caps.Has(imap.CapIdle) == noIdle {
			t.Errorf("NoIdle %v: IDLE is offered: %v", noIdle, !noIdle)
		}
		if !caps.Has(imap.CapMove) || !caps.Has(imap.CapUIDPlus) {
			t.Errorf("NoIdle %v: capabilities are %v", noIdle, caps)
		}
	}
}

func TestLogins(t *testing.T) {
	t.Parallel()
	s := run(t, dovecot.Options{})
	addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(s.STARTTLSPort))
	for password, ok := range map[string]bool{"right": true, "wrong": false} {
		c, err := imapclient.DialStartTLS(addr, &imapclient.Options{TLSConfig: s.Certificate.Client()})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Login(user, password).Wait(); (err == nil) != ok {
			t.Errorf("login with the %s password: %v", password, err)
		}
		_ = c.Close()
	}
	if _, err := tls.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.IMAPSPort)), &tls.Config{ServerName: "localhost"}); err == nil ||
		!strings.Contains(err.Error(), "certificate") {
		t.Errorf("a client that does not trust the certificate: %v", err)
	}
}

func TestOutageKeepsMailAndPorts(t *testing.T) {
	t.Parallel()
	s := run(t, dovecot.Options{})
	s.Append(user, "INBOX", mail)
	addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(s.IMAPSPort))
	for name, outage := range map[string]func(){"stop": s.Stop, "kill": s.Kill} {
		outage()
		if c, err := net.Dial("tcp", addr); err == nil {
			_ = c.Close()
			t.Errorf("%s: still answers", name)
		}
		s.Restart()
		if got := s.Messages(user, "INBOX"); len(got) != 1 {
			t.Errorf("%s: inbox holds %q", name, got)
		}
	}
	s.Restart()
	if got := s.Messages(user, "INBOX"); len(got) != 1 {
		t.Errorf("after a restart at work the inbox holds %q", got)
	}
}
