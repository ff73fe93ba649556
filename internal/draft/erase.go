package draft

import (
	"context"

	"goodturn/internal/blob"
	"goodturn/internal/db"
)

// Erase is for whoever erases a person: what they were writing is gone, also what stands of it in the drafts of others. It gives the files that their drafts had.
func Erase(ctx context.Context, tx *db.Tx, personID int64) ([]blob.Ref, error) {
	if _, err := tx.Exec(ctx, `DELETE FROM draft_copy WHERE editor_id = $1`, personID); err != nil {
		return nil, err
	}
	files, err := db.All[File](ctx, tx, `SELECT f.sha256, f.size FROM draft_file f JOIN draft d ON d.id = f.draft_id WHERE d.person_id = $1`, personID)
	if err != nil {
		return nil, err
	}
	all, err := db.All[int64](ctx, tx, `SELECT id FROM draft WHERE person_id = $1 ORDER BY id`, personID)
	if err != nil {
		return nil, err
	}
	for _, id := range all {
		if err := drop(ctx, tx, id); err != nil {
			return nil, err
		}
	}
	out := make([]blob.Ref, len(files))
	for i, f := range files {
		out[i] = f.Ref()
	}
	return out, nil
}
