// Package routing decides who gets a ticket: which team it goes to (Route), and which of the team's people (Sharing), as far as the team
// shares its work and does not leave it to everybody to take what they can. It knows who is away (Absence), who is in a long call, and
// who has which languages and skills; it hands over what somebody has who goes away, offers around what nobody took in time, and gives
// the fair next ticket to whoever asks for one.
//
// It hears of tickets as a Later hook, when all that happens at once has happened, and does what waits for a moment in Sweep, which looks
// only at what is due. Invariants: nobody is given a ticket who is away, in a long call, switched off, at the limit, not at work where the
// team says so, or without the right to see it; what is decided depends on the store alone, so that the same transaction run twice decides
// the same; the row of the team in team_sharing is locked while a decision is made, so that two tickets at once are not both given to the
// one whose turn it is; every ticket that is given says why on the spine (Reason); an offer keeps nobody from taking a ticket.
//
//	r := &routing.Router{DB: d, Desk: tickets, Log: log, Zone: zone}
//	tickets.Later = append(tickets.Later, r.Hook())
//	err := r.Sweep(ctx)
package routing

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"goodturn/internal/blob"
	"goodturn/internal/calendar"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Router gives tickets to people. The program builds one.
type Router struct {
	DB   *db.DB
	Desk *ticket.Desk
	Log  *slog.Logger
	// Calendars are the working hours; nil is always open.
	Calendars *calendar.Store
	// Zone is the desk's, for the days in notes of people who chose none; nil is UTC.
	Zone *time.Location
	// Rota tells who is at the desk of a team now. Optional: without it working hours alone count.
	Rota func(ctx context.Context, tx *db.Tx, teamID int64) (Duty, error)
	// Spare gives those of some people to whom a ticket should go, because the others had a hard one lately; all of them, or some, in their
	// order, and never none. nil spares nobody.
	Spare func(ctx context.Context, tx *db.Tx, t ticket.Ticket, people []int64) ([]int64, error)
	// Offered tells somebody that a ticket is offered to them, Handed that one was handed over to them. Optional.
	Offered, Handed func(ctx context.Context, tx *db.Tx, t ticket.Ticket, to int64) error
}

// Hook is what a ticket.Desk calls later, after the rules and before promises are made.
func (r *Router) Hook() ticket.Hook { return r.hear }

// hear follows a ticket. What cannot be done, such as giving a ticket to somebody whose right ended this moment, leaves the ticket where
// it is: a mail is never refused because of it.
func (r *Router) hear(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, m *ticket.Message) error {
	if m != nil && m.CreatedAt != tx.Now {
		return nil // an importer brings it from the past
	}
	if came(e, m) && e.What != ticket.SplitOff {
		var err error
		if t, err = r.lead(ctx, tx, t); err != nil {
			return err
		}
	}
	return r.attempt(ctx, tx, "a ticket could not be routed", t.ID, func() error { return r.follow(ctx, tx, e, t, m) })
}

// attempt does something that must not stand in the way of what it belongs to: what the desk refuses is undone and noted.
func (r *Router) attempt(ctx context.Context, tx *db.Tx, what string, ticketID int64, do func() error) error {
	err := tx.Try(ctx, do)
	if _, refused := fault.Of(err); refused {
		r.Log.Warn(what, "ticket", ticketID, "error", err)
		return nil
	}
	return err
}

func (r *Router) follow(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, m *ticket.Message) error {
	wakes := came(e, m) || opened(e) || e.What == ticket.TeamChanged
	switch {
	case free(t) && wakes:
		return r.arrive(ctx, tx, t)
	case free(t) && e.What == ticket.Assigned:
		return errors.Join(r.freed(ctx, tx, idOf(e.FromValue)), r.putBack(ctx, tx, t))
	case free(t):
		return nil
	case t.Turn == ticket.Ours && (wakes || m != nil && m.Inbound && !m.Automatic):
		return errors.Join(r.leave(ctx, tx, t.ID), r.standIn(ctx, tx, t))
	}
	switch e.What {
	case ticket.Assigned:
		return errors.Join(r.leave(ctx, tx, t.ID), r.freed(ctx, tx, idOf(e.FromValue)))
	case ticket.StatusChanged, ticket.SnoozeChanged, ticket.Trashed, ticket.TeamChanged, ticket.Suspected, ticket.Joined:
		return errors.Join(r.leave(ctx, tx, t.ID), r.freed(ctx, tx, t.AssigneeID))
	}
	return nil
}

// came tells that a ticket has just come, whole: with its first message, out of another one, or from among what was suspect.
func came(e ticket.Event, m *ticket.Message) bool {
	switch e.What {
	case ticket.Messaged:
		return m != nil && m.Seq == 1
	case ticket.SplitOff:
		return e.FromValue != ""
	case ticket.Suspected:
		return e.ToValue == ""
	}
	return false
}

// opened tells that a ticket became our turn again.
func opened(e ticket.Event) bool {
	switch e.What {
	case ticket.StatusChanged:
		return ticket.Status(e.ToValue).Turn() == ticket.Ours && ticket.Status(e.FromValue).Turn() != ticket.Ours
	case ticket.SnoozeChanged, ticket.Trashed:
		return e.ToValue == ""
	}
	return false
}

// free tells that a ticket waits for somebody to take it.
func free(t ticket.Ticket) bool { return t.Turn == ticket.Ours && t.AssigneeID == 0 }

// idOf reads an id of the spine; "" is 0.
func idOf(text string) int64 {
	id, _ := strconv.ParseInt(text, 10, 64)
	return id
}

// desk is the desk itself, for a reason.
func desk(why Reason) ticket.By { return ticket.By{Actor: person.System, Cause: why.Cause()} }

// Forget drops what is kept of a ticket that is deleted for good.
func Forget(ctx context.Context, tx *db.Tx, ticketID int64) ([]blob.Ref, error) {
	if _, err := tx.Exec(ctx, `DELETE FROM offer WHERE ticket_id = $1`, ticketID); err != nil {
		return nil, err
	}
	_, err := tx.Exec(ctx, `DELETE FROM unclaimed WHERE ticket_id = $1`, ticketID)
	return nil, err
}
