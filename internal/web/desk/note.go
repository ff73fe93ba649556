package desk

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// note answers POST /tickets/{number}/notes: what only staff see.
func (d *Desk) note(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, draft, err := d.draft(r)
	if err != nil {
		return err
	}
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
		if twice, err := saidBefore(ctx, tx, by, number, draft, true); err != nil || twice {
			return err
		}
		_, err := d.Tickets.Note(ctx, tx, by, number, draft)
		return err
	})
	if err != nil {
		return d.again(w, r, v, number, err, func(t *typed, message string) {
			t.note, t.noteError = r.PostFormValue("text"), message
			_, t.noteHTML = written(r, nil)
		})
	}
	return page.Goto(w, r, returnTo(r, number)+"#new")
}
