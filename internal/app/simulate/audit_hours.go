package simulate

import (
	"encoding/json"
	"slices"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/sla"
)

// hours are a calendar as the audit reads it: which stretches of a day are worked, found anew each time.
type hours struct {
	zone *time.Location
	week [7][][2]int
	off  map[string]bool
	def  calendar.Definition
}

// hoursOf reads a version of a calendar.
func (a *audit) hoursOf(version int64) (*hours, error) {
	if h, known := a.hours[version]; known {
		return h, nil
	}
	text, err := db.One[string](a.ctx, a.tx, `SELECT definition FROM calendar_version WHERE id = $1`, version)
	if err != nil {
		return nil, err
	}
	h := &hours{off: map[string]bool{}}
	if err := json.Unmarshal([]byte(text), &h.def); err != nil {
		return nil, err
	}
	if h.zone, err = time.LoadLocation(h.def.Zone); err != nil {
		return nil, err
	}
	for day, spans := range h.def.Hours {
		for _, s := range spans {
			h.week[day] = append(h.week[day], [2]int{s.From, s.To})
		}
	}
	for _, region := range h.def.Regions {
		for year := 2024; year < 2032; year++ {
			for _, d := range calendar.Holidays(region, year) {
				h.off[d.Date.String()] = true
			}
		}
	}
	a.hours[version] = h
	return h, nil
}

// stretches are the worked times of a day and its neighbours, in which any of the calendars is open: sorted, and each moment once.
func (a *audit) stretches(all []*hours, day clock.Instant) (out [][2]clock.Instant) {
	for _, h := range all {
		t := day.Time().In(h.zone)
		for i := -1; i <= 1; i++ {
			d := time.Date(t.Year(), t.Month(), t.Day()+i, 0, 0, 0, 0, h.zone)
			if h.off[d.Format(time.DateOnly)] {
				continue
			}
			for _, s := range h.week[d.Weekday()] {
				from, to := time.Date(d.Year(), d.Month(), d.Day(), 0, s[0], 0, 0, h.zone), time.Date(d.Year(), d.Month(), d.Day(), 0, s[1], 0, 0, h.zone)
				out = append(out, [2]clock.Instant{clock.From(from), clock.From(to)})
			}
		}
	}
	slices.SortFunc(out, func(x, y [2]clock.Instant) int { return int(x[0] - y[0]) })
	joined := out[:0]
	for _, s := range out {
		if n := len(joined); n > 0 && s[0] <= joined[n-1][1] {
			joined[n-1][1] = max(joined[n-1][1], s[1])
			continue
		}
		joined = append(joined, s)
	}
	return joined
}

const dayLength = clock.Instant(24 * 60 * 60 * 1000)

// worked is how many milliseconds count from one moment to another.
func (a *audit) worked(terms string, from, to clock.Instant) (sum int64) {
	all, err := a.calendars(terms)
	if err != nil {
		panic(err) // a calendar that the desk counts by is gone, which foreign keys forbid
	}
	if all == nil {
		return int64(to - from)
	}
	for at := from; at < to; at = dayEnd(at, to) { // a UTC day at a time
		end := dayEnd(at, to)
		for _, s := range a.stretches(all, at) {
			sum += int64(max(0, min(s[1], end)-max(s[0], at)))
		}
	}
	return sum
}

// reached is when so many milliseconds have counted from a moment on; 0 for never within three years.
func (a *audit) reached(terms string, from clock.Instant, want int64) clock.Instant {
	all, err := a.calendars(terms)
	if err != nil {
		panic(err)
	}
	if all == nil {
		return from + clock.Instant(want)
	}
	for at := from; at < from+3*366*dayLength; at = dayEnd(at, 0) {
		end := dayEnd(at, 0)
		for _, s := range a.stretches(all, at) {
			begins, ends := max(s[0], at), min(s[1], end)
			if ends <= begins {
				continue
			}
			if want <= int64(ends-begins) {
				return begins + clock.Instant(want)
			}
			want -= int64(ends - begins)
		}
	}
	return 0
}

// dayEnd is the end of a moment's UTC day, or a limit that comes before.
func dayEnd(at, limit clock.Instant) clock.Instant {
	end := (at/dayLength + 1) * dayLength
	if limit != 0 && limit < end {
		return limit
	}
	return end
}

func (a *audit) calendars(terms string) (all []*hours, err error) {
	for _, id := range sla.ReadTerms(terms).Calendars {
		h, err := a.hoursOf(id)
		if err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	return all, nil
}
