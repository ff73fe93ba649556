package e2e

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// On a terminal the first start shows the link, and leaves no file.
func TestFirstStartOnATerminal(t *testing.T) {
	t.Parallel()
	d := bareDesk(t)
	ours, theirs := terminal(t)
	c := exec.Command(program, d.serve()...)
	c.Stdin, c.Stdout, c.Stderr, c.SysProcAttr = theirs, theirs, theirs, &syscall.SysProcAttr{Setsid: true}
	must(t, spawn(c))
	must(t, theirs.Close())
	gone := make(chan struct{})
	go func() { _ = c.Wait(); close(gone) }()
	d.command, d.ended = c, gone
	seen := watchTerminal(ours)
	d.ready()
	link := ""
	wait(t, 10*time.Second, "the link is shown", func() error {
		if link = setupLink.FindString(seen()); link == "" {
			return fmt.Errorf("it shows %q", seen())
		}
		return nil
	})
	if p := d.visitor().get(strings.TrimPrefix(link, d.url())); p.status != 200 {
		t.Errorf("the link gives %d", p.status)
	}
	if _, err := os.Stat(filepath.Join(d.data, "first-administrator")); !os.IsNotExist(err) {
		t.Errorf("there is a file, too: %v", err)
	}
	if code, _ := d.stop(); code != 0 {
		t.Errorf("ended with %d", code)
	}
}

// terminal gives the two ends of one.
func terminal(t *testing.T) (ours, theirs *os.File) {
	t.Helper()
	ours, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("a terminal cannot be made here: %v", err)
	}
	t.Cleanup(func() { ours.Close() })
	must(t, unix.IoctlSetPointerInt(int(ours.Fd()), unix.TIOCSPTLCK, 0))
	n, err := unix.IoctlGetInt(int(ours.Fd()), unix.TIOCGPTN)
	must(t, err)
	theirs, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	must(t, err)
	return ours, theirs
}

// watchTerminal reads what is shown and gives it so far.
func watchTerminal(f *os.File) func() string {
	var mu sync.Mutex
	var all strings.Builder
	go func() {
		_, _ = io.Copy(writerFunc(func(b []byte) (int, error) {
			mu.Lock()
			defer mu.Unlock()
			return all.Write(b)
		}), f)
	}()
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		return all.String()
	}
}

type writerFunc func([]byte) (int, error)

func (w writerFunc) Write(b []byte) (int, error) { return w(b) }
