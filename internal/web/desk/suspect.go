package desk

import (
	"context"
	"math"
	"net/http"
	"net/url"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// suspectView is the key of the list of what may be spam.
const suspectView = "suspect"

// judge answers POST /tickets/{number}/suspicion; the value is "spam" or "wanted". Who sent the form from the list goes
// on there.
func (d *Desk) judge(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	value, ctx := r.PostFormValue("value"), r.Context()
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
		switch value {
		case "spam":
			return d.Tickets.MarkSpam(ctx, tx, by, number)
		case "wanted":
			return d.Tickets.MarkWanted(ctx, tx, by, number)
		}
		if _, err := ticket.Get(ctx, tx, v.Actor, person.ChangeTicket, number); err != nil {
			return err
		}
		return fault.Invalid(fault.F("value", i18n.M("Please choose one of: {{.Values}}.", "Values", "spam, wanted")))
	})
	if err != nil {
		return d.again(w, r, v, number, err, func(t *typed, message string) { t.other = message })
	}
	from, err := url.Parse(r.Referer())
	if err != nil || from.Path != "/tickets" || from.Host != r.Host {
		return page.Goto(w, r, returnTo(r, number))
	}
	said := i18n.T(ctx, "#{{.Number}} is wanted, and now among the others. Mail of this sender is not put aside any more.", "Number", number)
	if value == "spam" {
		said = i18n.T(ctx, "#{{.Number}} is spam, and closed. It can be found by its number or with is:spam.", "Number", number)
	}
	d.Site.Tell(w, said)
	return page.Goto(w, r, readPlace(from.Query()).url())
}

// aside tells why a ticket is set aside, nil for one that is not.
func (d *Desk) aside(ctx context.Context, l *look, t ticket.Ticket) (*Aside, error) {
	if !t.Turn.Doubtful() {
		return nil, nil
	}
	a := &Aside{Spam: t.Turn == ticket.Spam}
	if d.Suspicion == nil {
		return a, nil
	}
	score, why, err := d.Suspicion(ctx, l.tx, t.ID)
	a.Percent = int(math.Floor(score * 100))
	for _, text := range why {
		a.Why = append(a.Why, i18n.Print(ctx, text))
	}
	return a, err
}

// suspicionWords tells of the guess and of what people said of it.
func suspicionWords(ctx context.Context, e ticket.Event, name string) string {
	switch {
	case e.Cause == mailbox.CauseBlocked:
		return i18n.T(ctx, "Its sender is blocked, so it is spam")
	case e.ToValue == string(ticket.Suspect):
		return i18n.T(ctx, "It looked like spam and was put aside")
	case e.ToValue == string(ticket.Spam):
		return i18n.T(ctx, "{{.Name}} said that it is spam", "Name", name)
	}
	return i18n.T(ctx, "{{.Name}} said that it is not spam", "Name", name)
}
