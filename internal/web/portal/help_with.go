package portal

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/handoff"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// withField is the field that says by whose link somebody came to the form.
const withField = "with"

// With is somebody who sent the visitor to the form.
type With struct {
	// Token is the secret of the link they share; "" for nobody.
	Token string
	// Name is their first name.
	Name string
}

// with answers GET /with/{token}: the form, for whoever was sent here by a colleague.
func (p *Portal) with(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	view := FormView{Frame: p.frame(v), Key: secret.Token()}
	view.With = p.sentBy(r.Context(), r.PathValue("token"))
	if view.With.Token == "" {
		return page.Render(w, r, http.StatusNotFound, HelperGonePage(GoneView{Frame: p.frame(v), SignedIn: v.Actor.SignedIn()}))
	}
	if err := p.fillIn(r.Context(), v, &view); err != nil {
		return err
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	return page.Render(w, r, http.StatusOK, FormPage(view))
}

// sentBy finds who shares a link; the zero With when nobody does, or when that cannot be found out now: the form is there all the same.
func (p *Portal) sentBy(ctx context.Context, token string) (out With) {
	if token == "" || p.Helping == nil {
		return With{}
	}
	err := p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		who, err := p.Helping.Helper(ctx, tx, token)
		if err == nil {
			out = With{Token: token, Name: firstName(who.Name)}
		}
		return err
	})
	if err != nil && !fault.Is(err, fault.KindNotFound) {
		p.Site.Log.Warn("who shares a link could not be found out", "error", err)
	}
	return out
}

// handedOn has whoever shares the link told that a request came by it. A link that ended meanwhile does no harm to the request.
func (p *Portal) handedOn(ctx context.Context, tx *db.Tx, token string, t ticket.Ticket) error {
	if token == "" || p.Helping == nil {
		return nil
	}
	who, err := p.Helping.Helper(ctx, tx, token)
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return p.Helping.Receive(ctx, tx, t, who.ID, handoff.ByLink)
}
