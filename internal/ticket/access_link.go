package ticket

import (
	"context"
	"errors"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/secret"
)

// LinkLife is how long a mailed link opens its ticket.
const LinkLife = 30 * 24 * time.Hour

// NewLink makes a link that opens one ticket for one person, with that person's rights to it and no
// others. proven says that it goes to an address of theirs; one given to somebody who only typed an
// address shows what they wrote and nothing that others did before.
func NewLink(ctx context.Context, tx *db.Tx, ticketID, personID int64, proven bool) (string, error) {
	token := secret.Token()
	_, err := tx.Exec(ctx, `INSERT INTO access_link (hash, ticket_id, person_id, proven, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		secret.Hash(token), ticketID, personID, proven, tx.Now, tx.Now.Add(LinkLife))
	return token, err
}

// Link is what a token opens.
type Link struct {
	TicketID int64
	PersonID int64
	Proven   bool
}

// OpenLink gives the actor that a link makes of its holder, and what it opens: of a ticket that became part of another,
// that one. One that is revoked, too
// old or whose holder has lost the right is not found.
func OpenLink(ctx context.Context, tx *db.Tx, token string) (person.Actor, Link, error) {
	gone := fault.NotFound(i18n.M("This link is no longer good. Answer the mail you have, or ask for a new link."))
	l, err := db.One[Link](ctx, tx, `SELECT ticket_id, person_id, proven FROM access_link WHERE hash = $1 AND revoked_at = 0 AND expires_at > $2`, secret.Hash(token), tx.Now)
	if errors.Is(err, db.ErrNoRow) {
		return person.Nobody, l, gone
	}
	if err != nil {
		return person.Nobody, l, err
	}
	if l.Proven { // who only typed an address must not be shown what somebody else's ticket says
		if l.TicketID, err = Kept(ctx, tx, l.TicketID); err != nil {
			return person.Nobody, l, err
		}
	}
	a, err := person.ActorOf(ctx, tx, l.PersonID)
	if errors.Is(err, db.ErrNoRow) {
		return person.Nobody, l, gone
	}
	return a.ForTicket(l.TicketID), l, err
}

// RevokeLinks ends all links to a ticket, and to what became part of it, that one person holds.
func (d *Desk) RevokeLinks(ctx context.Context, tx *db.Tx, by By, id, personID int64) error {
	t, err := take(ctx, tx, by, person.ChangeTicket, id)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE access_link SET revoked_at = $3 WHERE person_id = $2 AND revoked_at = 0
		AND ticket_id IN (WITH RECURSIVE part (id) AS (SELECT CAST($1 AS BIGINT) UNION SELECT t.id FROM ticket t JOIN part p ON t.merged_into = p.id) SELECT id FROM part)`, id, personID, tx.Now)
	if err != nil || n == 0 {
		return err
	}
	return d.record(ctx, tx, by, t, Event{What: LinkRevoked, ToValue: idText(personID)}, nil)
}
