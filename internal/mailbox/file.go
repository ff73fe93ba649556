package mailbox

import (
	"context"
	"errors"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// What stands on the spine as the cause of what a mail did.
const (
	CauseMail       = "mail"
	CauseUnverified = "mail_unverified" // it came from the address of staff, and nothing proves that staff sent it
)

// file decides what a mail becomes and makes it so.
func (p *Post) file(ctx context.Context, tx *db.Tx, b *batch, l *letter) (result, error) {
	d, m := b.directory, l.msg
	before, twice := b.filed[l.dedupe]
	switch {
	case twice:
		return result{WasDuplicate, before.ticketID, before.messageID}, nil
	case d.ours(m.From.Address) || b.own[m.MessageID]:
		return result{outcome: WasLoop}, nil // ours that came back, or from the desk's own address
	case !l.unread.IsZero():
		return p.fileRaw(ctx, tx, d, l)
	case m.Kind == mailmsg.KindBounce:
		return p.fileBounce(ctx, tx, d, l)
	case m.Kind == mailmsg.KindFeedback:
		return result{outcome: WasIgnored}, nil
	}
	who, err := p.senderOf(ctx, tx, d, l)
	if err != nil {
		return result{}, err
	}
	tickets, err := p.threadsOf(ctx, tx, d, l)
	if err != nil {
		return result{}, err
	}
	for _, id := range tickets {
		r, err := p.join(ctx, tx, l, who, id)
		if err != nil || r.outcome != "" {
			return r, err
		}
	}
	if m.Kind == mailmsg.KindReply {
		return result{outcome: WasIgnored}, nil
	}
	return p.begin(ctx, tx, l, who, append(tickets, l.named...))
}

// join adds a mail to a ticket that it answers, if its sender may write there; if not, the outcome is "".
func (p *Post) join(ctx context.Context, tx *db.Tx, l *letter, who sender, id int64) (result, error) {
	actor, err := person.ActorOf(ctx, tx, who.known.ID)
	if errors.Is(err, db.ErrNoRow) {
		return result{}, nil // nobody known, or somebody who has no rights any more
	}
	if err != nil {
		return result{}, err
	}
	t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, id)
	if err != nil {
		return result{}, err
	}
	if t.Following, err = db.Exists(ctx, tx, `SELECT 1 FROM follower WHERE ticket_id = $1 AND person_id = $2`, id, actor.ID); err != nil {
		return result{}, err
	}
	switch {
	case person.Can(actor, person.WriteOwn, t.Thing()):
		return p.answer(ctx, tx, l, actor, t)
	case person.Can(actor, person.ChangeTicket, t.Thing()):
		m, err := p.Desk.Note(ctx, tx, ticket.By{Actor: actor, Cause: CauseUnverified}, id, l.draft)
		return result{BecameNote, id, m.ID}, err
	}
	return result{}, nil
}

// answer adds a public message from the requester's side. What a machine sent does not reopen a ticket;
// what a person answered through a mailing list does.
func (p *Post) answer(ctx context.Context, tx *db.Tx, l *letter, actor person.Actor, t ticket.Ticket) (result, error) {
	draft := l.draft
	draft.Automatic = l.msg.Kind == mailmsg.KindReply || l.msg.Automatic == mailmsg.AutomaticAuto
	m, err := p.Desk.Answer(ctx, tx, ticket.By{Actor: actor, Cause: CauseMail}, t.ID, draft)
	return result{BecameAnswer, t.ID, m.ID}, err
}

// begin makes a ticket of a mail. quotes are tickets that it speaks of without belonging to them.
func (p *Post) begin(ctx context.Context, tx *db.Tx, l *letter, who sender, quotes []int64) (result, error) {
	requester, err := p.requester(ctx, tx, who)
	if err != nil {
		return result{}, err
	}
	by := ticket.By{Actor: person.Actor{ID: requester.ID, Name: requester.Name, Role: person.Requester}, Cause: CauseMail}
	t, err := p.Desk.Create(ctx, tx, by, ticket.New{Subject: plainText(l.msg.Subject), Requester: requester.ID, Mailbox: l.row.MailboxID, Channel: ticket.ByMail, Message: l.draft})
	if err != nil {
		return result{}, err
	}
	for _, id := range quotes {
		if err := p.Desk.Relate(ctx, tx, by, t, id, ticket.Quotes); err != nil {
			return result{}, err
		}
	}
	return result{outcome: BecameTicket, ticketID: t.ID}, nil
}

// fileRaw makes a ticket with the raw file of a mail that could not be read.
func (p *Post) fileRaw(ctx context.Context, tx *db.Tx, d *directory, l *letter) (result, error) {
	who, err := p.senderOf(ctx, tx, d, l)
	if err != nil {
		return result{}, err
	}
	words := p.locale(ctx, "", "")
	l.draft = ticket.Draft{Text: i18n.Print(words, l.unread), Channel: ticket.ByMail, Automatic: true, RFCMessageID: l.draft.RFCMessageID}
	if l.raw != nil {
		l.draft.Files = []ticket.File{l.rawFile()}
	}
	if l.msg.Subject == "" {
		l.msg.Subject = i18n.T(words, "A mail that could not be read")
	}
	r, err := p.begin(ctx, tx, l, who, nil)
	r.outcome = BecameRaw
	return r, err
}
