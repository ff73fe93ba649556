package fixnote

import (
	"context"
	"errors"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Hook is for ticket.Desk.Later. When a ticket is solved its note is given, whoever solved it is asked for one where there is none, and
// it is looked at whether that had been explained before. When it is opened again the note is taken back.
func (b *Book) Hook() ticket.Hook {
	return func(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, _ *ticket.Message) error {
		switch {
		case e.What == ticket.StatusChanged && ticket.Status(e.ToValue) == ticket.Solved && t.Status == ticket.Solved:
			return b.solved(ctx, tx, e, t)
		case e.What == ticket.StatusChanged && !ticket.Status(e.FromValue).IsOpen() && t.IsOpen:
			return reopened(ctx, tx, e, t)
		case e.What == ticket.StatusChanged && ticket.Status(e.ToValue) == ticket.Closed && t.Status == ticket.Closed:
			return give(ctx, tx, t)
		case e.What == ticket.Joined && e.FromValue != "":
			return joined(ctx, tx, e, t)
		}
		return nil
	}
}

func (b *Book) solved(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket) error {
	if err := b.recognise(ctx, tx, t); err != nil {
		return err
	}
	n, err := Of(ctx, tx, t.ID)
	if err != nil {
		return err
	}
	if n.TicketID != 0 && !n.Stale {
		return give(ctx, tx, t)
	}
	if e.Actor != "person" {
		return nil // nobody is there to be asked
	}
	return ask(ctx, tx, e.PersonID, t)
}

// give has the requester have the note of a ticket that is done.
func give(ctx context.Context, tx *db.Tx, t ticket.Ticket) error {
	_, err := tx.Exec(ctx, `UPDATE fix_note SET given_at = $2 WHERE ticket_id = $1 AND skipped = '' AND given_at = 0 AND NOT stale`, t.ID, tx.Now)
	return err
}

// reopened takes the note back. One that did not help is looked at before it is given again.
func reopened(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket) error {
	if err := settleAsk(ctx, tx, t.ID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE fix_note SET given_at = 0, stale = stale OR $2 WHERE ticket_id = $1`, t.ID, e.Cause == ticket.DidNotWork)
	return err
}

// joined gives a ticket that has no note that of the one that became part of it.
func joined(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket) error {
	_, err := tx.Exec(ctx, `INSERT INTO fix_note (ticket_id, wrong, did, next, skipped, because, words, author_id, version, written_at, given_at)
		SELECT CAST($1 AS BIGINT), wrong, did, next, '', '', words, author_id, 1, written_at, 0 FROM fix_note WHERE ticket_id = CAST($2 AS BIGINT) AND skipped = '' ON CONFLICT (ticket_id) DO NOTHING`, t.ID, number(e.FromValue))
	if err != nil || t.IsOpen {
		return err
	}
	return give(ctx, tx, t)
}

// askedFor is how long somebody is asked for a note.
const askedFor = 3 * 24 * time.Hour

// ask has whoever solved a ticket be asked for its note, where its team wants notes.
func ask(ctx context.Context, tx *db.Tx, personID int64, t ticket.Ticket) error {
	who, err := person.ActorOf(ctx, tx, personID)
	if errors.Is(err, db.ErrNoRow) || err == nil && !who.Staff() {
		return nil
	}
	if err != nil {
		return err
	}
	if wanted, err := Wanted(ctx, tx, t.TeamID); err != nil || !wanted {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM fix_ask WHERE person_id = $1 AND at < $2`, personID, tx.Now.Add(-askedFor)); err != nil {
		return err
	}
	tx.Signal(Signal, personID)
	_, err = tx.Exec(ctx, `INSERT INTO fix_ask (ticket_id, person_id, at) VALUES ($1, $2, $3) ON CONFLICT (ticket_id) DO UPDATE SET person_id = excluded.person_id, at = excluded.at`, t.ID, personID, tx.Now)
	return err
}

// settleAsk has nobody be asked for the note of a ticket any more.
func settleAsk(ctx context.Context, tx *db.Tx, ticketID int64) error {
	who, err := db.All[int64](ctx, tx, `DELETE FROM fix_ask WHERE ticket_id = $1 RETURNING person_id`, ticketID)
	for _, id := range who {
		tx.Signal(Signal, id)
	}
	return err
}

// Signal is told, with the person's id, when what they are asked for has changed: pages show it beside what is offered to them.
const Signal = "offers"

// Ask is a ticket that somebody solved, or solves with an answer that they may still take back, and whose note they are asked for.
type Ask struct {
	TicketID int64
	Subject  string
	Name     string // the requester's
	At       clock.Instant
}

// mostAsks bounds how many tickets are counted that somebody is asked about.
const mostAsks = 1000

// Asked gives the tickets whose notes somebody is asked for, the newest first, as far as they may still change them.
func Asked(ctx context.Context, tx *db.Tx, a person.Actor) ([]Ask, error) {
	args := db.Args{a.ID, tx.Now.Add(-askedFor), mostAsks, ticket.Solved}
	return db.All[Ask](ctx, tx, `SELECT k.ticket_id, t.subject, p.name, k.at FROM (
			SELECT ticket_id, at, FALSE AS held FROM fix_ask WHERE person_id = $1 AND at >= $2
			UNION ALL SELECT h.ticket_id, h.held_at, TRUE FROM held_reply h WHERE coalesce(h.sender_id, h.author_id) = $1 AND h.next_status = $4 AND NOT h.taken_back
				AND NOT EXISTS (SELECT 1 FROM fix_note n WHERE n.ticket_id = h.ticket_id AND NOT n.stale)
		) AS k JOIN ticket t ON t.id = k.ticket_id JOIN person p ON p.id = t.requester_id
		WHERE (k.held OR NOT t.is_open) AND t.turn NOT IN ('suspect', 'spam', 'merged', 'trash')
		AND NOT EXISTS (SELECT 1 FROM fix_note_off o WHERE o.team_id = t.team_id) AND `+person.Visible(a, person.SeeTicket, &args)+`
		ORDER BY k.at DESC, k.ticket_id DESC LIMIT $3`, args...)
}

// IsAsked tells whether somebody is asked for the note of a ticket.
func IsAsked(ctx context.Context, tx *db.Tx, ticketID int64) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM fix_ask WHERE ticket_id = $1`, ticketID)
}

// Wanted tells whether the people of a team are asked for notes.
func Wanted(ctx context.Context, tx *db.Tx, teamID int64) (bool, error) {
	off, err := db.Exists(ctx, tx, `SELECT 1 FROM fix_note_off WHERE team_id = $1`, teamID)
	return !off, err
}

// Want sets whether the people of a team are asked for notes.
func Want(ctx context.Context, tx *db.Tx, teamID int64, on bool) error {
	query := `INSERT INTO fix_note_off (team_id) VALUES ($1) ON CONFLICT DO NOTHING`
	if on {
		query = `DELETE FROM fix_note_off WHERE team_id = $1`
	}
	_, err := tx.Exec(ctx, query, teamID)
	return err
}
