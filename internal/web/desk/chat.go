package desk

import (
	"context"
	"net/http"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/notice"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

const chatURL = "/account/chat"

// ChatView is somebody's own chat.
type ChatView struct {
	Frame    Frame
	Hook     HookShown
	Programs []ui.Choice
	// Address is what was typed and could not be saved.
	Address string
	Wrong   map[string]string
}

// HookShown is what may be shown of where a chat takes messages.
type HookShown struct {
	There   bool
	Program string
	Host    string
	Said    clock.Instant // when a message last arrived; 0 for never
	Trouble string        // why none does, or ""
	Since   clock.Instant
	Next    clock.Instant
	Tested  bool   // a test was just sent
	TestBad string // why it did not arrive, or ""
}

func hookShown(ctx context.Context, h notice.Hook) HookShown {
	return HookShown{There: h.ID != 0, Program: h.Program.Name(), Host: h.Host, Said: h.SaidAt, Trouble: h.Trouble(ctx), Since: h.FailingAt, Next: h.NextAt}
}

// programs offers the chat programs. The first choice finds it out by the address.
func programs(ctx context.Context, chosen notice.Program) []ui.Choice {
	out := []ui.Choice{{Value: "", Label: i18n.T(ctx, "the address tells"), Chosen: chosen == ""}}
	for _, p := range notice.Programs() {
		out = append(out, ui.Choice{Value: string(p), Label: p.Name(), Chosen: p == chosen})
	}
	return out
}

// chat answers GET /account/chat.
func (d *Desk) chat(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := d.readLink(r.Context(), v, chatURL); err != nil {
		return err
	}
	return d.chatPage(w, r, v, http.StatusOK, func(*ChatView) {})
}

// readLink marks what somebody is told of a page as read, because they open it.
func (d *Desk) readLink(ctx context.Context, v page.Visit, link string) error {
	unread := false
	err := d.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		unread, err = notice.UnreadLink(ctx, tx, v.Actor.ID, link)
		return err
	})
	if err != nil || !unread {
		return err
	}
	return d.Site.DB.Write(ctx, func(tx *db.Tx) error { return notice.ReadLink(ctx, tx, v.Actor.ID, link) })
}

func (d *Desk) chatPage(w http.ResponseWriter, r *http.Request, v page.Visit, status int, put func(*ChatView)) error {
	ctx := r.Context()
	var view ChatView
	err := d.read(ctx, v, func(l *look) (err error) {
		if view.Frame, err = d.frame(ctx, l, ""); err != nil {
			return err
		}
		h, err := notice.OwnHook(ctx, l.tx, v.Actor.ID)
		view.Hook, view.Programs = hookShown(ctx, h), programs(ctx, h.Program)
		return err
	})
	if err != nil {
		return err
	}
	put(&view)
	return d.show(w, r, v, status, view.Frame, ChatPage(view), nil)
}

// saveChat answers POST /account/chat.
func (d *Desk) saveChat(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	program := notice.Program(r.PostFormValue("form"))
	first := false
	err := d.Site.DB.Write(ctx, func(tx *db.Tx) error {
		had, err := notice.OwnHook(ctx, tx, v.Actor.ID)
		if err != nil {
			return err
		}
		if err := d.Notices.SaveOwn(ctx, tx, v.Actor, program, secret.Redacted(r.PostFormValue("address"))); err != nil {
			return err
		}
		if first = had.ID == 0; !first {
			return nil
		}
		return d.beginChat(ctx, tx, v.Actor)
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return d.chatPage(w, r, v, http.StatusUnprocessableEntity, func(c *ChatView) {
			c.Wrong, c.Programs, c.Address = wrong, programs(ctx, program), r.PostFormValue("address")
		})
	}
	if err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(ctx, "Saved. Send a test to see whether it arrives."))
	return page.Goto(w, r, chatURL)
}

// beginChat has somebody told in their new chat what they are told on the page of what cannot wait, until they choose otherwise.
func (d *Desk) beginChat(ctx context.Context, tx *db.Tx, a person.Actor) error {
	c, err := notice.ChoiceOf(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	for _, k := range notice.Kinds() {
		if c.Chat[k] {
			return nil // they had one before
		}
	}
	for _, k := range []notice.Kind{notice.Assigned, notice.Handed, notice.Offered, notice.Mentioned, notice.Answered, notice.Warned, notice.Breached} {
		c.Chat[k] = true
	}
	return d.Notices.SetChoice(ctx, tx, a.ID, c)
}

// testChat answers POST /account/chat/test.
func (d *Desk) testChat(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	var h notice.Hook
	err := d.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		h, err = notice.OwnHook(ctx, tx, v.Actor.ID)
		return err
	})
	if err != nil {
		return err
	}
	if h.ID == 0 {
		return page.Goto(w, r, chatURL)
	}
	wrong, err := d.Notices.TestHook(ctx, h.ID)
	if err != nil {
		return err
	}
	return d.chatPage(w, r, v, http.StatusOK, func(c *ChatView) { c.Hook.Tested, c.Hook.TestBad = true, wrong })
}

// removeChat answers POST /account/chat/removal.
func (d *Desk) removeChat(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	if err := d.Site.DB.Write(ctx, func(tx *db.Tx) error { return notice.RemoveOwn(ctx, tx, v.Actor.ID) }); err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(ctx, "Nothing is told in your chat any more."))
	return page.Goto(w, r, noticeChoiceURL)
}
