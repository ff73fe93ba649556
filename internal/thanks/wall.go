package thanks

import (
	"context"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Place is where a page of cards begins: after this card. The zero value is the newest.
type Place struct {
	At clock.Instant
	ID int64
}

func (p Place) before() (clock.Instant, int64) {
	if p == (Place{}) {
		return 1 << 62, 0
	}
	return p.At, p.ID
}

// onWall shows a card with the ticket that it is about where everybody at the desk may know of it, and the reader too.
func onWall(a person.Actor, args *db.Args) string {
	return `SELECT c.id, coalesce(t.id, 0) AS ticket_id, coalesce(t.subject, '') AS subject, c.from_id, c.to_id, coalesce(f.name, '') AS from_name, coalesce(g.name, '') AS to_name, c.text, c.how, c.at, c.from_says, c.to_says, c.hung_at` + joins + `
		LEFT JOIN ticket t ON t.id = c.ticket_id AND t.team_id NOT IN (SELECT id FROM team WHERE private) AND ` + person.Visible(a, person.SeeTicket, args)
}

// Wall lists the cards that hang on the wall, newest first. Each desk has one wall, and everybody who works there sees it.
func Wall(ctx context.Context, tx *db.Tx, a person.Actor, after Place, size int) ([]Card, error) {
	var args db.Args
	at, id := after.before()
	from := onWall(a, &args)
	return db.All[Card](ctx, tx, from+` WHERE c.hung_at > 0 AND (c.hung_at, c.id) < (`+args.Add(at)+`, `+args.Add(id)+`) ORDER BY c.hung_at DESC, c.id DESC LIMIT `+args.Add(size), args...)
}

// deskDays is for how many days a card to the desk stands on the start page.
const deskDays = 14

// OfDesk is the newest card to the desk as a whole that hangs on the wall and is not old; false for none.
func OfDesk(ctx context.Context, tx *db.Tx, a person.Actor) (Card, bool, error) {
	var args db.Args
	from := onWall(a, &args)
	all, err := db.All[Card](ctx, tx, from+` WHERE c.hung_at > `+args.Add(tx.Now.Add(-deskDays*day))+` AND c.to_id IS NULL ORDER BY c.hung_at DESC, c.id DESC LIMIT 1`, args...)
	if err != nil || len(all) == 0 {
		return Card{}, false, err
	}
	return all[0], true, nil
}

// Choice is what somebody does with a card.
type Choice string

// The choices. The writer and the holder may hang it up and take it back, each for themselves. The holder may keep it to themselves
// altogether, and put it aside; leads take down what is to the whole desk.
const (
	HangUp   Choice = "hang up"
	TakeDown Choice = "take down"
	KeepIt   Choice = "keep"
	PutAway  Choice = "put away"
	BringOut Choice = "bring out"
)

// Choose does something with a card. Who has no part in it is told that it is not there.
func (b *Book) Choose(ctx context.Context, tx *db.Tx, a person.Actor, id int64, what Choice) error {
	if err := tx.Lock(ctx, "card", id); err != nil {
		return err
	}
	c, err := get(ctx, tx, id)
	if err != nil {
		return err
	}
	if !c.choose(a, what, tx.Now) {
		return errGone
	}
	c.HungAt = c.hangs(tx.Now)
	_, err = tx.Exec(ctx, `UPDATE card SET from_says = $2, to_says = $3, kept = $4, away_at = $5, hung_at = $6 WHERE id = $1`, c.ID, c.FromSays, c.ToSays, c.Kept, c.AwayAt, c.HungAt)
	return err
}

// choose changes the card; false says that it is not theirs to choose.
func (c *Card) choose(a person.Actor, what Choice, now clock.Instant) bool {
	writes, holds := a.ID != 0 && c.FromID == a.ID, a.ID != 0 && c.ToID == a.ID
	leads := c.ToID == 0 && a.Role.AtLeast(person.Lead) && !writes
	says := Yes
	if what != HangUp {
		says = No
	}
	switch {
	case (what == HangUp || what == TakeDown) && writes:
		c.FromSays = says
	case (what == HangUp || what == TakeDown) && (holds || leads):
		c.ToSays, c.Kept = says, false
	case what == KeepIt && holds:
		c.ToSays, c.Kept = No, true
	case what == PutAway && holds:
		c.AwayAt, c.ToSays = now, No
	case what == BringOut && holds:
		c.AwayAt = 0
	default:
		return false
	}
	return true
}

// ReadChoice reads a choice that came with a form.
func ReadChoice(s string) (Choice, error) {
	switch c := Choice(s); c {
	case HangUp, TakeDown, KeepIt, PutAway, BringOut:
		return c, nil
	}
	return "", fault.Invalid(fault.F("value", i18n.M("Please choose one of the buttons.")))
}

// WrittenFor are the cards that somebody wrote for a ticket, oldest first.
func WrittenFor(ctx context.Context, tx *db.Tx, t ticket.Ticket, personID int64) ([]Card, error) {
	return db.All[Card](ctx, tx, `SELECT `+columns+joins+` WHERE c.ticket_id = $1 AND c.from_id = $2 ORDER BY c.id`, t.ID, personID)
}
