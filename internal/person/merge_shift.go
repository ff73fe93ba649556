package person

import (
	"context"

	"goodturn/internal/db"
)

// takeShifts brings to kept the shifts of gone. What gone asked of others, and was asked, ends: whoever is kept can ask anew.
func (m *moved) takeShifts(ctx context.Context, tx *db.Tx, kept, gone int64) (err error) {
	for _, s := range []string{
		`UPDATE shift_swap SET state = 'void', ended_at = $2 WHERE state = 'asked' AND (asker_id = $1 OR other_id = $1)`,
		`UPDATE shift_cover SET state = 'void', ended_at = $2 WHERE state = 'asked' AND asker_id = $1`,
	} {
		if _, err := tx.Exec(ctx, s, gone, tx.Now); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE shift_cover_ask SET passed = TRUE WHERE person_id = $1`, gone); err != nil {
		return err
	}
	for _, part := range []struct {
		ids         *[]int64
		which, move string
	}{
		{&m.Shifts, `SELECT id FROM shift WHERE person_id = $1 ORDER BY id`, `UPDATE shift SET person_id = $1 WHERE person_id = $2`},
		{&m.ShiftsFor, `SELECT id FROM shift WHERE for_id = $1 ORDER BY id`, `UPDATE shift SET for_id = $1 WHERE for_id = $2`},
	} {
		if *part.ids, err = db.All[int64](ctx, tx, part.which, gone); err != nil {
			return err
		}
		if _, err = tx.Exec(ctx, part.move, kept, gone); err != nil {
			return err
		}
	}
	m.ShiftInvite, err = db.All[int64](ctx, tx, `SELECT i.id FROM shift_invite i WHERE i.person_id = $1 AND NOT EXISTS (SELECT 1 FROM shift_invite k WHERE k.shift_id = i.shift_id AND k.person_id = $2) ORDER BY i.id`, gone, kept)
	for _, id := range m.ShiftInvite {
		if _, err := tx.Exec(ctx, `UPDATE shift_invite SET person_id = $2 WHERE id = $1`, id, kept); err != nil {
			return err
		}
	}
	return err
}

// giveShifts gives them back.
func (m *moved) giveShifts(ctx context.Context, tx *db.Tx, kept, gone int64) error {
	for _, part := range []struct {
		ids  []int64
		move string
	}{
		{m.Shifts, `UPDATE shift SET person_id = $2 WHERE id = $1 AND person_id = $3`},
		{m.ShiftsFor, `UPDATE shift SET for_id = $2 WHERE id = $1 AND for_id = $3`},
		{m.ShiftInvite, `UPDATE shift_invite SET person_id = $2 WHERE id = $1 AND person_id = $3`},
	} {
		for _, id := range part.ids {
			if _, err := tx.Exec(ctx, part.move, id, gone, kept); err != nil {
				return err
			}
		}
	}
	return nil
}
