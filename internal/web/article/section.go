package article

import (
	"context"
	"net/http"
	"slices"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// SectionsView is the tree of sections, and one that is being made or changed.
type SectionsView struct {
	Frame    Frame
	Sections []kb.Section
	// Typed is in the form; ID 0 for a new one.
	Typed   kb.Section
	Parents []ui.Choice
	Wrong   map[string]string
}

const sectionsURL = "/sections"

// sections answers GET /sections, with ?change= for one that is to be changed.
func (a *Articles) sections(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.showSections(w, r, v, http.StatusOK, SectionsView{Typed: kb.Section{ID: number(r.URL.Query().Get("change")), Version: -1}})
}

func (a *Articles) showSections(w http.ResponseWriter, r *http.Request, v page.Visit, status int, view SectionsView) error {
	err := a.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		if view.Sections, err = kb.Sections(ctx, tx); err != nil {
			return err
		}
		i := slices.IndexFunc(view.Sections, func(s kb.Section) bool { return s.ID == view.Typed.ID })
		switch {
		case i < 0:
			view.Typed.ID = 0
		case view.Typed.Version < 0:
			view.Typed = view.Sections[i]
		default:
			view.Typed.Version = view.Sections[i].Version
		}
		view.Parents, err = sectionChoices(ctx, tx, view.Typed.ParentID)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, SectionsPage(view))
}

// saveSection answers POST /sections: a new one, or with an id one that is there.
func (a *Articles) saveSection(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	s := kb.Section{ID: number(r.PostFormValue("id")), ParentID: number(r.PostFormValue("parent")), Name: r.PostFormValue("name"), Version: number(r.PostFormValue("was"))}
	err := a.Site.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := kb.SaveSection(ctx, tx, v.Actor, s)
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return a.showSections(w, r, v, http.StatusUnprocessableEntity, SectionsView{Typed: s, Wrong: wrong})
	}
	if err != nil {
		return err
	}
	a.Site.Tell(w, i18n.T(ctx, "Saved."))
	return page.Goto(w, r, sectionsURL)
}

// placeSection answers POST /sections/{id}/place: up or down among those beside it.
func (a *Articles) placeSection(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	if err := a.Site.DB.Write(ctx, func(tx *db.Tx) error {
		return kb.MoveSection(ctx, tx, v.Actor, id, r.PostFormValue("to") == "up")
	}); err != nil {
		return err
	}
	return page.Goto(w, r, sectionsURL)
}

// removeSection answers POST /sections/{id}/removal.
func (a *Articles) removeSection(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	ctx := r.Context()
	if err := a.Site.DB.Write(ctx, func(tx *db.Tx) error { return kb.RemoveSection(ctx, tx, v.Actor, id) }); err != nil {
		return err
	}
	a.Site.Tell(w, i18n.T(ctx, "The section is gone. What lay in it lies where it lay."))
	return page.Goto(w, r, sectionsURL)
}
