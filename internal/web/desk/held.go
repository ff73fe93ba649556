package desk

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// takeBack answers POST /tickets/{number}/held/{id}/undo: an answer is not sent and is a draft again, before what its sender
// has begun to write since.
func (d *Desk) takeBack(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, id, err := numberAndID(r)
	if err != nil {
		return err
	}
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
		h, err := d.Tickets.TakeBack(ctx, tx, by, number, id)
		if err != nil {
			return err
		}
		return draftAgain(ctx, tx, by, h)
	})
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		d.Site.Warn(w, i18n.Print(r.Context(), f.Message))
		err = nil
	}
	if err != nil {
		return err
	}
	return page.Goto(w, r, returnTo(r, number)+"#composer")
}

// draftAgain makes a draft of an answer that was taken back.
func draftAgain(ctx context.Context, tx *db.Tx, by ticket.By, h ticket.Held) error {
	place := draft.Place{TicketID: h.TicketID}
	since, err := keptDraft(ctx, tx, by, place)
	if err != nil {
		return err
	}
	c := draft.Content{Text: h.Draft.Text, HTML: h.Draft.HTML, Follow: h.Draft.Follow, TakenBack: true, Version: since.Version, Writer: since.Writer}
	if strings.TrimSpace(since.Text) != "" {
		if c.HTML != "" || since.HTML != "" {
			c.HTML = orElse(c.HTML, textAsHTML(c.Text)) + orElse(since.HTML, textAsHTML(since.Text))
		}
		c.Text += "\n\n" + since.Text
	}
	if h.Draft.Recipients != nil {
		l := heldLines(h.Draft.Recipients)
		c.Addressed, c.To, c.CC, c.BCC = true, l.To, l.CC, l.BCC
	}
	if _, err := draft.Save(ctx, tx, by.Actor, place, c); err != nil {
		return err
	}
	if len(h.Draft.Files) == 0 {
		return nil
	}
	_, err = draft.AddFiles(ctx, tx, by.Actor, place, h.Draft.Files)
	return err
}

// repliedBefore is saidBefore for a reply, which may be held.
func repliedBefore(ctx context.Context, tx *db.Tx, by ticket.By, number int64, m ticket.Draft, anyFiles bool) (bool, error) {
	twice, err := saidBefore(ctx, tx, by, number, m, false, anyFiles)
	if err != nil || twice {
		return twice, err
	}
	all, err := ticket.HeldOf(ctx, tx, number)
	for _, h := range all {
		if h.SenderID == by.ID && h.Draft.Text == lines(m.Text) && tx.Now.Sub(h.HeldAt) <= twiceWithin &&
			(anyFiles || slices.EqualFunc(h.Draft.Files, m.Files, func(a, b ticket.File) bool { return a.Ref == b.Ref })) {
			return true, nil
		}
	}
	return false, err
}

// showHeld puts the answers that are not given yet on the page of a ticket.
func (d *Desk) showHeld(ctx context.Context, l *look, t ticket.Ticket, view *TicketView) error {
	all, err := ticket.HeldOf(ctx, l.tx, t.ID)
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
		shown := Held{
			ID: h.ID, Author: who.full(h.AuthorID, d.Site.Name), Mine: h.SenderID == l.visit.Actor.ID, Text: h.Draft.Text, To: orElse(view.Composer.FirstName, view.Composer.To),
			Then: string(h.NextStatus), GiveAt: h.GiveAt, Left: left(h.GiveAt),
		}
		shown.Mail = writtenBody("h"+decimal(h.ID), h.Draft.Text, h.Draft.HTML, nil)
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
