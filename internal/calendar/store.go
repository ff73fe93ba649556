package calendar

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/search"
)

// Row is a calendar as it is stored, with its newest version.
type Row struct {
	ID         int64
	Name       string
	VersionID  int64
	Definition Definition
	CreatedAt  clock.Instant
	UpdatedAt  clock.Instant // when it was last saved
}

// Change is told to the hooks of a Store: a calendar has other hours from now on. Old is 0 for a new one.
type Change struct {
	ID       int64
	Old, New int64 // versions
}

// Store keeps calendars by name. Each save that changes what a calendar says makes a version that never changes again, so
// that what was promised by an older one can still be explained; a version stays when its calendar is removed. The desk's
// standard calendar is the oldest one; it cannot be removed.
//
//	store := &calendar.Store{Changed: []func(…){clocks.CalendarChanged}, Used: []func(…){policies.CalendarUsed}}
//	row, c, err := store.ByID(ctx, tx, policy.CalendarID)
//	c, err = store.Version(ctx, tx, span.VersionID)
//
// On each change of the hours the hooks are called in the same transaction and tx.Signal("calendar", id) is given.
type Store struct {
	// Changed hears of calendars that have other hours, in the transaction. Optional.
	Changed []func(ctx context.Context, tx *db.Tx, c Change) error
	// Used names what uses a calendar, such as "the policy Gold"; then it is not removed. Optional.
	Used []func(ctx context.Context, tx *db.Tx, id int64) ([]i18n.Text, error)

	mu       sync.Mutex
	compiled map[int64]compiledVersion
	joined   map[string]*Calendar
}

// compiledVersion is known by its text, too: the number of a version that was rolled back is given again.
type compiledVersion struct {
	text string
	c    *Calendar
}

// Limits of what is kept.
const (
	MaxName     = 80  // characters of a calendar's name
	maxStored   = 200 // calendars of a desk
	maxCompiled = 500 // versions kept ready
)

const rowColumns = `c.id, c.name, c.version_id, v.definition, c.created_at, c.updated_at`

type storedRow struct {
	ID, VersionID        int64
	Name, Definition     string
	CreatedAt, UpdatedAt clock.Instant
}

func (s storedRow) row() (Row, error) {
	r := Row{ID: s.ID, Name: s.Name, VersionID: s.VersionID, CreatedAt: s.CreatedAt, UpdatedAt: s.UpdatedAt}
	if err := json.Unmarshal([]byte(s.Definition), &r.Definition); err != nil {
		return r, fmt.Errorf("read calendar %d: %w", s.ID, err)
	}
	return r, nil
}

// All lists the calendars, the standard one first, the others by name.
func (s *Store) All(ctx context.Context, tx *db.Tx) ([]Row, error) {
	stored, err := db.All[storedRow](ctx, tx, `SELECT `+rowColumns+` FROM calendar c JOIN calendar_version v ON v.id = c.version_id ORDER BY c.name_key`)
	if err != nil {
		return nil, err
	}
	out := make([]Row, len(stored))
	standard := 0
	for i, r := range stored {
		if out[i], err = r.row(); err != nil {
			return nil, err
		}
		if r.ID < stored[standard].ID {
			standard = i
		}
	}
	if len(out) > 0 {
		first := out[standard]
		copy(out[1:standard+1], out[:standard])
		out[0] = first
	}
	return out, nil
}

// ByID gives a calendar as it is now, or fault.NotFound.
func (s *Store) ByID(ctx context.Context, tx *db.Tx, id int64) (Row, *Calendar, error) {
	return s.one(ctx, tx, `SELECT `+rowColumns+` FROM calendar c JOIN calendar_version v ON v.id = c.version_id WHERE c.id = $1`, id)
}

// Standard gives the desk's standard calendar: the oldest one.
func (s *Store) Standard(ctx context.Context, tx *db.Tx) (Row, *Calendar, error) {
	return s.one(ctx, tx, `SELECT `+rowColumns+` FROM calendar c JOIN calendar_version v ON v.id = c.version_id ORDER BY c.id LIMIT 1`)
}

func (s *Store) one(ctx context.Context, tx *db.Tx, query string, args ...any) (Row, *Calendar, error) {
	stored, err := db.One[storedRow](ctx, tx, query, args...)
	if errors.Is(err, db.ErrNoRow) {
		return Row{}, nil, fault.NotFound(i18n.M("There is no such calendar any more."))
	}
	if err != nil {
		return Row{}, nil, err
	}
	r, err := stored.row()
	if err != nil {
		return r, nil, err
	}
	c, err := s.ready(stored.VersionID, stored.Definition)
	return r, c, err
}

// Version gives a calendar as it once was. It stays there when the calendar is changed or removed.
func (s *Store) Version(ctx context.Context, tx *db.Tx, versionID int64) (*Calendar, error) {
	text, err := db.One[string](ctx, tx, `SELECT definition FROM calendar_version WHERE id = $1`, versionID)
	if errors.Is(err, db.ErrNoRow) {
		return nil, fault.NotFound(i18n.M("There is no such calendar any more."))
	}
	if err != nil {
		return nil, err
	}
	return s.ready(versionID, text)
}

// Current names the versions of calendars as they are now, in the order of ids; of none, that of the standard one. One that is gone is
// fault.NotFound.
func (s *Store) Current(ctx context.Context, tx *db.Tx, ids []int64) ([]int64, error) {
	if len(ids) == 0 {
		return db.All[int64](ctx, tx, `SELECT version_id FROM calendar ORDER BY id LIMIT 1`)
	}
	out := make([]int64, len(ids))
	for i, id := range ids {
		now, err := db.One[int64](ctx, tx, `SELECT version_id FROM calendar WHERE id = $1`, id)
		if errors.Is(err, db.ErrNoRow) {
			err = fault.NotFound(i18n.M("There is no such calendar any more."))
		}
		if err != nil {
			return nil, err
		}
		out[i] = now
	}
	return out, nil
}

// Together is the calendar that is open whenever one of these versions is; see Version. It is kept ready as well.
func (s *Store) Together(ctx context.Context, tx *db.Tx, versions []int64) (*Calendar, error) {
	key := fmt.Sprint(versions)
	s.mu.Lock()
	c := s.joined[key]
	s.mu.Unlock()
	all := make([]*Calendar, len(versions))
	for i, id := range versions {
		one, err := s.Version(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		all[i] = one
	}
	if len(all) == 1 {
		return all[0], nil
	}
	if c != nil && slices.Equal(c.members, all) {
		return c, nil
	}
	c = Together(all...)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.joined == nil || len(s.joined) >= maxCompiled {
		s.joined = map[string]*Calendar{}
	}
	s.joined[key] = c
	return c, nil
}

// ready compiles a version, or finds it compiled.
func (s *Store) ready(versionID int64, text string) (*Calendar, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.compiled[versionID]; ok && known.text == text {
		return known.c, nil
	}
	var d Definition
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		return nil, fmt.Errorf("read version %d of a calendar: %w", versionID, err)
	}
	// A region that the program no longer knows must not stop every clock.
	d.Regions = slices.DeleteFunc(d.Regions, func(r string) bool { return !knownRegion(r) })
	c, err := Compile(d)
	if err != nil {
		return nil, fmt.Errorf("compile version %d of a calendar: %w", versionID, err)
	}
	if s.compiled == nil || len(s.compiled) >= maxCompiled {
		s.compiled = map[int64]compiledVersion{}
	}
	s.compiled[versionID] = compiledVersion{text, c}
	return c, nil
}

// Save stores a calendar: a new one when r.ID is 0. r.VersionID is the version that was changed; when somebody saved
// another meanwhile the error is fault.KindConflict and nothing is changed. What is wrong is fault.Invalid by field: "name" and
// those of Compile. A save that changes nothing makes no version.
func (s *Store) Save(ctx context.Context, tx *db.Tx, r Row) (Row, error) {
	was, err := s.before(ctx, tx, r)
	if err != nil {
		return r, err
	}
	r.Name = strings.Join(strings.Fields(r.Name), " ")
	wrong, err := s.checkName(ctx, tx, r)
	if err != nil {
		return r, err
	}
	c, err := Compile(r.Definition)
	if f, ok := fault.Of(err); ok {
		wrong = append(wrong, f.Fields...)
	} else if err != nil {
		return r, err
	}
	if err := fault.Check(wrong); err != nil {
		return r, err
	}
	r.Definition = c.Definition()
	text, err := json.Marshal(r.Definition)
	if err != nil {
		return r, err
	}
	return r, s.write(ctx, tx, &r, was, string(text))
}

// before locks and loads what is changed.
func (s *Store) before(ctx context.Context, tx *db.Tx, r Row) (storedRow, error) {
	if r.ID == 0 {
		return storedRow{}, nil
	}
	if err := tx.Lock(ctx, "calendar", r.ID); err != nil {
		return storedRow{}, err
	}
	was, err := db.One[storedRow](ctx, tx, `SELECT `+rowColumns+` FROM calendar c JOIN calendar_version v ON v.id = c.version_id WHERE c.id = $1`, r.ID)
	if errors.Is(err, db.ErrNoRow) {
		return was, fault.NotFound(i18n.M("There is no such calendar any more."))
	}
	if err == nil && was.VersionID != r.VersionID {
		err = fault.Conflict(i18n.M("Somebody saved this calendar meanwhile."))
	}
	return was, err
}

func (s *Store) checkName(ctx context.Context, tx *db.Tx, r Row) ([]fault.Field, error) {
	switch n := utf8.RuneCountInString(r.Name); {
	case n == 0:
		return []fault.Field{fault.F("name", i18n.M("Please give the calendar a name, such as Office hours Berlin."))}, nil
	case n > MaxName:
		return []fault.Field{fault.F("name", i18n.M("A name has at most {{.Count}} characters; this one has {{.Has}}.", "Count", MaxName, "Has", n))}, nil
	}
	taken, err := db.Exists(ctx, tx, `SELECT 1 FROM calendar WHERE name_key = $1 AND id <> $2`, search.Fold(r.Name), r.ID)
	if err != nil {
		return nil, err
	}
	if taken {
		return []fault.Field{fault.F("name", i18n.M("There is a calendar of that name already."))}, nil
	}
	if r.ID == 0 {
		n, err := db.One[int](ctx, tx, `SELECT count(*) FROM calendar`)
		if err != nil || n < maxStored {
			return nil, err
		}
		return []fault.Field{fault.F("name", i18n.M("There are {{.Count}} calendars, which is as many as can be. Remove one first.", "Count", n))}, nil
	}
	return nil, nil
}

func (s *Store) write(ctx context.Context, tx *db.Tx, r *Row, was storedRow, text string) (err error) {
	r.UpdatedAt, r.CreatedAt = tx.Now, was.CreatedAt
	if r.ID == 0 {
		r.CreatedAt = tx.Now
		if r.ID, err = db.One[int64](ctx, tx, `INSERT INTO calendar (name, name_key, created_at, updated_at) VALUES ($1, $2, $3, $3) RETURNING id`, r.Name, search.Fold(r.Name), tx.Now); err != nil {
			return err
		}
	} else if text == was.Definition && r.Name == was.Name {
		r.UpdatedAt = was.UpdatedAt
		return nil
	}
	r.VersionID = was.VersionID
	if text != was.Definition {
		if r.VersionID, err = db.One[int64](ctx, tx, `INSERT INTO calendar_version (calendar_id, definition, created_at) VALUES ($1, $2, $3) RETURNING id`, r.ID, text, tx.Now); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE calendar SET name = $2, name_key = $3, version_id = $4, updated_at = $5 WHERE id = $1`, r.ID, r.Name, search.Fold(r.Name), r.VersionID, tx.Now); err != nil {
		return err
	}
	if r.VersionID == was.VersionID {
		return nil
	}
	for _, hook := range s.Changed {
		if err := hook(ctx, tx, Change{ID: r.ID, Old: was.VersionID, New: r.VersionID}); err != nil {
			return err
		}
	}
	tx.Signal("calendar", r.ID)
	return nil
}

// Remove takes a calendar away. One that is used, and the standard one, stay: the error is a fault.KindConflict that says why.
// Its versions stay.
func (s *Store) Remove(ctx context.Context, tx *db.Tx, id int64) error {
	if err := tx.Lock(ctx, "calendar", id); err != nil {
		return err
	}
	r, _, err := s.ByID(ctx, tx, id)
	if err != nil {
		return err
	}
	first, err := db.One[int64](ctx, tx, `SELECT min(id) FROM calendar`)
	if err != nil {
		return err
	}
	if first == id {
		return fault.Conflict(i18n.M("{{.Name}} is the desk's standard calendar, which counts wherever nothing else is said. It can be changed, but not removed.", "Name", r.Name))
	}
	for _, used := range s.Used {
		by, err := used(ctx, tx, id)
		if err != nil {
			return err
		}
		if len(by) > 0 {
			return fault.Conflict(i18n.M("{{.Name}} is used: {{.By}}. Please choose another calendar there first.", "Name", r.Name, "By", by[0]))
		}
	}
	if _, err = tx.Exec(ctx, `DELETE FROM calendar WHERE id = $1`, id); err != nil {
		if errors.Is(err, db.ErrReference) {
			return fault.Conflict(i18n.M("{{.Name}} is still used elsewhere. Please choose another calendar there first.", "Name", r.Name))
		}
		return err
	}
	tx.Signal("calendar", id)
	return nil
}

// Begin makes the standard calendar of a new desk: Monday to Friday, 9:00–17:00, in the desk's zone.
func (s *Store) Begin(ctx context.Context, tx *db.Tx, zone string) error {
	has, err := db.Exists(ctx, tx, `SELECT 1 FROM calendar LIMIT 1`)
	if err != nil || has {
		return err
	}
	_, err = s.Save(ctx, tx, Row{Name: "Office hours", Definition: Standard(zone)})
	return err
}
