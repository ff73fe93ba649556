package stint

import (
	"context"

	"goodturn/internal/db"
)

// Erase is for whoever erases a person: what was whispered with them is gone, their own stints end, and nothing is lent to them any more. What a stint brought stays,
// without their name; for guests whom they were beside another mentor is found by the sweep, as for every mentor who left.
func Erase(ctx context.Context, tx *db.Tx, personID int64) error {
	if _, err := tx.Exec(ctx, `DELETE FROM whisper WHERE from_id = $1 OR mentor_id = $1 OR stint_id IN (SELECT id FROM stint WHERE person_id = $1)`, personID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE stint_ticket SET given_back_at = $2 WHERE given_back_at = 0 AND stint_id IN (SELECT id FROM stint WHERE person_id = $1)`, personID, tx.Now); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE stint SET state = 'over', ended_at = $2, due_at = 0 WHERE person_id = $1 AND state = 'running'`, personID, tx.Now); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE stint SET state = 'cancelled', ended_at = $2, due_at = 0 WHERE person_id = $1 AND state IN ('proposed', 'invited', 'agreed')`, personID, tx.Now)
	return err
}
