package shift

import (
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/i18n"
	"goodturn/internal/ics"
)

// ClockChange is by how much a shift is longer (or shorter, below 0) than the clock on the wall shows, since the clocks change in it.
func ClockChange(s Shift) time.Duration {
	zone := location(s.Zone)
	_, before := s.FromAt.Time().In(zone).Zone()
	_, after := s.UntilAt.Time().In(zone).Zone()
	return time.Duration(before-after) * time.Second
}

// LengthWords say how long a shift is, in real hours, and that the clocks change in it.
func LengthWords(s Shift) i18n.Text {
	worked := minutes(s.Worked())
	switch d := ClockChange(s); {
	case d < 0:
		return i18n.M("{{.Length}}, {{.Less}} less than the clock shows: the clocks go forward", "Length", lengthText(worked), "Less", lengthText(minutes(-d)))
	case d > 0:
		return i18n.M("{{.Length}}, {{.More}} more than the clock shows: the clocks go back", "Length", lengthText(worked), "More", lengthText(minutes(d)))
	}
	return lengthText(worked)
}

// Length says minutes in words.
func lengthText(m int) i18n.Text {
	switch h := m / 60; {
	case h == 0:
		return i18n.M("{{.Count}} min", "Count", m)
	case m%60 == 0:
		return i18n.M("{{.Count}} h", "Count", h)
	default:
		return i18n.M("{{.Hours}} h {{.Minutes}} min", "Hours", h, "Minutes", m%60)
	}
}

// Hours says minutes in words: "7 h 30 min".
func Hours(m int) i18n.Text { return lengthText(m) }

func minutes(d time.Duration) int { return int(d / time.Minute) }

func location(name string) *time.Location {
	if zone, err := time.LoadLocation(name); err == nil && name != "" {
		return zone
	}
	return time.UTC
}

// moment is when the wall of a zone shows a minute of a day.
func moment(day calendar.Date, minute int, zone *time.Location) clock.Instant {
	return clock.From(ics.At(day, minute, zone))
}

// When an evening begins, and from when until when it is night, in minutes of a day.
const (
	eveningFrom = 18 * 60
	nightUntil  = 7 * 60
)

// unlovedMinutes is how many minutes between two moments are unloved by the clock on the wall: from six in the evening to seven in the morning, and all of a Saturday
// and a Sunday. Breaks count for nothing. It looks at each quarter of an hour, as offsets of zones are multiples of that.
func unlovedMinutes(s Span, breaks Spans, zone *time.Location) (n int) {
	const step = 5 * time.Minute
	for at := s.From; at < s.Until; at = at.Add(step) {
		end := min(at.Add(step), s.Until)
		inBreak := false
		for _, b := range breaks {
			inBreak = inBreak || b.has(at)
		}
		if inBreak {
			continue
		}
		local := at.Time().In(zone)
		m := local.Hour()*60 + local.Minute()
		if m >= eveningFrom || m < nightUntil || local.Weekday() == time.Saturday || local.Weekday() == time.Sunday {
			n += minutes(end.Sub(at))
		}
	}
	return n
}

// inNight is how many minutes between two moments somebody's clock on the wall shows a time between eleven at night and six in the morning.
func inNight(s Span, zone *time.Location) (n int) {
	const step = 5 * time.Minute
	for at := s.From; at < s.Until; at = at.Add(step) {
		if h := at.Time().In(zone).Hour(); h >= 23 || h < 6 {
			n += minutes(min(at.Add(step), s.Until).Sub(at))
		}
	}
	return n
}

// week is the week in which a moment lies, from Monday on, in a zone.
func week(at clock.Instant, zone *time.Location) Span {
	day := calendar.DateAt(at.Time().In(zone))
	monday := day - calendar.Date((int(day.Weekday())+6)%7)
	return Span{moment(monday, 0, zone), moment(monday+7, 0, zone)}
}

// WeekOf is the week in which a moment lies, from Monday on, in a zone.
func WeekOf(at clock.Instant, zone *time.Location) Span { return week(at, zone) }
