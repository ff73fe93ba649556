package desk

import (
	"context"
	"errors"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Joined says that a ticket became part of another.
type Joined struct {
	// Into is the number of the ticket that has its messages now; 0 where the reader may not see that one.
	Into    int64
	Subject string // of that ticket
	// Undo is posted to by the button that makes it a ticket of its own again, or is "".
	Undo string
}

// joined tells where a ticket went; nil for one that is its own.
func (d *Desk) joined(ctx context.Context, l *look, t ticket.Ticket) (*Joined, error) {
	if t.MergedInto == 0 {
		return nil, nil
	}
	id, err := ticket.Kept(ctx, l.tx, t.ID)
	if err != nil {
		return nil, err
	}
	kept, err := ticket.Get(ctx, l.tx, l.visit.Actor, person.SeeTicket, id)
	if _, ours := fault.Of(err); ours {
		return &Joined{}, nil
	}
	if err != nil {
		return nil, err
	}
	j := &Joined{Into: kept.ID, Subject: kept.Subject}
	part, err := ticket.PartOf(ctx, l.tx, t.ID)
	if err == nil && part.CanUndo(l.tx.Now) && person.Can(l.visit.Actor, person.ChangeTicket, t.Thing()) && person.Can(l.visit.Actor, person.ChangeTicket, kept.Thing()) {
		j.Undo = unmergeURL(kept.ID, t.ID)
	}
	if errors.Is(err, db.ErrNoRow) {
		err = nil
	}
	return j, err
}

// kin are the other tickets that a conversation speaks of: those that became part of it, or were split off.
type kin struct {
	subjects map[int64]string      // of those that the reader may see
	parts    map[int64]ticket.Part // what is part of it now, by number
}

func (c *conversation) loadKin(ctx context.Context, l *look) error {
	c.kin = kin{subjects: map[int64]string{}, parts: map[int64]ticket.Part{}}
	var ids []int64
	for _, e := range c.events {
		switch e.What {
		case ticket.Joined, ticket.Parted, ticket.SplitOff, ticket.Related:
			ids = append(ids, idOf(e.FromValue)+idOf(e.ToValue))
		}
	}
	for _, m := range c.messages {
		if m.HomeID != 0 {
			ids = append(ids, m.HomeID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	type row struct {
		ID      int64
		Subject string
	}
	var args db.Args
	in := db.List(&args, ids)
	rows, err := db.All[row](ctx, l.tx, `SELECT t.id, t.subject FROM ticket t WHERE t.id IN (`+in+`) AND `+person.Visible(l.visit.Actor, person.SeeTicket, &args), args...)
	for _, r := range rows {
		c.kin.subjects[r.ID] = r.Subject
	}
	if err != nil {
		return err
	}
	parts, err := ticket.Parts(ctx, l.tx, c.ticket.ID)
	for _, p := range parts {
		c.kin.parts[p.GoneID] = p
	}
	return err
}

// named is another ticket in words: its number and subject, as far as the reader may know of it.
func (k kin) named(ctx context.Context, id int64) string {
	subject, ok := k.subjects[id]
	if !ok {
		return i18n.T(ctx, "another ticket")
	}
	return hash(id) + " “" + subject + "”"
}

// aloneURL leads to the page of a ticket that became part of another, with what happened to itself.
func aloneURL(id int64) string { return ticketURL(id) + "?alone" }

// kinEvent tells of tickets joined, parted and split; ok is false for other events.
func (c *conversation) kinEvent(ctx context.Context, e ticket.Event) (out Event, ok bool) {
	name, other := c.actor(ctx, e), idOf(e.FromValue)+idOf(e.ToValue)
	which := c.kin.named(ctx, other)
	came := e.FromValue != ""
	switch {
	case e.What == ticket.Joined && came:
		out.Text = i18n.T(ctx, "{{.Name}} made {{.Ticket}} part of this", "Name", name, "Ticket", which)
		if p, is := c.kin.parts[other]; is && p.MergedAt == e.At && c.kin.subjects[other] != "" {
			out.URL, out.URLText = aloneURL(other), i18n.T(ctx, "its own history")
			if p.CanUndo(c.now) {
				out.Undo = unmergeURL(c.ticket.ID, other)
			}
		}
	case e.What == ticket.Joined:
		out.Text = i18n.T(ctx, "{{.Name}} made this part of {{.Ticket}}", "Name", name, "Ticket", which)
	case e.What == ticket.Parted && came:
		out.Text = i18n.T(ctx, "{{.Name}} made {{.Ticket}} a ticket of its own again", "Name", name, "Ticket", which)
	case e.What == ticket.Parted:
		out.Text = i18n.T(ctx, "{{.Name}} made this a ticket of its own again; it was part of {{.Ticket}}", "Name", name, "Ticket", which)
	case e.What == ticket.SplitOff && came:
		out.Text = i18n.T(ctx, "{{.Name}} split this off from {{.Ticket}}", "Name", name, "Ticket", which)
	case e.What == ticket.SplitOff:
		out.Text = i18n.T(ctx, "{{.Name}} split {{.Ticket}} off from this", "Name", name, "Ticket", which)
	case e.What == ticket.Related:
		if out.Text = relatedWords(ctx, e, name, which); out.Text == "" {
			return out, false
		}
	default:
		return out, false
	}
	out.At = e.At
	return out, true
}
