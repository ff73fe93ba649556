package desk

import (
	"context"
	"encoding/json"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// keysChosen is the preference that holds the keys somebody chose, as JSON by action.
const keysChosen = "keys"

// chosenKeys reads it; what cannot be read is nothing.
func chosenKeys(preferences map[string]string) map[string]string {
	var keys map[string]string
	_ = json.Unmarshal([]byte(preferences[keysChosen]), &keys)
	return keys
}

// keyList answers GET /account/keys.
func (d *Desk) keyList(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.keysPage(w, r, v, http.StatusOK, nil, nil)
}

// keysPage shows the keys, as somebody wants them when what they want is wrong.
func (d *Desk) keysPage(w http.ResponseWriter, r *http.Request, v page.Visit, status int, wanted, wrong map[string]string) error {
	var view KeysView
	err := d.read(r.Context(), v, func(l *look) (err error) {
		view.Frame, err = d.frame(r.Context(), l, "")
		return err
	})
	if err != nil {
		return err
	}
	if wanted == nil {
		wanted = view.Frame.Nav.Keys
	}
	view.Groups = keyGroups(r.Context(), wanted, wrong)
	return d.show(w, r, v, status, view.Frame, KeysPage(view), nil)
}

func keyGroups(ctx context.Context, wanted, wrong map[string]string) (out []KeyGroup) {
	all := page.ActionsWith(ctx, wanted)
	for _, g := range page.Groups() {
		group := KeyGroup{Title: g.Label(ctx)}
		for _, a := range all {
			if a.Group == g {
				group.Keys = append(group.Keys, ui.Input{Name: a.ID, Label: a.Label, Value: a.Key, Error: wrong[a.ID]})
			}
		}
		out = append(out, group)
	}
	return out
}

// saveKeys answers POST /account/keys; with "usual" every key is as everybody begins.
func (d *Desk) saveKeys(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	wanted := map[string]string{}
	if r.PostFormValue("usual") == "" {
		for _, a := range page.Actions(ctx) {
			if r.PostForm.Has(a.ID) {
				wanted[a.ID] = r.PostFormValue(a.ID)
			}
		}
	}
	chosen, err := page.CheckKeys(ctx, wanted)
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return d.keysPage(w, r, v, http.StatusUnprocessableEntity, wanted, wrong)
	}
	value := ""
	if len(chosen) > 0 {
		raw, err := json.Marshal(chosen)
		if err != nil {
			return err
		}
		value = string(raw)
	}
	err = d.Site.DB.Write(ctx, func(tx *db.Tx) error { return person.SetPreference(ctx, tx, v.Actor.ID, keysChosen, value) })
	if err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(ctx, "Saved."))
	return page.Goto(w, r, "/account/keys")
}
