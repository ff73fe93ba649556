package article

import (
	"archive/zip"
	"context"
	"net/http"
	"os"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

const importURL = articlesURL + "/import"

// ImportView is where articles come in as files, and go out.
type ImportView struct {
	Frame                Frame
	Audiences, Languages []ui.Choice
	Publish              bool
	Wrong                map[string]string
	// Report is what became of a folder; nil before one came.
	Report *kb.Report
}

// importPage answers GET /articles/import.
func (a *Articles) importPage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.showImport(w, r, v, http.StatusOK, ImportView{}, kb.StaffOnly, "")
}

func (a *Articles) showImport(w http.ResponseWriter, r *http.Request, v page.Visit, status int, view ImportView, audience kb.Audience, language string) error {
	err := a.read(r, v, &view.Frame, func(ctx context.Context, _ *db.Tx) error {
		if language == "" {
			language = i18n.LangOf(ctx)
		}
		view.Languages = languageChoices(language)
		for _, c := range audienceChoices(ctx, audience) {
			if c.Value != string(kb.SomeOrganisations) {
				view.Audiences = append(view.Audiences, c)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, ImportPage(view))
}

// bringIn answers POST /articles/import: a zip becomes articles, and the page says file by file what became of it.
func (a *Articles) bringIn(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	audience, language := kb.Audience(r.PostFormValue("audience")), r.PostFormValue("language")
	if audience != kb.Everybody {
		audience = kb.StaffOnly
	}
	view := ImportView{Publish: r.PostFormValue("publish") != ""}
	again := func(m i18n.Text) error {
		view.Wrong = map[string]string{"files": i18n.Print(ctx, m)}
		return a.showImport(w, r, v, http.StatusUnprocessableEntity, view, audience, language)
	}
	all, err := a.Site.Uploads(ctx, r, "files")
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return again(i18n.M("Please choose a zip of the folder."))
	}
	f, err := a.Site.Blobs.Open(all[0].Ref)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := zip.NewReader(f, all[0].Ref.Size)
	if err != nil {
		return again(i18n.M("“{{.Name}}” could not be read as a zip. Please make a zip of the folder and choose that.", "Name", all[0].Name))
	}
	report, err := kb.Import{DB: a.Site.DB, Blobs: a.Site.Blobs, Actor: v.Actor, Language: language, Audience: audience, Publish: view.Publish}.Folder(ctx, z)
	if e, ok := fault.Of(err); ok && e.Kind == fault.KindTooLarge {
		return again(e.Message)
	}
	if err != nil {
		return err
	}
	view.Report = &report
	return a.showImport(w, r, v, http.StatusOK, view, audience, language)
}

// export answers GET /articles/export.zip.
func (a *Articles) export(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	f, err := os.CreateTemp("", "articles-*.zip")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := kb.Export(r.Context(), a.Site.DB, a.Site.Blobs, v.Actor, f); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="articles.zip"`)
	http.ServeContent(w, r, "", v.Now.Time(), f)
	return nil
}
