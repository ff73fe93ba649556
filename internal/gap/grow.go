package gap

import (
	"context"
	"strconv"

	"goodturn/internal/cluster"
	"goodturn/internal/db"
)

// grow makes topics of those that fitted none, and places these.
func (k *Keeper) grow(ctx context.Context) error {
	m, err := k.current(ctx)
	if err != nil || m == nil {
		return err
	}
	var s state
	var lost []came
	err = k.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if s, err = load(ctx, tx); err != nil {
			return err
		}
		lost, err = db.All[came](ctx, tx, `SELECT t.id, t.requester_id, t.subject, t.created_at, coalesce(substr(m.text, 1, $2), '') AS text FROM gap_ticket g JOIN ticket t ON t.id = g.ticket_id
			LEFT JOIN message m ON m.ticket_id = t.id AND m.seq = 1 WHERE g.gap_id = 0 ORDER BY g.ticket_id DESC LIMIT $1`, mostLost, mostText)
		return err
	})
	if err != nil || len(lost) < leastGrow {
		return err
	}
	texts := make([]cluster.Text, len(lost))
	for i, c := range lost {
		texts[i] = text(c)
	}
	packed, err := m.Pack() // others may place by the model that is there
	if err != nil {
		return err
	}
	if m, err = cluster.Unpack(packed); err != nil {
		return err
	}
	if len(m.Grow(texts, leastGrow)) == 0 {
		return nil
	}
	if err := k.keep(ctx, m, s.Version, false); err != nil {
		return err
	}
	return k.move(ctx, m, lost)
}

const mostLost = 20_000

// move puts tickets that fitted no topic into those that there are now.
func (k *Keeper) move(ctx context.Context, m *cluster.Model, lost []came) error {
	p := m.Placer()
	type found struct {
		ticket came
		ref    string
	}
	var all []found
	for _, c := range lost {
		if at := p.Place(text(c)); at.Fits() {
			all = append(all, found{c, strconv.FormatInt(at.Topic, 10)})
		}
	}
	for len(all) > 0 {
		some := all[:min(len(all), atOnce)]
		all = all[len(some):]
		err := k.DB.Write(ctx, func(tx *db.Tx) error {
			of, err := topicIDs(ctx, tx)
			if err != nil {
				return err
			}
			counts := map[Count]int64{}
			for _, f := range some {
				n, err := tx.Exec(ctx, `UPDATE gap_ticket SET gap_id = $2 WHERE ticket_id = $1 AND gap_id = 0`, f.ticket.ID, of[f.ref])
				if err != nil {
					return err
				}
				if n > 0 {
					counts[Count{Week: Week(f.ticket.CreatedAt), N: of[f.ref]}]++
				}
			}
			return count(ctx, tx, counts)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
