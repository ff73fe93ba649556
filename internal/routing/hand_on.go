package routing

import (
	"context"
	"slices"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// NotYours says that only whoever has a ticket can hand it on.
var NotYours = fault.Conflict(i18n.M("Somebody else has this ticket now, so there is nothing to hand over."))

// HandOn has somebody else get a ticket, for whoever has it and does not want to. No reason is asked, and none is told: the timeline says that
// the desk gave it on. Where nobody of the team can be given it now it goes back to the team; to is 0 then.
func (r *Router) HandOn(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (to int64, err error) {
	if err := tx.Lock(ctx, "ticket", id); err != nil {
		return 0, err
	}
	t, err := ticket.Get(ctx, tx, a, person.ChangeTicket, id)
	if err != nil {
		return 0, err
	}
	if t.AssigneeID != a.ID || !t.IsOpen {
		return 0, NotYours
	}
	s, err := SharingOf(ctx, tx, t.TeamID)
	if err != nil {
		return 0, err
	}
	if s.Way == Pull { // it shares nothing by itself, but this was asked for
		if has, err := db.Exists(ctx, tx, `SELECT 1 FROM team_sharing WHERE id = $1`, t.TeamID); err != nil {
			return 0, err
		} else if !has {
			if err := r.SaveSharing(ctx, tx, s); err != nil {
				return 0, err
			}
		}
		s.Way = Least
	}
	s.LastHelper = false
	given, err := r.give(ctx, tx, s, t, Reason{}, a.ID)
	if err != nil {
		return 0, err
	}
	if !given {
		return 0, r.Desk.Assign(ctx, tx, desk(Reason{Why: WentBack}), t.ID, 0)
	}
	now, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, t.ID)
	return now.AssigneeID, err
}

// spared parts those who can be given a ticket from those among them whom it should spare.
func (r *Router) spared(ctx context.Context, tx *db.Tx, t ticket.Ticket, can []candidate) (rest, others []candidate, err error) {
	if r.Spare == nil || len(can) < 2 {
		return can, nil, nil
	}
	ids := make([]int64, len(can))
	for i, c := range can {
		ids[i] = c.ID
	}
	keep, err := r.Spare(ctx, tx, t, ids)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range can {
		if slices.Contains(keep, c.ID) {
			rest = append(rest, c)
		} else {
			others = append(others, c)
		}
	}
	return rest, others, nil
}
