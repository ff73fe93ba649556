package db

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"goodturn/internal/clock"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migration is one numbered step. Steps only go forward.
type migration struct {
	Number   int
	Name     string
	Checksum string
	sql      string
}

// Migrate brings the store to the newest form, each step in a transaction of its own. It refuses a
// store that is newer than this program, or whose steps were other than ours.
func (d *DB) Migrate(ctx context.Context) error {
	steps, err := migrations(d.engine)
	if err != nil {
		return err
	}
	err = d.Write(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, `CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)`)
		return err
	})
	if err != nil {
		return fmt.Errorf("prepare migrations: %w", err)
	}
	for _, s := range steps {
		if err := d.Write(ctx, func(tx *Tx) error { return s.apply(ctx, tx) }); err != nil {
			return fmt.Errorf("migrate to %03d %s: %w", s.Number, s.Name, err)
		}
	}
	return d.Read(ctx, func(tx *Tx) error {
		last, err := One[int](ctx, tx, `SELECT max(number) FROM migration`)
		if err == nil && last > len(steps) {
			err = fmt.Errorf("the data was written by a newer Goodturn (form %d, this program knows %d): please start the newer program", last, len(steps))
		}
		return err
	})
}

// Form names the newest form of the store for an engine: it changes whenever a migration does.
func Form(e Engine) string {
	steps, err := migrations(e)
	if err != nil {
		return ""
	}
	h := sha256.New()
	for _, s := range steps {
		h.Write([]byte(s.Checksum))
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

func (m migration) apply(ctx context.Context, tx *Tx) error {
	done, err := All[string](ctx, tx, `SELECT checksum FROM migration WHERE number = $1`, m.Number)
	if err != nil {
		return err
	}
	if len(done) > 0 {
		if done[0] != m.Checksum {
			return fmt.Errorf("this step was applied in another form (checksum %.12s, here %.12s)", done[0], m.Checksum)
		}
		return nil
	}
	for _, s := range statements(m.sql) {
		if _, err := tx.Exec(ctx, s); err != nil {
			return fmt.Errorf("%w in: %.120s", err, s)
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO migration (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)`, m.Number, m.Name, m.Checksum, clock.Now())
	return err
}

// migrations reads the steps for one engine: NNN_name.sql for both, or a twin NNN_name.sqlite.sql and
// NNN_name.postgres.sql. The checksum is of the file as it is, before macros.
func migrations(e Engine) ([]migration, error) {
	files, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var out []migration
	for _, f := range files {
		name := strings.TrimSuffix(path.Base(f), ".sql")
		if base, only, twin := strings.Cut(name, "."); twin {
			if Engine(only) != e {
				continue
			}
			name = base
		}
		number, title, _ := strings.Cut(name, "_")
		n, err := strconv.Atoi(number)
		if err != nil || n != len(out)+1 {
			return nil, fmt.Errorf("migration %s is out of order: %03d is next", f, len(out)+1)
		}
		raw, err := migrationFiles.ReadFile(f)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(raw)
		text := strings.NewReplacer(macros(e)...).Replace(string(raw))
		out = append(out, migration{Number: n, Name: title, Checksum: hex.EncodeToString(sum[:]), sql: text})
	}
	return out, nil
}

// statements splits a migration at semicolons that end a line; comments are dropped.
func statements(text string) []string {
	var lines []string
	for l := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(l), "--") {
			lines = append(lines, l)
		}
	}
	var out []string
	for s := range strings.SplitSeq(strings.Join(lines, ""), ";\n") {
		if s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), ";")); s != "" {
			out = append(out, s)
		}
	}
	return out
}
