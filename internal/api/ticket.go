package api

import (
	"context"
	"slices"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Ticket is a ticket as lists show it. What only staff may know is null for requesters.
type Ticket struct {
	Number       int64    `json:"number" example:"1042"`
	Subject      string   `json:"subject"`
	Status       string   `json:"status" enum:"new,open,pending,on_hold,solved,closed"`
	Turn         *string  `json:"turn" doc:"Whose move it is: ours, theirs or hold; snoozed while staff let it sleep; null when it is done." example:"ours"`
	MergedInto   *int64   `json:"merged_into" doc:"The ticket that this one became part of, where its messages are now; null when it is one of its own. For staff." example:"1040"`
	Suspect      *bool    `json:"suspect" doc:"It looks like spam, is set aside, and nobody has judged it yet. For staff."`
	Spam         *bool    `json:"spam" doc:"Somebody judged it to be spam. For staff."`
	Priority     string   `json:"priority" enum:"low,normal,high,urgent"`
	Kind         string   `json:"kind" enum:"incident,request,question,problem"`
	Service      *string  `json:"service" doc:"The short name of the service that was chosen; null for none." example:"vpn"`
	Channel      string   `json:"channel" doc:"The way it came." example:"mail"`
	Requester    Somebody `json:"requester"`
	Team         *string  `json:"team" doc:"The short name of the team. For staff." example:"network"`
	Assignee     *string  `json:"assignee" doc:"The address of the one who has it. For staff." example:"amara@example.com"`
	AssigneeName *string  `json:"assignee_name"`
	Tags         []string `json:"tags" nullable:"false" doc:"For staff."`
	MessageCount *int64   `json:"message_count" doc:"How many, notes included. For staff."`
	LastText     string   `json:"last_text" doc:"The start of the last public message."`
	LastBy       string   `json:"last_by"`
	Snippet      *string  `json:"snippet" doc:"The place where the words were found, when a list was searched."`
	CreatedAt    Time     `json:"created_at"`
	ActivityAt   Time     `json:"activity_at" doc:"The last message or change of status."`
	WaitingSince Time     `json:"waiting_since" doc:"When the requester began to wait for an answer."`
	DueAt        Time     `json:"due_at" doc:"When the next of its promises about time is due; null for none. For staff."`
	AnsweredAt   Time     `json:"answered_at" doc:"The first answer."`
	SolvedAt     Time     `json:"solved_at"`
	ClosedAt     Time     `json:"closed_at"`
}

// Somebody is a person, named.
type Somebody struct {
	ID    int64   `json:"id"`
	Name  string  `json:"name"`
	Email *string `json:"email" doc:"The address of record. Requesters see only their own."`
}

// Conversation is a ticket with all that was said and that happened, oldest first.
type Conversation struct {
	Ticket
	Facts    []Fact    `json:"facts" nullable:"false" doc:"What was asked and answered beside the messages."`
	Messages []Message `json:"messages" nullable:"false"`
	Events   []Event   `json:"events" nullable:"false"`
}

// view knows what one caller may see of tickets, and the names that stand in them.
type view struct {
	actor  person.Actor
	staff  bool // with notes, events and properties
	people map[int64]who
	teams  map[int64]string
	// services are the short names of services.
	services map[int64]string
}

// newView looks up the names of people that tickets, messages or events speak of.
func newView(ctx context.Context, tx *db.Tx, a person.Actor, staff bool, ids []int64) (*view, error) {
	v := &view{actor: a, staff: staff}
	var err error
	if v.people, err = peopleByID(ctx, tx, ids); err != nil {
		return nil, err
	}
	if v.services, err = servicesByID(ctx, tx); err != nil {
		return nil, err
	}
	if staff {
		v.teams, err = teamsByID(ctx, tx, a)
	}
	return v, err
}

func (v *view) somebody(id int64) Somebody {
	p := v.people[id]
	s := Somebody{ID: id, Name: p.Name}
	if v.staff || id == v.actor.ID {
		s.Email = textOrNull(p.Address)
	}
	return s
}

func (v *view) ticket(t ticket.Ticket, tags []string, snippet string) Ticket {
	out := Ticket{
		Number: t.ID, Subject: t.Subject, Status: string(t.Status), Turn: textOrNull(string(t.Turn)), Priority: string(t.Priority), Kind: string(t.Kind),
		Channel: string(t.Channel), Service: textOrNull(v.services[t.ServiceID]), Requester: v.somebody(t.RequesterID), Tags: []string{}, LastText: t.LastText, LastBy: t.LastBy, Snippet: textOrNull(snippet),
		CreatedAt: Time(t.CreatedAt), ActivityAt: Time(t.ActivityAt), WaitingSince: Time(t.WaitingSince), AnsweredAt: Time(t.AnsweredAt),
		SolvedAt: Time(t.SolvedAt), ClosedAt: Time(t.ClosedAt),
	}
	if t.Turn == ticket.Snoozed && !v.staff { // that it sleeps is for staff alone
		out.Turn = textOrNull(string(t.Status.Turn()))
	}
	if t.Turn.Aside() {
		out.Turn = nil
		if !v.staff { // who asked is not told
			out.Turn = textOrNull(string(t.Status.Turn()))
		}
	}
	if v.staff && t.MergedInto != 0 && !slices.Contains(v.actor.Hidden, t.KeptTeamID) {
		out.MergedInto = &t.MergedInto
	}
	assignee := v.people[t.AssigneeID]
	out.AssigneeName = textOrNull(assignee.Name)
	if !v.staff {
		return out
	}
	out.Team, out.Assignee, out.MessageCount = textOrNull(v.teams[t.TeamID]), textOrNull(assignee.Address), &t.Messages
	out.DueAt = Time(t.DueAt)
	suspect, spam := t.Turn == ticket.Suspect, t.Turn == ticket.Spam
	out.Suspect, out.Spam = &suspect, &spam
	if len(tags) > 0 {
		out.Tags = tags
	}
	return out
}

// see finds a ticket and from which side the actor meets it. Staff who may not see it as such may still be
// its requester.
func see(ctx context.Context, tx *db.Tx, a person.Actor, number int64) (t ticket.Ticket, staff bool, err error) {
	if a.Staff() {
		t, err = ticket.Get(ctx, tx, a, person.SeeTicket, number)
		if err == nil || !fault.Is(err, fault.KindDenied) {
			return t, true, err
		}
	}
	t, err = ticket.Get(ctx, tx, a, person.SeeOwn, number)
	if err == nil && t.MergedInto != 0 { // whoever asked is taken to where it is answered
		kept, err := ticket.Kept(ctx, tx, number)
		if err != nil {
			return t, false, err
		}
		if k, err := ticket.Get(ctx, tx, a, person.SeeOwn, kept); err == nil {
			return k, false, nil
		}
	}
	return t, false, err
}

// show is a ticket as it stands, for the answer to a change.
func show(ctx context.Context, tx *db.Tx, a person.Actor, number int64) (Ticket, error) {
	t, staff, err := see(ctx, tx, a, number)
	if err != nil {
		return Ticket{}, err
	}
	v, err := newView(ctx, tx, a, staff, []int64{t.RequesterID, t.AssigneeID})
	if err != nil {
		return Ticket{}, err
	}
	tags, err := ticket.Tags(ctx, tx, number)
	return v.ticket(t, tags, ""), err
}

// ByNumber is the part of a call that names a ticket.
type ByNumber struct {
	Number int64 `path:"number" minimum:"1" doc:"The number of the ticket."`
}

func (s *server) showTicket(ctx context.Context, in *ByNumber) (*bodyOf[Conversation], error) {
	out := &bodyOf[Conversation]{}
	return out, s.read(ctx, func(tx *db.Tx, a person.Actor) error {
		t, staff, err := see(ctx, tx, a, in.Number)
		if err != nil {
			return err
		}
		c, err := converse(ctx, tx, a, staff, t)
		out.Body = c
		return err
	})
}

func converse(ctx context.Context, tx *db.Tx, a person.Actor, staff bool, t ticket.Ticket) (Conversation, error) {
	messages, err := ticket.Messages(ctx, tx, t.ID, staff)
	if err != nil {
		return Conversation{}, err
	}
	events, err := ticket.Events(ctx, tx, t.ID)
	if err != nil {
		return Conversation{}, err
	}
	files, err := ticket.Attachments(ctx, tx, t.ID, staff)
	if err != nil {
		return Conversation{}, err
	}
	ids := []int64{t.RequesterID, t.AssigneeID}
	for _, m := range messages {
		ids = append(ids, m.AuthorID)
	}
	for _, e := range events {
		ids = append(ids, peopleOf(e)...)
	}
	v, err := newView(ctx, tx, a, staff, ids)
	if err != nil {
		return Conversation{}, err
	}
	facts, err := factsOf(ctx, tx, t.ID)
	if err != nil {
		return Conversation{}, err
	}
	tags, err := ticket.Tags(ctx, tx, t.ID)
	return Conversation{Ticket: v.ticket(t, tags, ""), Facts: facts, Messages: v.messages(messages, files), Events: v.events(events)}, err
}

type listTickets struct {
	Q      string `query:"q" doc:"A filter: words, \"phrases\", and fields such as status: assignee: team: tag: created:<7d; OR, brackets and - before what is not to hold." example:"status:open team:network printer"`
	Cursor string `query:"cursor" doc:"next of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (s *server) listTickets(ctx context.Context, in *listTickets) (*bodyOf[Page[Ticket]], error) {
	out := &bodyOf[Page[Ticket]]{}
	return out, s.read(ctx, func(tx *db.Tx, a person.Actor) error {
		if err := checkFilter(in.Q); err != nil {
			return err
		}
		verb := person.SeeOwn
		if a.Staff() {
			verb = person.SeeTicket
		}
		rows, err := ticket.List(ctx, tx, a, verb, ticket.Page{Filter: in.Q, Cursor: in.Cursor, Size: in.Limit})
		if err != nil {
			return err
		}
		ids := make([]int64, 0, 2*len(rows.Items))
		for _, r := range rows.Items {
			ids = append(ids, r.RequesterID, r.AssigneeID)
		}
		v, err := newView(ctx, tx, a, a.Staff(), ids)
		if err != nil {
			return err
		}
		out.Body.Items = make([]Ticket, len(rows.Items))
		for i, r := range rows.Items {
			out.Body.Items[i] = v.ticket(r.Ticket, r.Tags, r.Snippet)
		}
		out.Body.Next = textOrNull(rows.Next)
		return nil
	})
}
