package blob

import (
	"bytes"
	"context"
	"crypto/rand"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"goodturn/internal/fault"
)

// TestFullDisk starts itself again where it may mount a disk of 1 MiB, in a user namespace of its own.
func TestFullDisk(t *testing.T) {
	dir := os.Getenv("BLOB_TEST_DISK")
	if dir != "" {
		onSmallDisk(t, dir)
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestFullDisk$", "-test.v")
	cmd.Env = append(os.Environ(), "BLOB_TEST_DISK="+t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.CombinedOutput()
	if err != nil && len(out) == 0 {
		t.Skipf("this machine gives no user namespace to mount a small disk in: %v", err)
	}
	if strings.Contains(string(out), "--- SKIP") {
		t.Skipf("%s", out)
	}
	if err != nil || !strings.Contains(string(out), "--- PASS") {
		t.Errorf("%v\n%s", err, out)
	}
}

func onSmallDisk(t *testing.T, dir string) {
	if err := syscall.Mount("small", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("no small disk can be mounted here: %v", err)
	}
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	large := make([]byte, 1<<21)
	_, _ = rand.Read(large)
	_, one := s.Put(context.Background(), bytes.NewReader(large), 0)
	_, many := s.PutMany(context.Background(), [][]byte{large[:1000], large})
	for _, err := range []error{one, many} {
		f, ok := fault.Of(err)
		if !ok || f.Kind != fault.KindUnavailable || !strings.Contains(f.Message.String(), "full") {
			t.Errorf("a full disk gives %v", err)
		}
	}
	if got := files(t, s); len(got) != 0 {
		t.Errorf("left behind: %q", got)
	}
	if _, err := s.Put(context.Background(), bytes.NewReader(large[:1000]), 0); err != nil {
		t.Errorf("after that, a small file: %v", err)
	}
}
