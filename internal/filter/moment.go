package filter

import (
	"math"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/i18n"
)

// Span is a stretch of time: From ≤ moment < To; 0 for no bound.
type Span struct{ From, To clock.Instant }

// MomentWords are the stretches of time that have a name.
func MomentWords() []string {
	return []string{"today", "yesterday", "tomorrow", "this-week", "last-week", "next-week", "this-month", "last-month", "next-month", "this-year", "last-year", "next-year"}
}

// Moments reads a value as a stretch of time: "<7d" is less than seven days from now, "2026-11-01" that day in the zone,
// "today", and ranges of them. ahead says that distances reach into what is to come instead of what was.
func (v Value) Moments(now clock.Instant, zone *time.Location, ahead bool) (Span, error) {
	r := momentReader{now: now.Time().In(zone), zone: zone, ahead: ahead}
	if v.Op == Between {
		return r.between(v)
	}
	if d, ok := length(v.Text); ok && !v.Quoted {
		switch v.Op {
		case Less, AtMost:
			return r.within(0, d), nil
		case More, AtLeast:
			return r.within(d, 0), nil
		}
		return Span{}, v.Wrong(i18n.M("Please say whether it is less or more: {{.Less}} or {{.More}}.", "Less", "<"+v.Text, "More", ">"+v.Text), "<"+v.Text, ">"+v.Text)
	}
	s, ok := r.day(v.Text)
	if !ok {
		return Span{}, v.noMoment()
	}
	switch v.Op {
	case Less:
		return Span{To: s.From}, nil
	case AtMost:
		return Span{To: s.To}, nil
	case More:
		return Span{From: s.To}, nil
	case AtLeast:
		return Span{From: s.From}, nil
	}
	return s, nil
}

func (v Value) noMoment() *Error {
	return v.Wrong(i18n.M("“{{.Value}}” is no time. Please write how long ago (<7d, >2h), a day (2026-11-01, >=2026-11-01), a range (2026-11-01..2026-11-07), or today, yesterday, this-week.", "Value", v.shown()),
		Nearest(v.Text, MomentWords())...)
}

// shown is the value for a message: not the whole of something endless.
func (v Value) shown() string {
	s := string(v.Op) + v.Text
	if v.Op == Between {
		s = v.Text + ".." + v.To
	}
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

type momentReader struct {
	now   time.Time
	zone  *time.Location
	ahead bool
}

// within is the stretch of what lies between least and most away; most 0 for any distance beyond least.
func (r momentReader) within(least, most time.Duration) Span {
	var s Span
	if r.ahead {
		s.From = clock.From(r.now.Add(least))
		if most != 0 {
			s.To = clock.From(r.now.Add(most)) + 1
		}
		return s
	}
	if least != 0 {
		s.To = clock.From(r.now.Add(-least))
	}
	if most != 0 {
		s.From = max(clock.From(r.now.Add(-most)), 1)
	}
	return s
}

func (r momentReader) between(v Value) (Span, error) {
	least, first := length(v.Text)
	most, second := length(v.To)
	if first && second {
		return r.within(min(least, most), max(least, most)), nil
	}
	var s Span
	if v.Text != "" {
		from, ok := r.day(v.Text)
		if !ok {
			return s, v.noMoment()
		}
		s.From = from.From
	}
	if v.To != "" {
		to, ok := r.day(v.To)
		if !ok {
			return s, v.noMoment()
		}
		s.To = to.To
	}
	if s.From != 0 && s.To != 0 && s.From >= s.To {
		return s, v.Wrong(i18n.M("This range ends before it begins."), v.To+".."+v.Text)
	}
	return s, nil
}

// length reads 30m, 2h, 7d, 2w, 3mo, 1y: minutes, hours, days, weeks, months of 30 days, years of 365.
func length(text string) (time.Duration, bool) {
	n := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	if n < 1 || n > 5 {
		return 0, false
	}
	count, err := strconv.Atoi(text[:n])
	if err != nil {
		return 0, false
	}
	const day = 24 * time.Hour
	unit, ok := map[string]time.Duration{"m": time.Minute, "min": time.Minute, "h": time.Hour, "d": day, "w": 7 * day, "mo": 30 * day, "y": 365 * day}[strings.ToLower(text[n:])]
	return min(time.Duration(count), time.Duration(math.MaxInt64)/(2*max(unit, 1))) * unit, ok
}

// day reads a day, a month, a year, a minute, or one of MomentWords.
func (r momentReader) day(text string) (Span, bool) {
	if s, ok := r.named(strings.ToLower(text)); ok {
		return s, true
	}
	for _, f := range [...]struct {
		layout       string
		years, month int
		days         int
		minutes      int
	}{{"2006-01-02", 0, 0, 1, 0}, {"2.1.2006", 0, 0, 1, 0}, {"2006-01", 0, 1, 0, 0}, {"2006", 1, 0, 0, 0}, {"2006-01-02T15:04", 0, 0, 0, 1}} {
		t, err := time.ParseInLocation(f.layout, text, r.zone)
		if err != nil || t.Year() < 1970 {
			continue
		}
		return Span{max(clock.From(t), 1), max(clock.From(t.AddDate(f.years, f.month, f.days).Add(time.Duration(f.minutes)*time.Minute)), 1)}, true
	}
	return Span{}, false
}

func (r momentReader) named(word string) (Span, bool) {
	y, m, d := r.now.Date()
	at := func(y int, m time.Month, d int) clock.Instant {
		return clock.From(time.Date(y, m, d, 0, 0, 0, 0, r.zone))
	}
	monday := d - (int(r.now.Weekday())+6)%7
	switch word {
	case "today":
		return Span{at(y, m, d), at(y, m, d+1)}, true
	case "yesterday":
		return Span{at(y, m, d-1), at(y, m, d)}, true
	case "tomorrow":
		return Span{at(y, m, d+1), at(y, m, d+2)}, true
	}
	step := 0
	which, unit, _ := strings.Cut(word, "-")
	switch which {
	case "this":
	case "last":
		step = -1
	case "next":
		step = 1
	default:
		return Span{}, false
	}
	switch unit {
	case "week":
		return Span{at(y, m, monday+7*step), at(y, m, monday+7*step+7)}, true
	case "month":
		return Span{at(y, m+time.Month(step), 1), at(y, m+time.Month(step)+1, 1)}, true
	case "year":
		return Span{at(y+step, 1, 1), at(y+step+1, 1, 1)}, true
	}
	return Span{}, false
}

// Range is a stretch of numbers, both ends included.
type Range struct{ From, To int64 }

// Numbers reads a value as a stretch of whole numbers from 0: "5", ">=3", "2..9".
func (v Value) Numbers() (Range, error) {
	r := Range{0, math.MaxInt64}
	from, ok := number(v.Text)
	if v.Op == Between {
		to, second := number(v.To)
		if (v.Text != "" && !ok) || (v.To != "" && !second) {
			return r, v.noNumber()
		}
		if v.Text != "" {
			r.From = from
		}
		if v.To != "" {
			r.To = to
		}
		if r.From > r.To {
			return r, v.Wrong(i18n.M("This range ends before it begins."), v.To+".."+v.Text)
		}
		return r, nil
	}
	if !ok {
		return r, v.noNumber()
	}
	switch v.Op {
	case Less:
		r.To = from - 1
	case AtMost:
		r.To = from
	case More:
		r.From = from + 1
	case AtLeast:
		r.From = from
	default:
		r.From, r.To = from, from
	}
	return r, nil
}

func (v Value) noNumber() *Error {
	return v.Wrong(i18n.M("“{{.Value}}” is no number. Please write one such as 5, or >=5, or 2..9.", "Value", v.shown()))
}

func number(text string) (int64, bool) {
	if text == "" || len(text) > 15 {
		return 0, false
	}
	n, err := strconv.ParseUint(strings.TrimPrefix(text, "#"), 10, 63)
	return int64(n), err == nil
}
