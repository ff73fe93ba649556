package desk

import (
	"context"
	"net/http"
	"strconv"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// tellRoutes are the addresses of what the requester is told about what goes on behind the scenes.
func tellRoutes(d *Desk) []page.Route {
	return []page.Route{
		{Pattern: "GET /tickets/{number}/tellings", Handle: d.tellPage},
		{Pattern: "POST /tickets/{number}/tellings", Handle: d.tell},
		{Pattern: "POST /tickets/{number}/tellings/{id}/removal", Handle: d.untell},
	}
}

// tellPage answers GET /tickets/{number}/tellings, with ?message= the id of the note that it is about.
func (d *Desk) tellPage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	return d.showTell(w, r, v, number, TellView{Message: idOf(r.URL.Query().Get("message"))})
}

// tell answers POST /tickets/{number}/tellings: the requester reads "text"; "news" is by when they hear something again, in the agent's
// zone, and "" for no promise. Either is enough.
func (d *Desk) tell(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	view := TellView{Message: idOf(r.PostFormValue("message")), Text: r.PostFormValue("text"), News: r.PostFormValue("news"), typed: true}
	due := readMoment(ctx, view.News)
	if due == 0 && view.News != "" {
		err = fault.Invalid(fault.F("news", i18n.M("Please choose a day and a time.")))
	} else {
		err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
			if view.Text != "" || due == 0 {
				if err := d.Tickets.Tell(ctx, tx, by, number, ticket.Telling{Text: view.Text, MessageID: view.Message}); err != nil {
					return err
				}
			}
			// The hook that keeps a promise when something is told runs at the end, before which the new one must not stand.
			tx.BeforeCommit(func() error { return d.Tickets.PromiseNews(ctx, tx, by, number, due) })
			return nil
		})
	}
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		view.TextError, view.NewsError = wrong["text"], wrong["news"]
		return d.showTell(w, r, v, number, view)
	}
	if err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(ctx, "The requester sees it on their page."))
	return page.Goto(w, r, ticketURL(number))
}

// untell answers POST /tickets/{number}/tellings/{id}/removal.
func (d *Desk) untell(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.set(w, r, v, func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, _ string) error {
		event, err := page.Number(r, "id")
		if err != nil {
			return err
		}
		return d.Tickets.Untell(ctx, tx, by, number, event)
	})
}

func (d *Desk) showTell(w http.ResponseWriter, r *http.Request, v page.Visit, number int64, view TellView) error {
	ctx := r.Context()
	err := d.read(ctx, v, func(l *look) error {
		t, err := ticket.Get(ctx, l.tx, v.Actor, person.ChangeTicket, number)
		if err != nil {
			return err
		}
		view.Number, view.Subject = t.ID, t.Subject
		if view.Frame, err = d.frame(ctx, l, ""); err != nil {
			return err
		}
		news, err := ticket.NewsOf(ctx, l.tx, t.ID)
		if err != nil {
			return err
		}
		if !view.typed && news.DueAt > l.tx.Now {
			view.News = news.DueAt.Time().In(i18n.ZoneOf(ctx)).Format(momentForm)
		}
		if view.Message == 0 {
			return nil
		}
		m, err := ticket.MessageByID(ctx, l.tx, view.Message)
		if isNoRow(err) || err == nil && (m.TicketID != t.ID || !m.Internal) {
			return fault.NotFound(i18n.M("There is no such note on this ticket."))
		}
		view.Note = m.Text
		return err
	})
	if err != nil {
		return err
	}
	status := http.StatusOK
	if view.TextError+view.NewsError != "" {
		status = http.StatusUnprocessableEntity
	}
	return d.show(w, r, v, status, view.Frame, TellPage(view), nil)
}

// newsWords say what was promised; From and To are moments in milliseconds.
func newsWords(ctx context.Context, e ticket.Event, name string) string {
	at, _ := strconv.ParseInt(e.ToValue, 10, 64)
	if at == 0 {
		return i18n.T(ctx, "{{.Name}} promises no news any more", "Name", name)
	}
	return i18n.T(ctx, "{{.Name}} promised the requester news by {{.When}}", "Name", name, "When", i18n.DateTime(ctx, clock.Instant(at)))
}
