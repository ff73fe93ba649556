package desk

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// splitPage answers GET /tickets/{number}/splits?message=ID.
func (d *Desk) splitPage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	return d.showSplit(w, r, v, number, SplitView{Message: idOf(r.URL.Query().Get("message"))})
}

// split answers POST /tickets/{number}/splits: the message with the id in "message", with rest=yes all after it too,
// becomes a ticket of its own with the subject in "subject".
func (d *Desk) split(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	off := ticket.Off{Message: idOf(r.PostFormValue("message")), Rest: r.PostFormValue("rest") == "yes", Subject: r.PostFormValue("subject")}
	var made ticket.Ticket
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) (err error) {
		made, err = d.Tickets.Split(ctx, tx, by, number, off)
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return d.showSplit(w, r, v, number, SplitView{Message: off.Message, Rest: off.Rest, Title: off.Subject, Error: wrong["message"] + wrong["subject"]})
	}
	if err != nil {
		return err
	}
	d.Site.TellUndo(w, i18n.T(ctx, "This is #{{.Number}} now, split off from #{{.From}}.", "Number", made.ID, "From", number), ticketAction(number, "splits/"+decimal(made.ID)+"/undo"))
	return page.Goto(w, r, ticketURL(made.ID))
}

// undoSplit answers POST /tickets/{number}/splits/{gone}/undo: what was split off becomes part of the ticket again.
func (d *Desk) undoSplit(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	off, err := page.Number(r, "gone")
	if err != nil {
		return err
	}
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
		if _, err := ticket.Get(ctx, tx, v.Actor, person.ChangeTicket, number); err != nil {
			return err
		}
		ours, err := db.Exists(ctx, tx, `SELECT 1 FROM ticket_relation WHERE ticket_id = $1 AND other_id = $2 AND kind = $3`, off, number, ticket.SplitFrom)
		if err != nil {
			return err
		}
		if !ours {
			return fault.Conflict(i18n.M("#{{.Number}} was not split off from this ticket.", "Number", off))
		}
		_, err = d.Tickets.Merge(ctx, tx, by, number, []int64{off})
		return err
	})
	if wrong, ok := page.FieldErrors(r.Context(), err); ok {
		d.Site.Warn(w, wrong["from"])
		return page.Goto(w, r, ticketURL(number))
	}
	if err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(r.Context(), "What was split off is back."))
	return page.Goto(w, r, ticketURL(number))
}

func (d *Desk) showSplit(w http.ResponseWriter, r *http.Request, v page.Visit, number int64, view SplitView) error {
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
		if view.Message == 0 { // the last one, for the key
			if view.Message, err = db.One[int64](ctx, l.tx, `SELECT coalesce(max(id), 0) FROM message WHERE ticket_id = $1 AND seq = $2`, t.ID, t.Messages); err != nil {
				return err
			}
		}
		m, err := ticket.MessageByID(ctx, l.tx, view.Message)
		if isNoRow(err) || err == nil && m.TicketID != t.ID {
			return fault.NotFound(i18n.M("There is no such message on this ticket."))
		}
		if err != nil {
			return err
		}
		names, err := loadNames(ctx, l.tx, []int64{m.AuthorID, t.RequesterID})
		view.Author, view.At, view.After = names.full(m.AuthorID, d.Site.Name), m.CreatedAt, int(t.Messages-m.Seq)
		view.Text = ticket.CleanSubject("", m.Text)
		view.Title = orElse(view.Title, view.Text)
		view.Asks = names.full(t.RequesterID, "")
		if m.Inbound {
			view.Asks = view.Author
		}
		return err
	})
	if err != nil {
		return err
	}
	status := http.StatusOK
	if view.Error != "" {
		status = http.StatusUnprocessableEntity
	}
	return d.show(w, r, v, status, view.Frame, SplitPage(view), nil)
}
