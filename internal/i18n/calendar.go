package i18n

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

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
	if t.IsZero() {
		return ""
	}
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
