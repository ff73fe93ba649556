package portal

import (
	"context"
	"net/http"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/outage"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

// meToo answers POST /status/{id}/me-too: whoever is signed in has it too; somebody of whom nothing is known is mailed a link to say so by.
func (p *Portal) meToo(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	if v.Actor.SignedIn() {
		if err := p.Site.DB.Write(ctx, func(tx *db.Tx) error {
			c, who, err := known(ctx, tx, v.Actor)
			if err != nil {
				return err
			}
			return p.board().MeToo(ctx, tx, c, id, who)
		}); err != nil {
			return err
		}
		p.Site.Tell(w, i18n.T(ctx, "Noted: you have it too. You hear from us when there is news, and when it is over."))
		return page.Goto(w, r, backTo(r, statusURL(id)))
	}
	address := strings.TrimSpace(r.PostFormValue("address"))
	if wait := p.limited(w, r, v); wait != "" {
		return p.showOutage(w, r, v, http.StatusTooManyRequests, Outage{Address: address, Alert: wait})
	}
	err = p.Site.DB.Write(ctx, func(tx *db.Tx) error { return p.board().Ask(ctx, tx, id, address) })
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return p.showOutage(w, r, v, http.StatusUnprocessableEntity, Outage{Address: address, AddressError: wrong["address"]})
	}
	if err != nil {
		return err
	}
	p.Site.Tell(w, i18n.T(ctx, "Please look into your mail: one button there, and you hear from us when it is over."))
	return page.Goto(w, r, statusURL(id))
}

// backTo is where a tap came from, of the two pages that have it.
func backTo(r *http.Request, otherwise string) string {
	if r.PostFormValue("from") == "status" {
		return "/status"
	}
	return otherwise
}

// board is where outages are kept; a desk without one knows none.
func (p *Portal) board() *outage.Board {
	if p.Outages == nil {
		return &outage.Board{}
	}
	return p.Outages
}

// leaveOutage answers POST /status/{id}/leave.
func (p *Portal) leaveOutage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	if err := p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		c, who, err := known(ctx, tx, v.Actor)
		if err != nil {
			return err
		}
		if _, err := outage.See(ctx, tx, c, id, who); err != nil {
			return err
		}
		return p.board().Leave(ctx, tx, id, who)
	}); err != nil {
		return err
	}
	p.Site.Tell(w, i18n.T(ctx, "You hear no more of it."))
	return page.Goto(w, r, backTo(r, statusURL(id)))
}

// ChoiceView is a page that a link in a mail opens: the choice is made, and one button does it. Programs look at every link in a mail.
type ChoiceView struct {
	Frame Frame
	URL   string
	// Title is what is asked, Text what it means, Button what does it.
	Title, Text, Button string
	// ID goes with the form where the address does not say which outage is meant; 0 for not.
	ID int64
	// Done says what was done instead of asking; "" for not yet. Back leads on, in the words Way.
	Done, Back, Way string
}

// tokenOutage gives the outage of a mailed token as its holder may see it.
func (p *Portal) tokenOutage(ctx context.Context, tx *db.Tx, purpose outage.Purpose, token string) (o outage.Shown, who int64, err error) {
	id, who, ok := outage.ReadToken(p.Site.Key, purpose, token)
	if !ok {
		return o, 0, errGone
	}
	c, err := person.CircleOf(ctx, tx, who)
	if err == nil {
		o, err = outage.See(ctx, tx, c, id, who)
	}
	if fault.Is(err, fault.KindNotFound) {
		err = errGone
	}
	return o, who, err
}

// choice runs do with the outage of the token in the address, and shows what it gives.
func (p *Portal) choice(w http.ResponseWriter, r *http.Request, v page.Visit, purpose outage.Purpose, do func(ctx context.Context, tx *db.Tx, o outage.Shown, who int64) (ChoiceView, error)) error {
	ctx := r.Context()
	run := p.Site.DB.Read
	if r.Method == http.MethodPost {
		run = p.Site.DB.Write
	}
	var view ChoiceView
	err := run(ctx, func(tx *db.Tx) error {
		o, who, err := p.tokenOutage(ctx, tx, purpose, r.PathValue("token"))
		if err != nil {
			return err
		}
		view, err = do(ctx, tx, o, who)
		return err
	})
	if err != nil {
		return p.fail(w, r, v, err)
	}
	view.Frame, view.URL = p.frame(v), r.URL.Path
	w.Header().Set("Referrer-Policy", "no-referrer")
	return page.Render(w, r, http.StatusOK, ChoicePage(view))
}

// joinPage answers GET /status-join/{token}.
func (p *Portal) joinPage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return p.choice(w, r, v, outage.Join, func(ctx context.Context, _ *db.Tx, o outage.Shown, _ int64) (ChoiceView, error) {
		if !o.State.Current() {
			return ChoiceView{Title: o.Title, Done: i18n.T(ctx, "This is over already. If you still have it, please write to us."), Back: "/", Way: i18n.T(ctx, "Ask for help")}, nil
		}
		return ChoiceView{Title: o.Title, Text: i18n.T(ctx, "Do you have this too? You then hear from us when there is news, and when it is over."), Button: i18n.T(ctx, "Yes, me too")}, nil
	})
}

// join answers POST /status-join/{token}.
func (p *Portal) join(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return p.choice(w, r, v, outage.Join, func(ctx context.Context, tx *db.Tx, o outage.Shown, _ int64) (ChoiceView, error) {
		_, err := p.board().Confirm(ctx, tx, r.PathValue("token"))
		return ChoiceView{Title: o.Title, Done: i18n.T(ctx, "Noted: you have it too. You hear from us when there is news, and when it is over."), Back: statusURL(o.ID), Way: i18n.T(ctx, "See what is known")}, err
	})
}

// partPage answers GET /status-leave/{token}.
func (p *Portal) partPage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return p.choice(w, r, v, outage.Part, func(ctx context.Context, _ *db.Tx, o outage.Shown, _ int64) (ChoiceView, error) {
		return ChoiceView{Title: o.Title, Text: i18n.T(ctx, "Shall the mails about this end? Your own requests are looked after as before."), Button: i18n.T(ctx, "No more news of this")}, nil
	})
}

// part answers POST /status-leave/{token}.
func (p *Portal) part(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return p.choice(w, r, v, outage.Part, func(ctx context.Context, tx *db.Tx, o outage.Shown, who int64) (ChoiceView, error) {
		return ChoiceView{Title: o.Title, Done: i18n.T(ctx, "You hear no more of it."), Back: "/status", Way: i18n.T(ctx, "How things stand")}, p.board().Leave(ctx, tx, o.ID, who)
	})
}
