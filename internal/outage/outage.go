// Package outage tells people what does not work for many at once, and what work is planned, so that nobody has to ask.
//
// Staff post an Outage with an Audience and the words by which it is recognised. Tickets are linked to it, people say "me too"; together they
// are who has it. An Update is told to each of them once, by mail and on the pages; closing is the last one. Planned work begins and ends by
// itself. Like finds what fits the words that somebody types.
//
//	o, err := board.Post(ctx, tx, by, outage.New{Title: "VPN is down", Words: "vpn, anyconnect", Audience: outage.Everybody})
//	hits, err := board.Like(ctx, tx, circle, "I cannot reach the vpn since this morning")
//	_, err = board.Tell(ctx, tx, by, o.ID, outage.News{Text: "The router is being exchanged.", NextAt: at})
//
// Invariants: numbers and names stay within the reader's person.Circle, and an outage for some organisations exists for nobody else; that of
// a team exists for staff only, and that of a private team for its members only; a person is counted once, however often they ask; an
// update reaches a person once, however often the work is interrupted; nothing links a ticket but a person of the desk or its requester.
package outage

import (
	"context"
	"errors"
	"log/slog"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
)

// State is where an outage stands.
type State string

// The states.
const (
	Planned   State = "planned"   // work that has not begun
	Open      State = "open"      // it is broken, or being worked on, now
	Over      State = "over"      //
	Cancelled State = "cancelled" // planned work that will not be
)

// Current tells that it is now or to come.
func (s State) Current() bool { return s == Planned || s == Open }

// Audience is whom an outage concerns.
type Audience string

// The audiences.
const (
	Everybody         Audience = "all"           // whoever comes to the desk's pages
	SomeOrganisations Audience = "organisations" // people of these, and nobody else
	OwnTeam           Audience = "team"          // staff alone; of a private team its members alone
)

// Outage is something that does not work, or planned work.
type Outage struct {
	ID            int64
	Planned       bool // it was announced as planned work
	Title         string
	What          string // what does not work, in some sentences; may be ""
	Words         string // by which it is recognised beside its title, with commas between them
	Audience      Audience
	Organisations []int64 `db:"-"` // of SomeOrganisations
	TeamID        int64   // of OwnTeam
	State         State
	SinceAt       clock.Instant // since when, or from when on
	UntilAt       clock.Instant // when planned work ends
	OverAt        clock.Instant // when it was over; 0 for not yet
	NextAt        clock.Instant // when the next news comes; 0 for not said
	RemindedAt    clock.Instant
	Changed       int64 // how often what a calendar shows was changed
	ByID          int64
	CreatedAt     clock.Instant
	ChangedAt     clock.Instant
}

// Late tells that the news is late that was promised.
func (o Outage) Late(now clock.Instant) bool {
	return o.State == Open && o.NextAt != 0 && o.NextAt < now
}

const columns = `o.id, o.planned, o.title, o.what, o.words, o.audience, o.team_id, o.state, o.since_at, o.until_at, o.over_at, o.next_at, o.reminded_at, o.changed, o.by_id, o.created_at, o.changed_at`

// Board is where outages are posted. The program builds one.
type Board struct {
	DB    *db.DB
	Desk  *ticket.Desk
	Queue *job.Queue
	Key   *secret.Signer
	Log   *slog.Logger
	// Mail has a mail written to somebody: a job in the transaction. nil mails nothing.
	Mail func(ctx context.Context, tx *db.Tx, l Letter) error
	// Remind tells staff that the news is due that they promised. nil tells nobody.
	Remind func(ctx context.Context, tx *db.Tx, people []int64, o Outage) error

	memory memory
}

// Letter is a mail about an outage to one person.
type Letter struct {
	Kind   string // LetterNews or LetterConfirm
	Person int64
	Ticket int64 // of theirs, that is linked to it; 0 for none
	About  int64 // the update, or for LetterConfirm the outage
}

// The kinds of letters.
const (
	LetterNews    = "outage_news"
	LetterConfirm = "outage_confirm"
)

// Handlers names the handlers of our jobs on the queue. It is called once, before the queue runs.
func (b *Board) Handlers() { b.Queue.Handle(tellJob, b.tell) }

// Thing is the outage as the permission check sees it.
func (o Outage) Thing() person.Thing { return person.Thing{TeamID: o.TeamID} }

// NotFound says that there is no such outage, as far as the asker may know.
func NotFound() error {
	return fault.NotFound(i18n.M("This is not here, or not any more."))
}

// Get gives an outage that somebody of the desk may see; one of a private team that is not theirs is not found.
func Get(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (Outage, error) {
	o, err := load(ctx, tx, id)
	if err == nil && !person.Can(a, person.SeeOutages, o.Thing()) {
		return Outage{}, NotFound()
	}
	return o, err
}

func load(ctx context.Context, tx *db.Tx, id int64) (Outage, error) {
	o, err := db.One[Outage](ctx, tx, `SELECT `+columns+` FROM outage o WHERE o.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return o, NotFound()
	}
	if err != nil || o.Audience != SomeOrganisations {
		return o, err
	}
	o.Organisations, err = db.All[int64](ctx, tx, `SELECT organisation_id FROM outage_organisation WHERE outage_id = $1 ORDER BY organisation_id`, id)
	return o, err
}

// take locks and loads an outage that somebody may change.
func take(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (Outage, error) {
	if err := tx.Lock(ctx, "outage", id); err != nil {
		return Outage{}, err
	}
	o, err := Get(ctx, tx, a, id)
	if err == nil && !person.Can(a, person.PostOutages, o.Thing()) {
		return o, fault.Denied(i18n.M("You may look at this, but not change it."))
	}
	return o, err
}

// List gives the outages that somebody of the desk may see: what is now and to come first, then what is over, the newest first, at most
// limit of these.
func List(ctx context.Context, tx *db.Tx, a person.Actor, limit int) (current, past []Outage, err error) {
	if current, err = db.All[Outage](ctx, tx, `SELECT `+columns+` FROM outage o WHERE o.state IN ('open', 'planned') ORDER BY o.state, o.since_at, o.id`); err != nil {
		return nil, nil, err
	}
	past, err = db.All[Outage](ctx, tx, `SELECT `+columns+` FROM outage o WHERE o.over_at > 0 ORDER BY o.over_at DESC, o.id DESC LIMIT $1`, limit)
	if err != nil {
		return nil, nil, err
	}
	if err := organisations(ctx, tx, current); err != nil {
		return nil, nil, err
	}
	return seenBy(a, current), seenBy(a, past), organisations(ctx, tx, past)
}

func seenBy(a person.Actor, all []Outage) (out []Outage) {
	for _, o := range all {
		if person.Can(a, person.SeeOutages, o.Thing()) {
			out = append(out, o)
		}
	}
	return out
}

// organisations fills in whom outages concern.
func organisations(ctx context.Context, tx *db.Tx, all []Outage) error {
	var ids []int64
	for _, o := range all {
		if o.Audience == SomeOrganisations {
			ids = append(ids, o.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	type row struct{ OutageID, OrganisationID int64 }
	var args db.Args
	rows, err := db.All[row](ctx, tx, `SELECT outage_id, organisation_id FROM outage_organisation WHERE outage_id IN (`+db.List(&args, ids)+`) ORDER BY organisation_id`, args...)
	for i := range all {
		for _, r := range rows {
			if r.OutageID == all[i].ID {
				all[i].Organisations = append(all[i].Organisations, r.OrganisationID)
			}
		}
	}
	return err
}
