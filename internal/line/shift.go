package line

import "time"

// shift moves the levels at which bounds are read from the waits that were alike, so that each bound holds as often as it says, also when
// the desk changes. It is learnt for a team and for each hour of its day: a bound at level l that held is moved down by step × (1 − l), one
// that did not is moved up by step × l, on the scale of log odds; so it stands still only where l of the waits are below (adaptive conformal
// prediction: Gibbs and Candès, 2021).
type shift [4]float64

// Steps of learning.
const (
	teamStep = 0.04
	hourStep = 0.12
	farthest = 2
)

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
