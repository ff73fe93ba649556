// Package plan is the pages on which a rota is proposed and looked at before it is: how many are needed beside how many are planned, a
// proposal of who takes the open shifts, and what each wishes for.
//
//	site.Mount(mux, plan.Routes(&plan.Pages{Site: site, Planner: planner, Nav: desk.Nav}))
//
// Invariants: every form works without scripts; nothing is published here; of a private team's plans nobody else finds anything; reasons are
// words, and no page compares people by numbers.
package plan

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/proposal"
	"goodturn/internal/shift"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// Pages is what the pages stand on. The program builds one and mounts its Routes.
type Pages struct {
	Site    *page.Site
	Planner *proposal.Planner
	// Nav gives the navigation of the desk. Optional: without it there is a way back to the tickets.
	Nav func(ctx context.Context, tx *db.Tx, v page.Visit) (page.Nav, error)
}

const (
	rotaURL      = "/rota"
	needURL      = "/rota/need"
	wishesURL    = "/rota/wishes"
	proposalsURL = "/rota/proposals"
)

// Routes are all addresses of these pages.
func Routes(p *Pages) []page.Route {
	routes := []page.Route{
		{Pattern: "GET /rota/wishes", Handle: p.wishes},
		{Pattern: "POST /rota/wishes", Handle: p.saveWishes},
		// Who may plan is asked with the team.
		{Pattern: "GET /rota/need", Handle: p.need},
		{Pattern: "POST /rota/need", Handle: p.saveNeed},
		{Pattern: "POST /rota/proposals", Handle: p.ask},
		{Pattern: "GET /rota/proposals/{id}", Handle: p.proposal},
		{Pattern: "POST /rota/proposals/{id}/taking", Handle: p.take},
		{Pattern: "POST /rota/proposals/{id}/removal", Handle: p.drop},
	}
	for i := range routes {
		routes[i].Verb = person.UseDesk
	}
	return routes
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
func (p *Pages) read(r *http.Request, v page.Visit, f *Frame, fn func(ctx context.Context, tx *db.Tx) error) error {
	ctx := r.Context()
	return p.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		*f = Frame{Site: p.Site.Name, Flash: v.Flash, Now: tx.Now}
		f.Nav = page.Nav{Views: []page.NavLink{{Label: i18n.T(ctx, "Tickets"), URL: "/tickets"}}, Demo: p.Site.Demo, Me: page.Me{Name: v.Actor.Name}}
		if p.Nav != nil {
			if f.Nav, err = p.Nav(ctx, tx, v); err != nil {
				return err
			}
		}
		return fn(ctx, tx)
	})
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

// place is a team and a week, as addresses name them.
type place struct {
	Team person.Team
	From calendar.Date // the Monday
	In   shift.Span
}

// placeOf reads ?team= and ?week=; without them it is the first team and this week.
func placeOf(ctx context.Context, tx *db.Tx, r *http.Request, a person.Actor) (out place, err error) {
	all, err := shift.Teams(ctx, tx, a)
	if err != nil {
		return out, err
	}
	wanted := number(r.FormValue("team"))
	for i, t := range all {
		if t.ID == wanted || wanted == 0 && i == 0 {
			out.Team = t
		}
	}
	if out.Team.ID == 0 {
		return out, fault.NotFound(i18n.M("There is no such team."))
	}
	zone := i18n.ZoneOf(ctx)
	at := tx.Now
	if day, err := calendar.ParseDate(r.FormValue("week")); err == nil && day.Year() > 1990 && day.Year() < 2150 {
		t := day.Time()
		at = clock.From(time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, zone))
	}
	out.In = shift.WeekOf(at, zone)
	out.From = calendar.DateAt(out.In.From.Time().In(zone))
	return out, nil
}

func (p place) query(week calendar.Date) string {
	return "?team=" + decimal(p.Team.ID) + "&week=" + week.String()
}

// hours is from when until when something lasts.
func hours(ctx context.Context, s shift.Span) string {
	return i18n.Clock(ctx, s.From) + "–" + i18n.Clock(ctx, s.Until)
}

func dayOf(ctx context.Context, at clock.Instant) calendar.Date {
	return calendar.DateAt(at.Time().In(i18n.ZoneOf(ctx)))
}

// dayWords names a day.
func dayWords(ctx context.Context, d calendar.Date) string {
	t := d.Time()
	return i18n.DateLong(ctx, time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, i18n.ZoneOf(ctx)))
}
