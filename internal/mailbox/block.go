package mailbox

import (
	"context"
	"errors"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// CauseBlocked stands on the spine where a mail is spam because its sender is blocked.
const CauseBlocked = "blocked"

// BlockedSender is an address whose mail is spam at once.
type BlockedSender struct {
	Address string
	By      string // who blocked it; "" for somebody unknown
	At      clock.Instant
}

// Block has all later mail from where a ticket came from become spam at once, answers to other tickets too, and gives the
// address. Staff and the desk's own addresses cannot be blocked.
func (p *Post) Block(ctx context.Context, tx *db.Tx, by ticket.By, ticketID int64, remote string) (string, error) {
	t, err := ticket.Get(ctx, tx, by.Actor, person.ChangeTicket, ticketID)
	if err != nil {
		return "", err
	}
	address, err := senderAddress(ctx, tx, t)
	if err != nil {
		return "", err
	}
	if address == "" {
		return "", fault.Conflict(i18n.M("This ticket has no address that could be blocked."))
	}
	d, err := p.directory(ctx)
	if err != nil {
		return "", err
	}
	who, err := person.FindByAddress(ctx, tx, address)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return "", err
	}
	if d.ours(address) || who.Role.AtLeast(person.Agent) {
		return "", fault.Conflict(i18n.M("{{.Address}} belongs to the desk or to somebody who works here, and cannot be blocked.", "Address", address))
	}
	n, err := tx.Exec(ctx, `INSERT INTO sender_trust (address, trusted, at, blocked, by_id) VALUES ($1, FALSE, $2, TRUE, $3)
		ON CONFLICT (address) DO UPDATE SET blocked = TRUE, at = excluded.at, by_id = excluded.by_id WHERE NOT sender_trust.blocked`, address, tx.Now, orNull(by.ID))
	if err != nil || n == 0 {
		return address, err
	}
	return address, person.Audit(ctx, tx, by.Actor, "sender blocked", address, "", remote)
}

// Unblock has mail from an address looked at like any other again. Nothing happens to one that is not blocked.
func (p *Post) Unblock(ctx context.Context, tx *db.Tx, by person.Actor, address, remote string) error {
	address = person.FoldAddress(address)
	n, err := tx.Exec(ctx, `DELETE FROM sender_trust WHERE address = $1 AND blocked AND NOT trusted`, address)
	if err != nil {
		return err
	}
	if n == 0 {
		if n, err = tx.Exec(ctx, `UPDATE sender_trust SET blocked = FALSE WHERE address = $1 AND blocked`, address); err != nil || n == 0 {
			return err
		}
	}
	return person.Audit(ctx, tx, by, "sender unblocked", address, "", remote)
}

// UnblockOf is Unblock for where a ticket came from, and gives the address.
func (p *Post) UnblockOf(ctx context.Context, tx *db.Tx, by ticket.By, ticketID int64, remote string) (string, error) {
	t, err := ticket.Get(ctx, tx, by.Actor, person.ChangeTicket, ticketID)
	if err != nil {
		return "", err
	}
	address, err := senderAddress(ctx, tx, t)
	if err != nil {
		return "", err
	}
	return address, p.Unblock(ctx, tx, by.Actor, address, remote)
}

// BlockedOf tells where a ticket came from, and whether that address is blocked. Who may see the ticket as staff may see it.
func BlockedOf(ctx context.Context, tx *db.Tx, t ticket.Ticket) (address string, blocked bool, err error) {
	if address, err = senderAddress(ctx, tx, t); err != nil || address == "" {
		return "", false, err
	}
	blocked, err = isBlocked(ctx, tx, address)
	return address, blocked, err
}

// BlockedSenders lists who is blocked, the newest first, at most 500.
func BlockedSenders(ctx context.Context, tx *db.Tx) ([]BlockedSender, error) {
	return db.All[BlockedSender](ctx, tx, `SELECT s.address, s.at, coalesce(p.name, '') AS by FROM sender_trust s LEFT JOIN person p ON p.id = s.by_id WHERE s.blocked ORDER BY s.at DESC, s.address LIMIT 500`)
}

func isBlocked(ctx context.Context, tx *db.Tx, address string) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM sender_trust WHERE address = $1 AND blocked`, address)
}

// fileBlocked makes spam of a mail whose sender is blocked, whatever it answers; nothing of it reaches another ticket.
func (p *Post) fileBlocked(ctx context.Context, tx *db.Tx, l *letter, who sender, quotes []int64) (r result, done bool, err error) {
	if who.contact.Address == "" || who.known.Role.AtLeast(person.Agent) {
		return r, false, nil
	}
	if done, err = isBlocked(ctx, tx, who.contact.Address); err != nil || !done {
		return r, false, err
	}
	requester, err := p.requester(ctx, tx, who)
	if err != nil {
		return r, true, err
	}
	n := ticket.New{Subject: plainText(l.msg.Subject), Requester: requester.ID, Mailbox: l.row.MailboxID, Channel: ticket.ByMail, Message: l.draft, Suspect: true}
	n.Message.Automatic = true
	r, gathered, err := p.collect(ctx, tx, l, requester, n, nil)
	if err != nil || gathered && r.outcome != BecameTicket {
		return r, true, err
	}
	if !gathered {
		by := ticket.By{Actor: person.Actor{ID: requester.ID, Name: requester.Name, Role: person.Requester}, Cause: CauseMail}
		t, err := p.Desk.Create(ctx, tx, by, n)
		if err != nil {
			return r, true, err
		}
		for _, id := range quotes {
			if err := p.Desk.Relate(ctx, tx, by, t, id, ticket.Quotes); err != nil {
				return r, true, err
			}
		}
		r = result{outcome: BecameTicket, ticketID: t.ID}
	}
	return r, true, p.Desk.MarkSpam(ctx, tx, ticket.By{Actor: person.System, Cause: CauseBlocked}, r.ticketID)
}
