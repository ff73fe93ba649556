package rota

import (
	"math"
	"slices"
)

// asked is the question for one person: which slots they would take at given prices. It is put day by day. What matters of the days before
// is when the last turn ended, how many days in a row were worked, and how many hours of the week are used; hours are rounded down to steps
// when there would be too many of them, which allows more than the rules do and never less.
type asked struct {
	m      *member
	step   float64 // hours: every slot's, and every unloved part's, is a whole number of them
	most   float64 // hours that they could have at most in the whole time
	from   int     // the first day that matters, and the one after the last
	to     int
	days   []askedDay
	units  int     // steps of the week's hours
	unit   float64 // hours
	chosen []int   // slots, in the last answer
	value  [][]float64
	back   [][]int64
}

// askedDay is everything that somebody could work on one day.
type askedDay struct {
	turns  []askedTurn
	ends   []int64 // when turns end, each once, in order; state 0 is a day off, state k has ended at ends[k-1]
	groups [][]int // slots with the same hours, of which only the dearest can be wanted
	pick   []int   // by group: that one, at the prices of now
	gain   []float64
	week   int
	left   int // steps of hours that there are in this week
}

type askedTurn struct {
	groups []int
	from   int64
	to     int64
	rest   int64 // ms before it
	end    int   // its place in ends, from 1
	units  int
	fixed  bool // nothing new is in it
}

// ask prepares the question.
func (p *problem) ask(m *member) *asked {
	a := &asked{m: m, step: 0.25, from: p.days, to: 0}
	able := []int{}
	for s := range p.slots {
		if m.block[s] == "" {
			able = append(able, s)
			a.from, a.to = min(a.from, m.day[s]), max(a.to, m.day[s]+1)
			a.most += p.slots[s].hours()
		}
	}
	if len(able) == 0 {
		return a
	}
	a.step = p.steps(able, m)
	weeks := float64(m.week[a.to-1] - m.week[a.from] + 1)
	a.most = min(a.most, weeks*m.rules.MostHours.Hours())
	a.from = max(0, a.from-m.rules.MostDays)
	a.to = min(p.days, a.to+1)
	a.unit = a.step
	for m.rules.MostHours.Hours()/a.unit > 48 {
		a.unit *= 2
	}
	a.units = int(m.rules.MostHours.Hours()/a.unit + tiny)
	for d := a.from; d < a.to; d++ {
		a.days = append(a.days, p.askDay(a, d, able))
	}
	size := 0
	for _, day := range a.days {
		size = max(size, (len(day.ends)+1)*(m.rules.MostDays+1)*(a.units+1))
	}
	for range len(a.days) + 1 {
		a.value = append(a.value, make([]float64, size))
		a.back = append(a.back, make([]int64, size))
	}
	return a
}

// steps is the longest length, in hours, of which all lengths are whole numbers: at least a minute.
func (p *problem) steps(able []int, m *member) float64 {
	gcd := 0
	for _, s := range able {
		for _, h := range []float64{p.slots[s].hours(), m.unloved[s]} {
			a, b := gcd, int(math.Round(h*60))
			if math.Abs(h*60-float64(b)) > 1e-6 {
				b = 1
			}
			for b > 0 {
				a, b = b, a%b
			}
			gcd = a
		}
	}
	return float64(max(1, gcd)) / 60
}

// askDay gathers the turns of a day: every set of slots that begin on it, and what is there already, that makes one.
func (p *problem) askDay(a *asked, d int, able []int) askedDay {
	m := a.m
	day := askedDay{week: m.week[d], left: int(max(0, m.rules.MostHours.Hours()-m.had[m.week[d]])/a.unit + tiny)}
	var spans []Span
	var worked []float64 // by group
	for _, s := range able {
		if m.day[s] != d {
			continue
		}
		span := Span{p.slots[s].From, p.slots[s].To}
		g := slices.Index(spans, span)
		if g < 0 {
			g = len(spans)
			spans = append(spans, span)
			day.groups = append(day.groups, nil)
			worked = append(worked, p.slots[s].hours())
		}
		worked[g] = min(worked[g], p.slots[s].hours()) // with the longest breaks, which allows more and never less
		day.groups[g] = append(day.groups[g], s)
	}
	day.pick, day.gain = make([]int, len(spans)), make([]float64, len(spans))
	var add func(first int, t turn, in []int, hours float64)
	add = func(first int, t turn, in []int, hours float64) {
		if t.parts > 0 {
			day.turns = append(day.turns, askedTurn{
				groups: slices.Clone(in), from: int64(t.from), to: int64(t.to), rest: m.rules.MinRest.Milliseconds(),
				units: int(hours/a.unit + tiny), fixed: len(in) == 0,
			})
		}
		for g := first; g < len(spans); g++ {
			if slices.ContainsFunc(in, func(o int) bool { return spans[o].overlaps(spans[g]) }) {
				continue
			}
			if next := t.with(spans[g]); next.to.Sub(next.from) <= m.rules.MostTurn && next.parts <= m.rules.MostParts {
				add(g+1, next, append(in, g), hours+worked[g])
			}
		}
	}
	add(0, m.fixed[d], nil, 0)
	for _, t := range day.turns {
		if at, found := slices.BinarySearch(day.ends, t.to); !found {
			day.ends = slices.Insert(day.ends, at, t.to)
		}
	}
	for i := range day.turns {
		at, _ := slices.BinarySearch(day.ends, day.turns[i].to)
		day.turns[i].end = at + 1
	}
	return day
}

// best is what the best answer costs: less than nothing when they would take something. What they would take stands in chosen.
func (a *asked) best(b *bounder, person int) float64 {
	a.chosen = a.chosen[:0]
	if len(a.days) == 0 {
		return 0
	}
	a.priceUp(b, person)
	runs, units := a.m.rules.MostDays+1, a.units+1
	plane := runs * units
	fill(a.value[0][:plane], math.Inf(1))
	a.value[0][0] = 0
	ends := []int64{}
	for k := range a.days {
		if k > 0 && a.days[k].week != a.days[k-1].week {
			a.newWeek(k, (len(ends)+1)*runs, units)
		}
		a.oneDay(k, ends, runs, units)
		ends = a.days[k].ends
	}
	last := a.value[len(a.days)][:(len(ends)+1)*plane]
	at := 0
	for i, v := range last {
		if v < last[at] {
			at = i
		}
	}
	least := last[at]
	a.trace(at, runs, units)
	return least
}

// priceUp finds, of slots with the same hours, the one worth most.
func (a *asked) priceUp(b *bounder, person int) {
	for k := range a.days {
		day := &a.days[k]
		for g, slots := range day.groups {
			day.gain[g] = math.Inf(1)
			for _, s := range slots {
				cost := (b.at.hours[person] - b.at.slot[s]) * b.length[s]
				if b.soft {
					cost += b.at.rarely[person]*a.m.unloved[s] - a.m.wish[s]
				}
				if cost < day.gain[g] {
					day.pick[g], day.gain[g] = s, cost
				}
			}
		}
	}
}

// newWeek has nobody have worked in it yet: of all hours of the old week, the cheapest. The steps that were used are kept in the way back.
func (a *asked) newWeek(k, rows, units int) {
	v := a.value[k][:rows*units]
	back := a.back[k]
	for r := range rows {
		row := v[r*units : (r+1)*units]
		at := 0
		for u := range row {
			if row[u] < row[at] {
				at = u
			}
		}
		least, from := row[at], back[r*units+at]
		fill(row, math.Inf(1))
		row[0] = least
		back[r*units] = from | int64(at)<<48 // found again by trace
	}
}

// oneDay goes from the states before day k to those after it.
func (a *asked) oneDay(k int, before []int64, runs, units int) {
	plane := runs * units
	day := &a.days[k]
	from, to, back := a.value[k], a.value[k+1][:(len(day.ends)+1)*plane], a.back[k+1]
	fill(to, math.Inf(1))
	off := len(day.turns) == 0 || !day.turns[0].fixed
	if off {
		for e := range len(before) + 1 {
			for i := range plane {
				if v := from[e*plane+i]; v < to[i%units] {
					to[i%units], back[i%units] = v, pack(0, e, i/units)
				}
			}
		}
	}
	for n := range day.turns {
		t := &day.turns[n]
		cost := 0.0
		for _, g := range t.groups {
			cost += day.gain[g]
		}
		for e := range len(before) + 1 {
			if e > 0 && !t.fixed && t.from-before[e-1] < t.rest {
				break // ends are in order
			}
			a.work(from[e*plane:(e+1)*plane], to[t.end*plane:], back[t.end*plane:], t, cost, pack(n+1, e, 0), runs, units, day.left)
		}
	}
}

// work is one turn after one kind of day before.
func (a *asked) work(from, to []float64, back []int64, t *askedTurn, cost float64, way int64, runs, units, left int) {
	for run := range runs {
		next := run + 1
		if next == runs {
			if !t.fixed {
				continue // no more days in a row
			}
			next = run
		}
		for u := 0; u+t.units < units; u++ {
			v := from[run*units+u] + cost
			if math.IsInf(v, 1) || (!t.fixed && u+t.units > left) {
				continue
			}
			if i := next*units + u + t.units; v < to[i] {
				to[i], back[i] = v, way|int64(run)<<40
			}
		}
	}
}

// pack is a way back: the turn, from 1 on, the end of the day before, how many days in a row it was, and above them steps, where a week ended.
func pack(turn, end, run int) int64 { return int64(turn) | int64(end)<<24 | int64(run)<<40 }

// trace walks the way back and notes what was taken.
func (a *asked) trace(at, runs, units int) {
	plane := runs * units
	for k := len(a.days) - 1; k >= 0; k-- {
		way := a.back[k+1][at]
		n, e, run := int(way&0xffffff), int(way>>24&0xffff), int(way>>40&0xff)
		u := at % units
		if k+1 < len(a.days) && a.days[k+1].week != a.days[k].week {
			u = int(way >> 48)
		}
		if n > 0 {
			t := a.days[k].turns[n-1]
			for _, g := range t.groups {
				a.chosen = append(a.chosen, a.days[k].pick[g])
			}
			u -= t.units
		}
		at = e*plane + run*units + u
	}
}

func fill(v []float64, with float64) {
	for i := range v {
		v[i] = with
	}
}
