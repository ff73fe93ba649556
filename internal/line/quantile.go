package line

import (
	"math"

	"goodturn/internal/clock"
)

// levels are the parts of all waits that are shorter than each bound of what is told: the outer range holds nine of ten waits, the inner
// one every second.
var levels = [4]float64{0.05, 0.25, 0.75, 0.95}

// Bounds are working milliseconds by level.
type Bounds [4]int64

// Limits of what is learnt from.
const (
	fewest   = 25    // waits, or nothing can be said yet
	fadeDays = 120.0 // after which a wait counts for a third
)

// fresh is how much a wait counts that ended so long before another.
func fresh(ended, last clock.Instant) float64 {
	return math.Exp(-float64(last-ended) / (fadeDays * 86400e3))
}

// bounds are what is told: quantiles of the waits that were alike, at levels that are moved by how often what was told before held. It is
// false when there are too few. alike is on how many waits they stand.
func (k *learnt) bounds(t Traits, arrival bool) (b Bounds, alike float64, ok bool) {
	if k.waits.forest == nil {
		return b, 0, false
	}
	at := [4]float64{}
	for i, level := range levels {
		odds := math.Log(level/(1-level)) + k.shifts[shiftKey{!arrival, wholeTeam}][i] + k.shifts[shiftKey{!arrival, t.Minute / 60}][i]
		at[i] = 1 / (1 + math.Exp(-odds))
		if i > 0 {
			at[i] = max(at[i], at[i-1])
		}
	}
	q, alike := k.waits.quantiles(t, at)
	for i := range b {
		b[i] = tidy(int64(q[i]))
	}
	return b, alike, true
}
