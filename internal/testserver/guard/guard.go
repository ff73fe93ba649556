// Package guard starts a server for a test so that nothing of it outlives the test.
//
// A test may end in ways that run no cleanup: a panic, a time-out of go test, kill -9. The server is
// therefore started by a small shell that holds the read end of a pipe. The write end is held by the test's
// process alone and not written to: when that process ends, however it ends, the shell reads the end of the file,
// stops the server, waits for it and removes its folder.
//
// Invariants: the server's standard input is /dev/null, its output goes to Spec.Log, so go test never waits for it;
// it runs in a session of its own, so an interrupt at the keyboard reaches the test and not the server.
//
//	p, err := guard.Start(guard.Spec{Args: []string{"/usr/sbin/dovecot", "-F", "-c", conf}, Log: log, Folder: dir})
//	defer p.Stop()
package guard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Spec says what to run and what to leave behind (nothing).
type Spec struct {
	Args       []string            // program, as an absolute path, and its arguments
	Env        []string            // added to the test's own environment
	Folder     string              // working folder, removed after the server's end; "" is the test's own, which stays
	Log        string              // file that gets standard output and error, appended to; required
	Signal     string              // signal that ends the server in good order, "TERM" when empty
	Credential *syscall.Credential // user to run as; nil is the test's own
}

// Process is one running server with its guard.
type Process struct {
	cmd    *exec.Cmd
	pid    int // the server's, which leads its session
	folder string
	line   io.Closer
	done   chan struct{}
	err    error
	log    *os.File // read after the folder is gone, too
}

// kept is the file in the server's folder that tells the guard to leave the folder.
const kept = ".kept"

// script runs "$@" as a child in a session of its own, tells its process id on descriptor 4, ends it with signal $sig when standard
// input closes, and then removes $folder, twice where a last process still writes into it.
const script = `sig=$1 folder=$2 kept=$2/$3; shift 3
command -v setsid >/dev/null && set -- setsid "$@"
exec 3<&0
"$@" </dev/null 3<&- 4>&- & server=$!
echo "$server" >&4; exec 4>&-
{ read -r _ <&3; kill -s "$sig" "$server"; } 2>/dev/null & watch=$!
wait "$server" 2>/dev/null; code=$?
kill "$watch" 2>/dev/null
if [ -z "$folder" ]; then :
elif [ -e "$kept" ]; then rm -f "$kept"
else cd / && { rm -rf -- "$folder" 2>/dev/null || { sleep 1; rm -rf -- "$folder"; }; }; fi
exit "$code"`

// Start runs the server. It returns when the guard runs, which is before the server answers: see Await.
func Start(spec Spec) (*Process, error) {
	if spec.Signal == "" {
		spec.Signal = "TERM"
	}
	out, err := os.OpenFile(spec.Log, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	args := append([]string{"-c", script, "guard", spec.Signal, spec.Folder, kept}, spec.Args...)
	cmd := exec.Command("/bin/sh", args...)
	cmd.Env = append(os.Environ(), spec.Env...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = spec.Folder, out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: spec.Credential}
	p := &Process{cmd: cmd, folder: spec.Folder, done: make(chan struct{}), log: out}
	if err := p.start(); err != nil {
		return nil, fmt.Errorf("start guard: %w", err)
	}
	go func() {
		p.err = cmd.Wait()
		awaitSession(p.pid)
		close(p.done)
	}()
	return p, nil
}

// start runs the guard and learns the server's process id from it.
func (p *Process) start() error {
	told, tell, err := os.Pipe()
	if err != nil {
		return err
	}
	defer told.Close()
	defer tell.Close()
	if p.line, err = p.cmd.StdinPipe(); err != nil {
		return err
	}
	// Descriptor 3 is the script's own copy of standard input, so its place is taken by a second copy of the log.
	p.cmd.ExtraFiles = []*os.File{p.log, tell}
	if err := p.cmd.Start(); err != nil {
		return err
	}
	_ = tell.Close()
	_, err = fmt.Fscanln(told, &p.pid)
	return err
}

// Done is closed when all the server's processes and its guard have ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Stop ends the server in good order and waits for it; after 20 seconds all its processes are killed, which is an error.
// Stopping what has ended already is no error.
func (p *Process) Stop() error {
	_ = p.line.Close()
	select {
	case <-p.done:
		return nil
	case <-time.After(20 * time.Second):
	}
	_ = p.end()
	<-p.done
	return errors.New("server did not stop within 20 s and was killed")
}

// Pause stops the server as Stop does but keeps its folder, so that it can be started again.
func (p *Process) Pause() error {
	if err := p.keep(); err != nil {
		return err
	}
	return p.Stop()
}

// Kill ends all the server's processes at once, as a power cut would, and waits for their end.
// The folder stays.
func (p *Process) Kill() error {
	if err := p.keep(); err != nil {
		return err
	}
	if err := p.end(); err != nil {
		return fmt.Errorf("kill server: %w", err)
	}
	<-p.done
	return nil
}

func (p *Process) keep() error {
	if p.folder == "" {
		return nil
	}
	if err := os.WriteFile(filepath.Join(p.folder, kept), nil, 0o644); err != nil {
		return fmt.Errorf("keep the folder: %w", err)
	}
	return nil
}

func (p *Process) end() error {
	err := syscall.Kill(-p.pid, syscall.SIGKILL)
	if errors.Is(err, syscall.ESRCH) { // no setsid on this system: only the first process can be named
		err = syscall.Kill(p.pid, syscall.SIGKILL)
	}
	return err
}

// Tail gives the end of the log, at most n bytes.
func (p *Process) Tail(n int) string {
	info, err := p.log.Stat()
	if err != nil {
		return err.Error()
	}
	start := max(0, info.Size()-int64(n))
	raw := make([]byte, info.Size()-start)
	got, err := p.log.ReadAt(raw, start)
	if err != nil && !errors.Is(err, io.EOF) {
		return err.Error()
	}
	return string(raw[:got])
}

// Await tries ready until it returns nil, the server ends, or ctx does. The error tells the reason last given by ready
// and the end of the log.
func (p *Process) Await(ctx context.Context, ready func(context.Context) error) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("server ended (%v): %w\n%s", p.err, err, p.Tail(4000))
		case <-ctx.Done():
			return fmt.Errorf("server not ready: %w\n%s", err, p.Tail(4000))
		case <-tick.C:
		}
	}
}

// Port gives a TCP port of the loopback address that was free a moment ago. Another program can take it before the server
// does; callers try again with another.
func Port() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// Address joins the loopback address and a port.
func Address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// Greets gives a function for Await: it succeeds when addr accepts a connection and sends a first line that begins with word.
func Greets(addr, word string) func(context.Context) error {
	return func(ctx context.Context) error {
		var d net.Dialer
		c, err := d.DialContext(ctx, "tcp", addr)
		if err != nil {
			return err
		}
		defer c.Close()
		_ = c.SetDeadline(time.Now().Add(5 * time.Second))
		first := make([]byte, 512)
		n, err := c.Read(first)
		if err != nil {
			return fmt.Errorf("read greeting: %w", err)
		}
		if !strings.HasPrefix(string(first[:n]), word) {
			return fmt.Errorf("greeting is %q, not %s", first[:n], word)
		}
		return nil
	}
}
