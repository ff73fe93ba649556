// Package article is the desk's pages of the knowledge base: what there is and what waits for its owner, writing, what stands around a
// text, versions, sections.
//
//	site.Mount(mux, article.Routes(&article.Articles{Site: site, Nav: desk.Nav}))
//
// Invariants: every form works without scripts; a form that needs changing, and one whose article somebody else saved meanwhile, comes
// back with all that was typed.
package article

import (
	"context"
	"net/http"
	"strconv"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// Articles is what these pages stand on. The program builds one and mounts its Routes.
type Articles struct {
	Site *page.Site
	// Nav gives the navigation of the desk. Optional: without it there is a way back to the tickets.
	Nav func(ctx context.Context, tx *db.Tx, v page.Visit) (page.Nav, error)
}

const articlesURL = "/articles"

func articleURL(id int64) string { return articlesURL + "/" + decimal(id) }

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

// Routes are the desk's addresses of the knowledge base.
func Routes(a *Articles) []page.Route {
	routes := []page.Route{
		{Pattern: "GET /articles", Handle: a.list},
		{Pattern: "GET /articles/new", Handle: a.newArticle},
		{Pattern: "POST /articles", MaxBytes: page.MaxFiles, Handle: a.create},
		{Pattern: "POST /articles/preview", Handle: a.preview},
		{Pattern: "GET /articles/{id}", Handle: a.edit},
		{Pattern: "POST /articles/{id}", MaxBytes: page.MaxFiles, Handle: a.save},
		{Pattern: "POST /articles/{id}/withdrawal", Handle: a.withdraw},
		{Pattern: "POST /articles/{id}/files/{file}/removal", Handle: a.removeFile},
	}
	for i := range routes {
		routes[i].Verb = person.WriteArticles
	}
	return routes
}

// Frame is what stands around each page.
type Frame struct {
	Site  string
	Nav   page.Nav
	Flash []ui.Note
	Now   clock.Instant
}

func (f Frame) page(title string) page.DeskFrame {
	return page.DeskFrame{Title: title, Site: f.Site, Nav: f.Nav, Flash: f.Flash, Settings: true}
}

// read runs fn in one reading transaction together with making the frame.
func (a *Articles) read(r *http.Request, v page.Visit, f *Frame, fn func(ctx context.Context, tx *db.Tx) error) error {
	ctx := r.Context()
	return a.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		*f = Frame{Site: a.Site.Name, Flash: v.Flash, Now: tx.Now}
		f.Nav = page.Nav{Views: []page.NavLink{{Label: i18n.T(ctx, "Tickets"), URL: "/tickets"}}, Demo: a.Site.Demo, Me: page.Me{Name: v.Actor.Name}}
		if a.Nav != nil {
			if f.Nav, err = a.Nav(ctx, tx, v); err != nil {
				return err
			}
		}
		return fn(ctx, tx)
	})
}

// ListView is the articles as the desk sees them.
type ListView struct {
	Frame Frame
	Query string
	Show  string // "", "mine" or "drafts"
	Rows  []Row
	Older string
}

// Row is an article in the list.
type Row struct {
	kb.Listed
	Owner string
}

const listed = 50

// list answers GET /articles, with ?q= for words, ?show=mine or drafts.
func (a *Articles) list(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	q := r.URL.Query()
	view := ListView{Query: clean(q.Get("q")), Show: q.Get("show")}
	err := a.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		l := kb.List{Drafts: view.Show == "drafts", Before: clock.Instant(number(q.Get("before"))), BeforeID: number(q.Get("id")), Size: listed + 1}
		if view.Show == "mine" {
			l.OwnerID = v.Actor.ID
		}
		var all []kb.Listed
		var err error
		if view.Query != "" {
			all, err = kb.Search(ctx, tx, v.Actor, i18n.LangOf(ctx), view.Query, listed)
		} else {
			all, err = kb.All(ctx, tx, l)
		}
		if err != nil {
			return err
		}
		if len(all) > listed {
			all = all[:listed]
			last := all[listed-1]
			q.Set("before", decimal(int64(last.ChangedAt)))
			q.Set("id", decimal(last.ID))
			view.Older = articlesURL + "?" + q.Encode()
		}
		var owners []int64
		for _, x := range all {
			owners = append(owners, x.OwnerID)
		}
		names, err := person.Names(ctx, tx, owners)
		for _, x := range all {
			view.Rows = append(view.Rows, Row{x, names[x.OwnerID]})
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, ListPage(view))
}

// stateWords says where an article stands.
func (r Row) stateWords(ctx context.Context, now clock.Instant) (ui.Tone, string) {
	switch {
	case !r.Published:
		return ui.ToneNone, i18n.C(ctx, "article", "draft")
	case r.ReviewAt != 0 && r.ReviewAt <= now:
		return ui.ToneLate, i18n.T(ctx, "to be looked at again")
	case r.Pending:
		return ui.ToneNone, i18n.T(ctx, "published, with a newer draft")
	}
	return ui.ToneGood, i18n.C(ctx, "article", "published")
}

// audienceWords says for whom an article is.
func audienceWords(ctx context.Context, x kb.Audience) string {
	switch x {
	case kb.Everybody:
		return i18n.T(ctx, "everybody")
	case kb.SomeOrganisations:
		return i18n.T(ctx, "some organisations")
	}
	return i18n.T(ctx, "staff only")
}
