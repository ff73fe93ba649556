// Package sla keeps promises about time: how soon a ticket is answered for the first time, answered again, solved, and passed on by a
// team.
//
// A Policy says which tickets it is for (a filter; the first in order that holds counts) and what it promises by priority, in working
// time or by the clock on the wall. For each promise of a ticket there is a clock. It runs, rests (pending, on hold, done: as the policy
// says) or has ended, and what it has counted stays when it is given other terms: another priority, team, calendar or policy, a merge, a
// split, a reopening. Every stretch that is over is kept as a Span, so that each due time can be explained (Explain).
//
// Clocks follow the spine of tickets: Keeper.Hook is called at the end of a transaction with what happened. Which terms a ticket has
// stands on the spine itself (ticket.TermsChanged), so that anybody can count again. Warnings and breaches are found by Keeper.Sweep in
// the index of what is due next, never by looking at all clocks, and are events on the spine, once each.
//
// Invariants: all moments are those of transactions (db.Tx.Now) or of messages; used never shrinks but by undoing what brought it; a
// breach is told once and is never taken back; a clock that was missed says so even when it ends before the sweep came by.
//
//	keeper := &sla.Keeper{DB: d, Desk: tickets, Queue: queue, Log: log}
//	tickets.Later = append(tickets.Later, keeper.Hook())
//	id, err := sla.Save(ctx, tx, actor, sla.Policy{Name: "Standard", Active: true, Terms: sla.Terms{Targets: …}})
package sla

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/ticket"
)

// Promise is what is promised.
type Promise string

// The promises.
const (
	FirstAnswer Promise = "first_answer" // from the ticket to the first public answer
	NextAnswer  Promise = "next_answer"  // from a message of the requester's side to the next answer
	Solve       Promise = "solve"        // from the ticket to solved
	InTeam      Promise = "team"         // how long one team may have it: what teams promise each other (an OLA)
)

// Promises lists those of a level.
func Promises(l Level) []Promise {
	if l == BetweenTeams {
		return []Promise{InTeam}
	}
	return []Promise{FirstAnswer, NextAnswer, Solve}
}

// Level is to whom something is promised. Of each level one policy counts for a ticket.
type Level string

// The levels.
const (
	ToRequesters Level = "sla" // a service level agreement
	BetweenTeams Level = "ola" // an operational level agreement
)

// Levels lists them.
func Levels() []Level { return []Level{ToRequesters, BetweenTeams} }

// State is what a clock does.
type State string

// The states.
const (
	Running State = "running"
	Resting State = "resting"
	Ended   State = "ended"
)

// Why a stretch of time was not counted, or what it was counted for; "" is counted as usual.
const (
	WhyPending = "pending"    // the status, and the policy says that it rests then
	WhyHold    = "on_hold"    // the same
	WhyDone    = "done"       // solved or closed
	WhyAside   = "aside"      // in the trash, spam, or part of another ticket
	WhyNone    = "no_promise" // no policy promises anything now
	WhyMerged  = "merged"     // what another ticket had used came with it; its number stands behind a space
	WhySplit   = "split"      // the same, of the ticket that this was part of
	WhyParted  = "parted"     // and went with it again
)

// Clock is one promise of one ticket.
type Clock struct {
	ID         int64
	TicketID   int64
	Promise    Promise
	TeamID     int64 // of InTeam; 0 else
	PolicyID   int64
	Terms      string // which version of the policy counts, and of which calendars: see TermsRef
	State      State
	Why        string // it rests
	Target     int64  // how long is promised, in milliseconds; 0 for nothing
	Used       int64  // what was counted up to Since, in milliseconds
	Since      clock.Instant
	StartedAt  clock.Instant
	DueAt      clock.Instant // 0 while it rests, and for never
	NextAt     clock.Instant // when there is something to tell; 0 for nothing
	Warned     int64         // the shortest warning that was given, in milliseconds before; 0 for none
	EndedAt    clock.Instant
	BreachedAt clock.Instant // 0 for not
	BroughtBy  int64         // the ticket whose merge began it; 0 for none
}

const clockColumns = `id, ticket_id, promise, team_id, policy_id, terms, state, why, target, used, since, started_at, due_at, next_at, warned, ended_at, breached_at, brought_by`

// Outcome is what became of a promise.
type Outcome string

// The outcomes.
const (
	Waiting Outcome = "waiting" // it runs or rests
	Kept    Outcome = "kept"
	Missed  Outcome = "missed" // also while it still runs
	Void    Outcome = "void"   // ended without being needed: solved without an answer
)

// Outcome is what became of it.
func (c Clock) Outcome() Outcome {
	switch {
	case c.BreachedAt != 0:
		return Missed
	case c.State != Ended:
		return Waiting
	case c.Why != "":
		return Void
	}
	return Kept
}

// Left is how much of what was promised is left while it rests.
func (c Clock) Left() time.Duration { return time.Duration(c.Target-c.Used) * time.Millisecond }

// Span is a stretch of a clock's time that is over.
type Span struct {
	ClockID int64
	FromAt  clock.Instant
	UntilAt clock.Instant
	Why     string // it was not counted, or what it was counted for; "" for counted as usual
	Terms   string
	Target  int64 // that was promised then, in milliseconds
	Used    int64 // how much of it was counted, in milliseconds
}

// TermsRef names the terms of a promise: a version of a policy and those of its calendars. As text, on the spine and in clocks, it is
// "policy/version/calendar,calendar"; no calendar is the clock on the wall. "" is no promise.
type TermsRef struct {
	Policy    int64
	Version   int64
	Calendars []int64 // ids of calendar versions
}

// String writes the reference.
func (r TermsRef) String() string {
	if r.Policy == 0 {
		return ""
	}
	all := make([]string, len(r.Calendars))
	for i, id := range r.Calendars {
		all[i] = strconv.FormatInt(id, 10)
	}
	return strconv.FormatInt(r.Policy, 10) + "/" + strconv.FormatInt(r.Version, 10) + "/" + strings.Join(all, ",")
}

// ReadTerms reads what String wrote; anything else is no promise.
func ReadTerms(text string) TermsRef {
	parts := strings.Split(text, "/")
	if len(parts) != 3 {
		return TermsRef{}
	}
	number := func(s string) int64 {
		n, _ := strconv.ParseInt(s, 10, 64)
		return n
	}
	r := TermsRef{Policy: number(parts[0]), Version: number(parts[1])}
	for one := range strings.SplitSeq(parts[2], ",") {
		if id := number(one); id != 0 {
			r.Calendars = append(r.Calendars, id)
		}
	}
	return r
}

// Terms are what a policy promises.
type Terms struct {
	Wall      bool                                  `json:"wall,omitempty"`      // counts by the clock on the wall, else working time
	Calendars []int64                               `json:"calendars,omitempty"` // ids; working time is when any of them is open; none is the desk's standard
	Targets   map[Promise]map[ticket.Priority]int64 `json:"targets"`             // in milliseconds; missing or 0 for nothing
	Warn      []int64                               `json:"warn,omitempty"`      // how long before a promise is due to warn, in milliseconds of the same time
	Rests     map[ticket.Status][]Promise           `json:"rests,omitempty"`     // what does not count while pending, and on hold
}

// Target is how long is promised at a priority, in milliseconds; 0 for nothing.
func (t Terms) Target(p Promise, at ticket.Priority) int64 { return t.Targets[p][at] }

// RestsAt tells whether a promise rests in a status.
func (t Terms) RestsAt(p Promise, s ticket.Status) bool { return slices.Contains(t.Rests[s], p) }

// whyOf parts a reason from the number of the ticket behind it.
func whyOf(text string) (why string, ticketID int64) {
	why, number, _ := strings.Cut(text, " ")
	ticketID, _ = strconv.ParseInt(number, 10, 64)
	return why, ticketID
}
