package quiet

import (
	"slices"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/shift"
)

// day is somebody's time at the desk on a day: stretches without breaks and leave, in order, none touching the next.
type day struct {
	date calendar.Date
	work []shift.Span
}

// worker is somebody with their days of a week, in order.
type worker struct {
	id   int64
	days []day
}

// How long a quiet hour is, and how much time at the desk a day has at least that is looked at: who covers for an hour has no hour to be quiet in.
const (
	quietHour = time.Hour
	halfDay   = 4 * time.Hour
)

// without are the days on which no stretch held an hour in which nothing was between two of the moments, nor before the first or after the last.
func without(days []day, seen []clock.Instant) (out []calendar.Date) {
	slices.Sort(seen)
	for _, d := range days {
		if !slices.ContainsFunc(d.work, func(s shift.Span) bool { return quietIn(s, seen) }) {
			out = append(out, d.date)
		}
	}
	return out
}

// quietIn tells whether a stretch holds a quiet hour. The moments are in order.
func quietIn(s shift.Span, seen []clock.Instant) bool {
	last := s.From
	first, _ := slices.BinarySearch(seen, s.From)
	for _, at := range seen[first:] {
		if at >= s.Until {
			break
		}
		if at.Sub(last) >= quietHour {
			return true
		}
		last = at
	}
	return s.Until.Sub(last) >= quietHour
}

// dayOf makes a day of stretches that may touch and overlap, without times off. False: there is less than half a day of it.
func dayOf(date calendar.Date, work, off []shift.Span) (day, bool) {
	d := day{date: date}
	slices.SortFunc(work, func(a, b shift.Span) int { return int(a.From - b.From) })
	for _, s := range work {
		if n := len(d.work); n > 0 && s.From <= d.work[n-1].Until {
			d.work[n-1].Until = max(d.work[n-1].Until, s.Until)
		} else {
			d.work = append(d.work, s)
		}
	}
	for _, o := range off {
		d.work = minus(d.work, o)
	}
	var all time.Duration
	for _, s := range d.work {
		all += s.Until.Sub(s.From)
	}
	return d, all >= halfDay
}

// minus takes a time out of stretches.
func minus(all []shift.Span, off shift.Span) (out []shift.Span) {
	for _, s := range all {
		if off.Until <= s.From || s.Until <= off.From || off.Until <= off.From {
			out = append(out, s)
			continue
		}
		if s.From < off.From {
			out = append(out, shift.Span{From: s.From, Until: off.From})
		}
		if off.Until < s.Until {
			out = append(out, shift.Span{From: off.Until, Until: s.Until})
		}
	}
	return out
}

// bounds are from when until when anybody was at the desk.
func bounds(all []worker) (from, until clock.Instant) {
	for _, one := range all {
		for _, d := range one.days {
			first, last := d.work[0].From, d.work[len(d.work)-1].Until
			if from == 0 || first < from {
				from = first
			}
			until = max(until, last)
		}
	}
	return from, until
}
