package calendar_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
)

// model walks through time step by step, reads the clock on the wall at each step as the standard library tells it, and
// asks the definition whether that shows working time. It shares nothing with the package but the definition and the
// list of holidays.
type model struct {
	def  calendar.Definition
	step int64 // milliseconds in which no wall changes its minute
}

// open asks of a wall that shows a minute of a day. A span of an earlier day may still run: where a zone left out a day
// it is the one of two days before.
func (m model) open(at int64) bool {
	for _, zone := range m.zoneNames() {
		t := time.UnixMilli(at).In(zoneOf(zone))
		minute := t.Hour()*60 + t.Minute()
		for back := range 3 {
			day := time.Date(t.Year(), t.Month(), t.Day()-back, 0, 0, 0, 0, time.UTC)
			if m.zoneOn(day) != zone {
				continue
			}
			for _, s := range m.spans(day) {
				if now := minute + back*24*60; s.From <= now && now < s.To {
					return true
				}
			}
		}
	}
	return false
}

func (m model) zoneNames() []string {
	out := []string{m.def.Zone}
	for _, v := range m.def.Moves {
		if !slices.Contains(out, v.Zone) {
			out = append(out, v.Zone)
		}
	}
	return out
}

func (m model) zoneOn(day time.Time) string {
	zone, since := m.def.Zone, ""
	for _, v := range m.def.Moves {
		if from := v.From.String(); from <= day.Format(time.DateOnly) && from > since {
			zone, since = v.Zone, from
		}
	}
	return zone
}

func (m model) spans(day time.Time) []calendar.Span {
	date := day.Format(time.DateOnly)
	off := false
	for _, d := range m.def.Days {
		if d.From.String() > date || d.Last().String() < date {
			continue
		}
		if len(d.Hours) > 0 {
			return d.Hours
		}
		off = true
	}
	for _, r := range m.def.Regions {
		for _, h := range calendar.Holidays(r, day.Year()) {
			off = off || h.Date.String() == date
		}
	}
	if off {
		return nil
	}
	return m.def.Hours[day.Weekday()]
}

func floor(at, step int64) int64 { return at - ((at%step)+step)%step }

func (m model) worked(from, to int64) (sum int64) {
	for at := floor(from, m.step); at < to && from < to; at += m.step {
		if m.open(at) {
			sum += min(to, at+m.step) - max(from, at)
		}
	}
	return sum
}

// due walks on until so much was worked, and gives up at a limit.
func (m model) due(from, worked, limit int64) (int64, bool) {
	for at := floor(from, m.step); at < limit; at += m.step {
		if !m.open(at) {
			continue
		}
		begin := max(from, at)
		if worked <= at+m.step-begin {
			return begin + worked, true
		}
		worked -= at + m.step - begin
	}
	return 0, false
}

func (m model) since(to, worked, limit int64) (int64, bool) {
	for at := floor(to-1, m.step); at >= limit; at -= m.step {
		if !m.open(at) {
			continue
		}
		end := min(to, at+m.step)
		if worked <= end-at {
			return end - worked, true
		}
		worked -= end - at
	}
	return 0, false
}

var read = map[string]*time.Location{}

func zoneOf(name string) *time.Location {
	if read[name] == nil {
		loc, err := time.LoadLocation(name)
		if err != nil {
			panic(err)
		}
		read[name] = loc
	}
	return read[name]
}

// place is a zone, a moment at which something odd happens to its wall, and how finely the model must look there.
type place struct {
	zone string
	at   string
	step int64
}

var places = []place{
	{"Europe/Berlin", "2026-03-29T01:00:00Z", 60_000},
	{"Europe/Berlin", "2026-10-25T01:00:00Z", 60_000},
	{"Europe/Berlin", "2024-02-29T12:00:00Z", 60_000},
	{"Europe/Berlin", "1947-05-11T01:00:00Z", 60_000}, // midsummer time, two hours
	{"America/New_York", "2027-03-14T07:00:00Z", 60_000},
	{"America/Sao_Paulo", "2018-11-04T03:00:00Z", 60_000}, // midnight does not exist
	{"America/Sao_Paulo", "2018-02-18T02:00:00Z", 60_000}, // 23:00 comes twice
	{"Australia/Lord_Howe", "2026-04-04T15:00:00Z", 60_000},
	{"Australia/Lord_Howe", "2026-10-03T15:30:00Z", 60_000}, // half an hour
	{"Pacific/Apia", "2011-12-30T10:00:00Z", 60_000},        // a day left out
	{"Asia/Kathmandu", "1985-12-31T18:30:00Z", 60_000},      // +5:30 becomes +5:45
	{"America/St_Johns", "2006-10-29T02:31:00Z", 60_000},    // one minute past midnight
	{"Africa/Casablanca", "2026-02-15T02:00:00Z", 60_000},   // Ramadan
	{"Africa/Monrovia", "1972-01-07T00:44:30Z", 1000},       // seconds in the offset
	{"Asia/Pyongyang", "2015-08-14T15:00:00Z", 60_000},
	{"UTC", "2000-02-28T00:00:00Z", 60_000},
	{"Pacific/Kiritimati", "1994-12-31T10:00:00Z", 60_000},
	{"America/Caracas", "2007-12-09T07:00:00Z", 60_000},
}

func drawSpans(t *rapid.T, label string) []calendar.Span {
	cuts := rapid.SliceOfNDistinct(rapid.IntRange(0, 24*60), 2, 6, rapid.ID).Draw(t, label)
	slices.Sort(cuts)
	var out []calendar.Span
	for i := 0; i+1 < len(cuts); i += 2 {
		out = append(out, calendar.Span{From: cuts[i], To: cuts[i+1]})
	}
	if last := &out[len(out)-1]; last.From < 24*60 && rapid.IntRange(0, 3).Draw(t, "over midnight") == 0 {
		last.To = rapid.IntRange(last.From+1, last.From+24*60).Draw(t, "until")
	}
	return slices.DeleteFunc(out, func(s calendar.Span) bool { return s.From >= 24*60 })
}

// drawDefinition makes a calendar with something going on around the moment, valid or not.
func drawDefinition(t *rapid.T, p place, around time.Time) calendar.Definition {
	d := calendar.Definition{Zone: p.zone}
	date := func(label string) calendar.Date {
		return calendar.DateAt(around) + calendar.Date(rapid.IntRange(-5, 5).Draw(t, label))
	}
	for w := range d.Hours {
		if rapid.IntRange(0, 3).Draw(t, "works") > 0 {
			d.Hours[w] = drawSpans(t, "hours")
		}
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "moves") {
		to := places[rapid.IntRange(0, len(places)-1).Draw(t, "move to")]
		if to.step == p.step || p.step < to.step {
			d.Moves = append(d.Moves, calendar.Move{From: date("moves on") + calendar.Date(20*i), Zone: to.zone})
		}
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "days") {
		day := calendar.Day{From: date("own day"), Name: fmt.Sprintf("day %d", i)}
		day.To = day.From + calendar.Date(rapid.IntRange(0, 2).Draw(t, "more days"))
		if rapid.Bool().Draw(t, "opening") {
			day.Hours = drawSpans(t, "opening hours")
		}
		d.Days = append(d.Days, day)
	}
	if rapid.Bool().Draw(t, "holidays") {
		d.Regions = []string{"DE-BY"}
	}
	return d
}

// drawCalendar draws until a definition is valid.
func drawCalendar(t *rapid.T) (*calendar.Calendar, model, time.Time) {
	p := places[rapid.IntRange(0, len(places)-1).Draw(t, "place")]
	around, err := time.Parse(time.RFC3339, p.at)
	if err != nil {
		t.Fatal(err)
	}
	d := drawDefinition(t, p, around)
	c, err := calendar.Compile(d)
	if err != nil {
		t.Skip(err)
	}
	return c, model{d, p.step}, around
}

func drawMoment(t *rapid.T, label string, around time.Time, m model) int64 {
	days := int64(6)
	if m.step < 60_000 {
		days = 1
	}
	width := days * 24 * 3600 * 1000
	return around.UnixMilli() + rapid.Int64Range(-width, width).Draw(t, label)
}

func TestWorkedIsWhatTheModelCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, m, around := drawCalendar(t)
		from, to := drawMoment(t, "from", around, m), drawMoment(t, "to", around, m)
		got := c.Worked(clock.Instant(from), clock.Instant(to)).Milliseconds()
		if want := m.worked(from, to); got != want {
			t.Fatalf("%+v\nfrom %v to %v: %d ms, the model counts %d", m.def, at(from), at(to), got, want)
		}
		if c.Open(clock.Instant(from)) != m.open(from) {
			t.Fatalf("%+v\nopen at %v: %v, the model says the other", m.def, at(from), c.Open(clock.Instant(from)))
		}
	})
}

func TestDueAndSinceAreWhatTheModelFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, m, around := drawCalendar(t)
		from := drawMoment(t, "from", around, m)
		worked := rapid.Int64Range(1, 30*3600*1000).Draw(t, "worked")
		limit := int64(12 * 24 * 3600 * 1000)
		if m.step < 60_000 {
			limit /= 12
		}
		if want, ok := m.due(from, worked, from+limit); ok {
			if got, ok := c.Due(clock.Instant(from), time.Duration(worked)*time.Millisecond); !ok || int64(got) != want {
				t.Fatalf("%+v\n%d ms from %v: due %v, the model says %v", m.def, worked, at(from), got.RFC3339(), at(want))
			}
		}
		if want, ok := m.since(from, worked, from-limit); ok {
			if got, ok := c.Since(clock.Instant(from), time.Duration(worked)*time.Millisecond); !ok || int64(got) != want {
				t.Fatalf("%+v\n%d ms until %v: since %v, the model says %v", m.def, worked, at(from), got.RFC3339(), at(want))
			}
		}
	})
}

func at(ms int64) string { return clock.Instant(ms).RFC3339() }
