package desk

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/outage"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// TicketOutage is the outage that a ticket speaks of, or may.
type TicketOutage struct {
	ID     int64
	Title  string
	Linked bool
}

// outageOf gives the outage that a ticket speaks of, or the one that fits its subject; nil for none that the reader may know of.
func (d *Desk) outageOf(ctx context.Context, l *look, t ticket.Ticket) (*TicketOutage, error) {
	if d.Outages == nil {
		return nil, nil
	}
	id, err := outage.OfTicket(ctx, l.tx, t.ID)
	if err != nil {
		return nil, err
	}
	if id != 0 {
		o, err := outage.Get(ctx, l.tx, l.visit.Actor, id)
		if fault.Is(err, fault.KindNotFound) {
			return nil, nil
		}
		return &TicketOutage{o.ID, o.Title, true}, err
	}
	if !t.Status.IsOpen() {
		return nil, nil
	}
	hits, err := d.Outages.LikeForStaff(ctx, l.tx, l.visit.Actor, t.Subject)
	if err != nil || len(hits) == 0 || hits[0].Score == 0 {
		return nil, err
	}
	return &TicketOutage{hits[0].ID, hits[0].Title, false}, nil
}

// setOutage answers POST /tickets/{number}/outage: the ticket speaks of the outage in "value", or of none.
func (d *Desk) setOutage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.set(w, r, v, func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, value string) error {
		if _, err := ticket.Get(ctx, tx, by.Actor, person.ChangeTicket, number); err != nil {
			return err
		}
		if id := idOf(value); id != 0 {
			return d.Outages.Link(ctx, tx, by, id, number)
		}
		return d.Outages.Unlink(ctx, tx, by, number)
	})
}

// outageWords tells that a ticket was linked to an outage, or that there was news of it.
func outageWords(ctx context.Context, e ticket.Event, name string) string {
	switch {
	case e.What == ticket.OutageTold && e.Cause == string(outage.OverUpdate):
		return i18n.T(ctx, "Its outage is over, and its requester was told")
	case e.What == ticket.OutageTold:
		return i18n.T(ctx, "There was news of its outage, and its requester was told")
	case e.ToValue == "":
		return i18n.T(ctx, "{{.Name}} took it off its outage", "Name", name)
	}
	return i18n.T(ctx, "{{.Name}} linked it to an outage", "Name", name)
}
