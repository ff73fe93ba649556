package desk

import (
	"net/http"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// markRead answers POST /tickets/{number}/read: the visitor has seen everything up to the message with the number in the
// field upto. Scripts send it when a message has really been on the screen.
func (d *Desk) markRead(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	return d.seenUpTo(w, r, v, r.PostFormValue("upto"))
}

// seen answers GET /tickets/{number}/seen: a picture of nothing, which pages ask for in browsers without scripts only. It
// says what POST …/read says; getting it for another reason moves no more than the visitor's own mark.
func (d *Desk) seen(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.seenUpTo(w, r, v, r.URL.Query().Get("upto"))
}

func (d *Desk) seenUpTo(w http.ResponseWriter, r *http.Request, v page.Visit, upto string) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	seq, _ := strconv.ParseInt(upto, 10, 64)
	err = d.Site.DB.Write(r.Context(), func(tx *db.Tx) error { return ticket.MarkRead(r.Context(), tx, v.Actor, number, seq) })
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

// markUnread answers POST /tickets/{number}/unread: the message with the number in the field from, and all after it, are
// new again; without the field, the last that somebody else wrote. It leads back to the list, for who puts a ticket
// back is done with it for now.
func (d *Desk) markUnread(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	from, _ := strconv.ParseInt(r.PostFormValue("from"), 10, 64)
	ctx := r.Context()
	err = d.Site.DB.Write(ctx, func(tx *db.Tx) error { return ticket.MarkUnread(ctx, tx, v.Actor, number, from) })
	if err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(ctx, "Ticket {{.Number}} is unread again.", "Number", number))
	return page.Goto(w, r, listOf(r, number))
}

// listOf is the address of the list that a ticket's page was opened from.
func listOf(r *http.Request, number int64) string {
	_, query, _ := strings.Cut(returnTo(r, number), "?")
	return readPlaceText(query).url()
}
