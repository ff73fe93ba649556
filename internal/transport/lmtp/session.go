package lmtp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"

	"github.com/emersion/go-smtp"
)

// The answers of a session, with the enhanced codes of RFC 3463.
var (
	errUnknown = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such address here"}
	errTrouble = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Not possible at the moment, please try again later"}
	errBroken  = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 4, 2}, Message: "The mail ended in the middle"}
	errSize    = smtp.ErrDataTooLarge
)

// readAhead bounds what is reserved for a mail on its sender's word alone.
const readAhead = 1 << 20

// session is one conversation. The library calls it from one goroutine at a time.
type session struct {
	accept  func(rcpt string) (bool, error)
	take    func(Mail) error
	log     *slog.Logger
	maxSize int64
	conn    *gatedConn
	remote  string

	from string
	size int64 // as announced; 0 when it was not
	to   []string
}

func (s *Server) session(ctx context.Context, c *smtp.Conn) *session {
	conn := c.Conn().(*gatedConn)
	remote := conn.RemoteAddr().String()
	if conn.RemoteAddr().Network() == "unix" {
		remote = "unix"
	}
	return &session{
		accept:  func(rcpt string) (bool, error) { return s.Accept(ctx, rcpt) },
		take:    func(m Mail) error { return s.Take(ctx, m) },
		log:     s.log(),
		maxSize: s.maxSize(),
		conn:    conn,
		remote:  remote,
	}
}

// Reset forgets the mail in progress.
func (s *session) Reset() { s.from, s.size, s.to = "", 0, nil }

// Logout ends the session.
func (s *session) Logout() error { return nil }

// Mail begins a mail.
func (s *session) Mail(from string, opts *smtp.MailOptions) error {
	s.Reset()
	s.from = from
	if opts != nil {
		s.size = opts.Size
	}
	return nil
}

// Rcpt accepts or refuses a recipient.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	ok, err := s.accept(to)
	switch {
	case err != nil:
		s.log.Error("recipient not checked", "recipient", to, "error", err)
		return errTrouble
	case !ok:
		return errUnknown
	}
	if !slices.Contains(s.to, to) {
		s.to = append(s.to, to)
	}
	return nil
}

// Data reads the mail and hands it over. The library repeats the answer for each recipient when it speaks LMTP.
func (s *session) Data(r io.Reader) error {
	raw, err := s.read(r)
	switch {
	case errors.Is(err, errSize):
		return errSize
	case errors.Is(err, smtp.ErrDataReset):
		return errBroken
	case err != nil:
		// Whatever cut the mail off, it must not be taken for a refusal: the sender still has it. And what may still
		// come is the rest of a mail, not commands.
		s.conn.broken.Store(true)
		s.log.Warn("mail broken off", "from", s.from, "remote", s.remote, "error", err)
		return errBroken
	}
	if err := s.take(Mail{From: s.from, To: s.to, Raw: raw, RemoteAddr: s.remote}); err != nil {
		s.log.Error("mail not taken", "from", s.from, "remote", s.remote, "error", err)
		return errTrouble
	}
	return nil
}

func (s *session) read(r io.Reader) ([]byte, error) {
	s.conn.inMail.Store(true)
	defer s.conn.inMail.Store(false)
	var b bytes.Buffer
	b.Grow(int(min(s.size+bytes.MinRead, s.maxSize, readAhead)))
	if _, err := b.ReadFrom(r); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
