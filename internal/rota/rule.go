package rota

// plan is who stands where, with what is looked at again and again kept by person and day.
type plan struct {
	*problem
	in      []int   // by seat: who, or -1
	by      [][]int // by person: their seats
	turns   [][]turn
	worked  [][]float64 // by person and week: hours, with what they have already
	hours   []float64   // by person: in the time that is planned
	unloved []float64
	wished  []float64
	there   [][]bool // by slot and person
	cost    float64
}

func (p *problem) empty() *plan {
	x := &plan{problem: p, in: make([]int, len(p.seats)), by: make([][]int, len(p.people)), unloved: make([]float64, len(p.people)), wished: make([]float64, len(p.people)), hours: make([]float64, len(p.people))}
	for i := range x.in {
		x.in[i] = -1
		x.cost += p.emptyCost(p.seats[i].slot)
	}
	for i, m := range p.people {
		x.turns = append(x.turns, append([]turn{}, m.fixed...))
		x.worked = append(x.worked, append([]float64{}, m.had...))
		x.hours[i] = m.base
		x.cost += x.soft(i)
	}
	for range p.slots {
		x.there = append(x.there, make([]bool, len(p.people)))
	}
	return x
}

// never says why somebody cannot take a slot whatever else is proposed, or "".
func (p *problem) never(m *member, s int) Cause {
	slot := p.slots[s]
	span := Span{slot.From, slot.To}
	team := false
	for _, t := range m.Teams {
		team = team || t == slot.Team
	}
	switch {
	case !team:
		return OtherTeam
	case m.lacks[s] != "":
		return NoSkill
	}
	for _, a := range m.Away {
		if a.overlaps(span) {
			return Absent
		}
	}
	d := m.day[s]
	for _, has := range m.Has {
		if has.overlaps(span) {
			return Works
		}
		if dateIn(has.From, m.Zone)-m.first == d || has.To <= has.From {
			continue
		}
		if rest := max(slot.From.Sub(has.To), has.From.Sub(slot.To)); rest < m.rules.MinRest {
			return ShortRest
		}
	}
	t := m.fixed[d].with(span)
	switch {
	case t.to.Sub(t.from) > m.rules.MostTurn || t.parts > m.rules.MostParts:
		return LongTurn
	case m.had[m.week[d]]+slot.hours() > m.rules.MostHours.Hours()+tiny:
		return FullWeek
	case runOf(m.fixed, d) > m.rules.MostDays:
		return NoDayOff
	}
	return ""
}

const tiny = 1e-9

// runOf is how many days in a row are worked around day d, itself included.
func runOf(turns []turn, d int) int {
	n := 1
	for i := d - 1; i >= 0 && turns[i].parts > 0; i-- {
		n++
	}
	for i := d + 1; i < len(turns) && turns[i].parts > 0; i++ {
		n++
	}
	return n
}

// may says why person i cannot take slot s beside what they have in this plan, or "". It does not ask for what never changes.
func (x *plan) may(i, s int) Cause {
	m, slot := x.people[i], x.slots[s]
	d, span := m.day[s], Span{slot.From, slot.To}
	turns := x.turns[i]
	if turns[d].parts > 0 {
		for _, other := range x.by[i] {
			if o := x.slots[x.seats[other].slot]; m.day[x.seats[other].slot] == d && span.overlaps(Span{o.From, o.To}) {
				return Works
			}
		}
	}
	t := turns[d].with(span)
	for e := d - 1; e >= 0 && e >= d-3; e-- {
		if turns[e].parts > 0 {
			if turns[e].to > t.from {
				return Works
			}
			if t.from.Sub(turns[e].to) < m.rules.MinRest {
				return ShortRest
			}
			break
		}
	}
	for e := d + 1; e < len(turns) && e <= d+3; e++ {
		if turns[e].parts > 0 {
			if turns[e].from < t.to {
				return Works
			}
			if turns[e].from.Sub(t.to) < m.rules.MinRest {
				return ShortRest
			}
			break
		}
	}
	switch {
	case t.to.Sub(t.from) > m.rules.MostTurn || t.parts > m.rules.MostParts:
		return LongTurn
	case x.worked[i][m.week[d]]+slot.hours() > m.rules.MostHours.Hours()+tiny:
		return FullWeek
	case turns[d].parts == 0 && runOf(turns, d) > m.rules.MostDays:
		return NoDayOff
	}
	return ""
}

// give puts person i on a seat that is empty. It asks nothing.
func (x *plan) give(seat, i int) {
	s := x.seats[seat].slot
	m, slot := x.people[i], x.slots[s]
	d, h := m.day[s], slot.hours()
	x.cost -= x.soft(i) + x.emptyCost(s)
	x.in[seat] = i
	x.by[i] = append(x.by[i], seat)
	x.turns[i][d] = x.turns[i][d].with(Span{slot.From, slot.To})
	x.worked[i][m.week[d]] += h
	x.hours[i] += h
	x.unloved[i] += m.unloved[s]
	x.wished[i] += m.wish[s]
	x.there[s][i] = true
	x.cost += x.soft(i)
}

// take empties a seat and says who was there.
func (x *plan) take(seat int) int {
	i, s := x.in[seat], x.seats[seat].slot
	m, slot := x.people[i], x.slots[s]
	d, h := m.day[s], slot.hours()
	x.cost -= x.soft(i)
	x.in[seat] = -1
	left := x.by[i][:0]
	t := m.fixed[d]
	for _, other := range x.by[i] {
		if other == seat {
			continue
		}
		left = append(left, other)
		if o := x.seats[other].slot; m.day[o] == d {
			t = t.with(Span{x.slots[o].From, x.slots[o].To})
		}
	}
	x.by[i] = left
	x.turns[i][d] = t
	x.worked[i][m.week[d]] -= h
	x.hours[i] -= h
	x.unloved[i] -= m.unloved[s]
	x.wished[i] -= m.wish[s]
	x.there[s][i] = false
	x.cost += x.soft(i) + x.emptyCost(s)
	return i
}
