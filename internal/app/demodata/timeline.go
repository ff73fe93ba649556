package demodata

import "time"

const (
	deskOpens  = 8 * time.Hour
	deskCloses = 18 * time.Hour
)

// Timeline gives the moment of each step, seen from now and in now's zone: never after now, never going back, staff at work on weekdays between
// 8:00 and 18:00 (tickets of today excepted, so that a demo started at night is alive too). A history too long for its room is squeezed evenly.
func (t Thread) Timeline(now time.Time) []time.Time {
	return squeeze(t.unbounded(now, loaded().byKey), now.Add(-time.Minute))
}

// fits tells whether the thread has room before now, on a Thursday afternoon and on a Monday morning.
func (t Thread) fits(staff map[string]Person) bool {
	for _, now := range []time.Time{time.Date(2026, 11, 19, 14, 30, 0, 0, time.UTC), time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)} {
		times := t.unbounded(now, staff)
		if times[len(times)-1].After(now) {
			return false
		}
	}
	return true
}

func (t Thread) unbounded(now time.Time, staff map[string]Person) []time.Time {
	at := t.start(now)
	times := make([]time.Time, 0, len(t.Steps))
	for _, step := range t.Steps {
		at = at.Add(step.After)
		if p, ok := staff[step.By]; ok && p.Role != Requester && t.days > 0 {
			at = atWork(at)
		}
		times = append(times, at)
	}
	return times
}

func (t Thread) start(now time.Time) time.Time {
	if t.days == 0 {
		return now.Add(-t.Age)
	}
	date := midnight(now)
	for days := t.days; days > 0; {
		date = date.AddDate(0, 0, -1)
		if !weekend(date) {
			days--
		}
	}
	return date.Add(t.clock)
}

func midnight(at time.Time) time.Time {
	y, m, d := at.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, at.Location())
}

func weekend(at time.Time) bool {
	return at.Weekday() == time.Saturday || at.Weekday() == time.Sunday
}

// atWork moves a moment outside working hours to the next morning at work, spread over its first 40 minutes.
func atWork(at time.Time) time.Time {
	clock := at.Sub(midnight(at))
	if !weekend(at) && clock >= deskOpens && clock < deskCloses {
		return at
	}
	date := midnight(at)
	if clock >= deskCloses || weekend(at) {
		date = date.AddDate(0, 0, 1)
	}
	for weekend(date) {
		date = date.AddDate(0, 0, 1)
	}
	return date.Add(deskOpens + clock%(40*time.Minute))
}

func squeeze(times []time.Time, end time.Time) []time.Time {
	if len(times) == 0 || !times[len(times)-1].After(end) {
		return times
	}
	first, last := times[0], times[len(times)-1]
	if first.After(end) {
		first = end
	}
	room, length := float64(end.Sub(first)), float64(last.Sub(times[0]))
	out := make([]time.Time, len(times))
	for i, at := range times {
		out[i] = first
		if length > 0 {
			out[i] = first.Add(time.Duration(room * float64(at.Sub(times[0])) / length))
		}
	}
	return out
}
