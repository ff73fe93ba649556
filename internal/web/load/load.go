// Package load is the page that says how it is at the desk, for whoever leads it: who is on shift against what waits and what is foretold, whose turns at the
// desk are near, which guests are planned beside whom, the cards of the week, and how many had no quiet hour.
//
//	site.Mount(mux, load.Routes(&load.Load{Site: site, Planner: planner, Quiet: keeper, Nav: desk.Nav}))
//
// Invariants: names stand here as on the rota, beside when somebody is there, and beside no number; figures are of a team or of the desk. What a team's numbers are
// is told to whoever may see that team; that nobody had a quiet hour is told of the whole desk alone. Opening the page changes nothing.
package load

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
	"goodturn/internal/quiet"
	"goodturn/internal/shift"
	"goodturn/internal/thanks"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// Load is what the page stands on. The program builds one and mounts its Routes.
type Load struct {
	Site    *page.Site
	Planner *proposal.Planner
	// Quiet tells how many had no quiet hour; nil for nothing.
	Quiet *quiet.Keeper
	// Nav gives the navigation of the desk. Optional: without it there is a way back to the tickets.
	Nav func(ctx context.Context, tx *db.Tx, v page.Visit) (page.Nav, error)
}

const loadURL = "/load"

// Routes are all addresses of this page.
func Routes(l *Load) []page.Route {
	return []page.Route{{Pattern: "GET /load", Verb: person.SeeLoad, Handle: l.page}}
}

// View is how it is at the desk.
type View struct {
	Site  string
	Nav   page.Nav
	Flash []ui.Note
	Now   clock.Instant
	Teams []person.Team
	// Only is the team that the page is of; 0 for the whole desk.
	Only  int64
	Parts []TeamPart
	Turns Turns
	Cards []thanks.Card
	Quiet quiet.Told
}

func (v View) frame(title string) page.DeskFrame {
	return page.DeskFrame{Title: title, Site: v.Site, Nav: v.Nav, Flash: v.Flash, Settings: true}
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// page answers GET /load, with ?team= for one team.
func (l *Load) page(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	var view View
	err := l.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		view = View{Site: l.Site.Name, Flash: v.Flash, Now: tx.Now}
		if view.Nav, err = l.nav(ctx, tx, v); err != nil {
			return err
		}
		return l.fill(ctx, tx, v.Actor, r.FormValue("team"), &view)
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, Page(view))
}

func (l *Load) nav(ctx context.Context, tx *db.Tx, v page.Visit) (page.Nav, error) {
	if l.Nav != nil {
		return l.Nav(ctx, tx, v)
	}
	return page.Nav{Views: []page.NavLink{{Label: i18n.T(ctx, "Tickets"), URL: "/tickets"}}, Demo: l.Site.Demo, Me: page.Me{Name: v.Actor.Name}}, nil
}

func (l *Load) fill(ctx context.Context, tx *db.Tx, a person.Actor, wanted string, view *View) (err error) {
	if view.Teams, err = shift.Teams(ctx, tx, a); err != nil {
		return err
	}
	shown := view.Teams
	if wanted != "" {
		view.Only, _ = strconv.ParseInt(wanted, 10, 64)
		shown = nil
		for _, t := range view.Teams {
			if t.ID == view.Only {
				shown = []person.Team{t}
			}
		}
		if len(shown) == 0 {
			return fault.NotFound(i18n.M("There is no such team."))
		}
	}
	of, err := reckon(ctx, tx, a)
	if err != nil {
		return err
	}
	for _, t := range shown {
		part, err := l.team(ctx, tx, a, t, of)
		if err != nil {
			return err
		}
		if view.Only != 0 || part.alive() {
			view.Parts = append(view.Parts, part)
		}
	}
	if view.Turns, err = turns(ctx, tx, view.Only); err != nil || view.Only != 0 {
		return err
	}
	return l.desk(ctx, tx, a, view)
}

// desk adds what is told of the whole desk alone.
func (l *Load) desk(ctx context.Context, tx *db.Tx, a person.Actor, view *View) (err error) {
	set, err := thanks.ReadSetting(ctx, tx)
	if err != nil {
		return err
	}
	if !set.NoDigest {
		if view.Cards, _, err = thanks.Month(ctx, tx, a, tx.Now.Add(-cardsBack), tx.Now.Add(-cardsRest)); err != nil {
			return err
		}
	}
	if l.Quiet != nil {
		view.Quiet, err = l.Quiet.LastWeek(ctx, tx, a)
	}
	return err
}

// Cards are shown from a day on, so that whoever got one can keep it to themselves before, and for a week.
const (
	cardsRest = 24 * time.Hour
	cardsBack = cardsRest + 7*24*time.Hour
)

// figures are what came and what waits, of all teams.
type figures struct {
	hour, today map[int64]int
	tally       ticket.Tally
}

func reckon(ctx context.Context, tx *db.Tx, a person.Actor) (f figures, err error) {
	if f.hour, err = ticket.Arrived(ctx, tx, a, tx.Now.Add(-time.Hour)); err != nil {
		return f, err
	}
	if f.today, err = ticket.Arrived(ctx, tx, a, midnight(ctx, today(ctx, tx.Now))); err != nil {
		return f, err
	}
	f.tally, err = ticket.ReadTally(ctx, tx)
	return f, err
}

// today is the day of a moment in the reader's zone.
func today(ctx context.Context, at clock.Instant) calendar.Date {
	return calendar.DateAt(at.Time().In(i18n.ZoneOf(ctx)))
}

// midnight is when a day begins in the reader's zone.
func midnight(ctx context.Context, d calendar.Date) clock.Instant {
	t := d.Time()
	return clock.From(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, i18n.ZoneOf(ctx)))
}
