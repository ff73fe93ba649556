package outcome

import (
	"context"
	"encoding/json"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// Setting is how requesters are asked.
type Setting struct {
	// Silent says that nobody is asked by mail whether it works; the page asks all the same.
	Silent bool `json:"silent,omitempty"`
	// Days is after how many working days those are asked once more who say nothing; 0 for never.
	Days int `json:"days"`
	// NoFaces says that nobody is asked how they were served.
	NoFaces bool `json:"no_faces,omitempty"`
}

// The bounds of the gentle question, in working days.
const (
	usualDays = 3
	mostDays  = 30
)

const settingName = "after solving"

// ReadSetting gives how requesters are asked.
func ReadSetting(ctx context.Context, tx *db.Tx) (Setting, error) {
	s := Setting{Days: usualDays}
	text, err := db.All[string](ctx, tx, `SELECT value FROM setting WHERE name = $1`, settingName)
	if err != nil || len(text) == 0 {
		return s, err
	}
	return s, json.Unmarshal([]byte(text[0]), &s)
}

// Save keeps it. What cannot be is fault.Invalid with the field "days".
func (s Setting) Save(ctx context.Context, tx *db.Tx) error {
	if s.Days < 0 || s.Days > mostDays {
		return fault.Invalid(fault.F("days", i18n.M("Please write a number between 0 and {{.Most}}.", "Most", mostDays)))
	}
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, settingName, string(raw))
	return err
}
