// Package rota is the pages of who is at the desk when: the team's week, one's own shifts, one shift with all that can be done with it, patterns, being covered,
// swaps, and calendar addresses.
//
//	site.Mount(mux, rota.Routes(&rota.Pages{Site: site, Rota: keeper, Nav: desk.Nav, URL: publicURL}))
//
// Invariants: every form works without scripts; a form that needs changing comes back with all that was typed (422); of a private team's rota nobody else finds
// anything; how many hours somebody has is shown to them, and to whoever plans their week, as what is planned.
package rota

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/notice"
	"goodturn/internal/person"
	"goodturn/internal/quiet"
	"goodturn/internal/shift"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// Pages is what the pages stand on. The program builds one and mounts its Routes.
type Pages struct {
	Site *page.Site
	Rota *shift.Rota
	// Quiet tells somebody on which days they had no quiet hour; nil for nothing.
	Quiet *quiet.Keeper
	// Nav gives the navigation of the desk. Optional: without it there is a way back to the tickets.
	Nav func(ctx context.Context, tx *db.Tx, v page.Visit) (page.Nav, error)
	// URL is how people reach us, without a slash at the end.
	URL func() string
}

const (
	rotaURL     = "/rota"
	mineURL     = "/rota/mine"
	coverURL    = "/rota/cover"
	patternsURL = "/rota/patterns"
	settingsURL = "/rota/settings"
)

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

func teamURL(path string, team int64) string { return path + "?team=" + decimal(team) }

// Routes are all addresses of these pages.
func Routes(p *Pages) []page.Route {
	routes := []page.Route{
		{Pattern: "GET /rota", Handle: p.week},
		{Pattern: "GET /rota/mine", Handle: p.mine},
		{Pattern: "POST /rota/mine", Handle: p.saveMine},
		{Pattern: "POST /rota/feed", Handle: p.renewFeed},
		{Pattern: "GET /rota/shifts/{id}", Handle: p.shift},
		{Pattern: "POST /rota/shifts/{id}/taking", Handle: p.take},
		{Pattern: "POST /rota/shifts/{id}/return", Handle: p.giveBack},
		{Pattern: "POST /rota/shifts/{id}/swaps", Handle: p.askSwap},
		{Pattern: "GET /rota/swaps/{id}", Handle: p.swap},
		{Pattern: "POST /rota/swaps/{id}", Handle: p.answerSwap},
		{Pattern: "GET /rota/cover", Handle: p.coverForm},
		{Pattern: "POST /rota/cover", Handle: p.askCover},
		{Pattern: "GET /rota/cover/{id}", Handle: p.cover},
		{Pattern: "POST /rota/cover/{id}", Handle: p.answerCover},
		{Pattern: "POST /rota/cover/{id}/thanks", Handle: p.thankTaker},
		// Who may plan is asked with the team.
		{Pattern: "POST /rota/shifts", Handle: p.add},
		{Pattern: "POST /rota/shifts/{id}", Handle: p.change},
		{Pattern: "POST /rota/shifts/{id}/assignment", Handle: p.assign},
		{Pattern: "POST /rota/shifts/{id}/removal", Handle: p.remove},
		{Pattern: "POST /rota/invitations/{id}", Handle: p.answerTime},
		{Pattern: "POST /rota/publication", Handle: p.publish},
		{Pattern: "POST /rota/openings", Handle: p.release},
		{Pattern: "GET /rota/patterns", Handle: p.patterns},
		{Pattern: "GET /rota/patterns/new", Handle: p.newPattern},
		{Pattern: "POST /rota/patterns", Handle: p.savePattern},
		{Pattern: "GET /rota/patterns/{id}", Handle: p.pattern},
		{Pattern: "POST /rota/patterns/{id}", Handle: p.savePattern},
		{Pattern: "POST /rota/patterns/{id}/end", Handle: p.endPattern},
		{Pattern: "GET /rota/settings", Handle: p.settings},
		{Pattern: "POST /rota/settings", Handle: p.saveSettings},
		{Pattern: "POST /rota/limits", Handle: p.saveLimit},
	}
	for i := range routes {
		routes[i].Verb = person.UseDesk
	}
	return append(routes, page.Route{Pattern: "GET /rota-feed/{token}/{file}", Handle: p.feed})
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

// seen marks what somebody was told of this page as read.
func (p *Pages) seen(r *http.Request, v page.Visit) error {
	ctx, link := r.Context(), r.URL.Path
	unread := false
	err := p.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		unread, err = notice.UnreadLink(ctx, tx, v.Actor.ID, link)
		return err
	})
	if err != nil || !unread || v.Ahead {
		return err
	}
	return p.Site.DB.Write(ctx, func(tx *db.Tx) error { return notice.ReadLink(ctx, tx, v.Actor.ID, link) })
}

// cameFrom is the page of ours that a form was sent from, or the fallback.
func cameFrom(r *http.Request, fallback string) string {
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host || !strings.HasPrefix(from.Path, "/") || strings.HasPrefix(from.Path, "//") {
		return fallback
	}
	return (&url.URL{Path: from.Path, RawQuery: from.RawQuery}).String()
}

// hours is from when until when a shift lasts, with the day on which it ends where that is another one.
func hours(ctx context.Context, s shift.Span) string {
	from, until := s.From.Time().In(i18n.ZoneOf(ctx)), s.Until.Time().In(i18n.ZoneOf(ctx))
	text := i18n.Clock(ctx, s.From) + "–" + i18n.Clock(ctx, s.Until)
	if calendar.DateAt(from) != calendar.DateAt(until) && !(until.Hour() == 0 && until.Minute() == 0 && calendar.DateAt(until) == calendar.DateAt(from)+1) {
		text += " " + i18n.T(ctx, "(the day after)")
	}
	return text
}

// whenWords is the day and the hours of a shift.
func whenWords(ctx context.Context, s shift.Span) string {
	return i18n.DateLong(ctx, s.From) + ", " + hours(ctx, s)
}

// dayOf is the day of a moment in the reader's zone.
func dayOf(ctx context.Context, at clock.Instant) calendar.Date {
	return calendar.DateAt(at.Time().In(i18n.ZoneOf(ctx)))
}

// dayWords names a day.
func dayWords(ctx context.Context, d calendar.Date) string {
	return i18n.DateLong(ctx, time.Date(d.Time().Year(), d.Time().Month(), d.Time().Day(), 12, 0, 0, 0, i18n.ZoneOf(ctx)))
}
