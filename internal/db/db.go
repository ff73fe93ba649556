// Package db opens the one store of Goodturn, SQLite in a file or PostgreSQL, and runs
// transactions on it. It knows nothing of help desks.
//
// One SQL text serves both engines: it is written for PostgreSQL, in the subset that SQLite
// shares ($1…$n, RETURNING, ON CONFLICT, row values, BIGINT milliseconds). What differs is kept in
// dialect.go. Invariants: there is one writer at a time on SQLite and it begins IMMEDIATE; readers
// cannot write; a function given to Write may run twice, so it acts only through its Tx; Tx.Now
// stands still; what must happen after the commit is said with Tx.AfterCommit.
//
//	err := d.Write(ctx, func(tx *db.Tx) error {
//		_, err := tx.Exec(ctx, `UPDATE ticket SET status = $1 WHERE id = $2`, "open", 1042)
//		return err
//	})
package db

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"goodturn/internal/clock"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"
)

// Engine is one of the two databases.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is an open store. It is safe for use by many goroutines.
type DB struct {
	engine Engine
	writes chan *sqliteConn            // SQLite only: holds the one writer
	reads  chan *sqliteConn            // SQLite only: holds the readers
	pools  []*sql.DB                   // closed with the store; for PostgreSQL the one pool
	heard  func(name string, id int64) // see Listen
	clock  func() clock.Instant        // see SetClock
}

// SetClock has transactions take their moment (Tx.Now) from another clock than the real one: a simulation's. Call it before the store
// is used by several.
func (d *DB) SetClock(now func() clock.Instant) { d.clock = now }

func (d *DB) now() clock.Instant {
	if d.clock != nil {
		return d.clock()
	}
	return clock.Now()
}

// Open opens the store named by address: a postgres:// URL, or the path of an SQLite file, which is
// made with its folder when missing. It does not migrate; see Migrate.
func Open(ctx context.Context, address string) (*DB, error) {
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		return openPostgres(ctx, address)
	}
	return openSQLite(ctx, address)
}

// Engine tells which database this is.
func (d *DB) Engine() Engine { return d.engine }

// Close waits for running transactions and ends all connections.
func (d *DB) Close() error {
	var first error
	for range cap(d.reads) {
		(<-d.reads).close()
	}
	if d.writes != nil {
		(<-d.writes).close()
	}
	for _, p := range d.pools {
		if err := p.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

const (
	postgresConnections = 16
	sqliteReaders       = 4
)

func openPostgres(ctx context.Context, address string) (*DB, error) {
	pool, err := sql.Open("pgx", address)
	if err != nil {
		return nil, fmt.Errorf("read the database URL: %w", err)
	}
	pool.SetMaxOpenConns(postgresConnections)
	pool.SetMaxIdleConns(postgresConnections)
	if err := pool.PingContext(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach PostgreSQL: %w", err)
	}
	return &DB{engine: Postgres, pools: []*sql.DB{pool}}, nil
}

// Every SQLite connection waits up to five seconds for another process, and keeps temporary
// trees in memory. The writer makes each commit durable before it returns.
const sqlitePragmas = "?_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=temp_store(2)"

func openSQLite(ctx context.Context, path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	// SQLite gives its other files the rights of this one; nobody else on the machine may read them.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the database file: %w", err)
	}
	f.Close()
	d := &DB{engine: SQLite, writes: make(chan *sqliteConn, 1), reads: make(chan *sqliteConn, sqliteReaders)}
	w, err := d.openSQLitePool(ctx, path, "&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=cache_size(-16000)&_pragma=journal_size_limit(67108864)", 1, d.writes)
	if err != nil {
		return nil, err
	}
	d.pools = append(d.pools, w)
	r, err := d.openSQLitePool(ctx, path, "&_pragma=query_only(1)&_pragma=cache_size(-8000)", sqliteReaders, d.reads)
	if err != nil {
		(<-d.writes).close()
		w.Close()
		return nil, err
	}
	d.pools = append(d.pools, r)
	return d, nil
}

func (d *DB) openSQLitePool(ctx context.Context, path, pragmas string, n int, into chan *sqliteConn) (*sql.DB, error) {
	name := "file:" + (&url.URL{Path: path}).EscapedPath() + sqlitePragmas + pragmas
	pool, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, fmt.Errorf("open the database file: %w", err)
	}
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	for range n {
		c, err := pool.Conn(ctx)
		if err != nil {
			pool.Close()
			return nil, fmt.Errorf("open the database file %s: %w", path, classify(err))
		}
		into <- &sqliteConn{conn: c, statements: map[string]*sql.Stmt{}}
	}
	return pool, nil
}
