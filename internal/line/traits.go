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
	Again  bool  `json:"g"` // there was an answer before
	Here   int   `json:"t"` // how many of its people are at work
	Mine   int   `json:"k"` // how many tickets these have already, which come first
	Holder int64 `json:"b"` // who has it, by whose hours it is measured; 0 for nobody
}

// Sample is a moment of a wait that is over.
type Sample struct {
	Traits
	Worked int64         // working milliseconds from that moment to the answer
	Ended  clock.Instant // when the answer came
}

// logAge is a length in milliseconds on a scale on which ten minutes more are much at the beginning and little after a day.
func logAge(ms int64) float64 {
	return math.Log1p(float64(ms) / float64(10*time.Minute.Milliseconds()))
}
