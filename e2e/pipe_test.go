package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"goodturn/internal/mailbox"
	"goodturn/internal/testserver/postfix"
)

// The pipe takes mail from a user who knows nothing but the folder, also while the desk is away.
func TestPipe(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.addMailbox(mailbox.Mailbox{})
	if got := d.pipe(helpAddress, letter("too-early")); got.code != 75 {
		t.Errorf("before the first start: %d, want 75\n%s", got.code, got.stderr)
	}
	d.start()
	wait(t, 10*time.Second, "the spool is there", func() error {
		if got := d.pipe(helpAddress, richLetter("Drucker eins")); got.code != 0 {
			return fmt.Errorf("%d: %s", got.code, got.stderr)
		}
		return nil
	})
	first, _ := d.api.waitTicket("Drucker eins", 10*time.Second)
	checkRich(t, d, first)

	best := time.Hour
	for i := range 3 { // other programs may keep the machine busy once
		word := fmt.Sprintf("piped-%d", i)
		d.pipe(helpAddress, letter(word)).want(0)
		_, took := d.api.waitTicket(word, 10*time.Second)
		if best = min(best, took); best <= time.Second {
			break
		}
	}
	t.Logf("a mail of the pipe is a ticket after %s", best)
	if best > time.Second {
		t.Errorf("it took %s, want at most a second", best)
	}

	d.pipe("help+anything@desk.example", letter("with-a-plus")).want(0)
	d.api.waitTicket("with-a-plus", 10*time.Second)
	d.pipe("nobody@desk.example", letter("unknown")).want(67, "nobody@desk.example")
	d.pipe(helpAddress, nil).want(65, "empty")
	runProgram(t, nil, "x", "mail", "deliver", "--data", filepath.Join(d.data, "not-there"), "--to", helpAddress).want(75)
	runProgram(t, nil, "x", "mail", "deliver", "--data", d.data).want(64)

	d.kill()
	d.pipe(helpAddress, letter("while-away")).want(0)
	d.start()
	d.api.waitTicket("while-away", 10*time.Second)
	if n := len(d.api.tickets("")); n != 3+len(d.api.tickets("piped")) {
		t.Errorf("%d tickets", n)
	}
	for name, mode := range map[string]os.FileMode{"key": 0o600, "desk.db": 0o600, "blobs": 0o700} {
		info, err := os.Stat(filepath.Join(d.data, name))
		must(t, err)
		if got := info.Mode().Perm(); got&^mode != 0 {
			t.Errorf("%s can be reached by others: %o", name, got)
		}
	}
}

// Postfix pipes mail into the program, by its own user.
func TestPipeOfPostfix(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.addMailbox(mailbox.Mailbox{})
	s := postfix.Start(t, postfix.Options{
		Domains: []string{"desk.example"}, Pipe: []string{program, "mail", "deliver", "--data", d.data, "--from", "${sender}", "--to", "${recipient}"},
		Settings: []string{"program_destination_recipient_limit = 1"}, // else Postfix gives all recipients to one run
	})
	must(t, s.Send(ada, []string{helpAddress}, letter("before-the-start"))) // Postfix tries again: exit code 75
	d.start()
	d.api.waitTicket("before-the-start", 20*time.Second)
	must(t, s.Send(ada, []string{helpAddress, "nobody@desk.example"}, richLetter("Drucker")))
	got, _ := d.api.waitTicket("Drucker", 20*time.Second)
	checkRich(t, d, got)
	bounce := s.Sink.Wait(t, func(m postfix.Mail) bool { return m.From == "" }) // exit code 67
	if len(bounce.To) != 1 || bounce.To[0] != ada {
		t.Errorf("the bounce goes to %q", bounce.To)
	}
}
