package shift_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/shift"
)

var zones = []string{"Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo", "UTC"}

// drawPattern is a pattern of any kind, begun shortly before clocks change somewhere.
func drawPattern(rt *rapid.T) (p shift.Pattern, days []time.Weekday) {
	p = shift.Pattern{TeamID: 1, Name: "Turn", Needed: rapid.IntRange(1, 3).Draw(rt, "needed"), Zone: rapid.SampledFrom(zones).Draw(rt, "zone")}
	p.FirstDay = rapid.SampledFrom([]calendar.Date{day("2026-03-05"), day("2026-03-25"), day("2026-04-01"), day("2026-10-01"), day("2026-10-22"), day("2026-10-29")}).Draw(rt, "first")
	p.Begins = 15 * rapid.IntRange(0, 95).Draw(rt, "begins")
	p.Ends = p.Begins + 15*rapid.IntRange(1, 96).Draw(rt, "long")
	p.Unloved = rapid.Bool().Draw(rt, "unloved")
	p.Rule = "FREQ=DAILY"
	if rapid.Bool().Draw(rt, "weekly") {
		at := rapid.IntRange(0, 6).Draw(rt, "weekday")
		days = []time.Weekday{time.Weekday(at)}
		p.Rule = "FREQ=WEEKLY;BYDAY=" + []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}[at]
	}
	if long := p.Ends - p.Begins; long >= 60 && rapid.Bool().Draw(rt, "break") {
		from := p.Begins + 15*rapid.IntRange(1, long/15-2).Draw(rt, "break from")
		p.Breaks = decimal(from) + "-" + decimal(from+15)
	}
	return p, days
}

func decimal(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return decimal(n/10) + decimal(n%10)
}

// onWall is what the clock of a zone shows on a day, and whether it shows it at all: when the clocks go forward they leave some of it out.
func onWall(on calendar.Date, minute int, zone *time.Location) (time.Time, bool) {
	d := on.Time()
	at := time.Date(d.Year(), d.Month(), d.Day(), 0, minute, 0, 0, zone)
	want := d.Add(time.Duration(minute) * time.Minute)
	return at, at.Hour() == want.Hour() && at.Minute() == want.Minute() && at.Day() == want.Day()
}

// TestShiftsLieInTheirPattern: each shift is of a day that its rule names, begins and ends when the clock on its wall shows what the pattern says (also in the night
// in which the clocks change), lasts as long as clocks really went, and has its breaks within.
func TestShiftsLieInTheirPattern(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p, days := drawPattern(rt)
		zone := must(time.LoadLocation(p.Zone))
		last := p.FirstDay + 13
		all, err := p.Preview(p.FirstDay, last)
		if err != nil {
			rt.Fatal(err)
		}
		perDay := map[calendar.Date]int{}
		for _, s := range all {
			perDay[s.Day]++
			if s.Day < p.FirstDay || s.Day > last || days != nil && !slices.Contains(days, s.Day.Weekday()) {
				rt.Fatalf("%v is no day of %s", s.Day, p.Rule)
			}
			from, shows := onWall(s.Day, p.Begins, zone)
			until, ends := onWall(s.Day, p.Ends, zone)
			if shows && s.FromAt != clock.From(from) && s.FromAt.Time().In(zone).Format("02 15:04") != from.Format("02 15:04") {
				rt.Fatalf("it begins at %v, not %v", s.FromAt.Time().In(zone), from)
			}
			if ends && s.UntilAt.Time().In(zone).Format("02 15:04") != until.Format("02 15:04") {
				rt.Fatalf("it ends at %v, not %v", s.UntilAt.Time().In(zone), until)
			}
			if shows && ends {
				wall := time.Duration(p.Ends-p.Begins) * time.Minute
				if got := s.UntilAt.Sub(s.FromAt); got != wall+shift.ClockChange(s) {
					rt.Fatalf("from %v until %v it lasts %v", s.FromAt.Time().In(zone), s.UntilAt.Time().In(zone), got)
				}
			}
			before := s.FromAt
			for _, b := range s.Breaks {
				if b.From < before || b.Until <= b.From || b.Until > s.UntilAt {
					rt.Fatalf("a break from %v until %v in %+v", b.From.Time().In(zone), b.Until.Time().In(zone), s)
				}
				before = b.Until
			}
			if s.Worked() <= 0 && p.Breaks == "" || s.Unloved < 0 || s.Unloved > int(s.Worked()/time.Minute) || p.Unloved && s.Unloved != int(s.Worked()/time.Minute) {
				rt.Fatalf("%v are worked, %d minutes are unloved", s.Worked(), s.Unloved)
			}
		}
		for on, n := range perDay {
			if n != p.Needed {
				rt.Fatalf("%d of %d on %v", n, p.Needed, on)
			}
		}
		if days == nil && len(perDay) < 13 { // one may be left out by the clocks
			rt.Fatalf("%d days of 14", len(perDay))
		}
	})
}

// drawMember is somebody of two teams, from anywhere, with shifts that overlap as only a mistake could have them.
func drawMember(rt *rapid.T) shift.Member {
	base := at("2026-03-27 00:00")
	m := shift.Member{ID: 7, Name: "Amara", Here: rapid.Bool().Draw(rt, "here"), InTeam: rapid.Bool().Draw(rt, "in team"), Week: 60 * rapid.IntRange(1, 60).Draw(rt, "week"), Zone: must(time.LoadLocation(rapid.SampledFrom(zones).Draw(rt, "their zone")))}
	span := func() shift.Span {
		from := base.Add(time.Duration(rapid.IntRange(0, 95).Draw(rt, "from")) * time.Hour)
		return shift.Span{From: from, Until: from.Add(time.Duration(rapid.IntRange(1, 10).Draw(rt, "hours")) * time.Hour)}
	}
	for i := range rapid.IntRange(0, 5).Draw(rt, "shifts") {
		x := span()
		s := shift.Shift{ID: int64(i + 1), TeamID: int64(rapid.IntRange(1, 3).Draw(rt, "team")), Zone: "Europe/Berlin", FromAt: x.From, UntilAt: x.Until, PersonID: 7}
		if x.Until.Sub(x.From) > 3*time.Hour {
			s.Breaks = shift.Spans{{From: x.From.Add(time.Hour), Until: x.From.Add(2 * time.Hour)}}
		}
		m.Shifts = append(m.Shifts, s)
	}
	for range rapid.IntRange(0, 2).Draw(rt, "away") {
		m.Away = append(m.Away, span())
	}
	slices.SortFunc(m.Shifts, func(a, b shift.Shift) int { return int(a.FromAt - b.FromAt) })
	return m
}

// TestConflictsAreSaidOnce: whatever somebody has in however many teams and zones, each thing that stands against a shift is said once; nothing overrides another
// shift or a break in it, and what is free is not refused.
func TestConflictsAreSaidOnce(t *testing.T) {
	knows := func(team int64) bool { return team != 3 }
	rapid.Check(t, func(rt *rapid.T) {
		m := drawMember(rt)
		from := at("2026-03-27 00:00").Add(time.Duration(rapid.IntRange(0, 95).Draw(rt, "when")) * time.Hour)
		s := shift.Shift{ID: 99, TeamID: 1, Zone: rapid.SampledFrom(zones).Draw(rt, "zone"), FromAt: from, UntilAt: from.Add(time.Duration(rapid.IntRange(1, 12).Draw(rt, "long")) * time.Hour), Skills: "de"}
		all := m.Against(s, 11*60, must(time.LoadLocation("Europe/Berlin")), knows)
		words, kinds := map[string]bool{}, map[shift.What]int{}
		for _, c := range all {
			if w := c.Words.String(); words[w] {
				rt.Fatalf("said twice: %s", w)
			} else {
				words[w] = true
			}
			kinds[c.What]++
		}
		for what, n := range kinds {
			if n > 1 && what != shift.Overlap && what != shift.InBreak && what != shift.Rest || n > 2 && what == shift.Rest {
				rt.Fatalf("%s is said %d times: %v", what, n, words)
			}
		}
		busy := false
		for _, o := range m.Shifts {
			busy = busy || o.FromAt < s.UntilAt && s.FromAt < o.UntilAt
		}
		if busy != (kinds[shift.Overlap]+kinds[shift.InBreak] > 0) || busy && shift.Worst(all) != shift.Never {
			rt.Fatalf("at the same time: %v; said: %v", busy, words)
		}
		away := slices.ContainsFunc(m.Away, func(a shift.Span) bool { return a.From < s.UntilAt && s.FromAt < a.Until })
		if away != (kinds[shift.Away] == 1) || (!m.Here) != (kinds[shift.GoneAway] == 1) || (m.Here && !m.InTeam) != (kinds[shift.NotInTeam] == 1) || kinds[shift.Skill] != 1 {
			rt.Fatalf("away %v, here %v, in the team %v; said: %v", away, m.Here, m.InTeam, words)
		}
	})
}
