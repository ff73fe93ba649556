package api

import (
	"context"
	"slices"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Message is something said on a ticket.
type Message struct {
	ID          int64            `json:"id"`
	Ticket      int64            `json:"ticket" doc:"The number of the ticket."`
	Seq         int64            `json:"seq" doc:"1, 2, 3 … within the ticket."`
	Internal    bool             `json:"internal" doc:"A note, which only staff see."`
	Inbound     bool             `json:"inbound" doc:"From the requester's side."`
	Automatic   bool             `json:"automatic" doc:"Written by a program."`
	Author      OrNull[Somebody] `json:"author" doc:"null for the desk itself."`
	Channel     string           `json:"channel" example:"mail"`
	Text        string           `json:"text" doc:"What was written, plain."`
	Quoted      string           `json:"quoted" doc:"Quoted history and signature, plain."`
	Attachments []Attachment     `json:"attachments" nullable:"false"`
	CreatedAt   Time             `json:"created_at"`
}

func (v *view) messages(all []ticket.Message, files []ticket.Attachment) []Message {
	of := map[int64][]ticket.Attachment{}
	for _, f := range files {
		of[f.MessageID] = append(of[f.MessageID], f)
	}
	out := make([]Message, len(all))
	for i, m := range all {
		out[i] = v.message(m, of[m.ID])
	}
	return out
}

func (v *view) message(m ticket.Message, files []ticket.Attachment) Message {
	out := Message{
		ID: m.ID, Ticket: m.TicketID, Seq: m.Seq, Internal: m.Internal, Inbound: m.Inbound, Automatic: m.Automatic, Channel: string(m.Channel),
		Text: m.Text, Quoted: m.Quoted, Attachments: []Attachment{}, CreatedAt: Time(m.CreatedAt),
	}
	if m.AuthorID != 0 {
		author := v.somebody(m.AuthorID)
		out.Author.value = &author
	}
	for _, f := range files {
		out.Attachments = append(out.Attachments, attachmentOf(f))
	}
	return out
}

// NewReply is an answer to be given.
type NewReply struct {
	Text   string `json:"text" doc:"Plain text, up to 1 MB."`
	Status string `json:"status,omitempty" enum:"open,pending,on_hold,solved,closed" doc:"What the ticket becomes with it; a new ticket becomes open by itself. For staff."`
}

// NewNote is a note to be written.
type NewNote struct {
	Text string `json:"text" doc:"Plain text, up to 1 MB."`
}

type newReply struct {
	ByNumber
	Once
	Body NewReply
}

type newNote struct {
	ByNumber
	Once
	Body NewNote
}

func (s *server) reply(ctx context.Context, in *newReply) (*Created[Message], error) {
	draft := ticket.Draft{Text: in.Body.Text, Channel: ticket.ByAPI}
	return create(ctx, s, in.Once, nil, func(tx *db.Tx, a person.Actor) (Message, error) {
		by := ticket.By{Actor: a}
		_, staff, err := see(ctx, tx, a, in.Number)
		if err != nil {
			return Message{}, err
		}
		var m ticket.Message
		switch {
		case staff:
			m, err = s.Tickets.Reply(ctx, tx, by, in.Number, draft, ticket.Status(in.Body.Status))
		case in.Body.Status != "":
			err = forStaff("status")
		default:
			m, err = s.Tickets.Answer(ctx, tx, by, in.Number, draft)
		}
		if err != nil {
			return Message{}, err
		}
		return said(ctx, tx, a, staff, m)
	})
}

func (s *server) note(ctx context.Context, in *newNote) (*Created[Message], error) {
	return create(ctx, s, in.Once, nil, func(tx *db.Tx, a person.Actor) (Message, error) {
		m, err := s.Tickets.Note(ctx, tx, ticket.By{Actor: a}, in.Number, ticket.Draft{Text: in.Body.Text, Channel: ticket.ByAPI})
		if err != nil {
			return Message{}, err
		}
		return said(ctx, tx, a, true, m)
	})
}

func said(ctx context.Context, tx *db.Tx, a person.Actor, staff bool, m ticket.Message) (Message, error) {
	v := &view{actor: a, staff: staff}
	var err error
	v.people, err = peopleByID(ctx, tx, []int64{m.AuthorID})
	return v.message(m, nil), err
}

// forStaff refuses fields that a requester cannot set.
func forStaff(fields ...string) error {
	denied := fault.Denied(i18n.M("This token may not set all of these."))
	for _, f := range fields {
		denied.Fields = append(denied.Fields, fault.F(f, i18n.M("Only staff can set this.")))
	}
	return denied
}

// Event is one thing that happened to a ticket.
type Event struct {
	ID      int64            `json:"id"`
	At      Time             `json:"at"`
	Actor   string           `json:"actor" enum:"person,system,rule"`
	Person  OrNull[Somebody] `json:"person" doc:"Who did it; null unless actor is person."`
	What    string           `json:"what" doc:"created, message, note, status, priority, kind, subject, team, assignee, tag, follower, relation, delivery_failed, link_revoked, fact, taken_back, merged, unmerged, split, snooze, trash, suspicion, mention, sla_terms, sla_warning or sla_breach." example:"status"`
	From    *string          `json:"from" doc:"The value before: a code, the short name of a team, an address; null for none." example:"open"`
	To      *string          `json:"to" doc:"The value after." example:"solved"`
	Cause   *string          `json:"cause" doc:"What led to it, when somebody did not simply do it. For staff."`
	Message *int64           `json:"message" doc:"The id of the message that it made."`
}

// peopleOf gives the ids of those whom an event names.
func peopleOf(e ticket.Event) []int64 {
	ids := []int64{e.PersonID}
	switch e.What {
	case ticket.Assigned, ticket.Followed, ticket.LinkRevoked:
		for _, v := range []string{e.FromValue, e.ToValue} {
			if id, err := strconv.ParseInt(v, 10, 64); err == nil {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// public tells whether a requester may know of such an event.
func public(w ticket.What) bool {
	switch w {
	case ticket.Created, ticket.Messaged, ticket.StatusChanged:
		return true
	}
	return false
}

func (v *view) events(all []ticket.Event) []Event {
	out := []Event{}
	told := ticket.StillTold(all)
	for _, e := range all {
		forThem := public(e.What) || slices.ContainsFunc(told, func(t ticket.Event) bool { return t.ID == e.ID })
		if !v.staff && !forThem {
			continue
		}
		x := Event{ID: e.ID, At: Time(e.At), Actor: e.Actor, What: string(e.What), From: v.value(e.What, e.FromValue), To: v.value(e.What, e.ToValue)}
		if e.PersonID != 0 {
			p := v.somebody(e.PersonID)
			x.Person.value = &p
		}
		if v.staff {
			x.Cause = textOrNull(e.Cause)
		}
		if e.MessageID != 0 && (v.staff || e.What != ticket.ToldRequester) {
			x.Message = &e.MessageID
		}
		out = append(out, x)
	}
	return out
}

// value writes what stands on the spine as an id in the way that calls name it.
func (v *view) value(w ticket.What, s string) *string {
	switch w {
	case ticket.Assigned, ticket.Followed, ticket.LinkRevoked:
		id, _ := strconv.ParseInt(s, 10, 64)
		p := v.people[id]
		if p.Address == "" {
			return textOrNull(p.Name)
		}
		return &p.Address
	case ticket.TeamChanged:
		id, _ := strconv.ParseInt(s, 10, 64)
		return textOrNull(v.teams[id])
	}
	return textOrNull(s)
}
