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

// spared leaves out of those who can be given a ticket whom it should spare, and tells whether that left somebody out.
func (r *Router) spared(ctx context.Context, tx *db.Tx, t ticket.Ticket, can []candidate) ([]candidate, bool, error) {
	if r.Spare == nil || len(can) < 2 {
		return can, false, nil
	}
	ids := make([]int64, len(can))
	for i, c := range can {
		ids[i] = c.ID
	}
	rest, err := r.Spare(ctx, tx, t, ids)
	if err != nil || len(rest) == len(ids) {
		return can, false, err
	}
	return slices.DeleteFunc(can, func(c candidate) bool { return !slices.Contains(rest, c.ID) }), true, nil
}
