package calendar

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Definition is a calendar as people write it down and as it is stored, in JSON:
//
//	{"zone": "Europe/Berlin", "moves": [{"from": "2026-07-01", "zone": "Europe/Lisbon"}],
//	 "hours": {"monday": ["09:00-12:30", "13:30-17:00"], "saturday": ["22:00-30:00"]},
//	 "regions": ["DE-BE"],
//	 "days": [{"from": "2026-12-24", "to": "2026-12-31", "name": "Company holiday"},
//	          {"from": "2026-12-29", "name": "Stocktaking", "hours": ["10:00-12:00"]}]}
//
// A day of one's own stands above a holiday, and one with hours above one without.
type Definition struct {
	Zone    string   `json:"zone"`              // a name of the time zone database, such as "Europe/Berlin"
	Moves   []Move   `json:"moves,omitempty"`   // changes of the zone, by day
	Hours   Week     `json:"hours"`             // what every week has
	Regions []string `json:"regions,omitempty"` // whose holidays are kept: "DE", "DE-BY"; see Regions
	Days    []Day    `json:"days,omitempty"`    // days off and openings of one's own, in any order
}

// Move says that the calendar has another zone from a day on.
type Move struct {
	From Date   `json:"from"`
	Zone string `json:"zone"`
}

// Day is one day, or several in a row, that differ from the week.
type Day struct {
	From   Date   `json:"from"`
	To     Date   `json:"to,omitzero"` // the last day, or zero for From alone
	Name   string `json:"name"`
	Hours  []Span `json:"hours,omitempty"`  // none: the day is off
	Source string `json:"source,omitempty"` // the file that it was imported from, or ""
}

// Last is the last day.
func (d Day) Last() Date {
	if d.To == 0 {
		return d.From
	}
	return d.To
}

// Week has the spans of each weekday, by time.Weekday. In JSON it is an object of weekdays in English.
type Week [7][]Span

// OfficeHours are Monday to Friday, 9:00–17:00.
func OfficeHours() (w Week) {
	for d := time.Monday; d <= time.Friday; d++ {
		w[d] = []Span{{From: 9 * 60, To: 17 * 60}}
	}
	return w
}

// Standard is the calendar that a new desk begins with.
func Standard(zone string) Definition {
	if _, err := location(zone); err != nil || zone == "" || zone == "Local" {
		zone = "UTC"
	}
	return Definition{Zone: zone, Hours: OfficeHours()}
}

// MarshalJSON writes the days that have hours, by name.
func (w Week) MarshalJSON() ([]byte, error) {
	days := map[string][]Span{}
	for d, spans := range w {
		if len(spans) > 0 {
			days[weekdayName(time.Weekday(d))] = spans
		}
	}
	return json.Marshal(days)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (w *Week) UnmarshalJSON(data []byte) error {
	var days map[string][]Span
	if err := json.Unmarshal(data, &days); err != nil {
		return err
	}
	*w = Week{}
	for d := range w {
		name := weekdayName(time.Weekday(d))
		w[d] = days[name]
		delete(days, name)
	}
	for name := range days {
		return fmt.Errorf("%q is no weekday", name)
	}
	return nil
}

func weekdayName(d time.Weekday) string { return strings.ToLower(d.String()) }

// Span is a piece of a day, in minutes of the clock on the wall since midnight: From is before 24:00, To is after From
// and at most 24 hours later. To beyond 24:00 (1440) lies on the next day. As text it is "09:00-17:00", "22:00-30:00".
type Span struct{ From, To int }

const dayMinutes = 24 * 60

// String writes "09:00-17:00"; a span over midnight goes on counting, "22:00-30:00".
func (s Span) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", s.From/60, s.From%60, s.To/60, s.To%60)
}

// MarshalText is String.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what String writes.
func (s *Span) UnmarshalText(text []byte) error {
	var h1, m1, h2, m2 int
	if n, err := fmt.Sscanf(string(text), "%d:%d-%d:%d", &h1, &m1, &h2, &m2); n != 4 || err != nil {
		return fmt.Errorf("%q is no span such as 09:00-17:00", text)
	}
	*s = Span{h1*60 + m1, h2*60 + m2}
	return nil
}

// clone makes a definition that nobody else holds a part of.
func (d Definition) clone() Definition {
	d.Moves, d.Regions, d.Days = slices.Clone(d.Moves), slices.Clone(d.Regions), slices.Clone(d.Days)
	for i := range d.Hours {
		d.Hours[i] = slices.Clone(d.Hours[i])
	}
	for i := range d.Days {
		d.Days[i].Hours = slices.Clone(d.Days[i].Hours)
	}
	return d
}
