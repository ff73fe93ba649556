package notice

import (
	"time"

	"goodturn/internal/clock"
)

// Quiet is when somebody is not to be disturbed. What comes then stands on the page, and goes out when it ends.
type Quiet struct {
	// Days are the spans that begin on each weekday (time.Weekday), in their own time zone.
	Days [7]Span `json:"days"`
	// Urgent lets tickets of urgent priority through.
	Urgent bool `json:"urgent,omitempty"`
}

// Span is a quiet time, in minutes after midnight. One whose end is not after its beginning ends on the next day: 20:00 to 07:00, and
// 00:00 to 00:00 is the whole day.
type Span struct {
	On   bool `json:"on,omitempty"`
	From int  `json:"from,omitempty"`
	To   int  `json:"to,omitempty"`
}

const dayMinutes = 24 * 60

func (s Span) valid() bool {
	return !s.On || s.From >= 0 && s.From < dayMinutes && s.To >= 0 && s.To < dayMinutes
}

// weekAndMore bounds how many spans that follow each other without a gap are walked: quiet that never ends would hold everything
// back for ever, and after this long what waits goes out.
const weekAndMore = 8

// until tells whether a moment is in somebody's quiet hours, and when they end.
func (q Quiet) until(at clock.Instant, zone *time.Location) (end clock.Instant, quiet bool) {
	end = at
	for range weekAndMore {
		next, in := q.span(end, zone)
		if !in {
			break
		}
		end, quiet = next, true
	}
	return end, quiet
}

// span finds a span that holds a moment, and its end.
func (q Quiet) span(at clock.Instant, zone *time.Location) (end clock.Instant, in bool) {
	local := at.Time().In(zone)
	for _, back := range []int{1, 0} {
		day := time.Date(local.Year(), local.Month(), local.Day()-back, 12, 0, 0, 0, time.UTC) // only its date counts
		s := q.Days[day.Weekday()]
		if !s.On {
			continue
		}
		last := day
		if s.To <= s.From {
			last = day.AddDate(0, 0, 1)
		}
		from, to := wall(day, s.From, zone, false), wall(last, s.To, zone, true)
		if from <= at && at < to && to > end {
			end, in = to, true
		}
	}
	return end, in
}

// wall is the moment at which the clocks of a zone show so many minutes after midnight on a date. Of a time that they show twice it is
// the earlier or the later moment; of one that they skip, the moment at which they skip it.
func wall(date time.Time, minutes int, zone *time.Location, later bool) clock.Instant {
	shown := time.Date(date.Year(), date.Month(), date.Day(), minutes/60, minutes%60, 0, 0, time.UTC)
	// What the zone was at before and after any change of that day.
	_, before := shown.Add(-26 * time.Hour).In(zone).Zone()
	_, after := shown.Add(26 * time.Hour).In(zone).Zone()
	var found []time.Time
	for _, offset := range []int{before, after} {
		at := shown.Add(-time.Duration(offset) * time.Second)
		if l := at.In(zone); l.Day() == shown.Day() && l.Hour() == shown.Hour() && l.Minute() == shown.Minute() {
			found = append(found, at)
		}
	}
	switch {
	case len(found) == 0:
		_, skip := shown.Add(-time.Duration(max(before, after)) * time.Second).In(zone).ZoneBounds()
		return clock.From(skip)
	case len(found) == 2 && found[1].Before(found[0]) != later:
		return clock.From(found[1])
	}
	return clock.From(found[0])
}
