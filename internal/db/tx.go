package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"goodturn/internal/clock"
)

// Tx is one running transaction. It must not be used by two goroutines at once, nor after the
// function it was given to has returned.
type Tx struct {
	// Now is the moment the transaction began; it does not move while it runs.
	Now clock.Instant

	run    runner
	engine Engine
	before []func() error
	after  []func()
	depth  int
	heard  func(name string, id int64)
	notes  map[any]any
	writes int
}

// runner is what a Tx acts through: a connection with a statement cache on SQLite, a
// database/sql transaction on PostgreSQL.
type runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Tries of a transaction that the engine asks to run again.
const maxTries = 6

// Write runs fn in a transaction that may change things and commits it when fn returns nil. When the
// engine asks for it (a deadlock, a serialization failure), fn runs again from the start.
func (d *DB) Write(ctx context.Context, fn func(tx *Tx) error) error {
	var err error
	run := func(tx *Tx) error {
		tx.heard = d.heard
		return fn(tx)
	}
	for range maxTries {
		var after []func()
		if d.engine == SQLite {
			after, err = d.writeSQLite(ctx, run)
		} else {
			after, err = d.runPostgres(ctx, nil, run)
		}
		if err == nil {
			callAll(after)
			return nil
		}
		if !wantsRetry(err) || ctx.Err() != nil {
			break
		}
	}
	return err
}

// Read runs fn in a transaction that sees one state of the store and cannot change it.
func (d *DB) Read(ctx context.Context, fn func(tx *Tx) error) error {
	if d.engine == Postgres {
		_, err := d.runPostgres(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}, fn)
		return err
	}
	select {
	case c := <-d.reads:
		defer func() { d.reads <- c }()
		_, err := c.run(ctx, "BEGIN", d.now(), fn)
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *DB) writeSQLite(ctx context.Context, fn func(tx *Tx) error) ([]func(), error) {
	select {
	case c := <-d.writes:
		defer func() { d.writes <- c }()
		return c.run(ctx, "BEGIN IMMEDIATE", d.now(), fn)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (d *DB) runPostgres(ctx context.Context, o *sql.TxOptions, fn func(tx *Tx) error) (after []func(), err error) {
	t, err := d.pools[0].BeginTx(ctx, o)
	if err != nil {
		return nil, classify(err)
	}
	defer t.Rollback()
	defer func() { // a context that ends rolls back behind our back, and the next statement finds it gone
		if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
			err = ctx.Err()
		}
	}()
	tx := &Tx{Now: d.now(), run: t, engine: Postgres}
	if err := fn(tx); err != nil {
		return nil, err
	}
	if err := tx.Settle(); err != nil {
		return nil, err
	}
	if err := t.Commit(); err != nil {
		return nil, classify(err)
	}
	return tx.after, nil
}

// callAll calls all of them, also when one panics.
func callAll(after []func()) {
	for i, f := range after {
		func() {
			panics := true
			defer func() {
				if panics {
					callAll(after[i+1:])
				}
			}()
			f()
			panics = false
		}()
	}
}

// Engine tells which database the transaction runs on, for the few seams that differ.
func (tx *Tx) Engine() Engine { return tx.engine }

// BeforeCommit has f called at the end of the transaction, before it is committed, in the order asked for.
// An error undoes the transaction. It is for what is cheaper to write at once and last, such as an index.
func (tx *Tx) BeforeCommit(f func() error) { tx.before = append(tx.before, f) }

// Settle does now what was put off with BeforeCommit, for somebody who needs to read it. It must
// not be called within Try.
func (tx *Tx) Settle() error {
	for len(tx.before) > 0 {
		f := tx.before[0]
		tx.before = tx.before[1:]
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

// Notes are what features remember for as long as the transaction runs, each under a key of its own type. Try does not undo them.
func (tx *Tx) Notes() map[any]any {
	if tx.notes == nil {
		tx.notes = map[any]any{}
	}
	return tx.notes
}

// Writes is how many statements have changed something so far: while it stands still, so does what was read.
func (tx *Tx) Writes() int { return tx.writes }

// AfterCommit has f called once the transaction is durable, and not at all if it is rolled back.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// Signal tells whoever listens (DB.Listen), once the transaction is durable, that something changed: name is the kind of
// thing, id which one, 0 for all of them.
func (tx *Tx) Signal(name string, id int64) {
	if heard := tx.heard; heard != nil {
		tx.AfterCommit(func() { heard(name, id) })
	}
}

// Listen has f called for each Signal of a transaction that was committed, in the goroutine that committed it. Call it once,
// before the store is used by several.
func (d *DB) Listen(f func(name string, id int64)) { d.heard = f }

// Exec runs a statement and gives the number of rows it changed.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	tx.writes++
	res, err := tx.run.ExecContext(ctx, query, storable(args)...)
	if err != nil {
		return 0, classify(err)
	}
	n, err := res.RowsAffected()
	return n, classify(err)
}

// Query runs a statement and hands each row to row, which scans it. Most callers want All or One.
func (tx *Tx) Query(ctx context.Context, row func(*sql.Rows) error, query string, args ...any) error {
	if !strings.HasPrefix(query, "SELECT") {
		tx.writes++
	}
	rows, err := tx.run.QueryContext(ctx, query, storable(args)...)
	if err != nil {
		return classify(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return classify(rows.Err())
}

// Lock makes other transactions that lock the same row wait until this one ends, so that a decision
// may rest on what the row says. SQLite has one writer anyway.
func (tx *Tx) Lock(ctx context.Context, table string, id int64) error {
	if tx.engine == SQLite {
		return nil
	}
	row := lockNote{table, id}
	if tx.Notes()[row] != nil {
		return nil
	}
	_, err := tx.Exec(ctx, "SELECT 1 FROM "+table+" WHERE id = $1 FOR UPDATE", id)
	if err == nil && tx.depth == 0 { // what is locked within Try is free again when that is undone
		tx.Notes()[row] = true
	}
	return err
}

// lockNote remembers a row that is locked until the transaction ends.
type lockNote struct {
	table string
	id    int64
}

// Try runs fn in a savepoint: when fn fails, what it did is undone, its error is returned, and the
// transaction goes on.
func (tx *Tx) Try(ctx context.Context, fn func() error) error {
	tx.depth++
	defer func() { tx.depth-- }()
	name := fmt.Sprintf("try%d", tx.depth)
	if _, err := tx.Exec(ctx, "SAVEPOINT "+name); err != nil {
		return err
	}
	after, before := len(tx.after), len(tx.before)
	if err := fn(); err != nil {
		tx.after, tx.before = tx.after[:after], tx.before[:min(before, len(tx.before))]
		if _, back := tx.Exec(ctx, "ROLLBACK TO SAVEPOINT "+name); back != nil {
			return errors.Join(err, back)
		}
		_, _ = tx.Exec(ctx, "RELEASE SAVEPOINT "+name)
		return err
	}
	_, err := tx.Exec(ctx, "RELEASE SAVEPOINT "+name)
	return err
}

// sqliteConn is one connection with its prepared statements: preparing anew costs a quarter of a
// point read.
type sqliteConn struct {
	conn       *sql.Conn
	statements map[string]*sql.Stmt
}

// More distinct texts than this are a sign of built SQL; then the cache starts afresh.
const maxStatements = 500

func (c *sqliteConn) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := c.statements[query]; ok {
		return s, nil
	}
	if len(c.statements) >= maxStatements {
		for _, s := range c.statements {
			s.Close()
		}
		clear(c.statements)
	}
	s, err := c.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.statements[query] = s
	return s, nil
}

// close gives the connection back to its pool, which is about to end.
func (c *sqliteConn) close() {
	for _, s := range c.statements {
		s.Close()
	}
	c.conn.Close()
}

func (c *sqliteConn) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

func (c *sqliteConn) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// run begins, calls fn and commits. The closing statement must run even when ctx has ended, or the
// connection would stay in its transaction. The opening one must not be cut off either: the driver reports
// a context that ends while a statement returns as the statement's failure, although it has begun.
func (c *sqliteConn) run(ctx context.Context, begin string, now clock.Instant, fn func(tx *Tx) error) (after []func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ending := context.WithoutCancel(ctx)
	if _, err := c.ExecContext(ending, begin); err != nil {
		return nil, classify(err)
	}
	done := false
	defer func() {
		if !done {
			_, _ = c.ExecContext(ending, "ROLLBACK")
		}
	}()
	tx := &Tx{Now: now, run: c, engine: SQLite}
	if err := fn(tx); err != nil {
		return nil, err
	}
	if err := tx.Settle(); err != nil {
		return nil, err
	}
	if _, err := c.ExecContext(ending, "COMMIT"); err != nil {
		return nil, classify(err)
	}
	done = true
	return tx.after, nil
}

// Prepare checks that a statement is good on this engine, without running it.
func (d *DB) Prepare(ctx context.Context, query string) error {
	var s *sql.Stmt
	var err error
	if d.engine == SQLite {
		c := <-d.writes
		defer func() { d.writes <- c }()
		s, err = c.conn.PrepareContext(ctx, query)
	} else {
		s, err = d.pools[0].PrepareContext(ctx, query)
	}
	if err != nil {
		return classify(err)
	}
	return s.Close()
}
