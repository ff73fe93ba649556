package admin

import (
	"context"
	"net/http"
	"slices"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

// changePerson runs a change of one of the small forms of a person's page, which are about somebody who is not merged.
func (a *Admin) changePerson(w http.ResponseWriter, r *http.Request, p person.Person, change func(ctx context.Context, tx *db.Tx) (i18n.Text, error)) error {
	ctx := r.Context()
	var words i18n.Text
	err := notMerged(p)
	if err == nil {
		err = a.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
			words, err = change(ctx, tx)
			return err
		})
	}
	if err != nil {
		return err
	}
	return a.done(w, r, i18n.Print(ctx, words), path(personSection, p.ID))
}

func (a *Admin) addAddress(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	p, f, err := a.getPerson(r)
	if err != nil {
		return err
	}
	f.address = r.PostFormValue("address")
	err = a.changePerson(w, r, p, func(ctx context.Context, tx *db.Tx) (i18n.Text, error) {
		address := person.FoldAddress(f.address)
		if err := person.AddAddress(ctx, tx, p.ID, address); err != nil {
			return i18n.Text{}, err
		}
		return i18n.M("{{.Address}} is added.", "Address", address), audit(ctx, tx, v, "address added", "person", p.ID, address)
	})
	if wrong, ok := page.FieldErrors(r.Context(), err); ok {
		return a.showPerson(w, r, v, http.StatusUnprocessableEntity, p, f, map[string]string{"new_address": wrong["address"]})
	}
	return err
}

func (a *Admin) removeAddress(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.changeAddress(w, r, v, "address removed", i18n.M("The address is removed."), person.RemoveAddress)
}

func (a *Admin) proveAddress(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.changeAddress(w, r, v, "address marked as proven", i18n.M("The address counts as proven now."), func(ctx context.Context, tx *db.Tx, _ int64, address string) error {
		return person.Verify(ctx, tx, address)
	})
}

// changeAddress does something to an address that the person has.
func (a *Admin) changeAddress(w http.ResponseWriter, r *http.Request, v page.Visit, action string, words i18n.Text, change func(context.Context, *db.Tx, int64, string) error) error {
	if err := page.Form(r); err != nil {
		return err
	}
	p, f, err := a.getPerson(r)
	if err != nil {
		return err
	}
	address := person.FoldAddress(r.PostFormValue("address"))
	err = a.changePerson(w, r, p, func(ctx context.Context, tx *db.Tx) (i18n.Text, error) {
		all, err := person.Addresses(ctx, tx, p.ID)
		if err != nil {
			return words, err
		}
		if !slices.ContainsFunc(all, func(x person.Address) bool { return x.Address == address }) {
			return words, fault.NotFound(i18n.M("{{.Address}} is not this person's any more.", "Address", address))
		}
		if err := change(ctx, tx, p.ID, address); err != nil {
			return words, err
		}
		return words, audit(ctx, tx, v, action, "person", p.ID, address)
	})
	if wrong, ok := page.FieldErrors(r.Context(), err); ok {
		return a.showPerson(w, r, v, http.StatusUnprocessableEntity, p, f, map[string]string{"new_address": wrong["address"]})
	}
	return err
}
