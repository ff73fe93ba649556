package db_test

import (
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
)

type word string

// What browsers and mails send is not always text. Neither engine may stumble over it, and it must not be taken for
// something else that it resembles.
func TestTextThatNoDatabaseHolds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		for sent, kept := range map[string]string{"a\x00b": "a\uFFFDb", "c\xff\xfed": "c\uFFFDd", "plain ü": "plain ü"} {
			err := d.Write(ctx, func(tx *db.Tx) error {
				if _, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2)`, sent, word(sent)); err != nil {
					return err
				}
				got, err := db.All[string](ctx, tx, `SELECT value FROM setting WHERE name = $1`, word(sent))
				if len(got) != 1 || got[0] != kept {
					t.Errorf("%q came back as %q", sent, got)
				}
				return err
			})
			if err != nil {
				t.Errorf("%q: %v", sent, err)
			}
		}
		err := d.Read(ctx, func(tx *db.Tx) error {
			found, err := db.Exists(ctx, tx, `SELECT 1 FROM setting WHERE name = $1`, "ab")
			if found {
				t.Error("a NUL was left out, so that one name was found by another")
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// A hook that panics is somebody's mistake; the change is durable, the other hooks are called, and the store goes on.
func TestPanicAfterCommitOrInside(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		told := false
		try := func(fn func(tx *db.Tx) error) (p any) {
			defer func() { p = recover() }()
			_ = d.Write(ctx, fn)
			return nil
		}
		insert := func(tx *db.Tx, name string) {
			if _, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, '')`, name); err != nil {
				t.Error(err)
			}
		}
		if p := try(func(tx *db.Tx) error {
			tx.AfterCommit(func() { panic("hook") })
			tx.AfterCommit(func() { told = true })
			insert(tx, "kept")
			return nil
		}); p == nil {
			t.Error("the panic of a hook was swallowed")
		}
		if !told {
			t.Error("the hook after one that panicked was not called")
		}
		if p := try(func(tx *db.Tx) error { insert(tx, "undone"); panic("inside") }); p == nil {
			t.Error("the panic inside was swallowed")
		}
		err := d.Write(ctx, func(tx *db.Tx) error {
			names, err := db.All[string](ctx, tx, `SELECT name FROM setting ORDER BY name`)
			if len(names) != 1 || names[0] != "kept" {
				t.Errorf("stored are %q", names)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
