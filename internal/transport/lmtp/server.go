// Package lmtp takes mail in from a mail server on the same machine, by LMTP (RFC 2033) or SMTP (RFC 5321).
//
// The mail server (Postfix, Exim, …) keeps the mail until it is told 250, and that is said only after Take has made the
// mail durable. Everything else is told as it is: an address that is not ours gets 550, trouble of our own 451 (try
// again), a mail over the limit 552.
//
//	server := &lmtp.Server{
//		Network: "tcp", Address: "127.0.0.1:2424", Protocol: lmtp.LMTP, Domain: "desk.example.org",
//		Accept: func(ctx context.Context, rcpt string) (bool, error) { return rcpt == "help@example.org", nil },
//		Take:   func(ctx context.Context, m lmtp.Mail) error { return store(ctx, m) },
//	}
//	err := server.Run(ctx) // until ctx ends; transactions that have begun may finish
//
// Invariants: no relaying, only accepted recipients reach Take; no 250 before Take returned nil; without AllowRemote only
// a unix socket or a loopback address is listened on.
package lmtp

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"time"

	"github.com/emersion/go-smtp"
)

// Protocol is what is spoken on the socket.
type Protocol string

// The two protocols. LMTP answers for each recipient and is the better choice for a mail server of one's own.
const (
	LMTP Protocol = "lmtp"
	SMTP Protocol = "smtp"
)

// The defaults of Server.
const (
	DefaultMaxSize     = 50 << 20
	DefaultMaxSessions = 64
	DefaultTimeout     = 5 * time.Minute // RFC 5321 §4.5.3.2.7
	DefaultGrace       = 10 * time.Second
	maxRecipients      = 200 // RFC 5321 §4.5.3.1.8 asks for 100 at least
)

// Mail is one mail with its envelope.
type Mail struct {
	From string // the return path; empty for bounces
	// To are the accepted recipients, each once, in the order they were given.
	To         []string
	Raw        []byte // as sent, dots unstuffed
	RemoteAddr string // the peer: "127.0.0.1:51234", or "unix"
}

// Server is a listener for mail. Accept and Take are required; they are called from many sessions at once.
type Server struct {
	Network  string // "tcp" or "unix"
	Address  string // host:port, or the path of the socket
	Protocol Protocol
	Domain   string // what the server calls itself

	MaxSize     int64         // bytes of one mail; DefaultMaxSize when 0
	MaxSessions int           // sessions at once, more have to wait; DefaultMaxSessions when 0
	Timeout     time.Duration // of silence before a session is ended; DefaultTimeout when 0
	Grace       time.Duration // for begun transactions after the context ended; DefaultGrace when 0
	SocketMode  fs.FileMode   // of the unix socket; 0660 when 0
	AllowRemote bool          // permits an address that other machines can reach
	Log         *slog.Logger  // for what goes wrong; slog.Default when nil

	// Accept says whether rcpt is an address of ours. An error is our own trouble: the sender will try again.
	Accept func(ctx context.Context, rcpt string) (bool, error)
	// Take makes the mail durable. Only its nil lets 250 be said; an error makes the sender try again.
	Take func(ctx context.Context, m Mail) error
}

// ErrRemote refuses an address that other machines can reach.
var ErrRemote = errors.New("address is reachable from other machines")

// Run listens and serves until ctx ends, then lets begun transactions finish for Grace and returns nil.
func (s *Server) Run(ctx context.Context) error {
	listener, err := s.Listen()
	if err != nil {
		return err
	}
	return s.Serve(ctx, listener)
}

// Listen opens the socket. A unix socket that a dead process left behind is replaced, one that is in use is not.
func (s *Server) Listen() (net.Listener, error) {
	if s.Network == "unix" {
		return s.listenUnix()
	}
	if !s.AllowRemote {
		if err := checkLoopback(s.Address); err != nil {
			return nil, err
		}
	}
	listener, err := net.Listen("tcp", s.Address)
	if err != nil {
		return nil, fmt.Errorf("listen for mail: %w", err)
	}
	return listener, nil
}

func checkLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("listen for mail: %w", err)
	}
	if host == "localhost" {
		return nil
	}
	ip, err := netip.ParseAddr(host)
	if err != nil || !ip.Unmap().IsLoopback() {
		return fmt.Errorf("listen for mail on %q: %w", address, ErrRemote)
	}
	return nil
}

func (s *Server) listenUnix() (net.Listener, error) {
	if info, err := os.Lstat(s.Address); err == nil && info.Mode().Type() == fs.ModeSocket {
		if conn, err := net.Dial("unix", s.Address); err == nil {
			conn.Close()
			return nil, fmt.Errorf("listen for mail: another process listens on %s", s.Address)
		}
		if err := os.Remove(s.Address); err != nil {
			return nil, fmt.Errorf("remove an old socket: %w", err)
		}
	}
	listener, err := net.Listen("unix", s.Address)
	if err != nil {
		return nil, fmt.Errorf("listen for mail: %w", err)
	}
	mode := s.SocketMode
	if mode == 0 {
		mode = 0o660
	}
	if err := os.Chmod(s.Address, mode); err != nil {
		listener.Close()
		return nil, fmt.Errorf("set the mode of the socket: %w", err)
	}
	return listener, nil
}

// Serve is Run on a listener that is open already. It closes the listener.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	// Transactions outlive ctx by the grace period, so their context is another one.
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()

	gate := newGate(listener, s.sessions(), s.timeout())
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return s.session(work, c), nil
	}))
	server.LMTP = s.Protocol != SMTP
	server.Domain = s.Domain
	server.MaxMessageBytes = s.maxSize() + 1 // the library refuses a mail of exactly this size
	server.MaxRecipients = maxRecipients
	server.MaxLineLength = 0 // the gate bounds commands; lines of a mail may be as long as they are
	server.EnableSMTPUTF8 = true
	server.ErrorLog = logger{s.log()}

	done := make(chan error, 1)
	go func() { done <- server.Serve(gate) }()
	select {
	case err := <-done:
		server.Close()
		return fmt.Errorf("serve mail: %w", err)
	case <-ctx.Done():
	}
	gate.drain()
	grace, stop := context.WithTimeout(work, s.grace())
	defer stop()
	if err := server.Shutdown(grace); err != nil && !errors.Is(err, net.ErrClosed) {
		s.log().Warn("mail sessions cut off at shutdown", "error", err)
	}
	cancel()
	gate.closeAll()
	<-done
	return nil
}

func (s *Server) maxSize() int64         { return or(s.MaxSize, DefaultMaxSize) }
func (s *Server) sessions() int          { return or(s.MaxSessions, DefaultMaxSessions) }
func (s *Server) timeout() time.Duration { return or(s.Timeout, DefaultTimeout) }
func (s *Server) grace() time.Duration   { return or(s.Grace, DefaultGrace) }
func (s *Server) log() *slog.Logger      { return or(s.Log, slog.Default()) }

func or[T comparable](value, fallback T) T {
	if value == *new(T) {
		return fallback
	}
	return value
}

// logger turns the library's messages into lines of slog.
type logger struct{ log *slog.Logger }

func (l logger) Printf(format string, v ...any) {
	l.log.Warn("mail session", "detail", fmt.Sprintf(format, v...))
}
func (l logger) Println(v ...any) { l.log.Warn("mail session", "detail", fmt.Sprint(v...)) }
