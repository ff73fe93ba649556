package admin

import (
	"context"
	"html"
	"net/http"
	"strings"

	"goodturn/internal/button"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/web/page"
)

// button answers GET /admin/button: what the help button offers, on whose pages, and what to put there.
func (a *Admin) button(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.showButton(w, r, v, http.StatusOK, nil, nil)
}

func (a *Admin) showButton(w http.ResponseWriter, r *http.Request, v page.Visit, status int, typed *button.Settings, wrong map[string]string) error {
	var view ButtonView
	err := a.read(r, v, buttonSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		s, err := button.Load(ctx, tx)
		if err != nil {
			return err
		}
		if typed != nil {
			s = *typed
		}
		view.Set, view.Origins, view.Wrong = s, Field{s.Origins, wrong["origins"]}, len(wrong) > 0
		address := a.address(r)
		view.Script = `<script src="` + address + `/button.js" async></script>`
		view.Policy = "script-src " + address + "; connect-src " + address
		view.Form = plainForm(ctx, address)
		return nil
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, ButtonPage(view))
}

// address is how this browser reaches us, without a slash at the end.
func (a *Admin) address(r *http.Request) string {
	if a.Site.Secure {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// plainForm is the form for pages that want no script, in the language of whoever copies it.
func plainForm(ctx context.Context, address string) string {
	label := func(words string) string { return html.EscapeString(words) }
	return strings.Join([]string{
		`<form action="` + address + `/button/form" method="post" lang="` + i18n.LangOf(ctx) + `" dir="` + i18n.Dir(ctx) + `">`,
		`  <p><label>` + label(i18n.T(ctx, "What do you need help with?")) + `<br><textarea name="text" rows="5" cols="40" required></textarea></label></p>`,
		`  <p><label>` + label(i18n.T(ctx, "Your name")) + `<br><input name="name" autocomplete="name"></label></p>`,
		`  <p><label>` + label(i18n.T(ctx, "Mail address, to write back to")) + `<br><input name="address" type="email" autocomplete="email"></label></p>`,
		`  <p hidden><input name="leave_empty" tabindex="-1" autocomplete="off"></p>`,
		`  <p><button>` + label(i18n.T(ctx, "Send")) + `</button></p>`,
		`</form>`,
	}, "\n")
}

// saveButton answers POST /admin/button.
func (a *Admin) saveButton(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	on := func(name string) bool { return r.PostFormValue(name) != "" }
	ctx := r.Context()
	s := button.Settings{Search: on("search"), Papercut: on("papercut"), Request: on("request"), Plain: on("plain"), Origins: r.PostFormValue("origins")}
	err := a.Site.DB.Write(ctx, func(tx *db.Tx) error {
		was, err := button.Load(ctx, tx)
		if err != nil {
			return err
		}
		if err := button.Save(ctx, tx, s); err != nil {
			return err
		}
		now, err := button.Load(ctx, tx)
		if err != nil {
			return err
		}
		return audit(ctx, tx, v, "button changed", "button", 1, changes(change("sites", oneLine(was.Origins), oneLine(now.Origins)), change("offers", was.String(), now.String())))
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return a.showButton(w, r, v, http.StatusUnprocessableEntity, &s, wrong)
	}
	if err != nil {
		return err
	}
	return a.done(w, r, i18n.T(ctx, "Saved."), string(buttonSection))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
