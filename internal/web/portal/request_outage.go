package portal

import (
	"context"
	"net/http"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/outage"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// RequestOutage is what a request has to do with something that many have.
type RequestOutage struct {
	Outage
	// Linked says that it is that; else it may be.
	Linked bool
	// Own says that the reader is the requester, who says which.
	Own bool
}

// circle is of whom the visitor of a request may learn. Somebody who only typed an address learns what everybody may.
func (a access) circle(ctx context.Context, tx *db.Tx) (person.Circle, int64, error) {
	who := a.actor.ID
	if a.unproven {
		who = 0
	}
	c, err := person.CircleOf(ctx, tx, who)
	return c, who, err
}

// outageOf gives the outage that a request speaks of, or the one that fits its words best; nil for none.
func (p *Portal) outageOf(ctx context.Context, l *loader, said []Said) (*RequestOutage, error) {
	if p.Outages == nil || l.ticket.MergedInto != 0 {
		return nil, nil
	}
	c, who, err := l.circle(ctx, l.tx)
	if err != nil {
		return nil, err
	}
	id, err := outage.OfTicket(ctx, l.tx, l.ticket.ID)
	if err != nil {
		return nil, err
	}
	linked := id != 0
	if !linked && l.own() && l.ticket.Status.IsOpen() {
		text := l.ticket.Subject
		if len(said) > 0 {
			text += "\n" + said[0].Text
		}
		hits, err := p.Outages.Like(ctx, l.tx, c, text)
		if err != nil {
			return nil, err
		}
		if len(hits) > 0 {
			id = hits[0].ID
		}
	}
	if id == 0 {
		return nil, nil
	}
	o, err := outage.See(ctx, l.tx, c, id, who)
	if fault.Is(err, fault.KindNotFound) {
		return nil, nil
	}
	return &RequestOutage{Outage: Outage{Shown: o, At: l.tx.Now, Known: l.actor.SignedIn() || o.Audience == outage.Everybody}, Linked: linked, Own: l.own()}, err
}

// outageChoice answers GET /requests/{number}/outage?id=…, where the link of a mail leads: it asks, and one button does it.
func (p *Portal) outageChoice(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	id, _ := strconv.ParseInt(r.URL.Query().Get("id"), 10, 64)
	ctx := r.Context()
	var o outage.Shown
	opened := false
	err = p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		a, err := p.open(ctx, tx, r, v, person.WriteOwn, number)
		if err != nil {
			return err
		}
		opened = true
		c, who, err := a.circle(ctx, tx)
		if err == nil {
			o, err = outage.See(ctx, tx, c, id, who)
		}
		return err
	})
	if fault.Is(err, fault.KindNotFound) && opened {
		return page.Goto(w, r, requestURL(number))
	}
	if err != nil {
		return p.fail(w, r, v, err)
	}
	if !o.State.Current() {
		p.Site.Tell(w, i18n.T(ctx, "“{{.Title}}” is over by now. If you still have it, write it below.", "Title", o.Title))
		return page.Goto(w, r, requestURL(number))
	}
	return page.Render(w, r, http.StatusOK, ChoicePage(ChoiceView{
		Frame: p.frame(v), URL: requestURL(number) + "/outage", ID: o.ID, Title: o.Title,
		Text: i18n.T(ctx, "Is this what you wrote about? Your request stays as it is, and you hear from us when there is news, and when it is over."), Button: i18n.T(ctx, "Yes, that is it"),
		Back: requestURL(number), Way: i18n.T(ctx, "No, back to my request"),
	}))
}

// chooseOutage answers POST /requests/{number}/outage: the requester says which outage it is, or that they want to hear no more of it.
func (p *Portal) chooseOutage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, leave := r.Context(), r.PostFormValue("do") == "leave"
	id, _ := strconv.ParseInt(r.PostFormValue("id"), 10, 64)
	err = p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := p.open(ctx, tx, r, v, person.WriteOwn, number)
		if err != nil {
			return err
		}
		c, who, err := a.circle(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := outage.See(ctx, tx, c, id, who); err != nil {
			return err
		}
		if leave {
			return p.board().Leave(ctx, tx, id, a.actor.ID)
		}
		if !a.own() { // they speak for themselves alone
			return p.board().MeToo(ctx, tx, c, id, a.actor.ID)
		}
		return p.board().LinkOwn(ctx, tx, a.by(), c, id, a.ticket.ID)
	})
	switch {
	case fault.Is(err, fault.KindConflict):
		p.Site.Tell(w, i18n.T(ctx, "This is over by now. If you still have it, write it below."))
	case err != nil:
		return p.fail(w, r, v, err)
	case leave:
		p.Site.Tell(w, i18n.T(ctx, "You hear no more of it."))
	default:
		p.Site.Tell(w, i18n.T(ctx, "Noted. You hear from us when there is news, and when it is over."))
	}
	return page.Goto(w, r, requestURL(number))
}

// outageHappening tells on a request's page that it was found to be what many have, or that there was news of it, as far as that concerns
// the reader.
func (l *loader) outageHappening(ctx context.Context, e ticket.Event) (string, error) {
	id, err := strconv.ParseInt(e.ToValue, 10, 64)
	if err != nil {
		return "", nil
	}
	c, who, err := l.circle(ctx, l.tx)
	if err != nil {
		return "", err
	}
	if _, err := outage.See(ctx, l.tx, c, id, who); err != nil {
		if fault.Is(err, fault.KindNotFound) {
			err = nil
		}
		return "", err
	}
	switch {
	case e.What == ticket.OutageTold && e.Cause == string(outage.OverUpdate):
		return i18n.T(ctx, "What many had is over."), nil
	case e.What == ticket.OutageTold:
		return i18n.T(ctx, "There was news of what many have."), nil
	}
	return i18n.T(ctx, "It is something that many have."), nil
}
