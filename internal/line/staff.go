package line

import (
	"context"
	"encoding/json"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/ticket"
)

// Row is somebody in the line of a team, with what they are told.
type Row struct {
	Ticket ticket.Ticket
	Place  Place
	Wait   Wait
}

// FrontOf lists who is served first in a team's line, as they are told it. It asks nobody's right: whoever may see the team may see it.
func (l *Line) FrontOf(ctx context.Context, tx *db.Tx, team int64, most int) (out []Row, err error) {
	ids, err := db.All[int64](ctx, tx, `SELECT t.id FROM ticket t WHERE t.team_id = $1 AND t.turn = 'ours' AND t.assignee_id IS NULL ORDER BY `+routing.Order+` LIMIT $2`, team, most)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, id)
		if err != nil {
			return nil, err
		}
		row := Row{Ticket: t, Place: Place{Waits: true, Ahead: i, Team: team}}
		if row.Wait, err = l.WaitOf(ctx, tx, t, row.Place); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, nil
}

// Held is how often what was told at arrival was true.
type Held struct {
	Told, Half, Most int // of so many waits that are over, so many ended within the inner, and the outer, range
	Silent           int // and so many were told nothing
}

// HeldLately counts it for the last 30 days, for the newest 5,000 waits at most.
func HeldLately(ctx context.Context, tx *db.Tx) (h Held, err error) {
	rows, err := db.All[lookRow](ctx, tx, `SELECT told, worked FROM line_look WHERE arrival AND ended_at > $1 ORDER BY ended_at DESC LIMIT 5000`, tx.Now-30*24*3600*1000)
	for _, r := range rows {
		var b Bounds
		if r.Told == "" || json.Unmarshal([]byte(r.Told), &b) != nil {
			h.Silent++
			continue
		}
		h.Told++
		if r.Worked >= b[1] && r.Worked <= b[2] {
			h.Half++
		}
		if r.Worked >= b[0] && r.Worked <= b[3] {
			h.Most++
		}
	}
	return h, err
}
