package article

import (
	"context"
	"net/http"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// SettingView is what stands around the texts of an article.
type SettingView struct {
	Frame   Frame
	Article kb.Article
	Title   string
	Typed   kb.Settings
	Wrong   map[string]string

	Sections, Audiences, Organisations, Owners, Reviews []ui.Choice
}

func settingURL(id int64) string { return articleURL(id) + "/settings" }

// settings answers GET /articles/{id}/settings.
func (a *Articles) settings(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.showSettings(w, r, v, http.StatusOK, nil, nil)
}

// saveSettings answers POST /articles/{id}/settings.
func (a *Articles) saveSettings(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	f := readForm(r)
	s := kb.Settings{Slug: clean(r.PostFormValue("slug")), SectionID: f.Section, Audience: f.Audience, Organisations: f.Organisations, OwnerID: number(r.PostFormValue("owner")), ReviewDays: number(r.PostFormValue("review")), Was: f.Was}
	ctx := r.Context()
	err = a.Site.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := kb.Set(ctx, tx, v.Actor, id, s)
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return a.showSettings(w, r, v, http.StatusUnprocessableEntity, &s, wrong)
	}
	if err != nil {
		return err
	}
	a.Site.Tell(w, i18n.T(ctx, "Saved."))
	return page.Goto(w, r, articleURL(id))
}

func (a *Articles) showSettings(w http.ResponseWriter, r *http.Request, v page.Visit, status int, typed *kb.Settings, wrong map[string]string) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	view := SettingView{Wrong: wrong}
	err = a.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		if view.Article, err = kb.ByID(ctx, tx, v.Actor, id); err != nil {
			return err
		}
		x := view.Article
		titles, err := kb.Titles(ctx, tx, []int64{id})
		if err != nil {
			return err
		}
		view.Title = titles[id]
		view.Typed = kb.Settings{Slug: x.Slug, SectionID: x.SectionID, Audience: x.Audience, Organisations: x.Organisations, OwnerID: x.OwnerID, ReviewDays: x.ReviewDays, Was: x.Version}
		if typed != nil {
			view.Typed = *typed
			view.Typed.Was = x.Version
		}
		return view.fill(ctx, tx)
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, SettingPage(view))
}

func (v *SettingView) fill(ctx context.Context, tx *db.Tx) (err error) {
	t := v.Typed
	if v.Sections, err = sectionChoices(ctx, tx, t.SectionID); err != nil {
		return err
	}
	v.Audiences = audienceChoices(ctx, t.Audience)
	if v.Organisations, err = organisationChoices(ctx, tx, t.Organisations); err != nil {
		return err
	}
	staff, err := person.Staff(ctx, tx)
	v.Owners = []ui.Choice{{Value: "0", Label: i18n.T(ctx, "Nobody"), Chosen: t.OwnerID == 0}}
	for _, p := range staff {
		v.Owners = append(v.Owners, ui.Choice{Value: decimal(p.ID), Label: p.Name, Chosen: p.ID == t.OwnerID})
	}
	known := false
	for _, days := range []int64{90, 180, 365, 730, 0} {
		label := i18n.T(ctx, "Never")
		if days > 0 {
			label = i18n.N(ctx, "After {{.Count}} day", "After {{.Count}} days", int(days))
		}
		known = known || days == t.ReviewDays
		v.Reviews = append(v.Reviews, ui.Choice{Value: decimal(days), Label: label, Chosen: days == t.ReviewDays})
	}
	if !known {
		v.Reviews = append(v.Reviews, ui.Choice{Value: decimal(t.ReviewDays), Label: i18n.N(ctx, "After {{.Count}} day", "After {{.Count}} days", int(t.ReviewDays)), Chosen: true})
	}
	return err
}

// reviewed answers POST /articles/{id}/review: somebody looked at it, and it is right.
func (a *Articles) reviewed(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	ctx := r.Context()
	var x kb.Article
	if err := a.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if err = kb.Reviewed(ctx, tx, v.Actor, id); err == nil {
			x, err = kb.ByID(ctx, tx, v.Actor, id)
		}
		return err
	}); err != nil {
		return err
	}
	if x.ReviewAt == 0 {
		a.Site.Tell(w, i18n.T(ctx, "Noted. It is not looked at again by itself."))
	} else {
		a.Site.Tell(w, i18n.T(ctx, "Noted. The next look is on {{.Date}}.", "Date", i18n.DateLong(ctx, x.ReviewAt.Time())))
	}
	return page.Goto(w, r, articlesURL)
}

// place answers POST /articles/{id}/place: up or down among those of its section.
func (a *Articles) place(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	if err := a.Site.DB.Write(ctx, func(tx *db.Tx) error { return kb.Move(ctx, tx, v.Actor, id, r.PostFormValue("to") == "up") }); err != nil {
		return err
	}
	return page.Goto(w, r, articlesURL+"?section="+strconv.FormatInt(number(r.PostFormValue("section")), 10))
}
