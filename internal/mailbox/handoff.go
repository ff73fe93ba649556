package mailbox

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Somebody who is asked for help may forward the mail to the desk and let go: the one who asked becomes the requester,
// and the one who forwarded a follower.

// What stands on the spine as the cause of a ticket that somebody handed on. The person of the event is who did.
const (
	CauseHandedOn         = "handed_on"
	CauseHandedUnverified = "handed_on_unverified" // nothing proves that it was they
)

// handoff is who handed a mail on.
type handoff struct {
	who    person.Person
	known  bool // before this mail
	proven bool // their domain vouches for the mail
	asked  *mailmsg.Forwarded
	shared bool // by the address that they share: they follow only when they choose to
}

func (h *handoff) by() ticket.By {
	by := ticket.By{Actor: person.Actor{ID: h.who.ID, Name: h.who.Name, Role: person.Requester}, Cause: CauseHandedUnverified}
	if h.proven {
		by.Cause = CauseHandedOn
	}
	return by
}

// handedOn tells whether a mail hands on that of somebody else who asks, and gives who that is. Only staff and people of
// the asker's own organisation hand on; of anybody else a forwarded mail is their own request. Nil is no handing on.
func (p *Post) handedOn(ctx context.Context, tx *db.Tx, d *directory, l *letter, who sender) (*handoff, sender, error) {
	var asker sender
	f := l.msg.Forwarded
	if f == nil || l.msg.Kind != mailmsg.KindMessage || l.msg.Automatic != "" || who.contact.Address == "" || strings.TrimSpace(f.Text) == "" {
		return nil, asker, nil
	}
	address := person.FoldAddress(plainText(f.From.Address))
	if !person.ValidAddress(address) || d.ours(address) || address == p.Default.Address || address == who.contact.Address {
		return nil, asker, nil
	}
	asker.contact = person.Contact{Name: plainText(f.From.Name), Address: address}
	var err error
	if asker.known, err = person.FindByAddress(ctx, tx, address); err != nil && !errors.Is(err, db.ErrNoRow) {
		return nil, asker, err
	}
	if asker.known.ID != 0 && (asker.known.ID == who.known.ID || !asker.known.Active) {
		return nil, asker, nil
	}
	proven := l.facts.Auth.Authentic()
	staff := who.known.Active && who.known.Role.AtLeast(person.Agent)
	if !staff {
		firm := organisationOf(ctx, tx, who)
		if firm == 0 || firm != organisationOf(ctx, tx, asker) {
			return nil, asker, nil
		}
	}
	if asker.known.Role.AtLeast(person.Agent) && !proven {
		return nil, asker, nil // nobody makes a colleague speak by pasting their name
	}
	h := &handoff{known: who.known.ID != 0, proven: proven, asked: f}
	h.who, err = p.requester(ctx, tx, who)
	return h, asker, err
}

func organisationOf(ctx context.Context, tx *db.Tx, s sender) int64 {
	if s.known.ID != 0 {
		return s.known.OrganisationID
	}
	return person.OrganisationOf(ctx, tx, s.contact.Address)
}

// beginHandedOn makes the asker's ticket. What was written above the forwarded mail is about them and not theirs, so that
// it is a note, and later answers quote what they wrote themselves.
func (p *Post) beginHandedOn(ctx context.Context, tx *db.Tx, l *letter, h *handoff, asker sender, quotes []int64) (result, error) {
	theirs, msg := *l, *l.msg
	msg.Subject = mailmsg.PlainSubject(orElse(h.asked.Subject, l.msg.Subject))
	theirs.msg, theirs.handed = &msg, h
	theirs.draft.Text, theirs.draft.Quoted, theirs.draft.HTML = cut(p.cutLinks(h.asked.Text), ticket.MaxText), "", ""
	r, err := p.begin(ctx, tx, &theirs, asker, quotes)
	if err != nil {
		return r, err
	}
	t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, r.ticketID)
	if err != nil {
		return r, err
	}
	by := h.by()
	by.System = true
	if words := l.aboveForward(h); words != "" {
		if _, err := p.Desk.Note(ctx, tx, by, t.ID, ticket.Draft{Text: p.cutLinks(words), Author: h.who.ID, Channel: ticket.ByMail}); err != nil {
			return r, err
		}
	}
	anew := r.outcome == BecameTicket && !t.Turn.Aside() // and not one of a storm, or suspect
	follows := anew && h.proven && !h.shared && !t.TeamPrivate
	if follows {
		err = p.Desk.Follow(ctx, tx, by, t.ID, h.who.ID)
	} else if !h.shared {
		err = suggest(ctx, tx, Suggestion{TicketID: t.ID, Kind: SuggestFollower, Address: h.who.Address, Name: h.who.Name, ByID: h.who.ID})
	}
	if err != nil || !anew || !h.proven && !h.known {
		return r, err // nothing is mailed to somebody of whom nothing is known
	}
	letter := HandOff{Ticket: t.ID, Person: h.who.ID, Follows: follows, RFC: plainText(l.msg.MessageID)}
	if p.Helping.Forwarded != nil {
		if letter.Path, err = p.Helping.Forwarded(ctx, tx, t, h.who.ID); err != nil {
			return r, err
		}
	}
	return r, p.QueueHandOff(ctx, tx, letter)
}

// aboveForward is what was written above a forwarded mail.
func (l *letter) aboveForward(h *handoff) string {
	words := strings.TrimSpace(l.msg.NewText)
	if strings.Contains(foldSpace(words), foldSpace(cut(h.asked.Text, 200))) {
		return "" // nothing: the mail stands for itself as new
	}
	return cut(words, ticket.MaxText)
}

func idText(id int64) string { return strconv.FormatInt(id, 10) }
