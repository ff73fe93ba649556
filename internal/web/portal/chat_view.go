package portal

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/livechat"
)

// ChatView is a live chat as the page of its request shows it.
type ChatView struct {
	Said, More string
	// On says that it goes on; Listens that the page asks for what is new.
	On, Listens  bool
	Mail, Mailed bool
	After        int64 // the newest message that the page shows
}

// chatting says that a live chat goes on: then the conversation stands first.
func (v RequestView) chatting() bool { return v.Chat != nil && v.Chat.On }

// chat gives the live chat that a request began as; nil for none.
func (l *loader) chat(ctx context.Context) (*ChatView, error) {
	c, err := livechat.Of(ctx, l.tx, l.ticket.ID)
	if err != nil || c.TicketID == 0 || !c.On() && c.MailedAt != 0 {
		return nil, err
	}
	v := &ChatView{On: c.On() && l.ticket.MergedInto == 0, Listens: c.On() && l.own(), Mailed: c.MailedAt != 0}
	if v.Said, v.More, v.Mail, err = l.chatStands(ctx, c); err != nil {
		return nil, err
	}
	newest, err := db.One[int64](ctx, l.tx, `SELECT coalesce(max(id), 0) FROM message WHERE ticket_id = $1 AND NOT internal`, l.ticket.ID)
	v.After = newest
	return v, err
}

// chatOffered puts into the form whether somebody is there to chat with.
func (p *Portal) chatOffered(ctx context.Context, tx *db.Tx, view *FormView) error {
	if p.Chats == nil {
		return nil
	}
	o, err := p.Chats.Opening(ctx, tx)
	view.Chat = o.Now()
	return err
}
