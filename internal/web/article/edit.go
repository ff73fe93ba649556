package article

import (
	"context"
	"crypto/rand"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// EditView is an article that is being written.
type EditView struct {
	Frame   Frame
	Article kb.Article // ID 0 for a new one
	Text    kb.Text    // as it is stored
	Form    Form
	Wrong   map[string]string
	// Preview is what it looks like, where somebody asked.
	Preview string
	// Theirs is what somebody else saved meanwhile, and By who it was.
	Theirs *kb.Text
	By     string

	Sections, Audiences, Organisations []ui.Choice
	Languages                          []Language
	Files                              []kb.File
	// Unsaved is what the reader wrote before and did not save, which stands in the form now; Begun what they began of other articles.
	Unsaved kb.Unsaved
	Begun   []kb.Unsaved
	// Original is what a translation is made from; nil for the original itself.
	Original *kb.Text
	// Lesson is of what was drafted from tickets.
	Lesson Lesson
}

// Language is one in which an article is or may be.
type Language struct {
	Code, Name  string
	Here, There bool // it is shown; there is a text
	Live        bool
	Behind      bool
}

// Form is what is typed.
type Form struct {
	Title, Body, Language string
	Was, Follows          int64
	Key                   string // of the form of a new article
	// Of a new one.
	Section       int64
	Audience      kb.Audience
	Organisations []int64
	// Of one that was drafted from tickets.
	Checked bool
}

func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

func readForm(r *http.Request) Form {
	f := Form{
		Title: r.PostFormValue("title"), Body: r.PostFormValue("body"), Language: r.PostFormValue("language"), Was: number(r.PostFormValue("was")), Follows: number(r.PostFormValue("follows")),
		Key: r.PostFormValue("key"), Section: number(r.PostFormValue("section")), Audience: kb.Audience(r.PostFormValue("audience")), Checked: r.PostFormValue("checked") != "",
	}
	for _, o := range r.PostForm["organisations"] {
		f.Organisations = append(f.Organisations, number(o))
	}
	return f
}

func (v EditView) url() string {
	if v.Article.ID == 0 {
		return articlesURL
	}
	return articleURL(v.Article.ID)
}

func (v EditView) title(ctx context.Context) string {
	switch {
	case v.Text.Title != "":
		return v.Text.Title
	case v.Article.ID != 0:
		return i18n.T(ctx, "A translation")
	}
	return i18n.T(ctx, "A new article")
}

// newArticle answers GET /articles/new, with ?section= and ?title= for what is known already.
func (a *Articles) newArticle(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	q := r.URL.Query()
	return a.show(w, r, v, http.StatusOK, EditView{Form: Form{Key: rand.Text(), Title: clean(q.Get("title")), Section: number(q.Get("section")), Audience: kb.Everybody, Language: i18n.LangOf(r.Context())}})
}

// edit answers GET /articles/{id}, with ?in= for a language.
func (a *Articles) edit(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	return a.show(w, r, v, http.StatusOK, EditView{Article: kb.Article{ID: id}, Form: Form{Language: r.URL.Query().Get("in"), Was: -1}})
}

// show fills in what is stored and renders the page. A form that was not typed yet (Was below 0) gets what is stored.
func (a *Articles) show(w http.ResponseWriter, r *http.Request, v page.Visit, status int, view EditView) error {
	err := a.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		if view.Article.ID != 0 {
			if view.Article, err = kb.ByID(ctx, tx, v.Actor, view.Article.ID); err != nil {
				return err
			}
			if err := view.fillTexts(ctx, tx); err != nil {
				return err
			}
			if view.Files, err = kb.Files(ctx, tx, view.Article.ID); err != nil {
				return err
			}
			if err := view.fillLesson(ctx, tx, v.Actor); err != nil {
				return err
			}
		}
		if r.Method == http.MethodGet {
			if err := view.fillUnsaved(ctx, tx, v, r.URL.Query().Get("go-on")); err != nil {
				return err
			}
		}
		if err := view.fillChoices(ctx, tx); err != nil {
			return err
		}
		if view.Theirs != nil {
			names, err := person.Names(ctx, tx, []int64{view.Theirs.ByID})
			view.By = names[view.Theirs.ByID]
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, EditPage(view))
}

// fillTexts finds the text that is edited, and those beside it.
func (v *EditView) fillTexts(ctx context.Context, tx *db.Tx) error {
	texts, err := kb.Texts(ctx, tx, v.Article)
	if err != nil {
		return err
	}
	if v.Form.Language == "" {
		v.Form.Language = v.Article.Language
	}
	v.Text = kb.Text{ArticleID: v.Article.ID, Language: v.Form.Language}
	if len(texts) > 0 && texts[0].Language == v.Article.Language && v.Form.Language != v.Article.Language {
		v.Original = &texts[0]
	}
	known := map[string]bool{}
	for _, t := range texts {
		if t.Language == v.Form.Language {
			v.Text = t
		}
		known[t.Language] = true
		behind := t.Language != v.Article.Language && len(texts) > 0 && texts[0].Live > t.Follows
		v.Languages = append(v.Languages, Language{Code: t.Language, Name: languageName(t.Language), There: true, Here: t.Language == v.Form.Language, Live: t.Live > 0, Behind: behind})
	}
	for _, l := range i18n.Languages() {
		if !known[l.Code] {
			v.Languages = append(v.Languages, Language{Code: l.Code, Name: l.Name, Here: l.Code == v.Form.Language})
		}
	}
	if v.Form.Was < 0 {
		v.Form.Title, v.Form.Body, v.Form.Was = v.Text.Title, v.Text.Body, v.Text.Version
		if v.Original != nil {
			v.Form.Follows = v.Original.Live
		}
	}
	return nil
}

func languageName(code string) string {
	for _, l := range i18n.Languages() {
		if l.Code == code {
			return l.Name
		}
	}
	return strings.ToUpper(code)
}

// fillChoices fills in what a new article is asked.
func (v *EditView) fillChoices(ctx context.Context, tx *db.Tx) error {
	if v.Article.ID != 0 {
		return nil
	}
	var err error
	if v.Sections, err = sectionChoices(ctx, tx, v.Form.Section); err != nil {
		return err
	}
	v.Audiences = audienceChoices(ctx, v.Form.Audience)
	v.Organisations, err = organisationChoices(ctx, tx, v.Form.Organisations)
	return err
}

func sectionChoices(ctx context.Context, tx *db.Tx, chosen int64) ([]ui.Choice, error) {
	all, err := kb.Sections(ctx, tx)
	out := []ui.Choice{{Label: i18n.T(ctx, "None"), Value: "0", Chosen: chosen == 0}}
	for _, s := range all {
		out = append(out, ui.Choice{Value: decimal(s.ID), Label: strings.Repeat("– ", s.Depth) + s.Name, Chosen: s.ID == chosen})
	}
	return out, err
}

func audienceChoices(ctx context.Context, chosen kb.Audience) []ui.Choice {
	return []ui.Choice{
		{Value: string(kb.Everybody), Label: i18n.T(ctx, "Everybody"), Chosen: chosen == kb.Everybody},
		{Value: string(kb.SomeOrganisations), Label: i18n.T(ctx, "Only these organisations"), Chosen: chosen == kb.SomeOrganisations},
		{Value: string(kb.StaffOnly), Label: i18n.T(ctx, "Staff only"), Chosen: chosen == kb.StaffOnly},
	}
}

func organisationChoices(ctx context.Context, tx *db.Tx, chosen []int64) (out []ui.Choice, err error) {
	all, err := person.Organisations(ctx, tx)
	for _, o := range all {
		out = append(out, ui.Choice{Value: decimal(o.ID), Label: o.Name, Chosen: slices.Contains(chosen, o.ID)})
	}
	return out, err
}

// create answers POST /articles.
func (a *Articles) create(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	uploads, large, err := a.form(ctx, r)
	if err != nil {
		return err
	}
	f := readForm(r)
	if err := f.fillBody(r); err != nil {
		return err
	}
	if r.PostFormValue("do") == "preview" {
		return a.show(w, r, v, http.StatusOK, EditView{Form: f, Preview: kb.Render(0, f.Body)})
	}
	var x kb.Article
	if err = large; err == nil {
		err = a.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
			x, err = kb.Create(ctx, tx, v.Actor, kb.New{Title: f.Title, Body: f.Body, Language: f.Language, SectionID: f.Section, Audience: f.Audience, Organisations: f.Organisations, Publish: r.PostFormValue("do") == "publish"})
			if err != nil {
				return err
			}
			if err := kb.Forget(ctx, tx, v.Actor, kb.Unsaved{Key: f.Key}); err != nil {
				return err
			}
			return addFiles(ctx, tx, v.Actor, x.ID, uploads)
		})
	}
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return a.show(w, r, v, http.StatusUnprocessableEntity, EditView{Form: f, Wrong: wrong})
	}
	if err != nil {
		return err
	}
	a.saved(ctx, w, x.Published)
	return page.Goto(w, r, articleURL(x.ID))
}

func (a *Articles) saved(ctx context.Context, w http.ResponseWriter, live bool) {
	if live {
		a.Site.Tell(w, i18n.T(ctx, "Published. Readers see it now."))
		return
	}
	a.Site.Tell(w, i18n.T(ctx, "The draft is saved. Readers do not see it yet."))
}

// save answers POST /articles/{id}: a draft is saved, or published; "preview" only shows what it looks like.
func (a *Articles) save(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	ctx := r.Context()
	uploads, large, err := a.form(ctx, r)
	if err != nil {
		return err
	}
	f := readForm(r)
	if err := f.fillBody(r); err != nil {
		return err
	}
	view := EditView{Article: kb.Article{ID: id}, Form: f}
	if r.PostFormValue("do") == "preview" {
		view.Preview = kb.Render(id, f.Body)
		return a.show(w, r, v, http.StatusOK, view)
	}
	var t kb.Text
	publish := r.PostFormValue("do") == "publish"
	if err = large; err == nil {
		err = a.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
			was, err := kb.ByID(ctx, tx, v.Actor, id)
			if err != nil {
				return err
			}
			if t, err = kb.Save(ctx, tx, v.Actor, kb.Edit{ArticleID: id, Language: f.Language, Title: f.Title, Body: f.Body, Was: f.Was, Publish: publish, Checked: f.Checked, Follows: f.Follows}); err != nil {
				return err
			}
			if publish {
				if err := checkedNow(ctx, tx, v.Actor, was, f); err != nil {
					return err
				}
			}
			if err := kb.Forget(ctx, tx, v.Actor, kb.Unsaved{ArticleID: id, Language: f.Language}); err != nil {
				return err
			}
			return addFiles(ctx, tx, v.Actor, id, uploads)
		})
	}
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		view.Wrong = wrong
		return a.show(w, r, v, http.StatusUnprocessableEntity, view)
	}
	if fault.Is(err, fault.KindConflict) { // saving once more puts this one in the place of theirs, which stays as a version
		view.Theirs, view.Form.Was = &t, t.Version
		return a.show(w, r, v, http.StatusConflict, view)
	}
	if err != nil {
		return err
	}
	a.saved(ctx, w, publish)
	return page.Goto(w, r, articleURL(id)+"?in="+f.Language)
}

// preview answers POST /articles/preview: what a text looks like, alone.
func (a *Articles) preview(w http.ResponseWriter, r *http.Request, _ page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, templ.Raw(kb.Render(number(r.PostFormValue("article")), r.PostFormValue("body"))))
}

// withdraw answers POST /articles/{id}/withdrawal.
func (a *Articles) withdraw(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, language := r.Context(), r.PostFormValue("language")
	if err := a.Site.DB.Write(ctx, func(tx *db.Tx) error { return kb.Withdraw(ctx, tx, v.Actor, id, language) }); err != nil {
		return err
	}
	a.Site.Tell(w, i18n.T(ctx, "Taken back. Readers do not see it any more; the text is still here."))
	return page.Goto(w, r, articleURL(id)+"?in="+language)
}

// form reads the form with its files. One that is too large comes as wrong, told by its name and size, and so what was typed stays.
func (a *Articles) form(ctx context.Context, r *http.Request) (all []page.Upload, wrong, err error) {
	all, large, err := a.Site.LargeForm(ctx, r, "files", kb.MostOf)
	if err == nil && len(large) > 0 {
		wrong = kb.TooLarge(large[0].Name, large[0].Size, large[0].Most)
	}
	return all, wrong, err
}

func addFiles(ctx context.Context, tx *db.Tx, a person.Actor, id int64, all []page.Upload) error {
	for _, u := range all {
		if _, err := kb.AddFile(ctx, tx, a, id, u.Name, typeOf(u), u.Ref, true); err != nil {
			return err
		}
	}
	return nil
}

// typeOf is the type of a file: what its name says where that is a picture's.
func typeOf(u page.Upload) string {
	if t := mime.TypeByExtension(path.Ext(u.Name)); page.IsPicture(t) {
		return t
	}
	return u.Type
}

// removeFile answers POST /articles/{id}/files/{file}/removal.
func (a *Articles) removeFile(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	file, err := page.Number(r, "file")
	if err != nil {
		return err
	}
	ctx := r.Context()
	if err := a.Site.DB.Write(ctx, func(tx *db.Tx) error { return kb.RemoveFile(ctx, tx, v.Actor, id, file) }); err != nil {
		return err
	}
	a.Site.Tell(w, i18n.T(ctx, "The file is gone from the article."))
	return page.Goto(w, r, articleURL(id))
}
