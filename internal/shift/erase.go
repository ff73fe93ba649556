package shift

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

// Erase is for whoever erases a person: their shifts to come are open, those who could take one are asked, and what they asked or were asked ends. What is over stays in the
// rota, where it names nobody any more.
func (r *Rota) Erase(ctx context.Context, tx *db.Tx, personID int64) error {
	names, err := person.Names(ctx, tx, []int64{personID})
	if err != nil {
		return err
	}
	teams, err := db.All[int64](ctx, tx, `SELECT DISTINCT team_id FROM shift WHERE person_id = $1 AND from_at > $2 AND until_at > $3 ORDER BY team_id`, personID, tx.Now.Add(-Longest)-1, tx.Now)
	if err != nil {
		return err
	}
	for _, team := range teams {
		if _, err := r.release(ctx, tx, person.System, team, personID, names[personID]); err != nil {
			return err
		}
	}
	covers, err := db.All[Cover](ctx, tx, `SELECT `+coverColumns+` FROM shift_cover WHERE state = 'asked' AND asker_id = $1`, personID)
	if err != nil {
		return err
	}
	for _, c := range covers {
		if _, err := r.endCover(ctx, tx, c, Void, 0); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE shift_swap SET state = 'void', ended_at = $2 WHERE state = 'asked' AND (asker_id = $1 OR other_id = $1)`, personID, tx.Now)
	return err
}
