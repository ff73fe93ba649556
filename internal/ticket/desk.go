package ticket

import (
	"context"
	"strconv"
	"time"

	"goodturn/internal/blob"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/person"
)

// Desk changes tickets. The program builds one, with the hooks of its features in order.
type Desk struct {
	Hooks []Hook
	// Later are hooks that are called at the end of the transaction, when all that happens at once has happened: t is the ticket as
	// it stands then. What they change on tickets is told to them in turn.
	Later []Hook
	// Forget has the features drop what they keep of a ticket that is about to be deleted for good, and of its messages.
	// They give the files that nothing of it needs any more.
	Forget []func(ctx context.Context, tx *db.Tx, ticketID int64) ([]blob.Ref, error)
	// Changed is called after a commit for each ticket that changed, for pages that update by themselves.
	Changed func(Change)
	// OnlyThanks tells of what the requester's side writes on a ticket that is done whether it only says thanks: the ticket stays done
	// then, and Message.OnlyThanks tells the hooks. nil takes nothing for that.
	OnlyThanks func(ctx context.Context, tx *db.Tx, t Ticket, m Draft) (bool, error)
	// Undo is how long Hold keeps an answer that its author may take back; 0 gives it at once.
	Undo time.Duration
	// Queue gives held answers and wakes tickets when their time has come. Required where Undo is not 0 and where tickets
	// are to wake by themselves; see Handlers.
	Queue *job.Queue
}

// Hook lets a feature react to an event in the same transaction. t is the ticket as it is now; m is the
// message for events that made one, else nil. An error undoes the whole transaction. Of a ticket that is set aside
// as suspect only Suspected is told; when it is wanted after all, Created and Messaged are told then.
type Hook func(ctx context.Context, tx *db.Tx, e Event, t Ticket, m *Message) error

// Change says that a ticket has changed, and what decides who may know it.
type Change struct {
	Ticket  Ticket
	What    What
	Version int64 // the id of the event
}

// By is who does something, and why it happens.
type By struct {
	person.Actor
	Cause string // "" when somebody simply did it; else what led to it, such as "mail"
	Rule  int64  // of a rule that does it with the rights of the actor: its id; 0 for none. Cause is its version then

	heard func(Event) // is told of every event that this writes; nil for nobody
}

// CauseStarter is the cause of what somebody does for a newcomer who helps with it: it was on the starter line of easy ones.
const CauseStarter = "stint"

// What names a kind of event.
type What string

// The events. For those that change a value, From and To hold it: names for people to read stay out of the
// spine, ids and codes go in.
const (
	Created         What = "created"
	Messaged        What = "message"         // a public message; To is "in" or "out"
	Noted           What = "note"            // an internal note
	StatusChanged   What = "status"          // From, To: Status
	PriorityChanged What = "priority"        // From, To: Priority
	KindChanged     What = "kind"            // From, To: Kind
	SubjectChanged  What = "subject"         // From, To: text
	TeamChanged     What = "team"            // From, To: team id
	Assigned        What = "assignee"        // From, To: person id or ""
	Tagged          What = "tag"             // From: a tag taken off; To: a tag put on
	Followed        What = "follower"        // From: person id gone; To: person id come
	Related         What = "relation"        // To: ticket id; Cause: kind of relation
	DeliveryFailed  What = "delivery_failed" // To: address; Cause: why, in words
	AnswersMoved    What = "answers_moved"   // To: the address that the requester's answers go to
	LinkRevoked     What = "link_revoked"    // To: person id
	Suspected       What = "suspicion"       // From, To: "suspect", "spam", or "" for wanted
	TakenBack       What = "taken_back"      // an answer before it was given
	LookAsked       What = "look_asked"      // To: person id, or "" for everybody, who is asked to look at a draft
	HandedBack      What = "handed_back"     // To: person id whose draft was looked at
	Trashed         What = "trash"           // To: "trash"; or From: "trash", and it is back; beside it "suspect" or "spam"
	SnoozeChanged   What = "snooze"          // From, To: Snooze.String, "" for awake; Cause: what woke it
	Joined          What = "merged"          // From: the ticket that became part of this one; To: the one that this became part of
	Parted          What = "unmerged"        // the same, undone
	Mentioned       What = "mention"         // To: person id; the message is where
	SplitOff        What = "split"           // From: the ticket that this was part of; To: the one that a part of this became
	Warned          What = "sla_warning"     // To: the promise that is in danger; Cause: the policy's id
	Offer           What = "offer"           // From: person id who was asked and did not take it; To: person id who is asked now
	Overtook        What = "overtook"        // From: how many who waited longer it came before; To: how; Cause: a word why, or ""
	Breached        What = "sla_breach"      // To: the promise that was not kept; Cause: the policy's id
	WorkedSaid      What = "worked"          // To: "yes" or "no", whether it works, by somebody on the requester's side
	FactSet         What = "fact"            // From, To: "label: value", "" for none; see Fact
	HandedOn        What = "handed_on"       // To: person id who handed it on to the desk
	ToldRequester   What = "told"            // To: what the requester reads; From: what it replaces; the message or Cause, an event's id, is what it tells of
	Untold          What = "untold"          // From: what the requester no longer reads; Cause: the id of the event that told it
	NewsPromised    What = "news"            // From, To: by when the requester hears something, in milliseconds; "" for no promise
	NewsLate        What = "news_late"       // To: by when the requester should have heard something
	ChatChanged     What = "live_chat"       // To: "ended" or "line", when a live chat is over or nobody came; Cause: who ended it
	Thanked         What = "thanks"          // somebody said thanks; the message is the one that was taken for that, none for a card
	TermsChanged    What = "sla_terms"       // From, To: the terms that count for its promises; Cause: "sla" or "ola", to whom they are made
)

// Event is one thing that happened to a ticket.
type Event struct {
	ID        int64
	TicketID  int64
	At        clock.Instant
	Actor     string // "person", "system" or "rule"
	PersonID  int64  // 0 unless Actor is "person"
	RuleID    int64  // 0 unless Actor is "rule"; Cause is the rule's version then
	What      What
	FromValue string
	ToValue   string
	Cause     string
	MessageID int64 // 0 for none
}

const eventColumns = `id, ticket_id, at, actor, person_id, rule_id, what, from_value, to_value, cause, message_id`

// record writes an event on the spine, calls the hooks and wakes live pages after the commit.
func (d *Desk) record(ctx context.Context, tx *db.Tx, by By, t Ticket, e Event, m *Message) error {
	_, err := d.recorded(ctx, tx, by, t, e, m)
	return err
}

// recorded is record for who needs the id of the event.
func (d *Desk) recorded(ctx context.Context, tx *db.Tx, by By, t Ticket, e Event, m *Message) (int64, error) {
	e.TicketID, e.At, e.Actor, e.PersonID, e.Cause = t.ID, tx.Now, "person", by.ID, firstOf(e.Cause, by.Cause)
	switch {
	case by.Rule != 0:
		e.Actor, e.PersonID, e.RuleID = "rule", 0, by.Rule
	case by.System:
		e.Actor, e.PersonID = "system", 0
	}
	if m != nil {
		e.MessageID = m.ID
	}
	id, err := db.One[int64](ctx, tx, `INSERT INTO event (ticket_id, at, actor, person_id, rule_id, what, from_value, to_value, cause, message_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`, e.TicketID, e.At, e.Actor, orNull(e.PersonID), orNull(e.RuleID), e.What, e.FromValue, e.ToValue, e.Cause, orNull(e.MessageID))
	if err != nil {
		return id, err
	}
	e.ID = id
	if by.heard != nil {
		by.heard(e)
	}
	if !t.Turn.Doubtful() || e.What == Suspected {
		for _, h := range d.Hooks {
			if err := h(ctx, tx, e, t, m); err != nil {
				return id, err
			}
		}
		d.later(ctx, tx, e, m)
	}
	if d.Changed != nil {
		tx.AfterCommit(func() { d.Changed(Change{Ticket: t, What: e.What, Version: e.ID}) })
	}
	return id, nil
}

// later has the hooks told that wait for the end of the transaction.
func (d *Desk) later(ctx context.Context, tx *db.Tx, e Event, m *Message) {
	if len(d.Later) == 0 {
		return
	}
	tx.BeforeCommit(func() error {
		for _, h := range d.Later {
			t, err := standing(ctx, tx, e.TicketID) // a hook before may have changed it
			if fault.Is(err, fault.KindNotFound) {
				return nil // deleted for good in the same breath
			}
			if err != nil || t.Turn.Doubtful() && e.What != Suspected {
				return err
			}
			if err := h(ctx, tx, e, t, m); err != nil {
				return err
			}
		}
		return nil
	})
}

// standsNote remembers for a transaction how a ticket stood after so many writes.
type standsNote int64

type stands struct {
	writes int
	ticket Ticket
}

// standing gives a ticket as it is now. Of what happened at once all is told one after the other, mostly with nothing in between.
func standing(ctx context.Context, tx *db.Tx, id int64) (Ticket, error) {
	if s, ok := tx.Notes()[standsNote(id)].(stands); ok && s.writes == tx.Writes() {
		return s.ticket, nil
	}
	t, err := Get(ctx, tx, person.System, person.SeeTicket, id)
	if err == nil {
		tx.Notes()[standsNote(id)] = stands{tx.Writes(), t}
	}
	return t, err
}

// Promise writes on the spine what becomes of a ticket's promises about time: Warned, Breached, TermsChanged. They are kept by another
// package; it tells of each once.
func (d *Desk) Promise(ctx context.Context, tx *db.Tx, id int64, what What, from, to, cause string) error {
	t, err := Get(ctx, tx, person.System, person.SeeTicket, id)
	if err != nil {
		return err
	}
	return d.record(ctx, tx, By{Actor: person.System}, t, Event{What: what, FromValue: from, ToValue: to, Cause: cause}, nil)
}

// Overtake writes on the spine that a ticket came before others who had waited longer.
func (d *Desk) Overtake(ctx context.Context, tx *db.Tx, by By, id int64, passed int, how, reason string) error {
	t, err := Get(ctx, tx, person.System, person.SeeTicket, id)
	if err != nil {
		return err
	}
	return d.record(ctx, tx, by, t, Event{What: Overtook, FromValue: strconv.Itoa(passed), ToValue: how, Cause: reason}, nil)
}

// Chat writes on the spine what becomes of a live chat on a ticket, which another package keeps. verb is the right by which it is done:
// ChangeTicket, or WriteOwn of whoever asked.
func (d *Desk) Chat(ctx context.Context, tx *db.Tx, by By, verb person.Verb, id int64, to, cause string) error {
	t, err := takeKept(ctx, tx, by, verb, id)
	if err != nil {
		return err
	}
	return d.record(ctx, tx, by, t, Event{What: ChatChanged, ToValue: to, Cause: cause}, nil)
}

// SetDue keeps on the ticket's row when the next of its promises is due, for lists and filters; 0 for none. It is no event.
func (d *Desk) SetDue(ctx context.Context, tx *db.Tx, id int64, at clock.Instant) error {
	_, err := tx.Exec(ctx, `UPDATE ticket SET due_at = $2 WHERE id = $1 AND due_at <> $2`, id, at)
	return err
}

// take locks and loads a ticket that the actor may change in the way of verb. One that became part of another is
// fault.Conflict: what stands there is not what somebody saw here.
func take(ctx context.Context, tx *db.Tx, by By, verb person.Verb, id int64) (Ticket, error) {
	if err := tx.Lock(ctx, "ticket", id); err != nil {
		return Ticket{}, err
	}
	t, err := Get(ctx, tx, by.Actor, verb, id)
	if err == nil && t.MergedInto != 0 {
		err = fault.Conflict(i18n.M("#{{.Number}} became part of another ticket meanwhile. Nothing was changed.", "Number", id))
	}
	return t, err
}

// takeKept is take for what is said: it goes to the ticket that this one became part of.
func takeKept(ctx context.Context, tx *db.Tx, by By, verb person.Verb, id int64) (Ticket, error) {
	for at := id; ; {
		if err := tx.Lock(ctx, "ticket", at); err != nil {
			return Ticket{}, err
		}
		kept, err := Kept(ctx, tx, at)
		if err != nil {
			return Ticket{}, err
		}
		if kept != at {
			at = kept
			continue
		}
		t, err := Get(ctx, tx, by.Actor, verb, at)
		if fault.Is(err, fault.KindNotFound) {
			err = NotFound(id)
		}
		return t, err
	}
}

// Events lists what happened to a ticket, oldest first.
func Events(ctx context.Context, tx *db.Tx, ticketID int64) ([]Event, error) {
	return db.All[Event](ctx, tx, `SELECT `+eventColumns+` FROM event WHERE ticket_id = $1 ORDER BY id`, ticketID)
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// orNull binds 0 as NULL.
func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
