// Package postfix runs a real Postfix (3.5 or newer) for tests: a mail server that takes mail for our domains and hands it to the program
// under test, and a submission service that takes the program's answers.
//
// The instance has a configuration, queue and data folder of its own in a temporary folder, listens on free loopback ports and ends with
// the test, also when the test is killed. Postfix starts as root only, so tests that want it are skipped for other users.
// Who may submit is asked from a Dovecot. Mail for any domain but ours goes to a Sink, never to the network; deferred mail is tried again
// each second.
//
// Invariants: ports and queue stay the same over Stop, Kill and Restart; a mail that Postfix has accepted is not lost by them.
//
//	s := postfix.Start(t, postfix.Options{Domains: []string{"example.test"}, LMTP: addr, Users: map[string]string{"support@example.test": "secret"}})
//	s.Send("ada@elsewhere.test", []string{"support@example.test"}, raw)   // arrives at addr by LMTP
//	mail := s.Sink.Wait(t, func(m postfix.Mail) bool { … })                // what the program submitted
package postfix

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"goodturn/internal/testserver/certificate"
	"goodturn/internal/testserver/dovecot"
	"goodturn/internal/testserver/guard"

	"github.com/emersion/go-smtp"
)

// Install is the command that brings the server on Debian.
const Install = "apt-get install --no-install-recommends postfix"

// Options says what the server does with mail. One of LMTP and Pipe is set where Domains is.
type Options struct {
	Domains []string // domains whose mail is handed on; every address in them is taken
	LMTP    string   // to this LMTP server: "127.0.0.1:2424", or the path of a unix socket that the user "postfix" may open
	Pipe    []string // or to this command (absolute path and arguments, Postfix' macros such as ${recipient} allowed), mail on its standard input
	User    string   // the user that runs Pipe, "nobody" when empty; Postfix refuses root

	Users   map[string]string // who may submit: login name → password; a Dovecot is started for them
	Dovecot *dovecot.Server   // or: the Dovecot to ask, instead of Users

	Settings []string // more lines for main.cf, such as "message_size_limit = 1000"; they win over the others
}

// Server is a running Postfix.
type Server struct {
	Host           string // "localhost", the name in the certificate; it may also be reached as 127.0.0.1
	SMTPPort       int    // takes mail for Domains from anyone, relays nothing
	SubmissionPort int    // wants STARTTLS and AUTH, then takes mail for anyone
	Sink           *Sink  // gets the mail for all other domains
	Certificate    *certificate.Certificate

	tb      testing.TB
	folder  string
	daemons string
	auth    string
	process *guard.Process
}

// Start runs a Postfix until the end of the test. Where none is installed the test is skipped, or fails under CI; -short skips it too.
func Start(tb testing.TB, options Options) *Server {
	tb.Helper()
	guard.NotShort(tb)
	if guard.Program("postfix") == "" {
		guard.Missing(tb, "Postfix", Install)
	}
	if os.Geteuid() != 0 {
		guard.Missing(tb, "Postfix for this user", "running the tests as root, since Postfix starts as root only")
	}
	if options.Dovecot == nil && len(options.Users) > 0 {
		options.Dovecot = dovecot.Start(tb, dovecot.Options{Users: options.Users})
	}
	sink := NewSink(tb)
	var err error
	// A port that was free can be taken before the server binds it, so a failure is tried again.
	for range 3 {
		var s *Server
		if s, err = start(tb, options, sink); err == nil {
			tb.Cleanup(s.end)
			ctx, stop := context.WithCancel(context.Background())
			done := make(chan struct{})
			go func() { s.keepTrying(ctx); close(done) }()
			tb.Cleanup(func() { stop(); <-done })
			return s
		}
	}
	tb.Fatalf("start Postfix: %v", err)
	return nil
}

func start(tb testing.TB, options Options, sink *Sink) (*Server, error) {
	// Postfix' unprivileged processes must be able to enter: tb.TempDir's parents do not let them.
	folder, err := os.MkdirTemp("", "goodturn-postfix-")
	if err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	s := &Server{Host: "localhost", Sink: sink, tb: tb, folder: folder}
	if options.Dovecot != nil {
		s.auth = options.Dovecot.AuthSocket
	}
	err = s.write(options)
	if err == nil {
		err = s.run()
	}
	if err != nil {
		_ = os.RemoveAll(folder)
		return nil, err
	}
	return s, nil
}

// write makes everything that the server reads, and its queue.
func (s *Server) write(options Options) error {
	for _, port := range []*int{&s.SMTPPort, &s.SubmissionPort} {
		var err error
		if *port, err = guard.Port(); err != nil {
			return err
		}
	}
	out, err := exec.Command(guard.Program("postconf"), "-dh", "daemon_directory").Output()
	if err != nil {
		return fmt.Errorf("find Postfix' programs: %w", err)
	}
	s.daemons = strings.TrimSpace(string(out))
	owner, err := guard.User("postfix")
	if err != nil {
		return fmt.Errorf("find Postfix' user: %w", err)
	}
	for _, dir := range []string{s.config(), s.queue(), s.data()} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			return err
		}
	}
	if err := errors.Join(os.Chmod(s.folder, 0o755), os.Chown(s.data(), int(owner.Uid), int(owner.Gid))); err != nil {
		return err
	}
	if s.Certificate, err = certificate.Make(s.config()); err != nil {
		return err
	}
	for name, text := range map[string]string{"main.cf": s.mainConfig(options), "master.cf": s.masterConfig(options)} {
		if err := os.WriteFile(filepath.Join(s.config(), name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	// This also makes the folders of the queue.
	if out, err := exec.Command(guard.Program("postfix"), "-c", s.config(), "check").CombinedOutput(); err != nil {
		return fmt.Errorf("postfix check: %w\n%s", err, out)
	}
	return nil
}

func (s *Server) config() string { return filepath.Join(s.folder, "etc") }
func (s *Server) queue() string  { return filepath.Join(s.folder, "queue") }
func (s *Server) data() string   { return filepath.Join(s.folder, "data") }

// run starts the master process itself: "postfix start-fg" would put a shell between it and the guard.
func (s *Server) run() error {
	var err error
	s.process, err = guard.Start(guard.Spec{
		Args:   []string{filepath.Join(s.daemons, "master"), "-c", s.config(), "-s"},
		Folder: s.folder, Log: filepath.Join(s.folder, "log"),
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	in, out := guard.Greets(guard.Address(s.SMTPPort), "220"), guard.Greets(guard.Address(s.SubmissionPort), "220")
	err = s.process.Await(ctx, func(ctx context.Context) error { return errors.Join(in(ctx), out(ctx)) })
	if err != nil {
		_ = s.process.Stop()
	}
	return err
}

// Send hands a mail to the SMTP service as a stranger's server would. The error is what Postfix answered, a *smtp.SMTPError.
func (s *Server) Send(from string, to []string, raw []byte) error {
	c, err := smtp.Dial(guard.Address(s.SMTPPort))
	if err != nil {
		return fmt.Errorf("connect to Postfix: %w", err)
	}
	defer c.Close()
	if err := c.SendMail(from, to, bytes.NewReader(raw)); err != nil {
		return err
	}
	return c.Quit()
}

// Stop ends the server in good order; its ports refuse connections until Restart.
func (s *Server) Stop() {
	s.tb.Helper()
	if err := s.process.Pause(); err != nil {
		s.tb.Fatalf("stop Postfix: %v", err)
	}
}

// Kill ends the server and all its processes at once, in the middle of whatever they do.
func (s *Server) Kill() {
	s.tb.Helper()
	if err := s.process.Kill(); err != nil {
		s.tb.Fatalf("kill Postfix: %v", err)
	}
}

// Restart starts the server again on the same ports and queue, after Stop or Kill or out of its work.
func (s *Server) Restart() {
	s.tb.Helper()
	select {
	case <-s.process.Done():
	default:
		s.Stop()
	}
	if err := s.run(); err != nil {
		s.tb.Fatalf("restart Postfix: %v", err)
	}
}

// keepTrying has Postfix try everything in its queues every second. Its own timers do not: a mail that the queue manager meets while
// it is still being delivered goes back to the incoming queue, which is not looked at again until the next mail comes or somebody asks.
func (s *Server) keepTrying(ctx context.Context) {
	for tick := time.NewTicker(time.Second); ; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C: // a server that a test has stopped refuses; the one that comes back is asked again
			_ = exec.CommandContext(ctx, guard.Program("postqueue"), "-c", s.config(), "-f").Run()
		}
	}
}

// Trace gives the lines of Postfix' log about one mail, found by a word of its Message-ID.
func (s *Server) Trace(word string) string {
	var queue string
	var out strings.Builder
	for l := range strings.Lines(s.process.Tail(64 << 20)) {
		if strings.Contains(l, word) {
			if _, rest, ok := strings.Cut(l, "]: "); ok {
				queue, _, _ = strings.Cut(rest, ":")
			}
		}
		if strings.Contains(l, word) || (queue != "" && strings.Contains(l, queue)) {
			out.WriteString(l)
		}
	}
	return out.String()
}

func (s *Server) end() {
	if s.tb.Failed() {
		s.tb.Logf("Postfix' log:\n%s", s.process.Tail(8000))
	}
	if err := s.process.Stop(); err != nil {
		s.tb.Errorf("stop Postfix: %v", err)
	}
	if err := os.RemoveAll(s.folder); err != nil {
		s.tb.Errorf("remove Postfix' folder: %v", err)
	}
}
