package app

import (
	"context"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/shift"
)

// rota plans the first line of the demonstration desk: this week and the next are published, in a way that somebody is on shift whenever somebody looks.
func (f *demoFiller) rota(ctx context.Context, tx *db.Tx) error {
	quiet := *f.app.Rota // what was planned before today is not mailed today
	quiet.Mail, quiet.Tell = nil, nil
	r, by, team := &quiet, f.people["ruth"], f.teams["first-line"]
	zone := f.app.Rota.Zone
	today := calendar.DateAt(tx.Now.Time().In(zone))
	for _, p := range []struct{ name, rule, hours, breaks string }{
		{"Early", "FREQ=DAILY", "6–14", "10–10:30"},
		{"Late", "FREQ=DAILY", "14–22", "18–18:30"},
		{"Night", "FREQ=DAILY", "22–6", "2–2:30"},
		{"Core", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "9–17", "12:30–13"},
	} {
		x := shift.Pattern{TeamID: team, Name: p.name, Rule: p.rule, FirstDay: today - 7, Zone: zone.String(), Needed: 1}
		if err := x.SetHours(p.hours, p.breaks); err != nil {
			return err
		}
		if _, err := r.SavePattern(ctx, tx, by, x); err != nil {
			return err
		}
	}
	in := shift.WeekOf(tx.Now, zone)
	in.Until = in.Until.Add(7 * 24 * time.Hour)
	all, err := shift.Between(ctx, tx, team, in)
	if err != nil {
		return err
	}
	for i, s := range all {
		if err := f.give(ctx, tx, s, i%9 == 7); err != nil {
			return err
		}
	}
	_, _, err = r.Publish(ctx, tx, by, team, shift.Span{From: clock.Instant(0), Until: in.Until})
	return err
}

// give gives a shift to whom the rule asks, unless it is to stay open.
func (f *demoFiller) give(ctx context.Context, tx *db.Tx, s shift.Shift, open bool) error {
	if open && s.FromAt > tx.Now {
		return nil
	}
	by := f.people["ruth"]
	crew, err := f.app.Rota.CrewOf(ctx, tx, by, s.TeamID, s.Span())
	if err != nil {
		return err
	}
	next, ok, err := shift.NextAsked(ctx, tx, crew, s)
	if err != nil || !ok {
		return err
	}
	_, err = f.app.Rota.Assign(ctx, tx, by, s.ID, next.PersonID, false)
	return err
}
