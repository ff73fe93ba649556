package dbtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"goodturn/internal/db"
)

// Column is a column of a table.
type Column struct{ Table, Column string }

// What the engines know of their tables.
const (
	referringSQLite   = `SELECT m.name AS "table", f."from" AS "column" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f."table" = $1 ORDER BY 1, 2`
	referringPostgres = `SELECT c.conrelid::regclass::text AS "table", a.attname::text AS "column" FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
			WHERE c.contype = 'f' AND c.confrelid = CAST(CAST($1 AS TEXT) AS regclass) ORDER BY 1, 2`
	fieldsSQLite   = `SELECT c.name, lower(c.type) AS type, c."notnull" = 1 AND c.dflt_value IS NULL OR c.pk > 0 AND lower(c.type) <> 'integer' AS wanted FROM pragma_table_info($1) c`
	fieldsPostgres = `SELECT c.column_name::text AS name, c.data_type::text AS type, c.is_nullable = 'NO' AND c.column_default IS NULL AND c.is_identity = 'NO' AS wanted
			FROM information_schema.columns c WHERE c.table_schema = current_schema() AND c.table_name = $1`
)

// Referring lists the columns that refer to a table, by their foreign keys.
func Referring(tb testing.TB, tx *db.Tx, table string) []Column {
	tb.Helper()
	query := referringSQLite
	if tx.Engine() == db.Postgres {
		query = referringPostgres
	}
	all, err := db.All[Column](tb.Context(), tx, query, table)
	if err != nil || len(all) == 0 {
		tb.Fatalf("which columns refer to %s: %d, %v", table, len(all), err)
	}
	return all
}

// errLoose has what was done within Loose taken back.
var errLoose = errors.New("taken back")

// Loose runs fn in a transaction that looks at no foreign key, so that rows can be made that stand for anything, and takes all of it back.
func Loose(tb testing.TB, d *db.DB, fn func(tx *db.Tx)) {
	tb.Helper()
	err := d.Write(tb.Context(), func(tx *db.Tx) error {
		free := `PRAGMA defer_foreign_keys = ON`
		if tx.Engine() == db.Postgres {
			free = `DO $$ DECLARE c record; BEGIN
				FOR c IN SELECT conrelid::regclass AS of, conname FROM pg_constraint WHERE contype = 'f' LOOP
					EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I DEFERRABLE INITIALLY DEFERRED', c.of, c.conname);
				END LOOP; END $$`
		}
		if _, err := tx.Exec(tb.Context(), free); err != nil {
			return err
		}
		fn(tx)
		return errLoose
	})
	if !errors.Is(err, errLoose) {
		tb.Fatal(err)
	}
}

type field struct {
	Name, Type string
	Wanted     bool // has to be given
}

func fields(ctx context.Context, tx *db.Tx, table string) ([]field, error) {
	query := fieldsSQLite
	if tx.Engine() == db.Postgres {
		query = fieldsPostgres
	}
	return db.All[field](ctx, tx, query, table)
}

// Row puts a row into a table, within Loose: set are the values that matter, all others that are needed are made up, and n makes them different from those of other
// rows.
func Row(tb testing.TB, tx *db.Tx, table string, n int, set map[string]any) {
	tb.Helper()
	all, err := fields(tb.Context(), tx, table)
	if err != nil {
		tb.Fatal(err)
	}
	var names, marks []string
	var args db.Args
	for _, f := range all {
		value, given := set[f.Name]
		if !given && !f.Wanted {
			continue
		}
		if !given {
			switch f.Type {
			case "text", "character varying":
				value = fmt.Sprintf("x%d", n)
			case "boolean":
				value = false
			case "bytea", "blob":
				value = fmt.Appendf(nil, "x%d", n)
			case "jsonb", "json":
				value = "{}"
			case "double precision", "real":
				value = 1.0
			default:
				value = n
			}
		}
		names, marks = append(names, f.Name), append(marks, args.Add(value))
	}
	if len(names) < len(set) {
		tb.Fatalf("%s has no %v", table, slices.Collect(func(yield func(string) bool) {
			for name := range set {
				if !slices.Contains(names, name) && !yield(name) {
					return
				}
			}
		}))
	}
	if _, err := tx.Exec(tb.Context(), `INSERT INTO `+table+` (`+strings.Join(names, ", ")+`) VALUES (`+strings.Join(marks, ", ")+`)`, args...); err != nil {
		tb.Fatalf("a row of %s: %v", table, err)
	}
}
