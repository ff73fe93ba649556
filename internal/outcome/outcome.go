// Package outcome is what comes after solving: whether it worked, and how the requester found they were served.
//
// A while after a ticket is solved its requester gets a letter with the fix note, where there is one, and the question whether it works
// (Letter "solved"). Who says yes is thanked. Who says no says what is still wrong, and the ticket is open again, with the cause
// ticket.DidNotWork: the cause may be something else altogether, so it counts against nobody. Who stays silent is asked once more some
// working days later (Letter "gentle"), and after that silence is fine. Satisfaction is one tap and may have words.
//
// Nothing here is about a person who works at the desk. There are figures of the desk as a whole (Figures), made of counts that the
// writes keep; no query, page, filter or export adds up what requesters said by agent, and a test holds that.
//
//	err := keeper.Say(ctx, tx, by, t, outcome.Answer{Worked: outcome.Yes, Face: outcome.Good})
//
// Invariants: a link changes nothing, it opens a page with a button; nobody is asked about a ticket that is open, was written by a
// program, or that they solved themselves; nobody is asked gently twice, nor within a week of having been asked about another ticket.
package outcome

import (
	"context"
	"log/slog"
	"time"

	"goodturn/internal/blob"
	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fixnote"
	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
)

// Worked is what a requester says of a solution.
type Worked string

// What they say; "" is silence.
const (
	Yes Worked = "yes"
	No  Worked = "no"
)

// Face is how they found they were served.
type Face int64

// The faces; 0 is none.
const (
	Bad Face = iota + 1
	Fair
	Good
)

// Faces lists them from best to worst, as they are offered.
func Faces() []Face { return []Face{Good, Fair, Bad} }

// Word says a face in a word.
func (f Face) Word(ctx context.Context) string {
	switch f {
	case Good:
		return i18n.T(ctx, "Good")
	case Fair:
		return i18n.T(ctx, "So-so")
	}
	return i18n.T(ctx, "Not good")
}

// Outcome is what came after the last solution of a ticket.
type Outcome struct {
	TicketID int64
	SolvedAt clock.Instant
	LetterAt clock.Instant // when they are asked by mail; 0 for not
	GentleAt clock.Instant // when they are asked once more; 0 for not
	AskedAt  clock.Instant // when they were asked last; 0 for not yet
	Gentle   bool          // they were asked once more
	Worked   Worked
	WorkedAt clock.Instant
	Reason   string // what is still wrong, the beginning of it
	Face     Face
	Words    string // beside the face
	FaceAt   clock.Instant
}

const columns = `o.ticket_id, o.solved_at, o.letter_at, o.gentle_at, o.asked_at, o.gentle, o.worked, o.worked_at, o.reason, o.face, o.words, o.face_at`

// Of gives what came after a ticket was solved, the zero Outcome for one that never was. The caller asks who may see it; the words are
// for those who had part in the ticket, and leads (see MaySeeWords).
func Of(ctx context.Context, tx *db.Tx, ticketID int64) (Outcome, error) {
	all, err := db.All[Outcome](ctx, tx, `SELECT `+columns+` FROM outcome o WHERE o.ticket_id = $1`, ticketID)
	if err != nil || len(all) == 0 {
		return Outcome{}, err
	}
	return all[0], nil
}

// The kinds of letters.
const (
	LetterSolved = "solved"
	LetterGentle = "gentle"
	LetterNote   = "fix note" // a note that was written after they were asked
)

// Keeper keeps what comes after solving.
type Keeper struct {
	DB        *db.DB
	Desk      *ticket.Desk
	Calendars *calendar.Store
	Log       *slog.Logger
	// Mail has a letter of a kind written to the requester of a ticket, when the transaction is committed.
	Mail func(ctx context.Context, tx *db.Tx, ticketID int64, kind string) error
}

// How long a letter waits: for whoever solved the ticket to write its note, and where nobody is asked for one, for them to take the
// solution back.
const (
	waitForNote = 15 * time.Minute
	waitAnyway  = time.Minute
)

// SolvedByRequester is the cause of a solution that the requester gave: they need not be asked.
const SolvedByRequester = "requester"

// SaidWorked gives those of some tickets of which the requester said that it works now.
func SaidWorked(ctx context.Context, tx *db.Tx, ids []int64) ([]int64, error) {
	var args db.Args
	return db.All[int64](ctx, tx, `SELECT ticket_id FROM outcome WHERE worked = 'yes' AND ticket_id IN (`+db.List(&args, ids)+`)`, args...)
}

// Hook is for ticket.Desk.Later, after that of the fix notes.
func (k *Keeper) Hook() ticket.Hook {
	return func(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, _ *ticket.Message) error {
		if e.What != ticket.StatusChanged {
			return nil
		}
		switch from, to := ticket.Status(e.FromValue), ticket.Status(e.ToValue); {
		case to == ticket.Solved && t.Status == ticket.Solved:
			return k.solved(ctx, tx, e, t)
		case !from.IsOpen() && t.IsOpen:
			return k.reopened(ctx, tx, t)
		}
		return nil
	}
}

func (k *Keeper) solved(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket) error {
	old, err := Of(ctx, tx, t.ID)
	if err != nil {
		return err
	}
	set, err := ReadSetting(ctx, tx)
	if err != nil {
		return err
	}
	program, err := byProgram(ctx, tx, t.ID)
	if err != nil {
		return err
	}
	now := Outcome{TicketID: t.ID, SolvedAt: tx.Now, AskedAt: old.AskedAt, Face: old.Face, Words: old.Words, FaceAt: old.FaceAt}
	switch {
	case e.Cause == SolvedByRequester:
		now.Worked, now.WorkedAt = Yes, tx.Now
	case old.Worked == Yes: // opened again for something else, such as thanks
		now.Worked, now.WorkedAt, now.SolvedAt = Yes, old.WorkedAt, old.SolvedAt
		return k.store(ctx, tx, now)
	case program || set.Silent:
	default:
		if now.LetterAt, err = k.letterAt(ctx, tx, t); err != nil {
			return err
		}
	}
	if err := k.store(ctx, tx, now); err != nil || program {
		return err
	}
	if now.Worked == Yes {
		if err := add(ctx, tx, now.SolvedAt, CountYes, 1); err != nil {
			return err
		}
	}
	return add(ctx, tx, now.SolvedAt, CountSolved, 1)
}

// letterAt is when the requester of a ticket that was just solved is asked.
func (k *Keeper) letterAt(ctx context.Context, tx *db.Tx, t ticket.Ticket) (clock.Instant, error) {
	asked, err := fixnote.IsAsked(ctx, tx, t.ID)
	if asked {
		return tx.Now.Add(waitForNote), err
	}
	return tx.Now.Add(waitAnyway), err
}

// byProgram tells that a program wrote what the ticket is about.
func byProgram(ctx context.Context, tx *db.Tx, ticketID int64) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM message WHERE ticket_id = $1 AND seq = 1 AND automatic`, ticketID)
}

func (k *Keeper) store(ctx context.Context, tx *db.Tx, o Outcome) error {
	_, err := tx.Exec(ctx, `INSERT INTO outcome (ticket_id, solved_at, letter_at, gentle_at, asked_at, gentle, worked, worked_at, reason, face, words, face_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (ticket_id) DO UPDATE SET solved_at = excluded.solved_at, letter_at = excluded.letter_at,
		gentle_at = excluded.gentle_at, asked_at = excluded.asked_at, gentle = excluded.gentle, worked = excluded.worked, worked_at = excluded.worked_at, reason = excluded.reason,
		face = excluded.face, words = excluded.words, face_at = excluded.face_at`,
		o.TicketID, o.SolvedAt, o.LetterAt, o.GentleAt, o.AskedAt, o.Gentle, o.Worked, o.WorkedAt, o.Reason, o.Face, o.Words, o.FaceAt)
	return err
}

// reopened has nobody be asked about a ticket that is worked on again.
func (k *Keeper) reopened(ctx context.Context, tx *db.Tx, t ticket.Ticket) error {
	solved, err := db.All[clock.Instant](ctx, tx, `UPDATE outcome SET letter_at = 0, gentle_at = 0 WHERE ticket_id = $1 RETURNING solved_at`, t.ID)
	if err != nil || len(solved) == 0 {
		return err
	}
	return add(ctx, tx, solved[0], CountReopened, 1)
}

// NoteSettled is for fixnote.Book.Settled: the letter need not wait any longer, and who was asked already gets the note by itself.
func (k *Keeper) NoteSettled(ctx context.Context, tx *db.Tx, t ticket.Ticket, n fixnote.Note) error {
	o, err := Of(ctx, tx, t.ID)
	if err != nil || o.TicketID == 0 {
		return err
	}
	if o.LetterAt > tx.Now {
		_, err := tx.Exec(ctx, `UPDATE outcome SET letter_at = $2 WHERE ticket_id = $1`, t.ID, tx.Now)
		return err
	}
	if o.LetterAt == 0 && n.Says() && k.Mail != nil {
		if program, err := byProgram(ctx, tx, t.ID); err != nil || program {
			return err
		}
		return k.Mail(ctx, tx, t.ID, LetterNote)
	}
	return nil
}

// Forget drops what is kept of a ticket that is about to be deleted for good. The counts know no tickets.
func Forget(ctx context.Context, tx *db.Tx, ticketID int64) ([]blob.Ref, error) {
	_, err := tx.Exec(ctx, `DELETE FROM outcome WHERE ticket_id = $1`, ticketID)
	return nil, err
}
