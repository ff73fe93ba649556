package desk

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// tags answers POST /tickets/{number}/tags: add puts tags on, several with commas between them; remove takes one off.
func (d *Desk) tags(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.setOr(w, r, v, func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, _ string) error {
		if _, err := ticket.Get(ctx, tx, v.Actor, person.ChangeTicket, number); err != nil {
			return err
		}
		have, err := ticket.Tags(ctx, tx, number)
		if err != nil {
			return err
		}
		gone := r.PostFormValue("remove")
		want := slices.DeleteFunc(have, func(t string) bool { return t == gone })
		return d.Tickets.SetTags(ctx, tx, by, number, append(want, strings.Split(r.PostFormValue("add"), ",")...))
	}, func(t *typed, message string) { t.tag, t.tagError = r.PostFormValue("add"), message })
}
