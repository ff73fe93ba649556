package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"syscall"
	"testing"
	"time"

	"goodturn/internal/testserver/guard"

	"github.com/jackc/pgx/v5"
)

// Install is the command that brings the binaries on Debian.
const Install = "apt-get install --no-install-recommends postgresql"

// Cluster is one running throw-away cluster.
type Cluster struct {
	process *guard.Process
	folder  string
	port    int
}

// Options says how the cluster is to be.
type Options struct {
	Durable bool // sync to disk as a real server does, for measurements; tests are better off without
}

// always are the settings of every cluster.
var always = []string{
	"max_connections=300", "listen_addresses=127.0.0.1", "timezone=UTC", "log_timezone=UTC",
	"log_min_messages=warning", "logging_collector=off", "log_destination=stderr",
}

// quick trades safety for speed: a test's data is worth nothing after the test.
var quick = []string{
	"fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
	"max_wal_size=1GB", "checkpoint_timeout=1h",
}

// Start makes and runs a cluster. Stop ends it; so does the end of this process.
func Start(options Options) (*Cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	cred, err := credential()
	if err != nil {
		return nil, fmt.Errorf("find a user to run PostgreSQL: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	// A port that was free can be taken before the server binds it, so a failure is tried again.
	for range 3 {
		var c *Cluster
		if c, err = start(ctx, bin, cred, options); err == nil {
			return c, nil
		}
	}
	return nil, err
}

func start(ctx context.Context, bin string, cred *syscall.Credential, options Options) (*Cluster, error) {
	folder, err := makeFolder(cred, options)
	if err != nil {
		return nil, err
	}
	c := &Cluster{folder: folder}
	data := filepath.Join(folder, "data")
	if err := initialise(bin, data, cred); err != nil {
		_ = os.RemoveAll(folder)
		return nil, err
	}
	if err := c.serve(ctx, bin, data, cred, options); err != nil {
		_ = os.RemoveAll(folder)
		return nil, err
	}
	return c, nil
}

func (c *Cluster) serve(ctx context.Context, bin, data string, cred *syscall.Credential, options Options) error {
	port, err := guard.Port()
	if err != nil {
		return err
	}
	c.port = port
	args := []string{filepath.Join(bin, "postgres"), "-D", data, "-p", strconv.Itoa(port), "-k", c.socket()}
	settings := always
	if !options.Durable {
		settings = slices.Concat(always, quick)
	}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	// INT is PostgreSQL's "fast" shutdown: sessions are ended, the cluster is left in order.
	spec := guard.Spec{Args: args, Folder: c.folder, Log: filepath.Join(c.folder, "log"), Signal: "INT", Credential: cred}
	c.process, err = guard.Start(spec)
	if err != nil {
		return err
	}
	err = c.process.Await(ctx, func(ctx context.Context) error {
		conn, err := pgx.Connect(ctx, c.address("postgres", "postgres"))
		if err != nil {
			return err
		}
		return conn.Close(ctx)
	})
	if err == nil {
		err = c.prepare(ctx)
	}
	if err != nil {
		_ = c.process.Stop()
	}
	return err
}

// prepare makes the role that the tests use; a superuser would hide what a plain one is refused.
func (c *Cluster) prepare(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, c.address("postgres", "postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "CREATE ROLE goodturn LOGIN CREATEDB"); err != nil {
		return fmt.Errorf("make role: %w", err)
	}
	if _, err := conn.Exec(ctx, "CREATE DATABASE goodturn OWNER goodturn"); err != nil {
		return fmt.Errorf("make database: %w", err)
	}
	return nil
}

// URL gives the address of a database in the cluster, for the role goodturn, which needs no password. A database "goodturn"
// that this role owns is there from the start.
func (c *Cluster) URL(database string) string { return c.address("goodturn", database) }

func (c *Cluster) address(role, database string) string {
	return fmt.Sprintf("postgres://%s@%s/%s?sslmode=disable", role, guard.Address(c.port), database)
}

// Stop ends the cluster and removes its folder.
func (c *Cluster) Stop() error { return c.process.Stop() }

// socket gives the folder of the unix socket, or "" (none) where the path would be longer than the 107 bytes a socket may have.
func (c *Cluster) socket() string {
	if len(c.folder) > 80 {
		return ""
	}
	return c.folder
}

// initialise makes the files of a cluster. The linguistic collation is on purpose where it can be had: most servers have
// one, and code that relies on byte order should fail here first.
func initialise(bin, data string, cred *syscall.Credential) error {
	base := []string{"-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8"}
	var out []byte
	var err error
	for _, locale := range [][]string{{"--locale=C", "--locale-provider=icu", "--icu-locale=und"}, {"--no-locale"}} {
		cmd := exec.Command(filepath.Join(bin, "initdb"), append(base, locale...)...)
		cmd.Dir = filepath.Dir(data)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: cred}
		if out, err = cmd.CombinedOutput(); err == nil {
			return nil
		}
		_ = os.RemoveAll(data)
	}
	return fmt.Errorf("initdb: %w\n%s", err, out)
}

// memory is where Linux keeps files in memory. Each test's database is made of some fifteen hundred files, which takes a disk four times as long.
const memory = "/dev/shm"

// base gives where clusters are kept: in memory where there is room for those of many tests, unless they are to be durable; else "", the usual place.
func base(options Options) string {
	var free syscall.Statfs_t
	if options.Durable || syscall.Statfs(memory, &free) != nil || free.Bavail*uint64(free.Bsize) < 4<<30 {
		return ""
	}
	return memory
}

// makeFolder makes a folder that the server's user owns. It is not tb.TempDir, whose parents only the caller may enter.
func makeFolder(cred *syscall.Credential, options Options) (string, error) {
	folder, err := os.MkdirTemp(base(options), "goodturn-postgres-")
	if err != nil {
		return "", fmt.Errorf("make folder: %w", err)
	}
	if cred == nil {
		return folder, nil
	}
	if err := os.Chown(folder, int(cred.Uid), int(cred.Gid)); err != nil {
		return "", fmt.Errorf("give folder away: %w", err)
	}
	return folder, nil
}

// credential names an unprivileged user when we are root: PostgreSQL refuses to run as root.
func credential() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	return guard.User("postgres", "nobody")
}

// binaries gives the folder with initdb and postgres: the newest of Debian's, else the one in PATH.
func binaries() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
		return n
	}
	sort.Slice(found, func(a, b int) bool { return version(found[a]) > version(found[b]) })
	for _, initdb := range found {
		bin := filepath.Dir(initdb)
		if _, err := os.Stat(filepath.Join(bin, "postgres")); err == nil {
			return bin, nil
		}
	}
	if path := guard.Program("initdb"); path != "" {
		return filepath.Dir(path), nil
	}
	return "", errors.New("PostgreSQL is not installed; install it with: " + Install)
}

func missing(tb testing.TB) {
	tb.Helper()
	guard.Missing(tb, "PostgreSQL", Install)
}
