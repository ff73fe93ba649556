package db_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
)

func TestWriteIsSeenAfterCommitOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		told := 0
		stop := errors.New("stop")
		err := d.Write(ctx, func(tx *db.Tx) error {
			tx.AfterCommit(func() { told++ })
			if _, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2)`, "a", "1"); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) || told != 0 {
			t.Fatalf("err %v, told %d", err, told)
		}
		err = d.Write(ctx, func(tx *db.Tx) error {
			tx.AfterCommit(func() { told++ })
			return tx.Try(ctx, func() error {
				_, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2)`, "b", "2")
				return err
			})
		})
		if err != nil || told != 1 {
			t.Fatalf("err %v, told %d", err, told)
		}
		if got := settings(t, d); len(got) != 1 || got[0].Name != "b" || got[0].Value != "2" {
			t.Fatalf("settings are %v", got)
		}
	})
}

func TestTryUndoesOnlyItsOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		err := d.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ('kept', '')`); err != nil {
				return err
			}
			err := tx.Try(ctx, func() error {
				_, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ('kept', 'twice')`)
				return err
			})
			if !errors.Is(err, db.ErrUnique) {
				t.Errorf("a second row of one key gives %v", err)
			}
			_, err = tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ('after', '')`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := settings(t, d); len(got) != 2 {
			t.Fatalf("settings are %v", got)
		}
	})
}

func TestReadCannotWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		err := d.Read(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ('a', '1')`)
			return err
		})
		if err == nil {
			t.Fatal("a read transaction wrote")
		}
		if got := settings(t, d); len(got) != 0 {
			t.Fatalf("settings are %v", got)
		}
	})
}

func TestManyWritersLoseNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 20 {
					if err := d.Write(ctx, func(tx *db.Tx) error {
						_, err := tx.Exec(ctx, `UPDATE counter SET value = value + 1 WHERE name = 'ticket'`)
						return err
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		var n int64
		err := d.Read(ctx, func(tx *db.Tx) (err error) {
			n, err = db.One[int64](ctx, tx, `SELECT value FROM counter WHERE name = 'ticket'`)
			return err
		})
		if err != nil || n != 1160 {
			t.Fatalf("counter is %d (%v)", n, err)
		}
	})
}

func TestEndedContextLeavesAUsableStore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ('a', '1')`)
			cancel()
			return errors.Join(err, ctx.Err())
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("err %v", err)
		}
		if got := settings(t, d); len(got) != 0 {
			t.Fatalf("settings are %v", got)
		}
	})
}

func TestMigrateTwiceChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := d.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE migration SET checksum = 'other' WHERE number = 1`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Migrate(t.Context()); err == nil {
			t.Fatal("a step that was applied in another form is taken for ours")
		}
	})
}

type setting struct{ Name, Value string }

func settings(t *testing.T, d *db.DB) (out []setting) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		out, err = db.All[setting](t.Context(), tx, `SELECT name, value FROM setting ORDER BY name`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestNobodyElseReadsTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "desk.db")
	d, err := db.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		s, err := os.Stat(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if s.Mode().Perm()&0o077 != 0 {
			t.Errorf("desk.db%s has mode %v", suffix, s.Mode())
		}
	}
}
