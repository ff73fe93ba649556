package notice

import (
	"context"
	"slices"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// TestWeekly holds that it is one mail a week, on the Monday morning of where somebody lives, only while something waits, and that one click ends it.
func TestWeekly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		hana, jonas := s.people["hana"].ID, s.people["jonas"].ID
		zone := "Pacific/Kiritimati" // fourteen hours ahead
		s.write(func(ctx context.Context, tx *db.Tx) error {
			return person.Update(ctx, tx, hana, person.Change{Zone: &zone})
		})
		waits := map[int64]bool{hana: true, jonas: true}
		var mailed []int64
		w := &Weekly{
			DB: d, Queue: s.center.Queue,
			Helpers: func(_ context.Context, _ *db.Tx, after int64, n int) (ids []int64, _ error) {
				for id := range waits {
					if id > after {
						ids = append(ids, id)
					}
				}
				slices.Sort(ids)
				return ids[:min(len(ids), n)], nil
			},
			Waits: func(_ context.Context, _ *db.Tx, a person.Actor) ([]WaitingPart, error) {
				if !waits[a.ID] {
					return nil, nil
				}
				return []WaitingPart{{Title: i18n.M("You are asked"), Lines: []Waiting{{Text: i18n.M("waits for an answer"), Path: "/stint"}}}}, nil
			},
			Mail: func(_ context.Context, personID int64, _ string, parts []WaitingPart) error {
				if len(parts) != 1 {
					t.Errorf("%+v", parts)
				}
				mailed = append(mailed, personID)
				return nil
			},
		}
		w.Handlers()
		at := func(day, hour int) []int64 {
			t.Helper()
			s.now, mailed = clock.From(time.Date(2026, 11, day, hour, 10, 0, 0, time.UTC)), nil
			if err := w.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.run()
			slices.Sort(mailed)
			return mailed
		}
		is := func(what string, got []int64, want ...int64) {
			t.Helper()
			if !slices.Equal(got, want) {
				t.Errorf("%s: mailed %v, want %v", what, got, want)
			}
		}
		is("Sunday evening is Monday morning on an island", at(22, 19), hana)
		is("not twice", at(22, 20))
		is("Monday before eight", at(23, 7))
		is("Monday morning", at(23, 9), jonas)
		is("not twice on a day", at(23, 12))
		is("Tuesday", at(24, 9))
		delete(waits, jonas)
		is("only while something waits", at(30, 9))
		s.write(func(ctx context.Context, tx *db.Tx) error { return Stop(ctx, tx, hana, string(Casual)) })
		is("after it was ended", at(29, 19))
		s.write(func(ctx context.Context, tx *db.Tx) error {
			waits[jonas] = true
			return Resume(ctx, tx, hana, string(Casual))
		})
		s.now = s.now.Add(7 * 24 * time.Hour)
		got := at(36, 19) // Sunday, 6 December
		is("again", got, hana)
	})
}
