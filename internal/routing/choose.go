package routing

import (
	"cmp"
	"slices"

	"goodturn/internal/clock"
)

// candidate is a member of a team with all that decides whether a ticket is given to them.
type candidate struct {
	ID         int64
	LastTurn   int64 // the number of the turn that they had last; 0 for none yet
	Load       int64 // what they have that is our turn, as far as the team may know
	Capacity   int64 // -1 for no limit
	CalendarID int64 // working hours of their own; 0 for the team's
	HoldUntil  clock.Instant
	AwayUntil  clock.Instant // the end of an absence that they are in; 0 for none
	OfferedAt  clock.Instant // when something was last offered to them

	breakUntil clock.Instant // the end of a break that they are in; 0 for none

	opens clock.Instant // 0 when they are at work now; else when they are next, or never
	tags  []string      // languages and skills
}

// never is a moment that does not come.
const never = clock.Instant(1 << 62)

// until is when something can be given to somebody at the earliest, whatever they have to do already: not before now.
func (c candidate) until(now clock.Instant, atWork bool) clock.Instant {
	at := max(now, c.AwayUntil, c.HoldUntil, c.breakUntil)
	if atWork {
		at = max(at, c.opens)
	}
	return at
}

// hasRoom tells that they are below their limit.
func (c candidate) hasRoom() bool { return c.Capacity < 0 || c.Load < c.Capacity }

// eligible are those whom something can be given now.
func eligible(all []candidate, now clock.Instant, atWork bool) (out []candidate) {
	for _, c := range all {
		if c.until(now, atWork) == now && c.hasRoom() {
			out = append(out, c)
		}
	}
	return out
}

// nextMoment is when somebody comes back to whom something can be given, as far as that is known; 0 for nobody of whom that is known.
// Who is here and at the limit is not waited for: that somebody has room again is heard of.
func nextMoment(all []candidate, now clock.Instant, atWork bool) clock.Instant {
	first := never
	for _, c := range all {
		if at := c.until(now, atWork); at > now {
			first = min(first, at)
		}
	}
	if first == never {
		return 0
	}
	return first
}

// wish is what a ticket asks for in those who get it.
type wish struct {
	language string   // of the requester
	tags     []string // of the ticket
	helper   int64    // who helped the requester last; 0 for nobody, or where that does not count
}

// fit is what somebody has of what is asked for.
func (w wish) fit(c candidate) (speaks string, knows []string) {
	if w.language != "" && slices.Contains(c.tags, w.language) {
		speaks = w.language
	}
	for _, t := range w.tags {
		if t != w.language && slices.Contains(c.tags, t) {
			knows = append(knows, t)
		}
	}
	return speaks, knows
}

func (w wish) score(c candidate) int {
	speaks, knows := w.fit(c)
	if speaks == "" {
		return len(knows)
	}
	return len(knows) + 1
}

// choose picks who gets a ticket out of those whom it can be given to, and says why: whoever helped the requester last; else among those
// who have most of what is asked for, by the way of the team. No candidate is no choice.
func choose(way Way, from []candidate, w wish) (candidate, Reason, bool) {
	if len(from) == 0 {
		return candidate{}, Reason{}, false
	}
	if i := slices.IndexFunc(from, func(c candidate) bool { return c.ID == w.helper }); i >= 0 && w.helper != 0 {
		return from[i], Reason{Why: HelpedLast}, true
	}
	best := fitting(from, w)
	chosen := slices.MinFunc(best, func(a, b candidate) int {
		if way == Least {
			if by := cmp.Compare(a.Load, b.Load); by != 0 {
				return by
			}
		}
		return cmp.Or(cmp.Compare(a.LastTurn, b.LastTurn), cmp.Compare(a.ID, b.ID))
	})
	why := Reason{Why: ByTurn}
	if way == Least {
		why = Reason{Why: LeastToDo, Open: chosen.Load}
	}
	if len(best) < len(from) { // what all have decided nothing
		why.Speaks, why.Knows = w.fit(chosen)
	}
	return chosen, why, true
}

// fitting are those who have most of what is asked for: all of them when nobody has anything.
func fitting(from []candidate, w wish) []candidate {
	most := 0
	for _, c := range from {
		most = max(most, w.score(c))
	}
	return slices.DeleteFunc(slices.Clone(from), func(c candidate) bool { return w.score(c) < most })
}
