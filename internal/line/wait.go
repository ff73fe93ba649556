package line

import (
	"context"
	"encoding/json"
	"slices"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// wait is somebody's wait for an answer.
type wait struct {
	ID, TicketID, TeamID int64
	Again                bool
	BeganAt              clock.Instant
	Looks                int
}

// maxLooks is how often a wait is looked at.
const maxLooks = 12

// looked are the events after which a wait is another one: they may begin or end it, or give it another place.
var looked = []ticket.What{
	ticket.Messaged, ticket.StatusChanged, ticket.Assigned, ticket.TeamChanged, ticket.PriorityChanged, ticket.Suspected, ticket.Trashed, ticket.Joined, ticket.Parted,
	ticket.SnoozeChanged, ticket.SplitOff, ticket.TermsChanged,
}

// Hook follows the spine; it belongs into ticket.Desk.Later, after what may change the ticket once more.
func (l *Line) Hook() ticket.Hook {
	return func(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, m *ticket.Message) error {
		if !slices.Contains(looked, e.What) {
			return nil
		}
		open, err := db.All[wait](ctx, tx, `SELECT id, ticket_id, team_id, again, began_at, looks FROM line_wait WHERE ticket_id = $1 AND ended_at = 0`, t.ID)
		if err != nil {
			return err
		}
		waiting := In(t) && t.WaitingSince != 0
		if err := l.passes(ctx, tx, e, t, m, waiting && len(open) == 0); err != nil {
			return err
		}
		switch {
		case len(open) > 0 && serves(e, t, m):
			return l.served(ctx, tx, open[0], e.PersonID)
		case len(open) > 0 && !waiting:
			return drop(ctx, tx, open[0].ID)
		case len(open) == 0 && waiting:
			return l.begins(ctx, tx, t)
		case len(open) > 0 && e.What != ticket.Messaged && e.What != ticket.TermsChanged:
			return l.look(ctx, tx, open[0], t, false)
		}
		return nil
	}
}

// serves tells that it was the request's turn: a person answered, or looked at it and put it aside, such as on hold because it waits for
// something. A rule does not, nor the requester who says that it is done.
func serves(e ticket.Event, t ticket.Ticket, m *ticket.Message) bool {
	switch {
	case e.Actor != "person" || e.PersonID == t.RequesterID:
		return false
	case m != nil:
		return !m.Inbound && !m.Internal && !m.Automatic
	}
	return !In(t) && t.TrashedAt == 0 && (e.What == ticket.StatusChanged || e.What == ticket.SnoozeChanged)
}

// drop forgets a wait that did not end with its turn: there is nothing to learn about waits from it.
func drop(ctx context.Context, tx *db.Tx, id int64) error {
	if _, err := tx.Exec(ctx, `DELETE FROM line_look WHERE wait_id = $1`, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM line_wait WHERE id = $1`, id)
	return err
}

// begins notes that somebody waits from now on.
func (l *Line) begins(ctx context.Context, tx *db.Tx, t ticket.Ticket) error {
	w := wait{TicketID: t.ID, TeamID: t.TeamID, Again: t.AnsweredAt != 0, BeganAt: tx.Now}
	var err error
	w.ID, err = db.One[int64](ctx, tx, `INSERT INTO line_wait (ticket_id, team_id, again, began_at, look_at) VALUES ($1, $2, $3, $4, 0) RETURNING id`, w.TicketID, w.TeamID, w.Again, w.BeganAt)
	if err != nil {
		return err
	}
	return l.look(ctx, tx, w, t, true)
}

// look notes how things stand for a wait, and what would be told now.
func (l *Line) look(ctx context.Context, tx *db.Tx, w wait, t ticket.Ticket, arrival bool) error {
	if t.TeamID != w.TeamID {
		if _, err := tx.Exec(ctx, `UPDATE line_wait SET team_id = $2 WHERE id = $1`, w.ID, t.TeamID); err != nil {
			return err
		}
	}
	place, err := PlaceOf(ctx, tx, t)
	if err != nil || !place.Waits {
		return err
	}
	k, err := l.learnt(ctx, tx, t.TeamID)
	if err != nil {
		return err
	}
	tr, err := traitsOf(ctx, tx, k.crew, t, place, w.BeganAt, w.Again)
	if err != nil {
		return err
	}
	told := ""
	if b, _, ok := k.bounds(tr, arrival); ok {
		told = encode(b)
	}
	if w.Looks < maxLooks {
		if _, err := tx.Exec(ctx, `INSERT INTO line_look (wait_id, team_id, at, arrival, traits, told) VALUES ($1, $2, $3, $4, $5, $6)`, w.ID, t.TeamID, tx.Now, arrival, encode(tr), told); err != nil {
			return err
		}
	}
	again := tx.Now.Add(k.pause(tx.Now, w.BeganAt))
	if w.Looks+1 >= maxLooks {
		again = 0
	}
	_, err = tx.Exec(ctx, `UPDATE line_wait SET looks = looks + 1, look_at = $2 WHERE id = $1`, w.ID, again)
	return err
}

func encode(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// served ends a wait: what was seen of it can be learnt from.
func (l *Line) served(ctx context.Context, tx *db.Tx, w wait, by int64) error {
	looks, err := db.All[lookRow](ctx, tx, `SELECT id, team_id, at, arrival, traits, told FROM line_look WHERE wait_id = $1 ORDER BY id`, w.ID)
	if err != nil {
		return err
	}
	for _, x := range looks {
		k, err := l.learnt(ctx, tx, x.TeamID)
		if err != nil {
			return err
		}
		var tr Traits
		if err := json.Unmarshal([]byte(x.Traits), &tr); err != nil {
			return err
		}
		worked := k.crew.clock(tr.Holder).Worked(x.At, tx.Now).Milliseconds()
		if _, err := tx.Exec(ctx, `UPDATE line_look SET worked = $2, ended_at = $3 WHERE id = $1`, x.ID, worked, tx.Now); err != nil {
			return err
		}
		if err := l.held(ctx, tx, x, worked, k.crew.hours); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE line_wait SET ended_at = $2, by_id = $3, look_at = 0 WHERE id = $1`, w.ID, tx.Now, by)
	return err
}

// lookRow is a look as it is stored.
type lookRow struct {
	ID, TeamID   int64
	At           clock.Instant
	Arrival      bool
	Traits, Told string
	Worked       int64
	EndedAt      clock.Instant
}

// held learns from whether what was told held.
func (l *Line) held(ctx context.Context, tx *db.Tx, x lookRow, worked int64, hours *calendar.Calendar) error {
	var told Bounds
	if x.Told == "" || json.Unmarshal([]byte(x.Told), &told) != nil {
		return nil
	}
	hour := x.At.Time().In(hours.Location(x.At)).Hour()
	for _, c := range []struct {
		hour int
		step float64
	}{{wholeTeam, teamStep}, {hour, hourStep}} {
		if err := tx.Lock(ctx, "team", x.TeamID); err != nil {
			return err
		}
		rows, err := db.All[string](ctx, tx, `SELECT shift FROM line_shift WHERE team_id = $1 AND later = $2 AND hour = $3`, x.TeamID, !x.Arrival, c.hour)
		if err != nil {
			return err
		}
		var s shift
		if len(rows) > 0 && json.Unmarshal([]byte(rows[0]), &s) != nil {
			s = shift{}
		}
		s.learn(told, worked, c.step)
		if _, err := tx.Exec(ctx, `INSERT INTO line_shift (team_id, later, hour, shift) VALUES ($1, $2, $3, $4) ON CONFLICT (team_id, later, hour) DO UPDATE SET shift = excluded.shift`,
			x.TeamID, !x.Arrival, c.hour, encode(s)); err != nil {
			return err
		}
	}
	return nil
}

// Sweep looks again at waits that have lasted a while, for who still waits then has other prospects than who has just come, and learns from
// those that are over.
func (l *Line) Sweep(ctx context.Context) error {
	if err := l.renew(ctx); err != nil {
		return err
	}
	for {
		n := 0
		err := l.DB.Write(ctx, func(tx *db.Tx) error {
			due, err := db.All[wait](ctx, tx, `SELECT id, ticket_id, team_id, again, began_at, looks FROM line_wait WHERE look_at > 0 AND look_at <= $1 ORDER BY look_at LIMIT 50`, tx.Now)
			if err != nil {
				return err
			}
			n = len(due)
			for _, w := range due {
				if err := tx.Lock(ctx, "ticket", w.TicketID); err != nil {
					return err
				}
				if _, err := tx.Exec(ctx, `UPDATE line_wait SET look_at = 0 WHERE id = $1`, w.ID); err != nil {
					return err
				}
				t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, w.TicketID)
				if err != nil {
					return err
				}
				if err := l.look(ctx, tx, w, t, false); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || n < 50 {
			return err
		}
	}
}
