package stint

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/stint"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

func debriefURL(id int64) string { return ownURL + "/" + decimal(id) + "/debrief" }

// DebriefView is what somebody takes from their turn, as a form; or as it was said.
type DebriefView struct {
	Frame
	Stint    stint.Stint
	Mentor   string
	Done     bool
	Said     stint.Debrief
	Held     []stint.Held
	Deciders []ui.Choice
	Typed    stint.Debrief
	Chosen   map[int64]bool // tickets that show what is out of the desk's hands
	Wrong    map[string]string
}

// papercuts is how many small things the form asks for.
const papercuts = 3

// point is what was typed of a kind, the nth of several.
func (v DebriefView) point(kind stint.PointKind, nth int) string {
	for _, p := range v.Typed.Points {
		if p.Kind == kind {
			if nth--; nth < 0 {
				return p.Text
			}
		}
	}
	return ""
}

// debriefPage answers GET /stint/{id}/debrief.
func (s *Stints) debriefPage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	return s.showDebrief(w, r, v, id, http.StatusOK, stint.Debrief{}, nil, nil)
}

func (s *Stints) showDebrief(w http.ResponseWriter, r *http.Request, v page.Visit, id int64, status int, typed stint.Debrief, chosen map[int64]bool, wrong map[string]string) error {
	view := DebriefView{Typed: typed, Chosen: chosen, Wrong: wrong}
	err := s.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		if view.Stint, err = stint.ByID(ctx, tx, id); err != nil {
			return err
		}
		if view.Stint.PersonID != v.Actor.ID {
			return fault.NotFound(i18n.M("There is no such stint."))
		}
		if _, view.Mentor, err = names(ctx, tx, view.Stint); err != nil {
			return err
		}
		if view.Said, view.Done, err = stint.DebriefOf(ctx, tx, id); err != nil || view.Done {
			return err
		}
		if view.Held, err = stint.Worked(ctx, tx, view.Stint); err != nil {
			return err
		}
		clear := redactor(ctx)
		for i := range view.Held {
			view.Held[i].Subject, _ = clear(view.Held[i].Subject)
		}
		staff, err := person.Staff(ctx, tx)
		view.Deciders = []ui.Choice{{Label: i18n.T(ctx, "Whoever leads the desk"), Chosen: typed.DeciderID == 0}}
		for _, p := range staff {
			if p.Role.AtLeast(person.Lead) {
				view.Deciders = append(view.Deciders, ui.Choice{Value: decimal(p.ID), Label: p.Name, Chosen: p.ID == typed.DeciderID})
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, DebriefPage(view))
}

// debrief answers POST /stint/{id}/debrief.
func (s *Stints) debrief(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := form(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	d := stint.Debrief{Saw: r.PostFormValue("saw"), Thanks: r.PostFormValue("thanks"), DeciderID: number(r.PostFormValue("decider"))}
	chosen := map[int64]bool{}
	var tickets []int64
	for _, text := range r.PostForm["ticket"] {
		chosen[number(text)] = true
		tickets = append(tickets, number(text))
	}
	for _, kind := range []stint.PointKind{stint.Papercut, stint.Unwritten, stint.Product, stint.OutOfHand} {
		for _, text := range r.PostForm[string(kind)] {
			p := stint.Point{Kind: kind, Text: text}
			if kind == stint.OutOfHand {
				p.Tickets = tickets
			}
			d.Points = append(d.Points, p)
		}
	}
	err = s.Site.DB.Write(ctx, func(tx *db.Tx) error { return s.Keeper.Debrief(ctx, tx, v.Actor, id, d) })
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return s.showDebrief(w, r, v, id, http.StatusUnprocessableEntity, d, chosen, wrong)
	}
	return s.do(w, r, debriefURL(id), i18n.T(ctx, "Thank you. What you said is with those who can do something about it."), func(context.Context, *db.Tx) error { return err })
}
