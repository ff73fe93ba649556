package line

import (
	"math"
	"time"
)

// shift moves the bounds that like waits had: what came later or sooner than told moves them a little, so that each bound holds as often as
// it says, also when the desk changes. It is learnt for a team and for each hour of its day. A bound at level l that held is moved down by
// step × (1 − l), one that did not is moved up by step × l, on the scale of logarithms; so it stands still only where l of the waits are below.
type shift [4]float64

// Steps of learning.
const (
	teamStep = 0.03
	hourStep = 0.08
	farthest = 2.5
)

// soon is added to waits before their logarithm is taken: minutes matter little when there are few.
const soon = float64(3 * time.Minute / time.Millisecond)

func (s *shift) learn(told Bounds, worked int64, step float64) {
	for k, level := range levels {
		if worked <= told[k] {
			s[k] -= step * (1 - level)
		} else {
			s[k] += step * level
		}
		s[k] = max(-farthest, min(farthest, s[k]))
	}
}

// moved gives the bounds as they are told.
func moved(b [4]float64, by ...shift) (out Bounds) {
	for k := range b {
		at := math.Log(b[k] + soon)
		for _, s := range by {
			at += s[k]
		}
		out[k] = tidy(int64(max(0, math.Exp(at)-soon)))
		if k > 0 {
			out[k] = max(out[k], out[k-1])
		}
	}
	return out
}

// tidy rounds a length to what people would say.
func tidy(ms int64) int64 {
	const minute = int64(time.Minute / time.Millisecond)
	step := 60 * minute
	switch {
	case ms < 10*minute:
		step = minute
	case ms < 90*minute:
		step = 5 * minute
	case ms < 4*60*minute:
		step = 15 * minute
	case ms < 12*60*minute:
		step = 30 * minute
	}
	return (ms + step/2) / step * step
}
