package ticket

import (
	"context"
	"errors"
	"strconv"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// News is a promise to the requester that they hear something, whatever it is, by a moment.
type News struct {
	TicketID int64
	DueAt    clock.Instant
	Late     bool // the moment has passed
}

// furthestNews catches years that were typed wrong.
const furthestNews = 366 * 24 * time.Hour

// NewsOf gives what news a ticket owes its requester; the zero News is none.
func NewsOf(ctx context.Context, tx *db.Tx, id int64) (News, error) {
	n, err := db.One[News](ctx, tx, `SELECT ticket_id, due_at, late FROM news WHERE ticket_id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return News{}, nil
	}
	return n, err
}

// PromiseNews promises news by a moment, in place of what was promised before; 0 promises none. An answer, or what the requester is told
// otherwise, keeps the promise; see KeepNews.
func (d *Desk) PromiseNews(ctx context.Context, tx *db.Tx, by By, id int64, due clock.Instant) error {
	t, err := takeKept(ctx, tx, by, person.ChangeTicket, id)
	if err != nil {
		return err
	}
	switch {
	case due != 0 && due <= tx.Now:
		return fault.Invalid(fault.F("news", i18n.M("That moment has passed. Please choose a later one.")))
	case due > tx.Now.Add(furthestNews):
		return fault.Invalid(fault.F("news", i18n.M("That is more than a year away. Please choose an earlier moment.")))
	case due != 0 && !t.Status.IsOpen():
		return fault.Invalid(fault.F("news", i18n.M("This ticket is done, so there is no news to promise.")))
	}
	before, err := NewsOf(ctx, tx, t.ID)
	if err != nil || before.DueAt == due {
		return err
	}
	if due == 0 {
		_, err = tx.Exec(ctx, `DELETE FROM news WHERE ticket_id = $1`, t.ID)
	} else {
		_, err = tx.Exec(ctx, `INSERT INTO news (ticket_id, due_at) VALUES ($1, $2) ON CONFLICT (ticket_id) DO UPDATE SET due_at = excluded.due_at, late = FALSE`, t.ID, due)
	}
	if err != nil {
		return err
	}
	return d.record(ctx, tx, by, t, Event{What: NewsPromised, FromValue: momentText(before.DueAt), ToValue: momentText(due)}, nil)
}

// momentText is a moment in the spine: milliseconds since 1970, UTC; "" for none.
func momentText(at clock.Instant) string {
	if at == 0 {
		return ""
	}
	return strconv.FormatInt(int64(at), 10)
}

// KeepNews is a hook for the end of a transaction: what the requester hears keeps the promise of news, and so does that it is done.
func (d *Desk) KeepNews() Hook {
	return func(ctx context.Context, tx *db.Tx, e Event, t Ticket, m *Message) error {
		heard := e.What == Messaged && m != nil && !m.Inbound && !m.Automatic || e.What == ToldRequester
		if !heard && (e.What != StatusChanged || t.Status.IsOpen()) && e.What != Joined {
			return nil
		}
		if e.What == Joined {
			if e.ToValue == "" { // another became part of this one
				return nil
			}
			if _, err := tx.Exec(ctx, `INSERT INTO news (ticket_id, due_at, late) SELECT CAST($2 AS BIGINT), due_at, late FROM news WHERE ticket_id = $1 ON CONFLICT DO NOTHING`, t.ID, t.MergedInto); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `DELETE FROM news WHERE ticket_id = $1`, t.ID)
		return err
	}
}

// lateNews is how many tickets one look finds to be late with news.
const lateNews = 50

// SweepNews notes on the spine which tickets are late with news. The program calls it every second.
func (d *Desk) SweepNews(ctx context.Context, store *db.DB) error {
	var due []int64
	if err := store.Read(ctx, func(tx *db.Tx) (err error) {
		due, err = db.All[int64](ctx, tx, `SELECT ticket_id FROM news WHERE NOT late AND due_at <= $1 ORDER BY due_at LIMIT $2`, tx.Now, lateNews)
		return err
	}); err != nil || len(due) == 0 {
		return err
	}
	return store.Write(ctx, func(tx *db.Tx) error {
		for _, id := range due {
			t, err := takeKept(ctx, tx, By{Actor: person.System}, person.ChangeTicket, id)
			if err != nil {
				return err
			}
			n, err := db.All[clock.Instant](ctx, tx, `UPDATE news SET late = TRUE WHERE ticket_id = $1 AND NOT late AND due_at <= $2 RETURNING due_at`, id, tx.Now)
			if err != nil {
				return err
			}
			if len(n) == 1 {
				if err := d.record(ctx, tx, By{Actor: person.System}, t, Event{What: NewsLate, ToValue: momentText(n[0])}, nil); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
