package api

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// TicketChange is what is to be changed about a ticket; what is not sent stays.
type TicketChange struct {
	Status   *string  `json:"status,omitempty" enum:"new,open,pending,on_hold,solved,closed" doc:"A ticket that has left new never comes back to it."`
	Priority *string  `json:"priority,omitempty" enum:"low,normal,high,urgent"`
	Kind     *string  `json:"kind,omitempty" enum:"incident,request,question,problem"`
	Subject  *string  `json:"subject,omitempty"`
	Spam     *bool    `json:"spam,omitempty" doc:"true closes it and sets it aside; false brings a ticket back that was set aside. The desk learns from both."`
	Team     *string  `json:"team,omitempty" doc:"The short name of a team." example:"network"`
	Assignee Nullable `json:"assignee,omitempty" doc:"An address; null for nobody." example:"amara@example.com"`
	Tags     []string `json:"tags,omitempty" nullable:"false" doc:"All that the ticket is to have."`
}

type ticketChange struct {
	ByNumber
	Body TicketChange
}

func (s *server) changeTicket(ctx context.Context, in *ticketChange) (*bodyOf[Ticket], error) {
	if err := noNulls(callOf(ctx).raw, "assignee"); err != nil {
		return nil, err
	}
	if in.Body.Subject != nil {
		if err := fault.Check(subjectFault(*in.Body.Subject)); err != nil {
			return nil, err
		}
	}
	out := &bodyOf[Ticket]{}
	return out, s.write(ctx, func(tx *db.Tx, a person.Actor) error {
		if err := tx.Lock(ctx, "ticket", in.Number); err != nil {
			return err
		}
		if _, err := ticket.Get(ctx, tx, a, person.ChangeTicket, in.Number); err != nil {
			return err
		}
		if err := s.change(ctx, tx, a, in.Number, in.Body); err != nil {
			return err
		}
		t, err := show(ctx, tx, a, in.Number)
		out.Body = t
		return err
	})
}

// change does all of it; the status comes last, because taking a new ticket opens it.
func (s *server) change(ctx context.Context, tx *db.Tx, a person.Actor, number int64, c TicketChange) error {
	by := ticket.By{Actor: a}
	var f finder
	var team, assignee int64
	if c.Team != nil {
		if team = f.team(ctx, tx, a, *c.Team); *c.Team == "" {
			f.keep(fault.Invalid(fault.F("team", i18n.M("Please choose one of the teams."))))
		}
	}
	if c.Assignee.Sent {
		assignee = f.assignee(ctx, tx, c.Assignee.Value)
	}
	if err := f.err(); err != nil {
		return err
	}
	steps := []struct {
		wanted bool
		do     func() error
	}{
		{c.Spam != nil && !*c.Spam, func() error { return s.Tickets.MarkWanted(ctx, tx, by, number) }},
		{c.Subject != nil, func() error { return s.Tickets.SetSubject(ctx, tx, by, number, *c.Subject) }},
		{c.Priority != nil, func() error { return s.Tickets.SetPriority(ctx, tx, by, number, ticket.Priority(*c.Priority)) }},
		{c.Kind != nil, func() error { return s.Tickets.SetKind(ctx, tx, by, number, ticket.Kind(*c.Kind)) }},
		{c.Team != nil, func() error { return s.Tickets.MoveTo(ctx, tx, by, number, team) }},
		{c.Assignee.Sent, func() error { return s.Tickets.Assign(ctx, tx, by, number, assignee) }},
		{c.Tags != nil, func() error { return s.Tickets.SetTags(ctx, tx, by, number, c.Tags) }},
		{c.Spam != nil && *c.Spam, func() error { return s.Tickets.MarkSpam(ctx, tx, by, number) }},
		{c.Status != nil, func() error { return s.Tickets.SetStatus(ctx, tx, by, number, ticket.Status(*c.Status)) }},
	}
	for _, step := range steps {
		if !step.wanted {
			continue
		}
		if err := step.do(); err != nil {
			return err
		}
	}
	return nil
}

// noNulls refuses null where it would mean nothing. In a change null is not the same as left out, and
// the validator takes it for that.
func noNulls(raw []byte, but ...string) error {
	var sent map[string]json.RawMessage
	if err := json.Unmarshal(raw, &sent); err != nil {
		return err
	}
	var wrong []fault.Field
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		if string(sent[name]) == "null" && !slices.Contains(but, name) {
			wrong = append(wrong, fault.F(name, i18n.M("This cannot be null. Leave it out to keep it as it is.")))
		}
	}
	return fault.Check(wrong)
}
