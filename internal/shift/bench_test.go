package shift_test

import (
	"fmt"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/person"
	"goodturn/internal/shift"
)

// crowd is a team of forty with a shift on each working day, for a year back and six weeks ahead: 11,600 shifts.
func crowd(b *testing.B, e db.Engine) *fixture {
	b.Helper()
	f := setUp(b, dbtest.Open(b, e))
	f.write(func(tx *db.Tx) error {
		var ids []int64
		for i := range 40 {
			ids = append(ids, must(person.Create(b.Context(), tx, person.New{Name: fmt.Sprintf("Agent %d", i), Role: person.Agent, Addresses: []string{fmt.Sprintf("a%d@desk.example", i)}})).ID)
		}
		if err := person.SetMembers(b.Context(), tx, f.team, ids); err != nil {
			return err
		}
		var rows [][]any
		for day := -365; day < 42; day++ {
			at := f.at.Add(time.Duration(day) * 24 * time.Hour)
			if w := at.Time().Weekday(); w == time.Saturday || w == time.Sunday {
				continue
			}
			for i, id := range ids {
				from := at.Add(time.Duration(i%3-4) * time.Hour)
				rest := shift.Spans{{From: from.Add(4 * time.Hour), Until: from.Add(4*time.Hour + 30*time.Minute)}}
				rows = append(rows, []any{f.team, int64(20000 + day), 0, "Desk", "Europe/Berlin", from, from.Add(8 * time.Hour), rest.String(), "", 60, id, true, true, 1, 1})
			}
		}
		return db.InsertRows(b.Context(), tx, "shift (team_id, day, slot, name, zone, from_at, until_at, breaks, skills, unloved, person_id, published, by_hand, created_at, changed_at)", rows)
	})
	return f
}

func BenchmarkOnDuty(b *testing.B) {
	for _, e := range dbtest.Engines() {
		b.Run(string(e), func(b *testing.B) {
			f := crowd(b, e)
			f.read(func(tx *db.Tx) error {
				for b.Loop() {
					if d, err := shift.OnDuty(b.Context(), tx, f.team, f.at); err != nil || len(d.People) < 20 {
						b.Fatal(d, err)
					}
				}
				return nil
			})
		})
	}
}

// BenchmarkWeek is what the page of a week reads for whoever plans: the shifts, and what stands against each.
func BenchmarkWeek(b *testing.B) {
	for _, e := range dbtest.Engines() {
		b.Run(string(e), func(b *testing.B) {
			f := crowd(b, e)
			in := shift.WeekOf(f.at, f.rota.Zone)
			f.read(func(tx *db.Tx) error {
				for b.Loop() {
					all, err := shift.Between(b.Context(), tx, f.team, in)
					if err != nil || len(all) != 200 {
						b.Fatal(len(all), err)
					}
					crew, err := f.rota.CrewOf(b.Context(), tx, f.lead, f.team, in)
					if err != nil {
						b.Fatal(err)
					}
					for _, s := range all {
						crew.Against(s, s.PersonID)
					}
				}
				return nil
			})
		})
	}
}
