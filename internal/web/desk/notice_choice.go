package desk

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/notice"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// NoticeChoiceView is what somebody wants to be told.
type NoticeChoiceView struct {
	Frame   Frame
	Kinds   []NoticeKind
	Digests []ui.Choice
	Error   string // of the digest
}

// NoticeKind is one thing that may be told.
type NoticeKind struct {
	Name, Label string
	Page, Mail  bool
}

// noticeChoice answers GET /account/notices.
func (d *Desk) noticeChoice(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.noticeChoicePage(w, r, v, http.StatusOK, nil, "")
}

func (d *Desk) noticeChoicePage(w http.ResponseWriter, r *http.Request, v page.Visit, status int, typed *notice.Choice, wrong string) error {
	ctx := r.Context()
	view := NoticeChoiceView{Error: wrong}
	err := d.read(ctx, v, func(l *look) (err error) {
		if view.Frame, err = d.frame(ctx, l, ""); err != nil {
			return err
		}
		c, err := notice.ChoiceOf(ctx, l.tx, v.Actor.ID)
		if typed != nil {
			c = *typed
		}
		for _, k := range notice.Kinds() {
			view.Kinds = append(view.Kinds, NoticeKind{Name: string(k), Label: k.Label(ctx), Page: c.Page[k], Mail: c.Mail[k]})
		}
		for _, x := range notice.Digests() {
			view.Digests = append(view.Digests, ui.Choice{Value: string(x), Label: digestWord(ctx, x), Chosen: x == c.Digest})
		}
		return err
	})
	if err != nil {
		return err
	}
	return d.show(w, r, v, status, view.Frame, NoticeChoicePage(view), nil)
}

func digestWord(ctx context.Context, x notice.Digest) string {
	switch x {
	case notice.Soon:
		return i18n.T(ctx, "after a few minutes, unless I have read it here")
	case notice.Hourly:
		return i18n.T(ctx, "every hour, when something waits")
	case notice.Daily:
		return i18n.T(ctx, "once a day, at eight in the morning")
	}
	return i18n.T(ctx, "never")
}

// saveNoticeChoice answers POST /account/notices.
func (d *Desk) saveNoticeChoice(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	c := notice.Choice{Page: map[notice.Kind]bool{}, Now: map[notice.Kind]bool{}, Mail: map[notice.Kind]bool{}, Chat: map[notice.Kind]bool{}, Digest: notice.Digest(r.PostFormValue("digest")), Hour: 8}
	for _, k := range notice.Kinds() {
		c.Page[k], c.Mail[k] = r.PostFormValue("page-"+string(k)) != "", r.PostFormValue("mail-"+string(k)) != ""
	}
	err := d.Site.DB.Write(ctx, func(tx *db.Tx) error { return d.Notices.SetChoice(ctx, tx, v.Actor.ID, c) })
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return d.noticeChoicePage(w, r, v, http.StatusUnprocessableEntity, &c, wrong["digest"])
	}
	if err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(ctx, "Saved."))
	return page.Goto(w, r, "/account/notices")
}
