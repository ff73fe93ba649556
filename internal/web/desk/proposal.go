package desk

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// Proposal is something that a mail would like and that nobody proved: that somebody gets copies, or that the requester's
// answers go to another address.
type Proposal struct {
	ID      int64
	Answers bool // answers are wanted at Address; else copies are
	Address string
	Name    string // as the mail had it, or ""
	ByID    int64  // who wrote the mail, as far as it says
	// By is that person's name; URL is posted to with the answer.
	By, URL string
}

// words asks the question that a proposal is.
func (p Proposal) words(ctx context.Context) string {
	who := p.Address
	if p.Name != "" && p.Name != p.Address {
		who = p.Name + " <" + p.Address + ">"
	}
	if p.Answers {
		return i18n.T(ctx, "{{.Name}}’s mail wants answers to this ticket at {{.Address}}.", "Name", p.By, "Address", p.Address)
	}
	if p.Name == p.By {
		return i18n.T(ctx, "{{.Person}} wrote here and does not follow this ticket.", "Person", who)
	}
	return i18n.T(ctx, "{{.Name}}’s mail brings in {{.Person}}.", "Name", p.By, "Person", who)
}

func (p Proposal) yes(ctx context.Context) string {
	if p.Answers {
		return i18n.T(ctx, "Answer there")
	}
	return i18n.T(ctx, "Send them copies")
}

// proposals loads what staff have to decide on a ticket.
func (d *Desk) proposals(ctx context.Context, l *look, t ticket.Ticket) ([]Proposal, error) {
	if d.Proposals == nil || !person.Can(l.visit.Actor, person.ChangeTicket, t.Thing()) {
		return nil, nil
	}
	all, err := d.Proposals(ctx, l.tx, t.ID)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(all))
	for i, p := range all {
		ids[i] = p.ByID
	}
	who, err := loadNames(ctx, l.tx, ids)
	for i := range all {
		all[i].By, all[i].URL = who.short(all[i].ByID, d.Site.Name), ticketAction(t.ID, "suggestions/"+decimal(all[i].ID))
	}
	return all, err
}

// decide answers POST /tickets/{number}/suggestions/{id}: the value "yes" takes it, any other refuses it.
func (d *Desk) decide(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	return d.set(w, r, v, func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, value string) error {
		if _, err := ticket.Get(ctx, tx, by.Actor, person.ChangeTicket, number); err != nil {
			return err
		}
		if d.Decide == nil {
			return fault.NotFound(i18n.M("There is nothing to decide."))
		}
		return d.Decide(ctx, tx, by, number, id, value == "yes")
	})
}
