package person

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// MaxPreference is the longest value that a preference can have, in bytes.
const MaxPreference = 8 << 10

// Preferences gives what somebody chose for themselves, by name. Nothing chosen is an empty map.
func Preferences(ctx context.Context, tx *db.Tx, personID int64) (map[string]string, error) {
	type row struct{ Name, Value string }
	rows, err := db.All[row](ctx, tx, `SELECT name, value FROM person_preference WHERE person_id = $1`, personID)
	out := make(map[string]string, len(rows))
	for _, r := range rows {
		out[r.Name] = r.Value
	}
	return out, err
}

// SetPreference keeps one choice; "" forgets it. A value longer than MaxPreference is fault.Invalid.
func SetPreference(ctx context.Context, tx *db.Tx, personID int64, name, value string) error {
	if len(value) > MaxPreference {
		return fault.Invalid(fault.F(name, i18n.M("This is more than can be kept.")))
	}
	if value == "" {
		_, err := tx.Exec(ctx, `DELETE FROM person_preference WHERE person_id = $1 AND name = $2`, personID, name)
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO person_preference (person_id, name, value) VALUES ($1, $2, $3)
		ON CONFLICT (person_id, name) DO UPDATE SET value = excluded.value`, personID, name, value)
	return err
}
