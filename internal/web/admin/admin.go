// Package admin is the administration of the desk in the browser: mailboxes, teams, organisations, people, and the
// record of who came in and who changed what.
//
// Every address asks for person.Administer. A page is a typed struct of plain values and a template that renders it
// (view_*.go and view_*.templ); the handlers that fill it stand beside it, a file a thing. Changes go through the
// functions of person and mailbox, each in one transaction with its line in the audit record.
//
//	site.Mount(mux, admin.Routes(&admin.Admin{Site: site, Post: post, Version: "1.0.0"}))
//
// Invariants: every form works without scripts; a form that needs changing comes back with all that was typed and a
// message at the field (422), a form that was done leads on (303) to a page that says so; no password and no other
// secret is ever shown; people are switched off and never deleted; whatever is of a private team and not a setting of
// it stays unknown to administrators outside of it.
package admin

import (
	"context"
	"net/http"
	"time"

	"goodturn/internal/brand"
	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/sla"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// Admin is what the pages of the administration stand on. The program builds one and mounts its Routes.
type Admin struct {
	Site *page.Site
	Post *mailbox.Post
	// Version is that of the program, for the overview.
	Version string
	// Nav gives the navigation of the desk, so that it stays the same here. Optional: without it there is a way back
	// to the tickets.
	Nav func(ctx context.Context, tx *db.Tx, v page.Visit) (page.Nav, error)
	// Invite mails somebody that they have an account here and how to sign in: a job in the transaction. Optional:
	// without it no invitation is offered.
	Invite func(ctx context.Context, tx *db.Tx, personID int64, address string) error
	// Erase takes away for good who somebody was. Optional: without it nobody can be erased.
	Erase func(ctx context.Context, tx *db.Tx, by person.Actor, id int64, remote string) error
	// Calendars are the desk's working hours.
	Calendars *calendar.Store
	// Promises has open tickets counted anew when a policy changes; nil where nothing counts.
	Promises *sla.Keeper
	// Router gives tickets to people. Required.
	Router *routing.Router
	// Brands are how the requester's pages look; it is told when one changed. Required.
	Brands *brand.Book
	// CheckTime bounds the check of a mailbox. Optional: 12 seconds.
	CheckTime time.Duration
}

// section is one of the pages that the tabs lead to.
type section string

const (
	overviewSection     section = "/admin"
	mailboxSection      section = "/admin/mailboxes"
	signingSection      section = "/admin/signing"
	protectionSection   section = "/admin/protection"
	teamSection         section = "/admin/teams"
	routeSection        section = "/admin/routes"
	questionSection     section = "/admin/questions"
	synonymSection      section = "/admin/synonyms"
	calendarSection     section = "/admin/calendars"
	organisationSection section = "/admin/organisations"
	personSection       section = "/admin/people"
	serviceSection      section = "/admin/services"
	brandSection        section = "/admin/brands"
	buttonSection       section = "/admin/button"
	careSection         section = "/admin/care"
	slaSection          section = "/admin/sla"
	auditSection        section = "/admin/audit"
)

// frame is what stands around a page of the administration.
func (a *Admin) frame(ctx context.Context, tx *db.Tx, v page.Visit, here section) (Frame, error) {
	f := Frame{Site: a.Site.Name, Flash: v.Flash, Now: clock.Now()}
	if a.Nav != nil {
		nav, err := a.Nav(ctx, tx, v)
		if err != nil {
			return f, err
		}
		f.Nav = nav
	} else {
		f.Nav = page.Nav{
			Views: []page.NavLink{{Label: i18n.T(ctx, "Tickets"), URL: "/tickets"}}, Admin: true, Demo: a.Site.Demo,
			Me: page.Me{Name: v.Actor.Name, About: roleWord(ctx, v.Actor.Role)},
		}
	}
	for _, t := range []struct {
		at    section
		label string
	}{
		{overviewSection, i18n.T(ctx, "Overview")},
		{mailboxSection, i18n.T(ctx, "Mailboxes")},
		{signingSection, i18n.T(ctx, "Signed mail")},
		{protectionSection, i18n.T(ctx, "Spam and storms")},
		{teamSection, i18n.T(ctx, "Teams")},
		{serviceSection, i18n.T(ctx, "Services")},
		{brandSection, i18n.T(ctx, "Looks")},
		{buttonSection, i18n.T(ctx, "Help button")},
		{careSection, i18n.T(ctx, "Thanks and care")},
		{slaSection, i18n.T(ctx, "Promises")},
		{routeSection, i18n.T(ctx, "Routes")},
		{questionSection, i18n.T(ctx, "Unclear requests")},
		{synonymSection, i18n.T(ctx, "Synonyms")},
		{calendarSection, i18n.T(ctx, "Calendars")},
		{organisationSection, i18n.T(ctx, "Organisations")},
		{personSection, i18n.T(ctx, "People")},
		{auditSection, i18n.T(ctx, "Audit record")},
	} {
		f.Tabs = append(f.Tabs, ui.Tab{Label: t.label, URL: string(t.at), Here: t.at == here})
	}
	return f, nil
}

// read runs fn in one reading transaction together with making the frame.
func (a *Admin) read(r *http.Request, v page.Visit, here section, f *Frame, fn func(ctx context.Context, tx *db.Tx) error) error {
	ctx := r.Context()
	return a.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if *f, err = a.frame(ctx, tx, v, here); err != nil || fn == nil {
			return err
		}
		return fn(ctx, tx)
	})
}

// done ends a form that was done: the next page says what happened.
func (a *Admin) done(w http.ResponseWriter, r *http.Request, words, to string) error {
	a.Site.Tell(w, words)
	return page.Goto(w, r, to)
}

// audit writes a line about a thing such as "team 3".
func audit(ctx context.Context, tx *db.Tx, v page.Visit, action, thing string, id int64, detail string) error {
	return person.Audit(ctx, tx, v.Actor, action, thing+" "+decimal(id), cutDetail(detail), v.Remote)
}
