// Package clock holds the one way Goodturn writes a moment down.
//
// Every moment is an Instant: whole milliseconds since 1970-01-01 UTC. It sorts the same in
// both databases, needs no driver's own text format, and carries no zone: zones belong to the
// edge, where a person reads the time.
//
//	at := clock.Now()
//	due := at.Add(4 * time.Hour)
package clock

import "time"

// Instant is a moment in milliseconds since 1970-01-01 UTC. Zero means "never" or "unknown".
type Instant int64

// Now is the present moment, cut to the millisecond.
func Now() Instant { return From(time.Now()) }

// From converts a time.Time; the zero time becomes the zero Instant.
func From(t time.Time) Instant {
	if t.IsZero() {
		return 0
	}
	return Instant(t.UnixMilli())
}

// Time converts back, in UTC; the zero Instant becomes the zero time.
func (i Instant) Time() time.Time {
	if i == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(i)).UTC()
}

// Add moves the instant by d, which may be negative.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d.Milliseconds()) }

// Sub is the time from earlier to i.
func (i Instant) Sub(earlier Instant) time.Duration {
	return time.Duration(i-earlier) * time.Millisecond
}

// RFC3339 is the instant as the API writes it ("2026-11-21T14:05:00.000Z"), or "" for zero.
func (i Instant) RFC3339() string {
	if i == 0 {
		return ""
	}
	return i.Time().Format("2006-01-02T15:04:05.000Z07:00")
}
