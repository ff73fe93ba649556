package rota

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// search looks for a good plan by trying many small changes: somebody is put on a seat; if they may not for what they have nearby, they leave
// that, and who was on the seat, or somebody else, takes it. Changes for the worse are taken too, at first often and then hardly ever
// (simulated annealing); what was best is kept.
type search struct {
	*plan
	r     *rand.Rand
	empty []int // seats
	where []int // by seat: its place in empty, or -1
	log   []change
	best  []int
	least float64
}

type change struct{ seat, person int } // who was there

// anneal tries so many changes. It gives the best plan, and whether it was ended early.
func (p *problem) anneal(ctx context.Context, seed uint64, tries int, progress func(float64)) (best []int, cut bool) {
	s := &search{plan: p.empty(), r: rand.New(rand.NewPCG(seed, 0x707a)), where: make([]int, len(p.seats))}
	for i := range p.seats {
		s.where[i] = i
		s.empty = append(s.empty, i)
	}
	s.fill()
	s.keep()
	const hot, cold = 400.0, 0.03
	heat := hot
	if len(p.seats) == 0 {
		tries = 0
	}
	for n := range tries {
		if n%512 == 0 {
			if ctx.Err() != nil {
				return s.best, true
			}
			heat = hot * math.Pow(cold/hot, float64(n)/float64(tries))
			if n%(512*64) == 0 {
				progress(float64(n) / float64(tries))
			}
		}
		before := s.cost
		s.log = s.log[:0]
		if !s.try() || (s.cost > before && s.r.Float64() >= math.Exp((before-s.cost)/heat)) {
			s.undo()
			s.cost = before
			continue
		}
		if s.cost < s.least-tiny {
			s.keep()
		}
	}
	s.restore(s.best)
	s.fill()
	s.polish(ctx)
	s.fill()
	s.keep()
	return s.best, false
}

func (s *search) keep() {
	s.best = append(s.best[:0], s.in...)
	s.least = s.cost
}

// restore makes the plan what it was.
func (s *search) restore(in []int) {
	for seat, i := range s.in {
		if i >= 0 && in[seat] != i {
			s.clear(seat)
		}
	}
	for seat, i := range in {
		if i >= 0 && s.in[seat] < 0 {
			s.set(seat, i)
		}
	}
}

// fill puts somebody on every empty seat that anybody may take: who costs least.
func (s *search) fill() {
	for _, seat := range slices.Clone(s.empty) {
		slot, who, least := s.seats[seat].slot, -1, math.Inf(1)
		for _, i := range s.able[slot] {
			if s.there[slot][i] || s.may(i, slot) != "" {
				continue
			}
			before := s.cost
			s.give(seat, i)
			if s.cost < least {
				who, least = i, s.cost
			}
			s.take(seat)
			s.cost = before
		}
		if who >= 0 {
			s.set(seat, who)
		}
	}
}

// set and clear do what give and take do, and keep the list of empty seats.
func (s *search) set(seat, i int) {
	s.log = append(s.log, change{seat, -1})
	s.give(seat, i)
	at, last := s.where[seat], s.empty[len(s.empty)-1]
	s.empty[at], s.where[last] = last, at
	s.empty, s.where[seat] = s.empty[:len(s.empty)-1], -1
}

func (s *search) clear(seat int) int {
	i := s.take(seat)
	s.log = append(s.log, change{seat, i})
	s.where[seat] = len(s.empty)
	s.empty = append(s.empty, seat)
	return i
}

func (s *search) undo() {
	log := s.log
	for k := len(log) - 1; k >= 0; k-- {
		if c := log[k]; c.person < 0 {
			s.clear(c.seat)
		} else {
			s.set(c.seat, c.person)
		}
	}
}

// try changes something at random; false if nothing came of it, and it has to be undone.
func (s *search) try() bool {
	seat := s.r.IntN(len(s.seats))
	if len(s.empty) > 0 && s.r.IntN(4) == 0 {
		seat = s.empty[s.r.IntN(len(s.empty))]
	}
	slot := s.seats[seat].slot
	if len(s.able[slot]) == 0 {
		return false
	}
	to := s.able[slot][s.r.IntN(len(s.able[slot]))]
	if s.there[slot][to] {
		return false
	}
	from := -1
	if s.in[seat] >= 0 {
		from = s.clear(seat)
	}
	swap := s.r.IntN(3) == 0
	if why := s.may(to, slot); why == "" && !swap {
		s.set(seat, to)
		return true
	} else if why == "" && len(s.by[to]) == 0 {
		s.set(seat, to)
		return true
	} else if len(s.by[to]) == 0 {
		return false
	}
	left := s.near(to, slot)
	s.clear(left)
	if s.may(to, slot) != "" {
		return false
	}
	s.set(seat, to)
	return s.refill(left, from)
}

// near is a seat of somebody that stands in the way of a slot, most likely: one of the days around, else any.
func (s *search) near(i, slot int) int {
	m := s.people[i]
	first := s.r.IntN(len(s.by[i]))
	if s.r.IntN(4) > 0 {
		for k := range s.by[i] {
			seat := s.by[i][(first+k)%len(s.by[i])]
			if d := m.day[s.seats[seat].slot] - m.day[slot]; d >= -1 && d <= 1 {
				return seat
			}
		}
	}
	return s.by[i][first]
}

// refill gives a seat that was left to whoever lost theirs, or to somebody else, or to nobody.
func (s *search) refill(seat, from int) bool {
	slot := s.seats[seat].slot
	if from >= 0 && s.r.IntN(4) > 0 && s.could(from, slot) {
		s.set(seat, from)
		return true
	}
	able := s.able[slot]
	first := s.r.IntN(len(able))
	for k := range min(len(able), 6) {
		if i := able[(first+k)%len(able)]; s.could(i, slot) {
			s.set(seat, i)
			return true
		}
	}
	return true
}

func (s *search) could(i, slot int) bool {
	return s.people[i].block[slot] == "" && !s.there[slot][i] && s.may(i, slot) == ""
}
