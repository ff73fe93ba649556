package routing

import (
	"context"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// arrive gives a ticket that nobody has to somebody, where its team shares its work. When nobody can be given anything now, or the team
// leaves it to everybody to take it, it lies on the pile: the table unclaimed.
func (r *Router) arrive(ctx context.Context, tx *db.Tx, t ticket.Ticket) error {
	if err := r.leave(ctx, tx, t.ID); err != nil { // of the team that it comes from
		return err
	}
	s, err := SharingOf(ctx, tx, t.TeamID)
	if err != nil {
		return err
	}
	if s.Way == Pull {
		return r.pile(ctx, tx, s, t, false)
	}
	given, err := r.give(ctx, tx, s, t, Reason{})
	if err != nil || given {
		return err
	}
	return r.wait(ctx, tx, s, t)
}

// putBack lays a ticket on the pile that somebody gave back: it is offered around in time, but not given to the next at once.
func (r *Router) putBack(ctx context.Context, tx *db.Tx, t ticket.Ticket) error {
	s, err := SharingOf(ctx, tx, t.TeamID)
	if err != nil {
		return err
	}
	return r.pile(ctx, tx, s, t, false)
}

// wait lays a ticket on the pile until somebody can be given it.
func (r *Router) wait(ctx context.Context, tx *db.Tx, s Sharing, t ticket.Ticket) error {
	if err := r.pile(ctx, tx, s, t, true); err != nil {
		return err
	}
	all, err := r.candidates(ctx, tx, s)
	if err != nil {
		return err
	}
	return again(ctx, tx, s.TeamID, nextMoment(all, tx.Now, s.AtWork))
}

// pile lays a ticket on the pile where something is to become of it there. One that lies there stays as it is.
func (r *Router) pile(ctx context.Context, tx *db.Tx, s Sharing, t ticket.Ticket, shared bool) error {
	var next clock.Instant
	if s.OfferAfter > 0 {
		hours, err := r.hours(ctx, tx, s)
		if err != nil {
			return err
		}
		if due, ok := hours.Due(tx.Now, time.Duration(s.OfferAfter)*time.Minute); ok {
			next = due
		}
	}
	if !shared && next == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO unclaimed (ticket_id, team_id, since, shared, next_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (ticket_id) DO NOTHING`, t.ID, s.TeamID, tx.Now, shared, next)
	return err
}

// leave takes a ticket off the pile, with what was offered of it.
func (r *Router) leave(ctx context.Context, tx *db.Tx, ticketID int64) error {
	asked, err := db.All[int64](ctx, tx, `DELETE FROM unclaimed WHERE ticket_id = $1 RETURNING coalesce(asked_id, 0)`, ticketID)
	if err != nil || len(asked) == 0 {
		return err
	}
	if asked[0] != 0 {
		tx.Signal(Signal, asked[0])
	}
	_, err = tx.Exec(ctx, `DELETE FROM offer WHERE ticket_id = $1`, ticketID)
	return err
}

// again has the pile of a team looked at then, or earlier if that is planned; 0 is never.
func again(ctx context.Context, tx *db.Tx, team int64, at clock.Instant) error {
	if at == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE team_sharing SET again_at = $2 WHERE id = $1 AND (again_at = 0 OR again_at > $2)`, team, at)
	return err
}

// freed has the piles looked at of the teams of somebody who may have room again, where something waits for that.
func (r *Router) freed(ctx context.Context, tx *db.Tx, personID int64) error {
	if personID == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE team_sharing SET again_at = $2 WHERE (again_at = 0 OR again_at > $2) AND id IN (SELECT team_id FROM team_member WHERE person_id = $1)
		AND EXISTS (SELECT 1 FROM unclaimed u WHERE u.team_id = team_sharing.id AND u.shared)`, personID, tx.Now)
	return err
}

const (
	drainChunk = 50
	// drainTime is after how long somebody else takes up the pile of a team that was being given out when the program ended.
	drainTime = time.Minute
)

// drain gives out what waits in a team, in the order of Next, to those who can be given something; and plans when to look again.
func (r *Router) drain(ctx context.Context, team int64) error {
	var lease clock.Instant
	var waiting []int64
	err := r.DB.Write(ctx, func(tx *db.Tx) error {
		waiting, lease = nil, tx.Now.Add(drainTime)
		n, err := tx.Exec(ctx, `UPDATE team_sharing SET again_at = $2 WHERE id = $1 AND again_at > 0 AND again_at <= $3`, team, lease, tx.Now)
		if err != nil || n == 0 {
			return err
		}
		waiting, err = db.All[int64](ctx, tx, `SELECT t.id FROM unclaimed u JOIN ticket t ON t.id = u.ticket_id WHERE u.team_id = $1 AND u.shared ORDER BY `+Order+` LIMIT $2`, team, drainChunk)
		if err == nil && len(waiting) == 0 {
			_, err = tx.Exec(ctx, `UPDATE team_sharing SET again_at = 0 WHERE id = $1 AND again_at = $2`, team, lease)
		}
		return err
	})
	if err != nil || len(waiting) == 0 {
		return err
	}
	given := true
	for _, id := range waiting {
		if err := r.DB.Write(ctx, func(tx *db.Tx) (err error) {
			given, err = r.giveWaiting(ctx, tx, id)
			return err
		}); err != nil {
			return err
		}
		if !given {
			break
		}
	}
	return r.DB.Write(ctx, func(tx *db.Tx) error {
		next := tx.Now
		if !given {
			s, err := SharingOf(ctx, tx, team)
			if err != nil {
				return err
			}
			all, err := r.candidates(ctx, tx, s)
			if err != nil {
				return err
			}
			next = nextMoment(all, tx.Now, s.AtWork)
		}
		_, err := tx.Exec(ctx, `UPDATE team_sharing SET again_at = $3 WHERE id = $1 AND again_at = $2`, team, lease, next)
		return err
	})
}

// giveWaiting gives one ticket of the pile to somebody; false says that nobody can be given anything now.
func (r *Router) giveWaiting(ctx context.Context, tx *db.Tx, id int64) (bool, error) {
	if err := tx.Lock(ctx, "ticket", id); err != nil {
		return false, err
	}
	t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, id)
	if err != nil {
		return false, err
	}
	s, err := SharingOf(ctx, tx, t.TeamID)
	if err != nil {
		return false, err
	}
	if !free(t) || s.Way == Pull {
		return true, r.leave(ctx, tx, id)
	}
	given := false
	err = r.attempt(ctx, tx, "a ticket that waits could not be given to anybody", id, func() error {
		given, err = r.give(ctx, tx, s, t, Reason{})
		return err
	})
	return given, err
}
