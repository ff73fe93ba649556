// Package papercut keeps the small things that annoy and are not worth a ticket: said in one sentence or with "me too", counted, gathered with
// what is like them, handed on to those who can mend them, and told to whoever said it when they are gone.
//
//	said, err := book.Say(ctx, tx, papercut.Who{Person: hana}, papercut.Said{Text: "The timesheet forgets my project", How: papercut.ByPortal})
//	near, err := papercut.Offered(ctx, tx, circle, who, 6) // what others said, for a tap
//	err = book.MeToo(ctx, tx, circle, papercut.Who{Person: hugo}, near[0].ID, "/requests")
//	_, err = book.SetState(ctx, tx, amara, said.ID, papercut.Gone, "")
//
// Invariants: no ticket is made and no answer is owed; a person, or a visitor of whom nothing is known, is counted once however often they
// say it; numbers and sentences stay within the reader's person.Circle, and what came from a private team's ticket exists for its members
// alone; what an unknown visitor wrote is shown to others only when staff have read it; who is told that it is gone has proven their address,
// and is told once.
package papercut

import (
	"context"
	"errors"
	"log/slog"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/httpout"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/secret"
)

// Book is where papercuts are kept. The program builds one; its methods are safe for concurrent use.
type Book struct {
	DB    *db.DB
	Queue *job.Queue
	Key   *secret.Signer
	Log   *slog.Logger
	// Out calls webhooks; Sign makes their signature; URL is how people reach the desk, without a slash at its end.
	Out  *httpout.Client
	Sign func(secret, id, timestamp string, body []byte) string
	URL  func() string
	// Mail has a mail written to somebody: a job in the transaction. nil mails nothing.
	Mail func(ctx context.Context, tx *db.Tx, l Letter) error
	// Send mails a tracker: it gives the text to the server, or says why not. key is the same however often it is tried.
	Send func(ctx context.Context, to, subject, text, key string) error
}

// Letter is a mail about a papercut to one person.
type Letter struct {
	Kind   string // one of the Letter… below
	Person int64
	About  int64 // the papercut
}

// The kinds of letters.
const (
	LetterGone  = "papercut_gone"  // it is gone
	LetterNoted = "papercut_noted" // what they mailed was noted
	LetterAsked = "papercut_asked" // do they want to be told when it is gone?
)

// State is where a papercut stands.
type State string

// The states.
const (
	Open     State = "open"
	HandedOn State = "handed_on" // those who can mend it know
	Gone     State = "gone"
	Stays    State = "stays" // not to be changed; the reason says why
)

// States lists them in their order.
func States() []State { return []State{Open, HandedOn, Gone, Stays} }

// Papercut is a small thing that annoys, with all who said so.
type Papercut struct {
	ID int64
	// Title is staff's own; "" for that of its first sentence.
	Title string
	// First is its first sentence.
	First     string
	Note      string // of staff for each other
	Reason    string // why it stays as it is
	State     State
	TeamID    int64 // whose it is; 0 for nobody's
	PrivateID int64 // the private team that it exists for; 0 for everybody
	Looked    bool  // staff have read it
	Hidden    bool  // staff took it out of sight
	People    int   // who have it
	Recent    int   // of these, who said so within the last weeks
	SaidAt    clock.Instant
	GoneAt    clock.Instant
	CreatedAt clock.Instant
	ChangedAt clock.Instant
	// MergedInto is the papercut that it became part of.
	MergedInto int64
}

// Name is what staff call it.
func (p Papercut) Name() string {
	if p.Title != "" {
		return p.Title
	}
	return p.First
}

// Thing is the papercut as the permission check sees it.
func (p Papercut) Thing() person.Thing { return person.Thing{TeamID: p.PrivateID} }

const columns = `p.id, p.title, coalesce(f.text, '') AS first, p.note, p.reason, p.state, p.team_id, p.private_id, p.looked, p.hidden, p.people, p.recent, p.said_at, p.gone_at, p.created_at, p.changed_at, p.merged_into`

const from = ` FROM papercut p LEFT JOIN papercut_tap f ON f.id = p.first_id `

// NotFound says that there is no such papercut, as far as the asker may know.
func NotFound() error {
	return fault.NotFound(i18n.M("This is not here, or not any more."))
}

// Get gives a papercut that somebody of the desk may see; one that became part of another gives that one.
func Get(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (Papercut, error) {
	const longest = 20
	for range longest {
		p, err := load(ctx, tx, id)
		if err != nil {
			return p, err
		}
		if !person.Can(a, person.SeePapercuts, p.Thing()) {
			return Papercut{}, NotFound()
		}
		if p.MergedInto == 0 {
			return p, nil
		}
		id = p.MergedInto
	}
	return Papercut{}, NotFound()
}

func load(ctx context.Context, tx *db.Tx, id int64) (Papercut, error) {
	p, err := db.One[Papercut](ctx, tx, `SELECT `+columns+from+`WHERE p.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		err = NotFound()
	}
	return p, err
}

// take locks and loads a papercut that somebody may change.
func take(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (Papercut, error) {
	if err := tx.Lock(ctx, "papercut", id); err != nil {
		return Papercut{}, err
	}
	p, err := load(ctx, tx, id)
	switch {
	case err != nil:
		return p, err
	case !person.Can(a, person.SeePapercuts, p.Thing()):
		return Papercut{}, NotFound()
	case !person.Can(a, person.ChangePapercuts, p.Thing()):
		return p, fault.Denied(i18n.M("You may look at this, but not change it."))
	case p.MergedInto != 0:
		return p, fault.Conflict(i18n.M("This became part of another one meanwhile. Please look at that one."))
	}
	return p, nil
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// note writes down what staff did with a papercut.
func note(ctx context.Context, tx *db.Tx, id int64, what, detail string, by int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO papercut_event (papercut_id, what, detail, by_id, at) VALUES ($1, $2, $3, $4, $5)`, id, what, detail, orNull(by), tx.Now)
	return err
}
