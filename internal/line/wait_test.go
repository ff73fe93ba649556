package line_test

import (
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/line"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/ticket"
)

// told is what somebody who looks at a request now is told.
func (f *fixture) told(id int64) (w line.Wait) {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		t := f.get(tx, id)
		w = must(f.line.WaitOf(f.Context(), tx, t, must(line.PlaceOf(f.Context(), tx, t))))
		return nil
	})
	return w
}

func (f *fixture) answer(id int64, by ticket.By) {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		_, err := f.desk.Reply(f.Context(), tx, by, id, ticket.Draft{Text: "Please try it now."}, ticket.Solved)
		return err
	})
}

// rounds has so many tickets come one after the other, each answered after some minutes, in working hours only.
func (f *fixture) rounds(n int, after func(i int) time.Duration) {
	f.Helper()
	for i := range n {
		if day := f.at.Time().UTC(); day.Hour() >= 15 {
			f.at = f.at.Add(time.Duration(18) * time.Hour)
			for d := f.at.Time().UTC().Weekday(); d == time.Saturday || d == time.Sunday; d = f.at.Time().UTC().Weekday() {
				f.at = f.at.Add(24 * time.Hour)
			}
		}
		id := f.create()
		f.at = f.at.Add(after(i))
		f.answer(id, ticket.By{Actor: f.amara})
	}
}

func TestWhatIsToldIsWhatHappened(t *testing.T) {
	each(t, func(f *fixture) {
		f.rounds(10, func(int) time.Duration { return 20 * time.Minute })
		id := f.create()
		if w := f.told(id); w.Known {
			t.Errorf("after ten waits %+v is told", w)
		}
		f.write(func(tx *db.Tx) error { return f.desk.Trash(f.Context(), tx, ticket.By{Actor: f.amara}, id) })
		f.rounds(60, func(i int) time.Duration { return time.Duration(10+i%21) * time.Minute })
		f.line = &line.Line{DB: f.db, Calendars: f.line.Calendars} // nothing is lost when the program starts again
		f.at = f.at.Add(time.Duration(33-f.at.Time().UTC().Hour()) * time.Hour)
		for d := f.at.Time().UTC().Weekday(); d == time.Saturday || d == time.Sunday; d = f.at.Time().UTC().Weekday() {
			f.at = f.at.Add(24 * time.Hour)
		}
		id = f.create()
		w := f.told(id)
		minutes := func(k int) int64 { return w.Worked[k] / time.Minute.Milliseconds() }
		if !w.Known || minutes(1) < 10 || minutes(1) > 21 || minutes(2) < 21 || minutes(2) > 36 || minutes(0) > minutes(1) || minutes(3) < minutes(2) {
			t.Errorf("waits of 10 to 30 minutes are told as %+v", w)
		}
		f.at = f.at.Add(14 * time.Hour) // the desk is closed: working time counts
		if w := f.told(f.create()); w.Known && w.Half.From.Time().UTC().Hour() < 9 {
			t.Errorf("at night somebody is told to be answered at %s", w.Half.From.Time().UTC())
		}
	})
}

func TestOnlyAPersonEndsAWait(t *testing.T) {
	each(t, func(f *fixture) {
		id := f.create()
		count := func(where string) (n int64) {
			f.write(func(tx *db.Tx) (err error) {
				n, err = db.One[int64](f.Context(), tx, `SELECT count(*) FROM line_wait WHERE ticket_id = $1 AND `+where, id)
				return err
			})
			return n
		}
		f.write(func(tx *db.Tx) error {
			_, err := f.desk.Reply(f.Context(), tx, ticket.By{Actor: person.System}, id, ticket.Draft{Text: "We have it."}, "")
			return err
		})
		if count("ended_at > 0") != 0 {
			t.Error("an answer of the desk itself ended the wait as if a person had given it")
		}
		id = f.create()
		f.at = f.at.Add(time.Hour)
		f.answer(id, ticket.By{Actor: f.amara})
		if count("ended_at > 0 AND by_id IS NOT NULL") != 1 {
			t.Error("the answer of a person ended no wait")
		}
		f.write(func(tx *db.Tx) error {
			_, err := f.desk.Answer(f.Context(), tx, ticket.By{Actor: f.hana, Cause: "mail"}, id, ticket.Draft{Text: "It is back again."})
			return err
		})
		if count("ended_at = 0 AND again") != 1 {
			t.Error("who writes again does not wait again")
		}
		f.write(func(tx *db.Tx) error { return f.desk.Solve(f.Context(), tx, ticket.By{Actor: f.amara}, id) })
		if count("ended_at = 0") != 0 {
			t.Error("a request that is solved still waits")
		}
	})
}

// TestASweepLooksAgain makes sure that long waits are learnt from while they last, and ever more seldom.
func TestASweepLooksAgain(t *testing.T) {
	each(t, func(f *fixture) {
		id := f.create()
		for range 48 {
			f.at = f.at.Add(5 * time.Minute)
			if err := f.line.Sweep(f.Context()); err != nil {
				t.Fatal(err)
			}
		}
		f.answer(id, ticket.By{Actor: f.amara})
		f.write(func(tx *db.Tx) error {
			n := must(db.One[int64](f.Context(), tx, `SELECT count(*) FROM line_look WHERE worked >= 0 AND ended_at > 0`))
			if n < 4 || n > 6 {
				t.Errorf("in four hours it was looked at %d times", n)
			}
			if _, err := line.Forget(f.Context(), tx, id); err != nil {
				return err
			}
			if n := must(db.One[int64](f.Context(), tx, `SELECT count(*) FROM line_look`)); n != 0 {
				t.Errorf("%d looks are left of a ticket that is forgotten", n)
			}
			return nil
		})
	})
}

// TestOnHoldWasTheTurn: who is put on hold has had their turn, and stands in line anew when it comes back.
func TestOnHoldWasTheTurn(t *testing.T) {
	each(t, func(f *fixture) {
		id := f.create()
		count := func(where string) (n int64) {
			f.write(func(tx *db.Tx) (err error) {
				n, err = db.One[int64](f.Context(), tx, `SELECT count(*) FROM line_wait WHERE ticket_id = $1 AND `+where, id)
				return err
			})
			return n
		}
		set := func(by ticket.By, s ticket.Status) {
			f.at = f.at.Add(10 * time.Minute)
			f.write(func(tx *db.Tx) error { return f.desk.SetStatus(f.Context(), tx, by, id, s) })
		}
		set(ticket.By{Actor: person.System}, ticket.OnHold)
		if n := count("true"); n != 0 {
			t.Errorf("what the desk itself put on hold counts as a turn: %d waits", n)
		}
		set(ticket.By{Actor: person.System}, ticket.Open)
		if count("ended_at = 0") != 1 {
			t.Error("what is back from hold does not wait")
		}
		set(ticket.By{Actor: f.amara}, ticket.OnHold)
		if count("ended_at > 0") != 1 || count("ended_at = 0") != 0 {
			t.Error("somebody put it on hold, and that was not its turn")
		}
		set(ticket.By{Actor: f.amara}, ticket.Open)
		f.at = f.at.Add(10 * time.Minute)
		f.answer(id, ticket.By{Actor: f.amara})
		if count("ended_at > 0") != 2 {
			t.Error("after it came back the answer was no turn")
		}
	})
}

// TestHoursOfWhoIsHere: a wait is measured by those who are here, and one for a person by theirs.
func TestHoursOfWhoIsHere(t *testing.T) {
	each(t, func(f *fixture) {
		away := func(who person.Actor, days int) {
			f.write(func(tx *db.Tx) error {
				_, err := routing.SaveAbsence(f.Context(), tx, person.System, routing.Absence{PersonID: who.ID, FromAt: f.at.Add(-time.Hour), UntilAt: f.at.Add(time.Duration(days)*24*time.Hour - time.Hour), HandOver: routing.Keeps})
				return err
			})
		}
		f.rounds(30, func(int) time.Duration { return 20 * time.Minute })
		f.at = start.Add(7 * 24 * time.Hour)
		id := f.create()
		from := f.at
		worked := func(team int64, days int) (h float64) {
			f.write(func(tx *db.Tx) error {
				ms := must(f.line.Worked(f.Context(), tx, team, from, from.Add(time.Duration(days)*24*time.Hour)))
				h = (time.Duration(ms) * time.Millisecond).Round(time.Minute).Hours()
				return nil
			})
			return h
		}
		if h := worked(f.team, 2); h != 16 {
			t.Errorf("two days of a team are %v hours", h)
		}
		away(f.amara, 2)
		f.line = &line.Line{DB: f.db, Calendars: f.line.Calendars}
		if h := worked(f.team, 2); h != 16 {
			t.Errorf("with one of two away two days are %v hours", h)
		}
		away(f.jonas, 1)
		f.line = &line.Line{DB: f.db, Calendars: f.line.Calendars}
		if h := worked(f.team, 4); h != 27 {
			t.Errorf("with both away on the first day four days are %v hours", h)
		}
		f.rounds(30, func(int) time.Duration { return 20 * time.Minute })
		f.line.Fresh = time.Nanosecond
		f.at = from
		f.write(func(tx *db.Tx) error {
			return f.desk.Assign(f.Context(), tx, ticket.By{Actor: f.amara}, id, f.amara.ID)
		})
		w := f.told(id)
		if back := from.Add(2 * 24 * time.Hour).Time().UTC().Truncate(24 * time.Hour); !w.Known || w.Half.From.Time().UTC().Before(back) {
			t.Errorf("who waits for somebody away until %s is told %s", back, w.Half.From.Time().UTC())
		}
	})
}
