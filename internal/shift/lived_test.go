package shift_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/shift"
)

// TestPublishingTwiceChangesNothing plans weeks at random, publishes them, and does it again: no shift, invitation, mail or notice is another. In between, whenever
// somebody has a break, the rota does not have them at the desk.
func TestPublishingTwiceChangesNothing(t *testing.T) {
	each(t, func(f *fixture) {
		r := rand.New(rand.NewPCG(7, 7))
		for round := range 3 {
			p := hoursOf(t, []string{"6–14", "14–22", "22–6"}[round], []string{"10–10:30", "18–18:30", "2–2:30"}[round])
			p.Name, p.Needed, p.Rule, p.FirstDay = fmt.Sprintf("Turn %d", round), 1+r.IntN(2), "FREQ=DAILY", day("2026-03-23")
			f.at = at("2026-03-20 12:00")
			f.pattern(p)
		}
		people := []person.Actor{f.amara, f.jonas, f.priya, f.ben}
		all := f.all("2026-03-23 00:00", "2026-04-06 00:00")
		for _, s := range all {
			f.write(func(tx *db.Tx) error {
				_, _ = f.rota.Assign(t.Context(), tx, f.lead, s.ID, people[r.IntN(4)].ID, false) // where nothing stands against it
				return nil
			})
		}
		publish := func() (shown int) {
			f.write(func(tx *db.Tx) (err error) {
				shown, _, err = f.rota.Publish(t.Context(), tx, f.lead, f.team, span("2026-03-23 00:00", "2026-04-06 00:00"))
				return err
			})
			f.drain(time.Minute)
			return shown
		}
		state := func() (out []string) {
			f.read(func(tx *db.Tx) (err error) {
				for _, q := range []string{`SELECT CAST(id AS TEXT) || ' ' || CAST(coalesce(person_id, 0) AS TEXT) || ' ' || CAST(from_at AS TEXT) || ' ' || CAST(changed_at AS TEXT) FROM shift ORDER BY id`, `SELECT CAST(id AS TEXT) || ' ' || CAST(sequence AS TEXT) || ' ' || CAST(said AS TEXT) FROM shift_invite ORDER BY id`} {
					rows, err := db.All[string](t.Context(), tx, q)
					if err != nil {
						return err
					}
					out = append(out, rows...)
				}
				return nil
			})
			return out
		}
		if shown := publish(); shown != len(all) || shown < 42 {
			t.Fatalf("%d of %d are public", shown, len(all))
		}
		before, mails, told := fmt.Sprint(state()), len(f.mails), len(f.told)
		if mails == 0 || mails > 4 {
			t.Errorf("%d mails to four people", mails)
		}
		if shown := publish(); shown != 0 || fmt.Sprint(state()) != before || len(f.mails) != mails || len(f.told) != told {
			t.Errorf("the second time: %d shown, %d mails more, told %+v", shown, len(f.mails)-mails, f.told[told:])
		}
		for _, s := range f.all("2026-03-23 00:00", "2026-04-06 00:00") {
			for _, b := range s.Breaks {
				when := b.From.Add(time.Duration(r.Int64N(int64(b.Until.Sub(b.From)))))
				f.read(func(tx *db.Tx) error {
					d, err := shift.OnDuty(t.Context(), tx, f.team, when)
					if s.PersonID != 0 && d.Has(s.PersonID) {
						t.Errorf("%d is at the desk in a break of %v", s.PersonID, s.FromAt.Time())
					}
					return err
				})
			}
		}
	})
}
