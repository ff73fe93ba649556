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

// trash answers POST /tickets/{number}/trash.
func (d *Desk) trash(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	next, err := d.afterwards(r, v, number)
	if err != nil {
		return err
	}
	if err := d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error { return d.Tickets.Trash(ctx, tx, by, number) }); err != nil {
		return err
	}
	d.Site.TellUndo(w, i18n.T(r.Context(), "#{{.Number}} is in the trash.", "Number", number), ticketAction(number, "restore"))
	return page.Goto(w, r, next)
}

// restore answers POST /tickets/{number}/restore.
func (d *Desk) restore(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if err := d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
		return d.Tickets.Restore(ctx, tx, by, number)
	}); err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(r.Context(), "#{{.Number}} is back from the trash.", "Number", number))
	return page.Goto(w, r, returnTo(r, number))
}

// purge answers POST /tickets/{number}/purge, which cannot be undone: the field sure must be set.
func (d *Desk) purge(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
		if _, err := ticket.Get(ctx, tx, v.Actor, person.PurgeTicket, number); err != nil {
			return err
		}
		if r.PostFormValue("sure") == "" {
			return fault.Invalid(fault.F("sure", i18n.M("Please tick that you are sure: nothing brings it back.")))
		}
		_, err := d.Tickets.Purge(ctx, tx, by, number)
		return err
	})
	if err != nil {
		return d.again(w, r, v, number, err, func(t *typed, message string) { t.other = message })
	}
	d.Site.Tell(w, i18n.T(ctx, "#{{.Number}} is deleted for good.", "Number", number))
	return page.Goto(w, r, "/tickets?view=trash")
}

// trashWords tells that a ticket was thrown away, or came back.
func trashWords(ctx context.Context, e ticket.Event, name string) string {
	switch {
	case e.ToValue == string(ticket.Trash):
		return i18n.T(ctx, "{{.Name}} threw it away", "Name", name)
	case e.Cause == ticket.RestoredByAnswer:
		return i18n.T(ctx, "The answer brought it back from the trash")
	}
	return i18n.T(ctx, "{{.Name}} brought it back from the trash", "Name", name)
}
