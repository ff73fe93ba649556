package portal

import (
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/notice"
	"goodturn/internal/web/page"
)

// StopView is the page on which somebody ends mails about what concerns them. A mail leads here, so nobody signs in.
type StopView struct {
	Frame Frame
	URL   string
	// Done says that they get no more.
	Done bool
	// Weekly is that it is about the mail to those who help now and then, which can be had again here; Again that they have it again.
	Weekly, Again bool
}

// stopPage answers GET /notices/stop/{token}. It only asks: programs look at every link in a mail.
func (p *Portal) stopPage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	_, what, ok := notice.ReadStopToken(p.Site.Key, r.PathValue("token"))
	if !ok {
		return p.fail(w, r, v, errGone)
	}
	return page.Render(w, r, http.StatusOK, StopPage(StopView{Frame: p.frame(v), URL: r.URL.Path, Weekly: notice.Form(what) == notice.Casual}))
}

// stop answers POST /notices/stop/{token}, from that page's button or from a mail program (RFC 8058, one click).
func (p *Portal) stop(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	who, what, ok := notice.ReadStopToken(p.Site.Key, r.PathValue("token"))
	if !ok {
		return p.fail(w, r, v, errGone)
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, do := r.Context(), notice.Stop
	view := StopView{Frame: p.frame(v), URL: r.URL.Path, Done: true, Weekly: notice.Form(what) == notice.Casual}
	if view.Weekly && r.PostFormValue("again") != "" {
		do, view.Done, view.Again = notice.Resume, false, true
	}
	if err := p.Site.DB.Write(ctx, func(tx *db.Tx) error { return do(ctx, tx, who, what) }); err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, StopPage(view))
}
