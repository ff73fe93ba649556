package lead

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/primer"
	"goodturn/internal/web/page"
)

const primerURL = "/primer"

// primerRoutes are the short read for whoever begins at the desk, and how leads shape it.
func (l *Lead) primerRoutes() []page.Route {
	return []page.Route{
		{Pattern: "GET /primer", Verb: person.VisitDesk, Handle: l.primer},
		{Pattern: "POST /primer/reading", Verb: person.VisitDesk, Handle: l.primerRead},
		{Pattern: "POST /primer/opening", Verb: person.ManageArticles, Handle: l.savePrimerOpening},
		{Pattern: "POST /primer/entries/{id}", Verb: person.ManageArticles, Handle: l.changePrimer},
	}
}

// PrimerView is the primer as it is read.
type PrimerView struct {
	Frame
	primer.Page
	// Shape says that the reader may shape it, Typed and Wrong are of the form for what stands above.
	Shape bool
	Typed string
	Wrong string
}

// primer answers GET /primer.
func (l *Lead) primer(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return l.showPrimer(w, r, v, http.StatusOK, nil, "")
}

func (l *Lead) showPrimer(w http.ResponseWriter, r *http.Request, v page.Visit, status int, typed *string, wrong string) error {
	view := PrimerView{Shape: person.Can(v.Actor, person.ManageArticles, person.Thing{}), Wrong: wrong}
	err := l.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		view.Page, err = primer.Read(ctx, tx, v.Actor)
		return err
	})
	if err != nil {
		return err
	}
	view.Typed = view.Opening
	if typed != nil {
		view.Typed = *typed
	}
	return page.Render(w, r, status, PrimerPage(view))
}

// primerRead answers POST /primer/reading: somebody has read it.
func (l *Lead) primerRead(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	if err := l.Site.DB.Write(ctx, func(tx *db.Tx) error { return primer.MarkRead(ctx, tx, v.Actor) }); err != nil {
		return err
	}
	l.Site.Tell(w, i18n.T(ctx, "Noted. When it changes, it says so here."))
	return page.Goto(w, r, primerURL)
}

// savePrimerOpening answers POST /primer/opening.
func (l *Lead) savePrimerOpening(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, text := r.Context(), r.PostFormValue("opening")
	err := l.Site.DB.Write(ctx, func(tx *db.Tx) error { return primer.Open(ctx, tx, v.Actor, text, number(r.PostFormValue("was"))) })
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return l.showPrimer(w, r, v, http.StatusUnprocessableEntity, &text, wrong["opening"])
	}
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		return l.showPrimer(w, r, v, http.StatusConflict, &text, i18n.Print(ctx, f.Message))
	}
	if err != nil {
		return err
	}
	l.Site.Tell(w, i18n.T(ctx, "Saved."))
	return page.Goto(w, r, primerURL)
}

// changePrimer answers POST /primer/entries/{id}: "do" is pin, unpin, leave, return, up or down.
func (l *Lead) changePrimer(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, do := r.Context(), primer.Deed(r.PostFormValue("do"))
	if err := l.Site.DB.Write(ctx, func(tx *db.Tx) error { return primer.Do(ctx, tx, v.Actor, id, do) }); err != nil {
		return err
	}
	if do == primer.Leave {
		l.Site.Tell(w, i18n.T(ctx, "Left out. It stands at the end of the page, to be had back."))
		return page.Goto(w, r, primerURL)
	}
	return page.Goto(w, r, primerURL+"#e"+decimal(id))
}

func chapterWords(ctx context.Context, c primer.Chapter) string {
	switch c {
	case primer.Asked:
		return i18n.T(ctx, "What people ask most")
	case primer.Ordered:
		return i18n.T(ctx, "What is asked for by name")
	case primer.Helps:
		return i18n.T(ctx, "Articles that help")
	}
	return i18n.T(ctx, "What we learned of late")
}

// oftenWords says how often something comes in a week.
func oftenWords(ctx context.Context, e primer.Entry) string {
	switch n := e.Weekly(); {
	case e.Often == 0:
		return ""
	case n < 1:
		return i18n.N(ctx, "{{.Count}} time in four weeks", "{{.Count}} times in four weeks", int(e.Often))
	case n < 2:
		return i18n.T(ctx, "about {{.Number}} a week", "Number", strings.TrimSuffix(strconv.FormatFloat(n, 'f', 1, 64), ".0"))
	default:
		return i18n.T(ctx, "about {{.Number}} a week", "Number", strconv.Itoa(int(n+0.5)))
	}
}

// source is where an entry's answer stands in full, "" for nowhere that the reader may open.
func (v PrimerView) source(e primer.Entry) string {
	switch {
	case v.Nav.Guest && e.Slug == "":
		return ""
	case e.Slug != "":
		return "/help/" + e.Slug
	case e.TicketID != 0:
		return "/tickets/" + decimal(e.TicketID)
	}
	return ""
}

func paragraphs(text string) (out []string) {
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}
