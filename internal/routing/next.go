package routing

import (
	"cmp"
	"context"
	"slices"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Order is the order in which tickets (t) are taken next: due soonest, then priority, then who waits longest. It is written as in the
// index ticket_next, or the index could not be walked.
const Order = `(CASE WHEN t.due_at = 0 THEN 9223372036854775807 ELSE t.due_at END),
	(CASE t.priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END),
	(CASE WHEN t.waiting_since = 0 THEN 9223372036854775807 ELSE t.waiting_since END), t.id`

// window is how many tickets of a team are looked at to find one that fits.
const window = 20

// queued is a ticket in the order of Next.
type queued struct {
	ID, TeamID   int64
	DueAt        clock.Instant
	Priority     ticket.Priority
	WaitingSince clock.Instant
}

func (q queued) compare(o queued) int {
	return cmp.Or(cmp.Compare(orNever(q.DueAt), orNever(o.DueAt)), cmp.Compare(rank(o.Priority), rank(q.Priority)), cmp.Compare(orNever(q.WaitingSince), orNever(o.WaitingSince)), cmp.Compare(q.ID, o.ID))
}

func orNever(at clock.Instant) clock.Instant {
	if at == 0 {
		return never
	}
	return at
}

func rank(p ticket.Priority) int { return slices.Index(ticket.Priorities(), p) }

// NoTeam and Empty say why there is no next ticket.
var (
	NoTeam = fault.Conflict(i18n.M("You belong to no team, so there is no next ticket for you. Whoever administers the desk can put you into one."))
	Empty  = fault.Conflict(i18n.M("Nothing waits in your teams: everything that is our turn has somebody. Well done."))
)

// Next gives somebody the ticket that is next in their teams: one that is our turn and that nobody has, what is due soonest first, then by
// priority, then who waits longest. What asks for a language or a skill that a colleague has who is here now, and they do not, comes after
// everything else. When there is none the error is NoTeam or Empty.
func (r *Router) Next(ctx context.Context, tx *db.Tx, a person.Actor) (ticket.Ticket, error) {
	teams, err := person.TeamsOf(ctx, tx, a.ID)
	if err != nil {
		return ticket.Ticket{}, err
	}
	if len(teams) == 0 {
		return ticket.Ticket{}, NoTeam
	}
	for range 3 { // all that were looked at may be taken by others at this moment
		t, looked, err := r.nextOf(ctx, tx, a, teams)
		if err != nil || t.ID != 0 {
			return t, err
		}
		if !looked {
			break
		}
	}
	return ticket.Ticket{}, Empty
}

// nextOf is one try of Next; the zero Ticket is none, and looked tells that there were some.
func (r *Router) nextOf(ctx context.Context, tx *db.Tx, a person.Actor, teams []person.Team) (next ticket.Ticket, looked bool, err error) {
	var all []queued
	for _, t := range teams {
		some, err := db.All[queued](ctx, tx, `SELECT t.id, t.team_id, t.due_at, t.priority, t.waiting_since FROM ticket t WHERE t.team_id = $1 AND t.turn = 'ours' AND t.assignee_id IS NULL ORDER BY `+Order+` LIMIT $2`, t.ID, window)
		if err != nil {
			return ticket.Ticket{}, false, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, queued.compare)
	others := map[int64]*besides{}
	var later []queued
	for _, q := range all {
		fits, err := r.fitsBest(ctx, tx, a, q, others)
		if err != nil {
			return ticket.Ticket{}, false, err
		}
		if !fits {
			later = append(later, q)
			continue
		}
		if t, ok, err := r.takeNext(ctx, tx, a, q.ID); err != nil || ok {
			return t, true, err
		}
	}
	for _, q := range later {
		if t, ok, err := r.takeNext(ctx, tx, a, q.ID); err != nil || ok {
			return t, true, err
		}
	}
	return ticket.Ticket{}, len(all) > 0, nil
}

// takeNext gives somebody a ticket, unless somebody else was faster.
func (r *Router) takeNext(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (ticket.Ticket, bool, error) {
	if err := tx.Lock(ctx, "ticket", id); err != nil {
		return ticket.Ticket{}, false, err
	}
	t, err := ticket.Get(ctx, tx, a, person.ChangeTicket, id)
	if fault.Is(err, fault.KindNotFound) {
		return t, false, nil
	}
	if err != nil || !free(t) {
		return t, false, err
	}
	return t, true, r.Desk.Assign(ctx, tx, ticket.By{Actor: a, Cause: Reason{Why: Asked}.Cause()}, id, a.ID)
}

// besides are somebody's colleagues of a team who are here, and what they themselves have.
type besides struct {
	sharing Sharing
	mine    candidate
	here    []candidate
}

// fitsBest tells that no colleague who is here has more of what a ticket asks for.
func (r *Router) fitsBest(ctx context.Context, tx *db.Tx, a person.Actor, q queued, known map[int64]*besides) (bool, error) {
	b := known[q.TeamID]
	if b == nil {
		s, err := SharingOf(ctx, tx, q.TeamID)
		if err != nil {
			return false, err
		}
		all, err := r.candidates(ctx, tx, s)
		if err != nil {
			return false, err
		}
		b = &besides{sharing: s}
		for _, c := range all {
			if c.ID == a.ID {
				b.mine = c
			} else if c.until(tx.Now, true) == tx.Now && len(c.tags) > 0 {
				b.here = append(b.here, c)
			}
		}
		known[q.TeamID] = b
	}
	if len(b.here) == 0 {
		return true, nil
	}
	t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, q.ID)
	if err != nil {
		return false, err
	}
	b.sharing.LastHelper = false
	w, err := r.wishOf(ctx, tx, b.sharing, t, b.here)
	if err != nil {
		return false, err
	}
	mine := w.score(b.mine)
	return !slices.ContainsFunc(b.here, func(c candidate) bool { return w.score(c) > mine }), nil
}
