package shift_test

import (
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/shift"
)

// TestShiftsOfWhoLeftAreOpened opens what somebody has who was switched off: what is over stays theirs, of what goes on the rest is open, drafts stay drafts, and
// those who could take something are asked once.
func TestShiftsOfWhoLeftAreOpened(t *testing.T) {
	each(t, func(f *fixture) {
		f.at = at("2026-03-02 05:00")
		past := f.has(f.ben.ID, "2026-03-02", "6–8")
		now := f.has(f.ben.ID, "2026-03-02", "10–16")
		f.at = start
		first, second := f.has(f.ben.ID, "2026-03-03", "9–17"), f.has(f.ben.ID, "2026-03-04", "9–17")
		f.has(f.jonas.ID, "2026-03-03", "9–17") // so he could have the one of Wednesday
		var draft int64
		f.write(func(tx *db.Tx) (err error) {
			if draft, err = f.rota.Add(t.Context(), tx, f.lead, shift.Plan{TeamID: f.team, Name: "Draft", Day: day("2026-03-05"), Zone: "Europe/Berlin", Hours: "9–17"}); err != nil {
				return err
			}
			if _, err = f.rota.Assign(t.Context(), tx, f.lead, draft, f.ben.ID, false); err != nil {
				return err
			}
			_, err = routing.SaveAbsence(t.Context(), tx, f.lead, routing.Absence{PersonID: f.priya.ID, FromAt: at("2026-03-02 12:00"), UntilAt: at("2026-03-10 00:00"), HandOver: routing.Keeps})
			return err
		})
		release := func(by person.Actor) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := f.rota.Release(t.Context(), tx, by, f.team, f.ben.ID)
				return err
			}
		}
		if words := f.refused(fault.KindConflict, release(f.lead)); !strings.HasPrefix(words, "Ben Adler is in the team still.") {
			t.Error(words)
		}
		gone := false
		f.write(func(tx *db.Tx) error { return person.Update(t.Context(), tx, f.ben.ID, person.Change{Active: &gone}) })
		f.refused(fault.KindDenied, release(f.amara))
		f.told = nil
		f.write(release(f.lead))
		for id, who := range map[int64]int64{past: f.ben.ID, now: f.ben.ID, first: 0, second: 0, draft: 0} {
			if s := f.shift(id); s.PersonID != who {
				t.Errorf("%s on %v is %d's", s.Name, s.FromAt.Time(), s.PersonID)
			}
		}
		if s := f.shift(now); s.Span() != span("2026-03-02 10:00", "2026-03-02 12:00") {
			t.Errorf("what he did is %+v", s.Span())
		}
		if f.shift(draft).Published {
			t.Error("a draft became public")
		}
		rest := f.all("2026-03-02 12:00", "2026-03-02 23:00")
		if len(rest) != 1 || rest[0].PersonID != 0 || !rest[0].Published || rest[0].Span() != span("2026-03-02 12:00", "2026-03-02 16:00") {
			t.Errorf("the rest of today: %+v", rest)
		}
		asked := map[int64]string{}
		for _, s := range f.told {
			if s.kind == shift.CoverAsked {
				for _, id := range s.people {
					if asked[id] != "" {
						t.Errorf("%d is asked twice", id)
					}
					asked[id] = s.words
				}
			}
		}
		if len(asked) != 2 || !strings.Contains(asked[f.amara.ID], "is open, which Ben Adler had") || asked[f.jonas.ID] == "" {
			t.Errorf("asked: %v; Priya is away", asked)
		}
		f.write(func(tx *db.Tx) error { return f.rota.Take(t.Context(), tx, f.amara, first) })
		f.write(release(f.lead)) // pressed again
		if f.shift(first).PersonID != f.amara.ID {
			t.Error("what Amara took is open again")
		}
		// Somebody who left the team is no other.
		theirs := f.has(f.jonas.ID, "2026-03-06", "9–17")
		f.write(func(tx *db.Tx) error {
			if err := person.SetMembers(t.Context(), tx, f.team, []int64{f.amara.ID, f.priya.ID}); err != nil {
				return err
			}
			_, err := f.rota.Release(t.Context(), tx, f.lead, f.team, f.jonas.ID)
			return err
		})
		if f.shift(theirs).PersonID != 0 {
			t.Error("who left the team keeps it")
		}
		f.refused(fault.KindNotFound, func(tx *db.Tx) error {
			_, err := f.rota.Release(t.Context(), tx, f.lead, f.private, f.ben.ID)
			return err
		})
	})
}
