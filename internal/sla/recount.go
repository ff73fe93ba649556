package sla

import (
	"context"
	"encoding/json"

	"goodturn/internal/db"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

const (
	recountJob   = "sla_recount"
	recountLook  = 500 // tickets looked for at once
	recountChunk = 25  // few enough that nobody else who writes waits long
)

// Handlers names the handler of our job on the queue. It is called once, before the queue runs.
func (k *Keeper) Handlers() { k.Queue.Handle(recountJob, k.recount) }

// Recount has the promises of all open tickets looked at again, in the background: a policy or a calendar has changed. What they have used
// so far stays.
func (k *Keeper) Recount(ctx context.Context, tx *db.Tx) error {
	return k.Queue.Insert(ctx, tx, job.Job{Kind: recountJob, Unique: recountJob})
}

// recount is the job. It goes through the open tickets in short transactions, and may begin anew at any time.
func (k *Keeper) recount(ctx context.Context, _ json.RawMessage) error {
	for after := int64(0); ; {
		var open []int64
		err := k.DB.Read(ctx, func(tx *db.Tx) (err error) {
			open, err = db.All[int64](ctx, tx, `SELECT t.id FROM ticket t WHERE t.is_open = TRUE AND t.id > $1 ORDER BY t.id LIMIT $2`, after, recountLook)
			return err
		})
		if err != nil || len(open) == 0 {
			return err
		}
		after = open[len(open)-1]
		for len(open) > 0 {
			n := min(recountChunk, len(open))
			err := k.DB.Write(ctx, func(tx *db.Tx) error {
				for _, id := range open[:n] {
					if err := k.again(ctx, tx, id); err != nil && !forgotten(err) {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
			open = open[n:]
		}
	}
}

// again looks at the promises of one ticket.
func (k *Keeper) again(ctx context.Context, tx *db.Tx, id int64) error {
	if err := tx.Lock(ctx, "ticket", id); err != nil {
		return err
	}
	t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, id)
	if err != nil {
		return err
	}
	h, err := k.take(ctx, tx, t)
	if err != nil || h.idle() || t.Turn.Aside() {
		return err
	}
	if err := h.choose(); err != nil {
		return err
	}
	if err := h.settle(tx.Now, true); err != nil {
		return err
	}
	return h.store()
}
