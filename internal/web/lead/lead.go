// Package lead is the pages for leads, and those that look at many tickets at once: what the desk does by itself, how it is for requesters.
//
// A page is a typed struct and a template that renders it (view_*.go, view_*.templ); the
// handlers that fill it stand beside it.
//
//	site.Mount(mux, lead.Routes(&lead.Lead{Site: site, Rules: engine, Nav: desk.Nav}))
//
// Invariants: every form works without scripts; a form that needs changing comes back with all that was typed (422); tickets of a
// private team are named only to its members, whoever's rule acted on them.
package lead

import (
	"context"
	"net/http"
	"strconv"

	"goodturn/internal/automation"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fixnote"
	"goodturn/internal/gap"
	"goodturn/internal/i18n"
	"goodturn/internal/line"
	"goodturn/internal/outage"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// Lead is what the pages for leads stand on. The program builds one and mounts its Routes.
type Lead struct {
	Site  *page.Site
	Rules *automation.Engine
	// Notes keeps the fix notes; nil for a desk without.
	Notes *fixnote.Book
	// Line tells those who wait where they stand.
	Line *line.Line
	// Outages is where outages and planned work are posted.
	Outages *outage.Board
	// Papercuts keeps the small things that annoy.
	Papercuts *papercut.Book
	// Gaps finds what nobody has written down.
	Gaps *gap.Keeper
	// Nav gives the navigation of the desk, so that it stays the same here. Optional: without it there is a way back to the tickets.
	Nav func(ctx context.Context, tx *db.Tx, v page.Visit) (page.Nav, error)
	// GuestNav gives that of somebody who takes a turn at the desk.
	GuestNav func(ctx context.Context, a person.Actor, demo bool) page.Nav
	// Experience gives, in order, the parts of the page that says how it is for requesters.
	Experience []func(ctx context.Context, tx *db.Tx, a person.Actor) (Section, error)
}

const rulesURL = "/rules"

func ruleURL(id int64) string { return rulesURL + "/" + decimal(id) }

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// Routes are all addresses of the pages for leads.
func Routes(l *Lead) []page.Route {
	routes := []page.Route{
		{Pattern: "GET /rules", Handle: l.rules},
		{Pattern: "POST /rules", Handle: l.save},
		{Pattern: "GET /rules/new", Handle: l.newRule},
		{Pattern: "GET /rules/{id}", Handle: l.rule},
		{Pattern: "POST /rules/{id}", Handle: l.save},
		{Pattern: "POST /rules/{id}/state", Handle: l.state},
		{Pattern: "POST /rules/{id}/place", Handle: l.place},
		{Pattern: "POST /rules/{id}/removal", Handle: l.remove},
		{Pattern: "POST /rules/{id}/restore", Handle: l.restore},
		{Pattern: "POST /rules/models", Handle: l.addModel},
		{Pattern: "GET /rules/{id}/runs", Handle: l.runs},
		{Pattern: "GET /rules/{id}/versions", Handle: l.versions},
		{Pattern: "POST /rules/{id}/versions/{version}", Handle: l.bringBack},
		{Pattern: "POST /rules/{id}/secret", Handle: l.secret},
		{Pattern: "GET /rule-trials/{id}", Handle: l.trial},
	}
	for i := range routes {
		routes[i].Verb = person.ManageRules
	}
	routes = append(routes, l.noteRoutes()...)
	routes = append(routes, l.primerRoutes()...)
	routes = append(routes, page.Route{Pattern: "GET /line", Verb: person.UseDesk, Handle: l.linePage})
	routes = append(routes, l.outageRoutes()...)
	routes = append(routes, l.papercutRoutes()...)
	routes = append(routes, l.gapRoutes()...)
	return append(routes, page.Route{Pattern: "GET /experience", Verb: person.SeeExperience, Handle: l.experience})
}

// Frame is what stands around each page.
type Frame struct {
	Site  string
	Nav   page.Nav
	Flash []ui.Note
	Now   clock.Instant
}

func (f Frame) page(title string) page.DeskFrame {
	return page.DeskFrame{Title: title, Site: f.Site, Nav: f.Nav, Flash: f.Flash, Settings: true}
}

// read runs fn in one reading transaction together with making the frame.
func (l *Lead) read(r *http.Request, v page.Visit, f *Frame, fn func(ctx context.Context, tx *db.Tx) error) error {
	ctx := r.Context()
	return l.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		*f = Frame{Site: l.Site.Name, Flash: v.Flash, Now: tx.Now}
		f.Nav = page.Nav{Views: []page.NavLink{{Label: i18n.T(ctx, "Tickets"), URL: "/tickets"}}, Demo: l.Site.Demo, Me: page.Me{Name: v.Actor.Name}}
		if !v.Actor.Staff() && l.GuestNav != nil {
			f.Nav = l.GuestNav(ctx, v.Actor, l.Site.Demo)
		} else if l.Nav != nil {
			if f.Nav, err = l.Nav(ctx, tx, v); err != nil {
				return err
			}
		}
		return fn(ctx, tx)
	})
}
