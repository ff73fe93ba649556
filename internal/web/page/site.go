package page

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"goodturn/internal/blob"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/httpout"
	"goodturn/internal/i18n"
	"goodturn/internal/live"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/upload"
)

// Site is what the pages of all surfaces stand on. The program builds one.
type Site struct {
	DB    *db.DB
	Blobs *blob.Store
	// Kept are files on their way to forms that are not sent yet.
	Kept *upload.Store
	// Cache keeps what can be made again: thumbnails, pictures from elsewhere. nil keeps nothing.
	Cache *blob.Cache
	// Out fetches pictures from elsewhere; nil fetches none.
	Out  *httpout.Client
	Key  *secret.Signer
	Door *person.Door
	Hub  *live.Hub
	Log  *slog.Logger
	// Name is what the desk is called; "" is Goodturn.
	Name string
	// Zone is the desk's time zone, for people who have chosen none.
	Zone *time.Location
	// Secure says that browsers reach us over https, so that cookies are kept to it.
	Secure bool
	// TrustProxy has the address of a visitor taken from X-Forwarded-For.
	TrustProxy bool
	// Demo offers the switcher of persons, and the mail catcher.
	Demo bool
	// Look gives the name and the style sheet of the pages before the door for a visitor, "" for the usual; nil is the usual for all.
	Look func(v Visit) (name, sheet string)
	// MailLink has a sign-in link mailed: a job in the transaction. It is the mailbox feature's.
	MailLink func(ctx context.Context, tx *db.Tx, personID int64, address string, browser []byte, next string) error

	streams  streams
	presence presence
}

// Visit is one request with whoever makes it.
type Visit struct {
	Actor   person.Actor
	Session int64 // 0 for none
	Remote  string
	// Fragments are the ids that a live page asks for; nil for a whole page.
	Fragments []string
	// Flash is what happened on the page before, shown once.
	Flash []Note
	// At is the short name of the organisation by whose address a visitor came; "" for none.
	At string
	// Ahead says that the browser asks before the person does, who may never look (Sec-Purpose): nothing is used up or noted.
	Ahead bool
	// Now is when the request began.
	Now clock.Instant
}

// Render writes a page. It is rendered in whole first, so that an error never leaves half a page.
func Render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	var b bytes.Buffer
	if err := c.Render(r.Context(), &b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
	return nil
}

// Goto sends the browser to another page of ours, after a form was done mostly. A script that sent the form for a page it stays on is
// told in a header when it is to leave that page: following it would ask for the new page twice, and the first would take its note.
func Goto(w http.ResponseWriter, r *http.Request, path string) error {
	if r.Method == http.MethodPost && r.Header.Get("Goodturn-Fragment") != "" {
		from, err := url.Parse(r.Referer())
		if to, wrong := url.Parse(path); err == nil && wrong == nil && from.Path != "" && from.Path != to.Path {
			w.Header().Set("Goodturn-Goto", path)
			w.WriteHeader(http.StatusNoContent)
			return nil
		}
	}
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// reader is the request's context with the visitor's language and zone.
func (s *Site) reader(r *http.Request, a person.Actor) context.Context {
	zone := s.Zone
	if a.Zone != "" {
		if z, err := time.LoadLocation(a.Zone); err == nil {
			zone = z
		}
	}
	if zone == nil {
		zone = time.UTC
	}
	return i18n.With(r.Context(), i18n.Match(r.Header.Get("Accept-Language"), firstNonEmpty(a.Language, s.cookie(r, languageCookie))), zone)
}
