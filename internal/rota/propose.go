package rota

import (
	"context"
	"math"
	"time"

	"goodturn/internal/clock"
)

// Propose makes a rota. It fails when the input makes no sense, or when ctx is cancelled; that the time of the options is over only ends the
// search.
func Propose(ctx context.Context, in Input, o Options) (Proposal, error) {
	p, err := prepare(in)
	if err != nil {
		return Proposal{}, err
	}
	if o.Budget <= 0 {
		o.Budget = 10 * time.Second
	}
	if o.Effort <= 0 {
		o.Effort = 1
	}
	told := o.Progress
	if told == nil {
		told = func(float64) {}
	}
	// Half of the time at most is for finding, what is left of the whole for the bound.
	over := time.Now().Add(o.Budget)
	finding, stop := context.WithTimeout(ctx, o.Budget/2)
	best, cut := p.anneal(finding, o.Seed, int(o.Effort*float64(p.tries())), func(done float64) { told(0.6 * done) })
	stop()
	x := p.empty()
	for seat, i := range best {
		if i >= 0 {
			x.give(seat, i)
		}
	}
	proving, stop := context.WithDeadline(ctx, over)
	defer stop()
	out := Proposal{Cost: x.cost, Cut: cut}
	p.prove(proving, x, &out, o.Effort, func(done float64) { told(0.6 + 0.4*done) })
	if ctx.Err() != nil {
		return Proposal{}, ctx.Err()
	}
	out.Cut = out.Cut || proving.Err() != nil
	x.tell(&out)
	return out, nil
}

// tries is how many changes are tried: more for more seats, as long as it takes a second or some.
func (p *problem) tries() int {
	return max(100_000, min(4_000_000, 6_000*len(p.seats)))
}

// prove finds the bounds.
func (p *problem) prove(ctx context.Context, x *plan, out *Proposal, effort float64, progress func(float64)) {
	tries := int(effort * 1200)
	step := 0.0
	for seat, i := range x.in {
		if i < 0 {
			out.Empty += p.length(p.seats[seat].slot)
		} else {
			out.Filled += p.length(p.seats[seat].slot)
		}
	}
	if out.Empty > 0 {
		for _, s := range p.slots { // whole seats stay empty
			step = gcd(step, math.Round(s.hours()*60))
		}
		least := p.bounder(1, false).bound(ctx, x, out.Empty.Hours(), tries, 0.01, func(float64) {})
		minutes := math.Ceil(least*60/step-1e-6) * step
		out.EmptyAtLeast = max(0, min(out.Empty, time.Duration(minutes)*time.Minute))
	}
	out.Bound = min(x.cost, p.bounder(emptyHour, true).bound(ctx, x, x.cost, tries, 0.25, progress))
}

func (p *problem) length(s int) time.Duration {
	return p.slots[s].To.Sub(p.slots[s].From) - p.slots[s].Breaks
}

func gcd(a, b float64) float64 {
	for b > 0.5 {
		a, b = b, math.Mod(a, b)
	}
	return a
}

// tell says who stands where and why, and what is missing.
func (x *plan) tell(out *Proposal) {
	missing := make([]int, len(x.slots))
	for seat, i := range x.in {
		s := x.seats[seat].slot
		if i < 0 {
			missing[s]++
			continue
		}
		out.Places = append(out.Places, Place{x.slots[s].ID, x.people[i].ID, x.why(i, s)})
	}
	for s, n := range missing {
		if n > 0 {
			out.Missing = append(out.Missing, x.lacking(s, n))
		}
	}
}

func (x *plan) why(i, s int) Why {
	m, slot := x.people[i], x.slots[s]
	w := Why{Others: len(x.able[s]) - 1, Unloved: inHours(m.unloved[s]), UnderShare: x.hours[i] <= m.target+tiny, FewestUnloved: true}
	for _, o := range x.able[s] {
		if other := x.people[o]; other.Unloved.Hours()/other.share < m.Unloved.Hours()/m.share-tiny {
			w.FewestUnloved = false
		}
	}
	for _, wish := range m.Wishes {
		if span := (Span{slot.From, slot.To}); wish.overlaps(span) {
			part := min(wish.To, slot.To).Sub(max(wish.From, slot.From))
			if wish.Weight > 0 {
				w.Wished += part
			} else if wish.Weight < 0 {
				w.Unwished += part
			}
		}
	}
	var last clock.Instant
	d := m.day[s]
	for e := max(0, d-4); e < d; e++ {
		if t := x.turns[i][e]; t.parts > 0 {
			last = max(last, t.to)
		}
	}
	if last > 0 {
		w.Rested = x.turns[i][d].from.Sub(last)
	}
	return w
}

// lacking says why nobody of all takes what is left of a slot.
func (x *plan) lacking(s, seats int) Missing {
	out := Missing{Slot: x.slots[s].ID, Seats: seats}
	for i, m := range x.people {
		b := Blocked{Person: m.ID, Cause: m.block[s]}
		switch b.Cause {
		case OtherTeam:
		case NoSkill:
			b.Skill = m.lacks[s]
		default:
			out.Fit++
		}
		if b.Cause == "" {
			if x.there[s][i] {
				continue // they stand there, and are not enough
			}
			b.Cause, b.Proposed = x.may(i, s), true
		}
		if b.Cause != "" {
			out.Blocked = append(out.Blocked, b)
		}
	}
	return out
}

func inHours(h float64) time.Duration { return time.Duration(math.Round(h*60)) * time.Minute }
