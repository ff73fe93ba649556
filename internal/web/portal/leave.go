package portal

import (
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// LeaveView is the page on which a follower ends their mails about one ticket.
type LeaveView struct {
	Frame  Frame
	Number int64
	URL    string
	// Done says that they get no more.
	Done bool
}

// leavePage answers GET /unfollow/{token}. It only asks: programs look at every link in a mail.
func (p *Portal) leavePage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, _, ok := ticket.ReadLeaveToken(p.Site.Key, r.PathValue("token"))
	if !ok {
		return p.fail(w, r, v, errGone)
	}
	return page.Render(w, r, http.StatusOK, LeavePage(LeaveView{Frame: p.frame(v), Number: number, URL: r.URL.Path}))
}

// leave answers POST /unfollow/{token}, from that page's button or from a mail program (RFC 8058, one click).
func (p *Portal) leave(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, who, ok := ticket.ReadLeaveToken(p.Site.Key, r.PathValue("token"))
	if !ok {
		return p.fail(w, r, v, errGone)
	}
	ctx := r.Context()
	if err := p.Site.DB.Write(ctx, func(tx *db.Tx) error { return p.Tickets.Leave(ctx, tx, number, who) }); err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, LeavePage(LeaveView{Frame: p.frame(v), Number: number, URL: r.URL.Path, Done: true}))
}
