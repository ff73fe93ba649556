package desk

import (
	"strings"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/i18n"
)

func TestSnoozePresets(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	ctx := i18n.With(t.Context(), "en", zone)
	for at, want := range map[string]string{
		"2026-11-18T10:20": "today 18 13:00, tomorrow 19 08:00, monday 23 08:00, week 25 08:00", // a Wednesday
		"2026-11-18T16:40": "tomorrow 19 08:00, monday 23 08:00, week 25 08:00",
		"2026-11-22T23:50": "tomorrow 23 08:00, week 29 08:00", // a Sunday
		"2026-11-23T07:00": "today 23 10:00, tomorrow 24 08:00, week 30 08:00",
		"2026-10-24T09:00": "today 24 12:00, tomorrow 25 08:00, monday 26 08:00, week 31 08:00", // the clock goes back in between
	} {
		now, err := time.ParseInLocation("2006-01-02T15:04", at, zone)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range snoozePresets(ctx, clock.From(now)) {
			got = append(got, p.key+" "+p.at.Format("2 15:04"))
		}
		if all := strings.Join(got, ", "); all != want {
			t.Errorf("at %s: %s, want %s", at, all, want)
		}
	}
}
