// Package ticket holds tickets, what is said on them, and the spine: one event row for everything that
// happens to a ticket, written in the same transaction as the change itself.
//
// A capability is a small file: assign.go, solve.go, follow.go. All of them go through Desk, which
// checks the actor's right (person.Can), writes the event, calls the hooks of the features in their
// order, and tells live pages after the commit. Invariants: only this package writes events; a ticket's
// id is the number that people see and never changes; status, is_open and turn change together; messages
// are numbered from 1 without a gap and never deleted; what an actor may not see does not exist for them.
//
//	t, err := desk.Create(ctx, tx, by, ticket.New{Subject: "Printer", Requester: hana.ID, Message: ticket.Draft{Text: "…"}})
//	m, err := desk.Reply(ctx, tx, by, t.ID, ticket.Draft{Text: "Good morning Hana, …"}, ticket.Solved)
package ticket

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Status is where a ticket stands.
type Status string

// The statuses.
const (
	StatusNew Status = "new"     // nobody has answered or taken it
	Open      Status = "open"    // being worked on: our turn
	Pending   Status = "pending" // waits for the requester
	OnHold    Status = "on_hold" // waits for somebody else
	Solved    Status = "solved"  // done as we see it; an answer reopens it
	Closed    Status = "closed"  // done
)

// Statuses lists them in the order of a ticket's life.
func Statuses() []Status { return []Status{StatusNew, Open, Pending, OnHold, Solved, Closed} }

// IsOpen tells whether there is still something to do or to wait for.
func (s Status) IsOpen() bool { return s != Solved && s != Closed }

// Turn is whose move it is.
type Turn string

// The turns.
const (
	Ours   Turn = "ours"
	Theirs Turn = "theirs"
	Hold   Turn = "hold"
	NoTurn Turn = ""
	// Snoozed is a ticket that sleeps: see Snooze.
	Snoozed Turn = "snoozed"
)

// Turn is whose move it is in a status.
func (s Status) Turn() Turn {
	switch s {
	case StatusNew, Open:
		return Ours
	case Pending:
		return Theirs
	case OnHold:
		return Hold
	}
	return NoTurn
}

// Priority is how soon something must be done.
type Priority string

// The priorities.
const (
	Low    Priority = "low"
	Normal Priority = "normal"
	High   Priority = "high"
	Urgent Priority = "urgent"
)

// Priorities lists them from least to most.
func Priorities() []Priority { return []Priority{Low, Normal, High, Urgent} }

// Kind is what sort of ticket it is.
type Kind string

// The kinds.
const (
	Incident Kind = "incident"
	Request  Kind = "request"
	Question Kind = "question"
	Problem  Kind = "problem"
)

// Kinds lists them.
func Kinds() []Kind { return []Kind{Incident, Request, Question, Problem} }

// Channel is the way something came.
type Channel string

// The channels.
const (
	ByMail  Channel = "mail"
	ByForm  Channel = "form"
	ByPhone Channel = "phone"
	ByAPI   Channel = "api"
	ByDesk  Channel = "desk"
	ByChat  Channel = "chat" // a live chat
)

// Ticket is a request for help and all that is kept about it in one row.
type Ticket struct {
	ID             int64 // the number that people see
	Subject        string
	Status         Status
	IsOpen         bool
	Turn           Turn
	Priority       Priority
	Kind           Kind
	Channel        Channel
	TeamID         int64
	AssigneeID     int64 // 0 for nobody
	RequesterID    int64
	OrganisationID int64 // the requester's when the ticket was made; 0 for none
	ServiceID      int64 // the service that was chosen; 0 for none
	MailboxID      int64 // through which it is answered; 0 for the team's first
	LastText       string
	LastBy         string
	Messages       int64         // how many, notes included
	WaitingSince   clock.Instant // when the requester began to wait for us; 0 when they do not
	AnsweredAt     clock.Instant // the first answer; 0 for none yet
	SolvedAt       clock.Instant
	ClosedAt       clock.Instant
	CreatedAt      clock.Instant
	StatusAt       clock.Instant // since when it has its status
	DueAt          clock.Instant // when the next of its promises about time is due; 0 for none
	ActivityAt     clock.Instant // the last message or change of status
	Snooze         string        // what wakes it: "until", "answer", or "" for a ticket that is awake
	SnoozedUntil   clock.Instant // 0 for no moment
	MergedInto     int64         // the ticket that it became part of; 0 for none
	TrashedAt      clock.Instant // when it was thrown away; 0 for not

	KeptTeamID  int64 // the team of the ticket that it became part of; 0 for none
	TeamPrivate bool  // of the team
	Following   bool  // the actor it was loaded for follows it
}

const ticketColumns = `t.id, t.subject, t.status, t.is_open, t.turn, t.priority, t.kind, t.channel, t.team_id, t.assignee_id, t.requester_id,
	t.organisation_id, t.mailbox_id, t.service_id, t.last_text, t.last_by, t.messages, t.waiting_since, t.answered_at, t.solved_at, t.closed_at, t.created_at, t.status_at, t.due_at, t.activity_at, t.snooze, t.snoozed_until, t.merged_into, t.trashed_at,
	(SELECT k.team_id FROM ticket k WHERE k.id = t.merged_into) AS kept_team_id`

// Thing is the ticket as the permission check sees it.
func (t Ticket) Thing() person.Thing {
	return person.Thing{TicketID: t.ID, TeamID: t.TeamID, TeamPrivate: t.TeamPrivate, RequesterID: t.RequesterID, OrganisationID: t.OrganisationID, Following: t.Following}
}

// Get gives a ticket that the actor may see in the way of verb (person.SeeTicket, person.SeeOwn, …). One
// that they may not see is not found.
func Get(ctx context.Context, tx *db.Tx, a person.Actor, verb person.Verb, id int64) (Ticket, error) {
	t, err := db.One[Ticket](ctx, tx, `SELECT `+ticketColumns+`, m.private AS team_private,
		EXISTS (SELECT 1 FROM follower f WHERE f.ticket_id = t.id AND f.person_id = $2) AS following
		FROM ticket t JOIN team m ON m.id = t.team_id WHERE t.id = $1`, id, a.ID)
	if errors.Is(err, db.ErrNoRow) {
		return t, NotFound(id)
	}
	if err != nil {
		return t, err
	}
	if person.Can(a, verb, t.Thing()) {
		if verb == person.SeeOwn && t.TrashedAt != 0 && !a.System {
			return Ticket{}, fault.NotFound(i18n.M("Request {{.Number}} was removed by the desk. If you still need it, answer one of its mails, or write again.", "Number", id))
		}
		return t, nil
	}
	if person.Can(a, person.SeeTicket, t.Thing()) || person.Can(a, person.SeeOwn, t.Thing()) {
		return t, fault.Denied(i18n.M("You may look at this ticket, but not do that."))
	}
	return Ticket{}, NotFound(id)
}

// NotFound says that there is no such ticket, as far as the asker may know.
func NotFound(id int64) error {
	return fault.NotFound(i18n.M("There is no ticket {{.Number}}.", "Number", id))
}

// maxSubject is the longest subject kept, in bytes.
const maxSubject = 300

// CleanSubject makes one line of a subject; an empty one becomes the start of the text.
func CleanSubject(subject, text string) string {
	if subject = oneLine(subject, maxSubject); subject == "" {
		subject = oneLine(text, 80)
	}
	return subject
}

// oneLine folds white space and cuts at limit bytes, between runes, with an ellipsis.
func oneLine(s string, limit int) string {
	if len(s) > 4*limit+1000 {
		s = s[:4*limit+1000]
	}
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return ' '
		}
		return r
	}, s)), " ")
	if len(s) <= limit {
		return s
	}
	s = s[:limit-3]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s + "…"
}

func known[T ~string](all []T, v T) bool { return slices.Contains(all, v) }
