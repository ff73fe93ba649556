package line

import (
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/i18n"
)

// TestAWaitIsToldAsPeopleWouldSayIt has a Monday at 12:00 in Berlin as now.
func TestAWaitIsToldAsPeopleWouldSayIt(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	now := clock.From(time.Date(2026, 3, 2, 12, 0, 0, 0, berlin))
	const minute = int64(60_000)
	at := func(day, hour, min int) clock.Instant {
		return clock.From(time.Date(2026, 3, day, hour, min, 0, 0, berlin))
	}
	for want, c := range map[string]struct {
		lang     string
		from, to int64         // worked
		until    clock.Instant // 0: worked all the time
		since    clock.Instant
	}{
		"within 10 to 25 minutes":                      {"en", 10 * minute, 25 * minute, 0, 0},
		"within 5 minutes":                             {"en", 0, 5 * minute, 0, 0},
		"within 1 minute":                              {"en", 0, 0, 0, 0},
		"within 1 to 3 hours":                          {"en", 60 * minute, 180 * minute, 0, 0},
		"within 45 minutes to 3 hours":                 {"en", 45 * minute, 180 * minute, 0, 0},
		"within 1 h 45 min to 4½ hours":                {"en", 105 * minute, 270 * minute, 0, 0},
		"tomorrow between 09:00 and 10:15":             {"en", 301 * minute, 370 * minute, at(3, 10, 10), at(3, 9, 1)},
		"between today, 15:30 and Friday, 10:00":       {"en", 200 * minute, 2000 * minute, at(6, 9, 50), at(2, 15, 40)},
		"by tomorrow, 09:15":                           {"en", 0, 5 * minute, at(3, 9, 5), at(2, 12, 0)},
		"between Friday, 09:00 and 20 Mar 2026, 17:00": {"en", 200 * minute, 2000 * minute, at(20, 17, 0), at(6, 9, 0)},
		"binnen 10 bis 25 Minuten":                     {"de", 10 * minute, 25 * minute, 0, 0},
		"morgen zwischen 09:00 und 10:15 Uhr":          {"de", 301 * minute, 370 * minute, at(3, 10, 10), at(3, 9, 1)},
	} {
		ctx := i18n.With(t.Context(), c.lang, berlin)
		r := Range{now.Add(time.Duration(c.from) * time.Millisecond), now.Add(time.Duration(c.to) * time.Millisecond)}
		if c.until != 0 {
			r = Range{c.since, c.until}
		}
		if got := r.say(ctx, now, c.from, c.to); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
