package rota

import "context"

// polish looks at one person after the other and gives them, out of what they have and what is empty, what is best: the same question that
// the bound asks, answered exactly, which changes many of their slots at once where the search changes one or two.
func (s *search) polish(ctx context.Context) {
	b := s.bounder(emptyHour, true)
	for better, round := true, 0; better && round < 6; round++ {
		better = false
		for i, m := range s.people {
			if ctx.Err() != nil {
				return
			}
			before := s.cost
			s.log = s.log[:0]
			b.at.hours[i] = 2 * evenHours * (s.hours[i] - m.target)
			b.at.rarely[i] = 2 * evenUnloved * (m.past + s.unloved[i]) / m.share
			for len(s.by[i]) > 0 {
				s.clear(s.by[i][0])
			}
			for slot := range s.slots {
				b.at.slot[slot] = -1e6 // taken by others
			}
			for _, seat := range s.empty {
				b.at.slot[s.seats[seat].slot] = emptyHour
			}
			b.asked[i].best(b, i)
			for _, slot := range b.asked[i].chosen {
				s.setIn(slot, i)
			}
			if s.cost < before-tiny {
				better = true
			} else {
				s.undo()
				s.cost = before
			}
		}
	}
}

// setIn puts somebody on an empty seat of a slot, if there is one and they may.
func (s *search) setIn(slot, i int) {
	if !s.could(i, slot) {
		return
	}
	for _, seat := range s.empty {
		if s.seats[seat].slot == slot {
			s.set(seat, i)
			return
		}
	}
}
