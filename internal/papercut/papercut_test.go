package papercut_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
)

const timesheet = "The timesheet forgets my project every Monday"

func TestLikeSentencesAreOneThing(t *testing.T) {
	for name, c := range map[string]struct {
		first, second string
		same          bool
	}{
		"the same words":            {timesheet, timesheet, true},
		"other forms":               {timesheet, "timesheets forgot my projects on Mondays", true},
		"an umlaut typed otherwise": {"Der Drucker im Büro druckt doppelseitig", "drucker buero doppelseitig", true},
		"German forms":              {"Die Suche im Intranet findet nie etwas", "Intranet-Suche findet nichts", true},
		"one word of several":       {timesheet, "The timesheet makes me sign in twice", false},
		"nothing shared":            {timesheet, "The printer dialog forgets duplex", false},
		"words that say nothing":    {"it is so annoying again", "it was so annoying always", false},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(f *fixture) {
				a, b := f.says(f.hana, c.first), f.says(f.hugo, c.second)
				if (a.ID == b.ID) != c.same || b.Joined != c.same {
					f.Errorf("one thing: %v, want %v", a.ID == b.ID, c.same)
				}
			})
		})
	}
}

func TestAPersonIsCountedOnce(t *testing.T) {
	each(t, func(f *fixture) {
		id := f.says(f.hana, timesheet).ID
		f.says(f.hana, timesheet)
		f.says(f.hana, "timesheet forgets the project, every monday")
		f.meToo(f.hana, id)
		f.want("people", f.get(id).People, 1)
		f.meToo(f.hugo, id)
		f.meToo(f.hugo, id)
		f.meToo(-7, id)
		f.meToo(-7, id)
		f.meToo(-8, id)
		f.want("people", f.get(id).People, 4)
		f.write(func(tx *db.Tx) error { return f.book.TakeBack(f.Context(), tx, one(f.hugo), id) })
		f.want("people without Hugo", f.get(id).People, 3)
		f.write(func(tx *db.Tx) error { return f.book.TakeBack(f.Context(), tx, one(f.hugo), id) })
		f.want("taken back twice", f.get(id).People, 3)
		only := f.says(f.bela, "The coffee screen is too bright").ID
		f.write(func(tx *db.Tx) error { return f.book.TakeBack(f.Context(), tx, one(f.bela), only) })
		f.refused(fault.KindNotFound, func(tx *db.Tx) error {
			_, err := papercut.Get(f.Context(), tx, person.System, only)
			return err
		})
	})
}

func TestTwoWhoAreOneCountOnce(t *testing.T) {
	each(t, func(f *fixture) {
		id := f.says(f.hana, timesheet).ID
		f.meToo(f.hugo, id)
		var merge int64
		admin := person.Actor{ID: f.lena.ID, Role: person.Administrator}
		f.write(func(tx *db.Tx) (err error) {
			merge, err = person.MergeInto(f.Context(), tx, admin, f.hana, f.hugo, "")
			return err
		})
		check(f.book.Sweep(f.Context()))
		f.want("people", f.get(id).People, 1)
		f.write(func(tx *db.Tx) error { return person.UndoMerge(f.Context(), tx, admin, merge, "") })
		check(f.book.Sweep(f.Context()))
		f.want("people after undo", f.get(id).People, 2)
	})
}

func TestNumbersAndSentencesStayWithinACircle(t *testing.T) {
	each(t, func(f *fixture) {
		id := f.says(f.bela, timesheet).ID
		f.want("to acme", f.offered(f.inAcme, f.hana), "[]")
		f.refused(fault.KindNotFound, func(tx *db.Tx) error {
			_, err := f.book.MeToo(f.Context(), tx, f.inAcme, one(f.hana), id, "")
			return err
		})
		mine := f.says(f.hana, "timesheet forgets project on monday")
		f.want("one thing for the desk", mine.ID, id)
		f.want("to Hugo of acme", f.offered(f.inAcme, f.hugo), "[timesheet forgets project on monday (1)]")
		f.want("to a visitor of nobody", f.offered(person.Circle{}, -3), "[]")
		f.want("where all belong together", f.offered(f.all, f.hugo), "["+timesheet+" (2)]")
		f.want("for staff", f.get(id).People, 2)
		title := "The timesheet has no memory"
		f.write(func(tx *db.Tx) error {
			_, err := f.book.Change(f.Context(), tx, f.amara, id, papercut.Change{Title: &title})
			return err
		})
		f.want("with a title", f.offered(f.inAcme, f.hugo), "["+title+" (1)]")
	})
}

func TestWhatAnUnknownVisitorWroteWaitsForStaff(t *testing.T) {
	each(t, func(f *fixture) {
		id := f.says(-5, "Buy cheap watches at example").ID
		f.want("to others", f.offered(f.all, f.hana), "[]")
		f.read(func(tx *db.Tx) error {
			mine := must(papercut.Mine(f.Context(), tx, person.Circle{}, one(-5), 5))
			f.want("to themselves", len(mine), 1)
			return nil
		})
		f.write(func(tx *db.Tx) error { return f.book.Look(f.Context(), tx, f.amara, id) })
		f.want("looked at", f.offered(f.all, f.hana), "[Buy cheap watches at example (1)]")
		f.write(func(tx *db.Tx) error { return f.book.Hide(f.Context(), tx, f.amara, id, true) })
		f.want("hidden", f.offered(f.all, f.hana), "[]")
		if again := f.says(f.hana, "Buy cheap watches at example"); again.ID == id {
			f.Error("what is like something hidden joined it")
		}
	})
}

func TestAPrivateTeamsPapercutsAreItsOwn(t *testing.T) {
	each(t, func(f *fixture) {
		open := f.says(f.hugo, timesheet).ID
		var hidden papercut.Result
		f.write(func(tx *db.Tx) (err error) {
			hidden, err = f.book.Say(f.Context(), tx, one(f.hana), papercut.Said{Text: timesheet, How: papercut.ByTicket, Team: f.payroll, Private: true, By: f.priya.ID})
			return err
		})
		if hidden.ID == open || hidden.Joined {
			f.Fatal("it joined what everybody sees")
		}
		for name, c := range map[string]struct {
			a    person.Actor
			sees int
		}{"a member": {f.priya, 2}, "another": {f.amara, 1}, "a lead": {f.lena, 1}} {
			f.read(func(tx *db.Tx) error {
				all := must(papercut.List(f.Context(), tx, c.a, papercut.Page{Size: 10}))
				f.want(name+" lists", len(all), c.sees)
				weeks := must(papercut.Weeks(f.Context(), tx, c.a, 0, 2, time.UTC))
				f.want(name+" counts", weeks[0].All(), c.sees)
				_, err := papercut.Get(f.Context(), tx, c.a, hidden.ID)
				f.want(name+" gets it", err == nil, c.sees == 2)
				return nil
			})
		}
		f.want("to others", f.offered(f.all, f.bela), "["+timesheet+" (1)]")
		f.refused(fault.KindNotFound, func(tx *db.Tx) error { return f.book.Hide(f.Context(), tx, f.lena, hidden.ID, true) })
		f.refused(fault.KindInvalid, func(tx *db.Tx) error {
			_, err := f.book.Merge(f.Context(), tx, f.priya, hidden.ID, open)
			return err
		})
	})
}

func TestMergeAndSplit(t *testing.T) {
	each(t, func(f *fixture) {
		a, b := f.says(f.hana, timesheet).ID, f.says(f.hugo, "I have to type the cost centre each week").ID
		f.meToo(f.bela, a)
		f.meToo(f.hana, b)
		f.write(func(tx *db.Tx) error {
			_, err := f.book.Merge(f.Context(), tx, f.amara, a, b)
			return err
		})
		f.want("people", f.get(b).People, 3)
		f.want("the old number leads on", f.get(a).ID, b)
		f.want("what is like it joins", f.says(f.bela, "timesheet forgets project monday").ID, b)
		f.refused(fault.KindConflict, func(tx *db.Tx) error {
			_, err := f.book.Change(f.Context(), tx, f.amara, a, papercut.Change{})
			return err
		})
		var taps []papercut.Tap
		f.read(func(tx *db.Tx) (err error) {
			taps, err = papercut.Taps(f.Context(), tx, b, 10)
			return err
		})
		var own papercut.Papercut
		for _, tap := range taps {
			if strings.Contains(tap.Text, "cost centre") {
				f.write(func(tx *db.Tx) (err error) {
					own, err = f.book.Split(f.Context(), tx, f.amara, b, tap.ID)
					return err
				})
			}
		}
		f.want("split off", own.People, 1)
		f.want("the rest", f.get(b).People, 2)
		f.want("each finds its own", f.says(f.hana, "type cost centre week").ID, own.ID)
		f.refused(fault.KindConflict, func(tx *db.Tx) error {
			only := f.says2(tx, "The lift plays music").ID
			taps := must(papercut.Taps(f.Context(), tx, only, 1))
			_, err := f.book.Split(f.Context(), tx, f.amara, only, taps[0].ID)
			return err
		})
	})
}

func TestItIsTheSameAsAnother(t *testing.T) {
	each(t, func(f *fixture) {
		known := f.says(f.hugo, "The timesheet forgets the project").ID
		mine := f.says(f.hana, "timesheet is slow when my project loads").ID
		into := f.says(f.bela, "The cost centre is asked each week").ID
		move := func(to int64) (r papercut.Result, err error) {
			err = f.db.Write(f.Context(), func(tx *db.Tx) (err error) {
				r, err = f.book.Move(f.Context(), tx, f.all, one(f.hana), mine, to)
				return err
			})
			return r, err
		}
		f.write(func(tx *db.Tx) error {
			_, err := f.book.Merge(f.Context(), tx, f.amara, known, into)
			return err
		})
		r, err := move(known) // whose number leads on meanwhile
		check(err)
		f.want("moved", r.ID, into)
		f.want("people", f.get(into).People, 3)
		f.refused(fault.KindNotFound, func(tx *db.Tx) error {
			_, err := papercut.Get(f.Context(), tx, person.System, mine)
			return err
		})
		mine = f.says(f.hana, "The lift plays music").ID
		f.state(into, papercut.Gone, "")
		if _, err := move(into); !fault.Is(err, fault.KindConflict) {
			f.Errorf("moved to what is gone: %v", err)
		}
	})
}

func (f *fixture) says2(tx *db.Tx, text string) papercut.Result {
	return must(f.book.Say(f.Context(), tx, one(f.hana), papercut.Said{Text: text, How: papercut.ByPortal}))
}

func TestTheOrderForgets(t *testing.T) {
	each(t, func(f *fixture) {
		old := f.says(f.hana, timesheet).ID
		f.meToo(f.hugo, old)
		f.at = f.at.Add(20 * 24 * time.Hour)
		fresh := f.says(f.bela, "The printer dialog forgets duplex").ID
		order := func() (out []int64) {
			f.read(func(tx *db.Tx) error {
				for _, p := range must(papercut.List(f.Context(), tx, f.amara, papercut.Page{Size: 10})) {
					out = append(out, p.ID)
				}
				return nil
			})
			return out
		}
		f.want("order", order(), []int64{old, fresh})
		f.at = f.at.Add(9 * 24 * time.Hour)
		check(f.book.Sweep(f.Context()))
		f.want("order a month later", order(), []int64{fresh, old})
		f.want("in all", f.get(old).People, 2)
		f.read(func(tx *db.Tx) error {
			first := must(papercut.List(f.Context(), tx, f.amara, papercut.Page{Size: 1}))
			next := must(papercut.List(f.Context(), tx, f.amara, papercut.Page{Size: 1, After: papercut.Place{Recent: first[0].Recent, ID: first[0].ID}}))
			f.want("page by page", next[0].ID, old)
			found := must(papercut.List(f.Context(), tx, f.amara, papercut.Page{Size: 5, Query: "printers"}))
			f.want("found", len(found), 1)
			weeks := must(papercut.Weeks(f.Context(), tx, f.amara, 0, 6, time.UTC))
			counts := []int{}
			for _, w := range weeks {
				counts = append(counts, w.All())
			}
			f.want("weeks", counts, []int{0, 0, 1, 0, 2, 0}[:6])
			return nil
		})
	})
}

func TestEverybodyIsToldOnceThatItIsGone(t *testing.T) {
	each(t, func(f *fixture) {
		id := f.says(f.hana, timesheet).ID
		f.meToo(f.hugo, id)
		f.meToo(f.bela, id)
		f.meToo(-4, id)
		f.write(func(tx *db.Tx) error { // who did not prove to be Amara is not told
			_, err := f.book.Say(f.Context(), tx, one(f.amara.ID), papercut.Said{Text: timesheet, How: papercut.ByMail, Unproven: true})
			return err
		})
		f.write(func(tx *db.Tx) error { return papercut.Hush(f.Context(), tx, f.bela, true) })
		f.state(id, papercut.Gone, "")
		f.drain()
		f.want("told at once", len(f.mails), 0)
		f.state(id, papercut.Open, "") // it was a slip
		f.at = f.at.Add(time.Hour)
		f.drain()
		f.want("told of a slip", len(f.mails), 0)
		f.state(id, papercut.Gone, "Mended in version 3.")
		f.at = f.at.Add(papercut.TellAfter)
		f.drain()
		told := map[int64]int{}
		for _, m := range f.mails {
			told[m.Person]++
			f.want("letter", m.Kind, papercut.LetterGone)
		}
		f.want("told", told, map[int64]int{f.hana: 1, f.hugo: 1})
		f.refused(fault.KindConflict, func(tx *db.Tx) error {
			_, err := f.book.MeToo(f.Context(), tx, f.all, one(f.bela), id, "")
			return err
		})
		if again := f.says(f.hana, timesheet); again.ID == id {
			f.Error("what is gone came back in silence")
		}
	})
}

func TestWhatStaysWantsAReason(t *testing.T) {
	each(t, func(f *fixture) {
		id := f.says(f.hana, timesheet).ID
		f.refused(fault.KindInvalid, func(tx *db.Tx) error {
			_, err := f.book.SetState(f.Context(), tx, f.amara, id, papercut.Stays, " ")
			return err
		})
		f.state(id, papercut.Stays, "The law wants it so.")
		f.want("it is counted all the same", f.says(f.hugo, timesheet).People, 2)
		f.want("not offered", f.offered(f.all, f.bela), "[]")
	})
}

func TestLimits(t *testing.T) {
	each(t, func(f *fixture) {
		for _, text := range []string{"", "  a ", strings.Repeat("word ", 100)} {
			f.refused(fault.KindInvalid, func(tx *db.Tx) error {
				_, err := f.book.Say(f.Context(), tx, one(f.hana), papercut.Said{Text: text})
				return err
			})
		}
		for i := range 20 {
			f.says(-9, fmt.Sprintf("thing%d other%d more%d", i, i, i))
		}
		f.refused(fault.KindLimited, func(tx *db.Tx) error {
			_, err := f.book.Say(f.Context(), tx, one(-9), papercut.Said{Text: "One more of these"})
			return err
		})
		f.says(f.hana, "Somebody else may")
		f.at = f.at.Add(2 * time.Hour)
		f.says(-9, "One more of these")
	})
}

func TestAVisitorIsToldAfterTheyConfirm(t *testing.T) {
	each(t, func(f *fixture) {
		id := f.says(-5, timesheet).ID
		f.refused(fault.KindNotFound, func(tx *db.Tx) error { return f.book.Ask(f.Context(), tx, 6, id, "hana@acme.example") })
		f.refused(fault.KindInvalid, func(tx *db.Tx) error { return f.book.Ask(f.Context(), tx, 5, id, "hana") })
		for range 2 {
			f.write(func(tx *db.Tx) error { return f.book.Ask(f.Context(), tx, 5, id, "Hana@acme.example") })
		}
		f.want("asked once", len(f.mails), 1)
		f.want("whom", f.mails[0], papercut.Letter{Kind: papercut.LetterAsked, Person: f.hana, About: id})
		token := papercut.Token(f.book.Key, papercut.Confirm, id, f.hana)
		if _, _, ok := papercut.ReadToken(f.book.Key, papercut.Back, token); ok {
			f.Error("a token does what it is not for")
		}
		about, who, ok := papercut.ReadToken(f.book.Key, papercut.Confirm, token)
		f.want("token", fmt.Sprint(about, who, ok), fmt.Sprint(id, f.hana, true))
		f.write(func(tx *db.Tx) error { return f.book.Confirm(f.Context(), tx, id, f.hana) })
		f.write(func(tx *db.Tx) error { return f.book.Confirm(f.Context(), tx, id, f.hana) })
		f.refused(fault.KindNotFound, func(tx *db.Tx) error { return f.book.Confirm(f.Context(), tx, id, f.hugo) })
		f.want("people", f.get(id).People, 1)
		f.state(id, papercut.Gone, "")
		f.at = f.at.Add(time.Hour)
		f.drain()
		f.want("told", len(f.mails), 2)
	})
}
