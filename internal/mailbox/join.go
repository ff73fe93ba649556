package mailbox

import (
	"context"
	"errors"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// join adds a mail to a ticket that it answers, if its sender may write there; if not, the outcome is "".
func (p *Post) join(ctx context.Context, tx *db.Tx, d *directory, l *letter, who sender, at thread) (result, error) {
	t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, at.ticketID)
	if err != nil {
		return result{}, err
	}
	actor, err := person.ActorOf(ctx, tx, who.known.ID)
	if errors.Is(err, db.ErrNoRow) {
		if who.known.ID != 0 {
			return result{}, nil // somebody who has no rights any more
		}
		return p.joinReader(ctx, tx, d, l, who, t, at)
	}
	if err != nil {
		return result{}, err
	}
	if t.Following, err = db.Exists(ctx, tx, `SELECT 1 FROM follower WHERE ticket_id = $1 AND person_id = $2`, t.ID, actor.ID); err != nil {
		return result{}, err
	}
	switch {
	case actor.ID != t.RequesterID && person.Can(actor, person.ChangeTicket, t.Thing()):
		return p.joinStaff(ctx, tx, d, l, actor, t, at)
	case person.Can(actor, person.WriteOwn, t.Thing()):
		return p.answer(ctx, tx, d, l, ticket.By{Actor: actor, Cause: CauseMail}, t)
	case actor.Staff():
		return result{}, nil // of a private team that is not theirs
	}
	return p.joinReader(ctx, tx, d, l, who, t, at)
}

// answer adds a public message from the requester's side. What a machine sent does not reopen a ticket;
// what a person answered through a mailing list does.
func (p *Post) answer(ctx context.Context, tx *db.Tx, d *directory, l *letter, by ticket.By, t ticket.Ticket) (result, error) {
	draft := l.draft
	draft.Subject = plainText(l.msg.Subject)
	looping, err := p.loops(ctx, tx, l, by.ID, t.ID)
	if err != nil {
		return result{}, err
	}
	draft.Automatic = looping || l.automatic()
	if by.System {
		draft.Author = by.ID
	}
	m, err := p.Desk.Answer(ctx, tx, by, t.ID, draft)
	return result{BecameAnswer, t.ID, m.ID}, err
}

// automatic tells that a machine answered, not a person.
func (l *letter) automatic() bool {
	return l.msg.Kind == mailmsg.KindReply || l.msg.Automatic == mailmsg.AutomaticAuto
}

// joinReader adds the answer of somebody who takes no part in the ticket, but to whom we sent the very message that they
// answer.
func (p *Post) joinReader(ctx context.Context, tx *db.Tx, d *directory, l *letter, who sender, t ticket.Ticket, at thread) (result, error) {
	if who.contact.Address == "" || !at.byAddress && len(at.ours) == 0 {
		return result{}, nil
	}
	reads, err := sentTo(ctx, tx, t.ID, at.ours, who.contact.Address, tx.Now)
	if err != nil || !reads {
		return result{}, err
	}
	asked, err := db.Exists(ctx, tx, `SELECT 1 FROM answer_address WHERE ticket_id = $1 AND person_id = $2 AND address = $3`, t.ID, t.RequesterID, who.contact.Address)
	if err != nil {
		return result{}, err
	}
	if asked && who.known.ID == 0 { // it is where the requester wanted to be answered
		if who.known, err = person.Get(ctx, tx, t.RequesterID); err != nil {
			return result{}, err
		}
	}
	author, err := p.requester(ctx, tx, who)
	if err != nil {
		return result{}, err
	}
	by := ticket.By{Actor: person.Actor{ID: author.ID, Name: author.Name, System: true}, Cause: CauseMail}
	return p.answer(ctx, tx, d, l, by, t)
}

// joinStaff adds what came from the address of staff: the answer to the requester if it is proven that they wrote it for
// this ticket, else a note.
func (p *Post) joinStaff(ctx context.Context, tx *db.Tx, d *directory, l *letter, actor person.Actor, t ticket.Ticket, at thread) (result, error) {
	by := ticket.By{Actor: actor, Cause: CauseMail}
	doubt := p.doubtStaff(d, l, at)
	if doubt == NoDoubt && !l.automatic() && l.msg.Automatic == "" && l.msg.Forwarded == nil && l.msg.Kind == mailmsg.KindMessage {
		draft, ok := l.ownWords()
		repeats, err := quotesNotes(ctx, tx, t.ID, actor.ID, draft.Text)
		switch {
		case err != nil:
			return result{}, err
		case !ok:
			doubt = DoubtEmpty
		case repeats:
			doubt = DoubtQuotes
		default:
			m, err := p.Desk.Reply(ctx, tx, by, t.ID, draft, "")
			return result{BecameReply, t.ID, m.ID}, err
		}
	}
	if l.facts.Doubt = doubt; doubt != NoDoubt {
		by.Cause = CauseUnverified
	}
	m, err := p.Desk.Note(ctx, tx, by, t.ID, l.draft)
	return result{BecameNote, t.ID, m.ID}, err
}

// ownWords is what of a mail by staff may go out: what they wrote now and the files that they attached. Below it
// stands their own signature, and history that may hold what is for staff alone; pictures within the text belong to
// either.
func (l *letter) ownWords() (ticket.Draft, bool) {
	draft := ticket.Draft{Channel: ticket.ByMail}
	for line := range strings.Lines(l.msg.NewText) { // a mail that only quotes stands for itself as new
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, ">") {
			draft.Text = l.draft.Text
		}
	}
	for _, f := range l.draft.Files {
		if !f.Inline && f.ContentID == "" || l.msg.QuotedText == "" && l.msg.Signature == "" {
			draft.Files = append(draft.Files, f)
		}
	}
	return draft, draft.Text != "" || len(draft.Files) > 0
}
