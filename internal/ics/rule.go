// Package ics reads iCalendar (RFC 5545): files of holidays, and rules of what comes again and again.
//
// A file comes from anywhere. ReadDays takes what it can read, says what it cannot and why, and does both in bounded time:
//
//	found, err := ics.ReadDays(upload, first, last) // all-day events between two days; found.Skipped has the others
//
// A Rule is the text that people know from their calendars, with a beginning and a zone:
//
//	r, err := ics.ParseRule("FREQ=MONTHLY;BYDAY=1MO", start) // start: 2 November 2026, 9:00 in Berlin
//	next, ok := r.Next(now)                                   // the first Monday of a month, 9:00 in Berlin
//
// Invariants: no input panics or hangs. A rule fires at most every hour on average and is found out when it never fires. Times
// are those of the clock on the wall in the zone of the beginning: one that comes twice fires the first time, and one that the
// clocks leave out fires as if they had not been changed yet (02:30 becomes 03:30), as RFC 5545 says in 3.3.5.
package ics

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"goodturn/internal/calendar"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// Rule is a recurrence rule of RFC 5545 with its beginning. It is immutable and may be used by many at once.
type Rule struct {
	text string
	zone *time.Location
	rule *rrule.RRule
}

// The library goes through all years until 9999 in search of a moment that never comes. The calendar repeats itself every
// 400 years to the weekday, so rules are asked about years shortly before that end, in a zone without changes.
const (
	lastYear    = 9999
	cycle       = 400
	maxRule     = 500 // bytes
	firesPerDay = 24
	maxInterval = 1000
)

// ParseRule reads a rule such as "FREQ=WEEKLY;BYDAY=MO,TH;BYHOUR=9", with or without "RRULE:" before it. start is the first
// moment that it may fire, and gives the zone and the time of day; as in the standard it need not fit the rule, but here it
// fires only if it does. What is wrong is a fault.Invalid for the field "rule": something that cannot be read, a rule that never
// fires, one that fires every hour, minute or second.
func ParseRule(text string, start time.Time) (*Rule, error) {
	text = strings.ToUpper(strings.Join(strings.Fields(text), ""))
	text = strings.TrimSuffix(strings.TrimPrefix(text, "RRULE:"), ";")
	if text == "" {
		return nil, wrong(i18n.M("How often? A rule looks like FREQ=WEEKLY;BYDAY=MO."))
	}
	if len(text) > maxRule || strings.Contains(text, "DTSTART") {
		return nil, wrong(i18n.M("This could not be read as a rule. One looks like FREQ=WEEKLY;BYDAY=MO; its beginning is given apart."))
	}
	rest, until, err := cutUntil(text, start.Location())
	if err != nil {
		return nil, err
	}
	o, err := rrule.StrToROptionInLocation(rest, time.UTC)
	if err != nil {
		return nil, wrong(i18n.M("This could not be read as a rule ({{.Why}}). One looks like FREQ=WEEKLY;BYDAY=MO.", "Why", err.Error()))
	}
	if err := check(o); err != nil {
		return nil, err
	}
	start = start.Truncate(time.Second)
	if y := start.Year(); y < 1900 || y > lastYear-cycle*16 {
		return nil, wrong(i18n.M("The rule begins in the year {{.Year}}, which cannot be right.", "Year", strconv.Itoa(y)))
	}
	o.Dtstart = shift(wallOf(start))
	if !until.IsZero() {
		if until.Year() > start.Year()+cycle {
			until = time.Time{}
		} else {
			o.Until = shift(until)
		}
	}
	made, err := rrule.NewRRule(*o)
	if err != nil {
		return nil, wrong(i18n.M("This could not be read as a rule ({{.Why}}). One looks like FREQ=WEEKLY;BYDAY=MO.", "Why", err.Error()))
	}
	r := &Rule{text: text, zone: start.Location(), rule: made}
	if _, ok := r.Next(start.Add(-time.Second)); !ok {
		return nil, wrong(i18n.M("This rule never fires: no day fits all of it."))
	}
	return r, nil
}

func wrong(m i18n.Text) error { return fault.Invalid(fault.F("rule", m)) }

// String is the rule as it was read, in capitals and without "RRULE:".
func (r *Rule) String() string { return r.text }

// Next is the first moment after the given one at which the rule fires; false when none comes any more.
func (r *Rule) Next(after time.Time) (time.Time, bool) {
	var found, foundWall time.Time
	for next := r.rule.Iterator(); ; {
		wall, more := next()
		if !more || (!found.IsZero() && wall.Sub(foundWall) > 3*time.Hour) {
			return found, !found.IsZero()
		}
		// Around a change of the clocks a later wall time may be the earlier moment.
		if at := momentOf(unshift(wall), r.zone); at.After(after) && (found.IsZero() || at.Before(found)) {
			if found.IsZero() {
				foundWall = wall
			}
			found = at
		}
	}
}

// days gives the days on which the rule fires, in order, until yield says that it is enough.
func (r *Rule) days(yield func(calendar.Date) bool) {
	for next := r.rule.Iterator(); ; {
		wall, more := next()
		if !more || !yield(calendar.DateAt(unshift(wall))) {
			return
		}
	}
}

// check holds a rule to what the standard allows and to what a desk can bear.
func check(o *rrule.ROption) error {
	if o.Freq > rrule.DAILY {
		return wrong(i18n.M("A rule may fire every day, but not every hour, minute or second. Several times a day are FREQ=DAILY;BYHOUR=9,15."))
	}
	if max(1, len(o.Byhour))*max(1, len(o.Byminute))*max(1, len(o.Bysecond)) > firesPerDay {
		return wrong(i18n.M("This rule fires more than {{.Limit}} times a day, which is too often.", "Limit", firesPerDay))
	}
	if o.Interval < 0 || o.Interval > maxInterval || o.Count < 0 {
		return wrong(i18n.M("INTERVAL must be between 1 and {{.Limit}}, and COUNT more than 0.", "Limit", maxInterval))
	}
	nth := slices.ContainsFunc(o.Byweekday, func(w rrule.Weekday) bool { return w.N() != 0 })
	switch { // RFC 5545, 3.3.10; the library does not ask
	case len(o.Byeaster) > 0:
		return wrong(i18n.M("{{.Part}} is no part of a rule.", "Part", "BYEASTER"))
	case len(o.Byweekno) > 0 && o.Freq != rrule.YEARLY:
		return wrong(i18n.M("{{.Part}} does not go with this FREQ.", "Part", "BYWEEKNO"))
	case len(o.Byyearday) > 0 && o.Freq != rrule.YEARLY:
		return wrong(i18n.M("{{.Part}} does not go with this FREQ.", "Part", "BYYEARDAY"))
	case len(o.Bymonthday) > 0 && o.Freq == rrule.WEEKLY:
		return wrong(i18n.M("{{.Part}} does not go with this FREQ.", "Part", "BYMONTHDAY"))
	case nth && (o.Freq == rrule.WEEKLY || o.Freq == rrule.DAILY || len(o.Byweekno) > 0):
		return wrong(i18n.M("{{.Part}} does not go with this FREQ.", "Part", "BYDAY=1MO"))
	}
	return inBounds(o)
}

// inBounds refuses numbers that the library would compute with, whatever they are.
func inBounds(o *rrule.ROption) error {
	for _, p := range []struct {
		part     string
		values   []int
		from, to int
		zero     bool
	}{
		{"BYSETPOS", o.Bysetpos, -366, 366, false},
		{"BYMONTH", o.Bymonth, 1, 12, false},
		{"BYMONTHDAY", o.Bymonthday, -31, 31, false},
		{"BYYEARDAY", o.Byyearday, -366, 366, false},
		{"BYWEEKNO", o.Byweekno, -53, 53, false},
		{"BYHOUR", o.Byhour, 0, 23, true},
		{"BYMINUTE", o.Byminute, 0, 59, true},
		{"BYSECOND", o.Bysecond, 0, 59, true},
	} {
		for _, v := range p.values {
			if v < p.from || v > p.to || (v == 0 && !p.zero) {
				return wrong(i18n.M("{{.Part}} must be between {{.From}} and {{.To}}.", "Part", p.part, "From", p.from, "To", p.to))
			}
		}
	}
	most := 53 // weekdays of a kind in a year, or in a month; the library panics beyond
	if o.Freq == rrule.MONTHLY || len(o.Bymonth) > 0 {
		most = 5
	}
	for _, w := range o.Byweekday {
		if w.N() < -most || w.N() > most {
			return wrong(i18n.M("{{.Part}} must be between {{.From}} and {{.To}}.", "Part", "BYDAY", "From", -most, "To", most))
		}
	}
	return nil
}

// cutUntil takes UNTIL out of a rule, as a time on the wall of the zone. A day without a time is meant until its end.
func cutUntil(text string, zone *time.Location) (rest string, until time.Time, err error) {
	var kept []string
	for part := range strings.SplitSeq(text, ";") {
		value, is := strings.CutPrefix(part, "UNTIL=")
		if !is {
			kept = append(kept, part)
			continue
		}
		if at, err := time.Parse("20060102T150405Z", value); err == nil {
			until = wallOf(at.In(zone))
		} else if at, err := time.Parse("20060102T150405", value); err == nil {
			until = at
		} else if at, err := time.Parse("20060102", value); err == nil {
			until = at.Add(24*time.Hour - time.Second)
		} else {
			return "", until, wrong(i18n.M("{{.Text}} is no end of a rule. One looks like UNTIL=20271231.", "Text", part))
		}
	}
	return strings.Join(kept, ";"), until, nil
}

// wallOf is what the clock on the wall shows, as a time in UTC.
func wallOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// momentOf is when the clock on the wall first shows that; the offset before the change counts for what it never shows.
func momentOf(wall time.Time, zone *time.Location) time.Time {
	const day = 26 * 60 * 60 // no zone is further from UTC
	offset := func(unix int64) int64 {
		_, o := time.Unix(unix, 0).In(zone).Zone()
		return int64(o)
	}
	before, after := offset(wall.Unix()-day), offset(wall.Unix()+day)
	first, second := wall.Unix()-before, wall.Unix()-after
	if offset(first) != before && offset(second) == after {
		first = second
	}
	return time.Unix(first, 0).In(zone)
}

const shifted = (lastYear - cycle - 1900) / cycle * cycle // 7,600 years

func shift(t time.Time) time.Time   { return t.AddDate(shifted, 0, 0) }
func unshift(t time.Time) time.Time { return t.AddDate(-shifted, 0, 0) }

// Days gives the days of the rule between two days, both of them included, in order, at most so many. Times of day in the rule count for nothing.
func (r *Rule) Days(first, last calendar.Date, most int) (out []calendar.Date) {
	r.days(func(d calendar.Date) bool {
		if d > last || len(out) >= most {
			return false
		}
		if d >= first && (len(out) == 0 || out[len(out)-1] != d) {
			out = append(out, d)
		}
		return true
	})
	return out
}

// At is when the clock on the wall of a zone first shows a minute of a day; minutes from 1440 on are of the days after it. What the clocks leave out
// is reckoned as if they had not been changed yet.
func At(day calendar.Date, minute int, zone *time.Location) time.Time {
	return momentOf(day.Time().Add(time.Duration(minute)*time.Minute), zone)
}
