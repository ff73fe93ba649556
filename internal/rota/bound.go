package rota

import (
	"context"
	"math"
)

// The bound. That every seat is filled once is taken out of the rules and given a price an hour instead, and so are two sums of everybody,
// of hours and of unloved hours (Lagrangian relaxation). What is left falls apart into one question a person: which of all rotas that keep
// the rules, of this person alone, is worth most at these prices. It is answered exactly, day by day (bound_person.go). Whatever the prices
// are, the sum of the answers is not above what any rota costs, since each rota that keeps the rules is among those that were asked for, and
// what it pays for prices it gets back. The prices are made better step by step, by what was asked for too often and too rarely.

// prices are what an hour costs: of a slot, and of each person.
type prices struct {
	slot          []float64 // by slot: what somebody gets for an hour there
	hours, rarely []float64 // by person: what an hour, and an unloved hour, of them costs
}

func (p *problem) prices() *prices {
	return &prices{make([]float64, len(p.slots)), make([]float64, len(p.people)), make([]float64, len(p.people))}
}

// bounder looks for the best prices. empty is what an hour costs that stays empty; with soft, wishes and evenness count too.
type bounder struct {
	*problem
	empty   float64
	soft    bool
	asked   []*asked
	length  []float64 // by slot: hours
	at      *prices
	missing []float64 // by slot: how many seats nobody asked for
	off     [2][]float64
}

func (p *problem) bounder(empty float64, soft bool) *bounder {
	b := &bounder{problem: p, empty: empty, soft: soft, at: p.prices(), missing: make([]float64, len(p.slots))}
	for _, s := range p.slots {
		b.length = append(b.length, s.hours())
	}
	for _, m := range p.people {
		b.asked = append(b.asked, p.ask(m))
	}
	for k := range b.off {
		b.off[k] = make([]float64, len(p.people))
	}
	return b
}

// bound tries so many prices and gives the best bound. x is a rota, which costs known: prices begin with what its hours cost. enough ends it when
// the bound has come so near.
func (b *bounder) bound(ctx context.Context, x *plan, known float64, tries int, enough float64, progress func(float64)) float64 {
	best, kept := math.Inf(-1), b.prices()
	for start := range 3 {
		b.start(x, start)
		if v := b.value(); v > best {
			best = v
			kept.copy(b.at)
		}
	}
	b.at.copy(kept)
	way := b.prices()
	step, since := 0.5, 0
	for n := range tries {
		if ctx.Err() != nil {
			break
		}
		if n%8 == 0 {
			progress(float64(n) / float64(tries))
		}
		v := b.value()
		if v > best+1e-6*math.Abs(known) {
			step, since = min(1, step*1.05), 0
		} else if since++; since > 20 {
			step, since = step*0.7, 0
			b.at.copy(kept)
			v = b.value()
		}
		if v > best {
			best = v
			kept.copy(b.at)
		}
		if known-best <= enough || step < 1e-3 {
			break
		}
		b.walk(way, step*max(known-v, enough))
	}
	return best
}

// start sets prices to begin with: what an empty hour costs where a seat is empty in x; or everywhere; or, where none is, what an hour more would
// cost whoever stands there and has most to lose.
func (b *bounder) start(x *plan, which int) {
	for s := range b.at.slot {
		b.at.slot[s] = 0
		if which == 1 {
			b.at.slot[s] = b.empty
		}
	}
	if which == 2 && b.soft {
		for i, m := range b.people {
			b.at.hours[i] = 2 * evenHours * (x.hours[i] - m.target)
			b.at.rarely[i] = 2 * evenUnloved * (m.past + x.unloved[i]) / m.share
		}
	}
	for seat, i := range x.in {
		s := b.seats[seat].slot
		switch {
		case i < 0:
			b.at.slot[s] = b.empty
		case which == 2 && b.soft:
			m := b.people[i]
			cost := b.at.hours[i] + (b.at.rarely[i]*m.unloved[s]-m.wish[s])/b.length[s]
			b.at.slot[s] = min(b.empty, max(b.at.slot[s], cost))
		}
	}
}

func (p *prices) copy(of *prices) {
	copy(p.slot, of.slot)
	copy(p.hours, of.hours)
	copy(p.rarely, of.rarely)
}

// walk changes the prices: up where too few asked, down where too many did, together with some of the way of the last steps.
func (b *bounder) walk(way *prices, reach float64) {
	const keep = 0.6
	square := 0.0
	blend := func(way []float64, now func(int) float64) {
		for i := range way {
			way[i] = keep*way[i] + (1-keep)*now(i)
			square += way[i] * way[i]
		}
	}
	blend(way.slot, func(s int) float64 {
		if v := b.missing[s]; v < 0 || b.at.slot[s] < b.empty {
			return v * b.length[s]
		}
		return 0
	})
	if b.soft {
		blend(way.hours, func(i int) float64 { return b.off[0][i] })
		blend(way.rarely, func(i int) float64 { return b.off[1][i] })
	}
	if square == 0 {
		return
	}
	long := reach / square
	for s := range way.slot {
		b.at.slot[s] = min(b.empty, b.at.slot[s]+long*way.slot[s])
	}
	for i := range way.hours {
		b.at.hours[i] += long * way.hours[i]
		b.at.rarely[i] += long * way.rarely[i]
	}
}

// value is the bound at the prices of now. It notes what was asked for too rarely and too often.
func (b *bounder) value() float64 {
	sum := 0.0
	for s, slot := range b.slots {
		b.missing[s] = float64(slot.Need)
		sum += b.at.slot[s] * b.length[s] * float64(slot.Need)
	}
	for i, m := range b.people {
		a := b.asked[i]
		sum += a.best(b, i)
		worked, rarely := m.base, 0.0
		for _, s := range a.chosen {
			b.missing[s]--
			worked += b.length[s]
			rarely += m.unloved[s]
		}
		if !b.soft {
			continue
		}
		v, h := a.least(m.uneven, m.base, b.at.hours[i])
		u, r := a.least(m.unfair, 0, b.at.rarely[i])
		sum += v + u + b.at.hours[i]*m.base
		b.off[0][i], b.off[1][i] = worked-h, rarely-r
	}
	return sum
}

// least is the least of f(x) − price·x, over every x that somebody can have: from so many hours on, in steps of a quarter. It gives x too.
func (a *asked) least(f func(float64) float64, from, price float64) (value, at float64) {
	// f is a parabola, so the least lies at one of the two steps around its vertex, or at an end: it is found by halves.
	low, high := 0, int(math.Ceil(a.most/a.step))
	g := func(k int) float64 { x := from + float64(k)*a.step; return f(x) - price*x }
	for low < high {
		middle := (low + high) / 2
		if g(middle) <= g(middle+1) {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return g(low), from + float64(low)*a.step
}
