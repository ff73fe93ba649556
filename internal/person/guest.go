package person

import (
	"context"
	"slices"

	"goodturn/internal/clock"
	"goodturn/internal/db"
)

// Lending is how far a ticket is lent to a guest of the desk.
type Lending string

// How far.
const (
	LentToSee   Lending = "see"   // they read along
	LentToDraft Lending = "draft" // they write drafts, which somebody of the desk sends
)

// Lent is a ticket that a guest may see for a while. Nothing else of the desk's tickets exists for them.
type Lent struct {
	TicketID int64
	May      Lending
}

// mostLent is how many tickets one guest can have at once: the newest count.
const mostLent = 300

// LetIn makes somebody a guest of the desk from a moment to another. It ends by itself; the latest call counts.
func LetIn(ctx context.Context, tx *db.Tx, personID int64, from, until clock.Instant) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_guest (person_id, from_at, until) VALUES ($1, $2, $3) ON CONFLICT (person_id) DO UPDATE SET from_at = excluded.from_at, until = excluded.until`, personID, from, until)
	tx.Signal(RightsChanged, personID)
	return err
}

// ShowOut ends that somebody is a guest of the desk, with all that was lent to them.
func ShowOut(ctx context.Context, tx *db.Tx, personID int64) error {
	if _, err := tx.Exec(ctx, `DELETE FROM ticket_grant WHERE person_id = $1`, personID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM desk_guest WHERE person_id = $1`, personID)
	tx.Signal(RightsChanged, personID)
	return err
}

// Lend lets a guest see a ticket, or write drafts on it, until a moment. It counts only while they are a guest, and only while the
// ticket is in no private team and not thrown away.
func Lend(ctx context.Context, tx *db.Tx, personID, ticketID int64, may Lending, until clock.Instant) error {
	_, err := tx.Exec(ctx, `INSERT INTO ticket_grant (person_id, ticket_id, may, until) VALUES ($1, $2, $3, $4) ON CONFLICT (person_id, ticket_id) DO UPDATE SET may = excluded.may, until = excluded.until`, personID, ticketID, may, until)
	tx.Signal(RightsChanged, personID)
	return err
}

// TakeBack ends the lending of a ticket. One that was not lent is no error.
func TakeBack(ctx context.Context, tx *db.Tx, personID, ticketID int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM ticket_grant WHERE person_id = $1 AND ticket_id = $2`, personID, ticketID)
	tx.Signal(RightsChanged, personID)
	return err
}

// lentTo gives what is lent to a guest now.
func lentTo(ctx context.Context, tx *db.Tx, personID int64) ([]Lent, error) {
	return db.All[Lent](ctx, tx, `SELECT g.ticket_id, g.may FROM ticket_grant g JOIN ticket t ON t.id = g.ticket_id JOIN team p ON p.id = t.team_id
		WHERE g.person_id = $1 AND g.until > $2 AND NOT p.private AND t.trashed_at = 0 ORDER BY g.ticket_id DESC LIMIT $3`, personID, tx.Now, mostLent)
}

// lent tells that a ticket is lent to the actor, and whether they may write drafts on it.
func (a Actor) lent(ticketID int64) (see, write bool) {
	if !a.Guest || ticketID == 0 {
		return false, false
	}
	i := slices.IndexFunc(a.Lent, func(l Lent) bool { return l.TicketID == ticketID })
	return i >= 0, i >= 0 && a.Lent[i].May == LentToDraft
}

// lentIDs are the tickets lent to the actor.
func (a Actor) lentIDs() (ids []int64) {
	for _, l := range a.Lent {
		ids = append(ids, l.TicketID)
	}
	return ids
}
