package gap

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/cluster"
	"goodturn/internal/db"
	"goodturn/internal/ticket"
)

// How tickets are taken in: so many at once, learned from so many at least, and what is looked at of each.
const (
	atOnce     = 1000
	leastLearn = 60
	mostText   = cluster.MostRead
	leastGrow  = 5 // tickets that make a topic of their own
	settled    = 8 * day
	again      = 4 // what was learned from grew so many times: it is learned anew
)

// state is what was learned and taken in.
type state struct {
	Version, Learned, Position int64
	DueAt                      clock.Instant
}

// came is a ticket that is to be taken in.
type came struct {
	ID, RequesterID int64
	Subject         string
	CreatedAt       clock.Instant
	Text            string
}

// countable says of a ticket "t" of a team "p" that it is counted.
const countable = `NOT p.private AND t.merged_into IS NULL AND t.trashed_at = 0 AND t.turn NOT IN ('suspect', 'spam', 'merged', 'trash')`

// Sweep takes in the tickets that came and writes down what was searched, and once a night does the rest: it finds new topics among what fitted none, folds what was searched,
// and looks at the articles. It learns the first topics as soon as there are tickets enough. Call it every minute or so.
func (k *Keeper) Sweep(ctx context.Context) error {
	if err := errors.Join(k.KeepSearches(ctx), k.tellFollowers(ctx)); err != nil {
		return err
	}
	var s state
	var waiting bool
	var now clock.Instant
	err := k.DB.Read(ctx, func(tx *db.Tx) (err error) {
		now = tx.Now
		if s, err = load(ctx, tx); err != nil {
			return err
		}
		waiting, err = db.Exists(ctx, tx, `SELECT 1 FROM ticket WHERE id > $1`, s.Position)
		return err
	})
	k.read.forget(now)
	if err != nil || !waiting && s.DueAt > now {
		return err
	}
	if s.DueAt <= now {
		return k.night(ctx, s, now)
	}
	return k.take(ctx)
}

// load reads what was learned, the zero state when nothing was.
func load(ctx context.Context, tx *db.Tx) (state, error) {
	all, err := db.All[state](ctx, tx, `SELECT version, learned, position, due_at FROM gap_model WHERE id = 1`)
	if err != nil || len(all) == 0 {
		return state{}, err
	}
	return all[0], nil
}

// night is when the next look at everything is due: in the night of UTC's next day.
func night(now clock.Instant) clock.Instant {
	return clock.Instant((int64(now)/day+1)*day + int64(2*time.Hour/time.Millisecond))
}

// night does what is done once a day.
func (k *Keeper) night(ctx context.Context, s state, now clock.Instant) error {
	if err := k.learn(ctx, s); err != nil {
		return err
	}
	if err := k.DB.Write(ctx, func(tx *db.Tx) error { return leave(ctx, tx) }); err != nil {
		return err
	}
	if err := k.back(ctx, now); err != nil {
		return err
	}
	if err := k.take(ctx); err != nil {
		return err
	}
	if err := k.grow(ctx); err != nil {
		return err
	}
	for _, part := range []func(context.Context, *db.Tx) error{searches, articles, lately, func(ctx context.Context, tx *db.Tx) error { return published(ctx, tx, 0) }} {
		if err := k.DB.Write(ctx, func(tx *db.Tx) error { return part(ctx, tx) }); err != nil {
			return err
		}
	}
	return k.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE gap_model SET due_at = $1 WHERE id = 1`, night(tx.Now))
		return err
	})
}

// learn finds the first topics, or finds them anew when there is far more to learn from; topics that are found again keep who they are.
func (k *Keeper) learn(ctx context.Context, s state) error {
	var n int64
	most := k.Most
	if most == 0 {
		most = cluster.MostLearned
	}
	err := k.DB.Read(ctx, func(tx *db.Tx) (err error) {
		n, err = db.One[int64](ctx, tx, `SELECT count(*) FROM ticket t JOIN team p ON p.id = t.team_id WHERE `+countable)
		return err
	})
	if err != nil || n < leastLearn || s.Learned > 0 && min(n, most) < again*s.Learned {
		return err
	}
	texts, err := k.sample(ctx, n, most)
	if err != nil {
		return err
	}
	var old *cluster.Model
	if s.Learned > 0 {
		if old, err = k.current(ctx); err != nil {
			return err
		}
	}
	m := cluster.Learn(texts, 0)
	if old != nil {
		m.Inherit(old, texts)
	}
	return k.keep(ctx, m, s.Version, true)
}

// sample gives at most so many tickets, evenly of all there are.
func (k *Keeper) sample(ctx context.Context, n, most int64) ([]cluster.Text, error) {
	every := (n + most - 1) / most
	out := make([]cluster.Text, 0, min(n, most))
	for position := int64(0); ; {
		page, err := k.page(ctx, position, every, false)
		if err != nil || len(page) == 0 {
			return out, err
		}
		for _, c := range page {
			out = append(out, text(c))
		}
		position = page[len(page)-1].ID
	}
}

func text(c came) cluster.Text {
	return cluster.Text{ID: c.ID, From: c.RequesterID, Name: c.Subject, Words: c.Text}
}

// page gives the next countable tickets after one; every says that only each so-manieth is wanted; missing, only those not taken in.
func (k *Keeper) page(ctx context.Context, after, every int64, missing bool) (all []came, err error) {
	where := ""
	if missing {
		where = ` AND NOT EXISTS (SELECT 1 FROM gap_ticket g JOIN gap x ON x.id = g.gap_id WHERE g.ticket_id = t.id AND x.kind = 'topic') AND NOT EXISTS (SELECT 1 FROM gap_ticket g WHERE g.ticket_id = t.id AND g.gap_id = 0)`
	}
	err = k.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = db.All[came](ctx, tx, `SELECT t.id, t.requester_id, t.subject, t.created_at, coalesce(substr(m.text, 1, $4), '') AS text FROM ticket t JOIN team p ON p.id = t.team_id
			LEFT JOIN message m ON m.ticket_id = t.id AND m.seq = 1 WHERE t.id > $1 AND t.id % $2 = 0 AND `+countable+where+` ORDER BY t.id LIMIT $3`, after, every, atOnce, mostText)
		return err
	})
	return all, err
}

// current gives the model as it is kept.
func (k *Keeper) current(ctx context.Context) (m *cluster.Model, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	err = k.DB.Read(ctx, func(tx *db.Tx) error {
		s, err := load(ctx, tx)
		if err != nil || s.Learned == 0 || k.model != nil && s.Version == k.version {
			return err
		}
		packed, err := db.One[[]byte](ctx, tx, `SELECT model FROM gap_model WHERE id = 1`)
		if err != nil {
			return err
		}
		k.model, err = cluster.Unpack(packed)
		k.version = s.Version
		return err
	})
	return k.model, err
}

// held gives the model as it was used last, nil before that.
func (k *Keeper) held() *cluster.Model {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.model
}

// keep stores a model in the place of the one of version was, and the gaps of its topics; anew says that all tickets are to be placed again.
func (k *Keeper) keep(ctx context.Context, m *cluster.Model, was int64, anew bool) error {
	packed, err := m.Pack()
	if err != nil {
		return err
	}
	err = k.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO gap_model (id, model, version, learned, position, due_at) VALUES (1, $1, 0, 0, 0, 0) ON CONFLICT (id) DO NOTHING`, packed); err != nil {
			return err
		}
		if err := tx.Lock(ctx, "gap_model", 1); err != nil {
			return err
		}
		if s, err := load(ctx, tx); err != nil || s.Version != was {
			return err // somebody else learned meanwhile
		}
		if _, err := tx.Exec(ctx, `UPDATE gap_model SET model = $1, version = version + 1, learned = $2 WHERE id = 1`, packed, m.Texts()); err != nil {
			return err
		}
		if anew {
			if err := forget(ctx, tx); err != nil {
				return err
			}
		}
		for _, t := range m.Topics() {
			if _, err := tx.Exec(ctx, `INSERT INTO gap (kind, ref, label, state, found_at) VALUES ('topic', $1, $2, 'open', $3) ON CONFLICT (kind, ref) DO UPDATE SET label = excluded.label`,
				strconv.FormatInt(t.ID, 10), t.Label, tx.Now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep topics: %w", err)
	}
	return nil
}

// forget has all tickets placed again.
func forget(ctx context.Context, tx *db.Tx) error {
	for _, sql := range []string{
		`DELETE FROM gap_week WHERE gap_id IN (SELECT id FROM gap WHERE kind = 'topic')`,
		`DELETE FROM gap_ticket WHERE gap_id = 0 OR gap_id IN (SELECT id FROM gap WHERE kind = 'topic')`,
		`UPDATE gap_model SET position = 0 WHERE id = 1`,
	} {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// take places the tickets that were not placed yet.
func (k *Keeper) take(ctx context.Context) error {
	m, err := k.current(ctx)
	if err != nil || m == nil {
		return err
	}
	var s state
	of := map[string]int64{}
	err = k.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if s, err = load(ctx, tx); err != nil {
			return err
		}
		of, err = topicIDs(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	p := m.Placer()
	for {
		page, err := k.page(ctx, s.Position, 1, true)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return k.passed(ctx, s)
		}
		rows := make([][]any, len(page))
		counts := map[Count]int64{} // by gap (in N) and week
		for i, c := range page {
			gapID := int64(0)
			if at := p.Place(text(c)); at.Fits() {
				gapID = of[strconv.FormatInt(at.Topic, 10)]
			}
			w := Week(c.CreatedAt)
			rows[i] = []any{c.ID, gapID, w}
			if gapID != 0 {
				counts[Count{Week: w, N: gapID}]++
			}
		}
		last := page[len(page)-1].ID
		stop := false
		err = k.DB.Write(ctx, func(tx *db.Tx) error {
			stop = false
			if err := tx.Lock(ctx, "gap_model", 1); err != nil {
				return err
			}
			now, err := load(ctx, tx)
			if err != nil {
				return err
			}
			if stop = now.Version != s.Version || now.Position != s.Position; stop {
				return nil // somebody else takes them in
			}
			if err := db.InsertRows(ctx, tx, "gap_ticket (ticket_id, gap_id, week)", rows); err != nil {
				return err
			}
			if err := count(ctx, tx, counts); err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `UPDATE gap_model SET position = $1 WHERE id = 1`, last)
			return err
		})
		if err != nil || stop {
			return err
		}
		s.Position = last
	}
}

// passed notes that what came after what was taken in is not counted, so that it is not looked at again.
func (k *Keeper) passed(ctx context.Context, s state) error {
	return k.DB.Write(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "gap_model", 1); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE gap_model SET position = coalesce((SELECT max(id) FROM ticket WHERE created_at < $2), position) WHERE id = 1 AND position = $1`, s.Position, tx.Now.Add(-time.Minute))
		return err
	})
}

// count adds to the counts by week; of counts, N is the gap.
func count(ctx context.Context, tx *db.Tx, counts map[Count]int64) error {
	for _, c := range sorted(counts) {
		if _, err := tx.Exec(ctx, `INSERT INTO gap_week (gap_id, week, n) VALUES ($1, $2, $3) ON CONFLICT (gap_id, week) DO UPDATE SET n = gap_week.n + excluded.n`, c.N, c.Week, counts[c]); err != nil {
			return err
		}
	}
	return nil
}

func topicIDs(ctx context.Context, tx *db.Tx) (map[string]int64, error) {
	type row struct {
		ID  int64
		Ref string
	}
	all, err := db.All[row](ctx, tx, `SELECT id, ref FROM gap WHERE kind = 'topic'`)
	out := make(map[string]int64, len(all))
	for _, r := range all {
		out[r.Ref] = r.ID
	}
	return out, err
}

// back has the tickets of the last days looked at once more: some were set aside as suspect when they came, and are wanted now.
func (k *Keeper) back(ctx context.Context, now clock.Instant) error {
	return k.DB.Write(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "gap_model", 1); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE gap_model SET position = coalesce((SELECT min(id) - 1 FROM ticket WHERE created_at > $1 AND id <= gap_model.position), position) WHERE id = 1`, int64(now)-settled)
		return err
	})
}

// leave takes out the tickets that are not counted any more.
func leave(ctx context.Context, tx *db.Tx) error {
	return without(ctx, tx, `ticket_id IN (SELECT t.id FROM ticket t JOIN team p ON p.id = t.team_id WHERE NOT (`+countable+`))`)
}

// without takes tickets out of what is counted.
func without(ctx context.Context, tx *db.Tx, where string, args ...any) error {
	type row struct{ GapID, Week, N int64 }
	all, err := db.All[row](ctx, tx, `SELECT gap_id, week, count(*) AS n FROM gap_ticket WHERE `+where+` GROUP BY gap_id, week ORDER BY gap_id, week`, args...)
	if err != nil || len(all) == 0 {
		return err
	}
	for _, r := range all {
		if _, err := tx.Exec(ctx, `UPDATE gap_week SET n = n - $3 WHERE gap_id = $1 AND week = $2`, r.GapID, r.Week, r.N); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `DELETE FROM gap_ticket WHERE `+where, args...)
	return err
}

// Hook takes a ticket out at once that comes into a private team, and notes of one that comes whether its requester had just read an
// article, or said of one that it did not help.
func (k *Keeper) Hook() ticket.Hook {
	return func(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, m *ticket.Message) error {
		switch {
		case e.What == ticket.Messaged && m != nil && m.Seq == 1:
			return k.cameAfterReading(ctx, tx, t)
		case e.What != ticket.TeamChanged:
			return nil
		}
		private, err := db.Exists(ctx, tx, `SELECT 1 FROM team WHERE id = $1 AND private`, t.TeamID)
		if err != nil || !private {
			return err
		}
		return without(ctx, tx, `ticket_id = $1`, t.ID)
	}
}

// lately counts the last four whole weeks.
func lately(ctx context.Context, tx *db.Tx) error {
	now := Week(tx.Now)
	_, err := tx.Exec(ctx, `UPDATE gap SET lately = coalesce((SELECT CAST(sum(w.n) AS BIGINT) FROM gap_week w WHERE w.gap_id = gap.id AND w.week >= $1 AND w.week < $2), 0)`, now-4, now)
	return err
}
