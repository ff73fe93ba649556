package bulk

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Start begins a change. Up to AtOnce tickets are changed before it returns; more go on as a job, and what is returned tells
// how far it is (Over). It runs transactions of its own.
func (r *Runner) Start(ctx context.Context, a person.Actor, n New) (Bulk, error) {
	tickets := slices.Compact(slices.Sorted(slices.Values(n.Tickets)))
	switch {
	case !n.View && len(tickets) == 0:
		return Bulk{}, fault.Invalid(fault.F("ticket", i18n.M("Please choose at least one ticket.")))
	case len(tickets) > MaxTickets:
		return Bulk{}, fault.Invalid(fault.F("ticket", i18n.M("At most {{.Count}} tickets can be chosen one by one. Please choose all of the view, or fewer.", "Count", i18n.Amount(MaxTickets))))
	}
	if n.View { // a small view is done at once, like tickets that were named
		err := r.DB.Read(ctx, func(tx *db.Tx) (err error) {
			tickets, err = idsOf(ctx, tx, a, n.Filter, AtOnce+1)
			return err
		})
		if err != nil {
			return Bulk{}, err
		}
		if len(tickets) == 0 {
			return Bulk{}, fault.Invalid(fault.F("ticket", i18n.M("There is no ticket in this view now.")))
		}
	}
	var id int64
	err := r.DB.Write(ctx, func(tx *db.Tx) error {
		err := ticket.CheckActions(ctx, tx, a, n.Actions)
		if err != nil {
			return err
		}
		raw, err := json.Marshal(n.Actions)
		if err != nil {
			return err
		}
		later := n.View && len(tickets) > AtOnce
		state, named := Running, tickets
		if later {
			state, named = Collecting, nil
		}
		if id, err = insert(ctx, tx, a, row{Bulk: Bulk{Filter: n.Filter, State: state, Total: int64(len(named))}, ActionsText: string(raw)}); err != nil {
			return err
		}
		if err := addItems(ctx, tx, id, named); err != nil {
			return err
		}
		return r.queue(ctx, tx, id, len(tickets) <= AtOnce)
	})
	if err != nil {
		return Bulk{}, err
	}
	return r.begin(ctx, a, id, len(tickets) <= AtOnce)
}

// begin does a small change to its end, and gives the change as it is then.
func (r *Runner) begin(ctx context.Context, a person.Actor, id int64, atOnce bool) (b Bulk, err error) {
	if atOnce {
		if err := r.run(context.WithoutCancel(ctx), id); err != nil { // a browser that goes away does not leave half of it
			r.Log.Error("a change of many tickets will be tried again", "bulk", id, "error", err)
		}
	}
	err = r.DB.Read(ctx, func(tx *db.Tx) error {
		b, err = Get(ctx, tx, a, id)
		return err
	})
	return b, err
}

// Undo begins the change that takes another one back. Asked for twice, it gives the one that was begun.
func (r *Runner) Undo(ctx context.Context, a person.Actor, id int64) (Bulk, error) {
	var undo, changed int64
	begun := false
	err := r.DB.Write(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "bulk", id); err != nil {
			return err
		}
		b, err := Get(ctx, tx, a, id)
		if err != nil {
			return err
		}
		if undo, changed, begun = b.UndoneBy, b.Changed, b.UndoneBy != 0; begun {
			return nil
		}
		if !b.CanUndo() {
			return fault.Conflict(i18n.M("There is nothing to take back: this change is still running, changed nothing, or takes back another one."))
		}
		state := Running
		if changed > AtOnce {
			state = Collecting
		}
		if undo, err = insert(ctx, tx, a, row{Bulk: Bulk{State: state, Undoes: id, Total: changed}, ActionsText: "[]"}); err != nil {
			return err
		}
		if state == Running {
			if _, err := tx.Exec(ctx, copyItems, id, undo, 0, AtOnce); err != nil {
				return err
			}
		}
		return r.queue(ctx, tx, undo, state == Running)
	})
	if err != nil {
		return Bulk{}, err
	}
	return r.begin(ctx, a, undo, !begun && changed <= AtOnce)
}

// Stop ends a change that runs; what is done stays done.
func Stop(ctx context.Context, tx *db.Tx, a person.Actor, id int64) error {
	if err := tx.Lock(ctx, "bulk", id); err != nil {
		return err
	}
	b, err := Get(ctx, tx, a, id)
	if err != nil || b.Over() {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE bulk SET state = 'stopped', ended_at = $2 WHERE id = $1`, id, tx.Now)
	return err
}

// GoOn has a change that was stopped go on with the tickets that are left.
func (r *Runner) GoOn(ctx context.Context, tx *db.Tx, a person.Actor, id int64) error {
	if err := tx.Lock(ctx, "bulk", id); err != nil {
		return err
	}
	b, err := Get(ctx, tx, a, id)
	if err != nil || b.State != Stopped {
		return err
	}
	if b.UndoneBy != 0 {
		return fault.Conflict(i18n.M("This change was taken back, so it does not go on."))
	}
	state := Running
	if b.Total == 0 || b.Undoes != 0 { // it was stopped before all its tickets were noted, or may have been
		state = Collecting
	}
	if _, err := tx.Exec(ctx, `UPDATE bulk SET state = $2, ended_at = 0 WHERE id = $1`, id, state); err != nil {
		return err
	}
	return r.queue(ctx, tx, id, false)
}

// Where a change is done at once, a job looks after this time whether it came to its end.
const lookAfter = time.Minute

func (r *Runner) queue(ctx context.Context, tx *db.Tx, id int64, atOnce bool) error {
	j := job.New(jobKind, jobArgs{id})
	if atOnce {
		j.At = tx.Now.Add(lookAfter)
	}
	return r.Queue.Insert(ctx, tx, j)
}

// copyItems has the changed tickets of a change, from a number on, wait for being taken back.
const copyItems = `INSERT INTO bulk_item (bulk_id, ticket_id, state, applied) SELECT $2, ticket_id, 'waiting', applied FROM bulk_item
	WHERE bulk_id = $1 AND state = 'changed' AND ticket_id > $3 ORDER BY ticket_id LIMIT $4`

func insert(ctx context.Context, tx *db.Tx, a person.Actor, x row) (int64, error) {
	var undoes any
	if x.Undoes != 0 {
		undoes = x.Undoes
	}
	return db.One[int64](ctx, tx, `INSERT INTO bulk (person_id, actions, filter, undoes, state, total, started_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
		a.ID, x.ActionsText, x.Filter, undoes, x.State, x.Total, tx.Now)
}

// addItems notes tickets that wait.
func addItems(ctx context.Context, tx *db.Tx, id int64, tickets []int64) error {
	rows := make([][]any, len(tickets))
	for i, t := range tickets {
		rows[i] = []any{id, t, "waiting"}
	}
	err := db.InsertRows(ctx, tx, "bulk_item (bulk_id, ticket_id, state)", rows)
	if errors.Is(err, db.ErrReference) {
		return fault.Invalid(fault.F("ticket", i18n.M("One of the chosen tickets does not exist. Please load the list again.")))
	}
	return err
}

// idsOf gives the tickets that a filter lets through, up to limit; 0 is all of them.
func idsOf(ctx context.Context, tx *db.Tx, a person.Actor, filter string, limit int) (ids []int64, err error) {
	p := ticket.Page{Filter: filter, Size: ticket.MaxPage}
	for {
		rows, err := ticket.List(ctx, tx, a, person.SeeTicket, p)
		if err != nil {
			return nil, err
		}
		for _, x := range rows.Items {
			if ids = append(ids, x.ID); len(ids) == limit {
				return ids, nil
			}
		}
		if p.Cursor = rows.Next; p.Cursor == "" {
			return ids, nil
		}
	}
}

// Steer stops a change, or has it go on, in a transaction of its own.
func (r *Runner) Steer(ctx context.Context, a person.Actor, id int64, goOn bool) error {
	return r.DB.Write(ctx, func(tx *db.Tx) error {
		if goOn {
			return r.GoOn(ctx, tx, a, id)
		}
		return Stop(ctx, tx, a, id)
	})
}
