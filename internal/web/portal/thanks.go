package portal

import (
	"context"
	"net/http"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/thanks"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// Thanks is a card that the visitor wrote for a request.
type Thanks struct {
	ID int64
	// To is the first name of whoever got it; "" for the whole desk.
	To   string
	Text string
	// Mail says that it is a message which we took for thanks.
	Mail bool
	Says thanks.Says
	Hung bool
}

// thanks are the cards that the visitor wrote.
func (l *loader) thanks(ctx context.Context) (out []Thanks, err error) {
	all, err := thanks.WrittenFor(ctx, l.tx, l.ticket, l.actor.ID)
	for _, c := range all {
		to, err := l.first(ctx, c.ToID)
		if err != nil {
			return nil, err
		}
		out = append(out, Thanks{ID: c.ID, To: to, Text: c.Text, Mail: c.How == thanks.ByMail, Says: c.FromSays, Hung: c.HungAt != 0})
	}
	return out, err
}

// ThanksView is the page on which somebody writes a card to whoever helped.
type ThanksView struct {
	Frame   Frame
	Number  int64
	Subject string
	// Helpers are those who can be thanked, by their first names.
	Helpers []thanks.Helper
	// Unproven says that the visitor came by a link that proves nothing: a card needs a name that is surely theirs.
	Unproven bool
	// Text, To and Wall are as they were typed.
	Text, To string
	Wall     bool
	Wrong    map[string]string
	Alert    string
}

func thanksURL(number int64) string { return requestURL(number) + "/thanks" }

func cardURL(number, card int64) string {
	return thanksURL(number) + "/" + strconv.FormatInt(card, 10)
}

// choices are those who can be thanked, and everybody.
func (v ThanksView) choices(ctx context.Context) []ui.Choice {
	var out []ui.Choice
	for _, h := range v.Helpers {
		id := strconv.FormatInt(h.ID, 10)
		out = append(out, ui.Choice{Value: id, Label: firstName(h.Name), Chosen: v.To == id})
	}
	return append(out, ui.Choice{Value: "0", Label: i18n.T(ctx, "Everybody at the desk"), Chosen: v.To == "0"})
}

// thanksPage answers GET /requests/{number}/thanks.
func (p *Portal) thanksPage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return p.showThanks(w, r, v, http.StatusOK, ThanksView{})
}

func (p *Portal) showThanks(w http.ResponseWriter, r *http.Request, v page.Visit, status int, view ThanksView) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	ctx := r.Context()
	err = p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		a, err := p.open(ctx, tx, r, v, person.WriteOwn, number)
		if err != nil {
			return err
		}
		view.Number, view.Subject, view.Unproven = a.ticket.ID, a.ticket.Subject, a.unproven
		view.Helpers, err = thanks.Helpers(ctx, tx, a.actor, a.ticket)
		return err
	})
	if err != nil {
		return p.fail(w, r, v, err)
	}
	view.Frame = p.frame(v)
	return page.Render(w, r, status, ThanksPage(view))
}

// errUnproven says why a card cannot be written by a link that proves nothing.
var errUnproven = fault.Denied(i18n.M("A card carries your name. Please open the link in the mail you got, or sign in, and write it then."))

// thank answers POST /requests/{number}/thanks.
func (p *Portal) thank(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	ctx := r.Context()
	wait := p.limited(w, r, v)
	if err := page.Form(r); err != nil {
		return err
	}
	view := ThanksView{Text: r.PostFormValue("text"), To: r.PostFormValue("to"), Wall: r.PostFormValue("wall") != ""}
	if wait != "" {
		view.Alert = wait
		return p.showThanks(w, r, v, http.StatusTooManyRequests, view)
	}
	to, wrong := strconv.ParseInt(view.To, 10, 64)
	if wrong != nil {
		to = -1
	}
	err = p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := p.open(ctx, tx, r, v, person.WriteOwn, number)
		if err != nil {
			return err
		}
		if a.unproven {
			return errUnproven
		}
		_, err = p.Thanks.Write(ctx, tx, a.by(), a.ticket, thanks.Words{To: to, Text: view.Text, Wall: view.Wall})
		return err
	})
	if fields, ok := page.FieldErrors(ctx, err); ok {
		view.Wrong = fields
		return p.showThanks(w, r, v, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return p.fail(w, r, v, err)
	}
	p.Site.Tell(w, i18n.T(ctx, "Your card is on its way. Thank you for writing it."))
	return page.Goto(w, r, requestURL(number))
}

// chooseCard answers POST /requests/{number}/thanks/{card}: whether a card of the visitor's hangs on the wall, or that what we took for
// thanks was none.
func (p *Portal) chooseCard(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	card, err := page.Number(r, "card")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	value := r.PostFormValue("value")
	err = p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := p.open(ctx, tx, r, v, person.WriteOwn, number)
		if err != nil {
			return err
		}
		if a.unproven {
			return errUnproven
		}
		if value == "unsolved" {
			return p.unsolved(ctx, tx, a, card)
		}
		what, err := thanks.ReadChoice(value)
		if err != nil {
			return err
		}
		return p.Thanks.Choose(ctx, tx, a.actor, card, what)
	})
	if err != nil {
		return p.fail(w, r, v, err)
	}
	if value == "unsolved" {
		p.Site.Tell(w, i18n.T(ctx, "It is open again. Write below what is still wrong, if you like."))
	} else {
		p.Site.Tell(w, i18n.T(ctx, "Saved."))
	}
	return page.Goto(w, r, requestURL(number))
}

func (p *Portal) unsolved(ctx context.Context, tx *db.Tx, a access, card int64) error {
	return p.Thanks.Unsolved(ctx, tx, ticket.By{Actor: a.actor, Cause: causeForm}, a.ticket, card, i18n.T(ctx, "It is not solved yet: my message was more than thanks."))
}
