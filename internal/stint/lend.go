package stint

import (
	"context"
	"strconv"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// mostHeld is how many tickets a guest works on at once.
const mostHeld = 5

// running gives the actor's stint that runs, locked; fault.Conflict when there is none.
func running(ctx context.Context, tx *db.Tx, a person.Actor) (Stint, error) {
	s, err := Now(ctx, tx, a.ID)
	if err != nil {
		return s, err
	}
	if s.ID == 0 || !person.Can(a, person.VisitDesk, person.Thing{}) {
		return s, fault.Conflict(i18n.M("Your turn at the desk is over. What you wrote is with your mentor."))
	}
	return locked(ctx, tx, s.ID)
}

// lendUntil is until when tickets of a stint are lent.
func (s Stint) lendUntil() clock.Instant {
	if s.Kind == Apprenticeship {
		return clock.Instant(1) << 60
	}
	return s.Until
}

// Take gives a guest a ticket of the starter line: it is lent to them, and their mentor has it. One that somebody else took meanwhile is
// fault.Conflict.
func (k *Keeper) Take(ctx context.Context, tx *db.Tx, a person.Actor, ticketID int64) error {
	s, err := running(ctx, tx, a)
	if err != nil {
		return err
	}
	if s.MentorID == 0 {
		return fault.Conflict(i18n.M("Nobody is your mentor at the moment. Somebody will be found."))
	}
	fitting, err := k.Fitting(ctx, tx, a)
	if err != nil {
		return err
	}
	fits := false
	for _, f := range fitting {
		fits = fits || f.TicketID == ticketID
	}
	if !fits {
		return fault.Conflict(i18n.M("Somebody has this one now. There are others below."))
	}
	if err := tx.Lock(ctx, "ticket", ticketID); err != nil {
		return err
	}
	if taken, err := db.Exists(ctx, tx, `SELECT 1 FROM ticket WHERE id = $1 AND assignee_id IS NOT NULL`, ticketID); err != nil || taken {
		if taken {
			err = fault.Conflict(i18n.M("Somebody has this one now. There are others below."))
		}
		return err
	}
	held, err := db.One[int](ctx, tx, `SELECT count(*) FROM stint_ticket WHERE stint_id = $1 AND given_back_at = 0`, s.ID)
	if err != nil {
		return err
	}
	if held >= mostHeld {
		return fault.Conflict(i18n.M("You have {{.Count}} requests already. Finish one, or give one back.", "Count", held))
	}
	mentor, err := person.ActorOf(ctx, tx, s.MentorID)
	if err != nil {
		return err
	}
	if err := k.lend(ctx, tx, s, ticketID, person.LentToDraft); err != nil {
		return err
	}
	return k.Desk.Assign(ctx, tx, ticket.By{Actor: mentor, Cause: ticket.CauseStarter}, ticketID, s.MentorID)
}

// Lend gives a guest a ticket that their mentor has, as the mentor.
func (k *Keeper) Lend(ctx context.Context, tx *db.Tx, a person.Actor, stintID, ticketID int64) error {
	s, err := mentored(ctx, tx, a, stintID)
	if err != nil {
		return err
	}
	t, err := ticket.Get(ctx, tx, a, person.ChangeTicket, ticketID)
	if err != nil {
		return err
	}
	if t.TeamPrivate {
		return fault.Conflict(i18n.M("Tickets of a private team are not lent to guests."))
	}
	if t.RequesterID == s.PersonID {
		return fault.Conflict(i18n.M("This is a request of theirs. Somebody else should answer it."))
	}
	may := person.LentToDraft
	if s.Stage == Shadow {
		may = person.LentToSee
	}
	return k.lend(ctx, tx, s, ticketID, may)
}

// mentored gives a running stint, locked, to its mentor.
func mentored(ctx context.Context, tx *db.Tx, a person.Actor, stintID int64) (Stint, error) {
	s, err := locked(ctx, tx, stintID)
	if err == nil && (s.MentorID != a.ID || !a.Staff()) {
		return s, fault.NotFound(i18n.M("There is no such stint."))
	}
	if err == nil && s.State != Running {
		err = over()
	}
	return s, err
}

func (k *Keeper) lend(ctx context.Context, tx *db.Tx, s Stint, ticketID int64, may person.Lending) error {
	_, err := tx.Exec(ctx, `INSERT INTO stint_ticket (stint_id, ticket_id, at) VALUES ($1, $2, $3) ON CONFLICT (stint_id, ticket_id) DO UPDATE SET given_back_at = 0`, s.ID, ticketID, tx.Now)
	if err != nil {
		return err
	}
	tx.Signal(Signal, s.PersonID)
	return person.Lend(ctx, tx, s.PersonID, ticketID, may, s.lendUntil())
}

// GiveBack ends that a guest works on a ticket, as either of the two. What they wrote stays with the mentor if it was handed on.
func (k *Keeper) GiveBack(ctx context.Context, tx *db.Tx, a person.Actor, stintID, ticketID int64) error {
	s, err := locked(ctx, tx, stintID)
	if err != nil {
		return err
	}
	if !s.Between(a) {
		return fault.NotFound(i18n.M("There is no such stint."))
	}
	return k.giveBack(ctx, tx, s, ticketID)
}

func (k *Keeper) giveBack(ctx context.Context, tx *db.Tx, s Stint, ticketID int64) error {
	n, err := tx.Exec(ctx, `UPDATE stint_ticket SET given_back_at = $3 WHERE stint_id = $1 AND ticket_id = $2 AND given_back_at = 0`, s.ID, ticketID, tx.Now)
	if err != nil || n == 0 {
		return err
	}
	tx.Signal(Signal, s.PersonID)
	return person.TakeBack(ctx, tx, s.PersonID, ticketID)
}

// HandOn gives what a guest has written to their mentor, who sends it, changes it or says what is missing. words may be "".
func (k *Keeper) HandOn(ctx context.Context, tx *db.Tx, a person.Actor, ticketID int64, words string) error {
	s, err := running(ctx, tx, a)
	if err != nil {
		return err
	}
	if s.MentorID == 0 {
		return fault.Conflict(i18n.M("Nobody is your mentor at the moment. Somebody will be found."))
	}
	if _, err := draft.Ask(ctx, tx, a, draft.Place{TicketID: ticketID}, s.MentorID, words); err != nil {
		return err
	}
	return k.Desk.AskLookAs(ctx, tx, ticket.By{Actor: a}, person.WriteDraft, ticketID, s.MentorID)
}

// Held is a ticket that a guest works on.
type Held struct {
	TicketID int64
	Subject  string
	Name     string // of the requester
	Status   ticket.Status
	Turn     ticket.Turn
	At       clock.Instant // when it was lent
	Written  bool          // they have begun to write
	Asked    bool          // it is with the mentor
	Approved bool          // the mentor said yes to it; nothing is said of it after that
}

// HeldBy lists what is lent in a stint now, the newest first.
func HeldBy(ctx context.Context, tx *db.Tx, s Stint) ([]Held, error) {
	return db.All[Held](ctx, tx, `SELECT x.ticket_id, t.subject, p.name, t.status, t.turn, x.at,
		EXISTS (SELECT 1 FROM draft d WHERE d.ticket_id = t.id AND d.person_id = $2) AS written,
		EXISTS (SELECT 1 FROM draft d WHERE d.ticket_id = t.id AND d.person_id = $2 AND d.shared) AS asked,
		EXISTS (SELECT 1 FROM draft d JOIN stint_approval o ON o.draft_id = d.id AND o.version = d.version WHERE d.ticket_id = t.id AND d.person_id = $2 AND o.stint_id = $1 AND NOT d.shared) AS approved
		FROM stint_ticket x JOIN ticket t ON t.id = x.ticket_id JOIN person p ON p.id = t.requester_id JOIN ticket_grant g ON g.ticket_id = t.id AND g.person_id = $2
		JOIN team m ON m.id = t.team_id
		WHERE x.stint_id = $1 AND x.given_back_at = 0 AND NOT m.private AND t.trashed_at = 0 ORDER BY x.at DESC, x.ticket_id DESC LIMIT 300`, s.ID, s.PersonID)
}

// follow lends what the mentor has to somebody who reads along.
func (k *Keeper) follow(ctx context.Context, tx *db.Tx, s Stint) error {
	if s.Stage != Shadow || s.MentorID == 0 {
		return nil
	}
	ids, err := db.All[int64](ctx, tx, `SELECT t.id FROM ticket t JOIN team m ON m.id = t.team_id WHERE t.assignee_id = $1 AND t.is_open AND NOT m.private AND t.requester_id <> $2 AND t.trashed_at = 0 ORDER BY t.id DESC LIMIT 200`, s.MentorID, s.PersonID)
	for _, id := range ids {
		if err == nil {
			err = k.lend(ctx, tx, s, id, person.LentToSee)
		}
	}
	return err
}

// Hook follows what is given to mentors: who reads along with one sees it too, and no more once somebody else has it. Pages of those to whom a ticket is lent follow
// what is said on it. What is moved to a private team, or thrown away, is seen by no guest, as person.Can says.
func (k *Keeper) Hook() ticket.Hook {
	return func(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, _ *ticket.Message) error {
		if e.What != ticket.Noted {
			guests, err := db.All[int64](ctx, tx, `SELECT person_id FROM ticket_grant WHERE ticket_id = $1 AND until > $2 LIMIT 50`, t.ID, tx.Now)
			if err != nil {
				return err
			}
			for _, id := range guests {
				tx.Signal(Signal, id)
			}
		}
		if e.What != ticket.Assigned {
			return nil
		}
		if was, _ := strconv.ParseInt(e.FromValue, 10, 64); was != 0 && was != t.AssigneeID {
			all, err := shadowing(ctx, tx, was)
			for _, s := range all {
				if err == nil {
					err = k.giveBack(ctx, tx, s, t.ID)
				}
			}
			if err != nil {
				return err
			}
		}
		if t.TeamPrivate || t.AssigneeID == 0 {
			return nil
		}
		all, err := shadowing(ctx, tx, t.AssigneeID)
		for _, s := range all {
			if err == nil && s.PersonID != t.RequesterID {
				err = k.lend(ctx, tx, s, t.ID, person.LentToSee)
			}
		}
		return err
	}
}

// shadowing are the stints of those who read along with a mentor.
func shadowing(ctx context.Context, tx *db.Tx, mentorID int64) ([]Stint, error) {
	return db.All[Stint](ctx, tx, `SELECT `+columns+` FROM stint s WHERE s.mentor_id = $1 AND s.state = 'running' AND s.stage = 'shadow' LIMIT 20`, mentorID)
}

// Worked lists the tickets that were lent in a stint, also those that were given back, 50 at most. It says no more of them than their guest read.
func Worked(ctx context.Context, tx *db.Tx, s Stint) ([]Held, error) {
	return db.All[Held](ctx, tx, `SELECT x.ticket_id, t.subject, p.name, t.status, t.turn, x.at, FALSE AS written, FALSE AS asked, FALSE AS approved
		FROM stint_ticket x JOIN ticket t ON t.id = x.ticket_id JOIN person p ON p.id = t.requester_id JOIN team m ON m.id = t.team_id
		WHERE x.stint_id = $1 AND NOT m.private AND t.trashed_at = 0 ORDER BY x.at DESC, x.ticket_id DESC LIMIT 50`, s.ID)
}
