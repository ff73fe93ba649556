package desk

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/view"
	"goodturn/internal/web/page"
)

// viewsURL is the address of the page of saved views.
const viewsURL = "/views"

func viewURL(id int64) string { return viewsURL + "/" + decimal(id) }

func savedPlace(v view.View) place { return place{View: "v" + decimal(v.ID)} }

// views are the saved views that the visitor has.
func (l *look) views(ctx context.Context) ([]view.View, error) {
	if l.saved == nil {
		chose, err := l.preferences(ctx)
		if err != nil {
			return nil, err
		}
		all, err := view.All(ctx, l.tx, l.visit.Actor, chose)
		if err != nil {
			return nil, err
		}
		l.saved = &all
	}
	return *l.saved, nil
}

// open loads the saved view that a place names. ok is false when there is none any more; the place is that of the first
// list then.
func (l *look) open(ctx context.Context, p place) (_ place, ok bool, err error) {
	id := p.savedID()
	if id == 0 || p.saved != nil {
		return p, true, nil
	}
	all, err := l.views(ctx)
	for i := range all {
		if all[i].ID == id {
			p.saved = &all[i]
			return p, true, nil
		}
	}
	p.View = ""
	return p, false, err
}

// opened is look.open for a place that must be there.
func (d *Desk) opened(ctx context.Context, v page.Visit, p place) (place, error) {
	err := d.read(ctx, v, func(l *look) (err error) {
		ok := false
		if p, ok, err = l.open(ctx, p); err == nil && !ok {
			err = errNoView
		}
		return err
	})
	return p, err
}

var errNoView = fault.NotFound(i18n.M("There is no such view any more. It may have been removed, or is not shared with you."))

// savedLinks are the saved views with their numbers, and when to ask for these again.
func (d *Desk) savedLinks(ctx context.Context, l *look, here string) (links []page.NavLink, again time.Duration, err error) {
	views, err := l.views(ctx)
	if err != nil || len(views) == 0 {
		return nil, 0, err
	}
	numbers := d.savedNumbers(ctx, l, views)
	for i, v := range views {
		n, p := numbers[i], savedPlace(v)
		link := page.NavLink{Key: p.View, Label: v.Name, URL: p.url(), Here: p.View == here}
		if n.known {
			link.Count, link.More = n.n, n.more
		}
		if wrong, bad := page.FieldErrors(ctx, n.err); bad {
			for _, w := range wrong {
				link.Wrong = w
			}
		}
		if n.again != 0 && (again == 0 || n.again < again) {
			again = n.again
		}
		links = append(links, link)
	}
	return links, again, nil
}

// savedViews answers GET /views.
func (d *Desk) savedViews(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	var out SavedView
	err := d.read(ctx, v, func(l *look) (err error) {
		if out.Frame, err = d.frame(ctx, l, viewsURL); err != nil {
			return err
		}
		all, err := l.views(ctx)
		for i, s := range all {
			item := SavedItem{ID: s.ID, Name: s.Name, Filter: s.Filter, URL: savedPlace(s).url(), Shared: s.Shared, First: i == 0, Last: i == len(all)-1, Changeable: person.Can(v.Actor, person.ChangeView, s.Thing())}
			if s.OwnerID != v.Actor.ID {
				item.Owner = s.Owner
			}
			item.Wrong = wrongFilter(ctx, l, s.Filter)
			out.Items = append(out.Items, item)
		}
		return err
	})
	if err != nil {
		return err
	}
	return d.show(w, r, v, http.StatusOK, out.Frame, SavedViewsPage(out), pieces{"saved-views": SavedViewsFragment(out)})
}

// wrongFilter is what is wrong with a filter, in words, or "".
func wrongFilter(ctx context.Context, l *look, text string) string {
	wrong, _ := page.FieldErrors(ctx, ticket.CheckFilter(ctx, l.tx, l.visit.Actor, text))
	return wrong["q"]
}

// newView answers GET /views/new with a view to be filled in.
func (d *Desk) newView(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	q := r.URL.Query()
	return d.viewForm(w, r, v, http.StatusOK, view.View{Name: q.Get("name"), Filter: q.Get("filter"), Place: q.Get("place")}, nil)
}

// editView answers GET /views/{id}.
func (d *Desk) editView(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	var s view.View
	wrong := map[string]string{}
	err = d.read(r.Context(), v, func(l *look) (err error) {
		if s, err = view.Get(r.Context(), l.tx, v.Actor, id); err == nil && !person.Can(v.Actor, person.ChangeView, s.Thing()) {
			err = fault.Denied(i18n.M("This view belongs to {{.Name}}. They can change it, and so can whoever leads; you can save one of your own.", "Name", s.Owner))
		}
		wrong["filter"] = wrongFilter(r.Context(), l, s.Filter)
		return err
	})
	if err != nil {
		return err
	}
	return d.viewForm(w, r, v, http.StatusOK, s, wrong)
}

// viewForm shows a view to be changed, as somebody typed it when something is wrong with it.
func (d *Desk) viewForm(w http.ResponseWriter, r *http.Request, v page.Visit, status int, s view.View, wrong map[string]string) error {
	ctx := r.Context()
	out := SavedForm{ID: s.ID, Name: s.Name, Filter: s.Filter, Place: s.Place, Shared: s.Shared, Was: int64(s.UpdatedAt), NameError: wrong["name"], FilterError: wrong["filter"], Conflict: wrong[""]}
	if s.ID != 0 && s.OwnerID != v.Actor.ID {
		out.Owner = s.Owner
	}
	err := d.read(ctx, v, func(l *look) (err error) {
		out.Frame, err = d.frame(ctx, l, "v"+decimal(s.ID))
		out.Display = shownFor(place{saved: &s}, nil).display(ctx, place{})
		return err
	})
	if err != nil {
		return err
	}
	return d.show(w, r, v, status, out.Frame, SavedFormPage(out), nil)
}

// readView reads a view from a form.
func readView(r *http.Request) view.View {
	was, _ := strconv.ParseInt(r.PostFormValue("was"), 10, 64)
	s := view.View{Name: r.PostFormValue("name"), Filter: r.PostFormValue("filter"), Shared: r.PostFormValue("shared") != "", Place: r.PostFormValue("place"), UpdatedAt: clock.Instant(was)}
	if r.PostForm.Has("sort") {
		s.Place = shownFor(readPlace(r.PostForm), nil).query().Encode()
	}
	return s
}

// saveView answers POST /views.
func (d *Desk) saveView(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, s := r.Context(), readView(r)
	made := s
	err := d.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		made, err = view.Save(ctx, tx, v.Actor, s)
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return d.viewForm(w, r, v, http.StatusUnprocessableEntity, s, wrong)
	}
	if err != nil {
		return err
	}
	d.Site.TellUndo(w, i18n.T(ctx, "“{{.Name}}” is saved.", "Name", made.Name), viewURL(made.ID)+"/removal")
	return page.Goto(w, r, savedPlace(made).url())
}

// changeView answers POST /views/{id}.
func (d *Desk) changeView(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, s := r.Context(), readView(r)
	s.ID = id
	err = d.Site.DB.Write(ctx, func(tx *db.Tx) error { return view.Edit(ctx, tx, v.Actor, s) })
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return d.viewForm(w, r, v, http.StatusUnprocessableEntity, s, wrong)
	}
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		said := i18n.Print(ctx, f.Message)
		err := d.read(ctx, v, func(l *look) error {
			now, err := view.Get(ctx, l.tx, v.Actor, id)
			s.UpdatedAt, s.OwnerID, s.Owner = now.UpdatedAt, now.OwnerID, now.Owner
			return err
		})
		if err != nil {
			return err
		}
		return d.viewForm(w, r, v, http.StatusConflict, s, map[string]string{"": said})
	}
	if err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(ctx, "Saved."))
	return page.Goto(w, r, savedPlace(s).url())
}

// removeView answers POST /views/{id}/removal.
func (d *Desk) removeView(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.withView(w, r, v, view.Remove, func(s view.View) string {
		d.Site.TellUndo(w, i18n.T(r.Context(), "The view “{{.Name}}” is removed.", "Name", s.Name), viewURL(s.ID)+"/restoration")
		return viewsURL
	})
}

// restoreView answers POST /views/{id}/restoration.
func (d *Desk) restoreView(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.withView(w, r, v, view.Restore, func(s view.View) string {
		d.Site.Tell(w, i18n.T(r.Context(), "The view “{{.Name}}” is back.", "Name", s.Name))
		return viewsURL
	})
}

// withView does something to a view and goes where then says.
func (d *Desk) withView(w http.ResponseWriter, r *http.Request, v page.Visit, do func(context.Context, *db.Tx, person.Actor, int64) (view.View, error), then func(view.View) string) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	var s view.View
	err = d.Site.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		s, err = do(r.Context(), tx, v.Actor, id)
		return err
	})
	if err != nil {
		return err
	}
	return page.Goto(w, r, then(s))
}

// placeView answers POST /views/{id}/place: the view goes up or down in the visitor's own order.
func (d *Desk) placeView(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	steps := 1
	if r.PostFormValue("to") == "up" {
		steps = -1
	}
	if err := d.Site.DB.Write(r.Context(), func(tx *db.Tx) error { return view.Place(r.Context(), tx, v.Actor, id, steps) }); err != nil {
		return err
	}
	return page.Goto(w, r, viewsURL)
}
