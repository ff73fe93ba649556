// Package shift is the rota as it is stored and lived: patterns of shifts that come again (Pattern), the shifts that are made of them and who has
// each (Shift), taking and giving them back, swapping (Swap), asking to be covered for a while (Cover), what stands in the way said in words
// (Conflict), calendar feeds and invitations (Invite), and who is at the desk at a moment (OnDuty), by which routing, the line and live chats go.
//
// Shifts have absolute moments; the clock on the wall counts only while a pattern makes them, so that a night in which the clocks change has the hours
// that are really worked. Invariants: a shift that is taken by hand is never changed by its pattern; nobody has two shifts at once, nor one in an
// absence or in a team that they are not in, whoever asks; of two who say yes to covering for the same colleague one does; a swap takes place whole or
// not at all, and only while both shifts are as they were when it was asked; what a break is nobody overrides: whoever is in one is not at work; of a
// private team's rota nobody else learns anything; nothing here adds up hours of a person for anybody but them and whoever plans their week.
//
//	rota := &shift.Rota{DB: d, Queue: queue, Key: key, Zone: zone}
//	rota.Handlers()
//	duty, err := shift.OnDuty(ctx, tx, team, tx.Now) // duty.Covered, duty.People
//	err = rota.Cover(ctx, tx, jonas, shiftID, now, now.Add(time.Hour))
package shift

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/secret"
)

// Rota keeps shifts and tells those whom they concern. The program builds one.
type Rota struct {
	DB    *db.DB
	Queue *job.Queue
	Key   *secret.Signer
	Log   *slog.Logger
	// Zone is the desk's; nil is UTC.
	Zone *time.Location
	// Changed hears that who is at the desk of a team may be another now. Optional.
	Changed func(ctx context.Context, tx *db.Tx, teamID int64) error
	// Tell tells people of a page of the rota, in words; Told takes back what they have not read of it. Optional.
	Tell func(ctx context.Context, tx *db.Tx, people []int64, kind Kind, link string, words i18n.Text) error
	Told func(ctx context.Context, tx *db.Tx, people []int64, link string) error
	// Thank thanks whoever covers, in the name of the desk. Optional.
	Thank func(ctx context.Context, tx *db.Tx, c Cover) error
	// Also gives what else stands in somebody's own feed (team 0), or in that of a team. Optional.
	Also func(ctx context.Context, tx *db.Tx, personID, teamID int64, in Span) ([]FeedEntry, error)
	// Card keeps a thank-you card to somebody, and gives its id. Optional: without it nobody can write one.
	Card func(ctx context.Context, tx *db.Tx, by person.Actor, to int64, w CardWords) (int64, error)
	// Mail sends an invitation; nil sends none. An error of job.After has it tried again then.
	Mail func(ctx context.Context, m Mail) error
}

// Kind is what people are told of.
type Kind string

// The kinds.
const (
	CoverAsked Kind = "cover" // a colleague asks to be covered
	RotaNews   Kind = "rota"  // a shift of theirs changed, a swap, what became of what they asked
)

// Span is a time between two moments; Until is the first after it.
type Span struct{ From, Until clock.Instant }

func (s Span) overlaps(o Span) bool { return s.From < o.Until && o.From < s.Until }

func (s Span) has(at clock.Instant) bool { return s.From <= at && at < s.Until }

// Spans are breaks, in order. In the store they are "from-until" with spaces between them.
type Spans []Span

// Scan reads them from the store.
func (s *Spans) Scan(src any) error {
	var text string
	switch v := src.(type) {
	case string:
		text = v
	case []byte:
		text = string(v)
	}
	*s = nil
	for part := range strings.FieldsSeq(text) {
		from, until, _ := strings.Cut(part, "-")
		a, err := strconv.ParseInt(from, 10, 64)
		b, wrong := strconv.ParseInt(until, 10, 64)
		if err := errors.Join(err, wrong); err != nil {
			return fmt.Errorf("breaks %q: %w", text, err)
		}
		*s = append(*s, Span{clock.Instant(a), clock.Instant(b)})
	}
	return nil
}

// Value writes them for the store.
func (s Spans) Value() (driver.Value, error) { return s.String(), nil }

func (s Spans) String() string {
	var b strings.Builder
	for i, x := range s {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%d-%d", x.From, x.Until)
	}
	return b.String()
}

// within are the parts of breaks that lie in a span.
func (s Spans) within(of Span) (out Spans) {
	for _, x := range s {
		if x.overlaps(of) {
			out = append(out, Span{max(x.From, of.From), min(x.Until, of.Until)})
		}
	}
	return out
}

// Shift is one turn at the desk, of one person or of nobody yet.
type Shift struct {
	ID        int64
	TeamID    int64
	PatternID int64 // 0 for one that was made by hand
	Day       calendar.Date
	Slot      int
	Name      string
	Zone      string // in whose day it lies
	FromAt    clock.Instant
	UntilAt   clock.Instant
	Breaks    Spans
	Skills    string // words with spaces between them
	Unloved   int    // minutes of it in an evening, a night, a weekend, or all of it where that was said
	PersonID  int64  // 0 for nobody yet
	ForID     int64  // whom the holder covers for; 0 for nobody
	Published bool
	ByHand    bool
	ChangedAt clock.Instant
}

const columns = `s.id, s.team_id, coalesce(s.pattern_id, 0) AS pattern_id, s.day, s.slot, s.name, s.zone, s.from_at, s.until_at, s.breaks, s.skills, s.unloved,
	coalesce(s.person_id, 0) AS person_id, coalesce(s.for_id, 0) AS for_id, s.published, s.by_hand, s.changed_at`

// Longest is the longest shift: what began before cannot go on.
const Longest = 24 * time.Hour

// Span is from when until when it lasts.
func (s Shift) Span() Span { return Span{s.FromAt, s.UntilAt} }

// Worked is how long it is without its breaks, in real hours.
func (s Shift) Worked() time.Duration {
	d := s.UntilAt.Sub(s.FromAt)
	for _, b := range s.Breaks {
		d -= b.Until.Sub(b.From)
	}
	return d
}

// InBreak tells whether a moment lies in a break.
func (s Shift) InBreak(at clock.Instant) bool {
	for _, b := range s.Breaks {
		if b.has(at) {
			return true
		}
	}
	return false
}

// Wants are the skills that are asked for.
func (s Shift) Wants() []string { return strings.Fields(s.Skills) }

// URL is its page.
func (s Shift) URL() string { return "/rota/shifts/" + strconv.FormatInt(s.ID, 10) }

// Between lists the shifts of a team that lie in a time, even in part, the first first, whoever may see them.
func Between(ctx context.Context, tx *db.Tx, teamID int64, in Span) ([]Shift, error) {
	return db.All[Shift](ctx, tx, `SELECT `+columns+` FROM shift s WHERE s.team_id = $1 AND s.from_at > $2 AND s.from_at < $3 AND s.until_at > $4 ORDER BY s.from_at, s.until_at, s.id`,
		teamID, in.From.Add(-Longest)-1, in.Until, in.From)
}

// Of lists the shifts that somebody has in a time, in whatever team, the first first.
func Of(ctx context.Context, tx *db.Tx, personID int64, in Span) ([]Shift, error) {
	return db.All[Shift](ctx, tx, `SELECT `+columns+` FROM shift s WHERE s.person_id = $1 AND s.from_at > $2 AND s.from_at < $3 AND s.until_at > $4 ORDER BY s.from_at, s.id`,
		personID, in.From.Add(-Longest)-1, in.Until, in.From)
}

// See finds a shift that somebody may see. Drafts are seen by whoever plans, and by who has them to do with.
func See(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (Shift, error) {
	s, err := byID(ctx, tx, id)
	if err == nil && (!person.Can(a, person.SeeRota, person.Thing{TeamID: s.TeamID}) || !s.Published && !person.Can(a, person.PlanRota, person.Thing{TeamID: s.TeamID})) {
		return Shift{}, gone()
	}
	return s, err
}

func byID(ctx context.Context, tx *db.Tx, id int64) (Shift, error) {
	s, err := db.One[Shift](ctx, tx, `SELECT `+columns+` FROM shift s WHERE s.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		err = gone()
	}
	return s, err
}

// locked is byID with the row locked, for a decision that rests on it.
func locked(ctx context.Context, tx *db.Tx, id int64) (Shift, error) {
	if err := tx.Lock(ctx, "shift", id); err != nil {
		return Shift{}, err
	}
	return byID(ctx, tx, id)
}

func gone() error { return fault.NotFound(i18n.M("There is no such shift any more.")) }

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// insert adds a shift and gives its id.
func insert(ctx context.Context, tx *db.Tx, s Shift) (int64, error) {
	return db.One[int64](ctx, tx, `INSERT INTO shift (team_id, pattern_id, day, slot, name, zone, from_at, until_at, breaks, skills, unloved, person_id, for_id, published, by_hand, created_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16) RETURNING id`,
		s.TeamID, orNull(s.PatternID), int64(s.Day), s.Slot, s.Name, s.Zone, s.FromAt, s.UntilAt, s.Breaks.String(), s.Skills, s.Unloved, orNull(s.PersonID), orNull(s.ForID), s.Published, s.ByHand, tx.Now)
}

// store writes a shift that is there already.
func store(ctx context.Context, tx *db.Tx, s Shift) error {
	_, err := tx.Exec(ctx, `UPDATE shift SET day = $2, name = $3, zone = $4, from_at = $5, until_at = $6, breaks = $7, skills = $8, unloved = $9, person_id = $10, for_id = $11, published = $12, by_hand = $13, changed_at = $14 WHERE id = $1`,
		s.ID, int64(s.Day), s.Name, s.Zone, s.FromAt, s.UntilAt, s.Breaks.String(), s.Skills, s.Unloved, orNull(s.PersonID), orNull(s.ForID), s.Published, s.ByHand, tx.Now)
	return err
}

func (r *Rota) zone() *time.Location {
	if r.Zone != nil {
		return r.Zone
	}
	return time.UTC
}

func (r *Rota) changed(ctx context.Context, tx *db.Tx, teamID int64) error {
	if r.Changed == nil {
		return nil
	}
	return r.Changed(ctx, tx, teamID)
}

func (r *Rota) tell(ctx context.Context, tx *db.Tx, kind Kind, link string, words i18n.Text, people ...int64) error {
	if r.Tell == nil || len(people) == 0 {
		return nil
	}
	return r.Tell(ctx, tx, people, kind, link, words)
}
