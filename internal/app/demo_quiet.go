package app

import (
	"context"

	"goodturn/internal/calendar"
	"goodturn/internal/db"
)

// loudWeek has the last week have been a loud one for four people. The tickets of the demonstration are too few for that; who it was is not known, as always.
func (f *demoFiller) loudWeek(ctx context.Context, tx *db.Tx) error {
	today := calendar.DateAt(tx.Now.Time().In(f.app.zone()))
	monday := today - calendar.Date((int(today.Weekday())+6)%7)
	_, err := tx.Exec(ctx, `INSERT INTO quiet_week (week, people, or_more) VALUES ($1, 4, FALSE)`, int64(monday-7))
	return err
}
