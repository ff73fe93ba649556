// Package handoff is for people whom others ask for help although it is not their work: a link and an address to share, by which who
// asks them becomes a requester of the desk; what they handed on, of which they are told that it has come and can let go; and a ledger
// of the minutes that such help takes, with what it costs.
//
//	link, err := keeper.SwitchOn(ctx, tx, jo)         // /with/lusab-babad-gutih-tugad
//	helper, err := keeper.Helper(ctx, tx, link.Token) // Jo, for whoever opens it
//	err = keeper.Receive(ctx, tx, ticket, helper.ID, handoff.ByLink)
//
// Invariants: whoever handed a request on learns that the desk has it and, later, that it is over; its content is theirs only when they
// choose to follow it, and only within the organisation of who asks (or as staff of the desk). What somebody notes in the ledger is
// seen by nobody else: totals without persons leave it when they said so and three or more of them did. Nothing secret is stored: the
// secrets of links are made of their ids by the installation's key, and found by their hash.
package handoff

import (
	"context"
	"errors"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
)

// Keeper keeps links, what was handed on, and the ledger. The program builds one; all fields are required. Its methods are safe for
// concurrent use.
type Keeper struct {
	Key  *secret.Signer
	Desk *ticket.Desk
	// Letter has somebody told that what they handed on has come; path is that of the page on which they choose.
	Letter func(ctx context.Context, tx *db.Tx, h Handed, path string) error
}

// Link is what somebody shares.
type Link struct {
	ID int64
	// Token is its secret, four made-up words that can be read out: lusab-babad-gutih-tugad. It stands in the address of the link and
	// in that for mail.
	Token  string
	MadeAt clock.Instant
}

// LinkOf gives the link that somebody shares at present; ID is 0 while they share none.
func (k *Keeper) LinkOf(ctx context.Context, tx *db.Tx, personID int64) (Link, error) {
	type row struct {
		ID     int64
		MadeAt clock.Instant
	}
	r, err := db.One[row](ctx, tx, `SELECT id, made_at FROM help_link WHERE person_id = $1 AND ended_at = 0 ORDER BY id DESC LIMIT 1`, personID)
	if errors.Is(err, db.ErrNoRow) {
		return Link{}, nil
	}
	return Link{r.ID, k.token(r.ID), r.MadeAt}, err
}

// SwitchOn makes somebody's link, or gives the one that they have.
func (k *Keeper) SwitchOn(ctx context.Context, tx *db.Tx, personID int64) (Link, error) {
	if err := tx.Lock(ctx, "person", personID); err != nil {
		return Link{}, err
	}
	if l, err := k.LinkOf(ctx, tx, personID); err != nil || l.ID != 0 {
		return l, err
	}
	id, err := db.One[int64](ctx, tx, `INSERT INTO help_link (person_id, made_at) VALUES ($1, $2) RETURNING id`, personID, tx.Now)
	if err != nil {
		return Link{}, err
	}
	l := Link{id, k.token(id), tx.Now}
	_, err = tx.Exec(ctx, `UPDATE help_link SET hash = $2 WHERE id = $1`, id, secret.Hash(l.Token))
	return l, err
}

// SwitchOff ends every link that somebody shares, for good: switching on again makes another.
func (k *Keeper) SwitchOff(ctx context.Context, tx *db.Tx, personID int64) error {
	_, err := tx.Exec(ctx, `UPDATE help_link SET ended_at = $2 WHERE person_id = $1 AND ended_at = 0`, personID, tx.Now)
	return err
}

// Renew ends the link that somebody shares and makes another.
func (k *Keeper) Renew(ctx context.Context, tx *db.Tx, personID int64) (Link, error) {
	if err := k.SwitchOff(ctx, tx, personID); err != nil {
		return Link{}, err
	}
	return k.SwitchOn(ctx, tx, personID)
}

// ErrNoHelper says that nobody shares this link any more, or ever did.
var ErrNoHelper = fault.NotFound(i18n.M("Nobody shares this link any more."))

// Helper gives who shares a link; ErrNoHelper when nobody does. The token may be typed by hand: case, spaces and dashes do not matter.
func (k *Keeper) Helper(ctx context.Context, tx *db.Tx, token string) (person.Person, error) {
	plain, ok := readToken(token)
	if !ok {
		return person.Person{}, ErrNoHelper
	}
	id, err := db.One[int64](ctx, tx, `SELECT person_id FROM help_link WHERE hash = $1 AND ended_at = 0`, secret.Hash(plain))
	if errors.Is(err, db.ErrNoRow) {
		return person.Person{}, ErrNoHelper
	}
	if err != nil {
		return person.Person{}, err
	}
	who, err := person.Get(ctx, tx, id)
	if err == nil && (!who.Active || who.MergedInto != 0) {
		err = ErrNoHelper
	}
	return who, err
}
