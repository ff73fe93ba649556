package desk

import (
	"context"
	"net/http"
	"slices"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// takeBack answers POST /tickets/{number}/held/{id}/undo: an answer is not sent and stands in the composer again.
func (d *Desk) takeBack(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.changeHeld(w, r, v, d.Tickets.TakeBack)
}

// discard answers POST /tickets/{number}/held/{id}/discard: an answer that was taken back is thrown away.
func (d *Desk) discard(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.changeHeld(w, r, v, d.Tickets.DropHeld)
}

func (d *Desk) changeHeld(w http.ResponseWriter, r *http.Request, v page.Visit, change func(ctx context.Context, tx *db.Tx, by ticket.By, id, heldID int64) error) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error { return change(ctx, tx, by, number, id) })
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		d.Site.Warn(w, i18n.Print(r.Context(), f.Message))
		err = nil
	}
	if err != nil {
		return err
	}
	return page.Goto(w, r, returnTo(r, number)+"#composer")
}

// heldBy gives an answer that somebody took back.
func heldBy(ctx context.Context, tx *db.Tx, by ticket.By, number, id int64) (ticket.Held, bool, error) {
	all, err := ticket.HeldOf(ctx, tx, number, by.ID)
	if err != nil {
		return ticket.Held{}, false, err
	}
	for _, h := range all {
		if h.ID == id && h.TakenBack && h.AuthorID == by.ID {
			return h, true, nil
		}
	}
	return ticket.Held{}, false, nil
}

// keptFiles are the files of an answer that was taken back, field draft, which stay ticked in the field kept.
func (d *Desk) keptFiles(ctx context.Context, tx *db.Tx, by ticket.By, number int64, r *http.Request) ([]ticket.File, error) {
	id := idOf(r.PostFormValue("draft"))
	if id == 0 {
		return nil, nil
	}
	h, ok, err := heldBy(ctx, tx, by, number, id)
	if err != nil || !ok {
		return nil, err
	}
	var out []ticket.File
	for i, f := range h.Draft.Files {
		if slices.Contains(r.PostForm["kept"], decimal(int64(i))) {
			out = append(out, f)
		}
	}
	return out, nil
}

// repliedBefore is saidBefore for a reply, which may be held.
func repliedBefore(ctx context.Context, tx *db.Tx, by ticket.By, number int64, m ticket.Draft) (bool, error) {
	twice, err := saidBefore(ctx, tx, by, number, m, false)
	if err != nil || twice {
		return twice, err
	}
	all, err := ticket.HeldOf(ctx, tx, number, 0)
	for _, h := range all {
		if h.AuthorID == by.ID && h.Draft.Text == lines(m.Text) && tx.Now.Sub(h.HeldAt) <= twiceWithin &&
			slices.EqualFunc(h.Draft.Files, m.Files, func(a, b ticket.File) bool { return a.Ref == b.Ref }) {
			return true, nil
		}
	}
	return false, err
}

// showHeld puts the answers that are not given yet on the page of a ticket, and the newest one that the visitor
// took back into the composer.
func (d *Desk) showHeld(ctx context.Context, l *look, t ticket.Ticket, view *TicketView) error {
	all, err := ticket.HeldOf(ctx, l.tx, t.ID, l.visit.Actor.ID)
	if err != nil || len(all) == 0 {
		return err
	}
	authors := make([]int64, len(all))
	for i, h := range all {
		authors[i] = h.AuthorID
	}
	who, err := loadNames(ctx, l.tx, authors)
	if err != nil {
		return err
	}
	for _, h := range all {
		if h.TakenBack {
			view.Composer.takeHeld(h)
			continue
		}
		shown := Held{
			ID: h.ID, Author: who.full(h.AuthorID, d.Site.Name), Mine: h.AuthorID == l.visit.Actor.ID, Text: h.Draft.Text, To: orElse(view.Composer.FirstName, view.Composer.To),
			Then: string(h.NextStatus), GiveAt: h.GiveAt, Left: left(h.GiveAt),
		}
		if h.Draft.Recipients != nil {
			shown.To = heldLines(h.Draft.Recipients).all(ctx)
		}
		for _, f := range h.Draft.Files {
			shown.Files = append(shown.Files, KeptFile{Name: f.Name, Size: f.Ref.Size})
		}
		view.Held = append(view.Held, shown)
	}
	return nil
}

// left is how many seconds there are until a moment, rounded up.
func left(until clock.Instant) int {
	return max(int((until.Sub(clock.Now()).Milliseconds()+999)/1000), 0)
}

// takeHeld puts an answer that was taken back into the composer.
func (c *Composer) takeHeld(h ticket.Held) {
	c.Draft, c.Reply, c.ReplyHTML, c.Kept, c.Follow = h.ID, h.Draft.Text, h.Draft.HTML, nil, h.Draft.Follow
	if h.Draft.Recipients != nil {
		l := heldLines(h.Draft.Recipients)
		c.To, c.CC, c.BCC = l.To, l.CC, l.BCC
	}
	for _, f := range h.Draft.Files {
		c.Kept = append(c.Kept, KeptFile{Name: f.Name, Size: f.Ref.Size})
	}
}

// all names everybody in one line, as staff see it.
func (l addressLines) all(ctx context.Context) string {
	s := l.To
	if l.CC != "" {
		s = i18n.T(ctx, "{{.To}}, copy to {{.CC}}", "To", s, "CC", l.CC)
	}
	if l.BCC != "" {
		s = i18n.T(ctx, "{{.To}}, hidden copy to {{.BCC}}", "To", s, "BCC", l.BCC)
	}
	return s
}
