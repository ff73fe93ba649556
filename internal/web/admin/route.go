package admin

import (
	"context"
	"net/http"
	"slices"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// routes answers GET /admin/routes: the routes in their order, and the form of a new one.
func (a *Admin) routes(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.showRoutes(w, r, v, http.StatusOK, routing.Route{Active: true}, nil)
}

// route answers GET /admin/routes/{route}.
func (a *Admin) route(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "route")
	if err != nil {
		return err
	}
	var x routing.Route
	err = a.Site.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		x, err = routeByID(r.Context(), tx, id)
		return err
	})
	if err != nil {
		return err
	}
	return a.showRoutes(w, r, v, http.StatusOK, x, nil)
}

func routeByID(ctx context.Context, tx *db.Tx, id int64) (routing.Route, error) {
	all, err := routing.Routes(ctx, tx)
	if i := slices.IndexFunc(all, func(x routing.Route) bool { return x.ID == id }); i >= 0 {
		return all[i], nil
	}
	if err == nil {
		err = fault.NotFound(i18n.M("There is no such route any more."))
	}
	return routing.Route{}, err
}

// showRoutes shows the form of one route: x as it is stored or typed. Of a new one the list stands above it.
func (a *Admin) showRoutes(w http.ResponseWriter, r *http.Request, v page.Visit, status int, x routing.Route, wrong map[string]string) error {
	view := RoutesView{ID: x.ID, URL: string(routeSection), Wrong: len(wrong) > 0, Filter: Field{x.Filter, wrong["filter"]}, TeamError: wrong["team"], Active: x.Active}
	if x.ID != 0 {
		view.URL = path(routeSection, x.ID)
	}
	err := a.read(r, v, routeSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		teams, err := person.Teams(ctx, tx)
		if err != nil {
			return err
		}
		names := map[int64]string{}
		view.Teams = []ui.Choice{{Label: i18n.T(ctx, "Please choose"), Chosen: x.TeamID == 0}}
		for _, t := range teams {
			names[t.ID] = t.Name
			view.Teams = append(view.Teams, ui.Choice{Value: decimal(t.ID), Label: t.Name, Chosen: t.ID == x.TeamID})
		}
		if x.ID != 0 {
			return nil
		}
		all, err := routing.Routes(ctx, tx)
		for i, o := range all {
			row := RouteRow{Number: o.ID, URL: path(routeSection, o.ID), Filter: o.Filter, Team: names[o.TeamID], Off: !o.Active, First: i == 0, Last: i == len(all)-1}
			broken, err := o.Broken(ctx, tx)
			if err != nil {
				return err
			}
			if broken != nil {
				row.Broken = i18n.Print(ctx, broken.Message)
			}
			view.Routes = append(view.Routes, row)
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, RoutesPage(view))
}

// saveRoute answers POST /admin/routes and POST /admin/routes/{route}.
func (a *Admin) saveRoute(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	x := routing.Route{Filter: r.PostFormValue("filter"), TeamID: idOf(r.PostFormValue("team")), Active: r.PostFormValue("active") != ""}
	if r.PathValue("route") != "" {
		var err error
		if x.ID, err = page.Number(r, "route"); err != nil {
			return err
		}
	}
	ctx := r.Context()
	err := a.Site.DB.Write(ctx, func(tx *db.Tx) error {
		action := "route added"
		if x.ID != 0 {
			action = "route changed"
			if _, err := routeByID(ctx, tx, x.ID); err != nil {
				return err
			}
		}
		id, err := routing.SaveRoute(ctx, tx, x)
		if err != nil {
			return err
		}
		return audit(ctx, tx, v, action, "route", id, changes(change("filter", "", x.Filter), change("team", "", decimal(x.TeamID)), change("on", "", yesNo(x.Active))))
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return a.showRoutes(w, r, v, http.StatusUnprocessableEntity, x, wrong)
	}
	if err != nil {
		return err
	}
	return a.done(w, r, i18n.T(ctx, "The route is saved. It holds for tickets that come from now on."), string(routeSection))
}

// placeRoute answers POST /admin/routes/{route}/place: the field to is "up" or "down".
func (a *Admin) placeRoute(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.changeRoute(w, r, v, i18n.T(r.Context(), "The order is saved."), "route moved", func(ctx context.Context, tx *db.Tx, id int64) error {
		return routing.MoveRoute(ctx, tx, id, r.PostFormValue("to") == "up")
	})
}

// removeRoute answers POST /admin/routes/{route}/removal.
func (a *Admin) removeRoute(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.changeRoute(w, r, v, i18n.T(r.Context(), "The route is removed. What it led somewhere stays there."), "route removed", routing.RemoveRoute)
}

func (a *Admin) changeRoute(w http.ResponseWriter, r *http.Request, v page.Visit, said, action string, do func(ctx context.Context, tx *db.Tx, id int64) error) error {
	id, err := page.Number(r, "route")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	err = a.Site.DB.Write(ctx, func(tx *db.Tx) error {
		was, err := routeByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := do(ctx, tx, id); err != nil {
			return err
		}
		return audit(ctx, tx, v, action, "route", id, was.Filter)
	})
	if err != nil {
		return err
	}
	return a.done(w, r, said, string(routeSection))
}
