package bulk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// How much is done in one transaction: others who write wait for it at most that long and for one ticket more.
const (
	chunkTime  = 25 * time.Millisecond
	chunkItems = 100
	chunkNoted = 500
)

// run does a change from where it stands to its end, or until somebody stops it.
func (r *Runner) run(ctx context.Context, id int64) error {
	if err := r.collect(ctx, id); err != nil {
		return err
	}
	for {
		over, err := r.chunk(ctx, id)
		if err != nil || over {
			return err
		}
	}
}

// collect notes the tickets of a view, or those of the change that is taken back. The view is read in one transaction, so
// that it stands still; that which a run before this one noted is a part of it, or was a moment ago.
func (r *Runner) collect(ctx context.Context, id int64) error {
	var b row
	var ids []int64
	err := r.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := db.All[row](ctx, tx, `SELECT `+columns+` FROM bulk b WHERE b.id = $1`, id)
		if err != nil || len(all) == 0 || all[0].State != Collecting || all[0].Undoes != 0 {
			if len(all) > 0 {
				b = all[0]
			}
			return err
		}
		b = all[0]
		a, err := person.ActorOf(ctx, tx, b.PersonID)
		if err != nil {
			return err
		}
		ids, err = idsOf(ctx, tx, a, b.Filter, 0)
		return err
	})
	if err != nil || b.State != Collecting {
		return err
	}
	for next, more := int64(0), true; more; {
		err := r.DB.Write(ctx, func(tx *db.Tx) error {
			still, err := db.Exists(ctx, tx, `SELECT 1 FROM bulk WHERE id = $1 AND state = 'collecting'`, id)
			if err != nil || !still {
				more = false
				return err
			}
			if b.Undoes != 0 {
				next, more, err = noteUndo(ctx, tx, b.Bulk, next)
			} else {
				next, more, err = note(ctx, tx, id, ids, next)
			}
			if err != nil || more {
				return err
			}
			_, err = tx.Exec(ctx, `UPDATE bulk SET state = 'running', total = (SELECT count(*) FROM bulk_item WHERE bulk_id = $1) WHERE id = $1`, id)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// note notes some of ids, from a place on.
func note(ctx context.Context, tx *db.Tx, id int64, ids []int64, from int64) (next int64, more bool, err error) {
	next = min(from+chunkNoted, int64(len(ids)))
	for _, t := range ids[from:next] {
		if _, err := tx.Exec(ctx, `INSERT INTO bulk_item (bulk_id, ticket_id, state) VALUES ($1, $2, 'waiting') ON CONFLICT DO NOTHING`, id, t); err != nil {
			return from, false, err
		}
	}
	return next, next < int64(len(ids)), nil
}

// noteUndo notes tickets whose change is to be taken back, from a number on.
func noteUndo(ctx context.Context, tx *db.Tx, b Bulk, after int64) (next int64, more bool, err error) {
	if after == 0 { // a run before this one may have noted some
		if after, err = db.One[int64](ctx, tx, `SELECT coalesce(max(ticket_id), 0) FROM bulk_item WHERE bulk_id = $1`, b.ID); err != nil {
			return 0, false, err
		}
	}
	n, err := tx.Exec(ctx, copyItems, b.Undoes, b.ID, after, chunkNoted)
	if err != nil || n == 0 {
		return after, false, err
	}
	next, err = db.One[int64](ctx, tx, `SELECT max(ticket_id) FROM bulk_item WHERE bulk_id = $1`, b.ID)
	return next, n == chunkNoted, err
}

// item is a ticket of a change.
type item struct {
	TicketID int64
	Applied  string
}

// chunk changes some of the tickets that wait, in one transaction; over tells that there is no more to do.
func (r *Runner) chunk(ctx context.Context, id int64) (over bool, err error) {
	err = r.DB.Write(ctx, func(tx *db.Tx) error {
		over = false
		if err := tx.Lock(ctx, "bulk", id); err != nil {
			return err
		}
		all, err := db.All[row](ctx, tx, `SELECT `+columns+` FROM bulk b WHERE b.id = $1`, id)
		if err != nil || len(all) == 0 || all[0].State != Running {
			over = true
			return err
		}
		b, err := all[0].open()
		if err != nil {
			return err
		}
		a, err := person.ActorOf(ctx, tx, b.PersonID)
		if errors.Is(err, db.ErrNoRow) { // they left meanwhile, and their right with them
			over = true
			_, err = tx.Exec(ctx, `UPDATE bulk SET state = 'stopped', ended_at = $2 WHERE id = $1`, id, tx.Now)
			return err
		}
		if err != nil {
			return err
		}
		waiting, err := db.All[item](ctx, tx, `SELECT ticket_id, applied FROM bulk_item WHERE bulk_id = $1 AND state = 'waiting' ORDER BY ticket_id LIMIT $2`, id, chunkItems)
		if err != nil {
			return err
		}
		if len(waiting) == 0 {
			over = true
			_, err = tx.Exec(ctx, `UPDATE bulk SET state = 'done', ended_at = $2 WHERE id = $1`, id, tx.Now)
			return err
		}
		return r.changeSome(ctx, tx, b, a, waiting)
	})
	return over, err
}

// changeSome changes tickets until the time of a chunk is used up.
func (r *Runner) changeSome(ctx context.Context, tx *db.Tx, b Bulk, a person.Actor, waiting []item) error {
	ctx = i18n.With(ctx, i18n.Match("", a.Language), time.UTC)
	by := ticket.By{Actor: a}
	var done, changed, failed int
	args := db.Args{b.ID}
	var rows []string
	for began := time.Now(); done < len(waiting) && (done == 0 || time.Since(began) < chunkTime); done++ {
		state, reason, applied, err := r.changeOne(ctx, tx, b, by, waiting[done])
		if err != nil {
			return err
		}
		switch state {
		case "changed":
			changed++
		case "failed":
			failed++
		}
		rows = append(rows, fmt.Sprintf("(CAST(%s AS BIGINT), CAST(%s AS TEXT), CAST(%s AS TEXT), CAST(%s AS TEXT))", args.Add(waiting[done].TicketID), args.Add(state), args.Add(reason), args.Add(applied)))
	}
	_, err := tx.Exec(ctx, `WITH v (id, state, reason, applied) AS (VALUES `+strings.Join(rows, ", ")+`)
		UPDATE bulk_item SET state = v.state, reason = v.reason, applied = v.applied FROM v WHERE bulk_id = $1 AND ticket_id = v.id`, args...)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE bulk SET done = done + $2, changed = changed + $3, failed = failed + $4 WHERE id = $1`, b.ID, done, changed, failed)
	return err
}

// changeOne changes one ticket, whole or not at all. What a person can understand is told of the ticket; any other error
// ends the chunk, which is tried again.
func (r *Runner) changeOne(ctx context.Context, tx *db.Tx, b Bulk, by ticket.By, x item) (state, reason, applied string, err error) {
	var done ticket.Applied
	var left []ticket.What
	err = tx.Try(ctx, func() (err error) {
		if b.Undoes == 0 {
			done, err = r.Desk.Apply(ctx, tx, by, x.TicketID, b.Actions)
			return err
		}
		if err := json.Unmarshal([]byte(x.Applied), &done); err != nil {
			return err
		}
		left, err = r.Desk.Revert(ctx, tx, by, x.TicketID, done)
		return err
	})
	if f, ok := fault.Of(err); ok {
		return "failed", explain(ctx, f), "", nil
	}
	if err != nil {
		return "", "", "", err
	}
	if b.Undoes != 0 {
		if len(left) > 0 {
			return "failed", leftWords(ctx, left), "", nil
		}
		return "changed", "", "", nil
	}
	if !done.Changed() {
		return "same", "", "", nil
	}
	raw, err := json.Marshal(done)
	return "changed", "", string(raw), err
}

// explain is a fault in a line.
func explain(ctx context.Context, f *fault.Error) string {
	if len(f.Fields) == 0 {
		return i18n.Print(ctx, f.Message)
	}
	var all []string
	for _, x := range f.Fields {
		all = append(all, i18n.Print(ctx, x.Message))
	}
	return strings.Join(all, " ")
}

// leftWords says what was not taken back.
func leftWords(ctx context.Context, left []ticket.What) string {
	for _, what := range left {
		if what != ticket.Messaged && what != ticket.Noted {
			return i18n.T(ctx, "Somebody has changed it since, and what they changed was left as it is.")
		}
	}
	return i18n.T(ctx, "What was said stays on the ticket; everything else was taken back.")
}
