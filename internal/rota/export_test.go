package rota

// Soft tells tests what the hours and wishes of one person cost when they stand in these slots.
func Soft(in Input) func(person int, slots []int64) float64 {
	p, err := prepare(in)
	if err != nil {
		panic(err)
	}
	return func(person int, slots []int64) float64 {
		x := p.empty()
		for _, id := range slots {
			for seat, s := range p.seats {
				if p.slots[s.slot].ID == id && x.in[seat] < 0 {
					x.give(seat, person)
					break
				}
			}
		}
		return x.soft(person)
	}
}

// EmptyHour is what an hour costs that stays empty.
const EmptyHour = emptyHour
