package notice

import (
	"context"
	"slices"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Hook notes what an event of a ticket means to whom.
func (c *Center) Hook() ticket.Hook {
	return func(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, m *ticket.Message) error {
		if m != nil && m.CreatedAt != tx.Now {
			return nil // an importer brings it from the past
		}
		all, err := concerned(ctx, tx, e, t, m)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(x told) bool { return x.person == 0 || x.person == e.PersonID })
		w := what{ticket: &t, by: e.PersonID, event: e.ID}
		if e.What == ticket.Warned || e.What == ticket.Breached {
			w.text = e.ToValue // which promise
		}
		if e.What == ticket.NewsLate {
			w.text = "news"
		}
		return c.tellAll(ctx, tx, w, all)
	}
}

// concerned are those whom an event tells something.
func concerned(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, m *ticket.Message) ([]told, error) {
	switch e.What {
	case ticket.Assigned:
		return []told{{person: idOf(e.ToValue), kind: Assigned}, {person: idOf(e.FromValue), kind: Taken}}, nil
	case ticket.Mentioned:
		return []told{{person: idOf(e.ToValue), kind: Mentioned, instead: Noted}}, nil
	case ticket.Warned:
		return answerable(ctx, tx, t, Warned)
	case ticket.Breached, ticket.NewsLate:
		return answerable(ctx, tx, t, Breached)
	case ticket.DeliveryFailed:
		return []told{{person: t.AssigneeID, kind: Undelivered}}, nil
	case ticket.SnoozeChanged:
		if e.ToValue == "" && e.Cause == ticket.WokenByTime {
			return []told{{person: t.AssigneeID, kind: Woke}}, nil
		}
	case ticket.StatusChanged:
		if from := ticket.Status(e.FromValue); (from == ticket.Solved || from == ticket.Closed) && e.ToValue == string(ticket.Open) && e.PersonID == t.RequesterID {
			return around(ctx, tx, t, Back, Answered)
		}
	case ticket.Noted:
		return around(ctx, tx, t, Noted, "")
	case ticket.Messaged:
		switch {
		case m == nil || m.Automatic || m.OnlyThanks: // whoever is thanked is told of the card
		case m.Inbound:
			return around(ctx, tx, t, Answered, "")
		default:
			return around(ctx, tx, t, Replied, "")
		}
	}
	return nil, nil
}

// around are those who have a ticket or follow it, as far as they work here. Followers get public answers by mail.
func around(ctx context.Context, tx *db.Tx, t ticket.Ticket, kind, instead Kind) ([]told, error) {
	ids, err := db.All[int64](ctx, tx, `SELECT f.person_id FROM follower f JOIN person p ON p.id = f.person_id WHERE f.ticket_id = $1 AND p.role <> 'requester' AND p.active`, t.ID)
	if err != nil {
		return nil, err
	}
	var all []told
	follows := false
	for _, id := range ids {
		all = append(all, told{person: id, kind: kind, instead: instead, mailed: kind == Replied})
		follows = follows || id == t.AssigneeID
	}
	if !follows {
		all = append(all, told{person: t.AssigneeID, kind: kind, instead: instead})
	}
	return all, nil
}

// answerable are those who a promise on a ticket asks to act: whoever has it, or the team's members when nobody does.
func answerable(ctx context.Context, tx *db.Tx, t ticket.Ticket, kind Kind) ([]told, error) {
	if t.AssigneeID != 0 {
		return []told{{person: t.AssigneeID, kind: kind}}, nil
	}
	ids, err := person.Members(ctx, tx, t.TeamID)
	return toAll(ids, kind), err
}

// idOf reads an id of the spine; "" is 0.
func idOf(text string) int64 {
	id, _ := strconv.ParseInt(text, 10, 64)
	return id
}
