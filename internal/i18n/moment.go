package i18n

import (
	"context"
	"strings"
	"time"

	"goodturn/internal/clock"
)

// Moment is what a date is made from. The zero Instant and the zero time mean "never" and are written as nothing.
type Moment interface{ time.Time | clock.Instant }

func timeOf[M Moment](m M) time.Time {
	switch v := any(m).(type) {
	case time.Time:
		return v
	case clock.Instant:
		return v.Time()
	}
	return time.Time{}
}

// DateTime writes a moment in the reader's zone: "21 Nov 2026, 14:05", "21. Nov. 2026, 14:05".
func DateTime[M Moment](ctx context.Context, t M) string {
	return Of(ctx).dateTime(timeOf(t))
}

func (l *Locale) dateTime(t time.Time) string {
	return l.format(t, func(c *calendar) []token { return c.dateTime })
}

// Date writes the day of a moment in the reader's zone: "21 Nov 2026".
func Date[M Moment](ctx context.Context, t M) string {
	return Of(ctx).format(timeOf(t), func(c *calendar) []token { return c.date })
}

// DateLong writes the day of a moment with its weekday: "Saturday, 21 November 2026".
func DateLong[M Moment](ctx context.Context, t M) string {
	return Of(ctx).format(timeOf(t), func(c *calendar) []token { return c.dateLong })
}

// Weekday names a day of the week: "Monday".
func Weekday(ctx context.Context, d time.Weekday) string {
	return Of(ctx).tongue.calendar.Days[d]
}

// Clock writes the time of day in the reader's zone: "14:05".
func Clock[M Moment](ctx context.Context, t M) string {
	return Of(ctx).format(timeOf(t), func(c *calendar) []token { return c.clock })
}

// Ago says briefly how far t is from now, for lists: "now", "8 min", "2 h", "3 d", "4 w", "2 y". Beyond now it reads "in 8 min".
func Ago[N, M Moment](ctx context.Context, now N, t M) string {
	at := timeOf(t)
	if at.IsZero() {
		return ""
	}
	d := timeOf(now).Sub(at)
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

// Left says how long it is until a moment, or how long ago it should have been ("in 2 h", "12 min over"). Nothing is less than a minute.
func Left[N, M Moment](ctx context.Context, now N, due M) string {
	at, from := timeOf(due), timeOf(now)
	if at.After(from) {
		return Ago(ctx, from, at)
	}
	return T(ctx, "{{.Time}} over", "Time", Ago(ctx, from, at.Add(min(0, from.Sub(at)-time.Minute))))
}

// Length writes how long something took or may take, exact to the second ("26 h 5 min", "40 s", "2 min 3 s"); hours are not gathered into
// days, since a working day has not 24. Less than a second is "0 min".
func Length(ctx context.Context, d time.Duration) string {
	if d < 0 {
		return "−" + Length(ctx, -d)
	}
	h, m, s := int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60
	var parts []string
	if h > 0 {
		parts = append(parts, T(ctx, "{{.Count}} h", "Count", h))
	}
	if m > 0 || h == 0 && s == 0 {
		parts = append(parts, T(ctx, "{{.Count}} min", "Count", m))
	}
	if s > 0 {
		parts = append(parts, T(ctx, "{{.Count}} s", "Count", s))
	}
	return strings.Join(parts, " ")
}

// AgoLong says in a sentence's words how far t is from now: "just now", "8 minutes ago", "in 3 days".
func AgoLong[N, M Moment](ctx context.Context, now N, t M) string {
	at := timeOf(t)
	if at.IsZero() {
		return ""
	}
	return agoLong(ctx, timeOf(now).Sub(at))
}

func agoLong(ctx context.Context, d time.Duration) string {
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
