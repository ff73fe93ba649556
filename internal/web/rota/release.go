package rota

import (
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/web/page"
)

// release answers POST /rota/openings: team and person, of whom all shifts are open then.
func (p *Pages) release(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	team, n := number(r.PostFormValue("team")), 0
	err := p.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		n, err = p.Rota.Release(ctx, tx, v.Actor, team, number(r.PostFormValue("person")))
		return err
	})
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		p.Site.Warn(w, i18n.Print(ctx, f.Message))
	} else if err != nil {
		return err
	} else {
		p.Site.Tell(w, i18n.N(ctx, "{{.Count}} shift is open now. Those who could take it are asked.", "{{.Count}} shifts are open now. Those who could take one are asked.", n))
	}
	return page.Goto(w, r, cameFrom(r, teamURL(rotaURL, team)))
}
