// Package line is the desk's work as those who wait see it: where they stand, how long it will probably take, and why somebody came
// before them.
//
// Every wait for a person is learnt from. While it lasts the line looks at it now and then (line_look): its place, whose work
// it is, the hour, how fast the team answers. When its turn comes each look knows how long it still took. What somebody is told is what
// the looks that were like theirs came to (forest), the newest counting most, moved by how often what was told before held (shift).
//
//	l := &line.Line{DB: d, Calendars: store, Log: log}
//	tickets.Later = append(tickets.Later, l.Hook())
//	place, err := line.PlaceOf(ctx, tx, t)   // 2nd in line, or third of what Amara has
//	wait, err := l.WaitOf(ctx, tx, t)        // half of all such waits are between 10 and 25 minutes
//
// Invariants: the order is that of routing.Order, by which *take next* gives out work, and of nothing else; only what had happened by then
// is used for what is told; what is told about others is how many they are, never who or what.
package line

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"goodturn/internal/blob"
	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/ticket"
)

// Line learns how long waits are and tells it. The program builds one.
type Line struct {
	DB        *db.DB
	Desk      *ticket.Desk // writes on the spine that somebody came before others
	Calendars *calendar.Store
	Log       *slog.Logger
	// Duty tells who is on shift in a team now, where a published rota says so (covered). Optional.
	Duty func(ctx context.Context, tx *db.Tx, teamID int64) (covered bool, people []int64, err error)
	// Fresh is for how long what was learnt is used before it is read again; 0 is a minute.
	Fresh time.Duration

	mu      sync.Mutex
	teams   map[int64]*learnt
	woods   map[int64]wood
	renewed clock.Instant // when the forests were last looked at
}

// learnt is what is known of a team's waits.
type learnt struct {
	at     clock.Instant
	waits  wood
	shifts map[shiftKey]shift
	crew   crew
}

type shiftKey struct {
	Later bool
	Hour  int
}

// wholeTeam is the hour of what is learnt for all hours together.
const wholeTeam = -1

// Forget drops what is kept of a ticket that is deleted for good; no file belongs to it.
func Forget(ctx context.Context, tx *db.Tx, ticketID int64) ([]blob.Ref, error) {
	_, looks := tx.Exec(ctx, `DELETE FROM line_look WHERE wait_id IN (SELECT id FROM line_wait WHERE ticket_id = $1)`, ticketID)
	_, waits := tx.Exec(ctx, `DELETE FROM line_wait WHERE ticket_id = $1`, ticketID)
	_, ahead := tx.Exec(ctx, `DELETE FROM line_ahead WHERE ticket_id = $1`, ticketID)
	_, calls := tx.Exec(ctx, `DELETE FROM line_call WHERE ticket_id = $1`, ticketID)
	return nil, errors.Join(looks, waits, ahead, calls)
}
