package admin

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/web/page"
)

// erase answers POST /admin/people/{id}/erasure: who this was is taken away for good.
func (a *Admin) erase(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	p, _, err := a.getPerson(r)
	if err != nil {
		return err
	}
	if a.Erase == nil {
		return fault.NotFound(i18n.M("There is no such person."))
	}
	err = a.changePerson(w, r, p, func(ctx context.Context, tx *db.Tx) (i18n.Text, error) {
		return i18n.M("Their name, addresses and what was theirs alone are gone."), a.Erase(ctx, tx, v.Actor, p.ID, v.Remote)
	})
	if wrong, ok := page.FieldErrors(r.Context(), err); ok { // the last administrator
		a.Site.Warn(w, wrong["role"])
		return page.Goto(w, r, path(personSection, p.ID))
	}
	return err
}
