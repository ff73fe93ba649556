package article

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

// VersionsView is the versions of a text, and how one differs from another.
type VersionsView struct {
	Frame    Frame
	Article  kb.Article
	Text     kb.Text
	Versions []ShownVersion
	Older    string
	// From and To are compared; without To nothing is.
	From, To kb.Version
	Changes  []kb.Change
}

// ShownVersion is one of them with who saved it.
type ShownVersion struct {
	kb.Version
	By string
}

const versionsShown = 50

func versionsURL(id int64, language string) string {
	return articleURL(id) + "/versions?in=" + language
}

// versions answers GET /articles/{id}/versions, with ?in= for a language, ?to= for a version to look at, and ?from= for the one that it is
// compared with; without, that before it.
func (a *Articles) versions(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	q := r.URL.Query()
	var view VersionsView
	err = a.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		if view.Article, err = kb.ByID(ctx, tx, v.Actor, id); err != nil {
			return err
		}
		language := q.Get("in")
		if language == "" {
			language = view.Article.Language
		}
		if view.Text, err = kb.TextOf(ctx, tx, id, language); err != nil {
			return err
		}
		if err := view.fill(ctx, tx, number(q.Get("before"))); err != nil {
			return err
		}
		to := number(q.Get("to"))
		if to == 0 {
			return nil
		}
		return view.compare(ctx, tx, number(q.Get("from")), to)
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, VersionsPage(view))
}

func (v *VersionsView) fill(ctx context.Context, tx *db.Tx, before int64) error {
	all, err := kb.Versions(ctx, tx, v.Article.ID, v.Text.Language, before, versionsShown+1)
	if err != nil {
		return err
	}
	if len(all) > versionsShown {
		all = all[:versionsShown]
		v.Older = versionsURL(v.Article.ID, v.Text.Language) + "&before=" + decimal(all[versionsShown-1].Version)
	}
	var who []int64
	for _, x := range all {
		who = append(who, x.ByID)
	}
	names, err := person.Names(ctx, tx, who)
	for _, x := range all {
		v.Versions = append(v.Versions, ShownVersion{x, names[x.ByID]})
	}
	return err
}

func (v *VersionsView) compare(ctx context.Context, tx *db.Tx, from, to int64) (err error) {
	if v.To, err = kb.VersionOf(ctx, tx, v.Article.ID, v.Text.Language, to); err != nil {
		return err
	}
	if from == 0 {
		from = to - 1
	}
	if from > 0 {
		if v.From, err = kb.VersionOf(ctx, tx, v.Article.ID, v.Text.Language, from); err != nil {
			return err
		}
	}
	v.Changes = kb.Diff(v.From.Title+"\n\n"+v.From.Body, v.To.Title+"\n\n"+v.To.Body)
	if from == 0 {
		v.Changes = kb.Diff("", v.To.Title+"\n\n"+v.To.Body)
	}
	return nil
}

// restore answers POST /articles/{id}/versions: one becomes the draft again.
func (a *Articles) restore(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, language, version := r.Context(), r.PostFormValue("language"), number(r.PostFormValue("version"))
	err = a.Site.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := kb.Restore(ctx, tx, v.Actor, id, language, version, number(r.PostFormValue("was")))
		return err
	})
	if fault.Is(err, fault.KindConflict) {
		a.Site.Warn(w, i18n.T(ctx, "Somebody saved this article meanwhile. Look at the newest version first."))
		return page.Goto(w, r, versionsURL(id, language))
	}
	if err != nil {
		return err
	}
	a.Site.Tell(w, i18n.T(ctx, "Version {{.Number}} is the draft again. Readers see it when you publish it.", "Number", version))
	return page.Goto(w, r, articleURL(id)+"?in="+language)
}
