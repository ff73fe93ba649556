package shift_test

import (
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/shift"
)

// TestWhoeverCoveredIsThankedInWords has a card written by whoever was covered, by nobody else, and once.
func TestWhoeverCoveredIsThankedInWords(t *testing.T) {
	each(t, func(f *fixture) {
		id := f.has(f.jonas.ID, "2026-03-02", "9–17")
		c := f.asks(id, "2026-03-02 12:00", "2026-03-02 13:00")
		thank := func(who person.Actor, text string) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := f.rota.ThankTaker(t.Context(), tx, who, c.ID, shift.CardWords{Text: text})
				return err
			}
		}
		f.refused(fault.KindConflict, thank(f.jonas, "Thank you"))
		f.write(func(tx *db.Tx) error {
			_, err := f.rota.AcceptCover(t.Context(), tx, f.amara, c.ID)
			return err
		})
		waits := func(who person.Actor) (out []shift.Cover) {
			f.read(func(tx *db.Tx) (err error) {
				out, err = shift.ToThank(t.Context(), tx, who.ID)
				return err
			})
			return out
		}
		if all := waits(f.jonas); len(all) != 1 || all[0].TakerID != f.amara.ID || len(waits(f.amara)) != 0 {
			t.Errorf("to be thanked: %+v", all)
		}
		f.refused(fault.KindDenied, thank(f.amara, "Thank you"))
		f.refused(fault.KindDenied, thank(f.lead, "Thank you"))
		f.refused(fault.KindNotFound, thank(f.hana, "Thank you"))
		only := f.jonas
		only.ReadOnly = true
		f.refused(fault.KindDenied, thank(only, "Thank you"))
		f.write(thank(f.jonas, "My daughter heard me clap."))
		f.write(thank(f.jonas, "Sent twice"))
		f.read(func(tx *db.Tx) error {
			cards, err := db.All[string](t.Context(), tx, `SELECT text FROM card WHERE from_id = $1 AND to_id = $2 AND NOT kept`, f.jonas.ID, f.amara.ID)
			if len(cards) != 1 || cards[0] != "My daughter heard me clap." || len(waits(f.jonas)) != 0 {
				t.Errorf("cards: %q", cards)
			}
			return err
		})
	})
}

// TestNobodyIsRemindedToThankForGood leaves those out who are gone, and what was longer ago than a week.
func TestNobodyIsRemindedToThankForGood(t *testing.T) {
	each(t, func(f *fixture) {
		id := f.has(f.jonas.ID, "2026-03-02", "9–17")
		c := f.asks(id, "2026-03-02 12:00", "2026-03-02 13:00")
		f.write(func(tx *db.Tx) error {
			_, err := f.rota.AcceptCover(t.Context(), tx, f.amara, c.ID)
			return err
		})
		waits := func(n int, when string) {
			f.read(func(tx *db.Tx) error {
				all, err := shift.ToThank(t.Context(), tx, f.jonas.ID)
				if len(all) != n {
					t.Errorf("%s: %+v", when, all)
				}
				return err
			})
		}
		f.at = f.at.Add(6 * 24 * time.Hour)
		waits(1, "after six days")
		f.at = f.at.Add(2 * 24 * time.Hour)
		waits(0, "after eight")
		f.at = f.at.Add(-2 * 24 * time.Hour)
		gone := false
		f.write(func(tx *db.Tx) error { return person.Update(t.Context(), tx, f.amara.ID, person.Change{Active: &gone}) })
		waits(0, "when she is gone")
	})
}
