package demodata

import (
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"time"
)

const longestDays = 30 // working days: six weeks

// Expand gives every hand-written thread and its variations: other people with the same kind of trouble, other places, devices, wordings, agents and
// days; about the same time of day, since many a story speaks of it. Oldest first; the same seed gives the same threads.
func Expand(seed uint64) []Thread {
	d := loaded()
	rng := rand.New(rand.NewPCG(seed, 0x676f6f647475726e)) // a story needs no secrecy
	list := slices.Clone(d.threads)
	for _, s := range d.stories {
		for _, v := range s.variants {
			list = append(list, d.vary(s, v, rng))
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].Age > list[j].Age })
	return list
}

func (d *desk) vary(s story, v variant, rng *rand.Rand) Thread {
	mine := variant{}
	for name, value := range v {
		mine[name] = value
	}
	if mine["a"] == "" {
		mine["a"] = d.otherAgent(s, mine["who"], rng)
	}
	var length time.Duration
	for _, b := range s.steps {
		length += b.after
	}
	switch {
	case s.head["status"] == "solved":
		s.days = someDay(rng)
	case s.days > 0:
		s.days = max(1, s.days+rng.IntN(5)-2)
	default:
		s.age = length + 10*time.Minute + time.Duration(rng.IntN(300))*time.Minute
	}
	if s.clock == 0 {
		s.clock = nominalClock - s.age
	}
	s.clock += time.Duration(rng.IntN(25)-12) * time.Minute
	for s.days > 0 {
		s.age = nominalAge(s.days, s.clock)
		thread := d.mustTell(s, mine, rng)
		if thread.fits(d.byKey) {
			return thread
		}
		s.days++
	}
	return d.mustTell(s, mine, rng)
}

func (d *desk) mustTell(s story, v variant, rng *rand.Rand) Thread {
	thread, err := d.tell(s, v, rng)
	if err != nil {
		panic("demodata: " + s.subject + ": " + err.Error())
	}
	return thread
}

// someDay favours the days just past: half of the tickets fall into the last ten working days.
func someDay(rng *rand.Rand) int {
	return 1 + int(math.Pow(rng.Float64(), 1.6)*(longestDays-1))
}

// otherAgent finds somebody of the team where the story ends who speaks its language and has no other part in it; from the requester's own office
// if there is one, as many an answer ends with a walk to the desk.
func (d *desk) otherAgent(s story, who string, rng *rand.Rand) string {
	named, team := map[string]bool{}, s.head["team"]
	for _, b := range s.steps {
		named[b.by] = true
		for _, it := range slices.Concat(b.before, b.behind) {
			named[it.value] = true
			if it.what == Moved {
				team = it.value
			}
		}
	}
	var fit, near []string
	for _, p := range d.people {
		if p.Role != Agent || named[p.Key] || !slices.Contains(p.Teams, team) {
			continue
		}
		if s.head["lang"] == "de" && p.Language != "de" {
			continue
		}
		fit = append(fit, p.Key)
		if p.Zone == d.byKey[who].Zone {
			near = append(near, p.Key)
		}
	}
	if len(near) > 0 {
		fit = near
	}
	if len(fit) == 0 {
		return s.head["agent"]
	}
	return fit[rng.IntN(len(fit))]
}
