package desk

import (
	"net/http"

	"goodturn/internal/clock"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// printed answers GET /tickets/{number}/print: a ticket as a letter, without notes and events unless they are asked for, so
// that what is given away by mistake is what its requester knows anyway.
func (d *Desk) printed(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	ctx, q := r.Context(), r.URL.Query()
	view := PrintView{Notes: q.Get("notes") != "", Events: q.Get("events") != ""}
	err = d.read(ctx, v, func(l *look) error {
		t, err := ticket.Get(ctx, l.tx, v.Actor, person.SeeTicket, number)
		if err != nil {
			return err
		}
		c, err := d.conversation(ctx, l, t, place{}, showing{stretch: stretch{from: max(1, idOf(q.Get("from")))}})
		if err != nil {
			return err
		}
		view.Ticket = TicketView{
			Frame: Frame{Site: d.Site.Name, Now: clock.Now()}, Number: t.ID, Subject: t.Subject, Kind: string(t.Kind), Status: string(t.Status), Channel: channelShown(t.Channel), Created: t.CreatedAt,
		}
		c.reading = reading{}
		c.fill(ctx, &view.Ticket)
		if view.Ticket.Side.Person, err = d.sidePerson(ctx, l, t); err != nil {
			return err
		}
		if s, ok := c.stretch.after(t.Messages); ok {
			view.More = view.url(s.from)
		}
		return nil
	})
	if err != nil {
		return err
	}
	view.Ticket.Nonce = page.AllowStyle(w)
	return page.Render(w, r, http.StatusOK, PrintPage(view))
}
