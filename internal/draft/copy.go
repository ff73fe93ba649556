package draft

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

// keepCopy keeps what the draft says now, in the place of an older copy of the same writer.
func (d Draft) keepCopy(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `INSERT INTO draft_copy (draft_id, writer, editor_id, text, html, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (draft_id, writer) DO UPDATE SET editor_id = excluded.editor_id, text = excluded.text, html = excluded.html, at = excluded.at`,
		d.ID, d.Writer, d.EditorID, d.Text, d.HTML, d.UpdatedAt)
	return err
}

// UseCopy makes the text of a copy the draft's own, and what the draft said a copy.
func UseCopy(ctx context.Context, tx *db.Tx, a person.Actor, p Place, copyID int64) error {
	d, err := Find(ctx, tx, a, p)
	if err != nil {
		return err
	}
	for _, c := range d.Copies {
		if c.ID != copyID {
			continue
		}
		if _, err := tx.Exec(ctx, `DELETE FROM draft_copy WHERE id = $1`, c.ID); err != nil {
			return err
		}
		if err := d.keepCopy(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE draft SET version = version + 1, writer = $2, editor_id = $3, text = $4, html = $5, updated_at = $6 WHERE id = $1`, d.ID, c.Writer, a.ID, c.Text, c.HTML, tx.Now)
		return err
	}
	return nil
}

// ForgetCopy drops a copy.
func ForgetCopy(ctx context.Context, tx *db.Tx, a person.Actor, p Place, copyID int64) error {
	d, err := Find(ctx, tx, a, p)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM draft_copy WHERE id = $1 AND draft_id = $2`, copyID, d.ID)
	return err
}
