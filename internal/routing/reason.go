package routing

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Why is what decided that somebody got a ticket.
type Why string

// What decides. Turn and LeastToDo are the ways of a team, the others stand before them.
const (
	ByTurn     Why = "turn"    // it was their turn
	LeastToDo  Why = "least"   // they had the least to do: Open tickets
	HelpedLast Why = "helped"  // they helped this requester last
	ForAway    Why = "deputy"  // they stand in for Away
	NoHelper   Why = "away"    // nobody has it, because Away is not here
	ByOffer    Why = "offer"   // it was offered to them, and they took it
	Asked      Why = "next"    // they asked for the next ticket
	RouteWas   Why = "route"   // route Route led it to the team
	InRound    Why = "round"   // it is their turn to be asked whether they take it
	ToLeads    Why = "leads"   // nobody of the team took it, so the leads are asked
	RoundEnds  Why = "nobody"  // everybody was asked, and nobody took it
	PassedOn   Why = "passed"  // they were asked and passed it on
	WentBack   Why = "back"    // it went back to the team
	KeptQuiet  Why = "silence" // they were asked and did not answer
)

// Reason says why somebody, or a team, got a ticket. It is kept as the cause of the event on the spine; pages put it into words.
type Reason struct {
	Why    Why
	Open   int64    // what they had to do then
	Speaks string   // the language of the requester that they have, or ""
	Knows  []string // tags of the ticket that they have
	Away   int64    // who was not here, 0 for nobody; with Turn and LeastToDo the ticket came from them
	Route  int64
	Spread bool // it is a hard one, and those are shared out
}

const causePrefix = "routing:"

// Cause writes a reason for the spine: "routing:least open=3 speaks=de", or "route 3".
func (r Reason) Cause() string {
	if r.Why == RouteWas {
		return "route " + strconv.FormatInt(r.Route, 10)
	}
	v := url.Values{}
	if r.Why == LeastToDo {
		v.Set("open", strconv.FormatInt(r.Open, 10))
	}
	if r.Speaks != "" {
		v.Set("speaks", r.Speaks)
	}
	if len(r.Knows) > 0 {
		v.Set("knows", strings.Join(r.Knows, ","))
	}
	if r.Spread {
		v.Set("spread", "1")
	}
	if r.Away != 0 {
		v.Set("for", strconv.FormatInt(r.Away, 10))
	}
	if len(v) == 0 {
		return causePrefix + string(r.Why)
	}
	return causePrefix + string(r.Why) + " " + v.Encode()
}

// ReadReason reads what Cause wrote; false for the cause of anything else.
func ReadReason(cause string) (Reason, bool) {
	if id, ok := strings.CutPrefix(cause, "route "); ok {
		n, err := strconv.ParseInt(id, 10, 64)
		return Reason{Why: RouteWas, Route: n}, err == nil && n > 0
	}
	rest, ok := strings.CutPrefix(cause, causePrefix)
	if !ok {
		return Reason{}, false
	}
	why, more, _ := strings.Cut(rest, " ")
	v, err := url.ParseQuery(more)
	r := Reason{Why: Why(why), Speaks: v.Get("speaks"), Spread: v.Get("spread") != ""}
	if err != nil || !slices.Contains(whys, r.Why) {
		return Reason{}, false
	}
	r.Open, _ = strconv.ParseInt(v.Get("open"), 10, 64)
	r.Away, _ = strconv.ParseInt(v.Get("for"), 10, 64)
	if knows := v.Get("knows"); knows != "" {
		r.Knows = strings.Split(knows, ",")
	}
	return r, true
}

var whys = []Why{ByTurn, LeastToDo, HelpedLast, ForAway, NoHelper, ByOffer, Asked, InRound, ToLeads, RoundEnds, PassedOn, KeptQuiet, WentBack}
