package rota

// What a rota costs, in points; a point is an hour within a plain wish:
//
//   - an hour of a seat that stays empty: emptyHour;
//   - an hour within a wish: less its weight; within a wish against: its weight;
//   - hours that are more or fewer than fall to somebody: the square of the difference over 16, so that eight hours are four points and
//     sixteen are sixteen;
//   - unloved hours: the square of what somebody has of them, with what they had of late beyond others, over 16. So the next one costs
//     more the more they have had, which makes them even, and few.
const (
	emptyHour   = 1000.0
	evenHours   = 1.0 / 16
	evenUnloved = 1.0 / 16
)

func (p *problem) emptyCost(s int) float64 {
	return emptyHour * p.slots[s].hours()
}

// soft is what is not even or not wished in what one person has.
func (x *plan) soft(i int) float64 {
	m := x.people[i]
	return m.uneven(x.hours[i]) + m.unfair(x.unloved[i]) - x.wished[i]
}

func (m *member) uneven(hours float64) float64 {
	off := hours - m.target
	return evenHours * off * off
}

func (m *member) unfair(unloved float64) float64 {
	off := m.past + unloved
	return evenUnloved * off * off / m.share
}
