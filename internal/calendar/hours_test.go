package calendar_test

import (
	"testing"

	"goodturn/internal/calendar"
	"goodturn/internal/fault"
)

func TestHoursAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"9-17": "9:00–17:00", "9–17": "9:00–17:00", " 9:00 - 12:30 ,13.30—17 Uhr": "9:00–12:30, 13:30–17:00", "22-6": "22:00–6:00", "0-24": "0:00–24:00",
		"24h": "0:00–24:00", "24 h": "0:00–24:00", "24/7": "0:00–24:00", "9am-5:30pm": "9:00–17:30", "12am–12pm": "0:00–12:00", "9 am to 12 pm and 1 p.m. - 5 p.m.": "9:00–12:00, 13:00–17:00",
		"0900-1730": "9:00–17:30", "900-1730": "9:00–17:30", "9h30–18h": "9:30–18:00", "8 bis 12 und 13 bis 17 Uhr": "8:00–12:00, 13:00–17:00", "8-12;13-17": "8:00–12:00, 13:00–17:00",
		"": "", "-": "", "closed": "", "Geschlossen": "", "17-9": "17:00–9:00", "24:00-1": "?", "9": "?", "9-": "?", "9-25": "?", "9:60-10": "?", "9:5-10": "?", "13pm-14": "?", "9-9": "?", "9-17-18": "?",
		"nine to five": "?", "-5-9": "?", "٩-١٧": "?",
	} {
		got, err := calendar.ParseHours("hours", text)
		if want == "?" {
			if !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%q was read as %q, %v", text, calendar.Words(got...), err)
			}
			continue
		}
		if err != nil || calendar.Words(got...) != want {
			t.Errorf("%q was read as %q, %v; not as %q", text, calendar.Words(got...), err, want)
		}
	}
}

func FuzzParseHours(f *testing.F) {
	for _, text := range []string{"9-17", "9:00–12:30, 13:30–17 Uhr", "22-6", "24h", "9am to 5 pm", "-", ",,,", "9--5"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := calendar.ParseHours("hours", text)
		if err != nil {
			if !fault.Is(err, fault.KindInvalid) {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		again, err := calendar.ParseHours("hours", calendar.Words(got...))
		if err != nil || calendar.Words(again...) != calendar.Words(got...) {
			t.Fatalf("%q: %v, then %v, %v", text, got, again, err)
		}
		for _, s := range got {
			if s.From < 0 || s.From >= 24*60 || s.To <= s.From || s.To > s.From+24*60 {
				t.Fatalf("%q: %v", text, s)
			}
		}
	})
}
