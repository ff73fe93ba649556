package desk

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

// Tickets shown on a person's page, and on the page of all of them.
const (
	listedTickets = 20
	allTickets    = 500
)

// typedPerson is what a form on a person's page held that has to be changed.
type typedPerson struct {
	mergeWith, mergeError     string
	addressValue, addressFail string
	note                      PersonNote
}

// person answers GET /people/{id}. The page of somebody who became part of another is that other's.
func (d *Desk) person(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	return d.personPage(w, r, v, id, typedPerson{})
}

func (d *Desk) personPage(w http.ResponseWriter, r *http.Request, v page.Visit, id int64, t typedPerson) error {
	ctx := r.Context()
	limit := listedTickets
	if r.URL.Query().Has("all") {
		limit = allTickets
	}
	var view PersonView
	var merged int64
	err := d.read(ctx, v, func(l *look) error {
		p, err := person.Get(ctx, l.tx, id)
		if err != nil {
			return err
		}
		if merged = p.MergedInto; merged != 0 {
			return nil
		}
		view, err = d.personView(ctx, l, p, limit)
		return err
	})
	if err != nil {
		return err
	}
	if merged != 0 {
		return page.Goto(w, r, personURL(merged))
	}
	view.MergeWith, view.MergeError = t.mergeWith, t.mergeError
	view.AddressValue, view.AddressError = t.addressValue, t.addressFail
	if t.note.wrong() {
		view.Note = view.Note.again(t.note)
	}
	status := http.StatusOK
	if t != (typedPerson{}) {
		status = http.StatusUnprocessableEntity
	}
	return d.show(w, r, v, status, view.Frame, PersonPage(view), nil)
}

func (d *Desk) personView(ctx context.Context, l *look, p person.Person, limit int) (PersonView, error) {
	v := l.visit
	view := PersonView{
		URL: personURL(p.ID), Name: orElse(p.Name, p.Address), Role: roleWord(ctx, p.Role), Zone: clockOf(ctx, p.Zone), Language: languageOf(ctx, p.Language), Since: p.CreatedAt,
		MayMerge: mayChange(v.Actor, p), MayAddress: mayChange(v.Actor, p),
	}
	if person.Can(v.Actor, person.Administer, person.Thing{}) {
		view.EditURL = "/admin" + personURL(p.ID)
	}
	var err error
	if view.Frame, err = d.frame(ctx, l, ""); err != nil {
		return view, err
	}
	if err := d.workOf(ctx, l, p, &view); err != nil {
		return view, err
	}
	if view.Addresses, err = addressesOf(ctx, l.tx, p.ID); err != nil {
		return view, err
	}
	if view.Note, err = noteOf(ctx, l.tx, p.ID); err != nil {
		return view, err
	}
	if view.Summary, err = ticketSum(ctx, l, p.ID); err != nil {
		return view, err
	}
	if p.OrganisationID != 0 {
		o, err := person.OrganisationByID(ctx, l.tx, p.OrganisationID)
		if err != nil {
			return view, err
		}
		view.Organisation = o.Name
	}
	if view.Tickets, err = ticketsOf(ctx, l, p.ID, 0, limit+1); err != nil {
		return view, err
	}
	if len(view.Tickets) > limit {
		view.Tickets = view.Tickets[:limit]
		if limit < allTickets {
			view.MoreURL = view.URL + "?all=1"
		}
	}
	view.Merges, err = mergesOf(ctx, l.tx, p.ID)
	return view, err
}

// mayChange tells whether the actor may change by which addresses somebody is known. Whoever holds an address can sign in
// by it, so those of staff are the administrator's affair.
func mayChange(a person.Actor, p person.Person) bool {
	return p.Role == person.Requester || person.Can(a, person.Administer, person.Thing{})
}

var errStaff = fault.Denied(i18n.M("This person works at the desk: only an administrator can change by which addresses they sign in."))

// mergesOf lists what became part of somebody, and by whose hand.
func mergesOf(ctx context.Context, tx *db.Tx, id int64) ([]Merge, error) {
	all, err := person.Merges(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	var out []Merge
	for _, m := range all {
		by, err := db.All[string](ctx, tx, `SELECT p.name FROM person_merge m JOIN person p ON p.id = m.by_id WHERE m.id = $1`, m.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, Merge{ID: decimal(m.ID), Name: m.GoneName, At: m.MergedAt, By: append(by, "")[0]})
	}
	return out, nil
}
