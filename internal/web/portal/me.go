package portal

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// me shows what somebody sets for themselves, and where they are signed in.
func (p *Portal) me(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	var me person.Person
	err := p.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		me, err = person.Get(ctx, tx, v.Actor.ID)
		return err
	})
	if err != nil {
		return err
	}
	return p.showMe(w, r, v, http.StatusOK, self{name: me.Name, language: me.Language, zone: me.Zone}, nil)
}

// self is what somebody may change about themselves here.
type self struct{ name, language, zone string }

func (p *Portal) changeMe(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	s := self{name: r.PostFormValue("name"), language: r.PostFormValue("language"), zone: r.PostFormValue("zone")}
	err := s.check()
	if err == nil {
		err = p.Site.DB.Write(ctx, func(tx *db.Tx) error {
			return person.Update(ctx, tx, v.Actor.ID, person.Change{Name: &s.name, Language: &s.language, Zone: &s.zone})
		})
	}
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return p.showMe(w, r, v, http.StatusUnprocessableEntity, s, wrong)
	}
	if err != nil {
		return err
	}
	p.Site.Tell(w, i18n.T(ctx, "Saved."))
	return page.Goto(w, r, "/me")
}

func (s self) check() error {
	var wrong []fault.Field
	known := func(l i18n.Language) bool { return l.Code == s.language }
	if s.language != "" && !slices.ContainsFunc(i18n.Languages(), known) {
		wrong = append(wrong, fault.F("language", i18n.M("Please choose one of the languages.")))
	}
	if _, err := time.LoadLocation(s.zone); err != nil || s.zone == "Local" || len(s.zone) > 60 {
		wrong = append(wrong, fault.F("zone", i18n.M("Please choose one of the time zones.")))
	}
	return fault.Check(wrong)
}

func (p *Portal) showMe(w http.ResponseWriter, r *http.Request, v page.Visit, status int, s self, wrong map[string]string) error {
	ctx := r.Context()
	view := MeView{
		Frame: p.frame(v), Name: s.name, NameError: wrong["name"], LanguageError: wrong["language"], ZoneError: wrong["zone"],
		Languages: languageChoices(ctx, s.language), Zones: p.zoneChoices(ctx, v, s.zone),
	}
	err := p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := person.Sessions(ctx, tx, v.Actor.ID)
		for _, x := range all {
			view.Sessions = append(view.Sessions, Session{EndURL: "/me/sessions/" + strconv.FormatInt(x.ID, 10) + "/end", Device: device(ctx, x.UserAgent), Place: x.Remote, Seen: x.SeenAt, Here: x.ID == v.Session})
		}
		if err != nil {
			return err
		}
		addresses, err := person.Addresses(ctx, tx, v.Actor.ID)
		for _, a := range addresses {
			view.Addresses = append(view.Addresses, a.Address)
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, MePage(view))
}

func (p *Portal) endSession(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	ctx := r.Context()
	if err := p.Site.DB.Write(ctx, func(tx *db.Tx) error { return person.EndSession(ctx, tx, v.Actor, id, v.Remote) }); err != nil {
		return err
	}
	if id == v.Session {
		p.Site.SetSession(w, "")
		return page.Goto(w, r, "/")
	}
	p.Site.Tell(w, i18n.T(ctx, "That browser is signed out."))
	return page.Goto(w, r, "/me")
}

func languageChoices(ctx context.Context, chosen string) []ui.Choice {
	out := []ui.Choice{{Label: i18n.T(ctx, "As my browser asks for"), Chosen: chosen == ""}}
	for _, l := range i18n.Languages() {
		out = append(out, ui.Choice{Value: l.Code, Label: l.Name, Chosen: l.Code == chosen})
	}
	return out
}
