// Package dovecot runs a real Dovecot (2.3) for tests: IMAP with TLS, LMTP, and the SASL socket that Postfix asks.
//
// The server has a configuration, certificate, users and Maildir folders of its own in a temporary folder, listens on free loopback
// ports and ends with the test, also when the test is killed. It works as root (mail is then kept as "nobody") and as a plain user.
//
// Invariants: ports stay the same over Stop, Kill and Restart, so that a client under test sees an outage and not another server; mail
// survives them.
//
//	s := dovecot.Start(t, dovecot.Options{Users: map[string]string{"support@example.test": "secret"}})
//	s.Append("support@example.test", "INBOX", raw)
//	// the program under test fetches from s.Host, s.IMAPSPort, trusting s.Certificate.File
package dovecot

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"goodturn/internal/testserver/certificate"
	"goodturn/internal/testserver/guard"
)

// Install is the command that brings the server on Debian.
const Install = "apt-get install --no-install-recommends dovecot-imapd dovecot-lmtpd"

// Options says what the server is to know.
type Options struct {
	Users map[string]string // login name (an address, usually) → password
	// Introspection is where to ask whose an OAuth token is (RFC 7662): http://name:password@127.0.0.1:…; the answer's email is the user.
	// Empty: tokens are not taken.
	Introspection string
	NoIdle        bool // do not offer IDLE (RFC 2177), as some servers do not
}

// Server is a running Dovecot.
type Server struct {
	Host         string // "localhost", the name in the certificate; it may also be reached as 127.0.0.1
	IMAPSPort    int    // IMAP with TLS from the first byte
	STARTTLSPort int    // IMAP that begins in the clear and offers STARTTLS
	LMTPPort     int    // LMTP in the clear, takes mail for the users
	AuthSocket   string // unix socket of Dovecot's SASL service, for Postfix' smtpd_sasl_path
	Certificate  *certificate.Certificate

	tb      testing.TB
	users   map[string]string
	folder  string
	process *guard.Process
}

// Start runs a Dovecot until the end of the test. Where none is installed the test is skipped, or fails under CI; -short skips it too.
func Start(tb testing.TB, options Options) *Server {
	tb.Helper()
	guard.NotShort(tb)
	if guard.Program("dovecot") == "" || !library("imap") || !library("lmtp") {
		guard.Missing(tb, "Dovecot", Install)
	}
	var err error
	// A port that was free can be taken before the server binds it, so a failure is tried again.
	for range 3 {
		var s *Server
		if s, err = start(tb, options); err == nil {
			tb.Cleanup(s.end)
			return s
		}
	}
	tb.Fatalf("start Dovecot: %v", err)
	return nil
}

func library(name string) bool {
	_, err := os.Stat("/usr/lib/dovecot/" + name)
	return err == nil
}

func start(tb testing.TB, options Options) (*Server, error) {
	// Unix sockets allow short paths only, and Postfix' user must be able to enter: tb.TempDir offers neither.
	folder, err := os.MkdirTemp("", "goodturn-dovecot-")
	if err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	s := &Server{
		Host: "localhost", tb: tb, users: options.Users, folder: folder,
		AuthSocket: filepath.Join(folder, "auth"),
	}
	if err := s.write(options); err != nil {
		_ = os.RemoveAll(folder)
		return nil, err
	}
	return s, s.run()
}

// write makes everything that the server reads.
func (s *Server) write(options Options) error {
	if err := os.Chmod(s.folder, 0o755); err != nil {
		return err
	}
	for _, port := range []*int{&s.IMAPSPort, &s.STARTTLSPort, &s.LMTPPort} {
		var err error
		if *port, err = guard.Port(); err != nil {
			return err
		}
	}
	var err error
	if s.Certificate, err = certificate.Make(s.folder); err != nil {
		return err
	}
	owner, err := mailOwner()
	if err != nil {
		return fmt.Errorf("find a user to keep the mail: %w", err)
	}
	homes := filepath.Join(s.folder, "home")
	if err := os.Mkdir(homes, 0o700); err != nil {
		return err
	}
	if os.Geteuid() == 0 {
		if err := os.Chown(homes, int(owner.Uid), int(owner.Gid)); err != nil {
			return err
		}
	}
	var users strings.Builder
	for name, password := range options.Users {
		if strings.ContainsAny(name+password, ":\n") {
			return fmt.Errorf("user %q: a colon cannot stand in a name or password here", name)
		}
		fmt.Fprintf(&users, "%s:{PLAIN}%s::::::\n", name, password)
	}
	if err := os.WriteFile(filepath.Join(s.folder, "users"), []byte(users.String()), 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(s.folder, "oauth2.conf"), fmt.Appendf(nil, introspection, options.Introspection), 0o644); err != nil {
		return err
	}
	return os.WriteFile(s.config(), []byte(s.configuration(options, owner)), 0o644)
}

// mailOwner is the user that owns the mail: Dovecot refuses root.
func mailOwner() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return &syscall.Credential{Uid: uint32(os.Getuid()), Gid: uint32(os.Getgid())}, nil
	}
	return guard.User("nobody")
}

func (s *Server) config() string { return filepath.Join(s.folder, "dovecot.conf") }

func (s *Server) run() error {
	var err error
	s.process, err = guard.Start(guard.Spec{
		Args:   []string{guard.Program("dovecot"), "-F", "-c", s.config()},
		Folder: s.folder, Log: filepath.Join(s.folder, "log"),
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	imap := guard.Greets(guard.Address(s.STARTTLSPort), "* OK")
	lmtp := guard.Greets(guard.Address(s.LMTPPort), "220")
	err = s.process.Await(ctx, func(ctx context.Context) error { return errors.Join(imap(ctx), lmtp(ctx)) })
	if err != nil {
		_ = s.process.Stop()
		_ = os.RemoveAll(s.folder)
	}
	return err
}

// Stop ends the server in good order; its ports refuse connections until Restart.
func (s *Server) Stop() {
	s.tb.Helper()
	if err := s.process.Pause(); err != nil {
		s.tb.Fatalf("stop Dovecot: %v", err)
	}
}

// Kill ends the server and all its processes at once, in the middle of whatever they do.
func (s *Server) Kill() {
	s.tb.Helper()
	if err := s.process.Kill(); err != nil {
		s.tb.Fatalf("kill Dovecot: %v", err)
	}
}

// Restart starts the server again on the same ports, after Stop or Kill or out of its work.
func (s *Server) Restart() {
	s.tb.Helper()
	select {
	case <-s.process.Done():
	default:
		s.Stop()
	}
	if err := s.run(); err != nil {
		s.tb.Fatalf("restart Dovecot: %v", err)
	}
}

func (s *Server) end() {
	if s.tb.Failed() {
		s.tb.Logf("Dovecot's log:\n%s", s.process.Tail(8000))
	}
	if err := s.process.Stop(); err != nil {
		s.tb.Errorf("stop Dovecot: %v", err)
	}
	if err := os.RemoveAll(s.folder); err != nil {
		s.tb.Errorf("remove Dovecot's folder: %v", err)
	}
}
