package thanks

import (
	"context"
	"net/http"
	"strconv"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/thanks"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// ColleagueView is a card from somebody of the desk to whoever helped with a ticket.
type ColleagueView struct {
	Site    string
	Nav     page.Nav
	Flash   []ui.Note
	Now     clock.Instant
	Number  int64
	Subject string
	Helpers []thanks.Helper
	// Text, To and Wall are as they were typed.
	Text  string
	To    string
	Wall  bool
	Wrong map[string]string
}

func (v ColleagueView) page(title string) page.DeskFrame {
	return page.DeskFrame{Title: title, Site: v.Site, Nav: v.Nav, Flash: v.Flash, Settings: true}
}

// choices are those who can be thanked, and the whole desk.
func (v ColleagueView) choices(ctx context.Context) []ui.Choice {
	out := make([]ui.Choice, 0, len(v.Helpers)+1)
	for _, h := range v.Helpers {
		out = append(out, ui.Choice{Value: decimal(h.ID), Label: h.Name, Chosen: v.To == decimal(h.ID)})
	}
	return append(out, ui.Choice{Value: "0", Label: i18n.T(ctx, "The whole desk"), Chosen: v.To == "0"})
}

// colleague answers GET /tickets/{number}/thanks.
func (t *Thanks) colleague(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return t.showColleague(w, r, v, http.StatusOK, ColleagueView{})
}

func (t *Thanks) showColleague(w http.ResponseWriter, r *http.Request, v page.Visit, status int, view ColleagueView) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	ctx := r.Context()
	view.Site, view.Flash, view.Now = t.Site.Name, v.Flash, v.Now
	err = t.Site.DB.Read(ctx, func(tx *db.Tx) error {
		x, err := ticket.Get(ctx, tx, v.Actor, person.SeeTicket, number)
		if err != nil {
			return err
		}
		view.Number, view.Subject = x.ID, x.Subject
		if view.Nav, err = t.nav(ctx, tx, v); err != nil {
			return err
		}
		view.Helpers, err = thanks.Helpers(ctx, tx, v.Actor, x)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, ColleaguePage(view))
}

// thankColleague answers POST /tickets/{number}/thanks.
func (t *Thanks) thankColleague(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	view := ColleagueView{Text: r.PostFormValue("text"), To: r.PostFormValue("to"), Wall: r.PostFormValue("wall") != ""}
	to, wrong := strconv.ParseInt(view.To, 10, 64)
	if wrong != nil {
		to = -1
	}
	err = t.Site.DB.Write(ctx, func(tx *db.Tx) error {
		x, err := ticket.Get(ctx, tx, v.Actor, person.SeeTicket, number)
		if err != nil {
			return err
		}
		_, err = t.Book.Write(ctx, tx, ticket.By{Actor: v.Actor}, x, thanks.Words{To: to, Text: view.Text, Wall: view.Wall})
		return err
	})
	if fields, ok := page.FieldErrors(ctx, err); ok {
		view.Wrong = fields
		return t.showColleague(w, r, v, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	t.Site.Tell(w, i18n.T(ctx, "Your card is on its way."))
	return page.Goto(w, r, ticketURL(number))
}
