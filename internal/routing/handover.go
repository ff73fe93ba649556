package routing

import (
	"context"
	"errors"
	"slices"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

const handOverChunk = 20 // few enough that nobody else who writes waits long

// begin hands over what somebody has whose absence begins. One that was over before anybody looked hands over nothing.
func (r *Router) begin(ctx context.Context, id int64) error {
	var failed error
	for after := int64(0); ; {
		var some []int64
		var missed error
		err := r.DB.Write(ctx, func(tx *db.Tx) error {
			some, missed = nil, nil
			if err := tx.Lock(ctx, "absence", id); err != nil {
				return err
			}
			a, err := absenceByID(ctx, tx, id)
			if err != nil || a.BegunAt != 0 || a.FromAt > tx.Now {
				return err
			}
			if a.HandOver != Keeps && a.UntilAt > tx.Now {
				if some, err = db.All[int64](ctx, tx, `SELECT id FROM ticket WHERE assignee_id = $1 AND turn = 'ours' AND id > $2 ORDER BY id LIMIT $3`, a.PersonID, after, handOverChunk); err != nil {
					return err
				}
			}
			for _, t := range some {
				missed = errors.Join(missed, r.attempt(ctx, tx, "a ticket could not be handed over", t, func() error { return r.handOver(ctx, tx, a, t) }))
			}
			if missed != nil || len(some) == handOverChunk {
				return missed
			}
			_, err = tx.Exec(ctx, `UPDATE absence SET begun_at = $2 WHERE id = $1`, id, tx.Now)
			return err
		})
		failed = errors.Join(failed, err)
		if err != nil || len(some) < handOverChunk {
			return failed
		}
		after = some[len(some)-1]
	}
}

// standIn hands over a ticket that is our turn again, whose assignee is away.
func (r *Router) standIn(ctx context.Context, tx *db.Tx, t ticket.Ticket) error {
	a, away, err := AwayNow(ctx, tx, t.AssigneeID)
	if err != nil || !away || a.HandOver == Keeps {
		return err
	}
	return r.handOver(ctx, tx, a, t.ID)
}

// handOver gives a ticket of somebody who is away to whoever is to have it, with a note that says so.
func (r *Router) handOver(ctx context.Context, tx *db.Tx, a Absence, id int64) error {
	if err := tx.Lock(ctx, "ticket", id); err != nil {
		return err
	}
	t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, id)
	if err != nil || t.AssigneeID != a.PersonID || t.Turn != ticket.Ours {
		return err
	}
	to := int64(0)
	if a.HandOver == ToDeputy {
		if to, err = deputyOf(ctx, tx, a, t); err != nil {
			return err
		}
	}
	why := Reason{Why: ForAway, Away: a.PersonID}
	switch {
	case to != 0:
		err = r.Desk.Assign(ctx, tx, desk(why), id, to)
	case a.HandOver == ToNobody:
		why.Why = NoHelper
		err = r.Desk.Assign(ctx, tx, desk(why), id, 0)
	default:
		to, err = r.giveBack(ctx, tx, a, t)
	}
	if err != nil {
		return err
	}
	if err := r.noteHandOver(ctx, tx, a, t, to); err != nil || to == 0 || r.Handed == nil {
		return err
	}
	return r.Handed(ctx, tx, t, to)
}

// giveBack gives a ticket to whoever of the team is to have it; else nobody has it, and it waits with what is new.
func (r *Router) giveBack(ctx context.Context, tx *db.Tx, a Absence, t ticket.Ticket) (to int64, err error) {
	s, err := SharingOf(ctx, tx, t.TeamID)
	if err != nil {
		return 0, err
	}
	if s.Way != Pull {
		given, err := r.give(ctx, tx, s, t, Reason{Away: a.PersonID})
		if err != nil {
			return 0, err
		}
		if given {
			return db.One[int64](ctx, tx, `SELECT coalesce(assignee_id, 0) FROM ticket WHERE id = $1`, t.ID)
		}
	}
	if err := r.Desk.Assign(ctx, tx, desk(Reason{Why: NoHelper, Away: a.PersonID}), t.ID, 0); err != nil || s.Way == Pull {
		return 0, err
	}
	return 0, r.wait(ctx, tx, s, t)
}

// deputyOf is who stands in: the deputy, or when they are away themselves theirs, and so on. 0 is nobody: all of them are away, in a ring
// or not, may not see the ticket, or do not work here any more.
func deputyOf(ctx context.Context, tx *db.Tx, a Absence, t ticket.Ticket) (int64, error) {
	seen := []int64{a.PersonID}
	for next := a.DeputyID; next != 0 && !slices.Contains(seen, next); {
		seen = append(seen, next)
		away, is, err := AwayNow(ctx, tx, next)
		if err != nil {
			return 0, err
		}
		if is {
			next = away.DeputyID
			continue
		}
		d, err := person.ActorOf(ctx, tx, next)
		if errors.Is(err, db.ErrNoRow) {
			return 0, nil
		}
		if err != nil || !person.Can(d, person.ChangeTicket, t.Thing()) {
			return 0, err
		}
		return next, nil
	}
	return 0, nil
}

// noteHandOver writes on the ticket who is away until when, and who has it now, in the language of whoever has it.
func (r *Router) noteHandOver(ctx context.Context, tx *db.Tx, a Absence, t ticket.Ticket, to int64) error {
	reader := a.PersonID
	if to != 0 {
		reader = to
	}
	p, err := person.Get(ctx, tx, reader)
	if err != nil {
		return err
	}
	names, err := person.Names(ctx, tx, []int64{a.PersonID, to})
	if err != nil {
		return err
	}
	ctx = i18n.With(ctx, i18n.Match("", p.Language), r.zone(p.Zone))
	text := i18n.T(ctx, "{{.Name}} is away until {{.Day}}; nobody has it now.", "Name", names[a.PersonID], "Day", Day(ctx, tx.Now, a.UntilAt))
	if to != 0 {
		text = i18n.T(ctx, "{{.Name}} is away until {{.Day}}; {{.Person}} has it now.", "Name", names[a.PersonID], "Day", Day(ctx, tx.Now, a.UntilAt), "Person", names[to])
	}
	if a.Note != "" {
		text += "\n\n" + i18n.T(ctx, "{{.Name}} says: {{.Text}}", "Name", names[a.PersonID], "Text", a.Note)
	}
	_, err = r.Desk.Note(ctx, tx, desk(Reason{Why: ForAway, Away: a.PersonID}), t.ID, ticket.Draft{Text: text, Channel: ticket.ByDesk, Automatic: true})
	return err
}

func (r *Router) zone(name string) *time.Location {
	if name != "" {
		if z, err := time.LoadLocation(name); err == nil {
			return z
		}
	}
	if r.Zone != nil {
		return r.Zone
	}
	return time.UTC
}

// Day says when somebody is back, for a sentence: the day, or the time of day when that is today.
func Day(ctx context.Context, now, at clock.Instant) string {
	zone := i18n.ZoneOf(ctx)
	if now.Time().In(zone).YearDay() == at.Time().In(zone).YearDay() && at.Sub(now) < 24*time.Hour {
		return i18n.Clock(ctx, at)
	}
	return i18n.DateLong(ctx, at)
}
