package article

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/markdown"
	"goodturn/internal/web/page"
)

// shownBlock is a block as the editor takes it. HTML is what a piece looks like that is shown and not changed there.
type shownBlock struct {
	markdown.Block
	HTML *string `json:"html,omitempty"`
}

// blocks answers POST /articles/blocks: a text, parted for the rich surface.
func (a *Articles) blocks(w http.ResponseWriter, r *http.Request, _ page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	out := struct {
		Blocks []shownBlock `json:"blocks"`
	}{[]shownBlock{}}
	for _, b := range kb.Blocks(r.PostFormValue("body")) {
		s := shownBlock{Block: b}
		if b.Node.Type == markdown.RawBlock {
			html := kb.Render(number(r.PostFormValue("article")), b.Node.Attrs.Source)
			s.HTML = &html
		}
		out.Blocks = append(out.Blocks, s)
	}
	return sendJSON(w, http.StatusOK, out)
}

func sendJSON(w http.ResponseWriter, status int, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, err = w.Write(raw)
	return err
}

// joined answers POST /articles/markdown: what stands on the rich surface, as Markdown.
func (a *Articles) joined(w http.ResponseWriter, r *http.Request, _ page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	text, err := joinedText(r.PostFormValue("rich"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, err = w.Write([]byte(text))
	return err
}

// joinedText makes a text of the pieces that the rich surface sends.
func joinedText(rich string) (string, error) {
	var pieces []markdown.Piece
	if err := json.Unmarshal([]byte(rich), &pieces); err != nil {
		return "", &fault.Error{Kind: fault.KindInvalid, Message: i18n.M("This form did not arrive whole. Please go back and send it again."), Cause: err}
	}
	return markdown.Join(pieces)
}

// fillBody takes the text from the rich surface, where the form was sent from that.
func (f *Form) fillBody(r *http.Request) error {
	rich := r.PostFormValue("rich")
	if rich == "" {
		return nil
	}
	body, err := joinedText(rich)
	if err == nil {
		f.Body = body
	}
	return err
}

const titlesFound = 8

// titles answers GET /articles/titles?q=…: articles that a text may link to, as a piece of the page.
func (a *Articles) titles(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	var found []kb.Listed
	ctx, q := r.Context(), strings.TrimSpace(r.URL.Query().Get("q"))
	err := a.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if q != "" {
			found, err = kb.Search(ctx, tx, v.Actor, i18n.LangOf(ctx), q, titlesFound)
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, foundTitles(found))
}

// addFile answers POST /articles/{id}/files: pictures and files beside a text that is being written.
func (a *Articles) addFile(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	type sent struct {
		Name    string `json:"name"`
		URL     string `json:"url"`
		Picture bool   `json:"picture"`
	}
	ctx, out := r.Context(), []sent{}
	uploads, large, err := a.form(ctx, r)
	if err != nil {
		return err
	}
	if err = large; err == nil {
		err = a.Site.DB.Write(ctx, func(tx *db.Tx) error {
			out = out[:0]
			for _, u := range uploads {
				f, err := kb.AddFile(ctx, tx, v.Actor, id, u.Name, typeOf(u), u.Ref, false)
				if err != nil {
					return err
				}
				out = append(out, sent{f.Name, f.URL(), page.IsPicture(f.Type)})
			}
			return nil
		})
	}
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return sendJSON(w, http.StatusUnprocessableEntity, map[string]string{"wrong": wrong["files"]})
	}
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, map[string]any{"files": out})
}

// unsaved is what a form says that is kept.
func unsaved(r *http.Request) (kb.Unsaved, error) {
	f := readForm(r)
	err := f.fillBody(r)
	return kb.Unsaved{ArticleID: number(r.PostFormValue("article")), Key: r.PostFormValue("key"), Language: f.Language, Title: f.Title, Body: f.Body, Was: f.Was}, err
}

// keep answers POST /articles/unsaved: what is being written, kept for who writes it.
func (a *Articles) keep(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	u, err := unsaved(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	if err := a.Site.DB.Write(ctx, func(tx *db.Tx) error { return kb.Keep(ctx, tx, v.Actor, u) }); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// forget answers POST /articles/unsaved/removal: what was not saved is thrown away.
func (a *Articles) forget(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	u, err := unsaved(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	if err := a.Site.DB.Write(ctx, func(tx *db.Tx) error { return kb.Forget(ctx, tx, v.Actor, u) }); err != nil {
		return err
	}
	a.Site.Tell(w, i18n.T(ctx, "Thrown away. What is saved is as it was."))
	if u.ArticleID == 0 {
		return page.Goto(w, r, articlesURL+"/new")
	}
	return page.Goto(w, r, articleURL(u.ArticleID)+"?in="+u.Language)
}

// fillUnsaved puts into the form what the reader wrote and did not save, or tells of what they have begun.
func (v *EditView) fillUnsaved(ctx context.Context, tx *db.Tx, visit page.Visit, key string) (err error) {
	if v.Article.ID == 0 {
		if v.Begun, err = kb.Begun(ctx, tx, visit.Actor); err != nil {
			return err
		}
		for _, u := range v.Begun {
			if key != "" && u.Key == key {
				v.Unsaved = u
			}
		}
	} else if v.Unsaved, err = kb.UnsavedOf(ctx, tx, visit.Actor, v.Article.ID, v.Form.Language); err != nil {
		return err
	}
	if u := v.Unsaved; u.ID != 0 && (u.Title != v.Form.Title || u.Body != v.Form.Body) {
		v.Form.Title, v.Form.Body, v.Form.Was, v.Form.Key = u.Title, u.Body, u.Was, u.Key
		v.Form.Language, v.Begun = u.Language, nil
		return nil
	}
	v.Unsaved = kb.Unsaved{}
	return nil
}
