package forecast

import "math"

// Error is how far forecasts would have been off in the past, of hours or of days.
type Error struct {
	// Off is by how much they were off in all, against how much came: 0.3 is thirty of a hundred (WAPE).
	Off float64
	// AsLastWeek is the same for the plain rule that each brings what it brought in the last week known.
	AsLastWeek float64
	// Chance is how far one would have been off who had known every average exactly: nobody can be nearer for long.
	Chance float64
}

// Measured is how far forecasts would have been off. Each week was foretold from nothing but what had come before.
type Measured struct {
	Weeks       int // that were foretold and compared
	Hours, Days Error
	// Held is the share of hours that lay within Low and High, out of the Checked hours for which one or more was foretold: 0.8 is meant, and
	// where few come the range holds more, since counts are whole.
	Held    float64
	Checked int
}

// Backtest foretells every week of the past that can be foretold, so many weeks ahead (1: the week that comes), the last year at most, and
// compares. Weeks is 0 when there was nothing to compare.
func Backtest(h Hours, d Desk, ahead int) Measured {
	s := d.read(h)
	total := len(s.y) / week
	var out Measured
	var hours, days sums
	var seen []scatter
	held := 0
	for w := max(leastWeeks, total-52); w+ahead <= total; w++ {
		known := len(s.y) - (total-w)*week
		m, err := s.first(known).fit()
		if err != nil {
			continue
		}
		m.spread = recent(seen)
		var mean, came, last float64 // of a day
		for k := range week {
			i := known + (ahead-1)*week + k
			x, y, z := m.meanOf(ahead, s.cells[i], s.quiet[i]), s.y[i], s.y[i-ahead*week]
			hours.add(x, y, z)
			if mean, came, last = mean+x, came+y, last+z; k%24 == 23 {
				days.add(mean, came, last)
				mean, came, last = 0, 0, 0
			}
			if len(seen) > 1+ahead && x >= 1 {
				if low, high := quantiles(x, m.spread); y >= float64(low) && y <= float64(high) {
					held++
				}
				out.Checked++
			}
		}
		var next scatter
		next.add(m, s, known)
		seen = append(seen, next)
		out.Weeks++
	}
	out.Hours, out.Days = hours.error(), days.error()
	if out.Checked > 0 {
		out.Held = float64(held) / float64(out.Checked)
	}
	return out
}

// sums gathers errors.
type sums struct{ off, last, chance, came float64 }

func (s *sums) add(mean, came, last float64) {
	s.off += math.Abs(mean - came)
	s.last += math.Abs(last - came)
	s.chance += chanceOff(mean)
	s.came += came
}

func (s *sums) error() Error {
	if s.came == 0 {
		return Error{}
	}
	return Error{s.off / s.came, s.last / s.came, s.chance / s.came}
}

// recent is the scatter of the last weeks that were looked at; each was over when the next was foretold.
func recent(seen []scatter) float64 {
	var sum scatter
	for _, s := range seen[max(0, len(seen)-lookBack):] {
		sum.more, sum.squares = sum.more+s.more, sum.squares+s.squares
	}
	return sum.spread()
}

// chanceOff is how far counts by pure chance lie from their mean, on the average (Crow's formula for Poisson's distribution).
func chanceOff(mean float64) float64 {
	if mean <= 0 {
		return 0
	}
	k := math.Floor(mean)
	lg, _ := math.Lgamma(k + 1)
	return 2 * math.Exp(-mean+(k+1)*math.Log(mean)-lg)
}
