package routing

import (
	"cmp"
	"context"
	"slices"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Signal is the signal (db.Tx.Signal) that what is offered to a person changed; its id is theirs.
const Signal = "offers"

// Offering is a ticket that is offered to somebody now.
type Offering struct {
	TicketID int64
	Subject  string
	Until    clock.Instant // when the next is asked
}

// OfferedTo lists what is offered to somebody, the first to end first.
func OfferedTo(ctx context.Context, tx *db.Tx, a person.Actor) ([]Offering, error) {
	args := db.Args{a.ID, tx.Now}
	return db.All[Offering](ctx, tx, `SELECT u.ticket_id, t.subject, u.next_at AS until FROM unclaimed u JOIN ticket t ON t.id = u.ticket_id
		WHERE u.asked_id = $1 AND u.next_at > $2 AND `+person.Visible(a, person.SeeTicket, &args)+` ORDER BY u.next_at, u.ticket_id LIMIT 5`, args...)
}

// pending is a row of the pile.
type pending struct {
	TicketID int64
	NextAt   clock.Instant
	Round    string
	AskedID  int64
}

// The rounds in which people are asked.
const (
	ofMembers = ""
	ofLeads   = "leads"
)

func (r *Router) pendingOf(ctx context.Context, tx *db.Tx, ticketID int64) (pending, bool, error) {
	all, err := db.All[pending](ctx, tx, `SELECT ticket_id, next_at, round, coalesce(asked_id, 0) AS asked_id FROM unclaimed WHERE ticket_id = $1`, ticketID)
	if err != nil || len(all) == 0 {
		return pending{}, false, err
	}
	return all[0], true, nil
}

// offerNext asks the next person whether they take a ticket, once it is time.
func (r *Router) offerNext(ctx context.Context, ticketID int64) error {
	return r.DB.Write(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "ticket", ticketID); err != nil {
			return err
		}
		p, ok, err := r.pendingOf(ctx, tx, ticketID)
		if err != nil || !ok || p.NextAt == 0 || p.NextAt > tx.Now {
			return err
		}
		return r.ask(ctx, tx, p, KeptQuiet)
	})
}

// ask goes on with the round of a ticket; why is why whoever was asked before did not take it.
func (r *Router) ask(ctx context.Context, tx *db.Tx, p pending, why Why) error {
	t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, p.TicketID)
	if err != nil {
		return err
	}
	s, err := SharingOf(ctx, tx, t.TeamID)
	if err != nil {
		return err
	}
	if !free(t) {
		return r.leave(ctx, tx, t.ID)
	}
	if s.OfferAfter == 0 { // switched off meanwhile
		return r.stop(ctx, tx, p, 0)
	}
	all, err := r.candidates(ctx, tx, s)
	if err != nil {
		return err
	}
	asked, err := db.All[int64](ctx, tx, `SELECT person_id FROM offer WHERE ticket_id = $1`, t.ID)
	if err != nil {
		return err
	}
	next, found := candidate{}, false
	if p.Round == ofMembers {
		if next, found, err = r.nextToAsk(ctx, tx, s, t, all, asked); err != nil {
			return err
		}
		if at := resumes(all, asked, tx.Now); !found && at > 0 {
			return r.stop(ctx, tx, p, at)
		}
	}
	if !found && s.OfferLeads {
		p.Round = ofLeads
		if all, err = r.leads(ctx, tx, s); err != nil {
			return err
		}
		if next, found, err = r.nextToAsk(ctx, tx, s, t, all, asked); err != nil {
			return err
		}
	}
	if found {
		return r.askOf(ctx, tx, s, t, p, next.ID, why)
	}
	if err := r.Desk.Offered(ctx, tx, desk(Reason{Why: RoundEnds}), t.ID, p.AskedID, 0); err != nil {
		return err
	}
	return r.stop(ctx, tx, p, 0)
}

// resumes is when a round goes on that finds nobody to ask: when work begins again, or when somebody's long call ends and nobody was asked
// yet; 0 for not waiting, so that leave of weeks does not keep the leads from hearing of it.
func resumes(all []candidate, asked []int64, now clock.Instant) clock.Instant {
	opens := never
	for _, c := range all {
		opens = min(opens, c.opens)
	}
	if opens > now && opens < never {
		return opens
	}
	if at := nextMoment(all, now, true); len(asked) == 0 && at <= now.Add(LongCall) {
		return at
	}
	return 0
}

// stop ends what was asked; it goes on at a moment, or not by itself (0).
func (r *Router) stop(ctx context.Context, tx *db.Tx, p pending, at clock.Instant) error {
	if p.AskedID != 0 {
		tx.Signal(Signal, p.AskedID)
	}
	_, err := tx.Exec(ctx, `UPDATE unclaimed SET asked_id = NULL, next_at = $2, round = $3 WHERE ticket_id = $1`, p.TicketID, at, p.Round)
	return err
}

// nextToAsk is who is asked next: who has most of what the ticket asks for, else to whom nothing was offered for longest, then whoever has
// the least to do.
func (r *Router) nextToAsk(ctx context.Context, tx *db.Tx, s Sharing, t ticket.Ticket, all []candidate, asked []int64) (candidate, bool, error) {
	can := slices.DeleteFunc(eligible(all, tx.Now, true), func(c candidate) bool { return slices.Contains(asked, c.ID) })
	if len(can) == 0 {
		return candidate{}, false, nil
	}
	w, err := r.wishOf(ctx, tx, s, t, all)
	if err != nil {
		return candidate{}, false, err
	}
	return slices.MinFunc(fitting(can, w), func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.OfferedAt, b.OfferedAt), cmp.Compare(a.Load, b.Load), cmp.Compare(a.ID, b.ID))
	}), true, nil
}

// askOf offers a ticket to somebody.
func (r *Router) askOf(ctx context.Context, tx *db.Tx, s Sharing, t ticket.Ticket, p pending, to int64, why Why) error {
	if p.AskedID == 0 {
		why = InRound
		if p.Round == ofLeads {
			why = ToLeads
		}
	}
	if _, err := tx.Exec(ctx, `INSERT INTO offer (ticket_id, person_id, at) VALUES ($1, $2, $3)`, t.ID, to, tx.Now); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO helper (id, offered_at) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET offered_at = excluded.offered_at`, to, tx.Now); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE unclaimed SET asked_id = $2, next_at = $3, round = $4 WHERE ticket_id = $1`, t.ID, to, tx.Now.Add(time.Duration(s.OfferFor)*time.Minute), p.Round); err != nil {
		return err
	}
	tx.Signal(Signal, to)
	if p.AskedID != 0 {
		tx.Signal(Signal, p.AskedID)
	}
	if err := r.Desk.Offered(ctx, tx, desk(Reason{Why: why}), t.ID, p.AskedID, to); err != nil || r.Offered == nil {
		return err
	}
	return r.Offered(ctx, tx, t, to)
}

// TakeOffered gives somebody the ticket that is offered to them. One that somebody else has meanwhile is fault.Conflict; one whose offer
// has gone on to the next can still be taken.
func (r *Router) TakeOffered(ctx context.Context, tx *db.Tx, a person.Actor, ticketID int64) error {
	if err := tx.Lock(ctx, "ticket", ticketID); err != nil {
		return err
	}
	t, err := ticket.Get(ctx, tx, a, person.ChangeTicket, ticketID)
	if err != nil || t.AssigneeID == a.ID {
		return err
	}
	if !free(t) {
		return fault.Conflict(i18n.M("Somebody else took #{{.Number}} meanwhile, or it is done. There is nothing left to do for you.", "Number", ticketID))
	}
	return r.Desk.Assign(ctx, tx, ticket.By{Actor: a, Cause: Reason{Why: ByOffer}.Cause()}, ticketID, a.ID)
}

// PassOffered has the next person asked. Nothing happens when the offer has gone on already.
func (r *Router) PassOffered(ctx context.Context, tx *db.Tx, a person.Actor, ticketID int64) error {
	if err := tx.Lock(ctx, "ticket", ticketID); err != nil {
		return err
	}
	if _, err := ticket.Get(ctx, tx, a, person.ChangeTicket, ticketID); err != nil {
		return err
	}
	p, ok, err := r.pendingOf(ctx, tx, ticketID)
	if err != nil || !ok || p.AskedID != a.ID {
		return err
	}
	return r.ask(ctx, tx, p, PassedOn)
}
