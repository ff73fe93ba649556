package service

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
)

// Form is a version of the questions of a service.
type Form struct {
	Version   int64 // 0 for a service that asks nothing
	Questions []Question
}

// staleFor is how long a form that was shown may be sent by the version that it was shown in. What is older is asked anew.
const staleFor = 24 * time.Hour

// FormOf gives the questions that a service asks. version is that of a form that somebody was shown: it counts as long as they may
// still be writing; 0 and what is older, or never was, gives the one of now.
func FormOf(ctx context.Context, tx *db.Tx, s Service, version int64) (Form, error) {
	if version != 0 && version < s.Form {
		next, err := db.All[clock.Instant](ctx, tx, `SELECT created_at FROM service_form WHERE service_id = $1 AND version > $2 ORDER BY version LIMIT 1`, s.ID, version)
		if err != nil {
			return Form{}, err
		}
		if len(next) == 1 && next[0].Add(staleFor) >= tx.Now {
			if f, err := loadForm(ctx, tx, s.ID, version); err != nil || f.Version != 0 {
				return f, err
			}
		}
	}
	return loadForm(ctx, tx, s.ID, s.Form)
}

func loadForm(ctx context.Context, tx *db.Tx, id, version int64) (Form, error) {
	if version == 0 {
		return Form{}, nil
	}
	all, err := db.All[string](ctx, tx, `SELECT questions FROM service_form WHERE service_id = $1 AND version = $2`, id, version)
	if err != nil || len(all) == 0 {
		return Form{}, err
	}
	f := Form{Version: version}
	if err := json.Unmarshal([]byte(all[0]), &f.Questions); err != nil {
		return Form{}, fmt.Errorf("read the questions of service %d, version %d: %w", id, version, err)
	}
	return f, nil
}
