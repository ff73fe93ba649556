// Package stint is the pages of turns at the desk: those of the guest, of their mentor, and of whoever plans them.
//
// A guest's pages are few and their own: no page of the desk opens for them, so that what is not lent to them cannot be found by another way.
//
//	site.Mount(mux, stint.Routes(&stint.Stints{Site: site, Keeper: keeper, Nav: desk.Nav}))
//
// Invariants: every form works without scripts; a form that needs changing comes back with all that was typed (422); of people on a lent
// ticket a guest reads the names alone.
package stint

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/stint"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// Stints is what the pages stand on. The program builds one and mounts its Routes.
type Stints struct {
	Site   *page.Site
	Keeper *stint.Keeper
	// Nav gives the navigation of the desk to those who work there.
	Nav func(ctx context.Context, tx *db.Tx, v page.Visit) (page.Nav, error)
	// Feed gives the address of somebody's calendar feed; Renew ends it, and there is another. Optional.
	Feed  func(ctx context.Context, tx *db.Tx, personID int64) (string, error)
	Renew func(ctx context.Context, tx *db.Tx, personID int64) error
}

const (
	ownURL         = "/stint"
	mentoringURL   = "/mentoring"
	stintsURL      = "/stints"
	primerURL      = "/primer"
	lentURL        = "/lent"
	peopleURL      = "/stint-people"
	apprenticesURL = "/stint-apprentices"
)

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func requestURL(id int64) string { return lentURL + "/" + decimal(id) }

func number(text string) int64 {
	n, _ := strconv.ParseInt(strings.TrimPrefix(strings.TrimSpace(text), "#"), 10, 64)
	return n
}

// Routes are all addresses of these pages.
func Routes(s *Stints) []page.Route {
	routes := []page.Route{
		{Pattern: "GET /stint", Verb: person.UseAccount, Handle: s.own},
		{Pattern: "POST /stint/feed", Verb: person.UseAccount, Handle: s.renewFeed},
		{Pattern: "POST /stint/{id}/answer", Verb: person.UseAccount, Handle: s.answer},
		{Pattern: "POST /stint/{id}/date", Verb: person.UseAccount, Handle: s.date},
		{Pattern: "POST /stint/{id}/beginning", Verb: person.UseAccount, Handle: s.begin},
		{Pattern: "POST /stint/{id}/longer", Verb: person.UseAccount, Handle: s.longer},
		{Pattern: "POST /stint/{id}/end", Verb: person.UseAccount, Handle: s.end},
		{Pattern: "POST /stint/{id}/whispers", Verb: person.UseAccount, Handle: s.whisper},
		{Pattern: "POST /stint/{id}/stage", Verb: person.UseAccount, Handle: s.back},
		{Pattern: "GET /stint/{id}/debrief", Verb: person.UseAccount, Handle: s.debriefPage},
		{Pattern: "POST /stint/{id}/debrief", Verb: person.UseAccount, Handle: s.debrief},
		{Pattern: "POST /lent", Verb: person.VisitDesk, Handle: s.take},
		{Pattern: "GET /lent/{number}", Verb: person.VisitDesk, Handle: s.request},
		{Pattern: "POST /lent/{number}/draft", Verb: person.VisitDesk, Handle: s.draft},
		{Pattern: "POST /lent/{number}/sending", Verb: person.VisitDesk, Handle: s.send},
		{Pattern: "POST /lent/{number}/return", Verb: person.VisitDesk, Handle: s.giveBack},
	}
	routes = append(routes, s.mentorRoutes()...)
	return append(routes, s.planRoutes()...)
}

// Frame is what stands around each page.
type Frame struct {
	Site  string
	Nav   page.Nav
	Flash []ui.Note
	Now   clock.Instant
	// Topic is on what the page changes by itself.
	Topic string
}

func (f Frame) page(title string) page.DeskFrame {
	return page.DeskFrame{Title: title, Site: f.Site, Nav: f.Nav, Flash: f.Flash, Settings: true}
}

// read runs fn in one reading transaction together with making the frame: that of the desk for those who work there, a small one for guests.
func (s *Stints) read(r *http.Request, v page.Visit, f *Frame, fn func(ctx context.Context, tx *db.Tx) error) error {
	ctx := r.Context()
	return s.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		*f = Frame{Site: s.Site.Name, Flash: v.Flash, Now: tx.Now, Topic: page.TopicStint}
		if f.Nav = GuestNav(ctx, v.Actor, s.Site.Demo); v.Actor.Staff() && s.Nav != nil {
			if f.Nav, err = s.Nav(ctx, tx, v); err != nil {
				return err
			}
		}
		return fn(ctx, tx)
	})
}

// GuestNav is the navigation of somebody who takes a turn at the desk.
func GuestNav(ctx context.Context, a person.Actor, demo bool) page.Nav {
	n := page.Nav{Guest: true, Home: ownURL, Demo: demo, Me: page.Me{Name: a.Name, About: i18n.T(ctx, "a guest at the desk")}, Views: []page.NavLink{{Label: i18n.T(ctx, "Your turn at the desk"), URL: ownURL}}}
	if person.Can(a, person.VisitDesk, person.Thing{}) {
		n.Views = append(n.Views, page.NavLink{Label: i18n.T(ctx, "Primer"), URL: primerURL})
	}
	n.Views = append(n.Views, page.NavLink{Label: i18n.T(ctx, "Your own requests"), URL: "/"})
	return n
}

// do runs a change in one writing transaction, and goes on to a page. What cannot be now is said there.
func (s *Stints) do(w http.ResponseWriter, r *http.Request, next, told string, fn func(ctx context.Context, tx *db.Tx) error) error {
	ctx := r.Context()
	err := s.Site.DB.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) })
	if f, ok := fault.Of(err); ok && (f.Kind == fault.KindConflict || f.Kind == fault.KindInvalid) {
		text := i18n.Print(ctx, f.Message)
		if len(f.Fields) > 0 {
			text = i18n.Print(ctx, f.Fields[0].Message)
		}
		s.Site.Warn(w, text)
		return page.Goto(w, r, next)
	}
	if err != nil {
		return err
	}
	if told != "" {
		s.Site.Tell(w, told)
	}
	return page.Goto(w, r, next)
}

// form reads a form with the id of its address.
func form(r *http.Request) (id int64, err error) {
	if id, err = page.Number(r, "id"); err != nil {
		return 0, err
	}
	return id, page.Form(r)
}
