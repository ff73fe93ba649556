// Package postgres gives tests a throw-away PostgreSQL.
//
// The cluster is made from the installed binaries (14 or newer) in a temporary folder, runs as an unprivileged user even when
// the tests run as root, listens on a free loopback port, and is gone when the process that started it ends, however it ends.
// With GOODTURN_TEST_POSTGRES set (make test sets it, see the command beside this package) all packages share that cluster;
// otherwise each test process starts one of its own when the first test asks.
//
// Invariants: a test gets a database of its own and never sees another's; the role in the URLs is no superuser, as on a
// well-kept server; nothing is synced to disk unless Options.Durable asks for it.
//
//	url := postgres.NewDatabase(t, "")           // empty
//	tpl := postgres.Template(t, "schema-7", fill) // filled once a cluster
//	url = postgres.NewDatabase(t, tpl)           // a copy, some 30 ms
package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Variable names the environment variable that holds the URL of a cluster to share.
const Variable = "GOODTURN_TEST_POSTGRES"

// own is the cluster of this process; it is ended by its guard when the process ends.
var own = sync.OnceValues(func() (*Cluster, error) { return Start(Options{}) })

// URL gives the address of a running cluster, "postgres://goodturn@127.0.0.1:PORT/postgres?sslmode=disable": the shared one
// or this process' own. It skips the test when PostgreSQL is not installed (under CI it fails).
func URL(tb testing.TB) string {
	tb.Helper()
	if shared := os.Getenv(Variable); shared != "" {
		return shared
	}
	if _, err := binaries(); err != nil {
		missing(tb)
	}
	c, err := own()
	if err != nil {
		tb.Fatalf("start PostgreSQL: %v", err)
	}
	return c.URL("postgres")
}

// NewDatabase makes a fresh database, a copy of template unless that is "", and gives its URL. It is dropped at the end of the test,
// with whatever is still connected.
func NewDatabase(tb testing.TB, template string) string {
	tb.Helper()
	base := URL(tb)
	name := "t_" + strings.ToLower(rand.Text()[:16])
	create := "CREATE DATABASE " + quote(name)
	if template != "" {
		create += " TEMPLATE " + quote(template) + " STRATEGY FILE_COPY" // a quarter of the time that the usual way takes, which logs each block
	}
	run(tb, base, create)
	tb.Cleanup(func() { run(tb, base, "DROP DATABASE "+quote(name)+" WITH (FORCE)") })
	return withDatabase(base, name)
}

// Template gives the name of a database that fill has filled, to be copied by NewDatabase. It is filled once a cluster for each
// key (a checksum of the migrations, say), however many processes ask at once; fill gets its URL and must have closed every connection
// when it returns.
func Template(tb testing.TB, key string, fill func(ctx context.Context, url string) error) string {
	tb.Helper()
	base, name := URL(tb), "template_"+key
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if err := template(ctx, base, name, fill); err != nil {
		tb.Fatalf("make template database %s: %v", name, err)
	}
	return name
}

// template fills under another name first: a template that exists is a template that is whole.
func template(ctx context.Context, base, name string, fill func(context.Context, string) error) error {
	conn, err := pgx.Connect(ctx, base)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(hashtext($1))", name); err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	var there bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&there); err != nil || there {
		return err
	}
	half := name + "_half"
	if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+quote(half)+" WITH (FORCE)"); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+quote(half)); err != nil {
		return err
	}
	if err := fill(ctx, withDatabase(base, half)); err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE "+quote(half)+" RENAME TO "+quote(name))
	return err
}

// run executes one statement on a connection of its own. It has its own deadline because the test's context has ended when a
// cleanup runs.
func run(tb testing.TB, base, statement string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, base)
	if err != nil {
		tb.Fatalf("connect to PostgreSQL: %v", err)
	}
	defer conn.Close(ctx)
	for {
		_, err := conn.Exec(ctx, statement)
		// Only the superuser may end a worker of autovacuum that is in the database; it leaves by itself.
		var refused *pgconn.PgError
		if errors.As(err, &refused) && refused.Code == "42501" && ctx.Err() == nil {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		if err != nil {
			tb.Fatalf("%s: %v", statement, err)
		}
		return
	}
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }

// withDatabase puts another database into a URL.
func withDatabase(base, name string) string {
	u, err := url.Parse(base)
	if err != nil {
		panic("the test PostgreSQL's URL cannot be read: " + err.Error())
	}
	u.Path = "/" + name
	return u.String()
}
