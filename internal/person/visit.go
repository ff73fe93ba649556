package person

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// Place is something on the desk that somebody looks at.
type Place struct {
	Kind string // "ticket", "person" or "view"
	Ref  string // its number, or the address of the view
}

// Visit is a place where somebody was.
type Visit struct {
	Kind   string
	Ref    string
	Pinned bool
}

// MaxPins is how much somebody can have pinned; of what else they visited the newest keptVisits are kept.
const (
	MaxPins    = 20
	keptVisits = 30
	maxRef     = 300 // bytes
)

// Visited notes that somebody looks at a place now.
func Visited(ctx context.Context, tx *db.Tx, personID int64, at Place) error {
	if len(at.Ref) > maxRef {
		return nil
	}
	if _, err := tx.Exec(ctx, `INSERT INTO person_visit (person_id, kind, ref, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person_id, kind, ref) DO UPDATE SET at = excluded.at`, personID, at.Kind, at.Ref, tx.Now); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM person_visit WHERE person_id = $1 AND pinned_at = 0 AND at < (SELECT min(at) FROM
		(SELECT at FROM person_visit WHERE person_id = $1 AND pinned_at = 0 ORDER BY at DESC LIMIT $2) AS kept)`, personID, keptVisits)
	return err
}

// Visits gives where somebody was: what they pinned, in that order, and then the rest, the newest first.
func Visits(ctx context.Context, tx *db.Tx, personID int64) ([]Visit, error) {
	return db.All[Visit](ctx, tx, `SELECT kind, ref, pinned_at <> 0 AS pinned FROM person_visit WHERE person_id = $1
		ORDER BY CASE WHEN pinned_at = 0 THEN 1 ELSE 0 END, pinned_at, at DESC, kind, ref`, personID)
}

// Pin keeps a place at hand for somebody, or no longer.
func Pin(ctx context.Context, tx *db.Tx, personID int64, at Place, pinned bool) error {
	if !pinned {
		_, err := tx.Exec(ctx, `UPDATE person_visit SET pinned_at = 0 WHERE person_id = $1 AND kind = $2 AND ref = $3`, personID, at.Kind, at.Ref)
		return err
	}
	if err := tx.Lock(ctx, "person", personID); err != nil {
		return err
	}
	others, err := db.One[int](ctx, tx, `SELECT count(*) FROM person_visit WHERE person_id = $1 AND pinned_at <> 0 AND NOT (kind = $2 AND ref = $3)`, personID, at.Kind, at.Ref)
	if err != nil {
		return err
	}
	if others >= MaxPins {
		return fault.Invalid(fault.F("pin", i18n.M("{{.Count}} are pinned already. Please take the pin off one of them first.", "Count", others)))
	}
	_, err = tx.Exec(ctx, `INSERT INTO person_visit (person_id, kind, ref, at, pinned_at) VALUES ($1, $2, $3, $4, $4)
		ON CONFLICT (person_id, kind, ref) DO UPDATE SET pinned_at = CASE WHEN person_visit.pinned_at = 0 THEN excluded.pinned_at ELSE person_visit.pinned_at END`, personID, at.Kind, at.Ref, tx.Now)
	return err
}

// Pinned tells whether somebody has pinned a place.
func Pinned(ctx context.Context, tx *db.Tx, personID int64, at Place) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM person_visit WHERE person_id = $1 AND kind = $2 AND ref = $3 AND pinned_at <> 0`, personID, at.Kind, at.Ref)
}
