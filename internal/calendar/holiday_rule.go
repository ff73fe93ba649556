package calendar

import (
	"time"

	"github.com/rickar/cal/v2"
)

// rule finds the days of a year on which one holiday is kept; none when it is not kept in that year.
type rule struct {
	name        string
	days        func(year int) []Date
	since, last int // years; 0 is ever
}

func (r rule) in(year int) []Date {
	if (r.since > 0 && year < r.since) || (r.last > 0 && year > r.last) {
		return nil
	}
	return r.days(year)
}

// from begins a rule with a year, until ends one with it.
func (r rule) from(year int) rule  { r.since = year; return r }
func (r rule) until(year int) rule { r.last = year; return r }

func one(name string, day func(year int) Date) rule {
	return rule{name: name, days: func(year int) []Date { return []Date{day(year)} }}
}

// fixed is the same day every year.
func fixed(name string, m time.Month, day int) rule {
	return one(name, func(year int) Date { return DateOf(year, m, day) })
}

// once lists days that no rule finds: a proclamation, a lunar calendar.
func once(name string, days ...Date) rule {
	return rule{name: name, days: func(year int) (out []Date) {
		for _, d := range days {
			if d.Year() == year {
				out = append(out, d)
			}
		}
		return out
	}}
}

// easter counts days from Easter Sunday, orthodox from that of the eastern churches.
func easter(name string, days int) rule   { return byEaster(name, days, false) }
func orthodox(name string, days int) rule { return byEaster(name, days, true) }

func byEaster(name string, days int, julian bool) rule {
	return one(name, func(year int) Date {
		return DateAt(cal.CalcEasterOffset(&cal.Holiday{Offset: days, Julian: julian}, year))
	})
}

// nth is the n-th such weekday of a month.
func nth(name string, n int, w time.Weekday, m time.Month) rule { return after(name, w, m, 7*n-6) }

// after is the first such weekday on or after a day; before the last one on or before it.
func after(name string, w time.Weekday, m time.Month, day int) rule {
	return one(name, func(year int) Date {
		d := DateOf(year, m, day)
		return d + Date((w-d.Weekday()+7)%7)
	})
}

func before(name string, w time.Weekday, m time.Month, day int) rule {
	return one(name, func(year int) Date {
		d := DateOf(year, m, day)
		return d - Date((d.Weekday()-w+7)%7)
	})
}

// plus counts days on from another rule.
func (r rule) plus(name string, days int) rule {
	return one(name, func(year int) Date { return r.days(year)[0] + Date(days) })
}

// shift says how many days later (or, less than nothing, earlier) a holiday is kept, by the weekday it falls on.
type shift map[time.Weekday]Date

var (
	nextMonday  = shift{time.Saturday: 2, time.Sunday: 1}
	nearest     = shift{time.Saturday: -1, time.Sunday: 1} // Friday or Monday
	afterSunday = shift{time.Sunday: 1}
	twoDaysOn   = shift{time.Saturday: 2, time.Sunday: 2} // of two days in a row the first goes to Monday and the second to Tuesday
)

// also keeps a second day where the first falls badly; instead keeps only that one.
func (r rule) also(s shift) rule    { return r.shifted(s, true) }
func (r rule) instead(s shift) rule { return r.shifted(s, false) }

func (r rule) shifted(s shift, both bool) rule {
	days := r.days
	r.days = func(year int) (out []Date) {
		for _, d := range days(year) {
			n := s[d.Weekday()]
			if n == 0 || both {
				out = append(out, d)
			}
			if n != 0 {
				out = append(out, d+n)
			}
		}
		return out
	}
	return r
}

// library takes over rules of the library, with the day itself beside the day on which it is observed, but those of these names.
func library(rules []*cal.Holiday, but ...string) (out []rule) {
	for _, h := range rules {
		if contains(but, h.Name) {
			continue
		}
		out = append(out, rule{name: h.Name, days: func(year int) []Date {
			actual, observed := h.Calc(year)
			switch {
			case actual.IsZero():
				return nil
			case actual.Equal(observed):
				return []Date{DateAt(actual)}
			}
			return []Date{DateAt(actual), DateAt(observed)}
		}})
	}
	return out
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}
