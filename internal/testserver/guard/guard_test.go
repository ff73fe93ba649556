package guard

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// server is a program that says it is ready, holds a FIFO open for as long as it lives and tells of the signal that ended it.
const server = `trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done`

func start(t *testing.T, folder string) *Process {
	t.Helper()
	p, err := Start(Spec{Args: []string{"/bin/sh", "-c", server}, Folder: folder, Log: filepath.Join(folder, "log")})
	if err != nil {
		t.Fatal(err)
	}
	await(t, p, "ready")
	return p
}

func await(t *testing.T, p *Process, word string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	err := p.Await(ctx, func(context.Context) error {
		if !strings.Contains(p.Tail(1000), word) {
			return errors.New("not in the log: " + word)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestStopEndsTheServerInOrderAndRemovesItsFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "server")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	p := start(t, folder)
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	if got := p.Tail(1000); got != "ready\nbye\n" {
		t.Errorf("log is %q", got)
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("folder is still there: %v", err)
	}
	if err := p.Stop(); err != nil {
		t.Errorf("second stop: %v", err)
	}
}

func TestKillLeavesTheFolder(t *testing.T) {
	folder := t.TempDir()
	p := start(t, folder)
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
	if got := p.Tail(1000); got != "ready\n" {
		t.Errorf("log is %q", got)
	}
	if _, err := os.Stat(folder); err != nil {
		t.Error(err)
	}
}

func TestPauseLeavesTheFolder(t *testing.T) {
	folder := t.TempDir()
	p := start(t, folder)
	if err := p.Pause(); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(folder)
	if got := p.Tail(1000); err != nil || len(entries) != 1 || got != "ready\nbye\n" {
		t.Errorf("folder holds %v (%v), log is %q", entries, err, got)
	}
}

func TestAwaitTellsOfAnEarlyEnd(t *testing.T) {
	p, err := Start(Spec{Args: []string{"/bin/sh", "-c", "echo no such setting; exit 3"}, Log: filepath.Join(t.TempDir(), "log")})
	if err != nil {
		t.Fatal(err)
	}
	err = p.Await(t.Context(), func(context.Context) error { return errors.New("refused") })
	if err == nil || !strings.Contains(err.Error(), "exit status 3") || !strings.Contains(err.Error(), "no such setting") {
		t.Errorf("error is %v", err)
	}
}

// TestServerEndsWithAKilledTest runs this test program again as the holder of a server and kills it with no chance to clean up.
func TestServerEndsWithAKilledTest(t *testing.T) {
	if folder := os.Getenv("GUARD_TEST_FOLDER"); folder != "" {
		start(t, folder)
		os.Stdout.WriteString("holding\n")
		select {}
	}
	folder := filepath.Join(t.TempDir(), "server")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	log, err := os.OpenFile(filepath.Join(folder, "log"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	holder := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestServerEndsWithAKilledTest$")
	holder.Env = append(os.Environ(), "GUARD_TEST_FOLDER="+folder)
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	for line := bufio.NewScanner(out); line.Scan() && line.Text() != "holding"; {
	}
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for limit := time.After(10 * time.Second); ; {
		if _, err := os.Stat(folder); os.IsNotExist(err) {
			break
		}
		select {
		case <-tick.C:
		case <-limit:
			t.Fatal("the folder is still there 10 s after the kill")
		}
	}
	said := make([]byte, 100)
	n, _ := log.ReadAt(said, 0)
	if string(said[:n]) != "ready\nbye\n" {
		t.Errorf("server said %q", said[:n])
	}
}

func TestDoneWaitsForTheLastProcess(t *testing.T) {
	last := filepath.Join(t.TempDir(), "last")
	// The first process ends at once, the second takes its time.
	server := "(trap '' TERM; echo ready; sleep 0.3; echo here >" + last + ") & trap 'exit 0' TERM; wait"
	p, err := Start(Spec{Args: []string{"/bin/sh", "-c", server}, Log: filepath.Join(t.TempDir(), "log")})
	if err != nil {
		t.Fatal(err)
	}
	await(t, p, "ready")
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(last); err != nil {
		t.Errorf("the second process was not waited for: %v", err)
	}
}
