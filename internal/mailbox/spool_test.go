package mailbox_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/mailbox"
	"goodturn/internal/ticket"
)

// running runs the post until the test ends or calls h.stop, and gives a channel of the tickets that are made.
func (h *house) running() <-chan int64 {
	h.Helper()
	made := make(chan int64, 100)
	h.desk.Changed = func(c ticket.Change) {
		if c.What == ticket.Created {
			made <- c.Ticket.ID
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.post.Run(ctx) }()
	h.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			h.Error(err)
		}
	})
	h.Cleanup(h.stop)
	return made
}

func (h *house) await(made <-chan int64) int64 {
	h.Helper()
	select {
	case id := <-made:
		return id
	case <-time.After(20 * time.Second):
		h.Fatal("no ticket was made")
		return 0
	}
}

// deliver hands a mail to the pipe once serve has said which addresses there are.
func (h *house) deliver(to, raw string) error {
	h.Helper()
	return mailbox.Deliver(h.data, to, "hana@customer.example", strings.NewReader(raw))
}

func TestPipeIsTakenAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.must(mailbox.PrepareSpool(h.data))
		h.must(h.post.WriteAddresses(t.Context()))
		h.must(h.deliver(deskAddress, mail(hana, "Before the start", "One.")))
		made := h.running()
		if tk := h.ticket(h.await(made)); tk.Subject != "Before the start" {
			t.Errorf("ticket %q", tk.Subject)
		}
		began := time.Now()
		h.must(h.deliver("Help+2.x@desk.example", mail(hana, "While it runs", "Two.")))
		h.await(made)
		if took := time.Since(began); took > 5*time.Second { // it is looked for four times a second; the machine may have other work
			t.Errorf("it took %v", took)
		}
		if rows := h.mails(); len(rows) != 2 {
			t.Errorf("rows %+v", rows)
		}
	})
}

func TestPipeRefusals(t *testing.T) {
	h := newHouse(t, dbtest.Open(t, db.SQLite))
	full := mail(hana, "Hello", "Hello")
	if err := h.deliver(deskAddress, full); mailbox.ExitCode(err) != mailbox.ExitTemporary {
		t.Errorf("without a spool: %v", err)
	}
	h.must(mailbox.PrepareSpool(h.data))
	if err := h.deliver(deskAddress, full); mailbox.ExitCode(err) != mailbox.ExitTemporary {
		t.Errorf("before the first start: %v", err)
	}
	h.must(h.post.WriteAddresses(t.Context()))
	for to, code := range map[string]int{"nobody@desk.example": 67, "": 67, "help@other.example": 67, "desk+x@desk.example": 67, "help+anything@desk.example": 0, "HELP@desk.example": 0} {
		if err := h.deliver(to, full); mailbox.ExitCode(err) != code {
			t.Errorf("to %q: %v, want exit code %d", to, err, code)
		}
	}
	if err := h.deliver(deskAddress, ""); mailbox.ExitCode(err) != mailbox.ExitData {
		t.Errorf("an empty mail: %v", err)
	}
	broken := mailbox.Deliver(h.data, deskAddress, "", iotest.ErrReader(errors.New("cut")))
	if mailbox.ExitCode(broken) != mailbox.ExitTemporary {
		t.Errorf("a pipe that breaks: %v", broken)
	}
	if left, _ := os.ReadDir(filepath.Join(h.data, "spool", "tmp")); len(left) != 0 {
		t.Errorf("%d files are left in tmp", len(left))
	}
	settings := h.settings()
	settings.Active = false
	h.save(settings)
	h.must(h.post.WriteAddresses(t.Context()))
	if err := h.deliver(deskAddress, full); mailbox.ExitCode(err) != mailbox.ExitNoUser {
		t.Errorf("to a mailbox that is switched off: %v", err)
	}
}

func TestSpoolIsOpenToOthersAndNothingElseIs(t *testing.T) {
	h := newHouse(t, dbtest.Open(t, db.SQLite))
	h.must(os.WriteFile(filepath.Join(h.data, "key"), []byte("secret"), 0o644))
	h.must(mailbox.PrepareSpool(h.data))
	for name, want := range map[string]fs.FileMode{"key": 0o600, "blobs": 0o700, "spool": 0o711, "spool/new": 0o733, "spool/tmp": 0o733, "spool/bad": 0o700} {
		info, err := os.Stat(filepath.Join(h.data, name))
		h.must(err)
		if info.Mode().Perm() != want || strings.HasPrefix(name, "spool/") && want == 0o733 && info.Mode()&fs.ModeSticky == 0 {
			t.Errorf("%s is %v, want %v", name, info.Mode(), want)
		}
	}
}

const asPipeUser = "GOODTURN_TEST_PIPE"

// TestMain lets the test program be the pipe of another user.
func TestMain(m *testing.M) {
	if data := os.Getenv(asPipeUser); data != "" {
		syscall.Umask(0o077)
		os.Exit(mailbox.ExitCode(mailbox.Deliver(data, deskAddress, "hana@customer.example", os.Stdin)))
	}
	os.Exit(m.Run())
}

func TestPipeOfAnotherUser(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can become another user")
	}
	h := newHouse(t, dbtest.Open(t, db.SQLite))
	for dir := h.data; len(dir) > len(os.TempDir()); dir = filepath.Dir(dir) {
		h.must(os.Chmod(dir, 0o711))
	}
	h.must(mailbox.PrepareSpool(h.data))
	h.must(h.post.WriteAddresses(t.Context()))
	program := filepath.Join(t.TempDir(), "pipe")
	self, err := os.ReadFile(os.Args[0])
	h.must(err)
	h.must(os.WriteFile(program, self, 0o755))
	h.must(os.Chmod(filepath.Dir(program), 0o755))
	c := exec.Command(program)
	c.Dir = "/"
	c.Env = append(os.Environ(), asPipeUser+"="+h.data)
	c.Stdin = strings.NewReader(mail(hana, "From a pipe", "Hello."))
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if tk := h.ticket(h.await(h.running())); tk.Subject != "From a pipe" {
		t.Errorf("ticket %q", tk.Subject)
	}
}

func TestWhatIsNoMailIsPutAside(t *testing.T) {
	h := newHouse(t, dbtest.Open(t, db.SQLite))
	h.must(mailbox.PrepareSpool(h.data))
	h.must(h.post.WriteAddresses(t.Context()))
	in := filepath.Join(h.data, "spool", "new")
	secret := filepath.Join(h.data, "key")
	h.must(os.WriteFile(secret, []byte(`{"from":"","to":"`+deskAddress+`"}`+"\nsecret"), 0o600))
	h.must(os.Symlink(secret, filepath.Join(in, "symlink")))
	h.must(os.Link(secret, filepath.Join(in, "hardlink")))
	h.must(syscall.Mkfifo(filepath.Join(in, "fifo"), 0o644))
	h.must(os.Mkdir(filepath.Join(in, "folder"), 0o755))
	h.must(os.WriteFile(filepath.Join(in, "words"), []byte("no envelope"), 0o644))
	h.must(os.WriteFile(filepath.Join(in, "nobody"), []byte(`{"from":"","to":"nobody@desk.example"}`+"\nSubject: x\n\nx"), 0o644))
	h.must(h.deliver(deskAddress, mail(hana, "A real one", "Hello.")))
	made := h.running()
	if tk := h.ticket(h.await(made)); tk.Subject != "A real one" {
		t.Errorf("ticket %q", tk.Subject)
	}
	h.must(h.deliver(deskAddress, mail(hana, "Another", "Hello.")))
	h.await(made)
	left, err := os.ReadDir(in)
	h.must(err)
	bad, err := os.ReadDir(filepath.Join(h.data, "spool", "bad"))
	h.must(err)
	if len(left) != 0 || len(bad) != 6 || len(h.mails()) != 2 {
		t.Errorf("%d files are left, %d put aside, %d mails", len(left), len(bad), len(h.mails()))
	}
}
