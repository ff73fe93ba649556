package desk

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"goodturn/internal/care"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/fixnote"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/shift"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// routingRoutes are those by which tickets are given to people, and by which people say that they are not here.
func (d *Desk) routingRoutes() []page.Route {
	if d.Router == nil {
		return nil
	}
	return []page.Route{
		{Pattern: "POST /tickets/next", Handle: d.next},
		{Pattern: "GET /offers", Handle: d.offers},
		{Pattern: "POST /tickets/{number}/offer", Handle: d.offer},
		{Pattern: "POST /account/call", Handle: d.call},
		{Pattern: "POST /account/pause", Handle: d.pause},
		{Pattern: "POST /tickets/{number}/hand-over", Handle: d.handOver},
		{Pattern: "GET /account/absence", Handle: d.absence},
		{Pattern: "POST /account/absence", Handle: d.saveAbsence},
		{Pattern: "POST /account/absence/{absence}/end", Handle: d.endAbsence},
		{Pattern: "GET /people/{colleague}/absence", Handle: d.absence},
		{Pattern: "POST /people/{colleague}/absence", Handle: d.saveAbsence},
		{Pattern: "POST /people/{colleague}/absence/{absence}/end", Handle: d.endAbsence},
	}
}

// given puts into the navigation what is offered to the visitor, and whether they are in a long call.
func (d *Desk) given(ctx context.Context, l *look, n *page.Nav) (err error) {
	if d.Router == nil {
		return nil
	}
	n.Routing, n.Now = true, l.tx.Now
	if n.Call, err = routing.CallUntil(ctx, l.tx, l.visit.Actor.ID); err != nil {
		return err
	}
	all, err := routing.OfferedTo(ctx, l.tx, l.visit.Actor)
	for _, o := range all {
		n.Offers = append(n.Offers, page.Offer{Number: o.TicketID, Subject: o.Subject, Until: o.Until})
	}
	if err == nil {
		n.Ask, err = asked(ctx, l)
	}
	if err == nil {
		err = d.chatsOf(ctx, l, n)
	}
	if err == nil {
		err = coversOf(ctx, l, n)
	}
	if err == nil {
		n.Pause, err = care.SuggestsPause(ctx, l.tx, l.visit.Actor)
	}
	return err
}

// coversOf puts into the navigation who asks the visitor to cover for them, and whether they could ask themselves.
func coversOf(ctx context.Context, l *look, n *page.Nav) error {
	all, err := shift.CoversFor(ctx, l.tx, l.visit.Actor.ID)
	if err != nil {
		return err
	}
	ids := make([]int64, len(all))
	for i, c := range all {
		ids[i] = c.AskerID
	}
	if len(ids) > 0 {
		names, err := person.Names(ctx, l.tx, ids)
		if err != nil {
			return err
		}
		for _, c := range all {
			n.Covers = append(n.Covers, page.CoverAsk{ID: c.ID, Name: names[c.AskerID], From: c.FromAt, Until: c.UntilAt})
		}
	}
	_, n.OnShift, err = shift.Coverable(ctx, l.tx, l.visit.Actor.ID)
	return err
}

// asked is the fix note that the visitor is asked for; nil for none.
func asked(ctx context.Context, l *look) (*page.Ask, error) {
	all, err := fixnote.Asked(ctx, l.tx, l.visit.Actor)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &page.Ask{Number: all[0].TicketID, Name: firstName(all[0].Name), More: len(all) - 1}, nil
}

// offers answers GET /offers: what is offered to the visitor, alone.
func (d *Desk) offers(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	var n page.Nav
	err := d.read(ctx, v, func(l *look) error { return d.given(ctx, l, &n) })
	if err != nil {
		return err
	}
	return d.show(w, r, v, http.StatusOK, Frame{}, page.Offers(n), pieces{"offers": page.Offers(n)})
}

// next answers POST /tickets/next: the next ticket is the visitor's, and opens. That there is none is said where they are.
func (d *Desk) next(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	var t ticket.Ticket
	err := d.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		t, err = d.Router.Next(ctx, tx, v.Actor)
		return err
	})
	if errors.Is(err, routing.NoTeam) || errors.Is(err, routing.Empty) {
		f, _ := fault.Of(err)
		d.Site.Tell(w, i18n.Print(ctx, f.Message))
		return page.Goto(w, r, cameFrom(r))
	}
	if err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(ctx, "#{{.Number}} is yours now.", "Number", t.ID))
	return page.Goto(w, r, ticketURL(t.ID))
}

// offer answers POST /tickets/{number}/offer: the field answer is "take" or "pass".
func (d *Desk) offer(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	if r.PostFormValue("answer") != "take" {
		if err := d.Site.DB.Write(ctx, func(tx *db.Tx) error { return d.Router.PassOffered(ctx, tx, v.Actor, number) }); err != nil {
			return err
		}
		d.Site.Tell(w, i18n.T(ctx, "Thank you: somebody else is asked about #{{.Number}}.", "Number", number))
		return page.Goto(w, r, cameFrom(r))
	}
	err = d.Site.DB.Write(ctx, func(tx *db.Tx) error { return d.Router.TakeOffered(ctx, tx, v.Actor, number) })
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		d.Site.Tell(w, i18n.Print(ctx, f.Message))
		return page.Goto(w, r, cameFrom(r))
	}
	if err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(ctx, "#{{.Number}} is yours now.", "Number", number))
	return page.Goto(w, r, ticketURL(number))
}

// call answers POST /account/call: the field on is "1" when a long call begins, "0" when it is over.
func (d *Desk) call(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	on := r.PostFormValue("on") == "1"
	err := d.Site.DB.Write(ctx, func(tx *db.Tx) error {
		if on {
			return routing.BeginCall(ctx, tx, v.Actor.ID)
		}
		return d.Router.EndCall(ctx, tx, v.Actor.ID)
	})
	if err != nil {
		return err
	}
	if !on {
		d.Site.Tell(w, i18n.T(ctx, "Tickets are given to you again."))
	}
	return page.Goto(w, r, cameFrom(r))
}

// cameFrom is the page of ours that a form was sent from, or the list.
func cameFrom(r *http.Request) string {
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host || !strings.HasPrefix(from.Path, "/") || strings.HasPrefix(from.Path, "//") {
		return "/tickets"
	}
	return (&url.URL{Path: from.Path, RawQuery: from.RawQuery}).String()
}
