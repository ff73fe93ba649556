package api

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// NewMerge names tickets that are to become part of another.
type NewMerge struct {
	From  []int64 `json:"from" minItems:"1" maxItems:"100" nullable:"false" doc:"The numbers of those that become part of this ticket."`
	Agree bool    `json:"agree,omitempty" doc:"People of different organisations may read each other’s messages. Without it, a merge that would let them is refused."`
}

type newMerge struct {
	ByNumber
	Body NewMerge
}

func (s *server) merge(ctx context.Context, in *newMerge) (*bodyOf[Ticket], error) {
	out := &bodyOf[Ticket]{}
	return out, s.write(ctx, func(tx *db.Tx, a person.Actor) error {
		if _, err := ticket.Get(ctx, tx, a, person.ChangeTicket, in.Number); err != nil {
			return err
		}
		circles, err := ticket.Circles(ctx, tx, append([]int64{in.Number}, in.Body.From...))
		if err != nil {
			return err
		}
		m, err := s.Tickets.Merge(ctx, tx, ticket.By{Actor: a}, in.Number, in.Body.From)
		if err != nil {
			return err
		}
		if circles != nil && !in.Body.Agree {
			return fault.Invalid(fault.F("agree", i18n.M("People of different organisations would read each other’s messages. Send true to agree to that.")))
		}
		out.Body, err = show(ctx, tx, a, m.Into.ID)
		return err
	})
}

type mergeGone struct {
	ByNumber
	Gone int64 `path:"gone" minimum:"1" doc:"The number of the ticket that became part of it."`
}

func (s *server) undoMerge(ctx context.Context, in *mergeGone) (*bodyOf[Ticket], error) {
	out := &bodyOf[Ticket]{}
	return out, s.write(ctx, func(tx *db.Tx, a person.Actor) error {
		if _, err := ticket.Get(ctx, tx, a, person.ChangeTicket, in.Number); err != nil {
			return err
		}
		if _, err := s.Tickets.UndoMerge(ctx, tx, ticket.By{Actor: a}, in.Gone); err != nil {
			return err
		}
		t, err := show(ctx, tx, a, in.Gone)
		out.Body = t
		return err
	})
}

// Link is another ticket, and what it is to the one asked about.
type Link struct {
	Kind   string `json:"kind" enum:"related,parent,child,duplicate,duplicated_by,split,split_into" doc:"What the other ticket is to this one: parent means that it is this one’s parent; duplicate, that this one is a duplicate of it."`
	Ticket Ticket `json:"ticket"`
}

func (s *server) listLinks(ctx context.Context, in *ByNumber) (*bodyOf[Page[Link]], error) {
	out := &bodyOf[Page[Link]]{}
	return out, s.read(ctx, func(tx *db.Tx, a person.Actor) (err error) {
		if _, err := ticket.Get(ctx, tx, a, person.SeeTicket, in.Number); err != nil {
			return err
		}
		out.Body, err = linksOf(ctx, tx, a, in.Number)
		return err
	})
}

func linksOf(ctx context.Context, tx *db.Tx, a person.Actor, number int64) (Page[Link], error) {
	out := Page[Link]{Items: []Link{}}
	all, err := ticket.Links(ctx, tx, a, number)
	if err != nil {
		return out, err
	}
	var ids []int64
	for _, l := range all {
		ids = append(ids, l.RequesterID, l.AssigneeID)
	}
	v, err := newView(ctx, tx, a, true, ids)
	if err != nil {
		return out, err
	}
	for _, l := range all {
		tags, err := ticket.Tags(ctx, tx, l.ID)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, Link{Kind: l.As, Ticket: v.ticket(l.Ticket, tags, "")})
	}
	return out, nil
}

// LinkChange makes a link, or takes one off.
type LinkChange struct {
	Kind   string `json:"kind" enum:"related,parent,child,duplicate,duplicated_by"`
	Ticket int64  `json:"ticket" minimum:"1" doc:"The number of the other ticket."`
	Remove bool   `json:"remove,omitempty" doc:"Take the link off."`
}

// linkFields says where the fields of a fault stand in the call.
var linkFields = map[string]string{"other": "body.ticket"}

type linkChange struct {
	ByNumber
	Body LinkChange
}

func (s *server) link(ctx context.Context, in *linkChange) (*bodyOf[Page[Link]], error) {
	out := &bodyOf[Page[Link]]{}
	return out, s.write(ctx, func(tx *db.Tx, a person.Actor) (err error) {
		change := s.Tickets.Link
		if in.Body.Remove {
			change = s.Tickets.Unlink
		}
		if err := change(ctx, tx, ticket.By{Actor: a}, in.Number, in.Body.Ticket, in.Body.Kind); err != nil {
			return err
		}
		out.Body, err = linksOf(ctx, tx, a, in.Number)
		return err
	})
}
