package calendar

import (
	"fmt"
	"time"
)

// Date is a day of the calendar on the wall, without a zone: days since 1970-01-01. As text it is "2026-12-24".
type Date int32

// DateOf is the day of that name; months and days beyond their end run on, as in time.Date.
func DateOf(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / daySeconds)
}

// DateAt is the day that the calendar on the wall of that zone shows.
func DateAt(t time.Time) Date { return DateOf(t.Date()) }

// ParseDate reads "2026-12-24".
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, fmt.Errorf("%q is no day such as 2026-12-24", text)
	}
	return DateAt(t), nil
}

const daySeconds = 24 * 60 * 60

// Time is the beginning of the day in UTC, to read its parts from or to write it out.
func (d Date) Time() time.Time { return time.Unix(int64(d)*daySeconds, 0).UTC() }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return time.Weekday(((int(d)+4)%7 + 7) % 7) }

// Year is the year that the day lies in.
func (d Date) Year() int { return d.Time().Year() }

// String writes "2026-12-24".
func (d Date) String() string { return d.Time().Format(time.DateOnly) }

// MarshalText writes "2026-12-24".
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads "2026-12-24".
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}
