package notice

import (
	"context"

	"goodturn/internal/i18n"
)

// Kind is what somebody is told of.
type Kind string

// The kinds.
const (
	Assigned    Kind = "assigned"    // a ticket was given to them
	Handed      Kind = "handed"      // a ticket was handed over to them because somebody is away
	Offered     Kind = "offered"     // a ticket that nobody took is offered to them
	Chatting    Kind = "live_chat"   // somebody asks for a live chat, and they take those
	Mentioned   Kind = "mentioned"   // somebody wrote @them
	Answered    Kind = "answered"    // the requester wrote on a ticket that they have or follow
	Back        Kind = "back"        // the same on one that was done
	Warned      Kind = "warned"      // a promise on a ticket of theirs, or of nobody's in their team, is in danger
	Breached    Kind = "breached"    // a promise there was not kept
	ByRule      Kind = "rule"        // a rule tells them
	Woke        Kind = "woke"        // a ticket of theirs that slept is back
	Undelivered Kind = "undelivered" // an answer on a ticket of theirs did not arrive
	Failing     Kind = "failing"     // a rule or a chat of theirs fails
	NewsDue     Kind = "news_due"    // news of an outage of theirs is due
	Thanked     Kind = "thanked"     // somebody wrote them a thank-you card
	Threatened  Kind = "threat"      // a message on a ticket that they lead threatens people
	Turn        Kind = "turn"        // a guest beside them, or a turn at the desk that they plan
	Missed      Kind = "missed"      // a reader misses something in an article of theirs
	Cover       Kind = "cover"       // a colleague asks to be covered for a while
	Rota        Kind = "rota"        // their shifts: one changed, a swap, what became of what they asked
	Taken       Kind = "taken"       // a ticket of theirs was given to somebody else, or back
	Replied     Kind = "replied"     // a colleague answered on a ticket that they have or follow
	Noted       Kind = "noted"       // a colleague wrote a note there
)

// Kinds lists them in the order in which they are offered for choosing.
func Kinds() []Kind {
	return []Kind{Assigned, Handed, Offered, Chatting, Mentioned, Answered, Back, Warned, Breached, ByRule, Woke, Undelivered, Failing, NewsDue, Turn, Missed, Threatened, Thanked, Taken, Replied, Noted, Cover, Rota}
}

// Label names a kind for choosing.
func (k Kind) Label(ctx context.Context) string {
	switch k {
	case Assigned:
		return i18n.T(ctx, "A ticket is given to me")
	case Handed:
		return i18n.T(ctx, "A ticket is handed over to me because somebody is away")
	case Offered:
		return i18n.T(ctx, "A ticket that nobody took is offered to me")
	case Chatting:
		return i18n.T(ctx, "Somebody asks for a live chat, and I take those")
	case Cover:
		return i18n.T(ctx, "A colleague asks me to cover for them")
	case Rota:
		return i18n.T(ctx, "My shifts change, or somebody asks me to swap")
	case Taken:
		return i18n.T(ctx, "A ticket of mine is given to somebody else")
	case Mentioned:
		return i18n.T(ctx, "Somebody mentions me")
	case Answered:
		return i18n.T(ctx, "The requester answers on a ticket that I have or follow")
	case Back:
		return i18n.T(ctx, "A ticket of mine that was done comes back")
	case Warned:
		return i18n.T(ctx, "A promise is in danger on a ticket of mine, or of nobody's in my team")
	case Breached:
		return i18n.T(ctx, "A promise is not kept on a ticket of mine, or of nobody's in my team")
	case ByRule:
		return i18n.T(ctx, "A rule tells me")
	case Woke:
		return i18n.T(ctx, "A ticket of mine that slept wakes up")
	case Undelivered:
		return i18n.T(ctx, "An answer on a ticket of mine does not arrive")
	case Failing:
		return i18n.T(ctx, "A rule or a chat of mine fails")
	case NewsDue:
		return i18n.T(ctx, "News is due of an outage that I posted")
	case Turn:
		return i18n.T(ctx, "A guest comes beside me, or something is to be done about a turn at the desk")
	case Missed:
		return i18n.T(ctx, "A reader misses something in an article of mine")
	case Threatened:
		return i18n.T(ctx, "A message threatens people, and I lead the desk")
	case Thanked:
		return i18n.T(ctx, "Somebody writes me a thank-you card")
	case Replied:
		return i18n.T(ctx, "A colleague answers on a ticket that I have or follow")
	}
	return i18n.T(ctx, "A colleague writes a note on a ticket that I have or follow")
}

// Why says why somebody gets a notice of this kind, for the foot of a mail.
func (k Kind) Why(ctx context.Context) string {
	switch k {
	case Assigned, Handed, Woke, Undelivered, Taken:
		return i18n.T(ctx, "You get this because the ticket is or was yours.")
	case Offered:
		return i18n.T(ctx, "You get this because nobody took the ticket, and you are one of those who may.")
	case Chatting:
		return i18n.T(ctx, "You get this because you take live chats.")
	case Mentioned:
		return i18n.T(ctx, "You get this because somebody wrote your name with an @.")
	case Warned, Breached:
		return i18n.T(ctx, "You get this because the ticket is yours, or nobody's in a team of yours.")
	case Threatened:
		return i18n.T(ctx, "You get this because you lead the desk, and a threat must not be borne alone.")
	case ByRule:
		return i18n.T(ctx, "You get this because a rule of the desk names you.")
	case Cover:
		return i18n.T(ctx, "You get this because you are one of those who could cover.")
	case Rota:
		return i18n.T(ctx, "You get this because it is about your shifts, or you plan them.")
	case Failing, NewsDue, Missed, Thanked, Turn:
		return i18n.T(ctx, "You get this because it is yours.")
	}
	return i18n.T(ctx, "You get this because you have the ticket or follow it.")
}
