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

// sendAgain answers POST /tickets/{number}/deliveries/{id}/again.
func (d *Desk) sendAgain(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
		if _, err := ticket.Get(ctx, tx, v.Actor, person.ChangeTicket, number); err != nil {
			return err
		}
		ours, err := db.Exists(ctx, tx, `SELECT 1 FROM delivery WHERE id = $1 AND ticket_id = $2`, id, number)
		if err != nil {
			return err
		}
		if !ours || d.SendAgain == nil {
			return fault.NotFound(i18n.M("There is no such mail."))
		}
		return d.SendAgain(ctx, tx, by, id)
	})
	if err != nil {
		return err
	}
	return page.Goto(w, r, returnTo(r, number))
}
