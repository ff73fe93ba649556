package handoff

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/blob"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// How says in which way a request was handed on.
type How string

// The ways.
const (
	ByLink    How = "link"    // who asked opened the link that was shared
	ByAddress How = "address" // they wrote to the address that was shared, or it was in copy
	ByMail    How = "mail"    // their mail was forwarded
)

// Answer is what somebody chose about a request that they handed on.
type Answer string

// The answers. Somebody who has not chosen has let go as well; the answer keeps the page from asking again.
const (
	Unanswered Answer = ""
	Stay       Answer = "follow"
	LetGo      Answer = "let_go"
)

const handedPurpose = "handed on"

// AskedFor is how long the page that a letter leads to is there.
const AskedFor = 30 * 24 * time.Hour

// Handed is a request that somebody handed on to the desk.
type Handed struct {
	ID       int64
	TicketID int64
	PersonID int64 // who handed it on
	How      How
	Answer   Answer
	At       clock.Instant
}

const handedColumns = `id, ticket_id, person_id, how, answer, at`

// Receive notes that somebody handed a ticket on, on the spine too, and has them told that the desk has it. Nothing happens when it is
// their own or they handed it on before.
func (k *Keeper) Receive(ctx context.Context, tx *db.Tx, t ticket.Ticket, personID int64, how How) error {
	if t.RequesterID == personID {
		return nil
	}
	h, isNew, err := k.note(ctx, tx, t, personID, how)
	if err != nil || !isNew {
		return err
	}
	if err := k.Desk.HandOn(ctx, tx, t.ID, personID, mailbox.CauseHandedOn); err != nil {
		return err
	}
	return k.Letter(ctx, tx, h, k.Path(h.ID))
}

// Forwarded notes that somebody forwarded the mail that a ticket was made of, which its first event tells already. It gives the path of
// the page on which they choose.
func (k *Keeper) Forwarded(ctx context.Context, tx *db.Tx, t ticket.Ticket, personID int64) (path string, err error) {
	h, _, err := k.note(ctx, tx, t, personID, ByMail)
	if err != nil || h.ID == 0 {
		return "", err
	}
	return k.Path(h.ID), nil
}

func (k *Keeper) note(ctx context.Context, tx *db.Tx, t ticket.Ticket, personID int64, how How) (h Handed, isNew bool, err error) {
	n, err := tx.Exec(ctx, `INSERT INTO handed_on (ticket_id, person_id, how, at) VALUES ($1, $2, $3, $4) ON CONFLICT (ticket_id, person_id) DO NOTHING`, t.ID, personID, how, tx.Now)
	if err != nil {
		return h, false, err
	}
	h, err = db.One[Handed](ctx, tx, `SELECT `+handedColumns+` FROM handed_on WHERE ticket_id = $1 AND person_id = $2`, t.ID, personID)
	return h, n == 1, err
}

// Path is where somebody chooses what becomes of a request that they handed on. Whoever has it needs not sign in, so that it goes to
// their mail address only.
func (k *Keeper) Path(id int64) string {
	text := strconv.FormatInt(id, 10)
	return "/handed/" + text + "." + k.Key.Sign(handedPurpose, []byte(text))
}

// ErrOver says that a page about a request that was handed on is there no more, or never was.
var ErrOver = fault.NotFound(i18n.M("This link is no longer good."))

// State is where a request stands that was handed on, as far as whoever handed it on may know.
type State struct {
	Handed
	Helper person.Person
	Ticket ticket.Ticket
	// Asker is the first person's name where both are of one organisation, or the helper is staff; else "".
	Asker string
	// Solved says that it is over.
	Solved bool
	// MayFollow says that they can be kept in the loop, Follows that they are.
	MayFollow, Follows bool
	// Minutes is what they noted for it; 0 for nothing.
	Minutes int
}

// Handed gives the state of what a page's token names; ErrOver when it is not one of ours, or too old.
func (k *Keeper) Handed(ctx context.Context, tx *db.Tx, token string) (s State, err error) {
	text, tag, ok := strings.Cut(token, ".")
	id, err := strconv.ParseInt(text, 10, 64)
	if !ok || err != nil || strconv.FormatInt(id, 10) != text || !k.Key.Verify(handedPurpose, []byte(text), tag) {
		return s, ErrOver
	}
	s.Handed, err = db.One[Handed](ctx, tx, `SELECT `+handedColumns+` FROM handed_on WHERE id = $1 AND at > $2`, id, tx.Now.Add(-AskedFor))
	if errors.Is(err, db.ErrNoRow) {
		return s, ErrOver
	}
	if err != nil {
		return s, err
	}
	return s, k.look(ctx, tx, &s)
}

func (k *Keeper) look(ctx context.Context, tx *db.Tx, s *State) error {
	var err error
	if s.Helper, err = person.Get(ctx, tx, s.PersonID); err != nil {
		return err
	}
	if !s.Helper.Active {
		return ErrOver
	}
	id, err := ticket.Kept(ctx, tx, s.TicketID)
	if err != nil {
		return err
	}
	if s.Ticket, err = ticket.Get(ctx, tx, person.System, person.SeeTicket, id); err != nil {
		return err
	}
	asker, err := person.Get(ctx, tx, s.Ticket.RequesterID)
	if err != nil {
		return err
	}
	s.Solved = s.Ticket.Status == ticket.Solved || s.Ticket.Status == ticket.Closed
	near := Near(s.Helper, asker)
	if near {
		s.Asker = asker.Name
	}
	s.MayFollow = near && !s.Ticket.TeamPrivate && s.Ticket.RequesterID != s.PersonID && s.Ticket.ID == s.TicketID
	if s.Follows, err = db.Exists(ctx, tx, `SELECT 1 FROM follower WHERE ticket_id = $1 AND person_id = $2`, s.Ticket.ID, s.PersonID); err != nil {
		return err
	}
	noted, err := db.All[int](ctx, tx, `SELECT minutes FROM help_entry WHERE handed_id = $1 AND removed_at = 0`, s.ID)
	if len(noted) > 0 {
		s.Minutes = noted[0]
	}
	return err
}

// Near tells that somebody who hands requests on is of the organisation of who asks, or of the desk's staff.
func Near(helper, asker person.Person) bool {
	return helper.Role.AtLeast(person.Agent) || helper.OrganisationID != 0 && helper.OrganisationID == asker.OrganisationID
}

// Choose keeps somebody in the loop about what they handed on, or has them let go. Who may not follow is fault.Denied.
func (k *Keeper) Choose(ctx context.Context, tx *db.Tx, s State, a Answer) error {
	switch {
	case a == Stay && !s.MayFollow:
		return fault.Denied(i18n.M("Only people of the same organisation can be kept in the loop."))
	case a == Stay:
		if err := k.Desk.StayWith(ctx, tx, s.Ticket.ID, s.PersonID, mailbox.CauseHandedOn); err != nil {
			return err
		}
	case a == LetGo:
		if err := k.Desk.Leave(ctx, tx, s.Ticket.ID, s.PersonID); err != nil {
			return err
		}
	default:
		return fault.Invalid(fault.F("answer", i18n.M("Please choose one of the two.")))
	}
	_, err := tx.Exec(ctx, `UPDATE handed_on SET answer = $2, answered_at = $3 WHERE id = $1`, s.ID, a, tx.Now)
	return err
}

// Forget drops what is kept of a ticket that is about to be deleted for good. Minutes that were noted stay: they were spent.
func Forget(ctx context.Context, tx *db.Tx, ticketID int64) ([]blob.Ref, error) {
	for _, s := range []string{
		`UPDATE help_entry SET handed_id = NULL WHERE handed_id IN (SELECT id FROM handed_on WHERE ticket_id = $1)`,
		`DELETE FROM handed_on WHERE ticket_id = $1`,
	} {
		if _, err := tx.Exec(ctx, s, ticketID); err != nil {
			return nil, err
		}
	}
	return nil, nil
}
