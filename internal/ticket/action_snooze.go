package ticket

import (
	"context"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// The hour of the day at which a ticket that sleeps for days wakes, in the zone of whoever put it to sleep.
const wakeHour = 8

// SnoozeFor reads how long a ticket shall sleep, as actions say it: "4h" and "3d" for hours and days, "answer" until the
// requester writes, "answer 3d" for whichever comes first. Days end in the morning.
func SnoozeFor(value string, now clock.Instant, a person.Actor) (Snooze, error) {
	s, wrong := Snooze{Mode: UntilMoment}, fault.Invalid(fault.F("snooze", i18n.M("Please say how long, such as 4h, 3d, answer, or answer 3d.")))
	words := strings.Fields(value)
	if len(words) > 0 && words[0] == string(UntilAnswer) {
		s.Mode, words = UntilAnswer, words[1:]
		if len(words) == 0 {
			return s, nil
		}
	}
	if len(words) != 1 || len(words[0]) < 2 {
		return s, wrong
	}
	last := len(words[0]) - 1
	n, err := strconv.Atoi(words[0][:last])
	if err != nil || n <= 0 || n > 2000 {
		return s, wrong
	}
	switch words[0][last] {
	case 'h':
		s.Until = now.Add(time.Duration(n) * time.Hour)
	case 'd':
		zone, err := time.LoadLocation(a.Zone)
		if err != nil || a.Zone == "" {
			zone = time.UTC
		}
		t := now.Time().In(zone)
		s.Until = clock.From(time.Date(t.Year(), t.Month(), t.Day()+n, wakeHour, 0, 0, 0, zone))
	default:
		return s, wrong
	}
	return s, s.check(now)
}

func checkSnooze(_ context.Context, tx *db.Tx, a person.Actor, v string) error {
	_, err := SnoozeFor(v, tx.Now, a)
	return err
}
