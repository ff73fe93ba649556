package article

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/lesson"
	"goodturn/internal/macro"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

const draftsURL = articlesURL + "/drafts"

// draftRoutes are how articles come out of work.
func draftRoutes(a *Articles) []page.Route {
	return []page.Route{
		{Pattern: "GET /articles/drafts", Handle: a.chooseDraft},
		{Pattern: "POST /articles/drafts", Handle: a.beginDraft},
		{Pattern: "POST /articles/{id}/cuts/{cut}", MaxBytes: page.MaxFiles, Handle: a.changeCut},
	}
}

// DraftView asks of which tickets an article shall be drafted.
type DraftView struct {
	Frame   Frame
	Tickets []lesson.Source
	Private bool // a private team's is among them
	Wrong   string
}

func ticketsOf(values []string) (out []int64) {
	for _, raw := range values {
		if id := number(strings.TrimPrefix(strings.TrimSpace(raw), "#")); id > 0 {
			out = append(out, id)
		}
	}
	return out[:min(len(out), 10*lesson.Most)]
}

// chooseDraft answers GET /articles/drafts?ticket=1042&ticket=1050: what was chosen is looked at before it is drafted from.
func (a *Articles) chooseDraft(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.showDraft(w, r, v, http.StatusOK, ticketsOf(r.URL.Query()["ticket"]), "")
}

func (a *Articles) showDraft(w http.ResponseWriter, r *http.Request, v page.Visit, status int, ids []int64, wrong string) error {
	view := DraftView{Wrong: wrong}
	err := a.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		view.Tickets, view.Private = nil, false
		for _, id := range ids {
			t, err := ticket.Get(ctx, tx, v.Actor, person.SeeTicket, id)
			if err != nil {
				return err
			}
			view.Tickets = append(view.Tickets, lesson.Source{ID: t.ID, Subject: t.Subject})
			view.Private = view.Private || t.TeamPrivate
		}
		return nil
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, DraftPage(view))
}

// beginDraft answers POST /articles/drafts: the tickets stand in the fields ticket. What is of a private team is asked about first.
func (a *Articles) beginDraft(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, ids := r.Context(), ticketsOf(r.PostForm["ticket"])
	var d lesson.Draft
	err := a.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		d, err = lesson.Begin(ctx, tx, v.Actor, lesson.New{Tickets: ids, Private: r.PostFormValue("private") != ""})
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		said := wrong["tickets"]
		for _, w := range wrong {
			if said == "" && wrong["private"] == "" {
				said = w
			}
		}
		return a.showDraft(w, r, v, http.StatusUnprocessableEntity, ids, said)
	}
	if err != nil {
		return err
	}
	a.Site.Tell(w, BegunWords(ctx, d))
	return page.Goto(w, r, articleURL(d.Article.ID))
}

// BegunWords says what became of a draft.
func BegunWords(ctx context.Context, d lesson.Draft) string {
	said := []string{i18n.T(ctx, "A draft for staff only. Please look at it before it is published.")}
	if d.NoAnswer {
		said = append(said, i18n.T(ctx, "No answer says what to do, so that part is yours to write."))
	}
	for _, why := range []lesson.Why{lesson.NotSolved, lesson.PutAside, lesson.Foreign, lesson.Empty} {
		if n := len(d.LeftOut[why]); n > 0 {
			said = append(said, leftOutWords(ctx, why, n))
		}
	}
	return strings.Join(said, " ")
}

func leftOutWords(ctx context.Context, why lesson.Why, n int) string {
	switch why {
	case lesson.NotSolved:
		return i18n.N(ctx, "{{.Count}} ticket is not solved yet, and was left out.", "{{.Count}} tickets are not solved yet, and were left out.", n)
	case lesson.PutAside:
		return i18n.N(ctx, "{{.Count}} ticket in the trash or spam was left out.", "{{.Count}} tickets in the trash or spam were left out.", n)
	case lesson.Foreign:
		return i18n.N(ctx, "{{.Count}} ticket in another language was left out; draft it by itself.", "{{.Count}} tickets in another language were left out; draft them by themselves.", n)
	}
	return i18n.N(ctx, "{{.Count}} ticket says nothing that can be used.", "{{.Count}} tickets say nothing that can be used.", n)
}

// Lesson is what the writer of a draft is shown beside it.
type Lesson struct {
	Sources   []lesson.Source
	Cuts      []lesson.Cut
	Sentences []Said
	Found     []lesson.Piece // of the text as it is stored
	Audiences []ui.Choice
	// Macros are those that say the same, as far as the reader may use them.
	Macros []macro.Macro
}

// Said is a sentence with the tickets that it came from.
type Said struct {
	Text    string
	Tickets []int64
}

// fillLesson finds what the writer of a draft is shown.
func (v *EditView) fillLesson(ctx context.Context, tx *db.Tx, a person.Actor) (err error) {
	if v.Lesson.Macros, err = lesson.Macros(ctx, tx, a, v.Article.ID); err != nil {
		return err
	}
	if v.Lesson.Sources, err = lesson.Sources(ctx, tx, a, v.Article.ID); err != nil || !v.Article.ToCheck {
		return err
	}
	if v.Lesson.Cuts, err = lesson.Cuts(ctx, tx, a, v.Article.ID); err != nil {
		return err
	}
	all, err := lesson.Sentences(ctx, tx, a, v.Article.ID)
	if err != nil {
		return err
	}
	for _, s := range all {
		if n := len(v.Lesson.Sentences); n > 0 && v.Lesson.Sentences[n-1].Text == s.Text {
			v.Lesson.Sentences[n-1].Tickets = append(v.Lesson.Sentences[n-1].Tickets, s.TicketID)
			continue
		}
		v.Lesson.Sentences = append(v.Lesson.Sentences, Said{s.Text, []int64{s.TicketID}})
	}
	chosen := v.Form.Audience
	if chosen == "" {
		chosen = v.Article.Audience
	}
	v.Lesson.Audiences = audienceChoices(ctx, chosen)
	if len(v.Article.Organisations) == 0 { // those are chosen with the settings
		v.Lesson.Audiences = []ui.Choice{v.Lesson.Audiences[0], v.Lesson.Audiences[2]}
	}
	v.Lesson.Found, err = lesson.Look(ctx, tx, a, v.Article.ID, v.Form.Title+"\n\n"+v.Form.Body)
	return err
}

// around shows a cut with what stands beside it, without a space that is not there.
func around(c lesson.Cut) string {
	stands := c.Word
	if c.Back {
		stands = c.Was
	}
	plain := func(s string) string { return html.EscapeString(lesson.Unescaped(s)) }
	return plain(c.BeforeIt) + "<mark>" + html.EscapeString(stands) + "</mark>" + plain(c.AfterIt)
}

// checkedNow does what comes with the first publishing of what was drafted: its readers, and what was kept for the writer is forgotten.
func checkedNow(ctx context.Context, tx *db.Tx, a person.Actor, was kb.Article, f Form) error {
	if !was.ToCheck {
		return nil
	}
	if err := lesson.Settle(ctx, tx, was.ID); err != nil {
		return err
	}
	if f.Audience == "" || f.Audience == was.Audience {
		return nil
	}
	x, err := kb.ByID(ctx, tx, a, was.ID)
	if err != nil {
		return err
	}
	_, err = kb.Set(ctx, tx, a, x.ID, kb.Settings{Slug: x.Slug, SectionID: x.SectionID, Audience: f.Audience, Organisations: x.Organisations, OwnerID: x.OwnerID, ReviewDays: x.ReviewDays, Was: x.Version})
	return err
}

// changeCut answers POST /articles/{id}/cuts/{cut}: what was typed is saved as a draft, and what was taken out put back in its place (back=1),
// or taken out again.
func (a *Articles) changeCut(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	cut, err := page.Number(r, "cut")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, f := r.Context(), readForm(r)
	if err := f.fillBody(r); err != nil {
		return err
	}
	view := EditView{Article: kb.Article{ID: id}, Form: f}
	var t kb.Text
	err = a.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if f.Language != "" { // sent with the form
			if t, err = kb.Save(ctx, tx, v.Actor, kb.Edit{ArticleID: id, Language: f.Language, Title: f.Title, Body: f.Body, Was: f.Was}); err != nil {
				return err
			}
			if err := kb.Forget(ctx, tx, v.Actor, kb.Unsaved{ArticleID: id, Language: f.Language}); err != nil {
				return err
			}
		}
		if r.PostFormValue("back") == "1" {
			return lesson.PutBack(ctx, tx, v.Actor, id, cut)
		}
		return lesson.TakeOut(ctx, tx, v.Actor, id, cut)
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		view.Wrong = wrong
		return a.show(w, r, v, http.StatusUnprocessableEntity, view)
	}
	if fault.Is(err, fault.KindConflict) && t.Version != 0 && t.Version != f.Was && (t.Title != clean(f.Title) || t.Body != strings.TrimRight(f.Body, " \n\t")) {
		view.Theirs, view.Form.Was = &t, t.Version
		return a.show(w, r, v, http.StatusConflict, view)
	}
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		view.Wrong = map[string]string{"cut": i18n.Print(ctx, f.Message)}
		return a.show(w, r, v, http.StatusConflict, view)
	}
	if err != nil {
		return err
	}
	return page.Goto(w, r, articleURL(id)+"?"+url.Values{"in": {f.Language}}.Encode()+"#taken-out")
}
