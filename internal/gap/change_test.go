package gap_test

import (
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/gap"
	"goodturn/internal/kb"
)

// A gap with an article is judged by what like gaps did, and not before three whole weeks have gone by. Requesters change nothing.
func TestWhetherItHelped(t *testing.T) {
	each(t, func(f *fixture) {
		var mine int64
		now := gap.Week(start)
		f.write(func(tx *db.Tx) error {
			for i := range 5 {
				id := must(db.One[int64](f.ctx(), tx, `INSERT INTO gap (kind, ref, label, state, found_at) VALUES ('topic', $1, 'printer', 'open', $2) RETURNING id`, string(rune('1'+i)), tx.Now))
				if i == 0 {
					mine = id
				}
				for w := now - 12; w < now+8; w++ {
					n := 12 + w%3
					if i == 0 && w > now {
						n = 3
					}
					must(tx.Exec(f.ctx(), `INSERT INTO gap_week (gap_id, week, n) VALUES ($1, $2, $3)`, id, w, n))
				}
			}
			return nil
		})
		f.write(func(tx *db.Tx) error {
			x := must(kb.Create(f.ctx(), tx, f.amara, kb.New{Title: "Printer", Body: "Press the button.", Language: "en", Publish: true}))
			if err := gap.Answered(f.ctx(), tx, f.askers[0], mine, x.ID); !fault.Is(err, fault.KindDenied) {
				t.Errorf("a requester says which article answers: %v", err)
			}
			return gap.Answered(f.ctx(), tx, f.amara, mine, x.ID)
		})
		effect := func(at time.Duration) (e gap.Effect) {
			t.Helper()
			f.at = start + clock.Instant(at.Milliseconds())
			f.read(func(tx *db.Tx) (err error) {
				e, err = f.keeper.Effect(f.ctx(), tx, must(gap.ByID(f.ctx(), tx, mine)))
				return err
			})
			return e
		}
		const week = 7 * 24 * time.Hour
		if e := effect(3 * week); e.Verdict != gap.TooEarly || e.Wait != 1 {
			t.Errorf("after two whole weeks: %+v", e)
		}
		if e := effect(8 * week); e.Verdict != gap.Fell || e.Others != 4 || e.High > 0.5 {
			t.Errorf("after seven whole weeks: %+v", e)
		}
		f.write(func(tx *db.Tx) error {
			if err := gap.Own(f.ctx(), tx, f.amara, mine, f.askers[0].ID); err == nil {
				t.Error("a requester owns a gap")
			}
			return nil
		})
		f.write(func(tx *db.Tx) error {
			if err := gap.Own(f.ctx(), tx, f.amara, mine, f.amara.ID); err != nil {
				return err
			}
			return gap.Put(f.ctx(), tx, f.amara, mine, gap.Aside)
		})
		f.read(func(tx *db.Tx) error {
			if g := must(gap.ByID(f.ctx(), tx, mine)); g.OwnerID != f.amara.ID || g.State != gap.Aside {
				t.Errorf("owned and set aside: %+v", g)
			}
			if _, err := gap.ByID(f.ctx(), tx, 999); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("a gap that is not there: %v", err)
			}
			return nil
		})
	})
}

// An article after which tickets came is judged by what came once it was changed; what was published before that is no change.
func TestWhetherAChangeHelped(t *testing.T) {
	each(t, func(f *fixture) {
		var x kb.Article
		f.write(func(tx *db.Tx) error {
			x = must(kb.Create(f.ctx(), tx, f.amara, kb.New{Title: "Printer", Body: "Press the button.", Language: "en", Publish: true}))
			return nil
		})
		const week = 7 * 24 * time.Hour
		came := func(weeks, each int) {
			for range weeks {
				for range each {
					one := f.ask("the button is not there", f.first)
					f.write(func(tx *db.Tx) error { return gap.CameAfter(f.ctx(), tx, one.ID, x.ID) })
				}
				f.at = f.at.Add(week)
			}
		}
		state := func() (g gap.Gap, e gap.Effect) {
			f.night()
			f.read(func(tx *db.Tx) (err error) {
				g = must(gap.ByID(f.ctx(), tx, must(db.One[int64](f.ctx(), tx, `SELECT id FROM gap WHERE kind = 'came'`))))
				e, err = f.keeper.Effect(f.ctx(), tx, g)
				return err
			})
			return g, e
		}
		came(12, 4)
		if g, e := state(); g.LiveAt != 0 || e.Verdict != gap.NotWritten {
			t.Fatalf("nothing was changed, and there is %+v, %+v", g, e)
		}
		f.write(func(tx *db.Tx) error {
			_, err := kb.Save(f.ctx(), tx, f.amara, kb.Edit{ArticleID: x.ID, Language: "en", Title: "Printer", Body: "Press the green button.", Was: 1, Publish: true})
			return err
		})
		changed := f.at
		came(1, 4)
		came(1, 1)
		if g, e := state(); g.LiveAt != changed || e.Verdict != gap.TooEarly {
			t.Errorf("two weeks after the change: %+v, %+v", g, e)
		}
		came(6, 1)
		if _, e := state(); e.Verdict != gap.Fell || e.Others != 0 || e.High > 0.9 {
			t.Errorf("eight weeks after the change: %+v", e)
		}
	})
}
