package outcome

import (
	"context"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// atOnce is how many tickets one transaction asks about.
const atOnce = 100

// Sweep writes the letters that are due.
func (k *Keeper) Sweep(ctx context.Context) error {
	for {
		var more bool
		var due []int64
		err := k.DB.Read(ctx, func(tx *db.Tx) (err error) {
			due, err = db.All[int64](ctx, tx, `SELECT ticket_id FROM outcome WHERE letter_at > 0 AND letter_at <= $1 ORDER BY letter_at, ticket_id LIMIT $2`, tx.Now, atOnce)
			if err != nil || len(due) == atOnce {
				return err
			}
			gentle, err := db.All[int64](ctx, tx, `SELECT ticket_id FROM outcome WHERE gentle_at > 0 AND gentle_at <= $1 ORDER BY gentle_at, ticket_id LIMIT $2`, tx.Now, atOnce-len(due))
			due = append(due, gentle...)
			return err
		})
		if err != nil || len(due) == 0 {
			return err
		}
		more = len(due) == atOnce
		for _, id := range due {
			if err := k.DB.Write(ctx, func(tx *db.Tx) error { return k.askAbout(ctx, tx, id) }); err != nil {
				return err
			}
		}
		if err := k.DB.Write(ctx, func(tx *db.Tx) error { return fold(ctx, tx) }); err != nil || !more {
			return err
		}
	}
}

// askAbout writes the letter that is due about a ticket.
func (k *Keeper) askAbout(ctx context.Context, tx *db.Tx, id int64) error {
	if err := tx.Lock(ctx, "ticket", id); err != nil {
		return err
	}
	o, err := Of(ctx, tx, id)
	if err != nil || o.TicketID == 0 {
		return err
	}
	t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, id)
	if err != nil {
		return err
	}
	gone := t.IsOpen || t.MergedInto != 0 || t.TrashedAt != 0 || t.Turn.Doubtful()
	switch {
	case o.LetterAt > 0 && o.LetterAt <= tx.Now:
		o.LetterAt = 0
		if !gone {
			if err := k.Mail(ctx, tx, id, LetterSolved); err != nil {
				return err
			}
			o.AskedAt = tx.Now
			if o.GentleAt, err = k.gentleAt(ctx, tx, o); err != nil {
				return err
			}
		}
	case o.GentleAt > 0 && o.GentleAt <= tx.Now:
		o.GentleAt = 0
		may, err := k.mayAskAgain(ctx, tx, t, o)
		if err != nil {
			return err
		}
		if may && !gone {
			if err := k.Mail(ctx, tx, id, LetterGentle); err != nil {
				return err
			}
			o.AskedAt, o.Gentle = tx.Now, true
		}
	default:
		return nil // somebody else has seen to it
	}
	return k.store(ctx, tx, o)
}

// aWeek is how long somebody is left alone after they were asked about another ticket.
const aWeek = 7 * day

// mayAskAgain tells whether a requester who stayed silent is asked once more.
func (k *Keeper) mayAskAgain(ctx context.Context, tx *db.Tx, t ticket.Ticket, o Outcome) (bool, error) {
	if o.Worked != "" || o.Face != 0 || o.Gentle {
		return false, nil
	}
	if program, err := byProgram(ctx, tx, t.ID); err != nil || program {
		return false, err
	}
	other, err := db.Exists(ctx, tx, `SELECT 1 FROM ticket t JOIN outcome o ON o.ticket_id = t.id
		WHERE t.requester_id = $1 AND t.id <> $2 AND t.activity_at > $3 AND o.asked_at > $4 LIMIT 1`, t.RequesterID, t.ID, tx.Now.Add(-120*day), tx.Now.Add(-aWeek))
	return !other, err
}

// gentleAt is so many working days after they were asked, at the same time of day; 0 for never.
func (k *Keeper) gentleAt(ctx context.Context, tx *db.Tx, o Outcome) (clock.Instant, error) {
	set, err := ReadSetting(ctx, tx)
	if err != nil || set.Days == 0 || o.Gentle {
		return 0, err
	}
	if k.Calendars == nil {
		return tx.Now.Add(time.Duration(set.Days) * day), nil
	}
	_, c, err := k.Calendars.Standard(ctx, tx)
	if fault.Is(err, fault.KindNotFound) {
		return tx.Now.Add(time.Duration(set.Days) * day), nil
	}
	if err != nil {
		return 0, err
	}
	return workingDays(c, tx.Now, set.Days), nil
}

// workingDays is the same time of day so many days later, days on which nobody works left out.
func workingDays(c *calendar.Calendar, from clock.Instant, n int) clock.Instant {
	at := from.Time().In(c.Location(from))
	plan := c.Days(calendar.DateAt(at)+1, 120)
	for i, d := range plan {
		if len(d.Spans) > 0 {
			if n--; n == 0 {
				return clock.From(at.AddDate(0, 0, i+1))
			}
		}
	}
	return from.Add(time.Duration(n) * day) // a desk that is always there, or never
}
