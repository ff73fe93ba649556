// Package e2e tests the real program as its users have it: a process of its own on a data folder, with a
// real Dovecot and a real Postfix beside it, killed, starved and cut off.
//
// What happens is watched from outside, through the JSON API, the pages and the mail that goes out. Only
// mailboxes are put into the store directly, and only facts that no surface shows are read from it. Every
// wait is for a condition with a deadline. GOODTURN_SOAK=1 runs the long forms (make soak).
//
//	d := newDesk(t)
//	d.addMailbox(mailbox.Mailbox{Address: "help@example.test"})
//	d.start()
//	d.api.get("/api/v1/me").want(200)
package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"goodturn/internal/testserver/guard"
)

// program is the path of the built program.
var program string

func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "goodturn-e2e-bin-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil { // an MTA's user runs it too
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	program = filepath.Join(dir, "goodturn")
	if out, err := exec.Command("go", "build", "-o", program, "goodturn/cmd/goodturn").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the program: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// soak tells whether the long forms are wanted.
func soak() bool { return os.Getenv("GOODTURN_SOAK") != "" }

// desk is a data folder with the program that serves from it.
type desk struct {
	testing.TB
	data     string
	database string   // a postgres:// URL, or "" for SQLite
	listen   string   // of HTTP
	lmtp     string   // of the mail listener
	env      []string // more for the program's environment
	api      *client  // as administrator

	command *exec.Cmd
	ended   chan struct{}
	log     *os.File
}

const (
	administrator = "ines@desk.example"
	agent         = "amara@desk.example"
	helpAddress   = "help@desk.example"
)

// newDesk makes a data folder with two people and a token; nothing runs yet.
func newDesk(t testing.TB, change ...func(*desk)) *desk {
	t.Helper()
	d := bareDesk(t, change...)
	d.run("person", "add", "--email", administrator, "--name", "Ines Duarte", "--role", "administrator").want(0)
	d.run("person", "add", "--email", agent, "--name", "Amara Okafor", "--role", "agent", "--team", "first-line").want(0)
	token := d.run("token", "create", "--person", administrator).want(0)
	d.api = &client{TB: t, base: d.url(), token: strings.TrimSpace(token.stdout), http: &http.Client{Timeout: 30 * time.Second}}
	return d
}

// bareDesk makes an empty place for a data folder.
func bareDesk(t testing.TB, change ...func(*desk)) *desk {
	t.Helper()
	guard.NotShort(t)
	dir := folder(t)
	d := &desk{TB: t, data: filepath.Join(dir, "data"), listen: guard.Address(freePort(t)), lmtp: guard.Address(freePort(t))}
	for _, c := range change {
		c(d)
	}
	t.Cleanup(d.end)
	return d
}

// folder makes a temporary folder that other users can enter, unlike testing's own.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "goodturn-e2e-")
	must(t, err)
	must(t, os.Chmod(dir, 0o755))
	t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
	return dir
}

// freePort gives a port below those that the system gives to outgoing connections, so that none takes it
// while the program is down.
func freePort(t testing.TB) int {
	t.Helper()
	for range 100 {
		port := 15000 + rand.IntN(15000)
		if l, err := net.Listen("tcp", guard.Address(port)); err == nil {
			must(t, l.Close())
			return port
		}
	}
	t.Fatal("no free port")
	return 0
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (d *desk) url() string { return "http://" + d.listen }

// outcome is what a command that ended has left.
type outcome struct {
	testing.TB
	args           []string
	code           int
	stdout, stderr string
}

// run runs a command of the program on the data folder and waits for its end.
func (d *desk) run(args ...string) outcome { d.Helper(); return d.feed("", args...) }

// feed is run with something on standard input.
func (d *desk) feed(in string, args ...string) outcome {
	d.Helper()
	args = append(args, "--data", d.data)
	if d.database != "" && args[0] != "mail" {
		args = append(args, "--database", d.database)
	}
	return runProgram(d.TB, d.env, in, args...)
}

func runProgram(t testing.TB, env []string, in string, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, program, args...)
	var stdout, stderr bytes.Buffer
	c.Env, c.Stdin, c.Stdout, c.Stderr = append(os.Environ(), env...), strings.NewReader(in), &stdout, &stderr
	return ended(t, c, c.Run(), &stdout, &stderr)
}

func ended(t testing.TB, c *exec.Cmd, err error, stdout, stderr *bytes.Buffer) outcome {
	t.Helper()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s: %v", c, err)
	}
	return outcome{t, c.Args[1:], c.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// want checks the exit code, and that each of the words stands in what was printed.
func (o outcome) want(code int, words ...string) outcome {
	o.Helper()
	if o.code != code {
		o.Fatalf("goodturn %q ended with %d, want %d\n%s%s", o.args, o.code, code, o.stdout, o.stderr)
	}
	for _, w := range words {
		if !strings.Contains(o.stdout+o.stderr, w) {
			o.Errorf("goodturn %q does not say %q:\n%s%s", o.args, w, o.stdout, o.stderr)
		}
	}
	return o
}

// start starts serving and waits for the first answer.
func (d *desk) start() {
	d.Helper()
	d.launch()
	d.ready()
}

// launch starts serving and does not wait.
func (d *desk) launch() {
	d.Helper()
	if d.log == nil {
		var err error
		d.log, err = os.Create(filepath.Join(filepath.Dir(d.data), "log"))
		must(d, err)
	}
	c := exec.Command(program, d.serve()...)
	c.Env, c.Stdout, c.Stderr = append(os.Environ(), d.env...), d.log, d.log
	must(d, spawn(c))
	gone := make(chan struct{})
	go func() { _ = c.Wait(); close(gone) }()
	d.command, d.ended = c, gone
}

// serve gives the arguments that start the program.
func (d *desk) serve() []string {
	args := []string{"serve", "--data", d.data, "--listen", d.listen, "--mail-listen", d.lmtp, "--zone", "UTC", "--undo", "0s"}
	if d.database != "" {
		args = append(args, "--database", d.database)
	}
	return args
}

// ready waits until requests are answered.
func (d *desk) ready() {
	d.Helper()
	wait(d, 20*time.Second, "the program answers", func() error {
		select {
		case <-d.ended:
			d.Fatalf("serve ended with %d", d.command.ProcessState.ExitCode())
		default:
		}
		r, err := http.Get(d.url() + "/robots.txt")
		if err != nil {
			return err
		}
		return r.Body.Close()
	})
}

// kill is kill -9.
func (d *desk) kill() {
	d.Helper()
	must(d, d.command.Process.Kill())
	<-d.ended
}

// stop asks the program to end and gives its exit code and how long it took.
func (d *desk) stop() (code int, took time.Duration) {
	d.Helper()
	began := time.Now()
	must(d, d.command.Process.Signal(syscall.SIGTERM))
	select {
	case <-d.ended:
	case <-time.After(30 * time.Second):
		d.Errorf("the program has not ended %s after SIGTERM", time.Since(began))
		d.kill()
	}
	return d.command.ProcessState.ExitCode(), time.Since(began)
}

func (d *desk) end() {
	if d.command != nil {
		_ = d.command.Process.Kill()
		<-d.ended
	}
	if d.log == nil {
		return
	}
	if d.Failed() {
		d.Logf("the program's log:\n%s", d.tail(8000))
	}
	d.log.Close()
}

// tail gives the end of the program's log, at most n bytes.
func (d *desk) tail(n int) string {
	raw, _ := os.ReadFile(d.log.Name())
	return string(raw[max(0, len(raw)-n):])
}

// wait tries until it gives nil, and fails the test with its last error when the time is over.
func wait(t testing.TB, limit time.Duration, what string, try func() error) time.Duration {
	t.Helper()
	began := time.Now()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := try()
		if err == nil {
			return time.Since(began)
		}
		if time.Since(began) > limit {
			t.Fatalf("waited %s until %s: %v", limit, what, err)
		}
		<-tick.C
	}
}

// seed is that of a test with chance in it: GOODTURN_SEED, or a new one, which is printed.
func seed(t testing.TB) *rand.Rand {
	t.Helper()
	n, err := strconv.ParseUint(os.Getenv("GOODTURN_SEED"), 10, 64)
	if err != nil {
		n = rand.Uint64()
	}
	t.Logf("GOODTURN_SEED=%d", n)
	return rand.New(rand.NewPCG(n, n))
}
