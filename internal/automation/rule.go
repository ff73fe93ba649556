// Package automation keeps rules and does what they say: when something happens, or has lasted so long, or comes round again; if a
// ticket is as the filter says; then do this.
//
// A rule acts with the rights of its owner, who is whoever saved it last, and sees what they see. Each thing that it does stands on
// the ticket's timeline with the rule's name and why (ticket.By.Rule). It is held in a savepoint: a rule that fails undoes only what
// it did itself, never the change that it reacts to; the failure is kept, shown on the rule's page and told to its owner.
//
// Invariants: rules act in their order, and one with Stop ends it for an event; a rule acts on a ticket at most once in a
// transaction and maxHour times an hour; one rule leads to another at most maxDepth times; what exceeds maxMinute is done later in
// small parts, never lost; what a program wrote leads to no answer; nothing is sent within a transaction; conditions about time
// read an index from where they were, never everything.
//
//	engine := &automation.Engine{DB: d, Desk: tickets, Queue: queue}
//	tickets.Later = append(tickets.Later, engine.Hook())
//	d, err := automation.Parse("when a ticket comes\nif team:network\nthen tag vpn")
package automation

import (
	"goodturn/internal/clock"
)

// Rule is something that the desk does by itself.
type Rule struct {
	ID        int64
	Name      string
	Active    bool
	Position  int64
	OwnerID   int64
	VersionID int64
	Model     string // the ready-made rule that it began as, "" for none
	ChangedAt clock.Instant
	RemovedAt clock.Instant // 0 for one that is there
	TellAt    clock.Instant `db:"told_at"` // when its owner was last told of what went wrong

	Definition Definition `db:"-"`
}

// Definition is what a rule says.
type Definition struct {
	When []When `json:"when"` // one of them is enough
	If   string `json:"if,omitempty"`
	Then []Deed `json:"then"`
	Stop bool   `json:"stop,omitempty"` // no rule after this one acts on the same event
}

// When is one thing that sets a rule going.
type When struct {
	On   On       `json:"on"`
	From []string `json:"from,omitempty"` // of a change: one of these old values, any when empty
	To   []string `json:"to,omitempty"`   // of a change: one of these new values, any when empty
	// For is how long something must have lasted, for conditions about time.
	For Span `json:"for,omitzero"`
	// Every is a recurrence (RFC 5545, RRULE) that begins at Start ("2026-12-07 08:00") in Zone, "" for the desk's.
	Every string `json:"every,omitempty"`
	Start string `json:"start,omitempty"`
	Zone  string `json:"zone,omitempty"`
}

// Span is a length of time.
type Span struct {
	N        int    `json:"n"`
	Unit     Unit   `json:"unit"`
	Working  bool   `json:"working,omitempty"`
	Calendar string `json:"calendar,omitempty"` // of working time: a calendar's name, "" for the desk's standard one
}

// Unit is what a Span counts.
type Unit string

// The units.
const (
	Minutes Unit = "minutes"
	Hours   Unit = "hours"
	Days    Unit = "days"
)

// Units lists them, the shortest first.
func Units() []Unit { return []Unit{Minutes, Hours, Days} }

// On names what sets a rule going.
type On string

// What can set a rule going. Those with old or new values say which.
const (
	Comes           On = "comes"            // a ticket is new
	MessageIn       On = "message_in"       // a message after the first; From: requester, other, program
	MessageOut      On = "message_out"      // the desk answered
	NoteWritten     On = "note"             //
	StatusChanged   On = "status"           // From, To
	PriorityChanged On = "priority"         // From, To
	KindChanged     On = "kind"             // From, To
	TeamChanged     On = "team"             // From, To: short names
	AssigneeChanged On = "assignee"         // From, To: addresses, "nobody"
	SubjectChanged  On = "subject"          //
	TagAdded        On = "tag_added"        // To
	TagRemoved      On = "tag_removed"      // From
	FollowerAdded   On = "follower_added"   //
	FollowerRemoved On = "follower_removed" //
	WasSnoozed      On = "snoozed"          //
	Woke            On = "woke"             // From: time, answer, status, reply
	Merged          On = "merged"           // another ticket became part of it
	Undelivered     On = "undelivered"      // an answer did not arrive
	Warned          On = "sla_warning"      // To: first_answer, next_answer, solve, team
	Breached        On = "sla_breach"       // To: the same

	StatusFor     On = "status_for"     // To: the status; For
	WaitingFor    On = "waiting_for"    // the requester waits for us; For
	UnansweredFor On = "unanswered_for" // nobody answered since it came; For
	CreatedAgo    On = "created_ago"    // For

	Recurs On = "every" // Every, Start, Zone
)

// Timed tells that something has lasted, which no event says.
func (o On) Timed() bool {
	return o == StatusFor || o == WaitingFor || o == UnansweredFor || o == CreatedAgo
}

// Deed is one thing that a rule does.
type Deed struct {
	Do    Do       `json:"do"`
	Value string   `json:"value,omitempty"`
	Text  string   `json:"text,omitempty"` // may have the variables of macros
	To    []string `json:"to,omitempty"`   // Notify: assignee, owner, team, team:network, addresses
	Macro int64    `json:"macro,omitempty"`
	Team  string   `json:"team,omitempty"`
}

// Do names a kind of Deed. What a Deed holds depends on it.
type Do string

// The deeds.
const (
	SetStatus   Do = "status"   // Value
	SetPriority Do = "priority" // Value
	SetKind     Do = "kind"     // Value
	SetSubject  Do = "subject"  // Value
	Assign      Do = "assign"   // Value: an address, "owner", "nobody"
	MoveTo      Do = "move"     // Value: a team's short name
	Tag         Do = "tag"      // Value
	Untag       Do = "untag"    // Value
	Follow      Do = "follow"   // Value: an address, "owner"
	Unfollow    Do = "unfollow" // Value: the same
	Note        Do = "note"     // Text
	Reply       Do = "reply"    // Text or Macro: to the requester, as an automatic mail
	Snooze      Do = "snooze"   // Value: see ticket.SnoozeFor
	Wake        Do = "wake"     //
	Trash       Do = "trash"    //
	Notify      Do = "notify"   // To, Text
	Webhook     Do = "webhook"  // Value: an address that is called
	Create      Do = "create"   // Value: the subject; Text; To: the requester's address; Team. Of recurrences alone
)

// Deeds lists what can be done with a ticket, in the order in which it is offered.
func Deeds() []Do {
	return []Do{SetStatus, SetPriority, SetKind, SetSubject, Assign, MoveTo, Tag, Untag, Follow, Unfollow, Note, Reply, Notify, Snooze, Wake, Webhook, Trash}
}

// Ons lists what can set a rule going, in the order in which it is offered.
func Ons() []On {
	return []On{
		Comes, MessageIn, MessageOut, NoteWritten, StatusChanged, PriorityChanged, KindChanged, TeamChanged, AssigneeChanged, SubjectChanged, TagAdded, TagRemoved,
		FollowerAdded, FollowerRemoved, WasSnoozed, Woke, Merged, Undelivered, Warned, Breached, StatusFor, WaitingFor, UnansweredFor, CreatedAgo, Recurs,
	}
}

// Limits of what one rule holds.
const (
	maxWhen = 10
	maxThen = 20
	maxName = 120 // bytes
	maxText = 20_000
)
