package app

import (
	"net/http"
	"strings"

	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// build makes the parts know each other. Hooks run in the order of their slice.
func (a *App) build() error {
	c := a.Config
	a.Queue = job.NewQueue(a.DB, c.Log, workers)
	a.Door = &person.Door{DB: a.DB, Key: a.Key, Log: c.Log}
	a.Site = &page.Site{
		DB: a.DB, Blobs: a.Blobs, Key: a.Key, Door: a.Door, Hub: a.Hub, Log: c.Log, Name: c.Name, Zone: c.Zone,
		Secure: strings.HasPrefix(a.publicURL(), "https://"), TrustProxy: c.TrustProxy, Demo: c.demo != nil,
	}
	a.Tickets = &ticket.Desk{Changed: a.Site.Announce}
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Handler())
	a.Site.Mount(mux, a.Routes())
	handler, err := a.Site.Guard(mux)
	a.handler = handler
	return err
}

// Routes lists every page of the program with the right that it asks for.
func (a *App) Routes() []page.Route {
	return a.Site.Routes()
}

func (a *App) runMail(*group) {}
