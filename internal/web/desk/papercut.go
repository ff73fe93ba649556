package desk

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// papercutRoutes are the addresses of something small that is noted beside a ticket.
func papercutRoutes(d *Desk) []page.Route {
	return []page.Route{
		{Pattern: "GET /tickets/{number}/papercut", Handle: d.papercutPage},
		{Pattern: "POST /tickets/{number}/papercut", Handle: d.notePapercut},
	}
}

// papercutPage answers GET /tickets/{number}/papercut.
func (d *Desk) papercutPage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.showPapercut(w, r, v, http.StatusOK, PapercutView{Theirs: true})
}

// notePapercut answers POST /tickets/{number}/papercut: "text" is a sentence, "same" one that is known; with "theirs" it is the requester's,
// who is told when it is gone, else the agent's own.
func (d *Desk) notePapercut(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	view := PapercutView{Text: r.PostFormValue("text"), Theirs: r.PostFormValue("theirs") != ""}
	var said papercut.Result
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
		t, err := ticket.Get(ctx, tx, by.Actor, person.SeeTicket, number)
		if err != nil {
			return err
		}
		who := papercut.Who{Person: by.Actor.ID}
		if view.Theirs {
			who.Person = t.RequesterID
		}
		s := papercut.Said{Text: view.Text, How: papercut.ByTicket, Ticket: t.ID, Team: t.TeamID, Private: t.TeamPrivate, By: by.Actor.ID}
		if same := idOf(r.PostFormValue("same")); same != 0 {
			said, err = d.Papercuts.Join(ctx, tx, by.Actor, who, same, s)
		} else {
			said, err = d.Papercuts.Say(ctx, tx, who, s)
		}
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		view.TextError = wrong["text"]
		return d.showPapercut(w, r, v, http.StatusUnprocessableEntity, view)
	}
	if f, ok := fault.Of(err); ok && (f.Kind == fault.KindConflict || f.Kind == fault.KindLimited) {
		view.TextError = i18n.Print(ctx, f.Message)
		return d.showPapercut(w, r, v, http.StatusConflict, view)
	}
	if err != nil {
		return err
	}
	d.Site.Tell(w, i18n.N(ctx, "Noted as a papercut: {{.Count}} person said so. No ticket, no answer owed.", "Noted as a papercut: {{.Count}} people said so. No ticket, no answer owed.", said.People))
	return page.Goto(w, r, ticketURL(number))
}

func (d *Desk) showPapercut(w http.ResponseWriter, r *http.Request, v page.Visit, status int, view PapercutView) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	ctx := r.Context()
	err = d.read(ctx, v, func(l *look) error {
		t, err := ticket.Get(ctx, l.tx, v.Actor, person.SeeTicket, number)
		if err != nil {
			return err
		}
		view.Number, view.Subject = t.ID, t.Subject
		if view.Frame, err = d.frame(ctx, l, ""); err != nil {
			return err
		}
		if view.Requester, err = requesterName(ctx, l.tx, t.RequesterID); err != nil {
			return err
		}
		view.Like, err = papercut.LikeText(ctx, l.tx, v.Actor, t.Subject+" "+view.Text, t.TeamID, t.TeamPrivate, 5)
		return err
	})
	if err != nil {
		return err
	}
	return d.show(w, r, v, status, view.Frame, PapercutPage(view), nil)
}

func requesterName(ctx context.Context, tx *db.Tx, id int64) (string, error) {
	p, err := person.Get(ctx, tx, id)
	return orElse(p.Name, p.Address), err
}
