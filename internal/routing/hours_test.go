package routing_test

import (
	"context"
	"testing"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/routing"
)

// hours gives the desk its usual hours, Monday to Friday from 9 to 17, and the team those of New York in summer: 9 to 17 there is 13 to 21.
func (f *fixture) hours() (newYork int64) {
	f.router.Calendars = &calendar.Store{Used: []func(ctx context.Context, tx *db.Tx, id int64) ([]i18n.Text, error){routing.CalendarUsed}, Changed: []func(ctx context.Context, tx *db.Tx, c calendar.Change) error{f.router.CalendarChanged}}
	f.write(func(tx *db.Tx) error {
		must(f.router.Calendars.Save(f.Context(), tx, calendar.Row{Name: "Office hours", Definition: calendar.Standard("UTC")}))
		newYork = must(f.router.Calendars.Save(f.Context(), tx, calendar.Row{Name: "New York", Definition: calendar.Standard("America/New_York")})).ID
		return nil
	})
	return newYork
}

func TestOnlyThoseAtWorkAreGivenTickets(t *testing.T) {
	each(t, func(f *fixture) {
		newYork := f.hours()
		f.shares(routing.Sharing{Way: routing.Turns, AtWork: true})
		f.has(f.create("at noon").ID, f.amara, routing.ByTurn)
		f.at = f.at.Add(6 * time.Hour) // Monday, 18:00
		night := f.create("in the evening")
		f.nobodyHas(night.ID)
		f.pass(14*time.Hour + 59*time.Minute)
		f.nobodyHas(night.ID)
		f.pass(time.Minute) // Tuesday, 9:00
		f.has(night.ID, f.jonas, routing.ByTurn)

		f.write(func(tx *db.Tx) error { return f.router.SetCalendar(f.Context(), tx, f.priya.ID, newYork) })
		f.at = f.at.Add(9 * time.Hour) // Tuesday, 18:00, when it is 13:00 in New York
		f.has(f.create("follows the sun").ID, f.priya, routing.ByTurn)
		if err := f.db.Write(f.Context(), func(tx *db.Tx) error { return f.router.Calendars.Remove(f.Context(), tx, newYork) }); !fault.Is(err, fault.KindConflict) {
			t.Errorf("the hours of Priya are removed: %v", err)
		}
		f.refused("calendar", func(tx *db.Tx) error { return f.router.SetCalendar(f.Context(), tx, f.priya.ID, 4711) })

		f.shares(routing.Sharing{Way: routing.Turns})
		f.has(f.create("by night too, if the team says so").ID, f.amara, routing.ByTurn)
	})
}

func TestOffersCountWorkingMinutes(t *testing.T) {
	each(t, func(f *fixture) {
		f.hours()
		f.shares(routing.Sharing{Way: routing.Pull, OfferAfter: 60, OfferFor: 30})
		f.at = f.at.Add(4*time.Hour + 30*time.Minute) // Monday, 16:30
		x := f.create("shortly before the end")
		f.pass(16 * time.Hour) // Tuesday, 8:30
		f.isOffered(x.ID, person.Actor{})
		f.pass(time.Hour) // 30 minutes on each of the days
		f.isOffered(x.ID, f.amara)
		// In the evening everybody has gone: it goes on in the morning.
		f.write(func(tx *db.Tx) error {
			_, err := tx.Exec(f.Context(), `UPDATE unclaimed SET next_at = $1`, f.at.Add(8*time.Hour))
			return err
		})
		f.pass(8 * time.Hour) // 17:30
		f.isOffered(x.ID, person.Actor{})
		f.pass(15*time.Hour + 30*time.Minute)
		f.isOffered(x.ID, f.jonas)
	})
}
