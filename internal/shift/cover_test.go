package shift_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/shift"
)

// asks has Jonas ask to be covered of a shift in which he is, 12:00 to 13:00.
func (f *fixture) asks(id int64, from, until string) (c shift.Cover) {
	f.Helper()
	f.write(func(tx *db.Tx) (err error) {
		c, err = f.rota.AskCover(f.Context(), tx, f.jonas, id, span(from, until))
		return err
	})
	return c
}

func (f *fixture) askedNow(who person.Actor) (out []shift.Cover) {
	f.Helper()
	f.read(func(tx *db.Tx) (err error) {
		out, err = shift.CoversFor(f.Context(), tx, who.ID)
		return err
	})
	return out
}

func TestCoverAsksThoseWhoMay(t *testing.T) {
	each(t, func(f *fixture) {
		id := f.has(f.jonas.ID, "2026-03-02", "9–17", func(p *shift.Plan) { p.Breaks = "14–14:30" })
		f.has(f.ben.ID, "2026-03-02", "11–15")
		f.write(func(tx *db.Tx) error {
			_, err := routing.SaveAbsence(t.Context(), tx, f.lead, routing.Absence{PersonID: f.priya.ID, FromAt: f.at, UntilAt: f.at.Add(2 * time.Hour), HandOver: routing.Keeps})
			return err
		})
		c := f.asks(id, "2026-03-02 12:00", "2026-03-02 13:00")
		if c.State != shift.Asked || len(f.askedNow(f.amara)) != 1 || len(f.askedNow(f.ben)) != 0 || len(f.askedNow(f.priya)) != 0 || len(f.askedNow(f.jonas)) != 0 {
			t.Fatalf("%+v; Amara alone may: Ben is on shift, Priya is away", c)
		}
		if again := f.asks(id, "2026-03-02 12:05", "2026-03-02 13:00"); again.ID != c.ID {
			t.Errorf("asked twice: %+v", again)
		}
		f.refused(fault.KindDenied, func(tx *db.Tx) error {
			_, err := f.rota.AcceptCover(t.Context(), tx, f.lead, c.ID)
			return err
		})
		f.refused(fault.KindNotFound, func(tx *db.Tx) error {
			_, err := f.rota.AcceptCover(t.Context(), tx, f.ben, c.ID)
			return err
		})
		f.at = at("2026-03-02 12:04")
		f.write(func(tx *db.Tx) error {
			_, err := f.rota.AcceptCover(t.Context(), tx, f.amara, c.ID)
			return err
		})
		all := slices.DeleteFunc(f.all("2026-03-02 00:00", "2026-03-03 00:00"), func(s shift.Shift) bool { return s.PersonID == f.ben.ID })
		if len(all) != 3 || all[0].Span() != span("2026-03-02 09:00", "2026-03-02 12:04") || all[1].Span() != span("2026-03-02 12:04", "2026-03-02 13:00") || all[2].Span() != span("2026-03-02 13:00", "2026-03-02 17:00") {
			t.Fatalf("the shift became %+v", all)
		}
		if all[0].ID != id || all[0].PersonID != f.jonas.ID || all[1].PersonID != f.amara.ID || all[1].ForID != f.jonas.ID || all[2].PersonID != f.jonas.ID {
			t.Errorf("who has which: %+v", all)
		}
		if len(all[0].Breaks) != 0 || len(all[2].Breaks) != 1 || all[2].Worked() != 3*time.Hour+30*time.Minute {
			t.Errorf("breaks: %+v", all)
		}
		f.read(func(tx *db.Tx) error {
			d, err := shift.OnDuty(t.Context(), tx, f.team, f.at)
			if !slices.Equal(d.People, []int64{f.amara.ID, f.ben.ID}) {
				t.Errorf("at the desk are %v", d.People)
			}
			return err
		})
		if len(f.thanked) != 1 || f.thanked[0].TakerID != f.amara.ID || f.thanked[0].AskerID != f.jonas.ID {
			t.Errorf("thanked: %+v", f.thanked)
		}
		if last := f.told[len(f.told)-1]; last.people[0] != f.jonas.ID || !strings.HasPrefix(last.words, "Amara Okafor covers for you") {
			t.Errorf("told %+v", last)
		}
	})
}

// TestFirstYesWins has several accept at the same moment: one does, all others hear that somebody was faster, and the shift is split once.
func TestFirstYesWins(t *testing.T) {
	each(t, func(f *fixture) {
		for range 5 {
			id := f.has(f.jonas.ID, "2026-03-02", "9–17")
			c := f.asks(id, "2026-03-02 12:00", "2026-03-02 13:00")
			helpers := []person.Actor{f.amara, f.priya, f.ben}
			var wait sync.WaitGroup
			results := make([]error, len(helpers))
			begin := make(chan struct{})
			for i, h := range helpers {
				wait.Go(func() {
					<-begin
					results[i] = f.db.Write(t.Context(), func(tx *db.Tx) error {
						_, err := f.rota.AcceptCover(t.Context(), tx, h, c.ID)
						return err
					})
				})
			}
			close(begin)
			wait.Wait()
			won := 0
			for i, err := range results {
				switch x, ok := fault.Of(err); {
				case err == nil:
					won++
				case !ok || x.Kind != fault.KindConflict || !strings.HasPrefix(x.Message.String(), "A colleague was a moment faster"):
					t.Errorf("%s got %v", helpers[i].Name, err)
				}
				if len(f.askedNow(helpers[i])) != 0 {
					t.Errorf("%s is asked still", helpers[i].Name)
				}
			}
			all := f.all("2026-03-02 00:00", "2026-03-03 00:00")
			if won != 1 || len(all) != 3 {
				t.Fatalf("%d won, %d shifts", won, len(all))
			}
			f.write(func(tx *db.Tx) error {
				if _, err := tx.Exec(t.Context(), `DELETE FROM shift_cover_ask`); err != nil {
					return err
				}
				_, err := tx.Exec(t.Context(), `DELETE FROM shift`)
				return err
			})
		}
	})
}

func TestNobodyCouldIsSaid(t *testing.T) {
	each(t, func(f *fixture) {
		id := f.has(f.jonas.ID, "2026-03-02", "9–17")
		c := f.asks(id, "2026-03-02 12:00", "2026-03-02 13:00")
		if want := f.at.Add(10 * time.Minute); c.DueAt != want {
			t.Errorf("due at %v", c.DueAt.Time())
		}
		f.drain(9 * time.Minute)
		if len(f.askedNow(f.amara)) != 1 {
			t.Error("it was over too early")
		}
		f.told = nil
		f.drain(time.Minute)
		if len(f.askedNow(f.amara)) != 0 || len(f.told) != 2 || !strings.HasPrefix(f.told[0].words, "Nobody could cover for you") || f.told[1].people[0] != f.lead.ID {
			t.Errorf("told %+v", f.told)
		}
		f.refused(fault.KindConflict, func(tx *db.Tx) error {
			_, err := f.rota.AcceptCover(t.Context(), tx, f.amara, c.ID)
			return err
		})
		// When the last one passes it is said at once.
		c = f.asks(id, "2026-03-02 13:00", "2026-03-02 14:00")
		for _, h := range []person.Actor{f.amara, f.priya, f.ben} {
			f.write(func(tx *db.Tx) error { return f.rota.PassCover(t.Context(), tx, h, c.ID) })
		}
		f.read(func(tx *db.Tx) error {
			now, _, err := shift.SeeCover(t.Context(), tx, f.jonas, c.ID)
			if now.State != shift.Nobody {
				t.Errorf("%+v", now)
			}
			return err
		})
		// And when there is nobody to ask, too.
		f.write(func(tx *db.Tx) error {
			return person.SetMembers(t.Context(), tx, f.team, []int64{f.jonas.ID})
		})
		if c = f.asks(id, "2026-03-02 15:00", "2026-03-02 16:00"); c.State != shift.Nobody {
			t.Errorf("%+v", c)
		}
		// For later there is time until a quarter of an hour before.
		f.write(func(tx *db.Tx) error {
			return person.SetMembers(t.Context(), tx, f.team, []int64{f.jonas.ID, f.amara.ID})
		})
		if c = f.asks(id, "2026-03-02 16:00", "2026-03-02 17:00"); c.DueAt != at("2026-03-02 15:45") {
			t.Errorf("due at %v", c.DueAt.Time())
		}
		f.write(func(tx *db.Tx) error { return f.rota.WithdrawCover(t.Context(), tx, f.jonas, c.ID) })
		if len(f.askedNow(f.amara)) != 0 {
			t.Error("she is asked still")
		}
	})
}

func TestCoveredFromTheBeginningAndWhole(t *testing.T) {
	each(t, func(f *fixture) {
		id := f.has(f.jonas.ID, "2026-03-03", "9–17")
		c := f.asks(id, "2026-03-03 09:00", "2026-03-03 10:00")
		f.write(func(tx *db.Tx) error {
			_, err := f.rota.AcceptCover(t.Context(), tx, f.amara, c.ID)
			return err
		})
		all := f.all("2026-03-03 00:00", "2026-03-04 00:00")
		if len(all) != 2 || all[0].PersonID != f.amara.ID || all[1].ID != id || all[1].PersonID != f.jonas.ID || all[1].FromAt != at("2026-03-03 10:00") {
			t.Fatalf("%+v", all)
		}
		c = f.asks(id, "2026-03-03 10:00", "2026-03-03 17:00")
		f.write(func(tx *db.Tx) error {
			_, err := f.rota.AcceptCover(t.Context(), tx, f.priya, c.ID)
			return err
		})
		if s := f.shift(id); s.PersonID != f.priya.ID || s.ForID != f.jonas.ID || s.UntilAt != at("2026-03-03 17:00") {
			t.Errorf("%+v", s)
		}
		// A shift that somebody else has by now is not covered any more.
		id = f.has(f.jonas.ID, "2026-03-04", "9–17")
		c = f.asks(id, "2026-03-04 09:00", "2026-03-04 10:00")
		f.write(func(tx *db.Tx) error {
			_, err := f.rota.Assign(t.Context(), tx, f.lead, id, f.ben.ID, false)
			return err
		})
		f.refused(fault.KindConflict, func(tx *db.Tx) error {
			_, err := f.rota.AcceptCover(t.Context(), tx, f.amara, c.ID)
			return err
		})
	})
}

func TestSwap(t *testing.T) {
	each(t, func(f *fixture) {
		hers, his := f.has(f.amara.ID, "2026-03-04", "8–12"), f.has(f.jonas.ID, "2026-03-05", "13–17")
		third := f.has(f.priya.ID, "2026-03-06", "8–12")
		ask := func(by person.Actor, given, wanted int64) (id int64) {
			f.write(func(tx *db.Tx) (err error) {
				id, err = f.rota.AskSwap(t.Context(), tx, by, given, wanted, "My daughter\nplays")
				return err
			})
			return id
		}
		swap := ask(f.amara, hers, his)
		crossing := ask(f.priya, third, hers)
		other := ask(f.amara, hers, third)
		if again := ask(f.amara, hers, his); again != swap {
			t.Errorf("asked twice: %d, %d", swap, again)
		}
		f.refused(fault.KindDenied, func(tx *db.Tx) error { return f.rota.AgreeSwap(t.Context(), tx, f.amara, swap) })
		f.refused(fault.KindNotFound, func(tx *db.Tx) error { return f.rota.AgreeSwap(t.Context(), tx, f.lead, swap) })
		f.write(func(tx *db.Tx) error { return f.rota.AgreeSwap(t.Context(), tx, f.jonas, swap) })
		f.write(func(tx *db.Tx) error { return f.rota.AgreeSwap(t.Context(), tx, f.jonas, swap) }) // sent twice
		if f.shift(hers).PersonID != f.jonas.ID || f.shift(his).PersonID != f.amara.ID {
			t.Fatal("nothing was swapped")
		}
		// Swaps that cross this one are off, whichever way round.
		for by, id := range map[*person.Actor]int64{&f.amara: crossing, &f.priya: other} {
			f.refused(fault.KindConflict, func(tx *db.Tx) error { return f.rota.AgreeSwap(t.Context(), tx, *by, id) })
		}
		if f.shift(third).PersonID != f.priya.ID {
			t.Error("a crossing swap took place in part")
		}
		// What stands against it is looked at once more at the yes.
		late := ask(f.priya, third, his)
		f.has(f.priya.ID, "2026-03-05", "15–20")
		words := f.refused(fault.KindConflict, func(tx *db.Tx) error { return f.rota.AgreeSwap(t.Context(), tx, f.amara, late) })
		if !strings.HasPrefix(words, "Priya Kaur has another shift then") || f.shift(third).PersonID != f.priya.ID {
			t.Error(words)
		}
		f.write(func(tx *db.Tx) error { return f.rota.EndSwap(t.Context(), tx, f.amara, late) })
		if last := f.told[len(f.told)-1]; last.people[0] != f.priya.ID || !strings.HasPrefix(last.words, "Amara Okafor cannot swap.") {
			t.Errorf("told %+v", last)
		}
	})
}

// TestSwapsAtOnce has two colleagues agree at the same moment to swaps of the same shift: one takes place, whole.
func TestSwapsAtOnce(t *testing.T) {
	each(t, func(f *fixture) {
		mine, two, three := f.has(f.amara.ID, "2026-03-04", "8–12"), f.has(f.jonas.ID, "2026-03-05", "8–12"), f.has(f.priya.ID, "2026-03-06", "8–12")
		var a, b int64
		f.write(func(tx *db.Tx) (err error) {
			if a, err = f.rota.AskSwap(t.Context(), tx, f.amara, mine, two, ""); err != nil {
				return err
			}
			b, err = f.rota.AskSwap(t.Context(), tx, f.amara, mine, three, "")
			return err
		})
		var wait sync.WaitGroup
		var first, second error
		wait.Go(func() {
			first = f.db.Write(t.Context(), func(tx *db.Tx) error { return f.rota.AgreeSwap(t.Context(), tx, f.jonas, a) })
		})
		wait.Go(func() {
			second = f.db.Write(t.Context(), func(tx *db.Tx) error { return f.rota.AgreeSwap(t.Context(), tx, f.priya, b) })
		})
		wait.Wait()
		if (first == nil) == (second == nil) {
			t.Fatalf("%v and %v", first, second)
		}
		holders := []int64{f.shift(mine).PersonID, f.shift(two).PersonID, f.shift(three).PersonID}
		if first == nil && !slices.Equal(holders, []int64{f.jonas.ID, f.amara.ID, f.priya.ID}) || second == nil && !slices.Equal(holders, []int64{f.priya.ID, f.jonas.ID, f.amara.ID}) {
			t.Errorf("%v %v: %v", first, second, holders)
		}
	})
}
