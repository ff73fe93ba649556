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
		{Pattern: "POST /articles", MaxBytes: page.MaxLarge, Handle: a.create},
		{Pattern: "POST /articles/preview", Handle: a.preview},
		{Pattern: "POST /articles/blocks", Handle: a.blocks},
		{Pattern: "POST /articles/markdown", Handle: a.joined},
		{Pattern: "GET /articles/titles", Handle: a.titles},
		{Pattern: "POST /articles/unsaved", Handle: a.keep},
		{Pattern: "POST /articles/unsaved/removal", Handle: a.forget},
		{Pattern: "GET /articles/{id}", Handle: a.edit},
		{Pattern: "POST /articles/{id}/files", MaxBytes: page.MaxLarge, Handle: a.addFile},
		{Pattern: "POST /articles/{id}", MaxBytes: page.MaxLarge, Handle: a.save},
		{Pattern: "POST /articles/{id}/withdrawal", Handle: a.withdraw},
		{Pattern: "POST /articles/{id}/files/{file}/removal", Handle: a.removeFile},
	}
	routes = append(routes, draftRoutes(a)...)
	routes = append(routes, []page.Route{
		{Pattern: "GET /articles/{id}/settings", Handle: a.settings},
		{Pattern: "POST /articles/{id}/settings", Handle: a.saveSettings},
		{Pattern: "POST /articles/{id}/review", Handle: a.reviewed},
		{Pattern: "POST /article-answers/{id}", Handle: a.settle},
		{Pattern: "POST /articles/{id}/place", Handle: a.place},
		{Pattern: "GET /articles/{id}/versions", Handle: a.versions},
		{Pattern: "POST /articles/{id}/versions", Handle: a.restore},
	}...)
	for i := range routes {
		routes[i].Verb = person.WriteArticles
	}
	return append(routes, []page.Route{
		{Pattern: "GET /articles/import", Verb: person.ManageArticles, Handle: a.importPage},
		{Pattern: "POST /articles/import", Verb: person.ManageArticles, MaxBytes: page.MaxFiles, Handle: a.bringIn},
		{Pattern: "GET /articles/export.zip", Verb: person.ManageArticles, Handle: a.export},
		{Pattern: "GET /sections", Verb: person.ManageArticles, Handle: a.sections},
		{Pattern: "POST /sections", Verb: person.ManageArticles, Handle: a.saveSection},
		{Pattern: "POST /sections/{id}/place", Verb: person.ManageArticles, Handle: a.placeSection},
		{Pattern: "POST /sections/{id}/removal", Verb: person.ManageArticles, Handle: a.removeSection},
	}...)
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
	// Section is the one whose articles are shown in their order; the zero Section for all.
	Section kb.Section
	Rows    []Row
	Older   string
	// Work is what waits for the reader, Missed what readers miss, with the article that they mean.
	Work   kb.Work
	Missed []Missed
	// Manage says that the reader may change sections, and take articles in and out as files.
	Manage bool
}

// Missed is what a reader misses.
type Missed struct {
	kb.Opinion
	Title, By string
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
		view.Manage = person.Can(v.Actor, person.ManageArticles, person.Thing{})
		if l.SectionID = number(q.Get("section")); l.SectionID != 0 {
			sections, err := kb.Sections(ctx, tx)
			if err != nil {
				return err
			}
			if path := kb.Path(sections, l.SectionID); len(path) > 0 {
				view.Section = path[len(path)-1]
			}
		}
		if view.Query != "" {
			all, err = kb.Search(ctx, tx, v.Actor, i18n.LangOf(ctx), view.Query, listed)
		} else {
			all, err = kb.All(ctx, tx, l)
		}
		if err != nil {
			return err
		}
		if len(all) > listed && l.SectionID == 0 {
			all = all[:listed]
			last := all[listed-1]
			q.Set("before", decimal(int64(last.ChangedAt)))
			q.Set("id", decimal(last.ID))
			view.Older = articlesURL + "?" + q.Encode()
		}
		if view.plain() && l.Before == 0 {
			if err := view.fillWork(ctx, tx, v.Actor); err != nil {
				return err
			}
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

// plain says that the page is asked for without words, and whole.
func (v ListView) plain() bool { return v.Query == "" && v.Show == "" && v.Section.ID == 0 }

// fillWork finds what waits for somebody.
func (v *ListView) fillWork(ctx context.Context, tx *db.Tx, a person.Actor) (err error) {
	if v.Work, err = kb.WorkOf(ctx, tx, a); err != nil {
		return err
	}
	var articles, people []int64
	for _, o := range v.Work.Missed {
		articles, people = append(articles, o.ArticleID), append(people, o.PersonID)
	}
	titles, err := kb.Titles(ctx, tx, articles)
	if err != nil {
		return err
	}
	names, err := person.Names(ctx, tx, people)
	for _, o := range v.Work.Missed {
		v.Missed = append(v.Missed, Missed{o, titles[o.ArticleID], names[o.PersonID]})
	}
	return err
}

// settle answers POST /article-answers/{id}: what a reader missed was dealt with.
func (a *Articles) settle(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	ctx := r.Context()
	if err := a.Site.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := kb.ByOpinion(ctx, tx, v.Actor, id); err != nil {
			return err
		}
		return kb.Settle(ctx, tx, v.Actor, id)
	}); err != nil {
		return err
	}
	a.Site.Tell(w, i18n.T(ctx, "Done. It stands with the article still."))
	return page.Goto(w, r, articlesURL)
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
