package line

import (
	"context"
	"encoding/json"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
)

// wood is the forest of a team with when it was grown.
type wood struct {
	*forest               // nil while too few waits are over
	newest  clock.Instant // when the newest of its waits ended
}

// Limits of what a forest is grown from, and of when.
const (
	remembered = 4000 // looks
	quick      = 400  // looks of which a forest is grown at once; a larger one is grown beside the work (Sweep)
	renewal    = 0.03 // the part of the looks that must be new before it is grown anew
)

// woodOf gives the forest of a team. One that is missing or small is brought up to date at once.
func (l *Line) woodOf(ctx context.Context, tx *db.Tx, team int64) (wood, error) {
	l.mu.Lock()
	w := l.woods[team]
	l.mu.Unlock()
	if w.forest != nil && len(w.worked) > quick {
		return w, nil
	}
	old, err := w.old(ctx, tx, team)
	if err != nil || !old {
		return w, err
	}
	rows, err := looksOf(ctx, tx, team)
	if err != nil {
		return w, err
	}
	w = plant(rows)
	l.keep(team, w)
	return w, nil
}

// old tells that enough waits have ended since to grow the forest anew.
func (w wood) old(ctx context.Context, tx *db.Tx, team int64) (bool, error) {
	if w.forest == nil {
		return true, nil
	}
	enough := max(10, int64(renewal*float64(len(w.worked))))
	n, err := db.One[int64](ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM line_look WHERE team_id = $1 AND ended_at > $2 LIMIT $3) AS l`, team, w.newest, enough)
	return n >= enough, err
}

// looksOf reads the newest looks of a team. A team that is new tells what the whole desk knows.
func looksOf(ctx context.Context, tx *db.Tx, team int64) ([]lookRow, error) {
	rows, err := db.All[lookRow](ctx, tx, `SELECT traits, worked, ended_at FROM line_look WHERE team_id = $1 AND ended_at > 0 ORDER BY ended_at DESC, id DESC LIMIT $2`, team, remembered)
	if err == nil && len(rows) < fewest {
		rows, err = db.All[lookRow](ctx, tx, `SELECT traits, worked, ended_at FROM line_look WHERE ended_at > 0 ORDER BY ended_at DESC, id DESC LIMIT $1`, remembered)
	}
	return rows, err
}

// plant grows the forest of looks, the newest first.
func plant(rows []lookRow) wood {
	if len(rows) < fewest {
		return wood{}
	}
	samples := make([]Sample, 0, len(rows))
	for _, r := range rows {
		s := Sample{Worked: r.Worked, Ended: r.EndedAt}
		if json.Unmarshal([]byte(r.Traits), &s.Traits) == nil {
			samples = append(samples, s)
		}
	}
	newest := rows[0].EndedAt
	return wood{grow(samples, func(s Sample) float64 { return fresh(s.Ended, newest) }), newest}
}

func (l *Line) keep(team int64, w wood) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.woods == nil {
		l.woods = map[int64]wood{}
	}
	l.woods[team] = w
}

// renew grows the forests anew that are old. Nothing waits for it.
func (l *Line) renew(ctx context.Context) error {
	var now clock.Instant
	if err := l.DB.Read(ctx, func(tx *db.Tx) error { now = tx.Now; return nil }); err != nil {
		return err
	}
	l.mu.Lock()
	if now >= l.renewed && now.Sub(l.renewed) < time.Minute {
		l.mu.Unlock()
		return nil
	}
	l.renewed = now
	known := make(map[int64]wood, len(l.woods))
	for team, w := range l.woods {
		if w.forest != nil && len(w.worked) > quick {
			known[team] = w
		}
	}
	l.mu.Unlock()
	for team, w := range known {
		var rows []lookRow
		err := l.DB.Read(ctx, func(tx *db.Tx) error {
			rows = nil
			old, err := w.old(ctx, tx, team)
			if err == nil && old {
				rows, err = looksOf(ctx, tx, team)
			}
			return err
		})
		if err != nil {
			return err
		}
		if len(rows) >= fewest {
			l.keep(team, plant(rows))
		}
	}
	return nil
}
