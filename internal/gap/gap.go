// Package gap says what people ask that nobody has written down, and whether writing it helped.
//
// A gap is a topic of tickets (found by internal/cluster among the desk's own tickets), words that were searched in vain or whose results
// nobody opened, an article after which a ticket came anyway, questions asked of an article, or one that is stale. Each has its counts by
// week, an owner, and a way to write what is missing; once readers have that, Effect compares how often it came before and after with how
// often like things came in the same weeks.
//
//	k := &gap.Keeper{DB: d, Log: log}
//	err := k.Sweep(ctx)                                  // every minute: takes in new tickets; once a night: the rest
//	all, err := gap.All(ctx, tx, gap.List{Kind: gap.Topic})
//	e, err := k.Effect(ctx, tx, all[0])
//
// Invariants: private teams' tickets are not counted, and no word of a label comes from them; a topic keeps its name from week to week;
// nothing is kept of who searched or read.
package gap

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/cluster"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Kind says what a gap was noticed by.
type Kind string

// The kinds.
const (
	Topic    Kind = "topic"    // tickets about the same
	Nothing  Kind = "nothing"  // searches without a result
	Unopened Kind = "unopened" // searches whose results nobody opened
	Came     Kind = "came"     // an article was read, and a ticket came anyway
	Asked    Kind = "asked"    // readers say what is missing in an article
	Stale    Kind = "stale"    // an article that was to be looked at again, or no longer helps
	Said     Kind = "said"     // somebody who was at the desk says that it should be written down
)

// Kinds lists them in the order in which they are shown.
func Kinds() []Kind { return []Kind{Topic, Said, Nothing, Unopened, Came, Asked, Stale} }

// OfArticle tells that the gap is in an article that is there.
func (k Kind) OfArticle() bool { return k == Came || k == Asked || k == Stale }

// State is what became of a gap.
type State string

// The states.
const (
	Open  State = "open"
	Aside State = "aside" // somebody said that nothing is to be written
	Gone  State = "gone"  // it is no gap any more, by itself
)

// Gap is one.
type Gap struct {
	ID        int64
	Kind      Kind
	Ref       string // the topic, the words or the article that it is of
	Label     string
	State     State
	OwnerID   int64
	ArticleID int64         // what was written because of it, or the article that it is in; 0 for none
	LiveAt    clock.Instant // since when readers have that, or since it was changed because of this; 0 for not yet
	Lately    int64         // how often it came in the last four whole weeks
	FoundAt   clock.Instant
	Version   int64
}

const columns = `id, kind, ref, label, state, owner_id, article_id, live_at, lately, found_at, version`

// Keeper finds gaps.
type Keeper struct {
	DB  *db.DB
	Log *slog.Logger
	// Written has those told who said that something should be written down, once readers have it: in the transaction that notes it. Optional.
	Written func(ctx context.Context, tx *db.Tx, g Gap, people []int64) error
	// Most bounds of how many tickets is learned; 0 is cluster.MostLearned.
	Most int64

	mu      sync.Mutex
	model   *cluster.Model
	version int64 // of model

	read     readers
	searched searched
}

// Week counts the weeks since Monday, 5 January 1970 (UTC).
func Week(at clock.Instant) int64 { return (int64(at) - firstMonday) / week }

// Monday is when a week begins.
func Monday(w int64) time.Time { return clock.Instant(firstMonday + w*week).Time() }

const (
	day         = int64(24 * time.Hour / time.Millisecond)
	week        = 7 * day
	firstMonday = 4 * day
)

// List is which gaps are wanted: those that came most often lately first.
type List struct {
	Kind  Kind
	State State // "" is Open
	// OwnerID is whose; 0 is everybody's.
	OwnerID int64
	// Before and BeforeID go on after that one; 0 is from the start.
	Before, BeforeID int64
	Size             int
}

// All lists gaps. Of topics, only those are gaps that came lately.
func All(ctx context.Context, tx *db.Tx, l List) ([]Gap, error) {
	if l.State == "" {
		l.State = Open
	}
	args := db.Args{l.State, l.Kind}
	where := ""
	if l.OwnerID != 0 {
		where += ` AND owner_id = ` + args.Add(l.OwnerID)
	}
	if l.BeforeID != 0 {
		where += ` AND (lately, id) < (` + args.Add(l.Before) + `, ` + args.Add(l.BeforeID) + `)`
	}
	if l.Kind == Topic && l.State == Open {
		where += ` AND (lately > 0 OR article_id IS NOT NULL)`
	}
	return db.All[Gap](ctx, tx, `SELECT `+columns+` FROM gap WHERE state = $1 AND kind = $2`+where+` ORDER BY lately DESC, id DESC LIMIT `+args.Add(l.Size), args...)
}

// ByID gives one.
func ByID(ctx context.Context, tx *db.Tx, id int64) (Gap, error) {
	g, err := db.One[Gap](ctx, tx, `SELECT `+columns+` FROM gap WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return g, fault.NotFound(i18n.M("There is no such gap. It may have been closed meanwhile."))
	}
	return g, err
}

// Count is how often a gap came in a week.
type Count struct{ Week, N int64 }

// Counts gives the counts of gaps over the weeks from ≤ week ≤ to, by gap; a week without is left out.
func Counts(ctx context.Context, tx *db.Tx, ids []int64, from, to int64) (map[int64][]Count, error) {
	type row struct {
		GapID int64
		Count
	}
	args := db.Args{from, to}
	all, err := db.All[row](ctx, tx, `SELECT gap_id, week, n FROM gap_week WHERE week >= $1 AND week <= $2 AND gap_id IN (`+db.List(&args, ids)+`) ORDER BY gap_id, week`, args...)
	out := make(map[int64][]Count, len(ids))
	for _, r := range all {
		out[r.GapID] = append(out[r.GapID], r.Count)
	}
	return out, err
}

// Example is a ticket of a gap.
type Example struct {
	ID        int64
	Subject   string
	CreatedAt clock.Instant
}

// Examples gives the newest tickets of a gap that somebody may see.
func Examples(ctx context.Context, tx *db.Tx, a person.Actor, id int64, size int) ([]Example, error) {
	args := db.Args{id}
	return db.All[Example](ctx, tx, `SELECT t.id, t.subject, t.created_at FROM gap_ticket g JOIN ticket t ON t.id = g.ticket_id
		WHERE g.gap_id = $1 AND t.trashed_at = 0 AND `+person.Visible(a, person.SeeTicket, &args)+` ORDER BY g.ticket_id DESC LIMIT `+args.Add(size), args...)
}

// change locks a gap, looks that it is as the changer saw it, and notes the change. was 0 is whoever asks for no more than the newest.
func change(ctx context.Context, tx *db.Tx, a person.Actor, id, was int64) (Gap, error) {
	if !person.Can(a, person.WriteArticles, person.Thing{}) {
		return Gap{}, fault.Denied(i18n.Text{})
	}
	if err := tx.Lock(ctx, "gap", id); err != nil {
		return Gap{}, err
	}
	g, err := ByID(ctx, tx, id)
	if err == nil && was != 0 && was != g.Version {
		err = fault.Conflict(i18n.M("Somebody else changed this meanwhile. Please look at it again."))
	}
	if err != nil {
		return g, err
	}
	_, err = tx.Exec(ctx, `UPDATE gap SET version = version + 1 WHERE id = $1`, id)
	return g, err
}

// Own gives a gap to somebody who sees to it; 0 to nobody.
func Own(ctx context.Context, tx *db.Tx, a person.Actor, id, ownerID int64) error {
	if _, err := change(ctx, tx, a, id, 0); err != nil {
		return err
	}
	if ownerID != 0 {
		owner, err := person.ActorOf(ctx, tx, ownerID)
		if err != nil || !owner.Staff() {
			return errors.Join(err, fault.Invalid(fault.F("owner", i18n.M("Please choose somebody who works at the desk."))))
		}
	}
	_, err := tx.Exec(ctx, `UPDATE gap SET owner_id = $2 WHERE id = $1`, id, orNull(ownerID))
	return err
}

// Put sets a gap aside, or opens it again.
func Put(ctx context.Context, tx *db.Tx, a person.Actor, id int64, s State) error {
	if s != Open && s != Aside {
		return fault.Invalid(fault.F("state", i18n.M("This is not one of the choices.")))
	}
	if _, err := change(ctx, tx, a, id, 0); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE gap SET state = $2 WHERE id = $1`, id, s)
	return err
}

// Answered says which article answers a gap; 0 says that none does after all.
func Answered(ctx context.Context, tx *db.Tx, a person.Actor, id, articleID int64) error {
	g, err := change(ctx, tx, a, id, 0)
	if err != nil {
		return err
	}
	if g.Kind.OfArticle() {
		return fault.Invalid(fault.F("article", i18n.M("This is about that article already.")))
	}
	_, err = tx.Exec(ctx, `UPDATE gap SET article_id = $2, live_at = 0, owner_id = coalesce(owner_id, $3) WHERE id = $1`, id, orNull(articleID), orNull(a.ID))
	if err != nil {
		return err
	}
	return published(ctx, tx, id)
}

// published notes since when readers have what was written, or what was changed since the gap was found; 0 for every gap.
func published(ctx context.Context, tx *db.Tx, id int64) error {
	for _, part := range []struct{ kinds, since string }{{`'topic', 'nothing', 'unopened', 'said'`, `0`}, {`'came', 'asked', 'stale'`, `gap.found_at`}} {
		_, err := tx.Exec(ctx, `UPDATE gap SET live_at = coalesce((SELECT min(x.live_at) FROM article_text x WHERE x.article_id = gap.article_id AND x.live > 0 AND x.live_at > `+part.since+`), 0)
			WHERE live_at = 0 AND article_id IS NOT NULL AND kind IN (`+part.kinds+`) AND (id = $1 OR $1 = 0)`, id)
		if err != nil {
			return fmt.Errorf("note what was published: %w", err)
		}
	}
	return nil
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// Learned tells that there were tickets enough to find topics.
func Learned(ctx context.Context, tx *db.Tx) (bool, error) {
	s, err := load(ctx, tx)
	return s.Learned > 0, err
}

// Solved gives the newest tickets of a gap that are solved and that somebody may see.
func Solved(ctx context.Context, tx *db.Tx, a person.Actor, id int64, size int) ([]int64, error) {
	args := db.Args{id}
	return db.All[int64](ctx, tx, `SELECT t.id FROM gap_ticket g JOIN ticket t ON t.id = g.ticket_id
		WHERE g.gap_id = $1 AND NOT t.is_open AND t.turn = '' AND t.trashed_at = 0 AND `+person.Visible(a, person.SeeTicket, &args)+` ORDER BY g.ticket_id DESC LIMIT `+args.Add(size), args...)
}
