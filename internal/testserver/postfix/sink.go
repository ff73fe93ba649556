package postfix

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// Mail is one mail with its envelope.
type Mail struct {
	From string   // envelope sender, "" for a bounce
	To   []string // envelope recipients
	Raw  []byte
}

// Sink is the outside world: an SMTP server that keeps what it gets and refuses what it is told to.
type Sink struct {
	Port int

	mu      sync.Mutex
	mails   []Mail
	arrived chan struct{} // closed and made anew with each mail
	refuse  func(to string) error
}

// NewSink starts an SMTP server on a free loopback port until the end of the test. Postfix.Start makes one for itself.
func NewSink(tb testing.TB) *Sink { return newSink(tb, false) }

// NewLMTPSink starts an LMTP server in the same way, to stand for the program under test where Options.LMTP asks for one.
func NewLMTPSink(tb testing.TB) *Sink { return newSink(tb, true) }

func newSink(tb testing.TB, lmtp bool) *Sink {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("listen for mail: %v", err)
	}
	s := &Sink{Port: l.Addr().(*net.TCPAddr).Port, arrived: make(chan struct{})}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{sink: s}, nil }))
	server.Domain, server.LMTP, server.EnableSMTPUTF8, server.EnableDSN = "sink.goodturn.test", lmtp, true, true
	server.MaxRecipients, server.MaxMessageBytes = 1000, 200<<20
	server.ErrorLog = log.New(io.Discard, "", 0) // Postfix breaks connections off when it is killed
	go func() { _ = server.Serve(l) }()
	tb.Cleanup(func() { _ = server.Close() })
	return s
}

// Refuse sets who is refused: check gets each recipient and gives nil or the answer, best a *smtp.SMTPError with its code. nil takes all.
func (s *Sink) Refuse(check func(to string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = check
}

// Mails gives all mails so far, in the order of arrival.
func (s *Sink) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Wait gives the first mail that match accepts, waiting up to 30 seconds for it.
func (s *Sink) Wait(tb testing.TB, match func(Mail) bool) Mail {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	m, err := s.wait(ctx, match)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func (s *Sink) wait(ctx context.Context, match func(Mail) bool) (Mail, error) {
	for seen := 0; ; {
		s.mu.Lock()
		mails, arrived := s.mails, s.arrived
		s.mu.Unlock()
		for ; seen < len(mails); seen++ {
			if match(mails[seen]) {
				return mails[seen], nil
			}
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return Mail{}, fmt.Errorf("none of %d mails that arrived is the one: %w", seen, ctx.Err())
		}
	}
}

func (s *Sink) check(to string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuse == nil {
		return nil
	}
	return s.refuse(to)
}

func (s *Sink) add(m Mail) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, m)
	close(s.arrived)
	s.arrived = make(chan struct{})
}

// session is one connection.
type session struct {
	sink *Sink
	mail Mail
}

func (c *session) Reset()        { c.mail = Mail{} }
func (c *session) Logout() error { return nil }

func (c *session) Mail(from string, _ *smtp.MailOptions) error {
	c.mail = Mail{From: from}
	return nil
}

func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := c.sink.check(to); err != nil {
		return err
	}
	c.mail.To = append(c.mail.To, to)
	return nil
}

func (c *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	c.mail.Raw = raw
	c.sink.add(c.mail)
	return nil
}
