// Package dbtest gives each test a fresh, migrated store on every engine, so that whatever touches
// the store is tested on both.
//
//	func TestClose(t *testing.T) {
//		dbtest.Each(t, func(t *testing.T, d *db.DB) { … })
//	}
//
// GOODTURN_TEST_ENGINES ("sqlite", "postgres" or "sqlite,postgres", the default) chooses the engines.
package dbtest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/testserver/postgres"
)

// Each runs test once an engine, each time on an empty migrated store of its own.
func Each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	for _, e := range Engines() {
		t.Run(string(e), func(t *testing.T) {
			test(t, Open(t, e))
		})
	}
}

// Engines lists the engines to test on.
func Engines() []db.Engine {
	names := os.Getenv("GOODTURN_TEST_ENGINES")
	if names == "" {
		names = "sqlite,postgres"
	}
	var out []db.Engine
	for n := range strings.SplitSeq(names, ",") {
		out = append(out, db.Engine(strings.TrimSpace(n)))
	}
	return out
}

// Open gives an empty migrated store that is closed with the test.
func Open(tb testing.TB, e db.Engine) *db.DB {
	tb.Helper()
	d, err := db.Open(tb.Context(), Address(tb, e))
	if err != nil {
		tb.Fatalf("open the %s store: %v", e, err)
	}
	tb.Cleanup(func() { d.Close() })
	return d
}

// Address makes an empty migrated store and gives the address to open it by.
func Address(tb testing.TB, e db.Engine) string {
	tb.Helper()
	if e == db.Postgres {
		template := postgres.Template(tb, "goodturn-"+db.Form(db.Postgres), func(_ context.Context, url string) error { return migrate(url) })
		return postgres.NewDatabase(tb, template)
	}
	path := filepath.Join(tb.TempDir(), "desk.db")
	if err := os.WriteFile(path, sqliteTemplate(), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// sqliteTemplate is the bytes of a migrated, empty file: copying it takes a millisecond.
var sqliteTemplate = sync.OnceValue(func() []byte {
	dir, err := os.MkdirTemp("", "goodturn-template-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "desk.db")
	if err := migrate(path); err != nil {
		panic(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	return raw
})

func migrate(address string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, address)
	if err != nil {
		return err
	}
	if err := d.Migrate(ctx); err != nil {
		d.Close()
		return err
	}
	return d.Close()
}
