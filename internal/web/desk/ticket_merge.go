package desk

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// mergeForm is what was chosen on the page that joins tickets.
type mergeForm struct {
	numbers string   // as typed
	others  []string // chosen from those offered
	away    bool     // this ticket becomes part of the other, not the other way round
	agreed  bool     // that people of different organisations read each other
}

func readMergeForm(from url.Values) mergeForm {
	return mergeForm{numbers: from.Get("numbers"), others: from["other"], away: from.Get("keep") == "other", agreed: from.Get("agreed") != ""}
}

// all are the numbers that were typed and chosen.
func (f mergeForm) all() ([]int64, error) {
	ids, err := ticketNumbers(strings.Join(append(slices.Clone(f.others), f.numbers), " "))
	if err == nil && f.away && len(ids) != 1 {
		err = fault.Invalid(fault.F("from", i18n.M("This ticket can become part of one other: please choose just that one.")))
	}
	return ids, err
}

// ticketNumbers reads numbers as people write them, "#1043, 1044", or as addresses of tickets.
func ticketNumbers(typed string) (ids []int64, err error) {
	for _, word := range strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune(" ,;\t\r\n", r) }) {
		text := word
		if _, after, ok := strings.Cut(word, "/tickets/"); ok {
			text = after[:digits(after)]
		}
		id, err := strconv.ParseInt(strings.TrimPrefix(text, "#"), 10, 64)
		if err != nil || id <= 0 {
			return nil, fault.Invalid(fault.F("from", i18n.M("“{{.Text}}” is not the number of a ticket. One looks like 1042.", "Text", cutShort(word, 40))))
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// noNumber says that a field for a number is empty.
var noNumber = fault.Invalid(fault.F("other", i18n.M("Please write the number of a ticket.")))

// mergePage answers GET /tickets/{number}/merges.
func (d *Desk) mergePage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	return d.showMerge(w, r, v, number, readMergeForm(r.URL.Query()), "", nil)
}

// mergeTickets answers POST /tickets/{number}/merges: the tickets with the numbers typed in "numbers" and chosen in
// "other" become part of this one, or with keep=other this one becomes part of them. Before people of different
// organisations read each other, "agreed" must say so.
func (d *Desk) mergeTickets(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	form, ctx := readMergeForm(r.PostForm), r.Context()
	var done ticket.Merge
	var circles []string
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
		if _, err := ticket.Get(ctx, tx, v.Actor, person.ChangeTicket, number); err != nil {
			return err
		}
		ids, err := form.all()
		if err != nil {
			return err
		}
		into := number
		if form.away {
			into, ids = ids[0], []int64{number}
		}
		if circles, err = ticket.Circles(ctx, tx, append(slices.Clone(ids), into)); err != nil {
			return err
		}
		done, err = d.Tickets.Merge(ctx, tx, by, into, ids)
		if form.away && fault.Is(err, fault.KindNotFound) {
			err = fault.Invalid(fault.F("from", i18n.M("There is no ticket {{.Number}}.", "Number", into)))
		}
		if err == nil && circles != nil && !form.agreed {
			return errNotAgreed
		}
		return err
	})
	if err == errNotAgreed {
		return d.showMerge(w, r, v, number, form, "", circles)
	}
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return d.showMerge(w, r, v, number, form, wrong["from"], nil)
	}
	if err != nil {
		return err
	}
	text := i18n.T(ctx, "#{{.Number}} is part of #{{.Into}} now.", "Number", done.Gone[0], "Into", done.Into.ID)
	if n := len(done.Gone); n > 1 {
		text = i18n.N(ctx, "{{.Count}} ticket is part of #{{.Into}} now.", "{{.Count}} tickets are part of #{{.Into}} now.", n, "Into", done.Into.ID)
	}
	d.Site.TellUndo(w, text, unmergeURL(done.Into.ID, done.Gone...))
	return page.Goto(w, r, ticketURL(done.Into.ID))
}

// errNotAgreed undoes a merge that somebody has to agree to first.
var errNotAgreed = fault.Conflict(i18n.M("People of different organisations would read each other’s messages."))

func unmergeURL(kept int64, gone ...int64) string {
	list := make([]string, len(gone))
	for i, id := range gone {
		list[i] = decimal(id)
	}
	return ticketAction(kept, "merges/"+strings.Join(list, ",")+"/undo")
}

// undoMergeTickets answers POST /tickets/{number}/merges/{gone}/undo; gone is one number, or several with commas.
func (d *Desk) undoMergeTickets(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	gone, err := ticketNumbers(r.PathValue("gone"))
	if err != nil || len(gone) == 0 {
		return ticket.NotFound(number)
	}
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
		if _, err := ticket.Get(ctx, tx, v.Actor, person.ChangeTicket, number); err != nil {
			return err
		}
		for _, id := range slices.Backward(gone) {
			if _, err := d.Tickets.UndoMerge(ctx, tx, by, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return d.again(w, r, v, number, err, func(t *typed, message string) { t.other = message })
	}
	ctx := r.Context()
	text := i18n.T(ctx, "#{{.Number}} is a ticket of its own again.", "Number", gone[0])
	if len(gone) > 1 {
		text = i18n.N(ctx, "{{.Count}} ticket is one of its own again.", "{{.Count}} tickets are their own again.", len(gone))
	}
	d.Site.Tell(w, text)
	if from, err := url.Parse(r.Referer()); err == nil && from.Path == ticketURL(gone[0]) {
		return page.Goto(w, r, ticketURL(gone[0]))
	}
	return page.Goto(w, r, returnTo(r, number))
}

// Tickets of the requester that are offered for joining.
const mergeOffers = 8

func (d *Desk) showMerge(w http.ResponseWriter, r *http.Request, v page.Visit, number int64, form mergeForm, wrong string, circles []string) error {
	ctx := r.Context()
	var view MergeView
	err := d.read(ctx, v, func(l *look) error {
		t, err := ticket.Get(ctx, l.tx, v.Actor, person.ChangeTicket, number)
		if err != nil {
			return err
		}
		view = MergeView{Number: t.ID, Subject: t.Subject, Numbers: form.numbers, Error: wrong, Away: form.away, Circles: circles}
		if view.Frame, err = d.frame(ctx, l, ""); err != nil {
			return err
		}
		p, err := person.Get(ctx, l.tx, t.RequesterID)
		if err != nil {
			return err
		}
		view.Requester = orElse(p.Name, p.Address)
		view.Offers, err = ticketsOf(ctx, l, t.RequesterID, t.ID, mergeOffers)
		if err != nil {
			return err
		}
		view.Chosen = form.others
		view.Named, err = chosenElsewhere(ctx, l, number, view)
		return err
	})
	if err != nil {
		return err
	}
	status := http.StatusOK
	if wrong != "" || circles != nil {
		status = http.StatusUnprocessableEntity
	}
	return d.show(w, r, v, status, view.Frame, MergePage(view), nil)
}

// chosenElsewhere are the tickets that were chosen elsewhere, beside those that the page offers by itself.
func chosenElsewhere(ctx context.Context, l *look, but int64, v MergeView) (out []EarlierTicket, err error) {
	for _, text := range v.Chosen {
		id := idOf(text)
		if id == but || slices.ContainsFunc(v.Offers, func(t EarlierTicket) bool { return t.Number == id }) {
			continue
		}
		t, err := ticket.Get(ctx, l.tx, l.visit.Actor, person.SeeTicket, id)
		if fault.Is(err, fault.KindNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, EarlierTicket{Number: t.ID, Subject: t.Subject, Status: string(t.Status), At: t.CreatedAt})
	}
	return out, nil
}

func cutShort(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}
