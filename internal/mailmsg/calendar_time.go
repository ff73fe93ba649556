package mailmsg

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// icsTime is a date or time of iCalendar.
type icsTime struct {
	Time          time.Time // zero when it cannot be read
	day, floating bool
	zone          string
}

// icsZones knows the zones that a calendar defines itself.
type icsZones struct {
	defined []*icsComponent
}

var icsTimeRow = regexp.MustCompile(`^(\d{4})-?(\d{2})-?(\d{2})(?:[T ]?(\d{2}):?(\d{2}):?(\d{2})?(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?$`)

// read reads DTSTART and its like (RFC 5545 §3.3.4, §3.3.5).
func (z *icsZones) read(p icsProperty) icsTime {
	found := icsTimeRow.FindStringSubmatch(strings.ToUpper(strings.TrimSpace(p.value)))
	if found == nil {
		return icsTime{}
	}
	var n [6]int
	for i := range n {
		n[i], _ = strconv.Atoi(found[i+1])
	}
	if n[0] < 1 || n[1] < 1 || n[1] > 12 || n[2] < 1 || n[2] > 31 || n[3] > 24 || n[4] > 59 || n[5] > 60 {
		return icsTime{}
	}
	wall := inYears(time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 0, time.UTC))
	switch {
	case found[4] == "" || strings.EqualFold(p.params["VALUE"], "DATE") && n[3]+n[4]+n[5] == 0:
		return icsTime{Time: wall.Truncate(24 * time.Hour), day: true}
	case found[7] == "Z":
		return icsTime{Time: wall, zone: "UTC"}
	case found[7] != "":
		if offset, ok := icsOffset(found[7]); ok {
			return icsTime{Time: inZone(wall, time.FixedZone(found[7], offset)), zone: found[7]}
		}
	}
	name := strings.TrimSpace(p.params["TZID"])
	if name == "" {
		return icsTime{Time: wall, floating: true}
	}
	if place, known := zoneByName(name); known {
		return icsTime{Time: inZone(wall, place), zone: place.String()}
	}
	if offset, ok := z.offset(name, wall); ok {
		return icsTime{Time: inZone(wall, time.FixedZone(name, offset)), zone: name}
	}
	return icsTime{Time: wall, floating: true, zone: name}
}

// inZone reads a wall clock in a place.
func inZone(wall time.Time, place *time.Location) time.Time {
	return inYears(time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, place))
}

// inYears refuses what RFC 3339 cannot write.
func inYears(t time.Time) time.Time {
	if t.Year() < 1 || t.Year() > 9998 {
		return time.Time{}
	}
	return t
}

// zoneByName finds a zone by its IANA name, which clients put behind folders of
// their own, or by the name that Windows gives it.
func zoneByName(name string) (*time.Location, bool) {
	name = strings.Trim(name, `"/ `)
	if len(name) > 120 {
		return nil, false
	}
	if iana, ok := windowsZones[strings.ToLower(name)]; ok {
		name = iana
	}
	parts := strings.Split(name, "/")
	for n := min(3, len(parts)); n >= 1; n-- {
		tail := strings.ReplaceAll(strings.Join(parts[len(parts)-n:], "/"), " ", "_")
		if tail == "" || strings.EqualFold(tail, "local") || n == 1 && len(parts) > 1 {
			continue
		}
		if place, err := time.LoadLocation(tail); err == nil {
			return place, true
		}
	}
	// "(UTC+01:00) Amsterdam, Berlin, …", as Outlook shows its zones.
	if found := shownZone.FindStringSubmatch(name); found != nil {
		for long, iana := range shownCities {
			if strings.Contains(strings.ToLower(found[2]), long) {
				if place, err := time.LoadLocation(iana); err == nil {
					return place, true
				}
			}
		}
	}
	return nil, false
}

var shownZone = regexp.MustCompile(`^\((?:UTC|GMT)([+-]\d{2}:\d{2})?\) (.+)$`)

// shownCities are cities by which Outlook's shown names are told apart.
var shownCities = map[string]string{
	"amsterdam": "Europe/Berlin", "berlin": "Europe/Berlin", "brussels": "Europe/Paris", "paris": "Europe/Paris", "belgrade": "Europe/Budapest", "budapest": "Europe/Budapest",
	"sarajevo": "Europe/Warsaw", "warsaw": "Europe/Warsaw", "london": "Europe/London", "dublin": "Europe/London", "lisbon": "Europe/London", "athens": "Europe/Bucharest", "helsinki": "Europe/Kiev",
	"kyiv": "Europe/Kiev", "moscow": "Europe/Moscow", "istanbul": "Europe/Istanbul", "eastern time": "America/New_York", "central time": "America/Chicago", "mountain time": "America/Denver",
	"pacific time": "America/Los_Angeles", "atlantic time": "America/Halifax", "brasilia": "America/Sao_Paulo", "chennai": "Asia/Kolkata", "beijing": "Asia/Shanghai", "tokyo": "Asia/Tokyo",
	"osaka": "Asia/Tokyo", "seoul": "Asia/Seoul", "singapore": "Asia/Singapore", "sydney": "Australia/Sydney", "auckland": "Pacific/Auckland", "coordinated universal": "UTC",
}

// offset reads the seconds east of UTC out of the VTIMEZONE of that name, for a
// wall clock: the observance that began last before it (RFC 5545 §3.6.5).
func (z *icsZones) offset(name string, wall time.Time) (seconds int, ok bool) {
	for _, c := range z.defined {
		// A calendar with one zone means that one, even if it misspells its name.
		if len(z.defined) > 1 && c.text("TZID", 300) != name {
			continue
		}
		var best time.Time
		first, firstAt, have := 0, time.Time{}, false
		for _, o := range c.children[:min(len(c.children), 200)] {
			to, good := icsOffset(o.text("TZOFFSETTO", 20))
			if !good {
				continue
			}
			from, begins := icsOnset(o, wall)
			if !begins && (!have || from.Before(firstAt)) {
				// Before all that is defined, what the first one changed from holds.
				first, firstAt, have = to, from, true
				if before, good := icsOffset(o.text("TZOFFSETFROM", 20)); good {
					first = before
				}
			}
			if begins && (!ok || from.After(best)) {
				best, seconds, ok = from, to, true
			}
		}
		if !ok && have {
			return first, true
		}
		return seconds, ok
	}
	return 0, false
}

// icsOnset is when an observance last began at or before wall. begins is false
// when it begins later; from is then when.
func icsOnset(o *icsComponent, wall time.Time) (from time.Time, begins bool) {
	p, _ := o.get("DTSTART")
	p.params = nil
	start := (&icsZones{}).read(p).Time
	if start.After(wall) {
		return start, false
	}
	best := start
	month, week, day, yearly := yearlyRule(o.text("RRULE", 300), start)
	if yearly {
		for _, year := range []int{wall.Year(), wall.Year() - 1} {
			at := nthWeekday(year, month, week, day, start)
			if !at.After(wall) && at.After(best) {
				best = at
			}
		}
	}
	for _, p := range o.properties {
		if p.name != "RDATE" {
			continue
		}
		for v := range strings.SplitSeq(p.value, ",") {
			if at := (&icsZones{}).read(icsProperty{value: v}).Time; !at.After(wall) && at.After(best) {
				best = at
			}
		}
	}
	return best, true
}

// yearlyRule reads "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", the only form that zones use.
func yearlyRule(rule string, start time.Time) (month time.Month, week int, day time.Weekday, ok bool) {
	month, week, day = start.Month(), 0, start.Weekday()
	for part := range strings.SplitSeq(strings.ToUpper(rule), ";") {
		key, value, _ := strings.Cut(part, "=")
		switch key {
		case "FREQ":
			ok = value == "YEARLY"
		case "BYMONTH":
			if n, err := strconv.Atoi(value); err == nil && n >= 1 && n <= 12 {
				month = time.Month(n)
			}
		case "BYDAY":
			if len(value) < 3 {
				return month, 0, day, false
			}
			week, _ = strconv.Atoi(strings.TrimPrefix(value[:len(value)-2], "+"))
			day = time.Weekday(max(0, strings.Index("SUMOTUWETHFRSA", value[len(value)-2:])/2))
		}
	}
	return month, week, day, ok
}

// nthWeekday is the n-th weekday of a month, from its end for negative n, at the
// time of day of start; n = 0 keeps the day of start.
func nthWeekday(year int, month time.Month, n int, day time.Weekday, start time.Time) time.Time {
	h, m, s := start.Clock()
	switch {
	case n == 0:
		return time.Date(year, month, start.Day(), h, m, s, 0, time.UTC)
	case n > 0:
		first := time.Date(year, month, 1, h, m, s, 0, time.UTC)
		return first.AddDate(0, 0, (int(day)-int(first.Weekday())+7)%7+7*(min(n, 5)-1))
	}
	last := time.Date(year, month+1, 0, h, m, s, 0, time.UTC)
	return last.AddDate(0, 0, -((int(last.Weekday())-int(day)+7)%7)+7*(max(n, -5)+1))
}

// icsOffset reads "+0100" or "-03:30" as seconds.
func icsOffset(s string) (seconds int, ok bool) {
	s = strings.ReplaceAll(strings.TrimSpace(s), ":", "")
	if len(s) < 5 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	h, err1 := strconv.Atoi(s[1:3])
	m, err2 := strconv.Atoi(s[3:5])
	if err1 != nil || err2 != nil || h > 18 || m > 59 || h < 0 || m < 0 {
		return 0, false
	}
	seconds = h*3600 + m*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}
