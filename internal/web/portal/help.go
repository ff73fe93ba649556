package portal

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/search"
	"goodturn/internal/web/page"
)

// HelpView is the articles that somebody may read: the sections, one of them, or what has some words.
type HelpView struct {
	Frame Frame
	Title string
	// Query is what was searched for; "" for none.
	Query string
	Hits  []HelpHit
	// Instead are words that no article has, and what was looked for in their place.
	Instead []search.Correction
	// Path are the sections around the one that is shown, Here included; Sections those in it.
	Path     []kb.Section
	Sections []HelpSection
	Rows     []kb.Row
	Older    string
}

// Here is the section that is shown; the zero Section is the top.
func (v HelpView) here() kb.Section {
	if len(v.Path) == 0 {
		return kb.Section{}
	}
	return v.Path[len(v.Path)-1]
}

// HelpSection is a section with the first of its articles.
type HelpSection struct {
	kb.Section
	Rows []kb.Row
	Sub  []kb.Section // those in it
	More bool
}

// HelpHit is an article that was found.
type HelpHit struct{ Title, URL, Gist, Language string }

// ArticleView is one article.
type ArticleView struct {
	Frame   Frame
	Article kb.Page
	HTML    string // its text
	Path    []kb.Section
	Related []HelpHit
	// Elsewhere are the other languages in which it can be read.
	Elsewhere []HelpHit
	// Said is the answer to whether it helped that was just given: "yes", "no", "words", or "" for none. Typed is what is missing, and Wrong
	// what is wrong with that.
	Said, Typed, Wrong string
	// MayWrite says that the reader works at the desk.
	MayWrite bool
}

const (
	helpURL      = "/help"
	helpFew      = 5  // articles of a section on the page of the section around it
	helpMany     = 50 // on its own page
	helpFound    = 20
	helpSimilar  = 4
	gistLength   = 160
	helpSections = 40 // sections whose first articles are shown on one page
)

func articleURL(slug string) string { return helpURL + "/" + slug }

func (p *Portal) helpRoutes() []page.Route {
	return []page.Route{
		{Pattern: "GET /help", Handle: p.help},
		{Pattern: "GET /help.zip", Handle: p.helpCopy},
		{Pattern: "GET /sitemap.xml", Handle: p.sitemap},
		{Pattern: "GET /help/in/{section}", Handle: p.help},
		{Pattern: "GET /help/{article}", Handle: p.article},
		{Pattern: "POST /help/{article}/answers", Handle: p.sayOfArticle},
		{Pattern: "GET /help/files/{article}/{name}", Handle: p.articleFile},
	}
}

// help answers GET /help, with ?q= for words to look for, and GET /help/in/{section}.
func (p *Portal) help(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	view := HelpView{Frame: p.frame(v), Title: i18n.T(ctx, "Help articles"), Query: strings.TrimSpace(r.URL.Query().Get("q"))}
	after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	var found kb.Answer
	err := p.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if view.Query != "" {
			found, err = kb.Find(ctx, tx, v.Actor, i18n.LangOf(ctx), view.Query, helpFound)
			return err
		}
		return view.browse(ctx, tx, v, r.PathValue("section"), after)
	})
	if err != nil {
		return err
	}
	view.Hits, view.Instead = helpHits(found.Hits), found.Instead
	for i := range view.Hits {
		view.Hits[i].URL += "?" + url.Values{"q": {view.Query}}.Encode()
	}
	p.searched(v, view.Query, len(view.Hits), false)
	return page.Render(w, r, http.StatusOK, HelpPage(view))
}

// searched has it counted what people look for, and whether they open what was found; what staff look for is not counted.
func (p *Portal) searched(v page.Visit, query string, found int, opened bool) {
	if p.Gaps == nil || query == "" || v.Actor.Staff() {
		return
	}
	p.Gaps.Searched(query, found, opened, v.Now)
}

// browse fills in what lies in a section; slug "" is the top.
func (v *HelpView) browse(ctx context.Context, tx *db.Tx, visit page.Visit, slug string, after int64) error {
	all, err := kb.SectionsFor(ctx, tx, visit.Actor)
	if err != nil {
		return err
	}
	if slug != "" {
		i := slices.IndexFunc(all, func(s kb.Section) bool { return s.Slug == slug })
		if i < 0 {
			return noArticle()
		}
		v.Path, v.Title = kb.Path(all, all[i].ID), all[i].Name
	}
	language := i18n.LangOf(ctx)
	if v.Rows, err = kb.In(ctx, tx, visit.Actor, language, v.here().ID, after, helpMany+1); err != nil {
		return err
	}
	if len(v.Rows) > helpMany {
		v.Rows = v.Rows[:helpMany]
		v.Older = v.url() + "?" + url.Values{"after": {strconv.FormatInt(v.Rows[helpMany-1].Place, 10)}}.Encode()
	}
	if after > 0 {
		return nil
	}
	for _, s := range all {
		if s.ParentID != v.here().ID {
			continue
		}
		section := HelpSection{Section: s}
		if len(v.Sections) < helpSections {
			if section.Rows, err = kb.In(ctx, tx, visit.Actor, language, s.ID, 0, helpFew+1); err != nil {
				return err
			}
			section.More = len(section.Rows) > helpFew
			section.Rows = section.Rows[:min(len(section.Rows), helpFew)]
		}
		for _, o := range all {
			if o.ParentID == s.ID {
				section.Sub = append(section.Sub, o)
			}
		}
		v.Sections = append(v.Sections, section)
	}
	return nil
}

func (v HelpView) url() string {
	if s := v.here(); s.ID != 0 {
		return sectionURL(s)
	}
	return helpURL
}

func sectionURL(s kb.Section) string { return helpURL + "/in/" + s.Slug }

func helpHits(all []kb.Hit) (out []HelpHit) {
	for _, h := range all {
		out = append(out, HelpHit{Title: h.Title, URL: articleURL(h.Slug), Gist: kb.Gist(h.Body, gistLength), Language: h.Language})
	}
	return out
}

// article answers GET /help/{article}, with ?in= for a language.
func (p *Portal) article(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	view := ArticleView{Frame: p.frame(v)}
	switch said := r.URL.Query().Get("said"); said {
	case "yes", "no", "words":
		view.Said = said
	}
	return p.showArticle(w, r, v, http.StatusOK, view)
}

func (p *Portal) showArticle(w http.ResponseWriter, r *http.Request, v page.Visit, status int, view ArticleView) error {
	ctx := r.Context()
	slug, language := r.PathValue("article"), r.URL.Query().Get("in")
	if language == "" {
		language = i18n.LangOf(ctx)
	}
	var now clock.Instant
	err := p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		now = tx.Now
		return view.load(ctx, tx, v, slug, language)
	})
	if fault.Is(err, fault.KindNotFound) {
		return p.articleGone(w, r, v)
	}
	if err != nil {
		return err
	}
	if view.Article.Slug != slug {
		to := articleURL(view.Article.Slug)
		if r.URL.RawQuery != "" {
			to += "?" + r.URL.RawQuery
		}
		http.Redirect(w, r, to, http.StatusMovedPermanently)
		return nil
	}
	p.searched(v, r.URL.Query().Get("q"), 1, true)
	if p.Gaps != nil && v.Actor.SignedIn() && !v.Actor.Staff() {
		p.Gaps.Read(v.Actor.ID, view.Article.ID, now)
	}
	w.Header().Set("Cache-Control", "private, no-cache")
	return page.Render(w, r, status, ArticlePage(view))
}

// sayOfArticle answers POST /help/{article}/answers: whether it helped, or what is missing.
func (p *Portal) sayOfArticle(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, language := r.Context(), r.PostFormValue("in")
	view := ArticleView{Frame: p.frame(v), Said: "no", Typed: r.PostFormValue("words")}
	if view.Wrong = p.limited(w, r, v); view.Wrong != "" {
		return p.showArticle(w, r, v, http.StatusTooManyRequests, view)
	}
	var x kb.Page
	var said kb.Opinion
	err := p.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if x, err = kb.Read(ctx, tx, v.Actor, r.PathValue("article"), language); err != nil {
			return err
		}
		if said, err = kb.Say(ctx, tx, v.Actor, x, r.PostFormValue("helped"), view.Typed); err != nil || said.Words == "" || said.ID == 0 || x.OwnerID == 0 || p.Missed == nil {
			return err
		}
		return p.Missed(ctx, tx, x)
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		view.Wrong = wrong["words"]
		return p.showArticle(w, r, v, http.StatusUnprocessableEntity, view)
	}
	if fault.Is(err, fault.KindNotFound) {
		return p.articleGone(w, r, v)
	}
	if err != nil {
		return err
	}
	q := url.Values{"in": {x.Text.Language}, "said": {said.Helped}}
	if said.Helped == "" {
		q.Set("said", "words")
	}
	return page.Goto(w, r, articleURL(x.Slug)+"?"+q.Encode()+"#helped")
}

func (v *ArticleView) load(ctx context.Context, tx *db.Tx, visit page.Visit, slug, language string) (err error) {
	if v.Article, err = kb.Read(ctx, tx, visit.Actor, slug, language); err != nil {
		return err
	}
	x := v.Article
	v.HTML = x.HTML()
	for _, code := range x.Languages {
		if code != x.Text.Language {
			v.Elsewhere = append(v.Elsewhere, HelpHit{Title: languageName(code), URL: articleURL(x.Slug) + "?in=" + code, Language: code})
		}
	}
	v.MayWrite = visit.Actor.Staff()
	all, err := kb.SectionsFor(ctx, tx, visit.Actor)
	if err != nil {
		return err
	}
	v.Path = kb.Path(all, x.SectionID)
	related, err := kb.Related(ctx, tx, visit.Actor, x, helpSimilar)
	v.Related = helpHits(related)
	return err
}

// languageName is a language in its own words, or its code where we do not know it.
func languageName(code string) string {
	for _, l := range i18n.Languages() {
		if l.Code == code {
			return l.Name
		}
	}
	return strings.ToUpper(code)
}

func noArticle() error {
	return fault.NotFound(i18n.M("There is no article here that you may read. It may have been taken back, or it is not for you any more."))
}

// articleGone is the one answer to who asks for an article that is not there, was taken back, or is not for them.
func (p *Portal) articleGone(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	words := strings.TrimSpace(strings.ReplaceAll(r.PathValue("article"), "-", " "))
	return page.Render(w, r, http.StatusNotFound, ArticleGonePage(HelpView{Frame: p.frame(v), Query: words}))
}

// articleFile answers GET /help/files/{article}/{name}.
func (p *Portal) articleFile(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "article")
	if err != nil {
		return err
	}
	var f kb.File
	ctx := r.Context()
	if err := p.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		f, err = kb.FileFor(ctx, tx, v.Actor, id, r.PathValue("name"))
		return err
	}); err != nil {
		return err
	}
	return p.Site.SendFile(w, r, f.Ref(), f.Name, f.Type)
}
