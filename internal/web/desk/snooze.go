package desk

import (
	"context"
	"net/http"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// morning is the hour at which what sleeps for days comes back, and evening the last one that is still today.
const (
	morning = 8
	evening = 18
)

// snoozePreset is a moment that can be chosen with one press.
type snoozePreset struct {
	key, label string
	at         time.Time
}

// snoozePresets are the moments that are offered now, in the reader's zone.
func snoozePresets(ctx context.Context, now clock.Instant) []snoozePreset {
	t := now.Time().In(i18n.ZoneOf(ctx))
	day := func(n int) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day()+n, morning, 0, 0, 0, t.Location())
	}
	monday := (8 - int(t.Weekday())) % 7 // days until the next one; 0 for today, which a week is for
	var all []snoozePreset
	if later := t.Add(3 * time.Hour).Truncate(time.Hour); later.Hour() <= evening && later.Day() == t.Day() {
		all = append(all, snoozePreset{"today", i18n.T(ctx, "Later today"), later})
	}
	all = append(all, snoozePreset{"tomorrow", i18n.T(ctx, "Tomorrow morning"), day(1)})
	if monday > 1 {
		all = append(all, snoozePreset{"monday", i18n.T(ctx, "Monday"), day(monday)})
	}
	return append(all, snoozePreset{"week", i18n.T(ctx, "In a week"), day(7)})
}

// snooze answers POST /tickets/{number}/snooze. The field when is one of the presets, "answer", or "at" for the moment in the
// field at, in the agent's zone. With a moment an answer wakes the ticket too, unless the field through is set.
func (d *Desk) snooze(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	next, err := d.afterwards(r, v, number)
	if err != nil {
		return err
	}
	s, err := readSnooze(ctx, r, v.Now)
	if err == nil {
		err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
			return d.Tickets.Snooze(ctx, tx, by, number, s)
		})
	}
	if err != nil {
		return d.again(w, r, v, number, err, func(t *typed, message string) { t.other = message })
	}
	said := i18n.T(ctx, "#{{.Number}} sleeps until they answer.", "Number", number)
	switch {
	case s.Until != 0 && s.Mode == ticket.UntilAnswer:
		said = i18n.T(ctx, "#{{.Number}} sleeps until {{.When}}, or until they answer.", "Number", number, "When", i18n.DateTime(ctx, s.Until))
	case s.Until != 0:
		said = i18n.T(ctx, "#{{.Number}} sleeps until {{.When}}.", "Number", number, "When", i18n.DateTime(ctx, s.Until))
	}
	d.Site.TellUndo(w, said, ticketAction(number, "wake"))
	return page.Goto(w, r, next)
}

// readSnooze reads the form.
func readSnooze(ctx context.Context, r *http.Request, now clock.Instant) (ticket.Snooze, error) {
	s := ticket.Snooze{Mode: ticket.UntilAnswer}
	if r.PostFormValue("through") != "" {
		s.Mode = ticket.UntilMoment
	}
	switch when := r.PostFormValue("when"); when {
	case "answer":
		s.Mode = ticket.UntilAnswer
		return s, nil
	case "at":
		at, err := time.ParseInLocation("2006-01-02T15:04", r.PostFormValue("at"), i18n.ZoneOf(ctx))
		if err != nil {
			return s, fault.Invalid(fault.F("until", i18n.M("Please choose a day and a time.")))
		}
		s.Until = clock.From(at)
		return s, nil
	default:
		for _, p := range snoozePresets(ctx, now) {
			if p.key == when {
				s.Until = clock.From(p.at)
				return s, nil
			}
		}
	}
	return s, fault.Invalid(fault.F("until", i18n.M("Please choose when it is to come back.")))
}

// wake answers POST /tickets/{number}/wake.
func (d *Desk) wake(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.set(w, r, v, func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, _ string) error {
		return d.Tickets.Wake(ctx, tx, by, number)
	})
}
