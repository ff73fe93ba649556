package app

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"goodturn/internal/clock"
)

// catcher is the mail server of the demo: it takes every mail, sends none on, and keeps the last ones to
// be read in the browser.
type catcher struct {
	server  *gosmtp.Server
	address *net.TCPAddr

	mu    sync.Mutex
	mails []CaughtMail
	last  int64
}

// CaughtMail is a mail that the demo sent to somebody.
type CaughtMail struct {
	ID   int64
	At   clock.Instant
	From string
	To   []string
	Raw  []byte
}

const (
	caughtMails = 500
	caughtBytes = 40 << 20
)

func startCatcher() (*catcher, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c := &catcher{address: l.Addr().(*net.TCPAddr)}
	c.server = gosmtp.NewServer(gosmtp.BackendFunc(func(*gosmtp.Conn) (gosmtp.Session, error) { return &catching{catcher: c}, nil }))
	c.server.Domain, c.server.MaxMessageBytes, c.server.ReadTimeout, c.server.WriteTimeout = "localhost", caughtBytes, time.Minute, time.Minute
	go func() { _ = c.server.Serve(l) }() // ends with close
	return c, nil
}

func (c *catcher) close() { _ = c.server.Close() }

// Caught gives the mails kept, newest first.
func (c *catcher) Caught() []CaughtMail {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]CaughtMail, 0, len(c.mails))
	for i := len(c.mails) - 1; i >= 0; i-- {
		out = append(out, c.mails[i])
	}
	return out
}

func (c *catcher) keep(m CaughtMail) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	m.ID, m.At = c.last, clock.Now()
	if len(c.mails) == caughtMails {
		c.mails = c.mails[1:]
	}
	c.mails = append(c.mails, m)
}

// catching is one SMTP session of the catcher.
type catching struct {
	catcher *catcher
	mail    CaughtMail
}

func (s *catching) Mail(from string, _ *gosmtp.MailOptions) error {
	s.mail = CaughtMail{From: from}
	return nil
}

func (s *catching) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	s.mail.To = append(s.mail.To, to)
	return nil
}

func (s *catching) Data(r io.Reader) error {
	var b bytes.Buffer
	if _, err := b.ReadFrom(r); err != nil {
		return errors.Join(errors.New("the mail did not arrive whole"), err)
	}
	s.mail.Raw = b.Bytes()
	s.catcher.keep(s.mail)
	return nil
}

func (s *catching) Reset()        { s.mail = CaughtMail{} }
func (s *catching) Logout() error { return nil }
