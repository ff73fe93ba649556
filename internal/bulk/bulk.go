// Package bulk changes many tickets at once: a selection, or all that a view shows at that moment.
//
// A change is a row, and a row for each ticket of it, which are made before anything is changed: the set stands still from
// then on. It runs in short transactions, so that others who write never wait long for it, and each of them notes what
// became of its tickets: after a crash it goes on where it stood, and no ticket is changed twice. What was changed is
// kept, so that the whole can be taken back as far as nobody has changed the same since.
//
// Invariants: the person's rights are loaded anew for every chunk; a ticket that cannot be changed is told with its reason and
// holds nobody else up; a change belongs to whoever asked for it, and exists for nobody else.
//
//	b, err := runner.Start(ctx, actor, bulk.New{Tickets: []int64{1042, 1043}, Actions: []ticket.Action{{Do: ticket.DoStatus, Value: "solved"}}})
//	b, err = runner.Undo(ctx, actor, b.ID)
package bulk

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// State is how far a change is.
type State string

// The states.
const (
	Collecting State = "collecting" // the tickets of the view are being noted; nothing is changed yet
	Running    State = "running"
	Stopped    State = "stopped" // by whoever asked for it, who may have it go on
	Done       State = "done"
)

// AtOnce is how many tickets are changed while whoever asked waits; more are a job.
const AtOnce = 200

// MaxTickets is how many tickets can be named one by one.
const MaxTickets = 1000

// Bulk is one change of many tickets.
type Bulk struct {
	ID        int64
	PersonID  int64
	Actions   []ticket.Action `db:"-"`
	Filter    string          // of the view, "" for tickets that were named
	Undoes    int64           // the change that this one takes back; 0 for none
	State     State
	Total     int64
	Done      int64 // of them, whatever became of them
	Changed   int64
	Failed    int64
	StartedAt clock.Instant
	EndedAt   clock.Instant // 0 for not yet
	UndoneBy  int64         // the change that takes this one back; 0 for none
}

// Over tells that nothing more will happen by itself.
func (b Bulk) Over() bool { return b.State == Done || b.State == Stopped }

// CanUndo tells whether there is something to take back.
func (b Bulk) CanUndo() bool { return b.Over() && b.Changed > 0 && b.Undoes == 0 && b.UndoneBy == 0 }

// New is a change to be started: either Tickets or a view.
type New struct {
	Tickets []int64
	View    bool   // all that Filter lets through, in the language of lists
	Filter  string // may be "", which is every ticket
	Actions []ticket.Action
}

// Runner does the changes. The program builds one.
type Runner struct {
	DB    *db.DB
	Desk  *ticket.Desk
	Queue *job.Queue
	Log   *slog.Logger
}

const jobKind = "bulk"

type jobArgs struct {
	ID int64 `json:"id"`
}

// Handlers names the handler of our job on the queue. It is called once, before the queue runs.
func (r *Runner) Handlers() {
	r.Queue.Handle(jobKind, func(ctx context.Context, raw json.RawMessage) error {
		var args jobArgs
		if err := json.Unmarshal(raw, &args); err != nil {
			return job.Permanent(err)
		}
		return r.run(ctx, args.ID)
	})
}

// row is a Bulk as it is stored.
type row struct {
	Bulk
	ActionsText string
}

const columns = `b.id, b.person_id, b.actions AS actions_text, b.filter, b.undoes, b.state, b.total, b.done, b.changed, b.failed, b.started_at, b.ended_at,
	(SELECT u.id FROM bulk u WHERE u.undoes = b.id) AS undone_by`

func (x row) open() (Bulk, error) {
	err := json.Unmarshal([]byte(x.ActionsText), &x.Bulk.Actions)
	return x.Bulk, err
}

// Get gives a change of the actor's own. That of anybody else is not found.
func Get(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (Bulk, error) {
	x, err := db.One[row](ctx, tx, `SELECT `+columns+` FROM bulk b WHERE b.id = $1 AND b.person_id = $2`, id, a.ID)
	if errors.Is(err, db.ErrNoRow) {
		return Bulk{}, fault.NotFound(i18n.M("There is no such change of many tickets."))
	}
	if err != nil {
		return Bulk{}, err
	}
	return x.open()
}

// recentCount is how many changes are listed.
const recentCount = 30

// Recent lists the actor's own changes, the newest first.
func Recent(ctx context.Context, tx *db.Tx, a person.Actor) ([]Bulk, error) {
	rows, err := db.All[row](ctx, tx, `SELECT `+columns+` FROM bulk b WHERE b.person_id = $1 ORDER BY b.id DESC LIMIT $2`, a.ID, recentCount)
	if err != nil {
		return nil, err
	}
	out := make([]Bulk, len(rows))
	for i, x := range rows {
		if out[i], err = x.open(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Failure is a ticket that was not changed, or not taken back whole, and why.
type Failure struct {
	TicketID int64
	Reason   string // in the language of whoever asked for the change
}

// Failures lists up to limit of the tickets that could not be changed, by number, from after on.
func Failures(ctx context.Context, tx *db.Tx, id, after int64, limit int) ([]Failure, error) {
	return db.All[Failure](ctx, tx, `SELECT ticket_id, reason FROM bulk_item WHERE bulk_id = $1 AND state = 'failed' AND ticket_id > $2 ORDER BY ticket_id LIMIT $3`, id, after, limit)
}

// keep is how long a change can be looked at and taken back.
const keep = 30 * 24 * time.Hour

// Sweep forgets a change that is older than thirty days; called again and again, it forgets them all.
func Sweep(ctx context.Context, tx *db.Tx) error {
	old, err := db.All[int64](ctx, tx, `SELECT id FROM bulk b WHERE started_at < $1 AND state IN ('done', 'stopped') AND NOT EXISTS (SELECT 1 FROM bulk u WHERE u.undoes = b.id) ORDER BY id LIMIT 5`, tx.Now.Add(-keep))
	if err != nil || len(old) == 0 {
		return err
	}
	var args db.Args
	gone := db.List(&args, old)
	if _, err := tx.Exec(ctx, `DELETE FROM bulk_item WHERE bulk_id IN (`+gone+`)`, args...); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM bulk WHERE id IN (`+gone+`)`, args...)
	return err
}
