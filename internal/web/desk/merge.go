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

// merge answers POST /people/{id}/merges: the record with the address in the field "with" becomes part of this one.
func (d *Desk) merge(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	with := r.PostFormValue("with")
	name := ""
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, _ ticket.By) error {
		kept, err := person.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		c, _ := contactOf(with)
		gone, err := person.FindByAddress(ctx, tx, c.Address)
		if isNoRow(err) {
			return fault.Invalid(fault.F("with", i18n.M("Nobody here has the address “{{.Address}}”.", "Address", with)))
		}
		if err != nil {
			return err
		}
		if !mayChange(v.Actor, kept) || !mayChange(v.Actor, gone) {
			return errStaff
		}
		name = called(gone)
		_, err = person.MergeInto(ctx, tx, v.Actor, kept.ID, gone.ID, v.Remote)
		return err
	})
	if wrong, ok := page.FieldErrors(r.Context(), err); ok {
		return d.personPage(w, r, v, id, typedPerson{mergeWith: with, mergeError: wrong["with"] + wrong["person"] + wrong["role"]})
	}
	if err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(r.Context(), "{{.Name}} is now part of this record.", "Name", name))
	return page.Goto(w, r, personURL(id))
}

// undoMerge answers POST /people/{id}/merges/{merge}/undo.
func (d *Desk) undoMerge(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	merge, err := page.Number(r, "merge")
	if err != nil {
		return err
	}
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, _ ticket.By) error {
		kept, err := person.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		if !mayChange(v.Actor, kept) {
			return errStaff
		}
		ours, err := db.Exists(ctx, tx, `SELECT 1 FROM person_merge WHERE id = $1 AND kept_id = $2`, merge, id)
		if err != nil {
			return err
		}
		if !ours {
			return fault.NotFound(i18n.M("There is no such merge."))
		}
		return person.UndoMerge(ctx, tx, v.Actor, merge, v.Remote)
	})
	if err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(r.Context(), "These are two people again."))
	return page.Goto(w, r, personURL(id))
}
