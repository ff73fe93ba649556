package notice

import (
	"context"
	"errors"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// told is what an event tells somebody.
type told struct {
	person int64
	kind   Kind
	// instead is a kind that says less of the same and was told a moment ago, or "".
	instead Kind
	// mailed says that a mail about it goes to them anyway.
	mailed bool
}

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
		for _, x := range all {
			if x.person == 0 || x.person == e.PersonID {
				continue
			}
			if err := c.tell(ctx, tx, e, t, x); err != nil {
				return err
			}
		}
		return nil
	}
}

// concerned are those whom an event tells something.
func concerned(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, m *ticket.Message) ([]told, error) {
	switch e.What {
	case ticket.Assigned:
		return []told{{person: idOf(e.ToValue), kind: Assigned}, {person: idOf(e.FromValue), kind: Taken}}, nil
	case ticket.Mentioned:
		return []told{{person: idOf(e.ToValue), kind: Mentioned, instead: Noted}}, nil
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
		case m == nil || m.Automatic:
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

// tell notes one thing for one person, if they may see the ticket and want to be told.
func (c *Center) tell(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, x told) error {
	a, err := person.ActorOf(ctx, tx, x.person)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return err
	}
	if !person.Can(a, person.SeeTicket, t.Thing()) {
		return nil
	}
	choice, err := ChoiceOf(ctx, tx, x.person)
	if err != nil {
		return err
	}
	if x.instead != "" {
		if _, err := tx.Exec(ctx, `DELETE FROM notice WHERE person_id = $1 AND ticket_id = $2 AND kind = $3 AND at = $4 AND read_at = 0`, x.person, t.ID, x.instead, tx.Now); err != nil {
			return err
		}
	}
	onPage, mail := choice.Page[x.kind], choice.Mail[x.kind] && choice.Digest != Off && !x.mailed
	if !onPage && !mail {
		return nil
	}
	waits := 0
	if mail {
		waits = 1
	}
	var by any
	if e.PersonID != 0 {
		by = e.PersonID
	}
	_, err = tx.Exec(ctx, `INSERT INTO notice (person_id, ticket_id, kind, by_id, event_id, at, on_page, mail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (person_id, ticket_id, kind) WHERE read_at = 0 DO UPDATE SET by_id = excluded.by_id, event_id = excluded.event_id, at = excluded.at,
		count = notice.count + 1, on_page = excluded.on_page, mail = excluded.mail`, x.person, t.ID, x.kind, by, e.ID, tx.Now, onPage, waits)
	if err != nil {
		return err
	}
	tx.Signal(Signal, x.person)
	if !mail || c.Mail == nil {
		return nil
	}
	return c.plan(ctx, tx, a, choice)
}

// idOf reads an id of the spine; "" is 0.
func idOf(text string) int64 {
	id, _ := strconv.ParseInt(text, 10, 64)
	return id
}
