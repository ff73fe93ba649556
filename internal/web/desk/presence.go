package desk

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// presence answers GET /tickets/{number}/presence: #presence and #writing alone, who else is at a ticket.
func (d *Desk) presence(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	t, err := d.ticketOf(r, v, person.SeeTicket)
	if err != nil {
		return err
	}
	view := presenceView(t.ID, d.Site.Others(v, t.ID))
	chat, err := d.chatLine(r.Context(), v, t)
	if err != nil {
		return err
	}
	return d.show(w, r, v, http.StatusOK, Frame{}, PresenceFragments(view, chat), pieces{"presence": PresenceFragment(view), "writing": WritingFragment(view), "live-chat": LiveChatFragment(chat)})
}

// writes answers POST /tickets/{number}/presence: the visitor writes a "reply" or a "note", or "" has stopped.
func (d *Desk) writes(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	t, err := d.ticketOf(r, v, person.ChangeTicket)
	if err != nil {
		return err
	}
	what := r.PostFormValue("writing")
	if what != "reply" && what != "note" {
		what = ""
	}
	d.Site.Typing(v, t, what)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// ticketOf is the ticket of an address, for a visitor who may do verb with it.
func (d *Desk) ticketOf(r *http.Request, v page.Visit, verb person.Verb) (t ticket.Ticket, err error) {
	number, err := page.Number(r, "number")
	if err != nil {
		return t, err
	}
	ctx := r.Context()
	err = d.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		t, err = ticket.Get(ctx, tx, v.Actor, verb, number)
		return err
	})
	return t, err
}

// Presence is who else is at a ticket.
type Presence struct {
	// Topic is the live topic on which this changes, URL where it is fetched.
	Topic, URL string
	Others     []page.Present
}

func presenceView(number int64, others []page.Present) Presence {
	return Presence{Topic: page.PresenceTopic(number), URL: ticketAction(number, "presence"), Others: others}
}

// shown are the faces that there is room for, more how many there are beside them.
func (p Presence) shown() (faces []page.Present, more int) {
	const room = 4
	if len(p.Others) <= room {
		return p.Others, 0
	}
	return p.Others[:room-1], len(p.Others) - room + 1
}

// doing says what somebody does at a ticket.
func doing(ctx context.Context, o page.Present) string {
	switch o.Writing {
	case "reply":
		return i18n.T(ctx, "{{.Name}} is writing an answer", "Name", o.Name)
	case "note":
		return i18n.T(ctx, "{{.Name}} is writing a note", "Name", o.Name)
	}
	return i18n.T(ctx, "{{.Name}} is looking at this too", "Name", o.Name)
}
