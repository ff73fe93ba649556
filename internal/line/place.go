package line

import (
	"context"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/routing"
	"goodturn/internal/ticket"
)

// Place is where a ticket stands among those that are served before it.
type Place struct {
	// Waits says that it is our turn: it stands in a line. All others are in none: pending, on hold, asleep, suspect, done.
	Waits bool
	// Ahead is how many come before it: of its team, or, when somebody has it, of what they have.
	Ahead int
	// Holder is who has it; 0 while it waits for its team.
	Holder int64
	Team   int64
}

// Number is the place as people count: 1 is next.
func (p Place) Number() int { return p.Ahead + 1 }

// In tells whether a ticket stands in a line at all.
func In(t ticket.Ticket) bool {
	return t.Turn == ticket.Ours && t.TrashedAt == 0 && t.MergedInto == 0
}

// never is what stands for no moment in the order of work.
const never = clock.Instant(1<<63 - 1)

func orNever(at clock.Instant) clock.Instant {
	if at == 0 {
		return never
	}
	return at
}

func rank(p ticket.Priority) int {
	for i, known := range ticket.Priorities() {
		if known == p {
			return 3 - i
		}
	}
	return 3
}

// PlaceOf finds the place of a ticket, which is as the store has it now. It counts in the index that *take next* walks, so both mean the
// same order: what is due soonest, then by priority, then who waits longest. Tickets of private teams count as all others: a place tells
// nothing about them.
func PlaceOf(ctx context.Context, tx *db.Tx, t ticket.Ticket) (Place, error) {
	p := Place{Waits: In(t), Holder: t.AssigneeID, Team: t.TeamID}
	if !p.Waits {
		return p, nil
	}
	whose, id := `t.team_id = $1 AND t.assignee_id IS NULL`, t.TeamID
	if t.AssigneeID != 0 {
		whose, id = `t.assignee_id = $1`, t.AssigneeID
	}
	n, err := db.One[int64](ctx, tx, `SELECT count(*) FROM ticket t WHERE `+whose+` AND t.turn = 'ours' AND (`+routing.Order+`) < ($2, $3, $4, $5)`, id, orNever(t.DueAt), rank(t.Priority), orNever(t.WaitingSince), t.ID)
	p.Ahead = int(n)
	return p, err
}
