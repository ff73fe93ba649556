package desk

import (
	"context"
	"net/http"

	"goodturn/internal/button"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/livechat"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// chatRoutes are those of live chats.
func (d *Desk) chatRoutes() []page.Route {
	if d.Chats == nil {
		return nil
	}
	return []page.Route{
		{Pattern: "POST /account/chats", Handle: d.takeChats},
		{Pattern: "POST /tickets/{number}/chat", Handle: d.takeChat},
		{Pattern: "POST /tickets/{number}/chat/end", Handle: d.endChat},
	}
}

// LiveChat is the live chat on a ticket, as the agent sees it.
type LiveChat struct {
	// Topic is the live topic on which it changes, URL where it is fetched.
	Topic, URL string
	Number     int64
	On         bool // it goes on
	Here       bool // the visitor's page is open
	Typing     bool
	Free       bool // nobody has it
	Name       string
	Mailed     bool // answers reach them by mail
	Shown      int64
	Seen       bool // their page has shown the newest answer
}

// read tells that the visitor's page has shown a message of ours.
func (c LiveChat) read(m Message) bool { return m.Ours && !m.Note && m.ID <= c.Shown }

// words say who is there.
func (c LiveChat) words(ctx context.Context) string {
	switch {
	case c.Here && c.Typing:
		return i18n.T(ctx, "{{.Name}} is writing …", "Name", c.Name)
	case c.Here && c.Seen:
		return i18n.T(ctx, "{{.Name}} is in the chat and has read your answer.", "Name", c.Name)
	case c.Here:
		return i18n.T(ctx, "{{.Name}} is in the chat now: what you send is there at once.", "Name", c.Name)
	case c.Mailed:
		return i18n.T(ctx, "{{.Name}} has left the chat. What you send goes by mail, and stands there should they come back.", "Name", c.Name)
	}
	return i18n.T(ctx, "{{.Name}} has left the chat and gave no mail address. What you send stands there should they come back.", "Name", c.Name)
}

// liveChat loads the live chat on a ticket that somebody may see; the zero LiveChat for none.
func liveChat(ctx context.Context, tx *db.Tx, t ticket.Ticket) (v LiveChat, err error) {
	if t.Channel != ticket.ByChat {
		return v, nil
	}
	c, err := livechat.Of(ctx, tx, t.ID)
	if err != nil || c.TicketID == 0 {
		return v, err
	}
	who, err := person.Get(ctx, tx, t.RequesterID)
	if err != nil {
		return v, err
	}
	newest, err := db.All[int64](ctx, tx, `SELECT id FROM message WHERE ticket_id = $1 AND NOT internal AND NOT inbound ORDER BY id DESC LIMIT 1`, t.ID)
	v = LiveChat{
		Topic: page.PresenceTopic(t.ID), URL: ticketAction(t.ID, "presence"), Number: t.ID, On: c.On() && t.MergedInto == 0, Here: c.Here(tx.Now), Typing: c.Typing(tx.Now), Free: c.AgentID == 0, Name: who.Name, Mailed: who.Address != "",
		Shown: c.ShownID, Seen: len(newest) == 1 && newest[0] <= c.ShownID,
	}
	return v, err
}

// chatLine is liveChat for its fragment alone.
func (d *Desk) chatLine(ctx context.Context, v page.Visit, t ticket.Ticket) (c LiveChat, err error) {
	err = d.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if _, err = ticket.Get(ctx, tx, v.Actor, person.SeeTicket, t.ID); err == nil {
			c, err = liveChat(ctx, tx, t)
		}
		return err
	})
	return c, err
}

// chatsOf puts into the navigation whether the visitor takes live chats, and those that nobody has.
func (d *Desk) chatsOf(ctx context.Context, l *look, n *page.Nav) error {
	if d.Chats == nil {
		return nil
	}
	set, err := button.Load(ctx, l.tx)
	if err != nil || !set.Chat {
		return err
	}
	n.Chats = true
	if n.TakesChats, err = livechat.Takes(ctx, l.tx, l.visit.Actor.ID); err != nil || !n.TakesChats {
		return err
	}
	all, err := livechat.WaitingFor(ctx, l.tx, l.visit.Actor)
	for _, c := range all {
		n.Asking = append(n.Asking, page.ChatAsking{Number: c.TicketID, Subject: c.Subject, Name: c.Name, Since: c.BegunAt})
	}
	return err
}

// hold gives an answer after a moment in which it may be taken back; somebody who sits in front of a live chat has it at once.
func (d *Desk) hold(ctx context.Context, tx *db.Tx, by ticket.By, number int64, m ticket.Draft, then ticket.Status) (ticket.Held, error) {
	c, err := livechat.Of(ctx, tx, number)
	if err != nil {
		return ticket.Held{}, err
	}
	if !c.Here(tx.Now) {
		return d.Tickets.Hold(ctx, tx, by, number, m, then)
	}
	_, err = d.Tickets.Reply(ctx, tx, by, number, m, then)
	return ticket.Held{}, err
}

// chatVisitor is who is in a live chat now; 0 for nobody. That they write while an answer is written goes without saying there.
func chatVisitor(ctx context.Context, tx *db.Tx, number int64) (int64, error) {
	c, err := livechat.Of(ctx, tx, number)
	if err != nil || !c.On() {
		return 0, err
	}
	return db.One[int64](ctx, tx, `SELECT requester_id FROM ticket WHERE id = $1`, number)
}

// takeChats answers POST /account/chats: the field on is "1" for somebody who takes live chats, "0" for who does not any more.
func (d *Desk) takeChats(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	on := r.PostFormValue("on") == "1"
	if err := d.Site.DB.Write(ctx, func(tx *db.Tx) error { return livechat.SetTakes(ctx, tx, v.Actor, on) }); err != nil {
		return err
	}
	if on {
		d.Site.Tell(w, i18n.T(ctx, "Live chats come to you while a page of the desk is open."))
	} else {
		d.Site.Tell(w, i18n.T(ctx, "Live chats go to others from now on."))
	}
	return page.Goto(w, r, cameFrom(r))
}

// takeChat answers POST /tickets/{number}/chat: the first who comes has it, and the ticket opens.
func (d *Desk) takeChat(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	ctx := r.Context()
	err = d.Site.DB.Write(ctx, func(tx *db.Tx) error { return d.Chats.Take(ctx, tx, ticket.By{Actor: v.Actor}, number) })
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		d.Site.Warn(w, i18n.Print(ctx, f.Message))
		err = nil
	}
	if err != nil {
		return err
	}
	return page.Goto(w, r, ticketURL(number)+"#composer")
}

// endChat answers POST /tickets/{number}/chat/end.
func (d *Desk) endChat(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	ctx := r.Context()
	if err := d.Site.DB.Write(ctx, func(tx *db.Tx) error {
		return d.Chats.End(ctx, tx, ticket.By{Actor: v.Actor}, person.ChangeTicket, number, livechat.ByAgent)
	}); err != nil {
		return err
	}
	return page.Goto(w, r, returnTo(r, number))
}

// chatEventWords say what became of a live chat.
func chatEventWords(ctx context.Context, e ticket.Event, name string) string {
	switch {
	case e.ToValue == string(livechat.InLine):
		return i18n.T(ctx, "Nobody was free for the live chat, so it waits in the line")
	case e.Cause == livechat.BySilence:
		return i18n.T(ctx, "The live chat ended, since nobody wrote")
	case e.PersonID == 0:
		return i18n.T(ctx, "The live chat ended")
	}
	return i18n.T(ctx, "{{.Name}} ended the live chat", "Name", name)
}
