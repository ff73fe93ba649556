package livechat

import (
	"context"
	"errors"
	"time"

	"goodturn/internal/button"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Begin makes a chat of a ticket that was just made with the channel ticket.ByChat, and tells those who are there.
func (r *Room) Begin(ctx context.Context, tx *db.Tx, t ticket.Ticket, o Opening) error {
	c := Chat{TicketID: t.ID, State: Waiting, BegunAt: tx.Now, HeardAt: tx.Now, HereAt: tx.Now}
	set, err := button.Load(ctx, tx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO live_chat (ticket_id, state, begun_at, heard_at, here_at, due_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		c.TicketID, c.State, c.BegunAt, c.HeardAt, c.HereAt, c.due(tx.Now, set)); err != nil {
		return err
	}
	if err := r.Tell(ctx, tx, t, o.Who); err != nil {
		return err
	}
	return r.wake(ctx, tx, t)
}

// wake has the pages of all who take chats, and those that show the ticket, look again.
func (r *Room) wake(ctx context.Context, tx *db.Tx, t ticket.Ticket) error {
	all, err := takers(ctx, tx)
	for _, id := range all {
		tx.Signal(signal, id)
	}
	r.moved(tx, t)
	return err
}

func (r *Room) moved(tx *db.Tx, t ticket.Ticket) {
	if r.Moved != nil {
		tx.AfterCommit(func() { r.Moved(t.ID, t.TeamID) })
	}
}

// due is when a chat is to be looked at again: the visitor may have left, nobody may have come, or nobody may have written.
func (c Chat) due(now clock.Instant, set button.Settings) clock.Instant {
	if !c.On() {
		return 0
	}
	at := c.HeardAt.Add(minutes(set.ChatSilence))
	if c.State == Waiting {
		at = min(at, c.BegunAt.Add(minutes(set.ChatWait)))
	}
	if gone := c.HereAt.Add(hereFor); gone > now {
		at = min(at, gone)
	}
	return at
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

// put stores a chat as it is now.
func (c Chat) put(ctx context.Context, tx *db.Tx) error {
	set, err := button.Load(ctx, tx)
	if err != nil {
		return err
	}
	var agent any
	if c.AgentID != 0 {
		agent = c.AgentID
	}
	_, err = tx.Exec(ctx, `UPDATE live_chat SET state = $2, agent_id = $3, heard_at = $4, here_at = $5, typed_at = $6, shown_id = $7, ended_at = $8, ended_by = $9, due_at = $10 WHERE ticket_id = $1`,
		c.TicketID, c.State, agent, c.HeardAt, c.HereAt, c.TypedAt, c.ShownID, c.EndedAt, c.EndedBy, c.due(tx.Now, set))
	return err
}

// locked loads the chat on a ticket for a change. None is fault.NotFound.
func locked(ctx context.Context, tx *db.Tx, ticketID int64) (Chat, error) {
	if err := tx.Lock(ctx, "ticket", ticketID); err != nil {
		return Chat{}, err
	}
	c, err := Of(ctx, tx, ticketID)
	if err == nil && c.TicketID == 0 {
		err = fault.NotFound(i18n.M("There is no live chat on this request."))
	}
	return c, err
}

// Sign is what a visitor's page says when it asks.
type Sign struct {
	Shown  int64 // the newest message that it has shown
	Typing bool
}

// News tells whether a sign changes anything that is kept, so that pages that only ask need no writing.
func (c Chat) News(now clock.Instant, s Sign) bool {
	return c.On() && now.Sub(c.HereAt) >= hereEvery || s.Shown > c.ShownID || c.On() && s.Typing && now.Sub(c.TypedAt) >= typingFor/2 || !s.Typing && c.TypedAt != 0
}

// Look notes that the visitor's page is there, and what it has shown: answers up to that go by no mail. Ask only for somebody who may see
// the ticket.
func (r *Room) Look(ctx context.Context, tx *db.Tx, t ticket.Ticket, s Sign) (Chat, error) {
	c, err := locked(ctx, tx, t.ID)
	if err != nil {
		return c, err
	}
	was := c
	if c.On() {
		c.HereAt = tx.Now
	}
	if c.TypedAt = 0; s.Typing && c.On() {
		c.TypedAt = tx.Now
	}
	if s.Shown > c.ShownID {
		newest, err := db.One[int64](ctx, tx, `SELECT coalesce(max(id), 0) FROM message WHERE ticket_id = $1 AND NOT internal`, t.ID)
		if err != nil {
			return c, err
		}
		c.ShownID = min(s.Shown, newest)
		if err := r.Shown(ctx, tx, t.ID, t.RequesterID, c.ShownID); err != nil {
			return c, err
		}
		if changed := r.Desk.Changed; changed != nil { // what stands under an answer
			tx.AfterCommit(func() { changed(ticket.Change{Ticket: t, What: ticket.ChatChanged}) })
		}
	}
	if was.Here(tx.Now) != c.Here(tx.Now) || (was.TypedAt != 0) != (c.TypedAt != 0) || was.ShownID != c.ShownID {
		r.moved(tx, t)
	}
	return c, c.put(ctx, tx)
}

// HoldMail is until when the mail of a message to somebody waits, since the chat they are in may show it to them; 0 for no wait.
func HoldMail(ctx context.Context, tx *db.Tx, t ticket.Ticket, personID int64) (clock.Instant, error) {
	if t.Channel != ticket.ByChat || personID != t.RequesterID {
		return 0, nil
	}
	c, err := Of(ctx, tx, t.ID)
	if err != nil || !c.Here(tx.Now) {
		return 0, err
	}
	return tx.Now.Add(MailAfter), nil
}

// Take gives a chat to whoever is first: the ticket is theirs too. When somebody else has it, it is fault.Conflict.
func (r *Room) Take(ctx context.Context, tx *db.Tx, by ticket.By, ticketID int64) error {
	if _, err := ticket.Get(ctx, tx, by.Actor, person.ChangeTicket, ticketID); err != nil {
		return err
	}
	c, err := locked(ctx, tx, ticketID)
	if err != nil || c.AgentID == by.ID {
		return err
	}
	if c.AgentID != 0 {
		who, err := person.Get(ctx, tx, c.AgentID)
		if err != nil {
			return err
		}
		return fault.Conflict(i18n.M("{{.Name}} has taken this chat already.", "Name", who.Name))
	}
	if !c.On() {
		return fault.Conflict(i18n.M("This chat is over. The request is still there."))
	}
	if c.AgentID = by.ID; c.State == Waiting {
		c.State = Talking
	}
	if err := c.put(ctx, tx); err != nil {
		return err
	}
	if err := r.Desk.Assign(ctx, tx, by, ticketID, by.ID); err != nil {
		return err
	}
	t, err := ticket.Get(ctx, tx, by.Actor, person.ChangeTicket, ticketID)
	if err != nil {
		return err
	}
	return r.wake(ctx, tx, t)
}

// End ends a chat; the ticket stays as it is. verb is the right by which it is done, and who is ByVisitor or ByAgent. One that is over stays so.
func (r *Room) End(ctx context.Context, tx *db.Tx, by ticket.By, verb person.Verb, ticketID int64, who string) error {
	t, err := ticket.Get(ctx, tx, by.Actor, verb, ticketID)
	if err != nil {
		return err
	}
	c, err := locked(ctx, tx, ticketID)
	if err != nil || !c.On() {
		return err
	}
	return r.end(ctx, tx, by, verb, t, c, who)
}

func (r *Room) end(ctx context.Context, tx *db.Tx, by ticket.By, verb person.Verb, t ticket.Ticket, c Chat, who string) error {
	unanswered := c.State == Waiting
	c.State, c.EndedAt, c.EndedBy = Ended, tx.Now, who
	if err := c.put(ctx, tx); err != nil {
		return err
	}
	if t.MergedInto == 0 {
		if err := r.Desk.Chat(ctx, tx, by, verb, t.ID, string(Ended), who); err != nil {
			return err
		}
	}
	if unanswered && t.IsOpen {
		if err := r.Confirm(ctx, tx, t); err != nil {
			return err
		}
	}
	return r.wake(ctx, tx, t)
}

// MailIt has the conversation mailed to whoever asked, once. Ask only for somebody who may see the ticket as theirs.
func (r *Room) MailIt(ctx context.Context, tx *db.Tx, t ticket.Ticket, proven bool) error {
	c, err := locked(ctx, tx, t.ID)
	if err != nil || c.MailedAt != 0 {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE live_chat SET mailed_at = $2 WHERE ticket_id = $1`, t.ID, tx.Now); err != nil {
		return err
	}
	return r.Mail(ctx, tx, t, proven)
}

// Hook follows what happens to the ticket of a chat: who answers has it; when it is done, or part of another, the chat is over. It is called
// at the end of a transaction.
func (r *Room) Hook() ticket.Hook {
	return func(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, m *ticket.Message) error {
		if t.Channel != ticket.ByChat {
			return nil
		}
		switch {
		case e.What == ticket.Messaged && m != nil && !m.Automatic && m.CreatedAt == tx.Now:
		case e.What == ticket.StatusChanged && !t.IsOpen, e.What == ticket.Trashed && t.TrashedAt != 0, e.What == ticket.Joined && t.MergedInto != 0, e.What == ticket.Suspected && e.ToValue != "":
		default:
			return nil
		}
		c, err := locked(ctx, tx, t.ID)
		if fault.Is(err, fault.KindNotFound) || err == nil && !c.On() {
			return nil
		}
		if err != nil {
			return err
		}
		if e.What != ticket.Messaged {
			return r.end(ctx, tx, ticket.By{Actor: person.System}, person.SeeTicket, t, c, ByAgent)
		}
		return r.heard(ctx, tx, e, t, c, m)
	}
}

// heard follows a message. The first who answers has the chat, and the ticket unless somebody has it.
func (r *Room) heard(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, c Chat, m *ticket.Message) error {
	c.HeardAt = tx.Now
	if m.Inbound {
		c.TypedAt = 0
		if err := c.put(ctx, tx); err != nil {
			return err
		}
		r.moved(tx, t)
		return nil
	}
	c.State = Talking
	takes := c.AgentID == 0 && e.Actor == "person"
	if takes {
		c.AgentID = e.PersonID
	}
	if err := c.put(ctx, tx); err != nil {
		return err
	}
	if takes && t.AssigneeID == 0 {
		a, err := person.ActorOf(ctx, tx, e.PersonID)
		if err != nil {
			return err
		}
		if err := r.Desk.Assign(ctx, tx, ticket.By{Actor: a}, t.ID, a.ID); err != nil {
			return err
		}
	}
	return r.wake(ctx, tx, t)
}

// sweepMost is how many chats one sweep looks at.
const sweepMost = 200

// Sweep does what is due: chats that nobody took wait in the line, those in which nobody writes are over, and pages are told who has left.
func (r *Room) Sweep(ctx context.Context) error {
	var due []int64
	err := r.DB.Read(ctx, func(tx *db.Tx) (err error) {
		due, err = db.All[int64](ctx, tx, `SELECT ticket_id FROM live_chat WHERE due_at > 0 AND due_at <= $1 ORDER BY due_at LIMIT $2`, tx.Now, sweepMost)
		return err
	})
	var all []error
	for _, id := range due {
		all = append(all, r.DB.Write(ctx, func(tx *db.Tx) error { return r.step(ctx, tx, id) }))
	}
	return errors.Join(append(all, err)...)
}

// step brings one chat up to the present.
func (r *Room) step(ctx context.Context, tx *db.Tx, id int64) error {
	t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, id)
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := locked(ctx, tx, id)
	if err != nil || !c.On() {
		return err
	}
	set, err := button.Load(ctx, tx)
	if err != nil {
		return err
	}
	by := ticket.By{Actor: person.System}
	here := c.Here(tx.Now)
	switch {
	case tx.Now >= c.HeardAt.Add(minutes(set.ChatSilence)):
		return r.end(ctx, tx, by, person.SeeTicket, t, c, BySilence)
	case c.State == Waiting && (tx.Now >= c.BegunAt.Add(minutes(set.ChatWait)) || !here):
		c.State = InLine
		if err := c.put(ctx, tx); err != nil {
			return err
		}
		if err := r.Desk.Chat(ctx, tx, by, person.SeeTicket, t.ID, string(InLine), ""); err != nil {
			return err
		}
		if err := r.Confirm(ctx, tx, t); err != nil {
			return err
		}
		return r.wake(ctx, tx, t)
	}
	r.moved(tx, t)
	return c.put(ctx, tx)
}
