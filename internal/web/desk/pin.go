package desk

import (
	"context"
	"net/http"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// placeOfTicket is a ticket among the places where somebody was.
func placeOfTicket(number int64) person.Place {
	return person.Place{Kind: "ticket", Ref: strconv.FormatInt(number, 10)}
}

// pin answers POST /tickets/{number}/pin: the ticket stays at hand for whoever asks, or no longer (value "off").
func (d *Desk) pin(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.setOr(w, r, v, func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, value string) error {
		if _, err := ticket.Get(ctx, tx, by.Actor, person.SeeTicket, number); err != nil {
			return err
		}
		return person.Pin(ctx, tx, by.ID, placeOfTicket(number), value != "off")
	}, func(t *typed, message string) { t.other = message })
}
