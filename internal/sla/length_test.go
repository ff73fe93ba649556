package sla

import (
	"testing"
	"time"
)

func TestLengthsAreReadAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"": 0, "4h": 4 * time.Hour, "90 min": 90 * time.Minute, "1 h 30 min": 90 * time.Minute, "1:30": 90 * time.Minute, "1.5h": 90 * time.Minute, "1,5 Std.": 90 * time.Minute,
		"2h30m": 150 * time.Minute, "45m": 45 * time.Minute, "1 hour": time.Hour, "0h": 0, "2 Stunden": 2 * time.Hour,
	} {
		if got, ok := ParseLength(text, false); !ok || got != want.Milliseconds() {
			t.Errorf("%q is %d ms (%v), want %v", text, got, ok, want)
		}
		if again, ok := ParseLength(FormatLength(want.Milliseconds()), false); !ok || again != want.Milliseconds() {
			t.Errorf("%v is written %q, which is read as %d", want, FormatLength(want.Milliseconds()), again)
		}
	}
	for _, text := range []string{"4", "h", "soon", "-4h", "4 x", "1:75", "1:5", "2d", "1 week", "4h later", "99999999999h", "٣h x"} {
		if got, ok := ParseLength(text, false); ok {
			t.Errorf("%q is taken as %d ms", text, got)
		}
	}
	if got, ok := ParseLength("2d", true); !ok || got != 48*time.Hour.Milliseconds() {
		t.Errorf("2d by the clock is %d, %v", got, ok)
	}
}
