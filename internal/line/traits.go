package line

import (
	"math"
	"time"

	"goodturn/internal/clock"
)

// Traits are what is known of a wait at a moment, and what tells most about how long it will last.
type Traits struct {
	Ahead  int   `json:"a"` // how many come before it
	Held   bool  `json:"h"` // somebody has it
	Rank   int   `json:"r"` // of its priority; 0 is urgent
	Minute int   `json:"m"` // of the team's day
	Day    int   `json:"d"` // of the week; 0 is Sunday
	Open   bool  `json:"o"` // the team is at work
	Opens  int64 `json:"c"` // in how many milliseconds, when it is not
	Age    int64 `json:"w"` // working milliseconds that it has lasted
	Pace   int   `json:"p"` // how many answers the team gave in its last two working hours
	People int   `json:"n"` // how many of its people gave them
	Again  bool  `json:"g"` // there was an answer before
}

// Sample is a moment of a wait that is over.
type Sample struct {
	Traits
	Worked int64         // working milliseconds from that moment to the answer
	Ended  clock.Instant // when the answer came
}

// distance is how unlike two moments are; at 1 they are about as unlike as two neighbouring tickets of one morning.
func (t Traits) distance(o Traits) float64 {
	d := square((math.Log1p(float64(t.Ahead))-math.Log1p(float64(o.Ahead)))/0.35) +
		0.3*square(float64(t.Rank-o.Rank)) +
		square(hours(t.Minute, o.Minute)/1.5) +
		square((logAge(t.Age)-logAge(o.Age))/0.6) +
		0.5*square((math.Log1p(float64(t.Pace))-math.Log1p(float64(o.Pace)))/0.5) +
		0.3*square(float64(t.People-o.People))
	if t.Held != o.Held {
		d += 8
	}
	if t.Open != o.Open {
		d += 4
	}
	if t.Again != o.Again {
		d += 0.5
	}
	return d
}

func logAge(ms int64) float64 {
	return math.Log1p(float64(ms) / float64(10*time.Minute.Milliseconds()))
}

func square(x float64) float64 { return x * x }

// hours is how far two minutes of the day are apart, around midnight too.
func hours(a, b int) float64 {
	d := math.Abs(float64(a - b))
	return min(d, 1440-d) / 60
}
