package desk

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

const undeliveredURL = "/undelivered"

// How many mails stand on one page, and how many of those that are tried again by themselves.
const (
	undeliveredRows = 30
	lateRows        = 20
)

// undelivered answers GET /undelivered: the mails that did not arrive, of tickets that the visitor may see.
func (d *Desk) undelivered(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.showUndelivered(w, r, v, http.StatusOK, UndeliveredView{})
}

func (d *Desk) showUndelivered(w http.ResponseWriter, r *http.Request, v page.Visit, status int, view UndeliveredView) error {
	if d.Post == nil {
		return fault.NotFound(i18n.M("There is no such mail."))
	}
	before := readDeadCursor(r.URL.Query().Get("before"))
	err := d.read(r.Context(), v, func(l *look) (err error) {
		ctx := r.Context()
		if view.Frame, err = d.frame(ctx, l, undeliveredURL); err != nil {
			return err
		}
		dead, err := d.Post.DeadLetters(ctx, l.tx, v.Actor, before, undeliveredRows+1)
		if err != nil {
			return err
		}
		if len(dead) > undeliveredRows {
			dead = dead[:undeliveredRows]
			last := dead[len(dead)-1]
			view.Pages.Older = undeliveredURL + "?before=" + decimal(int64(last.NextAt)) + "-" + decimal(last.ID)
		}
		if before != (mailbox.DeadCursor{}) {
			view.Pages.Newer = undeliveredURL
		}
		alike := map[string]int{}
		for _, x := range dead {
			alike[x.Reason]++
		}
		for _, x := range dead {
			row := undeliveredRow(x)
			row.Alike = alike[x.Reason] > 1
			alike[x.Reason] = 0 // the button stands at the first of them
			view.Failed = append(view.Failed, row)
		}
		late, err := d.Post.LateLetters(ctx, l.tx, v.Actor, lateRows)
		for _, x := range late {
			view.Late = append(view.Late, undeliveredRow(x))
		}
		return err
	})
	if err != nil {
		return err
	}
	return d.show(w, r, v, status, view.Frame, UndeliveredPage(view), pieces{"undelivered": undeliveredFragment(view)})
}

func undeliveredRow(x mailbox.DeadLetter) Undelivered {
	return Undelivered{
		ID: x.ID, Number: x.TicketID, Subject: x.Subject, Name: x.Name, Address: x.Address, Author: x.AuthorName,
		Why: strings.TrimRight(x.Error, "."), At: x.NextAt, Attempts: x.Attempts,
	}
}

// readDeadCursor reads "1795312345678-42"; anything else is the start.
func readDeadCursor(s string) (c mailbox.DeadCursor) {
	at, id, _ := strings.Cut(s, "-")
	ms, err := strconv.ParseInt(at, 10, 64)
	n, wrong := strconv.ParseInt(id, 10, 64)
	if err != nil || wrong != nil || ms <= 0 || n <= 0 {
		return c
	}
	return mailbox.DeadCursor{At: clock.Instant(ms), ID: n}
}

// undeliveredAgain answers POST /undelivered/{id}/again: sends one mail again, or with the field "alike" all that were
// given up for the same reason.
func (d *Desk) undeliveredAgain(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	return d.changeUndelivered(w, r, v, func(ctx context.Context, tx *db.Tx, by ticket.By, id int64) (string, error) {
		if r.PostFormValue("alike") == "" {
			return i18n.T(ctx, "It is sent again now."), d.Post.SendAgain(ctx, tx, by.Actor, id)
		}
		n, more, err := d.Post.SendAlikeAgain(ctx, tx, by.Actor, id)
		said := i18n.N(ctx, "{{.Count}} mail is sent again now.", "{{.Count}} mails are sent again now.", n)
		if more {
			said += " " + i18n.T(ctx, "There are more of them: press the button once more.")
		}
		return said, err
	})
}

// undeliveredTo answers POST /undelivered/{id}/address: sends a mail to another address.
func (d *Desk) undeliveredTo(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	return d.changeUndelivered(w, r, v, func(ctx context.Context, tx *db.Tx, by ticket.By, id int64) (string, error) {
		address := strings.TrimSpace(r.PostFormValue("address"))
		return i18n.T(ctx, "It is sent to {{.Address}} now.", "Address", address), d.Post.SendTo(ctx, tx, by.Actor, id, address)
	})
}

func (d *Desk) changeUndelivered(w http.ResponseWriter, r *http.Request, v page.Visit, change func(ctx context.Context, tx *db.Tx, by ticket.By, id int64) (string, error)) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if d.Post == nil {
		return fault.NotFound(i18n.M("There is no such mail."))
	}
	ctx := r.Context()
	said := ""
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) (err error) {
		said, err = change(ctx, tx, by, id)
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return d.showUndelivered(w, r, v, http.StatusUnprocessableEntity, UndeliveredView{WrongID: id, Wrong: wrong["address"], Typed: r.PostFormValue("address")})
	}
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		d.Site.Warn(w, i18n.Print(ctx, f.Message))
		return page.Goto(w, r, undeliveredURL)
	}
	if err != nil {
		return err
	}
	d.Site.Tell(w, said)
	return page.Goto(w, r, undeliveredURL)
}

// undeliveredLink is the way to the mails that did not arrive, where there are any.
func (d *Desk) undeliveredLink(ctx context.Context, l *look, here bool) ([]page.NavLink, error) {
	if d.Post == nil {
		return nil, nil
	}
	n, err := d.Post.CountDead(ctx, l.tx, l.visit.Actor)
	if err != nil || (n == 0 && !here) {
		return nil, err
	}
	link := page.NavLink{Label: i18n.T(ctx, "Not delivered"), URL: undeliveredURL, Count: n, Here: here}
	if n >= mailbox.DeadBound {
		link.Count, link.More = mailbox.DeadBound-1, true
	}
	return []page.NavLink{link}, nil
}

func undeliveredAction(id int64, what string) string {
	return undeliveredURL + "/" + decimal(id) + "/" + what
}

// UndeliveredView is the page of mails that did not arrive.
type UndeliveredView struct {
	Frame  Frame
	Failed []Undelivered
	// Late are tried again by themselves.
	Late  []Undelivered
	Pages ui.Pages
	// WrongID is the mail whose new address was wrong, Wrong says why, Typed is what was typed.
	WrongID      int64
	Wrong, Typed string
}

// Undelivered is a mail that did not arrive.
type Undelivered struct {
	ID     int64
	Number int64
	// Subject is the ticket's; Name and Address are the recipient's; Author wrote it, "" for the desk itself.
	Subject, Name, Address, Author string
	// Why says in words why it did not arrive, without a full stop.
	Why string
	// At is when it was given up, or is tried again.
	At       clock.Instant
	Attempts int
	// Alike says that there are others with the same reason, and that this is the first of them.
	Alike bool
}
