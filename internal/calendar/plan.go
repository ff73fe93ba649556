package calendar

import (
	"cmp"
	"slices"
	"time"

	"goodturn/internal/clock"
)

// plan is a checked definition in the form that stretches are made from.
type plan struct {
	def     Definition
	zones   []zoneFrom // by their first day; the first has none before it
	off     []Day      // without hours, sorted by their first day
	longest Date       // days that the longest of them goes on after its first
	open    map[Date]Day
}

type zoneFrom struct {
	from Date
	loc  *time.Location
}

const (
	firstDate = Date(-1 << 30)
	lastDate  = Date(1 << 30)
)

// zoneOn gives the zone that holds on a day.
func (p *plan) zoneOn(d Date) *time.Location {
	i := len(p.zones) - 1
	for ; i > 0 && p.zones[i].from > d; i-- {
		continue
	}
	return p.zones[i].loc
}

// day says which spans a day has, and why.
func (p *plan) day(d Date) ([]Span, Reason, string) {
	if o, ok := p.open[d]; ok {
		return o.Hours, Opening, o.Name
	}
	if o, ok := p.offOn(d); ok {
		return nil, DayOff, o.Name
	}
	if name, ok := p.holiday(d); ok {
		return nil, Holiday, name
	}
	spans := p.def.Hours[d.Weekday()]
	if len(spans) == 0 {
		return nil, NoHours, ""
	}
	return spans, Hours, ""
}

func (p *plan) offOn(d Date) (Day, bool) {
	n, _ := slices.BinarySearchFunc(p.off, d+1, func(o Day, d Date) int { return cmp.Compare(o.From, d) })
	for i := n - 1; i >= 0 && p.off[i].From+p.longest >= d; i-- {
		if p.off[i].Last() >= d {
			return p.off[i], true
		}
	}
	return Day{}, false
}

func (p *plan) holiday(d Date) (string, bool) {
	for _, region := range p.def.Regions {
		if name, ok := holidayOn(region, d); ok {
			return name, true
		}
	}
	return "", false
}

// reach is how far, in days, the wall may be from UTC together with a span that began the day before: a zone that left
// out a day puts two of them between a moment and the beginning of the span that it lies in.
const reach = 3

// stretches turns wall time into moments: within each piece of time in which a zone's offset does not change, wall time
// and moments run side by side, so a span is cut by those pieces and moved.
func (p *plan) stretches(from, to clock.Instant) (out []stretch) {
	first, last := DateAt(from.Time())-reach, DateAt(to.Time())+reach
	for i, z := range p.zones {
		begin, end := max(first, z.from), last
		if i+1 < len(p.zones) {
			end = min(last, p.zones[i+1].from-1)
		}
		if begin > end {
			continue
		}
		pieces := piecesOf(z.loc, from, to)
		for d := begin; d <= end; d++ {
			spans, why, name := p.day(d)
			for _, s := range spans {
				out = appendSpan(out, pieces, d, s, why, name)
			}
		}
	}
	sortStretches(out)
	return out
}

func appendSpan(out []stretch, pieces []piece, d Date, s Span, why Reason, name string) []stretch {
	wall := clock.Instant(d) * daySeconds * 1000
	begin, end := wall+clock.Instant(s.From)*60_000, wall+clock.Instant(s.To)*60_000
	for _, p := range pieces {
		from, to := max(begin-p.offset, p.from), min(end-p.offset, p.to)
		if from < to {
			out = append(out, stretch{from, to, why, name})
		}
	}
	return out
}

// piece is a time in which a zone's offset does not change.
type piece struct{ from, to, offset clock.Instant } // the offset of the wall from UTC, in milliseconds

func piecesOf(loc *time.Location, from, to clock.Instant) (out []piece) {
	for at := from; at < to; {
		t := time.UnixMilli(int64(at)).In(loc)
		_, offset := t.Zone()
		until := to
		if _, end := t.ZoneBounds(); !end.IsZero() {
			until = clock.Instant(end.UnixMilli())
		}
		if until <= at { // on the last day of a leap year ZoneBounds ends before it begins; no zone changes twice within a minute
			until = at - at%60_000 + 60_000
		}
		until = min(to, until)
		p := piece{at, until, clock.Instant(offset) * 1000}
		if n := len(out); n > 0 && out[n-1].offset == p.offset {
			out[n-1].to = until // the zone changed its name alone
		} else {
			out = append(out, p)
		}
		at = until
	}
	return out
}
