package desk

import (
	"context"
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
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	if err := d.seenUpTo(r.Context(), v, number, r.PostFormValue("upto")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// seen answers GET /tickets/{number}/seen: a picture of nothing, which pages ask for in browsers without scripts only. It
// says what POST …/read says; getting it for another reason moves no more than the visitor's own mark.
func (d *Desk) seen(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err == nil {
		err = d.seenUpTo(r.Context(), v, number, r.URL.Query().Get("upto"))
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/gif")
	_, err = w.Write(emptyPicture)
	return err
}

// emptyPicture is a GIF of one pixel that nobody sees.
var emptyPicture = []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")

func (d *Desk) seenUpTo(ctx context.Context, v page.Visit, number int64, upto string) error {
	seq, err := strconv.ParseInt(upto, 10, 64)
	if err != nil {
		seq = 0 // nothing was seen, but whether there is such a ticket is still the answer
	}
	return d.Site.DB.Write(ctx, func(tx *db.Tx) error { return ticket.MarkRead(ctx, tx, v.Actor, number, seq) })
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
