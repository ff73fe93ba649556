// Package rota proposes who takes which shift. It knows no help desk and no store: it is given slots and people, and gives places, what
// stays empty and why, and how far from the best rota the proposal can be at most.
//
// Some rules are kept always (Rules); what people wish for is weighed; unloved hours are shared over time, so that who has had more of them
// of late gets fewer. A turn is all that somebody works of what begins on one day of their own zone; there is at most one a day.
//
//	p, err := rota.Propose(ctx, rota.Input{Slots: slots, People: people, Rules: rota.Usual()}, rota.Options{Seed: 1})
//	p.Places[0].Why.Wished, p.Missing[0].Blocked, p.Gap()
//
// What makes a rota better or worse is counted in points: one point is an hour that lies within a plain wish. An hour that stays empty
// counts so much that nothing else outweighs it (cost.go). Two numbers come of it: what the proposal costs, found by a search that tries
// many small changes (search.go), and a bound that no rota can be below (bound.go).
//
// Invariants: no rule is ever broken by a place that is proposed; the same input and seed give the same proposal, unless the time given cut it
// short, which is said (Proposal.Cut); a bound is never above the cost of any rota that keeps the rules.
package rota

import (
	"time"

	"goodturn/internal/clock"
)

// Slot is a stretch of work that somebody is looked for.
type Slot struct {
	ID       int64
	From, To clock.Instant
	Team     int64
	Need     int           // how many are looked for
	Skills   []string      // that each of them has to have
	Breaks   time.Duration // in it, which is not worked
	Unloved  bool          // nobody likes it, whatever the clock shows: a holiday
}

// hours is how much is worked in it.
func (s Slot) hours() float64 { return s.To.Sub(s.From).Hours() - s.Breaks.Hours() }

// Work is something that somebody works already, with so much of breaks in it.
type Work struct {
	Span
	Breaks time.Duration
}

func (w Work) hours() float64 { return w.To.Sub(w.From).Hours() - w.Breaks.Hours() }

// Span is from a moment to another.
type Span struct{ From, To clock.Instant }

func (s Span) overlaps(o Span) bool { return s.From < o.To && o.From < s.To }

// Wish is when somebody would like to work, or not. Weight is 1 (rather), 2 (gladly) or 3 (very much), and less than nothing where they
// would rather not: -1 to -3.
type Wish struct {
	Span
	Weight int
}

// Person is somebody who may stand in the rota.
type Person struct {
	ID     int64
	Teams  []int64
	Skills []string
	Zone   *time.Location // where they live: it says which day and which week something is, and what is an evening; nil: UTC
	Away   []Span
	Has    []Work // what they work already: before, within and after the time that is planned
	Wishes []Wish
	Share  float64 // of the work, against others: 0.5 is half as much as 1; 0 counts as 1
	// Unloved is how much they have worked of what nobody likes, of late. Somebody new should be given what the others have on the
	// average, and not nothing, or everything falls on them.
	Unloved time.Duration
	Rules   Rules // where they are stricter than, or others than, those of the input: each that is not zero
}

// Rules are kept always.
type Rules struct {
	MostHours time.Duration // in a week, from Monday on; a turn belongs to the week in which it begins
	MinRest   time.Duration // between two turns
	MostDays  int           // one after the other
	MostTurn  time.Duration // from the beginning of a turn to its end, with breaks in it
	MostParts int           // slots that a turn is made of
}

// Usual are the rules that are kept when nothing else is said: 40 hours a week, eleven hours of rest, six days one after the other, ten hours a
// turn of at most three parts. Rest and days are what the Working Time Directive (2003/88/EC, articles 3 and 5) asks for at least.
func Usual() Rules {
	return Rules{MostHours: 40 * time.Hour, MinRest: 11 * time.Hour, MostDays: 6, MostTurn: 10 * time.Hour, MostParts: 3}
}

func (r Rules) or(other Rules) Rules {
	if r.MostHours == 0 {
		r.MostHours = other.MostHours
	}
	if r.MinRest == 0 {
		r.MinRest = other.MinRest
	}
	if r.MostDays == 0 {
		r.MostDays = other.MostDays
	}
	if r.MostTurn == 0 {
		r.MostTurn = other.MostTurn
	}
	if r.MostParts == 0 {
		r.MostParts = other.MostParts
	}
	return r
}

// Liked are the hours of the day that nobody minds, on Monday to Friday; everything else is unloved, in the zone of whoever works it.
type Liked struct{ From, To int }

// Input is what is to be planned.
type Input struct {
	Slots  []Slot
	People []Person
	Rules  Rules // zero ones are as in Usual
	Liked  Liked // zero: 7 to 18
}

// Options say how to look.
type Options struct {
	Seed   uint64
	Budget time.Duration // after which the best that was found is given; 0: ten seconds
	// Effort is how long to look, 1 as usual: twice as much takes twice as long, and may find more; 0 counts as 1.
	Effort float64
	// Progress is told now and then how much is done, from 0 to 1; nil: nobody is told.
	Progress func(done float64)
}

// Place is somebody in a slot, and why.
type Place struct {
	Slot, Person int64
	Why          Why
}

// Why says why somebody stands where they stand.
type Why struct {
	Wished, Unwished time.Duration // how much of it lies in what they wished for, and wished not to
	Rested           time.Duration // since their last turn; 0 when none is known
	Others           int           // how many others might stand there, going by team, skills and leave
	Unloved          time.Duration // how much of it nobody likes, where they live
	FewestUnloved    bool          // of those who might stand there nobody has had fewer unloved hours of late
	UnderShare       bool          // they have no more in this rota than falls to them
}

// Missing is what stays empty of a slot, and why nobody can take it.
type Missing struct {
	Slot    int64
	Seats   int
	Fit     int // how many are in the team and have the skills
	Blocked []Blocked
}

// Blocked says why somebody cannot take a slot.
type Blocked struct {
	Person int64
	Cause  Cause
	// Proposed is that it is so because of what is proposed for them elsewhere, rather than because of what was known before.
	Proposed bool
	Skill    string // the first that they lack
}

// Cause is what keeps somebody from taking a slot.
type Cause string

// The causes, in the order in which they are looked for: the first that holds is told.
const (
	OtherTeam Cause = "team"
	NoSkill   Cause = "skill"
	Absent    Cause = "away"
	Works     Cause = "works" // something else at that time
	LongTurn  Cause = "turn"  // their turn would be longer than a turn may be, or have too many parts
	ShortRest Cause = "rest"
	FullWeek  Cause = "hours"
	NoDayOff  Cause = "days"
)

// Proposal is a rota, and what is known of it.
type Proposal struct {
	Places  []Place
	Missing []Missing
	Filled  time.Duration // hours of all seats that are taken
	Empty   time.Duration // and of those that are not
	// EmptyAtLeast is how many stay empty in every rota that keeps the rules.
	EmptyAtLeast time.Duration
	Cost, Bound  float64 // points; no rota costs less than Bound
	Cut          bool    // the time was over before the search was
}

// Gap is by how many points another rota could be better at most: as many hours of plain wishes.
func (p Proposal) Gap() float64 { return max(0, p.Cost-p.Bound) }
