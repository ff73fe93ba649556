package desk

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// block answers POST /tickets/{number}/block.
func (d *Desk) block(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if d.Post == nil {
		return fault.NotFound(i18n.M("No mail comes in here."))
	}
	address := ""
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) (err error) {
		address, err = d.Post.Block(ctx, tx, by, number, v.Remote)
		return err
	})
	if err != nil {
		return err
	}
	d.Site.TellUndo(w, i18n.T(r.Context(), "Mail from {{.Address}} is spam from now on. This ticket stays as it is.", "Address", address), ticketAction(number, "unblock"))
	return page.Goto(w, r, returnTo(r, number))
}

// unblock answers POST /tickets/{number}/unblock.
func (d *Desk) unblock(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if d.Post == nil {
		return fault.NotFound(i18n.M("No mail comes in here."))
	}
	address := ""
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) (err error) {
		address, err = d.Post.UnblockOf(ctx, tx, by, number, v.Remote)
		return err
	})
	if err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(r.Context(), "Mail from {{.Address}} comes in like any other again.", "Address", address))
	return page.Goto(w, r, returnTo(r, number))
}
