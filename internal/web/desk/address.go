package desk

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// addresses answers POST /people/{id}/addresses: add puts an address to a person, remove takes one away.
func (d *Desk) addresses(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	add, remove := r.PostFormValue("add"), r.PostFormValue("remove")
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, _ ticket.By) error {
		p, err := person.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		if !mayChange(v.Actor, p) {
			return errStaff
		}
		if err := person.MayChangeAddresses(ctx, tx, v.Actor, p); err != nil {
			return err
		}
		action, address, change := "address added", add, person.AddAddress
		if remove != "" {
			action, address, change = "address removed", remove, person.RemoveAddress
		}
		if err := change(ctx, tx, id, address); err != nil {
			return err
		}
		return person.Audit(ctx, tx, v.Actor, action, "person "+decimal(id), person.FoldAddress(address), v.Remote)
	})
	if wrong, ok := page.FieldErrors(r.Context(), err); ok {
		return d.personPage(w, r, v, id, typedPerson{addressValue: add, addressFail: wrong["address"]})
	}
	if err != nil {
		return err
	}
	return page.Goto(w, r, personURL(id))
}
