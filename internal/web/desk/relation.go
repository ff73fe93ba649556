package desk

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// relate answers POST /tickets/{number}/relations: the ticket with the number in "other" is to this one what "kind" says.
func (d *Desk) relate(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.setOr(w, r, v, func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, _ string) error {
		ids, err := ticketNumbers(r.PostFormValue("other"))
		if err == nil && len(ids) == 0 {
			err = noNumber
		}
		for _, id := range ids {
			if err == nil {
				err = d.Tickets.Link(ctx, tx, by, number, id, orElse(r.PostFormValue("kind"), ticket.RelatedTo))
			}
		}
		return err
	}, func(t *typed, message string) {
		t.link, t.linkKind, t.linkError = r.PostFormValue("other"), r.PostFormValue("kind"), message
	})
}

// unrelate answers POST /tickets/{number}/relations/removal, with the same fields.
func (d *Desk) unrelate(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.set(w, r, v, func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, _ string) error {
		return d.Tickets.Unlink(ctx, tx, by, number, idOf(r.PostFormValue("other")), r.PostFormValue("kind"))
	})
}

// solveChildren answers POST /tickets/{number}/children/solution.
func (d *Desk) solveChildren(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	var solved []int64
	return d.set(w, r, v, func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, _ string) (err error) {
		solved, err = d.Tickets.SolveChildren(ctx, tx, by, number)
		if err == nil && len(solved) > 0 {
			d.Site.Tell(w, i18n.N(r.Context(), "{{.Count}} ticket is solved too.", "{{.Count}} tickets are solved too.", len(solved)))
		}
		return err
	})
}

// LinkedTicket is a ticket that is linked with the one shown.
type LinkedTicket struct {
	EarlierTicket
	Kind string
	Open bool
}

func links(ctx context.Context, l *look, t ticket.Ticket) ([]LinkedTicket, error) {
	all, err := ticket.Links(ctx, l.tx, l.visit.Actor, t.ID)
	out := make([]LinkedTicket, 0, len(all))
	for _, x := range all {
		out = append(out, LinkedTicket{EarlierTicket: EarlierTicket{Number: x.ID, Subject: x.Subject, Status: string(x.Status), At: x.CreatedAt}, Kind: x.As, Open: x.IsOpen})
	}
	return out, err
}

// openChildren counts the children that are not done, for a parent that is.
func (v TicketView) openChildren() (n int) {
	if !v.done() {
		return 0
	}
	for _, l := range v.Side.Links {
		if l.Kind == ticket.Child && l.Open {
			n++
		}
	}
	return n
}

// removable tells whether a link was made by somebody, and can be taken off.
func (l LinkedTicket) removable() bool {
	return l.Kind != ticket.SplitFrom && l.Kind != ticket.SplitInto
}

// linkWord says what a linked ticket is.
func linkWord(ctx context.Context, kind string) string {
	switch kind {
	case ticket.Parent:
		return i18n.T(ctx, "parent")
	case ticket.Child:
		return i18n.T(ctx, "child")
	case ticket.DuplicateOf:
		return i18n.T(ctx, "this is a duplicate of")
	case ticket.DuplicatedBy:
		return i18n.T(ctx, "duplicate of this")
	case ticket.SplitFrom:
		return i18n.T(ctx, "split off from")
	case ticket.SplitInto:
		return i18n.T(ctx, "split off from this")
	}
	return i18n.C(ctx, "link", "related")
}

func linkChoices(ctx context.Context, chosen string) []ui.Choice {
	return choicesOf(ctx, ticket.LinkKinds(), chosen, linkWord)
}

// relatedWords tells of a link made or taken off.
func relatedWords(ctx context.Context, e ticket.Event, name, which string) string {
	switch {
	case e.Cause == ticket.Quotes:
		return ""
	case e.FromValue != "":
		return i18n.T(ctx, "{{.Name}} took off the link with {{.Ticket}}", "Name", name, "Ticket", which)
	case e.Cause == ticket.Parent:
		return i18n.T(ctx, "{{.Name}} made {{.Ticket}} the parent of this", "Name", name, "Ticket", which)
	case e.Cause == ticket.Child:
		return i18n.T(ctx, "{{.Name}} made {{.Ticket}} a child of this", "Name", name, "Ticket", which)
	case e.Cause == ticket.DuplicateOf:
		return i18n.T(ctx, "{{.Name}} marked this as a duplicate of {{.Ticket}}", "Name", name, "Ticket", which)
	case e.Cause == ticket.DuplicatedBy:
		return i18n.T(ctx, "{{.Name}} marked {{.Ticket}} as a duplicate of this", "Name", name, "Ticket", which)
	}
	return i18n.T(ctx, "{{.Name}} linked this with {{.Ticket}}", "Name", name, "Ticket", which)
}
