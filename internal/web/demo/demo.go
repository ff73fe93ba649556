// Package demo holds the pages that only a demonstration has: the switcher, where one click makes the visitor
// somebody else, and the mail catcher, where the mail that the desk sent is read, answered, and new mail is written.
//
// The program mounts the pages in a demonstration alone; where page.Site.Demo is not set, Routes gives none, because
// whoever reaches them may be anybody.
//
//	site.Mount(mux, demo.Routes(&demo.Demo{Site: site, Caught: caught, Deliver: deliver}))
//
// Invariants: every page works without scripts; what a mail holds is as hostile here as at the desk and is shown
// sanitised; an answer is a whole mail, as a mail program writes it, and reaches the desk by no other way than mail
// does; nothing typed is lost when the desk refuses it.
package demo

import (
	"context"
	"net/http"

	"goodturn/internal/clock"
	"goodturn/internal/web/page"
)

// Demo is what the pages stand on.
type Demo struct {
	Site *page.Site
	// Caught gives the mails kept, newest first.
	Caught func() []Mail
	// Deliver hands a raw mail to the desk as a mail server would: from and to are the envelope's. A fault is told to
	// whoever wrote the mail.
	Deliver func(ctx context.Context, from, to string, raw []byte) error
}

// Mail is a mail that the desk sent to somebody.
type Mail struct {
	ID int64 // grows with each mail
	At clock.Instant
	// From and To are the envelope's: From is "" for a mail that nobody may answer automatically.
	From string
	To   []string
	Raw  []byte
}

// Routes are the pages of the demonstration, open to everybody; there are none where the site is no demonstration.
func Routes(d *Demo) []page.Route {
	if !d.Site.Demo {
		return nil
	}
	return []page.Route{
		{Pattern: "GET /demo", Verb: page.Anyone, Handle: d.persons},
		{Pattern: "POST /demo/persons", Verb: page.Anyone, Handle: d.become},
		{Pattern: "GET /demo/mail", Verb: page.Anyone, Handle: d.list},
		{Pattern: "POST /demo/mail", Verb: page.Anyone, Handle: d.write},
		{Pattern: "GET /demo/mail/new", Verb: page.Anyone, Handle: d.writePage},
		{Pattern: "GET /demo/mail/{id}", Verb: page.Anyone, Handle: d.mail},
		{Pattern: "GET /demo/mail/{id}/files/{number}", Verb: page.Anyone, Handle: d.file},
		{Pattern: "POST /demo/mail/{id}/answers", Verb: page.Anyone, Handle: d.answer},
	}
}

// frame is what stands around each page for this visitor.
func (d *Demo) frame(r *http.Request, v page.Visit) Frame {
	f := Frame{Site: d.Site.Name, Flash: v.Flash, Now: v.Now, Path: r.URL.Path, Person: v.Actor.Name, DeskURL: "/demo"}
	switch {
	case v.Actor.Staff():
		f.DeskURL = "/tickets"
	case v.Actor.SignedIn():
		f.DeskURL = "/requests"
	}
	return f
}
