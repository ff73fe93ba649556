package desk

import (
	"context"
	"net/http"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/secret"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// account answers GET /account.
func (d *Desk) account(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.accountPage(w, r, v, http.StatusOK, func(*AccountView) {})
}

// accountPage shows the account; put adds what a form has to say.
func (d *Desk) accountPage(w http.ResponseWriter, r *http.Request, v page.Visit, status int, put func(*AccountView)) error {
	ctx := r.Context()
	var view AccountView
	err := d.read(ctx, v, func(l *look) (err error) {
		view, err = d.accountView(ctx, l)
		return err
	})
	if err != nil {
		return err
	}
	put(&view)
	return d.show(w, r, v, status, view.Frame, AccountPage(view), nil)
}

func (d *Desk) accountView(ctx context.Context, l *look) (AccountView, error) {
	v, tx := l.visit, l.tx
	view := AccountView{
		Name: v.Actor.Name, Languages: languages(ctx, v.Actor.Language), Zones: d.zones(ctx, v.Actor.Zone), Lifetimes: lifetimes(ctx, ""),
		PasswordHint: i18n.T(ctx, "At least {{.Count}} characters; a few words in a row are easy to remember.", "Count", secret.MinPassword),
	}
	var err error
	if view.Frame, err = d.frame(ctx, l, ""); err != nil {
		return view, err
	}
	chose, err := l.preferences(ctx)
	if err != nil {
		return view, err
	}
	view.After = afterChoices(ctx, chose[afterPreference])
	if view.Routing = d.Router != nil; view.Routing {
		a, away, err := routing.AwayNow(ctx, tx, v.Actor.ID)
		if err != nil {
			return view, err
		}
		if away {
			view.Away = awayWords(ctx, tx.Now, a.UntilAt)
		}
	}
	if view.HasPassword, err = person.HasPassword(ctx, tx, v.Actor.ID); err != nil {
		return view, err
	}
	if view.TOTP.On, err = person.HasTOTP(ctx, tx, v.Actor.ID); err != nil {
		return view, err
	}
	sessions, err := person.Sessions(ctx, tx, v.Actor.ID)
	if err != nil {
		return view, err
	}
	for _, s := range sessions {
		device, phone := deviceOf(ctx, s.UserAgent)
		view.Sessions = append(view.Sessions, Session{ID: decimal(s.ID), Device: device, Phone: phone, Place: s.Remote, Seen: s.SeenAt, Started: s.CreatedAt, Here: s.ID == v.Session})
	}
	tokens, err := person.Tokens(ctx, tx, v.Actor.ID)
	for _, t := range tokens {
		view.Tokens = append(view.Tokens, Token{ID: decimal(t.ID), Name: t.Name, Scope: scopeOf(ctx, t), Created: t.CreatedAt, Expires: t.ExpiresAt, Used: t.UsedAt})
	}
	return view, err
}

func scopeOf(ctx context.Context, t person.Token) string {
	scope := i18n.T(ctx, "all that you may")
	if t.Role != "" {
		scope = i18n.T(ctx, "what a {{.Role}} may", "Role", roleWord(ctx, t.Role))
	}
	if t.ReadOnly {
		scope = i18n.T(ctx, "only reads")
	}
	return scope
}

func languages(ctx context.Context, chosen string) []ui.Choice {
	out := []ui.Choice{{Label: i18n.T(ctx, "as the browser asks"), Chosen: chosen == ""}}
	for _, l := range i18n.Languages() {
		out = append(out, ui.Choice{Value: l.Code, Label: l.Name, Chosen: l.Code == chosen})
	}
	return out
}

// saveAccount answers POST /account: name, language and time zone.
func (d *Desk) saveAccount(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	name, language, zone := r.PostFormValue("name"), r.PostFormValue("language"), r.PostFormValue("zone")
	err := checkLocale(language, zone)
	if err == nil {
		err = d.Site.DB.Write(ctx, func(tx *db.Tx) error {
			return person.Update(ctx, tx, v.Actor.ID, person.Change{Name: &name, Language: &language, Zone: &zone})
		})
	}
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return d.accountPage(w, r, v, http.StatusUnprocessableEntity, func(a *AccountView) {
			a.Name, a.NameError, a.ZoneError = name, wrong["name"], orElse(wrong["zone"], wrong["language"])
			a.Languages, a.Zones = languages(ctx, language), d.zones(ctx, zone)
		})
	}
	if err != nil {
		return err
	}
	saved := i18n.With(ctx, i18n.Match(r.Header.Get("Accept-Language"), language), i18n.ZoneOf(ctx))
	d.Site.Tell(w, i18n.T(saved, "Saved."))
	return page.Goto(w, r, "/account")
}

func checkLocale(language, zone string) error {
	var wrong []fault.Field
	known := language == ""
	for _, l := range i18n.Languages() {
		known = known || l.Code == language
	}
	if !known {
		wrong = append(wrong, fault.F("language", i18n.M("Please choose one of the languages.")))
	}
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
		wrong = append(wrong, fault.F("zone", i18n.M("Please choose one of the time zones.")))
	}
	return fault.Check(wrong)
}

// endSession answers POST /account/sessions/end.
func (d *Desk) endSession(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	err := d.Site.DB.Write(ctx, func(tx *db.Tx) error {
		return person.EndSession(ctx, tx, v.Actor, idOf(r.PostFormValue("session")), v.Remote)
	})
	if err != nil {
		return err
	}
	return page.Goto(w, r, "/account")
}

// lifetimes are the days that a new token may work for.
func lifetimes(ctx context.Context, chosen string) []ui.Choice {
	var out []ui.Choice
	for _, days := range []int{7, 30, 90, 365} {
		value := decimal(int64(days))
		out = append(out, ui.Choice{Value: value, Label: i18n.N(ctx, "{{.Count}} day", "{{.Count}} days", days), Chosen: value == orElse(chosen, "90")})
	}
	return out
}

// createToken answers POST /account/tokens. The page that it answers with is the only one that shows the token.
func (d *Desk) createToken(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	t := person.Token{PersonID: v.Actor.ID, Name: r.PostFormValue("name"), ReadOnly: r.PostFormValue("read_only") != ""}
	life := time.Duration(min(idOf(r.PostFormValue("lifetime")), 10_000)) * 24 * time.Hour
	token := ""
	err := d.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		token, err = person.CreateToken(ctx, tx, v.Actor, t, life, v.Remote)
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return d.accountPage(w, r, v, http.StatusUnprocessableEntity, func(a *AccountView) {
			a.TokenName, a.TokenError, a.Lifetimes = t.Name, orElse(wrong["name"], wrong["life"]), lifetimes(ctx, r.PostFormValue("lifetime"))
		})
	}
	if err != nil {
		return err
	}
	return d.accountPage(w, r, v, http.StatusCreated, func(a *AccountView) { a.NewToken = token })
}

// revokeToken answers POST /account/tokens/revoke.
func (d *Desk) revokeToken(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	err := d.Site.DB.Write(ctx, func(tx *db.Tx) error {
		return person.RevokeToken(ctx, tx, v.Actor, idOf(r.PostFormValue("token")), v.Remote)
	})
	if err != nil {
		return err
	}
	return page.Goto(w, r, "/account")
}
