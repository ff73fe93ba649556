package calendar_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/fault"
)

func moment(t testing.TB, text string) clock.Instant {
	t.Helper()
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00"} {
		if at, err := time.Parse(layout, text); err == nil {
			return clock.From(at)
		}
	}
	t.Fatalf("%q is no moment", text)
	return 0
}

func every(text string) (w calendar.Week) {
	for d := range w {
		w[d] = spans(text)
	}
	return w
}

func spans(text string) []calendar.Span {
	s, err := calendar.ParseHours("hours", text)
	if err != nil {
		panic(err)
	}
	return s
}

func date(text string) calendar.Date {
	d, err := calendar.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

func compile(t testing.TB, d calendar.Definition) *calendar.Calendar {
	t.Helper()
	c, err := calendar.Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The nights on which the clocks change, told in advance: this is what a span means there.
func TestClocksChange(t *testing.T) {
	for _, c := range []struct {
		zone, hours, from, to, want string
	}{
		{"Europe/Berlin", "1-4", "2026-03-29T00:00+01:00", "2026-03-29T12:00+02:00", "2h"},     // 02:00 to 03:00 does not exist
		{"Europe/Berlin", "1-4", "2026-10-25T00:00+02:00", "2026-10-25T12:00+01:00", "4h"},     // and comes twice
		{"Europe/Berlin", "2:15-2:45", "2026-03-29T00:00+01:00", "2026-03-29T12:00+02:00", ""}, // never shown
		{"Europe/Berlin", "2:15-2:45", "2026-10-25T00:00+02:00", "2026-10-25T12:00+01:00", "1h"},
		{"Europe/Berlin", "2:30-5", "2026-03-29T00:00+01:00", "2026-03-29T12:00+02:00", "2h"}, // begins with 03:00
		{"Europe/Berlin", "1-2:30", "2026-03-29T00:00+01:00", "2026-03-29T12:00+02:00", "1h"}, // ends with 03:00, too
		{"Europe/Berlin", "1-2:30", "2026-10-25T00:00+02:00", "2026-10-25T12:00+01:00", "2h"},
		{"Europe/Berlin", "2:30-4", "2026-10-25T00:00+02:00", "2026-10-25T12:00+01:00", "2h"},
		{"Europe/Berlin", "9-17", "2026-03-28T12:00+01:00", "2026-03-30T12:00+02:00", "16h"},
		{"Europe/Berlin", "0-24", "2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00", "23h"},
		{"Europe/Berlin", "22-6", "2026-10-24T12:00+02:00", "2026-10-25T12:00+01:00", "9h"},
		{"Europe/Berlin", "22-6", "2026-03-28T12:00+01:00", "2026-03-29T12:00+02:00", "7h"},
		{"Australia/Lord_Howe", "1-3", "2026-10-03T12:00Z", "2026-10-04T12:00Z", "1h30m"},
		{"Australia/Lord_Howe", "1-3", "2026-04-04T12:00Z", "2026-04-05T11:00Z", "2h30m"},
		{"America/Sao_Paulo", "0-2", "2018-11-04T00:00Z", "2018-11-04T12:00Z", "1h"},
		{"America/Sao_Paulo", "22-24", "2018-02-17T12:00Z", "2018-02-18T12:00Z", "3h"},
		{"Pacific/Apia", "9-17", "2011-12-29T00:00-10:00", "2012-01-01T00:00+14:00", "16h"}, // there was no 30 December
		{"Asia/Kathmandu", "0-24", "1985-12-31T00:00+05:30", "1986-01-02T00:00+05:45", "47h45m"},
		{"America/St_Johns", "0-1", "2006-10-28T12:00Z", "2006-10-29T12:00Z", "1h1m"},
		{"Europe/Berlin", "9-17", "2024-02-28T00:00+01:00", "2024-03-01T00:00+01:00", "16h"}, // a leap day
		{"Europe/Berlin", "9-17", "2026-03-02T09:00:00.001+01:00", "2026-03-02T16:59:59.998+01:00", "7h59m59.997s"},
	} {
		got := compile(t, calendar.Definition{Zone: c.zone, Hours: every(c.hours)}).Worked(moment(t, c.from), moment(t, c.to))
		want := time.Duration(0)
		if c.want != "" {
			var err error
			if want, err = time.ParseDuration(c.want); err != nil {
				t.Fatal(err)
			}
		}
		if got != want {
			t.Errorf("%s %s from %s to %s: %v, not %v", c.zone, c.hours, c.from, c.to, got, want)
		}
	}
}

func TestDue(t *testing.T) {
	def := calendar.Definition{Zone: "Europe/Berlin", Hours: calendar.OfficeHours(), Regions: []string{"DE-BY"}, Days: []calendar.Day{
		{From: date("2026-12-24"), To: date("2026-12-31"), Name: "Company holiday"},
		{From: date("2026-12-29"), Name: "Stocktaking", Hours: spans("10-12")},
	}}
	c := compile(t, def)
	for _, p := range []struct{ from, worked, want string }{
		{"2026-11-23T09:00+01:00", "8h", "2026-11-23T17:00+01:00"}, // the end, not the next morning
		{"2026-11-20T16:00+01:00", "2h", "2026-11-23T10:00+01:00"},
		{"2026-11-21T12:00+01:00", "1ms", "2026-11-23T09:00:00.001+01:00"},
		{"2026-11-21T12:00+01:00", "0", "2026-11-21T12:00+01:00"},
		{"2026-12-23T16:00+01:00", "4h", "2027-01-04T10:00+01:00"}, // 1 h, 2 h of the opening, 1 January is a holiday, 1 h
		{"2027-01-05T16:00+01:00", "2h", "2027-01-07T10:00+01:00"}, // Epiphany
	} {
		worked, _ := time.ParseDuration(p.worked)
		got, ok := c.Due(moment(t, p.from), worked)
		if !ok || got != moment(t, p.want) {
			t.Errorf("%s from %s: %s, not %s", p.worked, p.from, got.RFC3339(), p.want)
		}
	}
}

func TestNeverDue(t *testing.T) {
	c := compile(t, calendar.Definition{Zone: "UTC", Days: []calendar.Day{{From: date("2026-12-29"), Hours: spans("10-12")}}})
	if _, ok := c.Due(moment(t, "2026-01-01T00:00Z"), 2*time.Hour); !ok {
		t.Error("two hours are worked")
	}
	if at, ok := c.Due(moment(t, "2026-01-01T00:00Z"), 2*time.Hour+1); ok {
		t.Errorf("more are not, but are due at %s", at.RFC3339())
	}
	if at, ok := c.Since(moment(t, "2026-01-01T00:00Z"), 1); ok {
		t.Errorf("nothing was worked before, but since %s", at.RFC3339())
	}
	none := calendar.Together()
	if _, ok := none.Due(0, 1); ok || none.Open(5) || none.Worked(0, 1e15) != 0 || len(none.Parts(0, 10)) != 1 {
		t.Error("Together with none is open")
	}
}

func TestAlways(t *testing.T) {
	c := calendar.Always()
	from, to := moment(t, "2026-03-29T00:00Z"), moment(t, "2026-03-30T00:00Z")
	if c.Worked(from, to) != 24*time.Hour || !c.Open(from) {
		t.Error("wall time is not 24 hours a day")
	}
	if due, ok := c.Due(from, 24*time.Hour); !ok || due != to {
		t.Errorf("due %s", due.RFC3339())
	}
	if since, ok := c.Since(to, 24*time.Hour); !ok || since != from {
		t.Errorf("since %s", since.RFC3339())
	}
	office := compile(t, calendar.Standard("Europe/Berlin"))
	if calendar.Together(office, c) != c || calendar.Together(office) != office {
		t.Error("Together makes more than it needs")
	}
}

// An office moves from Berlin to Lisbon; eight hours a day stay eight hours a day, an hour later.
func TestZoneMoves(t *testing.T) {
	c := compile(t, calendar.Definition{
		Zone: "Europe/Berlin", Moves: []calendar.Move{{From: date("2026-07-01"), Zone: "Europe/Lisbon"}},
		Hours: calendar.OfficeHours(),
	})
	if got := c.Worked(moment(t, "2026-06-30T00:00Z"), moment(t, "2026-07-02T00:00Z")); got != 16*time.Hour {
		t.Errorf("two days have %v", got)
	}
	if due, _ := c.Due(moment(t, "2026-06-30T16:00+02:00"), 2*time.Hour); due != moment(t, "2026-07-01T10:00+01:00") {
		t.Errorf("due %s", due.RFC3339())
	}
	if days := c.Days(date("2026-06-30"), 2); days[0].Moved || !days[1].Moved || days[1].Zone.String() != "Europe/Lisbon" {
		t.Errorf("the days tell %+v", days)
	}
}

func TestPartsSayWhy(t *testing.T) {
	c := compile(t, calendar.Definition{Zone: "Europe/Berlin", Hours: calendar.OfficeHours(), Regions: []string{"DE"}, Days: []calendar.Day{
		{From: date("2026-12-24"), Name: "Christmas Eve"}, {From: date("2026-12-27"), Name: "Sunday shift", Hours: spans("10-12")},
	}})
	var got []string
	for _, p := range c.Parts(moment(t, "2026-12-23T16:00+01:00"), moment(t, "2026-12-28T09:30+01:00")) {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s", p.To.Time().Add(time.Hour).Format("02. 15:04"), p.Why, p.Name)))
	}
	want := []string{
		"23. 17:00 hours", "24. 00:00 outside", "25. 00:00 day_off Christmas Eve", "26. 00:00 holiday Weihnachtstag", "27. 00:00 holiday Zweiter Weihnachtsfeiertag",
		"27. 10:00 outside", "27. 12:00 opening Sunday shift", "28. 09:00 outside", "28. 09:30 hours",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the parts are\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Three offices, each from 9 to 17, and the sun goes down over none of them for long.
func TestFollowTheSun(t *testing.T) {
	var offices []*calendar.Calendar
	for _, zone := range []string{"Asia/Singapore", "Europe/Berlin", "America/Los_Angeles"} {
		offices = append(offices, compile(t, calendar.Definition{Zone: zone, Hours: calendar.OfficeHours()}))
	}
	c := calendar.Together(offices...)
	// 01–09 UTC, 08–16 UTC, 17–01 UTC
	if got := c.Worked(moment(t, "2026-11-24T00:00Z"), moment(t, "2026-11-25T00:00Z")); got != 23*time.Hour {
		t.Errorf("a Tuesday has %v", got)
	}
	if due, _ := c.Due(moment(t, "2026-11-24T15:30Z"), time.Hour); due != moment(t, "2026-11-24T17:30Z") {
		t.Errorf("due %s", due.RFC3339())
	}
}

func TestBadDefinitions(t *testing.T) {
	good := func(change func(*calendar.Definition)) calendar.Definition {
		d := calendar.Standard("Europe/Berlin")
		change(&d)
		return d
	}
	long := make([]calendar.Day, 3001)
	for _, c := range []struct {
		def         calendar.Definition
		field, says string
	}{
		{calendar.Definition{Zone: "UTC"}, "hours", "no working time at all"},
		{good(func(d *calendar.Definition) { d.Zone = "" }), "zone", "Which zone"},
		{good(func(d *calendar.Definition) { d.Zone = "Local" }), "zone", "Local is no zone"},
		{good(func(d *calendar.Definition) { d.Zone = "../etc/passwd" }), "zone", "is no zone"},
		{good(func(d *calendar.Definition) { d.Zone = "Europe/Atlantis" }), "zone", "Europe/Atlantis is no zone"},
		{good(func(d *calendar.Definition) { d.Moves = []calendar.Move{{From: 5, Zone: "Mars"}} }), "moves.0", "Mars is no zone"},
		{good(func(d *calendar.Definition) {
			d.Moves = []calendar.Move{{From: 5, Zone: "UTC"}, {From: 5, Zone: "Asia/Tokyo"}}
		}), "moves.1", "Two zones begin on 1970-01-06"},
		{good(func(d *calendar.Definition) { d.Moves = make([]calendar.Move, 51) }), "moves", "At most 50"},
		{good(func(d *calendar.Definition) { d.Hours[1] = spans("9-12:30, 12-17") }), "hours.monday", "9:00–12:30 and 12:00–17:00 overlap"},
		{good(func(d *calendar.Definition) { d.Hours[1] = spans("22-6, 23-4") }), "hours.monday", "22:00–6:00 and 23:00–4:00 overlap"},
		{good(func(d *calendar.Definition) { d.Hours[0] = spans("22-10") }), "hours.monday", "9:00–17:00 overlaps 22:00–10:00 of the evening before, which lasts until 10:00"},
		{good(func(d *calendar.Definition) { d.Hours[1] = []calendar.Span{{From: 600, To: 540}} }), "hours.monday", "10:00–9:00 ends before it begins"},
		{good(func(d *calendar.Definition) { d.Hours[1] = []calendar.Span{{From: 600, To: 600}} }), "hours.monday", "ends before it begins"},
		{good(func(d *calendar.Definition) { d.Hours[1] = []calendar.Span{{From: -1, To: 600}} }), "hours.monday", "does not fit"},
		{good(func(d *calendar.Definition) { d.Hours[1] = []calendar.Span{{From: 0, To: 1441}} }), "hours.monday", "does not fit"},
		{good(func(d *calendar.Definition) { d.Hours[1] = make([]calendar.Span, 13) }), "hours.monday", "At most 12"},
		{good(func(d *calendar.Definition) { d.Regions = []string{"XX"} }), "regions", "holidays of XX are not known"},
		{good(func(d *calendar.Definition) { d.Days = []calendar.Day{{From: 9, To: 8}} }), "days.0", "1970-01-09 is before 1970-01-10"},
		{good(func(d *calendar.Definition) { d.Days = []calendar.Day{{From: 9, To: 900}} }), "days.0", "more than 400 days"},
		{good(func(d *calendar.Definition) { d.Days = []calendar.Day{{From: 9, Name: strings.Repeat("n", 201)}} }), "days.0", "at most 200 letters"},
		{good(func(d *calendar.Definition) {
			d.Days = []calendar.Day{{From: 9, To: 12, Hours: spans("9-10")}, {From: 11, Hours: spans("12-14")}}
		}), "days.1", "1970-01-12 has two openings: 9:00–10:00 and 12:00–14:00"},
		{good(func(d *calendar.Definition) { d.Days = long }), "days", "At most 3000"},
	} {
		_, err := calendar.Compile(c.def)
		f, ok := fault.Of(err)
		if !ok || len(f.Fields) != 1 || f.Fields[0].Name != c.field || !strings.Contains(f.Fields[0].Message.String(), c.says) {
			t.Errorf("%v, not %s: %s", err, c.field, c.says)
		}
	}
}

func TestDefinitionAsJSON(t *testing.T) {
	text := `{"zone":"Europe/Berlin","moves":[{"from":"2026-07-01","zone":"Europe/Lisbon"}],"hours":{"monday":["09:00-12:30","13:30-17:00"],"saturday":["22:00-30:00"]},` +
		`"regions":["DE-BY"],"days":[{"from":"2026-12-24","to":"2026-12-31","name":"Company holiday"},{"from":"2026-12-29","name":"Stocktaking","hours":["10:00-12:00"]}]}`
	var d calendar.Definition
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(compile(t, d).Definition())
	if err != nil || string(again) != text {
		t.Errorf("%s, %v", again, err)
	}
	for _, bad := range []string{`{"hours":{"monday":["9"]}}`, `{"hours":{"mondy":["09:00-12:30"]}}`, `{"days":[{"from":"2026-02-30"}]}`} {
		if err := json.Unmarshal([]byte(bad), &d); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
}

// Many ask at once, for years that nobody asked for before.
func TestManyAtOnce(t *testing.T) {
	c := compile(t, calendar.Standard("Europe/Berlin"))
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for year := 1950; year < 2100; year++ {
				from := clock.From(time.Date(year, time.Month(i+1), 1, 0, 0, 0, 0, time.UTC))
				if due, ok := c.Due(from, 800*time.Hour); !ok || c.Worked(from, due) != 800*time.Hour {
					t.Errorf("%d: %s", year, due.RFC3339())
				}
			}
		})
	}
	all.Wait()
}
