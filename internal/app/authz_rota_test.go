package app

import (
	"context"

	"goodturn/internal/db"
)

// rota gives two people a shift each, the day after tomorrow; one asks the other to swap and to be covered.
func (s *seeded) rota(ctx context.Context, tx *db.Tx, team, one, other int64) {
	const day = 24 * 3600 * 1000
	pattern := must(db.One[int64](ctx, tx, `INSERT INTO shift_pattern (team_id, name, rule, first_day, begins, ends, zone, breaks, needed, skills, unloved, made_until, created_at, changed_at)
		VALUES ($1, 'Early', 'FREQ=DAILY', 20000, 480, 960, 'UTC', '', 1, '', FALSE, 60000, $2, $2) RETURNING id`, team, tx.Now))
	var shifts []int64
	for i, who := range []int64{one, other} {
		from := int64(tx.Now) + int64(i+2)*day
		shifts = append(shifts, must(db.One[int64](ctx, tx, `INSERT INTO shift (team_id, day, slot, name, zone, from_at, until_at, breaks, skills, unloved, person_id, published, by_hand, created_at, changed_at)
			VALUES ($1, 20000, 0, 'Early', 'UTC', $2, $3, '', '', 0, $4, TRUE, TRUE, $5, $5) RETURNING id`, team, from, from+8*3600*1000, who, tx.Now)))
	}
	swap := must(db.One[int64](ctx, tx, `INSERT INTO shift_swap (given_id, wanted_id, asker_id, other_id, note, state, asked_at) VALUES ($1, $2, $3, $4, '', 'asked', $5) RETURNING id`, shifts[0], shifts[1], one, other, tx.Now))
	cover := must(db.One[int64](ctx, tx, `INSERT INTO shift_cover (shift_id, team_id, asker_id, from_at, until_at, state, asked_at, due_at) VALUES ($1, $2, $3, $4, $5, 'asked', $6, $4) RETURNING id`,
		shifts[0], team, one, int64(tx.Now)+2*day, int64(tx.Now)+2*day+3600*1000, tx.Now))
	must(tx.Exec(ctx, `INSERT INTO shift_cover_ask (cover_id, person_id) VALUES ($1, $2)`, cover, other))
	invite := must(db.One[int64](ctx, tx, `INSERT INTO shift_invite (shift_id, person_id, team_id, name, zone, from_at, until_at, breaks, address, sequence, called_off) VALUES ($1, $2, $3, 'Early', 'UTC', $4, $5, '', 'agent@elsewhere.example', 0, FALSE) RETURNING id`,
		shifts[0], one, team, int64(tx.Now)+2*day, int64(tx.Now)+2*day+8*3600*1000))
	proposed := must(db.One[int64](ctx, tx, `INSERT INTO rota_proposal (team_id, person_id, from_at, until_at, state, result, asked_at) VALUES ($1, $2, $3, $4, 'ready', '{}', $3) RETURNING id`, team, one, tx.Now, int64(tx.Now)+7*day))
	for key, id := range map[string]int64{"rota/proposals/{id}": proposed, "rota/shifts/{id}": shifts[0], "rota/swaps/{id}": swap, "rota/cover/{id}": cover, "rota/invitations/{id}": invite, "rota/patterns/{id}": pattern} {
		s.values[key] = key[:len(key)-len("{id}")] + text(id)
	}
}
