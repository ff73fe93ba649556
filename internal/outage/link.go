package outage

import (
	"context"
	"slices"
	"strconv"
	"time"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Link says that a ticket speaks of an outage, in the place of another one that it may have spoken of. Its requester is one of those who
// have it from then on. Nothing happens when it is said already.
func (b *Board) Link(ctx context.Context, tx *db.Tx, by ticket.By, id, ticketID int64) error {
	o, err := take(ctx, tx, by.Actor, id)
	if err != nil {
		return err
	}
	return b.link(ctx, tx, by, person.ChangeTicket, o, ticketID)
}

// LinkOwn is Link by the ticket's requester, who says "me too": c is the circle of whoever asks.
func (b *Board) LinkOwn(ctx context.Context, tx *db.Tx, by ticket.By, c person.Circle, id, ticketID int64) error {
	if err := tx.Lock(ctx, "outage", id); err != nil {
		return err
	}
	o, err := visible(ctx, tx, c, id)
	if err != nil {
		return err
	}
	if err := b.link(ctx, tx, by, person.WriteOwn, o, ticketID); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM outage_person WHERE outage_id = $1 AND person_id = $2 AND state = 'left'`, id, by.ID)
	return err
}

func (b *Board) link(ctx context.Context, tx *db.Tx, by ticket.By, verb person.Verb, o Outage, ticketID int64) error {
	if !o.State.Current() {
		return fault.Conflict(i18n.M("This is over. Nothing was linked."))
	}
	kept, err := ticket.Kept(ctx, tx, ticketID)
	if err != nil {
		return err
	}
	t, err := ticket.Get(ctx, tx, by.Actor, verb, kept)
	if err != nil {
		return err
	}
	if err := fits(ctx, tx, o, t); err != nil {
		return err
	}
	before, err := OfTicket(ctx, tx, t.ID)
	if err != nil || before == o.ID {
		return err
	}
	if t, err = b.Desk.Outage(ctx, tx, by, verb, t.ID, ticket.OutageLinked, before, o.ID); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO outage_ticket (ticket_id, outage_id, at) VALUES ($1, $2, $3)
		ON CONFLICT (ticket_id) DO UPDATE SET outage_id = excluded.outage_id, from_id = 0, at = excluded.at`, t.ID, o.ID, tx.Now)
	return err
}

// fits refuses to link a ticket where the requester, or other staff, would learn what is not for them.
func fits(ctx context.Context, tx *db.Tx, o Outage, t ticket.Ticket) error {
	switch o.Audience {
	case SomeOrganisations:
		c, err := person.CircleOf(ctx, tx, t.RequesterID)
		if err != nil || seen(c, o) {
			return err
		}
		return fault.Invalid(fault.F("ticket", i18n.M("#{{.Number}} is of somebody whom this outage does not concern. Say first that it concerns their organisation too.", "Number", t.ID)))
	case OwnTeam:
		private, err := db.Exists(ctx, tx, `SELECT 1 FROM team WHERE id = $1 AND private`, o.TeamID)
		if err != nil || !private || t.TeamID == o.TeamID {
			return err
		}
		return fault.Invalid(fault.F("ticket", i18n.M("#{{.Number}} belongs to another team, which may not know of this.", "Number", t.ID)))
	}
	return nil
}

// Unlink takes back what was said by Link. Nothing happens when it was not.
func (b *Board) Unlink(ctx context.Context, tx *db.Tx, by ticket.By, ticketID int64) error {
	ticketID, err := ticket.Kept(ctx, tx, ticketID)
	if err != nil {
		return err
	}
	id, err := OfTicket(ctx, tx, ticketID)
	if err != nil || id == 0 {
		return err
	}
	if _, err := take(ctx, tx, by.Actor, id); err != nil {
		return err
	}
	if _, err := b.Desk.Outage(ctx, tx, by, person.ChangeTicket, ticketID, ticket.OutageLinked, id, 0); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM outage_ticket WHERE outage_id = $1 AND (ticket_id = $2 OR ticket_id IN (SELECT id FROM ticket WHERE merged_into = $2))`, id, ticketID)
	return err
}

// OfTicket gives the outage that a ticket speaks of; 0 for none. Whether somebody may know of it is another question: see Get and See.
func OfTicket(ctx context.Context, tx *db.Tx, ticketID int64) (int64, error) {
	ids, err := db.All[int64](ctx, tx, `SELECT outage_id FROM outage_ticket WHERE ticket_id = $1`, ticketID)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return ids[0], nil
}

// LinkedTicket is a ticket that speaks of an outage.
type LinkedTicket struct {
	ID        int64
	Subject   string
	Status    ticket.Status
	Requester string
}

// Tickets lists the tickets of an outage that somebody of the desk may see, the newest first, at most limit, and tells whether there are more.
func Tickets(ctx context.Context, tx *db.Tx, a person.Actor, id int64, limit int) (all []LinkedTicket, more bool, err error) {
	args := db.Args{id}
	where := person.Visible(a, person.SeeTicket, &args)
	all, err = db.All[LinkedTicket](ctx, tx, `SELECT t.id, t.subject, t.status, p.name AS requester FROM outage_ticket k JOIN ticket t ON t.id = k.ticket_id JOIN person p ON p.id = t.requester_id
		WHERE k.outage_id = $1 AND t.merged_into IS NULL AND `+where+` ORDER BY k.ticket_id DESC LIMIT `+args.Add(limit+1), args...)
	if len(all) > limit {
		return all[:limit], true, err
	}
	return all, false, err
}

// Hook keeps the links of tickets that become part of others, and gives them back when they are parted again.
func Hook() ticket.Hook {
	return func(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, _ *ticket.Message) error {
		if !slices.Contains([]ticket.What{ticket.Joined, ticket.Parted}, e.What) || e.FromValue == "" {
			return nil
		}
		gone, err := strconv.ParseInt(e.FromValue, 10, 64)
		if err != nil {
			return err
		}
		if e.What == ticket.Parted {
			_, err = tx.Exec(ctx, `DELETE FROM outage_ticket WHERE ticket_id = $1 AND from_id = $2`, t.ID, gone)
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO outage_ticket (ticket_id, outage_id, from_id, at) SELECT CAST($1 AS BIGINT), outage_id, CAST($2 AS BIGINT), at FROM outage_ticket WHERE ticket_id = $2 ON CONFLICT (ticket_id) DO NOTHING`, t.ID, gone)
		return err
	}
}

// Forget drops the link of a ticket that is about to be deleted for good.
func Forget(ctx context.Context, tx *db.Tx, ticketID int64) ([]blob.Ref, error) {
	_, err := tx.Exec(ctx, `DELETE FROM outage_ticket WHERE ticket_id = $1`, ticketID)
	return nil, err
}

// lookedAt is how many of the newest tickets Proposals looks at.
const lookedAt = 1000

// Proposals gives open tickets that may be of an outage and speak of none: the newest whose words fit, of those that somebody may see, at
// most limit. Nothing is linked by it.
func Proposals(ctx context.Context, tx *db.Tx, a person.Actor, o Outage, limit int) (out []LinkedTicket, err error) {
	type row struct {
		LinkedTicket
		Text string
	}
	args := db.Args{o.SinceAt.Add(-24 * time.Hour), lookedAt}
	where := person.Visible(a, person.SeeTicket, &args)
	if o.TeamID != 0 {
		where += " AND t.team_id = " + args.Add(o.TeamID)
	}
	all, err := db.All[row](ctx, tx, `SELECT t.id, t.subject, t.status, p.name AS requester, m.text FROM ticket t JOIN person p ON p.id = t.requester_id JOIN message m ON m.ticket_id = t.id AND m.seq = 1
		WHERE t.id > (SELECT max(id) FROM ticket) - $2 AND t.created_at >= $1 AND t.is_open AND t.merged_into IS NULL AND t.turn NOT IN ('suspect', 'spam', 'trash')
		AND NOT EXISTS (SELECT 1 FROM outage_ticket k WHERE k.ticket_id = t.id) AND `+where+` ORDER BY t.id DESC`, args...)
	if err != nil {
		return nil, err
	}
	k := &known{stems: map[string][]place{}}
	k.learn(0, o)
	for _, r := range all {
		if len(out) == limit {
			break
		}
		if len(k.match(r.Subject+"\n"+r.Text)) > 0 {
			out = append(out, r.LinkedTicket)
		}
	}
	return out, nil
}
