package desk

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/lesson"
	"goodturn/internal/macro"
	"goodturn/internal/web/page"
)

// macroArticleRoutes are between macros and the articles that say the same.
func (d *Desk) macroArticleRoutes() []page.Route {
	return []page.Route{
		{Pattern: "POST /macros/{id}/article", Handle: d.articleOfMacro},
		{Pattern: "POST /macros/{id}/sameness", Handle: d.macroIsSame},
	}
}

// fromArticle is what the form of a macro begins with that is made of an article.
func (d *Desk) fromArticle(ctx context.Context, v page.Visit, articleID int64) (m macro.Macro, err error) {
	err = d.read(ctx, v, func(l *look) error {
		m, err = lesson.MacroOf(ctx, l.tx, v.Actor, articleID, d.publicURL())
		return err
	})
	return m, err
}

// articleOfMacro answers POST /macros/{id}/article: a draft of what the macro says.
func (d *Desk) articleOfMacro(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	ctx, article := r.Context(), int64(0)
	if err := d.Site.DB.Write(ctx, func(tx *db.Tx) error {
		x, err := lesson.ArticleOf(ctx, tx, v.Actor, id)
		article = x.ID
		return err
	}); err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(ctx, "A draft for staff only. Please look at it before it is published."))
	return page.Goto(w, r, "/articles/"+decimal(article))
}

// macroIsSame answers POST /macros/{id}/sameness: the macro says again what its article says.
func (d *Desk) macroIsSame(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	ctx := r.Context()
	if err := d.Site.DB.Write(ctx, func(tx *db.Tx) error { return lesson.Same(ctx, tx, v.Actor, id) }); err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(ctx, "Noted: the macro and the article say the same."))
	return page.Goto(w, r, macroURL(id))
}

// pairOf is the article that a macro says the same as; nil for none.
func pairOf(ctx context.Context, l *look, macroID int64) (*lesson.Paired, error) {
	pairs, err := lesson.Pairs(ctx, l.tx, []int64{macroID})
	if p, ok := pairs[macroID]; ok {
		return &p, err
	}
	return nil, err
}
