package admin

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

// merge makes the record with the address in the field "with" a part of this one.
func (a *Admin) merge(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	p, f, err := a.getPerson(r)
	if err != nil {
		return err
	}
	f.with = strings.TrimSpace(r.PostFormValue("with"))
	err = a.changePerson(w, r, p, func(ctx context.Context, tx *db.Tx) (i18n.Text, error) {
		gone, err := person.FindByAddress(ctx, tx, f.with)
		if errors.Is(err, db.ErrNoRow) {
			return i18n.Text{}, fault.Invalid(fault.F("with", i18n.M("Nobody here has the address “{{.Address}}”.", "Address", f.with)))
		}
		if err != nil {
			return i18n.Text{}, err
		}
		if gone.ID == v.Actor.ID {
			return i18n.Text{}, fault.Invalid(fault.F("with", i18n.M("This is your own record: it would sign you out for good. Open it, and merge the other one into it.")))
		}
		_, err = person.MergeInto(ctx, tx, v.Actor, p.ID, gone.ID, v.Remote)
		return i18n.M("{{.Name}} is now part of this record.", "Name", shownName(gone)), err
	})
	if wrong, ok := page.FieldErrors(r.Context(), err); ok {
		return a.showPerson(w, r, v, http.StatusUnprocessableEntity, p, f, map[string]string{"with": wrong["with"] + wrong["person"] + wrong["role"]})
	}
	return err
}

// undoMerge gives back what one of the merges of this person moved.
func (a *Admin) undoMerge(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	p, _, err := a.getPerson(r)
	if err != nil {
		return err
	}
	id, err := page.Number(r, "merge")
	if err != nil {
		return err
	}
	return a.changePerson(w, r, p, func(ctx context.Context, tx *db.Tx) (i18n.Text, error) {
		all, err := person.Merges(ctx, tx, p.ID)
		if err != nil {
			return i18n.Text{}, err
		}
		if !slices.ContainsFunc(all, func(m person.Merge) bool { return m.ID == id }) {
			return i18n.Text{}, fault.Conflict(i18n.M("This merge has been undone already."))
		}
		return i18n.M("They are two records again."), person.UndoMerge(ctx, tx, v.Actor, id, v.Remote)
	})
}
