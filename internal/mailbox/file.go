package mailbox

import (
	"context"

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
	if r, err := p.fileAnswer(ctx, tx, l, who); err != nil || r.outcome != "" {
		return r, err
	}
	threads, err := p.threadsOf(ctx, tx, d, l)
	if err != nil {
		return result{}, err
	}
	if r, blocked, err := p.fileBlocked(ctx, tx, l, who, append(ticketsOf(threads), l.named...)); err != nil || blocked {
		return r, err
	}
	for _, t := range threads {
		r, err := p.join(ctx, tx, d, l, who, t)
		if err != nil {
			return r, err
		}
		if r.outcome != "" {
			return r, p.propose(ctx, tx, d, l, who, r)
		}
	}
	if m.Kind == mailmsg.KindReply {
		return result{outcome: WasIgnored}, nil
	}
	if r, err := p.filePapercut(ctx, tx, d, l, who); err != nil || r.outcome != "" {
		return r, err
	}
	quotes := append(ticketsOf(threads), l.named...)
	if h, asked, err := p.handedOn(ctx, tx, d, l, who); err != nil || h != nil {
		if err != nil {
			return result{}, err
		}
		return p.beginHandedOn(ctx, tx, l, h, asked, quotes)
	}
	if r, err := p.fileHelped(ctx, tx, d, l, who, quotes); err != nil || r.outcome != "" {
		return r, err
	}
	r, err := p.begin(ctx, tx, l, who, quotes)
	if err != nil {
		return r, err
	}
	return r, p.propose(ctx, tx, d, l, who, r)
}

// begin makes a ticket of a mail. quotes are tickets that it speaks of without belonging to them.
func (p *Post) begin(ctx context.Context, tx *db.Tx, l *letter, who sender, quotes []int64) (result, error) {
	requester, err := p.requester(ctx, tx, who)
	if err != nil {
		return result{}, err
	}
	by := ticket.By{Actor: person.Actor{ID: requester.ID, Name: requester.Name, Role: person.Requester}, Cause: CauseMail}
	if l.handed != nil {
		by = l.handed.by()
	}
	guess, err := p.suspect(ctx, tx, l, who, l.handed != nil || len(quotes) > len(l.named))
	if err != nil {
		return result{}, err
	}
	n := ticket.New{Subject: plainText(l.msg.Subject), Requester: requester.ID, Mailbox: l.row.MailboxID, Channel: ticket.ByMail, Message: l.draft, Suspect: guess != nil}
	looping, err := p.loops(ctx, tx, l, requester.ID, 0)
	if err != nil {
		return result{}, err
	}
	n.Message.Automatic = n.Message.Automatic || looping
	if who.known.ID != 0 || who.contact.Address == "" { // others were never here before this mail
		r, gathered, err := p.collect(ctx, tx, l, requester, n, guess)
		if err != nil || gathered {
			return r, err
		}
	}
	t, err := p.Desk.Create(ctx, tx, by, n)
	if err != nil {
		return result{}, err
	}
	if guess != nil {
		if err := keepSuspicion(ctx, tx, t.ID, *guess); err != nil {
			return result{}, err
		}
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
