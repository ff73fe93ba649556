package guard

import (
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
	"testing"
)

// Missing ends a test whose server is not installed: a skip that names the command, or a failure where CI is set,
// since a run that should prove everything must not pass by leaving things out.
func Missing(tb testing.TB, what, install string) {
	tb.Helper()
	if os.Getenv("CI") != "" {
		tb.Fatalf("%s is not installed; install it with: %s", what, install)
	}
	tb.Skipf("%s is not installed; install it with: %s", what, install)
}

// NotShort skips a test that wants a real server when the tests run with -short.
func NotShort(tb testing.TB) {
	tb.Helper()
	if testing.Short() {
		tb.Skip("needs a real server, which -short leaves out")
	}
}

// Program gives the path of a program, looked for in PATH and then in the folders that hold servers, which a
// person's PATH often lacks; "" when it is not there.
func Program(name string) string {
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	for _, dir := range []string{"/usr/sbin", "/usr/local/sbin", "/sbin"} {
		if path, err := exec.LookPath(dir + "/" + name); err == nil {
			return path
		}
	}
	return ""
}

// User looks up the first of the names that exists, as the credential to run a server with.
func User(names ...string) (*syscall.Credential, error) {
	var last error
	for _, name := range names {
		u, err := user.Lookup(name)
		if err != nil {
			last = err
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, last
}
