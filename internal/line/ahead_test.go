package line_test

import (
	"slices"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/line"
	"goodturn/internal/ticket"
)

func (f *fixture) before(id int64) (b line.Before) {
	f.Helper()
	f.write(func(tx *db.Tx) error { b = must(line.BeforeOf(f.Context(), tx, f.get(tx, id))); return nil })
	return b
}

// TestWhoIsMovedAheadIsTold has urgent cases, a raised priority and one that is taken out of turn come before somebody; what is taken as
// next, and who was there before, is not counted.
func TestWhoIsMovedAheadIsTold(t *testing.T) {
	each(t, func(f *fixture) {
		early := f.create()
		f.at = f.at.Add(time.Minute)
		me := f.create()
		f.at = f.at.Add(time.Minute)
		later, last := f.create(), f.create()
		if b := f.before(me); b != (line.Before{}) {
			t.Errorf("nobody came before, and told is %+v", b)
		}
		f.create(func(n *ticket.New) { n.Priority = ticket.Urgent })
		f.write(func(tx *db.Tx) error {
			return f.desk.SetPriority(f.Context(), tx, ticket.By{Actor: f.amara}, later, ticket.High)
		})
		f.write(func(tx *db.Tx) error {
			return f.desk.SetPriority(f.Context(), tx, ticket.By{Actor: f.amara}, early, ticket.High)
		})
		f.write(func(tx *db.Tx) error {
			return f.desk.Assign(f.Context(), tx, ticket.By{Actor: f.amara}, last, f.amara.ID)
		})
		if b := f.before(me); b != (line.Before{Urgent: 1, Pressing: 1, Taken: 1}) {
			t.Errorf("before me: %+v", b)
		}
		f.write(func(tx *db.Tx) error { _, err := f.router.Next(f.Context(), tx, f.jonas); return err })
		if b := f.before(me); b.Taken != 1 {
			t.Errorf("what was next is told as taken out of turn: %+v", b)
		}
		f.write(func(tx *db.Tx) error {
			if a := must(line.Unexplained(f.Context(), tx, last, f.jonas.ID)); a.ID != 0 {
				t.Error("Jonas is asked why Amara took it")
			}
			if a := must(line.Unexplained(f.Context(), tx, last, f.amara.ID)); a.Passed != 4 {
				t.Errorf("Amara is asked for %+v", a)
			}
			if err := f.line.Explain(f.Context(), tx, ticket.By{Actor: f.amara}, last, "because"); err == nil {
				t.Error("any word is a reason")
			}
			return f.line.Explain(f.Context(), tx, ticket.By{Actor: f.amara}, last, "quick")
		})
		f.write(func(tx *db.Tx) error {
			if a := must(line.Unexplained(f.Context(), tx, last, f.amara.ID)); a.ID != 0 {
				t.Error("the reason is asked for again")
			}
			events := must(ticket.Events(f.Context(), tx, last))
			if !slices.ContainsFunc(events, func(e ticket.Event) bool {
				return e.What == ticket.Overtook && e.ToValue == line.Taken && e.Cause == "quick" && e.PersonID == f.amara.ID
			}) {
				t.Errorf("the reason is not on the spine: %+v", events)
			}
			return nil
		})
	})
}

func TestACallKeepsItsPlace(t *testing.T) {
	each(t, func(f *fixture) {
		f.create()
		id := f.create()
		by := ticket.By{Actor: f.hana}
		for _, wrong := range []string{"", "no", "+49 30 call me", "1234567890123456789012345", "0049 +30 123"} {
			if err := f.db.Write(t.Context(), func(tx *db.Tx) error { return f.line.AskCall(t.Context(), tx, by, id, wrong, 0, 0) }); err == nil {
				t.Errorf("%q is a number", wrong)
			}
		}
		f.write(func(tx *db.Tx) error {
			return f.line.AskCall(t.Context(), tx, by, id, " +49 (30)  123-45 ", tx.Now.Add(time.Hour), tx.Now.Add(2*time.Hour))
		})
		f.write(func(tx *db.Tx) error {
			c, ok, err := line.CallOf(t.Context(), tx, id)
			if err != nil || !ok || c.Number != "+49 (30) 123-45" || c.Dial() != "+493012345" || c.Missed(tx.Now) {
				t.Errorf("%+v, %v, %v", c, ok, err)
			}
			if p := must(line.PlaceOf(t.Context(), tx, f.get(tx, id))); p.Number() != 2 {
				t.Errorf("its place is %d", p.Number())
			}
			if !c.Missed(tx.Now.Add(3 * time.Hour)) {
				t.Error("a call that was not made is not missed")
			}
			return f.line.Rang(t.Context(), tx, ticket.By{Actor: f.amara}, id, false)
		})
		f.write(func(tx *db.Tx) error {
			if c, ok, _ := line.CallOf(t.Context(), tx, id); !ok || c.Tries != 1 {
				t.Errorf("who was not reached is rung no more: %+v", c)
			}
			if all := must(line.CallsOf(t.Context(), tx, []int64{id, id + 1})); len(all) != 1 || all[id].Tries != 1 {
				t.Errorf("in a list they are %+v", all)
			}
			return f.line.Rang(t.Context(), tx, ticket.By{Actor: f.amara}, id, true)
		})
		f.write(func(tx *db.Tx) error {
			if _, ok, _ := line.CallOf(t.Context(), tx, id); ok {
				t.Error("who was reached still waits for a call")
			}
			facts := must(ticket.KnownFacts(t.Context(), tx, id))
			if len(facts) != 1 || facts[0].Value == "" {
				t.Errorf("%+v", facts)
			}
			return nil
		})
	})
}
