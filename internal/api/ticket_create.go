package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// NewTicket is a ticket to be made.
type NewTicket struct {
	Subject   string   `json:"subject,omitempty" doc:"One line, up to 300 bytes; the start of the text when there is none."`
	Text      string   `json:"text" doc:"What is asked: plain text, up to 1 MB."`
	Requester *Contact `json:"requester,omitempty" doc:"Who asks; with a requester's token nobody else than its person."`
	Team      string   `json:"team,omitempty" doc:"The short name of a team. For staff." example:"network"`
	Mailbox   string   `json:"mailbox,omitempty" doc:"The address through which it is answered. For staff."`
	Priority  string   `json:"priority,omitempty" enum:"low,normal,high,urgent" doc:"For staff; normal when nothing is said."`
	Kind      string   `json:"kind,omitempty" enum:"incident,request,question,problem" doc:"For staff; incident when nothing is said."`
	Assignee  string   `json:"assignee,omitempty" doc:"The address of the one who is to have it. For staff."`
	Tags      []string `json:"tags,omitempty" nullable:"false" doc:"For staff."`
	Channel   string   `json:"channel,omitempty" enum:"api,phone,form,mail,desk,chat" doc:"The way it came. For staff; api when nothing is said."`
}

// Contact is somebody by address.
type Contact struct {
	Email string `json:"email" example:"hana@example.com"`
	Name  string `json:"name,omitempty" doc:"For somebody who is not known yet."`
}

// newTicketFields says where faults of people stand in a NewTicket.
var newTicketFields = map[string]string{"address": "body.requester.email", "name": "body.requester.name", "requester": "body.requester.email"}

type newTicket struct {
	Once
	Body NewTicket
}

func (s *server) createTicket(ctx context.Context, in *newTicket) (*Created[Ticket], error) {
	if err := in.Body.check(); err != nil {
		return nil, err
	}
	at := func(t Ticket) string { return fmt.Sprintf("/api/v1/tickets/%d", t.Number) }
	return create(ctx, s, in.Once, at, func(tx *db.Tx, a person.Actor) (Ticket, error) {
		n, err := in.Body.resolve(ctx, tx, a)
		if err != nil {
			return Ticket{}, err
		}
		t, err := s.Tickets.Create(ctx, tx, ticket.By{Actor: a}, n)
		if err != nil {
			return Ticket{}, err
		}
		return shown(ctx, tx, a, t)
	})
}

// shown is a ticket just made. Its maker is told what is in it, even where they could not look it up.
func shown(ctx context.Context, tx *db.Tx, a person.Actor, t ticket.Ticket) (Ticket, error) {
	v, err := newView(ctx, tx, a, a.Staff(), []int64{t.RequesterID, t.AssigneeID})
	if err != nil {
		return Ticket{}, err
	}
	tags, err := ticket.Tags(ctx, tx, t.ID)
	return v.ticket(t, tags, ""), err
}

// check looks at what needs nobody's rights. A subject that would be cut is refused: what is kept is what
// was sent.
func (n NewTicket) check() error {
	wrong := subjectFault(n.Subject)
	if strings.TrimSpace(n.Text) == "" {
		wrong = append(wrong, fault.F("text", i18n.M("Please write what you need, a few words are enough.")))
	} else if len(n.Text) > ticket.MaxText {
		wrong = append(wrong, fault.F("text", i18n.M("This text is longer than 1 MB. Please attach it as a file.")))
	} else if len(wrong) == 0 && ticket.CleanSubject(n.Subject, n.Text) == "" {
		wrong = append(wrong, fault.F("subject", i18n.M("Please write a subject, a few words are enough.")))
	}
	if n.Requester != nil {
		wrong = append(wrong, nameFault(n.Requester.Name)...)
		if !person.ValidAddress(person.FoldAddress(n.Requester.Email)) {
			wrong = append(wrong, notAnAddress(n.Requester.Email))
		}
	}
	return fault.Check(wrong)
}

// Limits of what is kept on one line, in bytes.
const (
	maxSubject = 300
	maxName    = 120
)

func subjectFault(s string) []fault.Field {
	if len(strings.Join(strings.Fields(s), " ")) > maxSubject {
		return []fault.Field{fault.F("subject", i18n.M("This may have at most {{.Limit}} bytes.", "Limit", maxSubject))}
	}
	return nil
}

func nameFault(s string) []fault.Field {
	if len(strings.Join(strings.Fields(s), " ")) > maxName {
		return []fault.Field{fault.F("name", i18n.M("This may have at most {{.Limit}} bytes.", "Limit", maxName))}
	}
	return nil
}

func notAnAddress(a string) fault.Field {
	return fault.F("address", i18n.M("“{{.Address}}” is not a mail address. One looks like name@example.com.", "Address", a))
}

// resolve finds what a NewTicket names. All that cannot be found is said at once.
func (n NewTicket) resolve(ctx context.Context, tx *db.Tx, a person.Actor) (ticket.New, error) {
	out := ticket.New{
		Subject: n.Subject, Channel: ticket.ByAPI, Kind: ticket.Kind(n.Kind), Priority: ticket.Priority(n.Priority), Tags: n.Tags,
		Message: ticket.Draft{Text: n.Text, Channel: ticket.ByAPI},
	}
	if !person.Can(a, person.CreateForAny, person.Thing{}) {
		return out, n.ownTicket(ctx, tx, a, &out)
	}
	if n.Requester == nil {
		return out, fault.Invalid(fault.F("requester", i18n.M("Please say who asks.")))
	}
	if n.Channel != "" {
		out.Channel, out.Message.Channel = ticket.Channel(n.Channel), ticket.Channel(n.Channel)
	}
	var f finder
	out.Team = f.team(ctx, tx, a, n.Team)
	out.Assignee = f.assignee(ctx, tx, n.Assignee)
	if n.Mailbox != "" {
		m, err := mailboxByAddress(ctx, tx, a, n.Mailbox)
		f.keep(err)
		out.Mailbox = m.id
	}
	if err := f.err(); err != nil {
		return out, err
	}
	p, err := requesterOf(ctx, tx, *n.Requester)
	out.Requester = p.ID
	return out, err
}

// requesterOf finds somebody, or makes them. When another call makes them at the same moment, they are
// found after all.
func requesterOf(ctx context.Context, tx *db.Tx, c Contact) (person.Person, error) {
	p, err := person.FindByAddress(ctx, tx, c.Email)
	if !errors.Is(err, db.ErrNoRow) {
		return p, err
	}
	err = tx.Try(ctx, func() (err error) {
		p, err = person.ByAddress(ctx, tx, person.Contact{Name: c.Name, Address: c.Email})
		return err
	})
	if fault.Is(err, fault.KindInvalid) {
		if found, again := person.FindByAddress(ctx, tx, c.Email); again == nil {
			return found, nil
		}
	}
	return p, err
}

// ownTicket is what a requester's token may make: its own person's ticket.
func (n NewTicket) ownTicket(ctx context.Context, tx *db.Tx, a person.Actor, out *ticket.New) error {
	var theirs []string
	for name, set := range map[string]bool{
		"team": n.Team != "", "mailbox": n.Mailbox != "", "priority": n.Priority != "", "kind": n.Kind != "", "assignee": n.Assignee != "", "tags": len(n.Tags) > 0,
		"channel": n.Channel != "" && n.Channel != string(ticket.ByAPI),
	} {
		if set {
			theirs = append(theirs, name)
		}
	}
	if n.Requester != nil {
		p, err := person.FindByAddress(ctx, tx, n.Requester.Email)
		if err != nil && !errors.Is(err, db.ErrNoRow) {
			return err
		}
		if p.ID != a.ID {
			theirs = append(theirs, "requester")
		}
	}
	if len(theirs) > 0 {
		slices.Sort(theirs)
		return forStaff(theirs...)
	}
	out.Requester = a.ID
	return nil
}

// finder looks up what a call names and collects what cannot be found, so that one answer tells all.
type finder struct {
	wrong []fault.Field
	other error
}

func (f *finder) keep(err error) {
	if x, ok := fault.Of(err); ok && x.Kind == fault.KindInvalid {
		f.wrong = append(f.wrong, x.Fields...)
	} else if err != nil && f.other == nil {
		f.other = err
	}
}

func (f *finder) err() error {
	if f.other != nil {
		return f.other
	}
	return fault.Check(f.wrong)
}

// team gives the id of a team; 0 for no name.
func (f *finder) team(ctx context.Context, tx *db.Tx, a person.Actor, slug string) int64 {
	if slug == "" {
		return 0
	}
	if !findable(slug) {
		slug = strings.ReplaceAll(slug, "\x00", "�")
	}
	t, err := person.TeamBySlug(ctx, tx, a, slug)
	f.keep(err)
	return t.ID
}

// assignee gives the id of the one with that address; 0 for no address.
func (f *finder) assignee(ctx context.Context, tx *db.Tx, address string) int64 {
	if address == "" {
		return 0
	}
	nobody := fault.Invalid(fault.F("assignee", i18n.M("Nobody at the desk has the address “{{.Address}}”.", "Address", address)))
	if !findable(address) {
		f.keep(nobody)
		return 0
	}
	p, err := person.FindByAddress(ctx, tx, address)
	if errors.Is(err, db.ErrNoRow) {
		err = nobody
	}
	f.keep(err)
	return p.ID
}
