package portal

import (
	"errors"
	"net/http"
	"net/url"
	"path"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// link opens a mailed or given link: its secret goes into a cookie and out of the address bar. Nothing changes here, so
// that a program that looks at every link in a mail does no harm.
func (p *Portal) link(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx, token := r.Context(), r.PathValue("token")
	var number int64
	err := p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		a, l, err := ticket.OpenLink(ctx, tx, token)
		if err != nil {
			return err
		}
		number = l.TicketID
		_, err = ticket.Get(ctx, tx, a, person.SeeOwn, number)
		return err
	})
	if fault.Is(err, fault.KindNotFound) || fault.Is(err, fault.KindDenied) {
		err = errGone
	}
	if err != nil {
		return p.fail(w, r, v, err)
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	p.setLink(w, number, token)
	return page.Goto(w, r, requestURL(number)+below(r))
}

// below is the page of the request that a link goes on to, such as "/worked?answer=yes"; "" is the request itself. It cannot lead out of
// the request's own addresses.
func below(r *http.Request) string {
	rest := path.Clean("/" + r.PathValue("rest"))
	if rest == "/" {
		return ""
	}
	u := url.URL{Path: rest, RawQuery: r.URL.Query().Encode()}
	return u.String()
}

// fail gives a link that opens nothing a page of its own, which says what to do; other errors go their usual way.
func (p *Portal) fail(w http.ResponseWriter, r *http.Request, v page.Visit, err error) error {
	if !errors.Is(err, errGone) {
		return err
	}
	return page.Render(w, r, http.StatusNotFound, GonePage(GoneView{Frame: p.frame(v), SignedIn: v.Actor.SignedIn()}))
}
