package sla

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"goodturn/internal/blob"
	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// sweepChunk is how many clocks are told of in one transaction: few enough that nobody else who writes waits long.
const sweepChunk = 20

// Next is when there is something to tell of some clock, as far as is known now; 0 for never.
func (k *Keeper) Next(ctx context.Context) (at clock.Instant, err error) {
	err = k.DB.Read(ctx, func(tx *db.Tx) error {
		at, err = db.One[clock.Instant](ctx, tx, `SELECT coalesce((SELECT next_at FROM sla_clock WHERE next_at > 0 ORDER BY next_at, id LIMIT 1), 0)`)
		return err
	})
	return at, err
}

// Sweep tells of every promise that is in danger or was missed by now. What is not due is not looked at. A ticket whose promise cannot be
// told of keeps none of the others from being told.
func (k *Keeper) Sweep(ctx context.Context) error {
	type due struct {
		ID       int64
		TicketID int64
		NextAt   clock.Instant
	}
	var failed error
	for after := (due{}); ; {
		var all []due
		err := k.DB.Read(ctx, func(tx *db.Tx) (err error) {
			all, err = db.All[due](ctx, tx, `SELECT id, ticket_id, next_at FROM sla_clock WHERE next_at > 0 AND next_at <= $1 AND (next_at, id) > ($2, $3) ORDER BY next_at, id LIMIT $4`, tx.Now, after.NextAt, after.ID, sweepChunk)
			return err
		})
		if err != nil || len(all) == 0 {
			return errors.Join(failed, err)
		}
		after = all[len(all)-1]
		var missed error
		err = k.DB.Write(ctx, func(tx *db.Tx) error {
			missed = nil
			for _, d := range all {
				missed = errors.Join(missed, tx.Try(ctx, func() error { return k.tell(ctx, tx, d.TicketID, d.ID) }))
			}
			return nil
		})
		failed = errors.Join(failed, missed, err)
		if err != nil {
			return failed
		}
	}
}

// tell tells of one clock, unless something happened to its ticket meanwhile.
func (k *Keeper) tell(ctx context.Context, tx *db.Tx, ticketID, clockID int64) error {
	if err := tx.Lock(ctx, "ticket", ticketID); err != nil {
		return err
	}
	t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, ticketID)
	if err != nil {
		return err
	}
	h, err := k.take(ctx, tx, t)
	if err != nil {
		return err
	}
	for _, c := range h.clocks {
		if c.ID != clockID || c.NextAt == 0 || c.NextAt > tx.Now {
			continue
		}
		terms, err := h.set.terms(ctx, tx, ReadTerms(c.Terms))
		if err != nil {
			return err
		}
		missed, danger := c.tell(tx.Now, terms.Warn, terms.when)
		what := ticket.Warned
		if missed {
			what = ticket.Breached
		}
		h.dirty[c] = true
		if err := h.store(); err != nil {
			return err
		}
		if missed || danger {
			return k.Desk.Promise(ctx, tx, t.ID, what, "", string(c.Promise), strconv.FormatInt(c.PolicyID, 10))
		}
	}
	return nil
}

// forgotten tells that a ticket was deleted for good meanwhile.
func forgotten(err error) bool { return fault.Is(err, fault.KindNotFound) }

// Forget drops what is kept of a ticket that is deleted for good; no file belongs to it.
func Forget(ctx context.Context, tx *db.Tx, ticketID int64) ([]blob.Ref, error) {
	for _, s := range []string{
		`DELETE FROM sla_span WHERE clock_id IN (SELECT id FROM sla_clock WHERE ticket_id = $1)`,
		`DELETE FROM sla_clock WHERE ticket_id = $1`,
		`DELETE FROM sla_ticket WHERE ticket_id = $1`,
	} {
		if _, err := tx.Exec(ctx, s, ticketID); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// CalendarChanged has open tickets counted anew by a calendar's other hours; see calendar.Store.Changed.
func (k *Keeper) CalendarChanged(ctx context.Context, tx *db.Tx, _ calendar.Change) error {
	return k.Recount(ctx, tx)
}

// CalendarUsed names the policies that count by a calendar; see calendar.Store.Used.
func CalendarUsed(ctx context.Context, tx *db.Tx, id int64) (out []i18n.Text, err error) {
	all, err := All(ctx, tx)
	for _, p := range all {
		if slices.Contains(p.Calendars, id) {
			out = append(out, i18n.M("the policy “{{.Name}}”", "Name", p.Name))
		}
	}
	return out, err
}
