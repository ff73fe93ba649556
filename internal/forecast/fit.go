package forecast

import (
	"math"
	"slices"

	"goodturn/internal/clock"
)

// fit learns shape, share of holidays and level, without how much counts scatter.
func (s series) fit() (*Model, error) {
	weeks := min(len(s.y)/week, mostWeeks)
	l := s.learner(weeks)
	if weeks < leastWeeks || l.counted < leastCount {
		return nil, &TooLittle{weeks, leastWeeks, l.counted, leastCount}
	}
	l.startCut()
	for round := range 4 {
		l.profile()
		l.level()
		l.cut(round)
	}
	l.quietDays()
	l.Model.way = bestWay(l.levels)
	return &l.Model, nil
}

// learner is a model that is being made. Its hours are those of the whole weeks that end with the last one known.
type learner struct {
	Model
	weeks   int
	counted int
	raw     []float64 // as they came
	y       []float64 // storms cut
	cells   []int
	quiet   []bool
}

func (s series) learner(weeks int) *learner {
	first := len(s.y) - weeks*week
	l := &learner{
		Model: Model{desk: s.desk, end: s.from + clock.Instant(len(s.y))*hour, holiday: 1, levels: make([]float64, weeks)},
		weeks: weeks, raw: s.y[first:], y: slices.Clone(s.y[first:]), cells: s.cells[first:], quiet: s.quiet[first:],
	}
	for _, n := range l.raw {
		l.counted += int(n)
	}
	for w := range l.levels {
		l.levels[w] = 1
	}
	return l
}

// startCut cuts, before anything is known, the greatest count of each hour of the week to the one after it: that a storm came once is no shape.
func (l *learner) startCut() {
	if l.weeks < 4 {
		return
	}
	most := make([][2]float64, week)
	for i, c := range l.cells {
		switch y := l.raw[i]; {
		case y > most[c][0]:
			most[c] = [2]float64{y, most[c][0]}
		case y > most[c][1]:
			most[c][1] = y
		}
	}
	for i, c := range l.cells {
		l.y[i] = math.Min(l.y[i], most[c][1])
	}
}

// memory is in how many weeks what was seen of the shape weighs half as much, and trust how many weeks of a single hour weigh as much as what
// its day and the like hours of other days say.
const (
	memory = 16.0
	trust  = 4.0
)

// profile learns the shape: of each hour of the week, how much came there against how much that week brought.
func (l *learner) profile() {
	var sum, seen [week]float64
	for i, c := range l.cells {
		if l.quiet[i] {
			continue
		}
		w := i / week
		weight := math.Exp2(-float64(l.weeks-1-w) / memory)
		sum[c] += weight * l.y[i]
		seen[c] += weight * l.levels[w]
	}
	like := likely(sum, seen)
	unit := 0.0 // how much a week at full weight is
	for _, s := range seen {
		unit = math.Max(unit, s)
	}
	unit /= float64(l.weeks)
	total := 0.0
	for c := range l.shape {
		l.shape[c] = (sum[c] + trust*unit*like[c]) / math.Max(seen[c]+trust*unit, 1e-12)
		total += l.shape[c]
	}
	for c := range l.shape {
		l.shape[c] /= math.Max(total, 1e-12)
	}
}

// likely is what the day and the hour say of each hour of the week, if nothing is known of it alone: how much its day has, shared out as hours
// are on days of its kind (Monday to Friday, Saturday, Sunday).
func likely(sum, seen [week]float64) (out [week]float64) {
	kind := [7]int{0, 1, 1, 1, 1, 1, 2}
	var hours, hoursSeen [3][24]float64
	var ofDay [7]float64
	for c := range sum {
		k := kind[c/24]
		hours[k][c%24] += sum[c]
		hoursSeen[k][c%24] += seen[c]
		if seen[c] > 0 {
			ofDay[c/24] += sum[c] / seen[c]
		}
	}
	var all [3]float64
	for k := range hours {
		for i := range hours[k] {
			if hoursSeen[k][i] > 0 {
				hours[k][i] /= hoursSeen[k][i]
			}
			all[k] += hours[k][i]
		}
	}
	for c := range out {
		if k := kind[c/24]; all[k] > 0 {
			out[c] = ofDay[c/24] * hours[k][c%24] / all[k]
		}
	}
	return out
}

// level learns how much each week brought, from its ordinary days.
func (l *learner) level() {
	for w := range l.levels {
		var came, share float64
		for i := w * week; i < (w+1)*week; i++ {
			if !l.quiet[i] {
				came += l.y[i]
				share += l.shape[l.cells[i]]
			}
		}
		switch {
		case share > 0.15:
			l.levels[w] = came / share
		case w > 0:
			l.levels[w] = l.levels[w-1] // all holidays: as the week before
		}
	}
}

// cut takes off storms: what is more than an hour like it can bring by chance, judged by how much most hours scatter.
func (l *learner) cut(round int) {
	var off []float64
	for i, c := range l.cells {
		if mean := l.levels[i/week] * l.shape[c]; mean > 0.5 && !l.quiet[i] {
			off = append(off, math.Abs(l.raw[i]-mean)/math.Sqrt(mean))
		}
	}
	scatter := 1.0
	if len(off) > 20 {
		slices.Sort(off)
		scatter = math.Max(1, 1.4826*off[len(off)/2])
	}
	if round == 0 {
		scatter *= 1.5 // the first shape is a rough one
	}
	for i, c := range l.cells {
		mean := l.levels[i/week] * l.shape[c]
		l.y[i] = math.Min(l.raw[i], mean+4*scatter*math.Sqrt(mean+0.25)+1)
	}
}

// quietDays learns how much of an ordinary hour comes on a holiday. As long as few were seen, it is weighed against a Sunday.
func (l *learner) quietDays() {
	var came, expected, workdays, sunday float64
	for i := range l.y {
		if l.quiet[i] {
			came += l.y[i]
			expected += l.levels[i/week] * l.shape[l.cells[i]]
		}
	}
	for c, s := range l.shape {
		switch c / 24 {
		case 0:
			sunday += s
		case 6:
		default:
			workdays += s / 5
		}
	}
	prior := 1.0
	if workdays > 0 {
		prior = math.Min(1, sunday/workdays)
	}
	day := l.levels[len(l.levels)-1] / 7
	l.holiday = (came + day*prior) / math.Max(expected+day, 1e-12)
}

// way is one of the ways to see the level: with a memory of so many weeks, and with so much of a trend.
type way struct {
	half  float64 // weeks
	trend bool
}

var ways = []way{{4, false}, {2, false}, {1, false}, {10, false}, {4, true}, {10, true}}

// level foretells the level so many weeks after the last of levels.
func (w way) level(levels []float64, ahead int) float64 {
	var sum, weights float64
	at := 0.0 // how long ago the middle of the memory lies
	for i := range levels {
		ago := float64(len(levels) - 1 - i)
		weight := math.Exp2(-ago / w.half)
		sum += weight * levels[i]
		at += weight * ago
		weights += weight
	}
	level := sum / weights
	if !w.trend {
		return level
	}
	growth := math.Max(-0.05, math.Min(0.05, slope(levels)))
	steps := at / weights
	for i, damp := 0, 1.0; i < ahead; i, damp = i+1, damp*0.85 {
		steps += damp
	}
	return level * math.Exp(growth*steps)
}

// slope is by which part the levels of the last twelve weeks grew a week: the middle one of all pairs (Theil and Sen), which one strange week
// does not move.
func slope(levels []float64) float64 {
	levels = levels[max(0, len(levels)-12):]
	var all []float64
	for i := range levels {
		for j := range i {
			if levels[i] > 0 && levels[j] > 0 {
				all = append(all, math.Log(levels[i]/levels[j])/float64(i-j))
			}
		}
	}
	if len(levels) < 6 || len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// bestWay is the way that would have been nearest to the last twenty weeks, one and two weeks ahead. Another than the first has to be better
// by more than a twentieth.
func bestWay(levels []float64) way {
	best, least := ways[0], math.Inf(1)
	if len(levels) < 8 {
		return best
	}
	for i, w := range ways {
		off := 0.0
		for n := max(5, len(levels)-20); n < len(levels); n++ {
			for ahead := 1; ahead <= 2 && n+ahead <= len(levels); ahead++ {
				off += math.Abs(w.level(levels[:n], ahead) - levels[n+ahead-1])
			}
		}
		if i == 0 {
			off *= 0.95
		}
		if off < least {
			best, least = w, off
		}
	}
	return best
}

// quantiles are the numbers below and above which a tenth of the hours lie, if counts have that mean and that much more scatter than chance:
// a negative binomial distribution, or Poisson's.
func quantiles(mean, spread float64) (low, high int) {
	if mean <= 0 {
		return 0, 0
	}
	low = -1
	if mean > 400 { // far from nothing: a bell
		sd := math.Sqrt(mean + spread*mean*mean)
		return max(0, int(math.Round(mean-1.2816*sd))), int(math.Round(mean + 1.2816*sd))
	}
	p, sum := math.Exp(-mean), 0.0
	if spread > 1e-9 {
		p = math.Exp(-math.Log1p(spread*mean) / spread)
	}
	for n := 0; ; n++ {
		sum += p
		if low < 0 && sum >= 0.1 {
			low = n
		}
		if sum >= 0.9 || n > 5000 {
			return max(low, 0), n
		}
		p *= (mean / float64(n+1)) * (1 + spread*float64(n)) / (1 + spread*mean)
	}
}
