package quiet

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/shift"
)

// at is a time of a day, such as 9.5 for half past nine.
func at(hour float64) clock.Instant { return clock.Instant(hour * 3600 * 1000) }

func span(from, until float64) shift.Span { return shift.Span{From: at(from), Until: at(until)} }

func TestAQuietHour(t *testing.T) {
	every := func(from, until, step float64) (out []clock.Instant) {
		for h := from; h < until; h += step {
			out = append(out, at(h))
		}
		return out
	}
	for name, c := range map[string]struct {
		work, off []shift.Span
		seen      []clock.Instant
		looked    bool // long enough to be looked at
		loud      bool
	}{
		"nothing happened":                           {work: []shift.Span{span(9, 17)}, looked: true},
		"something every half hour":                  {work: []shift.Span{span(9, 17)}, seen: every(9, 17, .5), looked: true, loud: true},
		"an hour to the minute":                      {work: []shift.Span{span(9, 17)}, seen: append(every(9, 12.1, .5), every(13, 17, .5)...), looked: true},
		"a minute less than an hour":                 {work: []shift.Span{span(9, 17)}, seen: append(every(9, 12.1, .5), every(12.98, 17, .5)...), looked: true, loud: true},
		"the first hour is quiet":                    {work: []shift.Span{span(9, 17)}, seen: every(10, 17, .5), looked: true},
		"the last hour is quiet":                     {work: []shift.Span{span(9, 17)}, seen: every(9, 16.01, .5), looked: true},
		"what happens outside does not count":        {work: []shift.Span{span(9, 17)}, seen: every(17, 24, .5), looked: true},
		"a break is no quiet hour":                   {work: []shift.Span{span(9, 17)}, off: []shift.Span{span(12, 13.5)}, seen: append(every(9, 12, .5), every(13.5, 17, .5)...), looked: true, loud: true},
		"half before a break and half after is none": {work: []shift.Span{span(9, 17)}, off: []shift.Span{span(12, 13)}, seen: append(every(9, 11.51, .5), every(13.5, 17, .5)...), looked: true, loud: true},
		"shifts that touch are one":                  {work: []shift.Span{span(13, 17), span(9, 13)}, seen: append(every(9, 12.51, .5), every(13.5, 17, .5)...), looked: true},
		"three hours are not looked at":              {work: []shift.Span{span(9, 12)}, seen: every(9, 12, .5)},
		"leave for all but three hours":              {work: []shift.Span{span(9, 17)}, off: []shift.Span{span(0, 14)}, seen: every(9, 17, .5)},
	} {
		d, looked := dayOf(1, c.work, c.off)
		if looked != c.looked {
			t.Errorf("%s: looked at is %v", name, looked)
		}
		if loud := looked && len(without([]day{d}, c.seen)) == 1; loud != c.loud {
			t.Errorf("%s: without a quiet hour is %v", name, loud)
		}
	}
}

// TestAQuietHourIsWhatItSays holds the rule to its words: a day has a quiet hour exactly when one begins at a whole minute of it that is worked throughout and has
// nothing in it. All times are whole minutes.
func TestAQuietHourIsWhatItSays(t *testing.T) {
	minute := func(t *rapid.T, name string) clock.Instant {
		return clock.Instant(rapid.IntRange(0, 16*60).Draw(t, name)) * 60_000
	}
	some := func(t *rapid.T, name string, most int) (out []shift.Span) {
		for range rapid.IntRange(0, most).Draw(t, name) {
			a, b := minute(t, name), minute(t, name)
			out = append(out, shift.Span{From: min(a, b), Until: max(a, b)})
		}
		return out
	}
	rapid.Check(t, func(t *rapid.T) {
		work, off := some(t, "work", 3), some(t, "off", 3)
		var seen []clock.Instant
		for range rapid.IntRange(0, 20).Draw(t, "n") {
			seen = append(seen, minute(t, "seen"))
		}
		worked := func(m clock.Instant) bool {
			in := func(s shift.Span) bool { return s.From <= m && m < s.Until }
			return slices.ContainsFunc(work, in) && !slices.ContainsFunc(off, in)
		}
		quiet, total := false, 0
		for from := clock.Instant(0); from < at(16); from += 60_000 {
			if worked(from) {
				total++
			}
			free := !slices.ContainsFunc(seen, func(m clock.Instant) bool { return from < m && m < from+at(1) })
			for m := from; free && m < from+at(1); m += 60_000 {
				free = worked(m)
			}
			quiet = quiet || free
		}
		d, looked := dayOf(1, slices.Clone(work), off)
		if looked != (total >= 240) {
			t.Fatalf("%d minutes: looked at is %v", total, looked)
		}
		if got := len(without([]day{d}, seen)) == 0; got != quiet {
			t.Fatalf("quiet is %v, want %v: %+v", got, quiet, d)
		}
	})
}

// TestWhatIsToldNamesNobody has every possible week: what is told is nothing, or three and more, and whatever it is, three people at least may have had a quiet hour and
// three may not, for all that a reader who knows how many were there can tell.
func TestWhatIsToldNamesNobody(t *testing.T) {
	for worked := range 40 {
		may := map[Told][]int{}
		for had := range worked + 1 {
			x := tell(had, worked)
			may[x] = append(may[x], had)
			if x.People != 0 && x.People < fewest || x.People > had {
				t.Errorf("%d of %d: %+v", had, worked, x)
			}
		}
		for x, had := range may {
			if x.People == 0 {
				if worked < crowded && len(had) != worked+1 {
					t.Errorf("of %d people it is told whether it was %v", worked, had)
				}
				continue
			}
			if least := slices.Min(had); worked-least < fewest-1 {
				t.Errorf("of %d people %+v means at least %d", worked, x, least)
			}
			if slices.Contains(had, worked) && len(had) < fewest {
				t.Errorf("of %d people %+v means %v, which is nearly all", worked, x, had)
			}
		}
	}
}

func TestALastWeekIsOver(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	k := &Keeper{Zone: berlin}
	for now, want := range map[string]string{
		"2026-11-23T00:30:00+01:00": "2026-11-16", "2026-11-22T23:59:00+01:00": "2026-11-09", "2026-11-29T12:00:00+01:00": "2026-11-16",
	} {
		moment, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		monday, over := k.lastWeek(clock.From(moment))
		if monday.String() != want || monday.Weekday() != time.Monday || over != k.midnight(monday+7).Add(12*time.Hour) {
			t.Errorf("%s: the week of %s, known from %s on", now, monday, over.Time())
		}
	}
	if calendar.DateOf(2026, 11, 23).Weekday() != time.Monday {
		t.Error("the calendar of this test is another")
	}
}
