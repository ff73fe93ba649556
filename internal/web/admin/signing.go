package admin

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/web/page"
)

// signing answers GET /admin/signing: the keys that mails are signed with.
func (a *Admin) signing(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.showSigning(w, r, v, http.StatusOK, mailbox.NewDKIMKey{}, nil, nil)
}

func (a *Admin) showSigning(w http.ResponseWriter, r *http.Request, v page.Visit, status int, n mailbox.NewDKIMKey, wrong map[string]string, found *Finding) error {
	view := SigningView{
		Wrong: len(wrong) > 0, Found: found, Domain: Field{n.Domain, wrong["domain"]}, Selector: Field{n.Selector, wrong["selector"]},
		Algorithm: Field{n.Algorithm, wrong["algorithm"]}, Key: Field{"", wrong["key"]}, Paste: wrong["key"] != "",
	}
	err := a.read(r, v, signingSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		keys, err := a.Post.DKIMKeys(ctx, tx)
		if err != nil {
			return err
		}
		var have []string
		for _, k := range keys {
			view.Keys = append(view.Keys, SigningKey{Domain: k.Domain, Active: k.Active, RecordName: k.RecordName(), Record: k.Record(), Created: k.CreatedAt, URL: string(signingSection) + "/" + k.Domain})
			have = append(have, k.Domain)
		}
		boxes, err := a.Post.List(ctx, tx)
		for _, m := range boxes {
			_, domain, _ := strings.Cut(m.Address, "@")
			if !slices.Contains(have, domain) && !slices.Contains(view.Unsigned, domain) {
				view.Unsigned = append(view.Unsigned, domain)
			}
		}
		if view.Domain == (Field{}) && len(view.Unsigned) > 0 {
			view.Domain.Value = view.Unsigned[0]
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, SigningPage(view))
}

// saveSigning answers POST /admin/signing: makes or takes over the key of a domain.
func (a *Admin) saveSigning(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	n := mailbox.NewDKIMKey{Domain: strings.TrimSpace(r.PostFormValue("domain")), Selector: r.PostFormValue("selector"), Algorithm: r.PostFormValue("algorithm"), PEM: r.PostFormValue("key")}
	ctx := r.Context()
	var k mailbox.DKIMKey
	err := a.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		k, err = a.Post.SaveDKIMKey(ctx, tx, v.Actor, n, v.Remote)
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return a.showSigning(w, r, v, http.StatusUnprocessableEntity, n, wrong, nil)
	}
	if err != nil {
		return err
	}
	return a.done(w, r, i18n.T(ctx, "The key for {{.Domain}} is made. Publish its record, then check it: signing begins with that.", "Domain", k.Domain), string(signingSection))
}

// checkSigning answers POST /admin/signing/{domain}/check: looks the record up, and begins signing when it is right.
func (a *Admin) checkSigning(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx, domain := r.Context(), r.PathValue("domain")
	words, ok, err := a.Post.CheckDKIM(ctx, domain)
	if err != nil {
		return err
	}
	if ok {
		if err := a.setSigning(r, v, domain, true); err != nil {
			return err
		}
	}
	return a.showSigning(w, r, v, http.StatusOK, mailbox.NewDKIMKey{}, nil, &Finding{Title: domain, OK: ok, Words: i18n.Print(ctx, words)})
}

// stateSigning answers POST /admin/signing/{domain}/state: begins or ends signing whatever the DNS says.
func (a *Admin) stateSigning(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, domain, on := r.Context(), r.PathValue("domain"), r.PostFormValue("value") == "on"
	if err := a.setSigning(r, v, domain, on); err != nil {
		return err
	}
	said := i18n.T(ctx, "Mails from {{.Domain}} are not signed any more.", "Domain", domain)
	if on {
		said = i18n.T(ctx, "Mails from {{.Domain}} are signed from now on.", "Domain", domain)
	}
	return a.done(w, r, said, string(signingSection))
}

func (a *Admin) setSigning(r *http.Request, v page.Visit, domain string, on bool) error {
	ctx := r.Context()
	return a.Site.DB.Write(ctx, func(tx *db.Tx) error { return a.Post.ActivateDKIM(ctx, tx, v.Actor, domain, on, v.Remote) })
}

// removeSigning answers POST /admin/signing/{domain}/removal.
func (a *Admin) removeSigning(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx, domain := r.Context(), r.PathValue("domain")
	err := a.Site.DB.Write(ctx, func(tx *db.Tx) error { return a.Post.RemoveDKIMKey(ctx, tx, v.Actor, domain, v.Remote) })
	if err != nil {
		return err
	}
	return a.done(w, r, i18n.T(ctx, "The key for {{.Domain}} is gone.", "Domain", domain), string(signingSection))
}
