package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
)

// ErrNoRow says that One found nothing.
var ErrNoRow = errors.New("no such row")

// All runs a query and gives each row as a T: a struct whose fields are matched to columns by name
// (`db:"name"`, or the field's name in snake case; embedded structs are flattened), or a single value
// for a query of one column. NULL becomes the zero value.
func All[T any](ctx context.Context, tx *Tx, query string, args ...any) ([]T, error) {
	var out []T
	var m *mapping
	err := tx.Query(ctx, func(rows *sql.Rows) error {
		if m == nil {
			var err error
			if m, err = mappingOf(rows, reflect.TypeFor[T]()); err != nil {
				return err
			}
		}
		var v T
		if err := m.scan(rows, reflect.ValueOf(&v).Elem()); err != nil {
			return err
		}
		out = append(out, v)
		return nil
	}, query, args...)
	return out, err
}

// One is All for a query that gives at most one row; none is ErrNoRow.
func One[T any](ctx context.Context, tx *Tx, query string, args ...any) (T, error) {
	all, err := All[T](ctx, tx, query, args...)
	if err == nil && len(all) == 0 {
		err = ErrNoRow
	}
	if err != nil {
		var none T
		return none, err
	}
	return all[0], nil
}

// Exists tells whether a query gives any row.
func Exists(ctx context.Context, tx *Tx, query string, args ...any) (bool, error) {
	found := false
	err := tx.Query(ctx, func(*sql.Rows) error { found = true; return nil }, query, args...)
	return found, err
}

// Args collects the arguments of a statement that is put together from parts.
type Args []any

// Add appends v and gives its placeholder, "$3".
func (a *Args) Add(v any) string {
	*a = append(*a, v)
	return "$" + strconv.Itoa(len(*a))
}

// List adds every value and gives "$3, $4, $5" for use in IN (…); with no value it gives NULL, which
// nothing equals.
func List[T any](a *Args, values []T) string {
	if len(values) == 0 {
		return "NULL"
	}
	p := make([]string, len(values))
	for i, v := range values {
		p[i] = a.Add(v)
	}
	return strings.Join(p, ", ")
}

// mapping says where in a T each column of one query goes.
type mapping struct {
	columns []string
	paths   [][]int // nil: the T itself
	cells   []cell
	targets []any
}

func mappingOf(rows *sql.Rows, t reflect.Type) (*mapping, error) {
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	m := &mapping{columns: names, paths: make([][]int, len(names)), cells: make([]cell, len(names)), targets: make([]any, len(names))}
	for i := range m.cells {
		m.targets[i] = &m.cells[i]
	}
	if t.Kind() != reflect.Struct || reflect.PointerTo(t).Implements(reflect.TypeFor[sql.Scanner]()) {
		if len(names) != 1 {
			return nil, fmt.Errorf("a single value wanted, the query gives %d columns", len(names))
		}
		return m, nil
	}
	fields := fieldsOf(t)
	for i, n := range names {
		p, ok := fields[n]
		if !ok {
			return nil, fmt.Errorf("%s has no field for column %q", t, n)
		}
		m.paths[i] = p
	}
	return m, nil
}

func (m *mapping) scan(rows *sql.Rows, v reflect.Value) error {
	for i := range m.cells {
		m.cells[i].to = v
		if m.paths[i] != nil {
			m.cells[i].to = v.FieldByIndex(m.paths[i])
		}
	}
	if err := rows.Scan(m.targets...); err != nil {
		return fmt.Errorf("read row (%s): %w", strings.Join(m.columns, ", "), err)
	}
	return nil
}

var fieldCache sync.Map // reflect.Type → map[string][]int

func fieldsOf(t reflect.Type) map[string][]int {
	if f, ok := fieldCache.Load(t); ok {
		return f.(map[string][]int)
	}
	out := map[string][]int{}
	for _, f := range reflect.VisibleFields(t) {
		if !f.IsExported() || f.Anonymous {
			continue
		}
		name := f.Tag.Get("db")
		if name == "" {
			name = snake(f.Name)
		}
		out[name] = f.Index
	}
	fieldCache.Store(t, out)
	return out
}

// snake writes "TeamID" as "team_id".
func snake(s string) string {
	var b strings.Builder
	r := []rune(s)
	for i, c := range r {
		if unicode.IsUpper(c) {
			if i > 0 && (!unicode.IsUpper(r[i-1]) || (i+1 < len(r) && unicode.IsLower(r[i+1]))) {
				b.WriteByte('_')
			}
			c = unicode.ToLower(c)
		}
		b.WriteRune(c)
	}
	return b.String()
}

// cell takes one value from a driver and sets it, NULL as the zero value, a number as a bool where
// the field is one.
type cell struct{ to reflect.Value }

// Scan implements sql.Scanner.
func (c *cell) Scan(src any) error {
	if src == nil {
		c.to.SetZero()
		return nil
	}
	if s, ok := c.to.Addr().Interface().(sql.Scanner); ok {
		return s.Scan(src)
	}
	switch c.to.Kind() {
	case reflect.String:
		switch v := src.(type) {
		case string:
			c.to.SetString(v)
			return nil
		case []byte:
			c.to.SetString(string(v))
			return nil
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if v, ok := src.(int64); ok {
			c.to.SetInt(v)
			return nil
		}
	case reflect.Uint, reflect.Uint32, reflect.Uint64:
		if v, ok := src.(int64); ok && v >= 0 {
			c.to.SetUint(uint64(v))
			return nil
		}
	case reflect.Bool:
		switch v := src.(type) {
		case bool:
			c.to.SetBool(v)
			return nil
		case int64:
			c.to.SetBool(v != 0)
			return nil
		}
	case reflect.Float64, reflect.Float32:
		switch v := src.(type) {
		case float64:
			c.to.SetFloat(v)
			return nil
		case int64:
			c.to.SetFloat(float64(v))
			return nil
		}
	case reflect.Slice:
		switch v := src.(type) {
		case []byte:
			c.to.SetBytes(append([]byte(nil), v...))
			return nil
		case string:
			c.to.SetBytes([]byte(v))
			return nil
		}
	case reflect.Struct:
		if v, ok := src.(time.Time); ok {
			return fmt.Errorf("a time column (%v): times are milliseconds here", v)
		}
	}
	return fmt.Errorf("cannot put a %T into a %s", src, c.to.Type())
}
