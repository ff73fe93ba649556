package line

import (
	"cmp"
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
	fewest   = 25    // waits, or nothing can be said yet
	fadeDays = 120.0 // after which a wait counts for a third
)

// alike is on how many waits each bound stands, at least: the far end of a distribution is known only from many.
var alike = [4]float64{80, 80, 110, 250}

// weighed is a wait with how much it says about another.
type weighed struct {
	worked, far, fade, weight float64
}

// estimate gives the bounds that such waits had: quantiles of those that are most alike, of which the newest count most, at levels that are
// moved by how often what was told before held. It is false when there are too few. enough is on how many waits alike the inner range stands.
func estimate(all []Sample, t Traits, now clock.Instant, by ...shift) (b Bounds, enough float64, ok bool) {
	if len(all) < fewest {
		return b, 0, false
	}
	near := make([]weighed, len(all))
	for i, s := range all {
		near[i] = weighed{float64(s.Worked), t.distance(s.Traits), math.Exp(-float64(now-s.Ended) / (fadeDays * 86400e3)), 0}
	}
	slices.SortFunc(near, func(a, b weighed) int { return cmp.Compare(a.worked, b.worked) })
	wide := 1.0
	for k, level := range levels {
		n := 0.0
		for ; ; wide *= 1.5 {
			if n = weigh(near, wide); n >= alike[k] || wide > 60 {
				break
			}
		}
		if k == 1 {
			enough = n
		}
		at := math.Log(level / (1 - level))
		for _, s := range by {
			at += s[k]
		}
		b[k] = tidy(int64(quantile(near, 1/(1+math.Exp(-at)))))
		if k > 0 {
			b[k] = max(b[k], b[k-1])
		}
	}
	return b, enough, true
}

// weigh sets the weights, for a neighbourhood that is so wide, and tells how many waits they amount to.
func weigh(near []weighed, wide float64) float64 {
	sum, squares := 0.0, 0.0
	for i := range near {
		w := math.Exp(-near[i].far/(2*wide)) * near[i].fade
		near[i].weight = w
		sum, squares = sum+w, squares+w*w
	}
	if squares == 0 {
		return 0
	}
	return sum * sum / squares
}

// quantile is below which the given part of the weight lies; near is sorted.
func quantile(near []weighed, level float64) float64 {
	sum := 0.0
	for _, x := range near {
		sum += x.weight
	}
	below := 0.0
	for _, x := range near {
		if below += x.weight; below >= level*sum {
			return x.worked
		}
	}
	return near[len(near)-1].worked
}
