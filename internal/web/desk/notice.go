package desk

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/notice"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

const noticesURL = "/notices"

// How many notices stand on one page: unread ones, and those that were read.
const (
	unreadRows = 50
	readRows   = 30
)

// NoticesView is what somebody is told.
type NoticesView struct {
	Frame  Frame
	Unread []NoticeRow
	Read   []NoticeRow
	// Seen is the newest moment that is shown, for "all read".
	Seen int64
	// OlderUnread leads to more that is unread, or is "".
	OlderUnread string
	Pages       ui.Pages
}

// NoticeRow is one notice.
type NoticeRow struct {
	Text, By, About, URL string
	Count                int64
	At                   clock.Instant
}

// notices answers GET /notices.
func (d *Desk) notices(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	before, older := cursorOf(r.URL.Query().Get("before")), cursorOf(r.URL.Query().Get("unread"))
	var view NoticesView
	err := d.read(ctx, v, func(l *look) (err error) {
		if view.Frame, err = d.frame(ctx, l, noticesURL); err != nil {
			return err
		}
		unread, err := notice.List(ctx, l.tx, v.Actor, true, older, unreadRows+1)
		if err != nil {
			return err
		}
		if len(unread) > unreadRows {
			unread = unread[:unreadRows]
			view.OlderUnread = noticesURL + "?unread=" + cursorText(unread[unreadRows-1])
		}
		if len(unread) > 0 {
			view.Seen = int64(unread[0].At)
		}
		read, err := notice.List(ctx, l.tx, v.Actor, false, before, readRows+1)
		if err != nil {
			return err
		}
		if len(read) > readRows {
			read = read[:readRows]
			view.Pages.Older = noticesURL + "?before=" + cursorText(read[readRows-1])
		}
		if before != (notice.Cursor{}) {
			view.Pages.Newer = noticesURL
			unread, view.OlderUnread = nil, ""
		}
		view.Unread, view.Read = noticeRows(ctx, unread), noticeRows(ctx, read)
		return nil
	})
	if err != nil {
		return err
	}
	return d.show(w, r, v, http.StatusOK, view.Frame, NoticesPage(view), pieces{"notices": NoticesFragment(view)})
}

func noticeRows(ctx context.Context, all []notice.Notice) (out []NoticeRow) {
	for _, n := range all {
		to := n.Path()
		if n.TicketID == 0 {
			to = noticesURL + "/" + decimal(n.ID)
		}
		out = append(out, NoticeRow{Text: n.Words(ctx), By: n.ByName, URL: to, About: n.About(), Count: n.Count, At: n.At})
	}
	return out
}

func cursorText(n notice.Notice) string { return decimal(int64(n.At)) + "-" + decimal(n.ID) }

func cursorOf(text string) notice.Cursor {
	c := readDeadCursor(text)
	return notice.Cursor{At: c.At, ID: c.ID}
}

// countNotices puts the number of unread notices into the navigation.
func (l *look) countNotices(ctx context.Context, n *page.Nav) (err error) {
	n.NoticesTopic = page.TopicNotices
	if n.Notices, err = notice.Count(ctx, l.tx, l.visit.Actor); n.Notices >= notice.CountBound {
		n.Notices, n.NoticesMore = notice.CountBound-1, true
	}
	return err
}

// bell answers GET /notices/bell: the way to the notices with their number, alone.
func (d *Desk) bell(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	var n page.Nav
	err := d.read(ctx, v, func(l *look) error { return l.countNotices(ctx, &n) })
	if err != nil {
		return err
	}
	return d.show(w, r, v, http.StatusOK, Frame{}, templ.Join(page.Bell(n), page.BellTop(n)), pieces{"bell": page.Bell(n), "bell-top": page.BellTop(n)})
}

// readNotices marks what somebody is told of a ticket as read, because they open it.
func (d *Desk) readNotices(ctx context.Context, v page.Visit, number int64) error {
	unread := false
	err := d.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		unread, err = notice.Unread(ctx, tx, v.Actor.ID, number)
		return err
	})
	if err != nil || !unread {
		return err
	}
	return d.Site.DB.Write(ctx, func(tx *db.Tx) error { return notice.Read(ctx, tx, v.Actor.ID, number) })
}

// openNotice answers GET /notices/{id}: the way to the page of a notice that is no ticket's, which is read by that.
func (d *Desk) openNotice(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	to := ""
	if err := d.Site.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		to, err = notice.Open(r.Context(), tx, v.Actor.ID, id)
		return err
	}); err != nil {
		return err
	}
	if to == "" {
		to = noticesURL
	}
	return page.Goto(w, r, to)
}

// noticesRead answers POST /notices/read: all that stood on the page is read.
func (d *Desk) noticesRead(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	var at clock.Instant
	err := d.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		at, err = notice.ReadAll(ctx, tx, v.Actor.ID, clock.Instant(idOf(r.PostFormValue("seen"))))
		return err
	})
	if err != nil {
		return err
	}
	d.Site.TellUndo(w, i18n.T(ctx, "All of it is read."), noticesURL+"/unread?at="+decimal(int64(at)))
	return page.Goto(w, r, noticesURL)
}

// noticesUnread answers POST /notices/unread?at=…, which takes that back.
func (d *Desk) noticesUnread(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	err := d.Site.DB.Write(ctx, func(tx *db.Tx) error {
		return notice.Unmark(ctx, tx, v.Actor.ID, clock.Instant(idOf(r.URL.Query().Get("at"))))
	})
	if err != nil {
		return err
	}
	return page.Goto(w, r, noticesURL)
}
