package line

import (
	"math"
	"slices"

	"goodturn/internal/clock"
)

// levels are the parts of all waits that are shorter than each bound of what is told: the outer range holds nine of ten waits, the inner
// one every second.
var levels = [4]float64{0.05, 0.25, 0.75, 0.95}

// Bounds are working milliseconds by level.
type Bounds [4]int64

// Limits of what is learnt from.
const (
	fewest   = 25   // waits, or nothing can be said yet
	like     = 45.0 // as many alike as a range stands on, at least
	fadeDays = 45.0 // after which a wait counts for a third
)

// estimate gives the bounds that such waits had: quantiles of those that are most alike, of which the newest count most. It is false when
// there are too few. enough is how many waits alike it stands on.
func estimate(all []Sample, t Traits, now clock.Instant) (b [4]float64, enough float64, ok bool) {
	if len(all) < fewest {
		return b, 0, false
	}
	type weighed struct {
		worked float64
		far    float64
		fade   float64
		weight float64
	}
	near := make([]weighed, len(all))
	for i, s := range all {
		near[i] = weighed{float64(s.Worked), t.distance(s.Traits), math.Exp(-float64(now-s.Ended) / (fadeDays * 86400e3)), 0}
	}
	for wide := 1.0; ; wide *= 1.6 {
		sum, squares := 0.0, 0.0
		for i := range near {
			w := math.Exp(-near[i].far/(2*wide)) * near[i].fade
			near[i].weight = w
			sum, squares = sum+w, squares+w*w
		}
		if squares > 0 {
			enough = sum * sum / squares
		}
		if enough >= like || wide > 60 {
			break
		}
	}
	slices.SortFunc(near, func(a, b weighed) int {
		switch {
		case a.worked < b.worked:
			return -1
		case a.worked > b.worked:
			return 1
		}
		return 0
	})
	sum := 0.0
	for _, x := range near {
		sum += x.weight
	}
	for k, level := range levels {
		below := 0.0
		for i, x := range near {
			if below+x.weight >= level*sum || i == len(near)-1 {
				b[k] = x.worked
				break
			}
			below += x.weight
		}
	}
	return b, enough, true
}
