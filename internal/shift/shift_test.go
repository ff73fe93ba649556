package shift_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/shift"
)

func hoursOf(t testing.TB, hours, breaks string) (p shift.Pattern) {
	t.Helper()
	if err := p.SetHours(hours, breaks); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPatternMakesShiftsOnce(t *testing.T) {
	each(t, func(f *fixture) {
		p := hoursOf(t, "8–16", "12–12:30")
		p.Needed = 2
		id := f.pattern(p)
		made := f.all("2026-03-02 00:00", "2026-06-01 00:00")
		// Six weeks ahead of Monday noon, in one place of two: 31 working days, today among them as it goes on.
		if len(made) != 62 {
			t.Fatalf("%d shifts, want 62", len(made))
		}
		s := made[2]
		if s.FromAt != at("2026-03-03 08:00") || s.UntilAt != at("2026-03-03 16:00") || len(s.Breaks) != 1 || s.Breaks[0] != span("2026-03-03 12:00", "2026-03-03 12:30") || s.Published || s.PersonID != 0 || s.Unloved != 0 {
			t.Errorf("a shift is %+v", s)
		}
		if err := f.rota.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.pattern(shift.Pattern{ID: id, Rule: p.Rule, Begins: p.Begins, Ends: p.Ends, Breaks: p.Breaks, Needed: 2})
		if n := len(f.all("2026-03-02 00:00", "2026-06-01 00:00")); n != 62 {
			t.Errorf("made twice: %d shifts", n)
		}
		f.at = f.at.Add(7 * 24 * time.Hour)
		if err := f.rota.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := len(f.all("2026-03-02 00:00", "2026-06-01 00:00")); n != 72 {
			t.Errorf("a week later there are %d shifts, want 72", n)
		}
	})
}

func TestChangedPatternLeavesWhatSomebodyHas(t *testing.T) {
	each(t, func(f *fixture) {
		id := f.pattern(hoursOf(t, "8–16", ""))
		all := f.all("2026-03-03 00:00", "2026-03-07 00:00")
		f.write(func(tx *db.Tx) error {
			_, err := f.rota.Assign(t.Context(), tx, f.lead, all[0].ID, f.amara.ID, false)
			return err
		})
		f.write(func(tx *db.Tx) error { return f.rota.Remove(t.Context(), tx, f.lead, all[1].ID) })
		next := hoursOf(t, "9–17", "")
		next.ID = id
		f.pattern(next)
		now := f.all("2026-03-03 00:00", "2026-03-07 00:00")
		if len(now) != 3 {
			t.Fatalf("%d shifts, want that of Amara and two new ones: %+v", len(now), now)
		}
		if now[0].ID != all[0].ID || now[0].FromAt != at("2026-03-03 08:00") || now[0].PersonID != f.amara.ID {
			t.Errorf("hers became %+v", now[0])
		}
		if now[1].FromAt != at("2026-03-05 09:00") || now[2].FromAt != at("2026-03-06 09:00") {
			t.Errorf("the others are %v and %v", now[1].FromAt.Time(), now[2].FromAt.Time())
		}
		f.write(func(tx *db.Tx) error { return f.rota.EndPattern(t.Context(), tx, f.lead, id) })
		if left := f.all("2026-03-03 00:00", "2026-06-01 00:00"); len(left) != 1 || left[0].ID != all[0].ID {
			t.Errorf("after its end %+v are left", left)
		}
	})
}

func TestPatternsThatCannotBe(t *testing.T) {
	each(t, func(f *fixture) {
		good := hoursOf(t, "9–17", "")
		good.TeamID, good.Name, good.Zone, good.Needed, good.FirstDay, good.Rule = f.team, "Early", "Europe/Berlin", 1, day("2026-03-02"), "FREQ=DAILY"
		for _, c := range []struct {
			name, field string
			change      func(*shift.Pattern)
		}{
			{"never fires", "rule", func(p *shift.Pattern) { p.Rule = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" }},
			{"hours in the rule", "rule", func(p *shift.Pattern) { p.Rule = "FREQ=DAILY;BYHOUR=9,15" }},
			{"no rule", "rule", func(p *shift.Pattern) { p.Rule = " " }},
			{"each minute", "rule", func(p *shift.Pattern) { p.Rule = "FREQ=MINUTELY" }},
			{"no zone", "zone", func(p *shift.Pattern) { p.Zone = "Mars/Olympus" }},
			{"nobody needed", "needed", func(p *shift.Pattern) { p.Needed = 0 }},
			{"all needed", "needed", func(p *shift.Pattern) { p.Needed = 1000 }},
			{"no name", "name", func(p *shift.Pattern) { p.Name = " " }},
			{"year nought", "first", func(p *shift.Pattern) { p.FirstDay = 0 }},
			{"two days long", "hours", func(p *shift.Pattern) { p.Ends = p.Begins + 2000 }},
		} {
			p := good
			c.change(&p)
			words := f.refused(fault.KindInvalid, func(tx *db.Tx) error {
				_, err := f.rota.SavePattern(t.Context(), tx, f.lead, p)
				return err
			})
			if !strings.HasPrefix(words, c.field+":") {
				t.Errorf("%s: %s", c.name, words)
			}
		}
		for hours, breaks := range map[string]string{"9–17": "8–9", "22–6": "5:30–6:30", "9-12": "10–11, 10:30–11:30", "9–9:10": "", "9–12, 13–17": "", "soon": ""} {
			var p shift.Pattern
			if err := p.SetHours(hours, breaks); err == nil {
				t.Errorf("%s with %s was taken: %+v", hours, breaks, p)
			}
		}
	})
}

func TestClocksChangeInANight(t *testing.T) {
	each(t, func(f *fixture) {
		p := hoursOf(t, "22–6", "2–2:30")
		p.Rule = "FREQ=DAILY"
		f.at = at("2026-03-25 12:00")
		f.pattern(p)
		for on, want := range map[string]struct {
			worked time.Duration
			words  string
			rest   shift.Span
		}{
			"2026-03-27": {7*time.Hour + 30*time.Minute, "7 h 30 min", span("2026-03-28 02:00", "2026-03-28 02:30")},
			// 2:00 is not shown in that night, so the break is when the clock shows three.
			"2026-03-28": {6*time.Hour + 30*time.Minute, "6 h 30 min, 1 h less than the clock shows: the clocks go forward", span("2026-03-29 03:00", "2026-03-29 03:30")},
		} {
			all := f.all(on+" 21:00", on+" 23:00")
			if len(all) != 2 { // the one of the evening before ends at six
				all = all[len(all)-1:]
			}
			s := all[len(all)-1]
			if s.Worked() != want.worked || shift.LengthWords(s).String() != want.words || len(s.Breaks) != 1 || s.Breaks[0] != want.rest {
				t.Errorf("%s: %v, %q, %+v", on, s.Worked(), shift.LengthWords(s), s.Breaks)
			}
			if s.Unloved != int(want.worked/time.Minute) {
				t.Errorf("%s: %d minutes are unloved", on, s.Unloved)
			}
		}
		gone := hoursOf(t, "2–2:30", "")
		gone.Rule, gone.Name, gone.Zone, gone.Needed, gone.FirstDay = "FREQ=DAILY", "Short", "Europe/Berlin", 1, day("2026-03-28")
		shown, err := gone.Preview(day("2026-03-29"), day("2026-03-29"))
		if err != nil || len(shown) != 1 || shown[0].FromAt != at("2026-03-29 03:00") || shown[0].Worked() != 30*time.Minute {
			t.Errorf("a shift at the hour that does not exist: %+v, %v", shown, err)
		}
		autumn := hoursOf(t, "22–6", "")
		autumn.Rule, autumn.Name, autumn.Zone, autumn.Needed, autumn.FirstDay = "FREQ=DAILY", "Night", "Europe/Berlin", 1, day("2026-10-24")
		shown, err = autumn.Preview(day("2026-10-24"), day("2026-10-24"))
		if err != nil || shown[0].Worked() != 9*time.Hour || shift.LengthWords(shown[0]).String() != "9 h, 1 h more than the clock shows: the clocks go back" {
			t.Errorf("in autumn: %v, %v", shown, err)
		}
	})
}

func TestConflictsAreSaidInWords(t *testing.T) {
	each(t, func(f *fixture) {
		f.has(f.amara.ID, "2026-03-03", "14–22")
		f.has(f.amara.ID, "2026-03-05", "8–18")
		f.has(f.amara.ID, "2026-03-06", "8–18")
		f.write(func(tx *db.Tx) error {
			_, err := routing.SaveAbsence(t.Context(), tx, f.lead, routing.Absence{PersonID: f.jonas.ID, FromAt: at("2026-03-04 00:00"), UntilAt: at("2026-03-05 00:00"), HandOver: routing.Keeps})
			return err
		})
		f.write(func(tx *db.Tx) error {
			zone := "America/Los_Angeles"
			return person.Update(t.Context(), tx, f.priya.ID, person.Change{Zone: &zone})
		})
		f.write(func(tx *db.Tx) error {
			if _, err := tx.Exec(t.Context(), `UPDATE person SET active = FALSE WHERE id = $1`, f.ben.ID); err != nil {
				return err
			}
			return f.rota.SaveSettings(t.Context(), tx, f.lead, shift.Settings{TeamID: f.team, RestMinutes: 11 * 60, WeekMinutes: 30 * 60, AheadWeeks: 6})
		})
		for _, c := range []struct {
			name, on, hours string
			who             int64
			skills          string
			what            shift.What
			weight          shift.Weight
			words           string
		}{
			{"nothing", "2026-03-04", "18–20", f.priya.ID, "", "", shift.Note, ""},
			{"overlap", "2026-03-03", "20–23", f.amara.ID, "", shift.Overlap, shift.Never, "Amara Okafor has another shift then"},
			{"rest", "2026-03-04", "6–8", f.amara.ID, "", shift.Rest, shift.Ask, "Only 8 h of rest for Amara Okafor after the shift that ends"},
			{"rest before", "2026-03-04", "20–22", f.amara.ID, "", shift.Rest, shift.Ask, "Only 10 h of rest for Amara Okafor before the shift that begins"},
			{"one working day", "2026-03-03", "12–13", f.amara.ID, "", "", shift.Note, ""},
			{"away", "2026-03-04", "9–12", f.jonas.ID, "", shift.Away, shift.Never, "Jonas Lind is away then"},
			{"week", "2026-03-07", "12–16", f.amara.ID, "", shift.WeekLong, shift.Ask, "Amara Okafor would work 32 h in that week; 30 h are the most."},
			{"skill", "2026-03-04", "13–17", f.priya.ID, "de printer", shift.Skill, shift.Ask, "Priya Kaur is not known to have: de, printer."},
			{"their night", "2026-03-04", "9–17", f.priya.ID, "", shift.TheirDark, shift.Note, "For Priya Kaur it is night"},
			{"gone", "2026-03-04", "9–17", f.ben.ID, "", shift.GoneAway, shift.Never, "Ben Adler does not work at the desk any more."},
			{"not in the team", "2026-03-04", "9–17", f.lead.ID, "", shift.NotInTeam, shift.Never, "Lena Vogt is not in this team."},
		} {
			var all []shift.Conflict
			f.read(func(tx *db.Tx) error {
				p := shift.Pattern{TeamID: f.team, Name: "Desk", Zone: "Europe/Berlin", Needed: 1, Skills: c.skills}
				if err := p.SetHours(c.hours, ""); err != nil {
					return err
				}
				s := p.On(day(c.on))[0]
				crew, err := f.rota.CrewOf(t.Context(), tx, f.lead, f.team, s.Span(), c.who)
				all = crew.Against(s, c.who)
				return err
			})
			if c.what == "" {
				if len(all) != 0 {
					t.Errorf("%s: %v", c.name, all[0].Words)
				}
				continue
			}
			all = slices.DeleteFunc(all, func(x shift.Conflict) bool { return x.What != c.what })
			if len(all) != 1 || all[0].What != c.what || all[0].Weight != c.weight || !strings.HasPrefix(all[0].Words.String(), c.words) {
				t.Errorf("%s: %+v", c.name, all)
				for _, x := range all {
					t.Log(x.Words)
				}
			}
		}
	})
}

func TestTwoTeamsAtOnce(t *testing.T) {
	each(t, func(f *fixture) {
		f.write(func(tx *db.Tx) error {
			return person.SetMembers(t.Context(), tx, f.private, []int64{f.jonas.ID, f.lead.ID})
		})
		f.load()
		f.has(f.jonas.ID, "2026-03-04", "9–12", func(p *shift.Plan) { p.TeamID = f.team })
		var secret int64
		f.write(func(tx *db.Tx) (err error) {
			secret, err = f.rota.Add(t.Context(), tx, f.lead, shift.Plan{TeamID: f.private, Name: "Payroll run", Day: day("2026-03-05"), Zone: "Europe/Berlin", Hours: "9–12"})
			if err != nil {
				return err
			}
			_, err = f.rota.Assign(t.Context(), tx, f.lead, secret, f.jonas.ID, false)
			return err
		})
		open := f.has(0, "2026-03-05", "10–14")
		words := f.refused(fault.KindConflict, func(tx *db.Tx) error {
			_, err := f.rota.Assign(t.Context(), tx, f.lead, open, f.jonas.ID, true)
			return err
		})
		if !strings.HasPrefix(words, "Jonas Lind would be in two teams at once") {
			t.Error(words)
		}
		// Who does not belong to the private team learns that there is something, and not what.
		words = f.refused(fault.KindConflict, func(tx *db.Tx) error {
			_, err := f.rota.Assign(t.Context(), tx, f.admin, open, f.jonas.ID, true)
			return err
		})
		if !strings.HasPrefix(words, "Jonas Lind has something else then") {
			t.Error(words)
		}
		f.read(func(tx *db.Tx) error {
			if _, err := shift.See(t.Context(), tx, f.admin, secret); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("an administrator outside sees it: %v", err)
			}
			if _, err := shift.Patterns(t.Context(), tx, f.amara, f.private); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("patterns of a private team: %v", err)
			}
			return nil
		})
	})
}

func TestTakeAndGiveBack(t *testing.T) {
	each(t, func(f *fixture) {
		id := f.has(0, "2026-03-04", "9–17")
		f.write(func(tx *db.Tx) error { return f.rota.Take(t.Context(), tx, f.amara, id) })
		f.write(func(tx *db.Tx) error { return f.rota.Take(t.Context(), tx, f.amara, id) }) // sent twice
		f.refused(fault.KindConflict, func(tx *db.Tx) error { return f.rota.Take(t.Context(), tx, f.jonas, id) })
		f.refused(fault.KindDenied, func(tx *db.Tx) error { return f.rota.GiveBack(t.Context(), tx, f.jonas, id) })
		f.refused(fault.KindNotFound, func(tx *db.Tx) error { return f.rota.Take(t.Context(), tx, f.hana, id) })
		f.write(func(tx *db.Tx) error { return f.rota.GiveBack(t.Context(), tx, f.amara, id) })
		if s := f.shift(id); s.PersonID != 0 {
			t.Errorf("it is still %d's", s.PersonID)
		}
		if last := f.told[len(f.told)-1]; last.people[0] != f.lead.ID || !strings.HasPrefix(last.words, "Amara Okafor gave back Desk") {
			t.Errorf("told %+v", last)
		}
		f.refused(fault.KindDenied, func(tx *db.Tx) error {
			_, err := f.rota.Assign(t.Context(), tx, f.amara, id, f.jonas.ID, false)
			return err
		})
		draft := int64(0)
		f.write(func(tx *db.Tx) (err error) {
			draft, err = f.rota.Add(t.Context(), tx, f.lead, shift.Plan{TeamID: f.team, Name: "Draft", Day: day("2026-03-06"), Zone: "Europe/Berlin", Hours: "9–17"})
			return err
		})
		f.refused(fault.KindNotFound, func(tx *db.Tx) error { return f.rota.Take(t.Context(), tx, f.jonas, draft) })
	})
}

func TestOnDuty(t *testing.T) {
	each(t, func(f *fixture) {
		f.has(f.amara.ID, "2026-03-02", "8–16", func(p *shift.Plan) { p.Breaks = "12–12:30" })
		f.has(f.jonas.ID, "2026-03-02", "12–20")
		f.has(0, "2026-03-02", "20–23")
		for when, want := range map[string]struct {
			covered bool
			people  []int64
		}{
			"2026-03-02 11:59": {true, []int64{f.amara.ID}},
			"2026-03-02 12:00": {true, []int64{f.jonas.ID}}, // Amara is in her break
			"2026-03-02 12:30": {true, []int64{f.amara.ID, f.jonas.ID}},
			"2026-03-02 16:00": {true, []int64{f.jonas.ID}},
			"2026-03-02 20:00": {false, nil}, // open: nobody is said to be there, so working hours count
			"2026-03-02 07:59": {false, nil},
		} {
			f.read(func(tx *db.Tx) error {
				d, err := shift.OnDuty(t.Context(), tx, f.team, at(when))
				if d.Covered != want.covered || len(d.People) != len(want.people) {
					t.Errorf("%s: %+v", when, d)
				}
				for i, id := range want.people {
					if d.People[i] != id {
						t.Errorf("%s: %+v", when, d)
					}
				}
				return err
			})
		}
		f.read(func(tx *db.Tx) error {
			b, err := shift.BreaksNow(t.Context(), tx, []int64{f.amara.ID, f.jonas.ID}, at("2026-03-02 12:10"))
			if len(b) != 1 || b[f.amara.ID] != at("2026-03-02 12:30") {
				t.Errorf("breaks %v", b)
			}
			n, wrong := shift.NextOnDuty(t.Context(), tx, f.team, at("2026-03-02 07:00"))
			if len(n) != 2 || n[f.amara.ID] != at("2026-03-02 08:00") {
				t.Errorf("next %v", n)
			}
			if err == nil {
				err = wrong
			}
			return err
		})
		// Whoever left the team is not at the desk, whatever the rota says.
		f.write(func(tx *db.Tx) error {
			return person.SetMembers(t.Context(), tx, f.team, []int64{f.amara.ID})
		})
		f.read(func(tx *db.Tx) error {
			d, err := shift.OnDuty(t.Context(), tx, f.team, at("2026-03-02 17:00"))
			if d.Covered {
				t.Errorf("%+v", d)
			}
			return err
		})
	})
}

func TestMergedPeopleKeepTheirShifts(t *testing.T) {
	each(t, func(f *fixture) {
		his, hers := f.has(f.jonas.ID, "2026-03-04", "9–12"), f.has(f.amara.ID, "2026-03-05", "9–12")
		var merge, swap int64
		f.write(func(tx *db.Tx) (err error) {
			if swap, err = f.rota.AskSwap(t.Context(), tx, f.jonas, his, hers, ""); err != nil {
				return err
			}
			merge, err = person.MergeInto(t.Context(), tx, f.admin, f.ben.ID, f.jonas.ID, "")
			return err
		})
		if f.shift(his).PersonID != f.ben.ID {
			t.Errorf("his shift is %d's", f.shift(his).PersonID)
		}
		f.refused(fault.KindConflict, func(tx *db.Tx) error { return f.rota.AgreeSwap(t.Context(), tx, f.amara, swap) })
		f.write(func(tx *db.Tx) error { return person.UndoMerge(t.Context(), tx, f.admin, merge, "") })
		if f.shift(his).PersonID != f.jonas.ID {
			t.Errorf("after undoing it is %d's", f.shift(his).PersonID)
		}
	})
}
