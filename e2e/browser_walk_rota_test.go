package e2e

import (
	"context"
	"fmt"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

// rota gives the agent and the lead a shift each; the agent asks to swap and to be covered, and answered an invitation with another time.
func (w *browserWalk) rota(agent, lead int64) {
	w.write(func(ctx context.Context, tx *db.Tx) error {
		team, err := db.One[int64](ctx, tx, `SELECT min(id) FROM team WHERE NOT private`)
		if err != nil {
			return err
		}
		if err := person.SetMembers(ctx, tx, team, []int64{agent, lead}); err != nil {
			return err
		}
		const hour = 3600 * 1000
		now := int64(tx.Now)
		pattern, err := db.One[int64](ctx, tx, `INSERT INTO shift_pattern (team_id, name, rule, first_day, begins, ends, zone, breaks, needed, skills, unloved, made_until, created_at, changed_at)
			VALUES ($1, 'Late', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=SA', 20000, 780, 1260, 'Europe/Berlin', '1020-1050', 2, 'de', TRUE, 60000, $2, $2) RETURNING id`, team, tx.Now)
		if err != nil {
			return err
		}
		var ids []int64
		for i, who := range []any{agent, lead, nil} {
			from := now + int64(i)*26*hour - hour
			id, err := db.One[int64](ctx, tx, `INSERT INTO shift (team_id, day, slot, name, zone, from_at, until_at, breaks, skills, unloved, person_id, published, by_hand, created_at, changed_at)
				VALUES ($1, 20000, 0, 'Late', 'Europe/Berlin', $2, $3, $4, 'de', 120, $5, TRUE, TRUE, $6, $6) RETURNING id`, team, from, from+8*hour, fmt.Sprintf("%d-%d", from+4*hour, from+5*hour), who, tx.Now)
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		swap, err := db.One[int64](ctx, tx, `INSERT INTO shift_swap (given_id, wanted_id, asker_id, other_id, note, state, asked_at) VALUES ($1, $2, $3, $4, 'My daughter plays the flute', 'asked', $5) RETURNING id`, ids[0], ids[1], agent, lead, tx.Now)
		if err != nil {
			return err
		}
		cover, err := db.One[int64](ctx, tx, `INSERT INTO shift_cover (shift_id, team_id, asker_id, from_at, until_at, state, asked_at, due_at) VALUES ($1, $2, $3, $4, $5, 'asked', $4, $5) RETURNING id`, ids[0], team, agent, tx.Now, now+hour)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO shift_cover_ask (cover_id, person_id) VALUES ($1, $2)`, cover, lead); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO shift_invite (shift_id, person_id, team_id, name, zone, from_at, until_at, breaks, address, sequence, called_off, answer, comment, wanted_from, wanted_until, strays)
			VALUES ($1, $2, $3, 'Late', 'Europe/Berlin', $4, $5, '', 'agent@desk.example', 1, FALSE, 'tentative', 'The train is late', $6, $7, 'home@elsewhere.example declined')`, ids[0], agent, team, now-hour, now+7*hour, now+30*hour, now+38*hour)
		if err != nil {
			return err
		}
		result := fmt.Sprintf(`{"Places":[{"ShiftID":%d,"PersonID":%d,"Why":{"Wished":3600000000000,"Rested":46800000000000,"Others":2,"Unloved":7200000000000,"FewestUnloved":true}}],
			"Missing":[{"Shifts":[%d],"Fit":2,"Skills":["de"],"Blocked":[{"Person":1,"Cause":"away"},{"Person":2,"Cause":"rest"}]}],"Filled":28800000000000,"Gap":3}`, ids[2], lead, ids[1])
		proposed, err := db.One[int64](ctx, tx, `INSERT INTO rota_proposal (team_id, person_id, from_at, until_at, state, done, result, asked_at) VALUES ($1, $2, $3, $4, 'ready', 100, $5, $3) RETURNING id`, team, lead, now, now+7*24*hour, result)
		w.values["rota/proposals/{id}"] = fmt.Sprintf("rota/proposals/%d", proposed)
		w.values["rota/shifts/{id}"], w.values["rota/swaps/{id}"] = fmt.Sprintf("rota/shifts/%d", ids[0]), fmt.Sprintf("rota/swaps/%d", swap)
		w.values["rota/cover/{id}"], w.values["rota/patterns/{id}"] = fmt.Sprintf("rota/cover/%d", cover), fmt.Sprintf("rota/patterns/%d", pattern)
		return err
	})
}
