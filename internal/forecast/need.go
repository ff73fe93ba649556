package forecast

import (
	"math"
	"time"

	"goodturn/internal/clock"
)

// Service is what the desk wants to keep: of all who write, Share are taken up within Within of their writing, or of the desk's opening.
// "Nine of ten within an hour" is {0.9, time.Hour}.
type Service struct {
	Share  float64
	Within time.Duration
}

// Staffing is how the number of people follows from what comes.
//
// The rule, hour by hour: what is expected to come in the hour, and to it what came while the desk was closed, in equal parts over the
// first hours of the day that Within covers. Then the smallest number of people with whom, by Erlang's formula for a line that nobody
// leaves (Erlang C), no more than 1 − Share of those who come wait longer than Within. At least Least whenever the desk is open.
type Staffing struct {
	Service Service
	PerHour float64 // how many conversations one person at the desk gets done in an hour, as the desk as a whole does
	Least   int     // at the desk whenever it is open; 0 counts as 1
	// Open says whether the desk works in the hour that begins at that moment; nil: always.
	Open func(at clock.Instant) bool
}

// Need is how many are needed in an hour.
type Need struct {
	At          clock.Instant
	Open        bool
	Comes, Lies float64 // how many come in the hour, and how many more are there from when the desk was closed
	People      int     // that are needed for that
	// Low and High are how many would be needed if as little or as much came as in nine of ten such hours at least or at most.
	Low, High int
}

// For says how many are needed in each hour. Hours while the desk is closed need nobody; what comes in them is there when it opens.
func (s Staffing) For(hours []Hour) []Need {
	out := make([]Need, len(hours))
	first := max(1, int(math.Ceil(s.Service.Within.Hours())))
	var pile, part [3]float64 // by mean, low and high: what came while closed, and what of it falls on each of the first hours
	left := 0
	for i, h := range hours {
		comes := [3]float64{h.Mean, float64(h.Low), float64(h.High)}
		out[i] = Need{At: h.At, Comes: h.Mean}
		if s.Open != nil && !s.Open(h.At) {
			for k := range pile {
				pile[k] += comes[k]
			}
			pile[1], pile[2] = pile[0], pile[0] // many hours together are nearer to their mean than each
			left = 0
			continue
		}
		if pile[0] > 0 {
			left = first
			for k := range pile {
				part[k], pile[k] = pile[k]/float64(first), 0
			}
		}
		if left == 0 {
			part = [3]float64{}
		}
		left = max(0, left-1)
		out[i].Open, out[i].Lies = true, part[0]
		out[i].People, out[i].Low, out[i].High = s.people(comes[0]+part[0]), s.people(comes[1]+part[1]), s.people(comes[2]+part[2])
	}
	return out
}

// people is how many keep the promise when so many come in an hour.
func (s Staffing) people(load float64) int {
	n := max(1, s.Least)
	if load <= 0 || s.PerHour <= 0 {
		return n
	}
	for n = max(n, int(load/s.PerHour)); n < 10_000; n++ {
		if Late(n, load, s.PerHour, s.Service.Within) <= 1-s.Service.Share+1e-9 {
			break
		}
	}
	return n
}

// Late is the share of those who come that wait longer than the given time, when so many come an hour, people work, and each gets perHour
// done in an hour: Erlang C. It is 1 when more comes than they get done.
func Late(people int, comes, perHour float64, within time.Duration) float64 {
	load := comes / perHour
	if float64(people) <= load {
		return 1
	}
	blocked := 1.0 // Erlang B, from nobody on
	for n := 1; n <= people; n++ {
		blocked = load * blocked / (float64(n) + load*blocked)
	}
	waits := blocked / (1 - load/float64(people)*(1-blocked))
	return waits * math.Exp(-(float64(people)*perHour-comes)*within.Hours())
}

// Worked is an hour of the desk as a whole.
type Worked struct {
	Done    int     // conversations that got done in it
	People  float64 // at the desk, an hour of each
	Waiting bool    // there was more to do all the while
}

// Pace is how many conversations a person at the desk gets done in an hour: of hours in which there was always more to do, since who waits
// for work is not slow. False when there are fewer than forty such hours of people, or thirty conversations: then somebody has to say it.
func Pace(hours []Worked) (float64, bool) {
	done, people := 0, 0.0
	for _, h := range hours {
		if h.Waiting && h.People > 0 {
			done += h.Done
			people += h.People
		}
	}
	if people < 40 || done < 30 {
		return 0, false
	}
	return float64(done) / people, true
}
