// Package stint is turns at the desk for people whose work is elsewhere: who takes one and when (Policy), the time itself beside a mentor, and
// what came of it (Debrief). An apprenticeship is the same without an end, in stages.
//
// A guest knows nothing of the desk's tickets but those that are lent to them (person.Lend), and of the people on them the names alone. They
// write drafts; their mentor sends, or says yes to exactly what they send. Both rights end by themselves, whatever is forgotten.
//
//	keeper := &stint.Keeper{DB: d, Desk: desk, Mail: …, Tell: …}
//	s, err := keeper.Propose(ctx, tx, policy, personID) // a date that fits calendar and mentor
//	err = keeper.Invite(ctx, tx, by, s.ID)
//	err = keeper.Agree(ctx, tx, actor, s.ID)            // as the one who is invited
//	all, err := keeper.Fitting(ctx, tx, actor)          // the starter line, while the stint runs
//	err = keeper.Take(ctx, tx, actor, all[0].TicketID)
//	err = keeper.HandOn(ctx, tx, actor, ticketID, "Is this kind enough?")
//	err = keeper.Approve(ctx, tx, mentor, s.ID, ticketID, version) // in the stage Review
//	err = keeper.Send(ctx, tx, actor, ticketID, version)
//
// Invariants: nothing of a private team is ever lent; nothing of a guest's goes out that somebody of the desk has not read as it is; what is whispered is read by the two alone and stands on no spine; nobody's
// stint is counted or compared but as done, due or excused.
package stint

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
)

// State is where a stint stands.
type State string

// The states.
const (
	Proposed  State = "proposed"  // a date that nobody was told yet
	Invited   State = "invited"   // they were asked
	Agreed    State = "agreed"    // they said yes
	Running   State = "running"   // they are at the desk
	Over      State = "over"      // done
	Declined  State = "declined"  // they said no to this date, and why
	Cancelled State = "cancelled" // it does not take place
)

// Stage is how far somebody goes on tickets.
type Stage string

// The stages, in order.
const (
	Shadow Stage = "shadow" // they read along with their mentor's tickets
	Drafts Stage = "draft"  // they write drafts, the mentor sends
	Review Stage = "review" // they send what their mentor said yes to
	Alone  Stage = "alone"  // they work at the desk
)

// Stages lists them in order.
func Stages() []Stage { return []Stage{Shadow, Drafts, Review, Alone} }

// Kind is what a turn is for.
type Kind string

// The kinds.
const (
	Turn           Kind = "stint"
	Apprenticeship Kind = "apprenticeship" // until it is ended: stages with a sign-off
)

// Stint is one person's turn at the desk.
type Stint struct {
	ID         int64
	PolicyID   int64 // 0 for none
	TeamID     int64
	PersonID   int64
	MentorID   int64 // 0 for nobody yet
	Kind       Kind
	Stage      Stage
	State      State
	FromAt     clock.Instant
	Until      clock.Instant
	Sequence   int64 // how often its date was changed (RFC 5545, 3.8.7.4)
	InvitedAt  clock.Instant
	RemindedAt clock.Instant
	BegunAt    clock.Instant
	Stayed     int64         // minutes that they stayed longer
	DueAt      clock.Instant // when it is looked at next; 0 for never
	EndedAt    clock.Instant
	Answer     string // what they said to the invitation
	CreatedAt  clock.Instant
}

const columns = `s.id, coalesce(s.policy_id, 0) AS policy_id, s.team_id, s.person_id, coalesce(s.mentor_id, 0) AS mentor_id, s.kind, s.stage, s.state, s.from_at, s.until, s.sequence, s.invited_at, s.reminded_at, s.begun_at, s.stayed, s.due_at, s.ended_at, s.answer, s.created_at`

// Keeper keeps stints. The program builds one.
type Keeper struct {
	DB   *db.DB
	Desk *ticket.Desk
	Log  *slog.Logger
	Key  *secret.Signer // signs what calendars name invitations by
	// Papercuts takes what guests saw that annoys.
	Papercuts *papercut.Book
	// Hours are the working hours of a team.
	Hours func(ctx context.Context, tx *db.Tx, teamID int64) (*calendar.Calendar, error)
	// Away tells whether somebody is away at any time between two moments.
	Away func(ctx context.Context, tx *db.Tx, personID int64, from, until clock.Instant) (bool, error)
	// Rota tells who is on shift in a team between two moments. nil is a desk without rotas.
	Rota func(ctx context.Context, tx *db.Tx, teamID int64, from, until clock.Instant) (Rota, error)
	// Mail has a letter about a stint mailed to somebody: a job in the transaction. nil mails none.
	Mail func(ctx context.Context, tx *db.Tx, l Letter) error
	// Tell tells people at the desk, each in their language, with the page where they see more.
	Tell func(ctx context.Context, tx *db.Tx, people []int64, link string, words i18n.Text) error

	mu    sync.Mutex
	lines map[int64]heldLine // starter lines by team
}

// Letter is a mail about a stint.
type Letter struct {
	StintID  int64  `json:"stint"`
	PersonID int64  `json:"person"`
	About    string `json:"about"` // one of the Letter… constants
}

// What letters are about.
const (
	LetterInvites = "invitation"
	LetterReminds = "reminder"
	LetterMoved   = "moved"
	LetterCalled  = "cancelled"
	LetterDebrief = "debrief"
	LetterThanks  = "thanks"
	LetterMentor  = "mentor" // to the mentor: who comes, and when
	LetterKeeps   = "keeps"  // another time that was proposed by a calendar cannot be
)

// ByID gives a stint, or fault.NotFound.
func ByID(ctx context.Context, tx *db.Tx, id int64) (Stint, error) {
	s, err := db.One[Stint](ctx, tx, `SELECT `+columns+` FROM stint s WHERE s.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		err = fault.NotFound(i18n.M("There is no such stint."))
	}
	return s, err
}

// own gives a stint of the actor's own, locked. Anybody else's is not found.
func own(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (Stint, error) {
	s, err := locked(ctx, tx, id)
	if err == nil && (s.PersonID != a.ID || !a.SignedIn()) {
		err = fault.NotFound(i18n.M("There is no such stint."))
	}
	return s, err
}

func locked(ctx context.Context, tx *db.Tx, id int64) (Stint, error) {
	if err := tx.Lock(ctx, "stint", id); err != nil {
		if errors.Is(err, db.ErrNoRow) {
			err = fault.NotFound(i18n.M("There is no such stint."))
		}
		return Stint{}, err
	}
	return ByID(ctx, tx, id)
}

// Of lists somebody's stints, the newest first, 50 at most.
func Of(ctx context.Context, tx *db.Tx, personID int64) ([]Stint, error) {
	return db.All[Stint](ctx, tx, `SELECT `+columns+` FROM stint s WHERE s.person_id = $1 AND s.state <> 'proposed' ORDER BY s.from_at DESC, s.id DESC LIMIT 50`, personID)
}

// Now gives the stint that somebody is in; the zero Stint for none.
func Now(ctx context.Context, tx *db.Tx, personID int64) (Stint, error) {
	s, err := db.One[Stint](ctx, tx, `SELECT `+columns+` FROM stint s WHERE s.person_id = $1 AND s.state = 'running' ORDER BY s.from_at DESC LIMIT 1`, personID)
	if errors.Is(err, db.ErrNoRow) {
		return Stint{}, nil
	}
	return s, err
}

// Beside lists the stints that somebody is the mentor of and that are not over, the first first.
func Beside(ctx context.Context, tx *db.Tx, mentorID int64) ([]Stint, error) {
	return db.All[Stint](ctx, tx, `SELECT `+columns+` FROM stint s WHERE s.mentor_id = $1 AND s.state IN ('invited', 'agreed', 'running') ORDER BY s.from_at, s.id LIMIT 100`, mentorID)
}

// Between tells whether the actor is one of the two of a stint.
func (s Stint) Between(a person.Actor) bool {
	return a.SignedIn() && a.ID != 0 && (a.ID == s.PersonID || a.ID == s.MentorID)
}

// Open tells that it may still take place, or does.
func (s Stint) Open() bool {
	return s.State == Proposed || s.State == Invited || s.State == Agreed || s.State == Running
}

// Length is how long it takes.
func (s Stint) Length() time.Duration { return s.Until.Sub(s.FromAt) }

// put stores what may change of a stint.
func (s Stint) put(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE stint SET mentor_id = $2, stage = $3, state = $4, from_at = $5, until = $6, sequence = $7, invited_at = $8, reminded_at = $9, begun_at = $10, stayed = $11, due_at = $12, ended_at = $13, answer = $14 WHERE id = $1`,
		s.ID, orNull(s.MentorID), s.Stage, s.State, s.FromAt, s.Until, s.Sequence, s.InvitedAt, s.RemindedAt, s.BegunAt, s.Stayed, s.due(), s.EndedAt, s.Answer)
	tx.Signal(Signal, s.PersonID)
	if s.MentorID != 0 {
		tx.Signal(Signal, s.MentorID)
	}
	return err
}

// Signal is the signal (db.Tx.Signal) that something about a stint of a person changed; its id is theirs.
const Signal = "stint"

// remindBefore is how long before it begins somebody is reminded.
const remindBefore = 24 * time.Hour

// due is when something is to be done about it by itself.
func (s Stint) due() clock.Instant {
	switch s.State {
	case Invited, Agreed:
		if s.RemindedAt == 0 {
			return s.FromAt.Add(-remindBefore)
		}
		return s.FromAt
	case Running:
		if s.Kind == Apprenticeship {
			return 0
		}
		return s.Until
	}
	return 0
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// Letters lists what letters are about.
func Letters() []string {
	return []string{LetterInvites, LetterReminds, LetterMoved, LetterCalled, LetterDebrief, LetterThanks, LetterMentor, LetterKeeps}
}
