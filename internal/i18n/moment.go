package i18n

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// DateTime writes a moment in the reader's zone: "21 Nov 2026, 14:05", "21. Nov. 2026, 14:05".
func DateTime(ctx context.Context, t time.Time) string {
	return Of(ctx).format(t, func(c *calendar) []token { return c.dateTime })
}

// Date writes the day of a moment in the reader's zone: "21 Nov 2026".
func Date(ctx context.Context, t time.Time) string {
	return Of(ctx).format(t, func(c *calendar) []token { return c.date })
}

// DateLong writes the day of a moment with its weekday: "Saturday, 21 November 2026".
func DateLong(ctx context.Context, t time.Time) string {
	return Of(ctx).format(t, func(c *calendar) []token { return c.dateLong })
}

// Clock writes the time of day in the reader's zone: "14:05".
func Clock(ctx context.Context, t time.Time) string {
	return Of(ctx).format(t, func(c *calendar) []token { return c.clock })
}

// Ago says briefly how far t is from now, for lists: "now", "8 min", "2 h", "3 d", "4 w", "2 y". Beyond now it reads "in 8 min".
func Ago(ctx context.Context, now, t time.Time) string {
	d := now.Sub(t)
	ahead := d < 0
	if ahead {
		d = -d
	}
	var text string
	switch n, unit := measure(d); unit {
	case unitNow:
		return T(ctx, "now")
	case unitMinute:
		text = T(ctx, "{{.Count}} min", "Count", n)
	case unitHour:
		text = T(ctx, "{{.Count}} h", "Count", n)
	case unitDay:
		text = T(ctx, "{{.Count}} d", "Count", n)
	case unitWeek:
		text = T(ctx, "{{.Count}} w", "Count", n)
	default:
		text = T(ctx, "{{.Count}} y", "Count", n)
	}
	if ahead {
		return T(ctx, "in {{.Time}}", "Time", text)
	}
	return text
}

// AgoLong says in a sentence's words how far t is from now: "just now", "8 minutes ago", "in 3 days".
func AgoLong(ctx context.Context, now, t time.Time) string {
	d := now.Sub(t)
	if d < 0 {
		return untilLong(ctx, -d)
	}
	switch n, unit := measure(d); unit {
	case unitNow:
		return T(ctx, "just now")
	case unitMinute:
		return N(ctx, "{{.Count}} minute ago", "{{.Count}} minutes ago", n)
	case unitHour:
		return N(ctx, "{{.Count}} hour ago", "{{.Count}} hours ago", n)
	case unitDay:
		return N(ctx, "{{.Count}} day ago", "{{.Count}} days ago", n)
	case unitWeek:
		return N(ctx, "{{.Count}} week ago", "{{.Count}} weeks ago", n)
	default:
		return N(ctx, "{{.Count}} year ago", "{{.Count}} years ago", n)
	}
}

func untilLong(ctx context.Context, d time.Duration) string {
	switch n, unit := measure(d); unit {
	case unitNow:
		return T(ctx, "in a moment")
	case unitMinute:
		return N(ctx, "in {{.Count}} minute", "in {{.Count}} minutes", n)
	case unitHour:
		return N(ctx, "in {{.Count}} hour", "in {{.Count}} hours", n)
	case unitDay:
		return N(ctx, "in {{.Count}} day", "in {{.Count}} days", n)
	case unitWeek:
		return N(ctx, "in {{.Count}} week", "in {{.Count}} weeks", n)
	default:
		return N(ctx, "in {{.Count}} year", "in {{.Count}} years", n)
	}
}

type unit int

const (
	unitNow unit = iota
	unitMinute
	unitHour
	unitDay
	unitWeek
	unitYear
)

// measure rounds down to the largest unit that fits. Days lead up to two weeks, because "9 d" says more than "1 w"; months
// are left out, because they are as vague as weeks and look like minutes when shortened.
func measure(d time.Duration) (int, unit) {
	const day = 24 * time.Hour
	switch {
	case d < time.Minute:
		return 0, unitNow
	case d < time.Hour:
		return int(d / time.Minute), unitMinute
	case d < day:
		return int(d / time.Hour), unitHour
	case d < 14*day:
		return int(d / day), unitDay
	case d < 365*day:
		return int(d / (7 * day)), unitWeek
	default:
		return int(d / (365 * day)), unitYear
	}
}

// calendar is how a language writes dates: the names of its months and days, and patterns in the letters of CLDR
// (UTS 35, Date Format Patterns): d day, EEEE weekday, MMM and MMMM month, y year, HH hour, mm minute.
type calendar struct {
	Months      []string `json:"months"`
	MonthsShort []string `json:"months_short"`
	Days        []string `json:"days"`
	Date        string   `json:"date"`
	DateTime    string   `json:"date_time"`
	DateLong    string   `json:"date_long"`
	Clock       string   `json:"clock"`
	// Percent is the pattern of a percentage; 0 is the number.
	Percent string `json:"percent"`

	date, dateTime, dateLong, clock []token
}

// token is a field of a pattern, or literal text when field is 0.
type token struct {
	field   byte
	width   int
	literal string
}

func (c *calendar) compile() error {
	if len(c.Months) != 12 || len(c.MonthsShort) != 12 || len(c.Days) != 7 {
		return fmt.Errorf("calendar: %d months, %d short months and %d days", len(c.Months), len(c.MonthsShort), len(c.Days))
	}
	if !strings.Contains(c.Percent, "0") {
		return fmt.Errorf("calendar: percent pattern %q has no 0", c.Percent)
	}
	for _, p := range []struct {
		pattern string
		into    *[]token
	}{{c.Date, &c.date}, {c.DateTime, &c.dateTime}, {c.DateLong, &c.dateLong}, {c.Clock, &c.clock}} {
		tokens, err := parsePattern(p.pattern)
		if err != nil {
			return err
		}
		*p.into = tokens
	}
	return nil
}

func parsePattern(pattern string) ([]token, error) {
	if pattern == "" {
		return nil, fmt.Errorf("calendar: a date pattern is missing")
	}
	var out []token
	for i := 0; i < len(pattern); {
		b := pattern[i]
		end := i + 1
		if (b|0x20) >= 'a' && (b|0x20) <= 'z' {
			for end < len(pattern) && pattern[end] == b {
				end++
			}
			switch pattern[i:end] {
			case "d", "y", "MMM", "MMMM", "EEEE", "HH", "mm":
			default:
				return nil, fmt.Errorf("calendar: pattern %q: unknown field %q", pattern, pattern[i:end])
			}
			out = append(out, token{field: b, width: end - i})
		} else {
			for end < len(pattern) && !((pattern[end]|0x20) >= 'a' && (pattern[end]|0x20) <= 'z') {
				end++
			}
			out = append(out, token{literal: pattern[i:end]})
		}
		i = end
	}
	return out, nil
}

func (l *Locale) format(t time.Time, pattern func(*calendar) []token) string {
	t = t.In(l.zone)
	c := &l.tongue.calendar
	var buf [64]byte
	out := buf[:0]
	for _, k := range pattern(c) {
		switch k.field {
		case 0:
			out = append(out, k.literal...)
		case 'd':
			out = strconv.AppendInt(out, int64(t.Day()), 10)
		case 'y':
			out = strconv.AppendInt(out, int64(t.Year()), 10)
		case 'E':
			out = append(out, c.Days[t.Weekday()]...)
		case 'M':
			names := c.Months
			if k.width == 3 {
				names = c.MonthsShort
			}
			out = append(out, names[t.Month()-1]...)
		case 'H':
			out = appendTwo(out, t.Hour())
		case 'm':
			out = appendTwo(out, t.Minute())
		}
	}
	return string(out)
}

func appendTwo(out []byte, n int) []byte { return append(out, byte('0'+n/10), byte('0'+n%10)) }
