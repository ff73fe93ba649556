package mailbox

import (
	"context"
	"errors"
	"slices"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// SuggestionKind is what a mail would like.
type SuggestionKind string

// The kinds.
const (
	SuggestFollower SuggestionKind = "follower" // that Address gets copies
	SuggestAnswers  SuggestionKind = "answers"  // that the requester's answers go to Address
)

// Suggestion is something that a mail would like and that nobody proved, for staff to decide.
type Suggestion struct {
	ID       int64
	TicketID int64
	Kind     SuggestionKind
	Address  string
	Name     string // as the mail had it; may be ""
	ByID     int64  // who wrote the mail, as far as it says
}

// CauseCopied is the cause of following a ticket because a proven mail had them in Cc.
const CauseCopied = "copied"

// maxCopied is how many people a mail may make followers. One with more is to a crowd, and only suggests the first.
const maxCopied = 10

// Suggestions lists what staff have not decided yet, the oldest first. Who may see the ticket as staff may see them.
func Suggestions(ctx context.Context, tx *db.Tx, ticketID int64) ([]Suggestion, error) {
	return db.All[Suggestion](ctx, tx, `SELECT id, ticket_id, kind, address, name, by_id FROM suggestion WHERE ticket_id = $1 AND state = 'open' ORDER BY id`, ticketID)
}

// Decide takes a suggestion or refuses it; a refused one is not made again. The actor must be one who may change the
// ticket.
func (p *Post) Decide(ctx context.Context, tx *db.Tx, by ticket.By, ticketID, id int64, take bool) error {
	if _, err := ticket.Get(ctx, tx, by.Actor, person.ChangeTicket, ticketID); err != nil {
		return err
	}
	if err := tx.Lock(ctx, "suggestion", id); err != nil {
		return err
	}
	s, err := db.One[Suggestion](ctx, tx, `SELECT id, ticket_id, kind, address, name, by_id FROM suggestion WHERE id = $1 AND ticket_id = $2 AND state = 'open'`, id, ticketID)
	if errors.Is(err, db.ErrNoRow) {
		return fault.Conflict(i18n.M("Somebody has decided this already."))
	}
	if err != nil {
		return err
	}
	state := "refused"
	if take {
		state = "taken"
	}
	if _, err := tx.Exec(ctx, `UPDATE suggestion SET state = $2 WHERE id = $1`, id, state); err != nil || !take {
		return err
	}
	if s.Kind == SuggestAnswers {
		return p.Desk.AnswerAt(ctx, tx, by, ticketID, s.Address)
	}
	who, err := person.ByAddress(ctx, tx, person.Contact{Name: s.Name, Address: s.Address})
	if err != nil {
		return err
	}
	return p.Desk.Follow(ctx, tx, by, ticketID, who.ID)
}

func suggest(ctx context.Context, tx *db.Tx, s Suggestion) error {
	_, err := tx.Exec(ctx, `INSERT INTO suggestion (ticket_id, kind, address, name, by_id, state, made_at) VALUES ($1, $2, $3, $4, $5, 'open', $6) ON CONFLICT DO NOTHING`,
		s.TicketID, s.Kind, s.Address, person.CleanName(plainText(s.Name)), orNull(s.ByID), tx.Now)
	return err
}

// propose follows up on what a mail says beside its text: whom it was copied to, and where its sender wants to be
// answered. Only a mail that is proven, and from somebody who takes part, adds followers by itself; where the team is
// private nobody does.
func (p *Post) propose(ctx context.Context, tx *db.Tx, d *directory, l *letter, who sender, r result) error {
	if r.outcome != BecameTicket && r.outcome != BecameAnswer && r.outcome != BecameReply || l.msg.Automatic != "" || l.msg.Kind != mailmsg.KindMessage {
		return nil
	}
	others := slices.ContainsFunc(l.msg.To, func(a mailmsg.Address) bool { return !d.ours(a.Address) })
	if r.outcome == BecameTicket && !others && len(l.msg.CC)+len(l.msg.ReplyTo) == 0 {
		return nil // the usual mail names nobody else
	}
	t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, r.ticketID)
	if err != nil {
		return err
	}
	by, err := person.FindByAddress(ctx, tx, who.contact.Address)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return err
	}
	follows, err := db.Exists(ctx, tx, `SELECT 1 FROM follower WHERE ticket_id = $1 AND person_id = $2`, t.ID, by.ID)
	if err != nil {
		return err
	}
	takesPart := follows || by.ID == t.RequesterID || r.outcome == BecameReply
	if !takesPart {
		if err := suggest(ctx, tx, Suggestion{TicketID: t.ID, Kind: SuggestFollower, Address: who.contact.Address, Name: by.Name, ByID: by.ID}); err != nil {
			return err
		}
	}
	sure := takesPart && !t.TeamPrivate && !t.Turn.Aside() && l.facts.Auth.Authentic() && l.facts.Auth.Covers("Cc") && len(l.msg.CC) <= maxCopied
	for i, a := range slices.Concat(l.msg.CC, l.msg.To) {
		if i >= maxCopied {
			break
		}
		if err := p.proposeFollower(ctx, tx, d, t, by, a, sure && i < len(l.msg.CC)); err != nil {
			return err
		}
	}
	if by.ID != t.RequesterID || len(l.msg.ReplyTo) != 1 {
		return nil
	}
	return p.proposeAnswers(ctx, tx, d, t, by, l.msg.ReplyTo[0])
}

// proposeFollower adds or suggests somebody whom a mail was copied to.
func (p *Post) proposeFollower(ctx context.Context, tx *db.Tx, d *directory, t ticket.Ticket, by person.Person, a mailmsg.Address, sure bool) error {
	address := person.FoldAddress(plainText(a.Address))
	if !person.ValidAddress(address) || d.ours(address) || address == p.Default.Address {
		return nil
	}
	known, err := person.FindByAddress(ctx, tx, address)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return err
	}
	if known.ID != 0 {
		if known.ID == t.RequesterID || known.ID == by.ID || !known.Active {
			return nil
		}
		follows, err := db.Exists(ctx, tx, `SELECT 1 FROM follower WHERE ticket_id = $1 AND person_id = $2`, t.ID, known.ID)
		if err != nil || follows {
			return err
		}
	}
	// Whom staff took off, or would not have, a mail does not bring back.
	decided, err := db.Exists(ctx, tx, `SELECT 1 FROM event WHERE ticket_id = $1 AND what = $2 AND from_value = $3`, t.ID, ticket.Followed, idText(known.ID))
	if err != nil {
		return err
	}
	refused, err := db.Exists(ctx, tx, `SELECT 1 FROM suggestion WHERE ticket_id = $1 AND kind = $2 AND address = $3 AND state = 'refused'`, t.ID, SuggestFollower, address)
	if err != nil {
		return err
	}
	if !sure || decided || refused {
		return suggest(ctx, tx, Suggestion{TicketID: t.ID, Kind: SuggestFollower, Address: address, Name: a.Name, ByID: by.ID})
	}
	if known.ID == 0 {
		if known, err = person.ByAddress(ctx, tx, person.Contact{Name: plainText(a.Name), Address: address}); err != nil {
			return err
		}
	}
	return p.Desk.Follow(ctx, tx, ticket.By{Actor: person.System, Cause: CauseCopied}, t.ID, known.ID)
}

// proposeAnswers suggests the address in Reply-To where it is not one of the requester's.
func (p *Post) proposeAnswers(ctx context.Context, tx *db.Tx, d *directory, t ticket.Ticket, by person.Person, a mailmsg.Address) error {
	address := person.FoldAddress(plainText(a.Address))
	if !person.ValidAddress(address) || d.ours(address) || address == p.Default.Address {
		return nil
	}
	theirs, err := db.Exists(ctx, tx, `SELECT 1 FROM person_address WHERE address = $1 AND person_id = $2`, address, by.ID)
	if err != nil || theirs {
		return err
	}
	return suggest(ctx, tx, Suggestion{TicketID: t.ID, Kind: SuggestAnswers, Address: address, Name: a.Name, ByID: by.ID})
}
