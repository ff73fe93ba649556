package portal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/outage"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

// feedRoutes are what programs read of how things stand.
func (p *Portal) feedRoutes() []page.Route {
	return []page.Route{
		{Pattern: "GET /status.atom", Handle: p.feed},
		{Pattern: "GET /status.rss", Handle: p.feed},
		{Pattern: "GET /status.ics", Handle: p.feed},
		{Pattern: "GET /status-feed/{token}/{file}", Handle: p.feed},
		{Pattern: "POST /status/feed", Verb: person.UseAccount, Handle: p.renewFeed},
	}
}

// feed answers a feed's address. Without a secret in the address it tells what everybody may know, whoever asks.
func (p *Portal) feed(w http.ResponseWriter, r *http.Request, _ page.Visit) error {
	form := r.PathValue("file")
	token := r.PathValue("token")
	if token == "" {
		form = r.URL.Path[1:]
	}
	write := feedForms[form]
	if write.write == nil {
		return outage.NotFound()
	}
	root := p.address(r)
	if p.URL != nil {
		root = p.URL()
	}
	f := outage.Feed{Name: p.Site.Name, Root: root, Self: root + r.URL.Path}
	if f.Name == "" {
		f.Name = "Goodturn"
	}
	ctx := i18n.With(r.Context(), i18n.Match(r.Header.Get("Accept-Language"), ""), p.zone())
	err := p.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		var c person.Circle
		if token != "" {
			c, err = p.board().FeedCircle(ctx, tx, token)
		} else {
			c, err = person.CircleOf(ctx, tx, 0)
		}
		if err == nil {
			f.Standing, err = outage.Status(ctx, tx, c, 0)
		}
		return err
	})
	if fault.Is(err, fault.KindNotFound) {
		http.Error(w, "This address is no longer good.\n", http.StatusNotFound)
		return nil
	}
	if err != nil {
		return err
	}
	raw, err := write.write(ctx, p, f)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(raw)
	h := w.Header()
	h.Set("Content-Type", write.mediaType)
	h.Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	h.Set("Vary", "Accept-Language")
	h.Set("Cache-Control", "public, max-age=60")
	if token != "" {
		h.Set("Cache-Control", "private, max-age=60")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Robots-Tag", "noindex")
	}
	var changed time.Time
	if f.Standing.ChangedAt != 0 {
		changed = f.Standing.ChangedAt.Time()
	}
	http.ServeContent(w, r, "", changed, bytes.NewReader(raw))
	return nil
}

// feedForms are the forms of feeds by their file names.
var feedForms = map[string]struct {
	mediaType string
	write     func(ctx context.Context, p *Portal, f outage.Feed) ([]byte, error)
}{
	"status.atom": {"application/atom+xml; charset=utf-8", func(ctx context.Context, _ *Portal, f outage.Feed) ([]byte, error) { return f.Atom(ctx) }},
	"status.rss":  {"application/rss+xml; charset=utf-8", func(ctx context.Context, _ *Portal, f outage.Feed) ([]byte, error) { return f.RSS(ctx) }},
	"status.ics": {"text/calendar; charset=utf-8", func(ctx context.Context, p *Portal, f outage.Feed) ([]byte, error) {
		return f.Calendar(ctx, p.board().CalendarKey())
	}},
}

func (p *Portal) zone() *time.Location {
	if p.Site.Zone != nil {
		return p.Site.Zone
	}
	return time.UTC
}

// renewFeed answers POST /status/feed: the reader's own feed addresses end, and there are others.
func (p *Portal) renewFeed(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	if err := page.Form(r); err != nil {
		return err
	}
	if err := p.Site.DB.Write(ctx, func(tx *db.Tx) error { return p.board().RenewFeed(ctx, tx, outage.OfPerson, v.Actor.ID) }); err != nil {
		return err
	}
	p.Site.Tell(w, i18n.T(ctx, "The addresses are new. The old ones give nothing any more."))
	return page.Goto(w, r, "/status")
}
