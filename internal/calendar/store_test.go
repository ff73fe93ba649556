package calendar_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

func write(t *testing.T, d *db.DB, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func TestStore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var told []calendar.Change
		inUse := int64(0)
		s := &calendar.Store{
			Changed: []func(context.Context, *db.Tx, calendar.Change) error{func(_ context.Context, _ *db.Tx, c calendar.Change) error {
				told = append(told, c)
				return nil
			}},
			Used: []func(context.Context, *db.Tx, int64) ([]i18n.Text, error){func(_ context.Context, _ *db.Tx, id int64) ([]i18n.Text, error) {
				if id == inUse {
					return []i18n.Text{i18n.M("the policy Gold")}, nil
				}
				return nil, nil
			}},
		}
		var standard, night calendar.Row
		write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
			if err := s.Begin(ctx, tx, "Europe/Berlin"); err != nil {
				return err
			}
			if err := s.Begin(ctx, tx, "Asia/Tokyo"); err != nil { // there is one already
				return err
			}
			if standard, _, err = s.Standard(ctx, tx); err != nil {
				return err
			}
			def := calendar.Definition{Zone: "UTC", Hours: every("22-6")}
			night, err = s.Save(ctx, tx, calendar.Row{Name: " A  night ", Definition: def})
			return err
		})
		if standard.Definition.Zone != "Europe/Berlin" || night.Name != "A night" || len(told) != 2 || told[1] != (calendar.Change{ID: night.ID, New: night.VersionID}) {
			t.Fatalf("%+v, %+v, told %+v", standard, night, told)
		}

		old := night
		write(t, d, func(ctx context.Context, tx *db.Tx) (err error) { // the same again, then another name, then other hours
			if night, err = s.Save(ctx, tx, night); err != nil || night.VersionID != old.VersionID {
				t.Errorf("saved as it was: %+v, %v", night, err)
			}
			night.Name = "Night"
			if night, err = s.Save(ctx, tx, night); err != nil || night.VersionID != old.VersionID || len(told) != 2 {
				t.Errorf("another name: %+v, %v", night, err)
			}
			night.Definition.Hours = every("23-6")
			night, err = s.Save(ctx, tx, night)
			return err
		})
		if len(told) != 3 || told[2] != (calendar.Change{ID: night.ID, Old: old.VersionID, New: night.VersionID}) {
			t.Errorf("told %+v", told)
		}
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			if _, err := s.Save(ctx, tx, old); !fault.Is(err, fault.KindConflict) {
				t.Errorf("a stale form: %v", err)
			}
			_, err := s.Save(ctx, tx, calendar.Row{Name: "night", Definition: calendar.Definition{Zone: "UTC"}})
			if f, ok := fault.Of(err); !ok || len(f.Fields) != 2 || f.Fields[0].Name != "name" || f.Fields[1].Name != "hours" {
				t.Errorf("a name that is taken and no hours: %v", err)
			}
			all, err := s.All(ctx, tx)
			if err != nil || len(all) != 2 || all[0].ID != standard.ID || all[1].Name != "Night" {
				t.Errorf("all are %+v, %v", all, err)
			}
			_, now, err := s.ByID(ctx, tx, night.ID)
			if err != nil {
				return err
			}
			was, err := s.Version(ctx, tx, old.VersionID)
			if err != nil {
				return err
			}
			from := moment(t, "2026-11-23T12:00Z")
			if now.Worked(from, from.Add(24*time.Hour)) != 7*time.Hour || was.Worked(from, from.Add(24*time.Hour)) != 8*time.Hour {
				t.Error("the versions do not keep their hours")
			}
			if again, err := s.Version(ctx, tx, old.VersionID); again != was || err != nil {
				t.Error("a version is compiled twice")
			}
			return nil
		})

		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			if err := s.Remove(ctx, tx, standard.ID); !fault.Is(err, fault.KindConflict) {
				t.Errorf("the standard calendar was removed: %v", err)
			}
			inUse = night.ID
			if err := s.Remove(ctx, tx, night.ID); !fault.Is(err, fault.KindConflict) || !strings.Contains(err.Error(), "the policy Gold") {
				t.Errorf("one that is used was removed: %v", err)
			}
			inUse = 0
			if err := s.Remove(ctx, tx, night.ID); err != nil {
				return err
			}
			if err := s.Remove(ctx, tx, night.ID); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("removed twice: %v", err)
			}
			_, err := s.Version(ctx, tx, night.VersionID)
			return err
		})
	})
}

// The number of a version that was rolled back is given again; what was compiled for it must not be taken.
func TestRolledBackVersionIsForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, undone := &calendar.Store{}, errors.New("undone")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			r, err := s.Save(t.Context(), tx, calendar.Row{Name: "One", Definition: calendar.Definition{Zone: "UTC", Hours: every("0-24")}})
			if err == nil {
				_, err = s.Version(t.Context(), tx, r.VersionID)
			}
			return errors.Join(err, undone)
		})
		if !errors.Is(err, undone) || fault.Is(err, fault.KindNotFound) {
			t.Fatal(err)
		}
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			r, err := s.Save(ctx, tx, calendar.Row{Name: "Two", Definition: calendar.Definition{Zone: "UTC", Hours: every("9-10")}})
			if err != nil {
				return err
			}
			c, err := s.Version(ctx, tx, r.VersionID)
			if err == nil && c.Worked(0, 24*3600*1000) != time.Hour {
				t.Error("the version that was rolled back answers")
			}
			return err
		})
	})
}

func TestForgottenRegionStopsNoClock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &calendar.Store{}
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			r, err := s.Save(ctx, tx, calendar.Row{Name: "One", Definition: calendar.Standard("UTC")})
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE calendar_version SET definition = $2 WHERE id = $1`, r.VersionID, `{"zone":"UTC","hours":{"monday":["09:00-17:00"]},"regions":["XX","DE"]}`); err != nil {
				return err
			}
			_, c, err := s.ByID(ctx, tx, r.ID)
			if err == nil && c.Definition().Regions[0] != "DE" {
				t.Errorf("%+v", c.Definition())
			}
			return err
		})
	})
}
