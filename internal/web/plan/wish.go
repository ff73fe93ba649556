package plan

import (
	"context"
	"net/http"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/proposal"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// WishView is what somebody wishes for.
type WishView struct {
	Frame  Frame
	Wishes proposal.Wishes
	Wrong  map[string]string
}

// wishes answers GET /rota/wishes.
func (p *Pages) wishes(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return p.showWishes(w, r, v, http.StatusOK, nil, nil)
}

func (p *Pages) showWishes(w http.ResponseWriter, r *http.Request, v page.Visit, status int, typed proposal.Wishes, wrong map[string]string) error {
	view := WishView{Wishes: typed, Wrong: wrong}
	err := p.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		if typed != nil {
			return nil
		}
		all, err := proposal.WishesOf(ctx, tx, []int64{v.Actor.ID})
		view.Wishes = all[v.Actor.ID]
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, WishPage(view))
}

// saveWishes answers POST /rota/wishes.
func (p *Pages) saveWishes(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, typed := r.Context(), proposal.Wishes{}
	for _, part := range proposal.Parts() {
		n, err := strconv.Atoi(r.PostFormValue(part.Name))
		if err != nil && r.PostFormValue(part.Name) != "" {
			n = 99 // none of the answers
		}
		typed[part.Name] = n
	}
	err := p.Site.DB.Write(ctx, func(tx *db.Tx) error { return proposal.SaveWishes(ctx, tx, v.Actor, typed) })
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return p.showWishes(w, r, v, http.StatusUnprocessableEntity, typed, wrong)
	}
	if err != nil {
		return err
	}
	p.Site.Tell(w, i18n.T(ctx, "Your wishes are kept. The next proposal weighs them."))
	return page.Goto(w, r, wishesURL)
}

// choices are the answers to a part of the week.
func (v WishView) choices(ctx context.Context, part proposal.Part) ui.Choices {
	out := ui.Choices{Name: part.Name, Label: i18n.Print(ctx, part.Label), Error: v.Wrong[part.Name]}
	for _, weight := range proposal.Weights() {
		out.Options = append(out.Options, ui.Choice{Value: strconv.Itoa(weight), Label: weightWords(ctx, weight), Chosen: v.Wishes[part.Name] == weight})
	}
	return out
}

func weightWords(ctx context.Context, weight int) string {
	switch {
	case weight >= 3:
		return i18n.T(ctx, "very gladly")
	case weight > 0:
		return i18n.T(ctx, "rather yes")
	case weight == 0:
		return i18n.T(ctx, "I don’t mind")
	case weight > -3:
		return i18n.T(ctx, "rather not")
	}
	return i18n.T(ctx, "please not")
}
