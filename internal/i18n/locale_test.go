package i18n_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/i18n"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct{ accept, preferred, want string }{
		{"", "", "en"},
		{"de", "", "de"},
		{"de-AT,de;q=0.9,en;q=0.5", "", "de"},
		{"en-GB,de;q=0.9", "", "en"},
		{"fr,de;q=0.5", "", "de"},
		{"fr", "", "en"},
		{"ar", "", "en"},
		{"en", "de", "de"},
		{"en", "de-CH", "de"},
		{"de", "fr", "de"},
		{"de", "nonsense!", "de"},
		{";;;q=,,\x00", "", "en"},
		{"de," + strings.Repeat("fr-FR,", 100_000), "", "de"},
	} {
		if got := i18n.Match(c.accept, c.preferred); got != c.want {
			t.Errorf("Match(%.30q, %q) = %q, want %q", c.accept, c.preferred, got, c.want)
		}
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("de-AT,de;q=0.9", "en")
	f.Fuzz(func(t *testing.T, accept, preferred string) {
		got := i18n.Match(accept, preferred)
		for _, l := range i18n.Languages() {
			if l.Code == got {
				return
			}
		}
		t.Errorf("Match(%q, %q) = %q is not shipped", accept, preferred, got)
	})
}

func TestLocale(t *testing.T) {
	none, de, ar := context.Background(), in(t, "de", "Europe/Berlin"), in(t, "ar", "UTC")
	want(t, "default language", i18n.LangOf(none), "en")
	want(t, "default zone", i18n.ZoneOf(none).String(), "UTC")
	want(t, "language", i18n.LangOf(de), "de")
	want(t, "zone", i18n.ZoneOf(de).String(), "Europe/Berlin")
	want(t, "no zone", i18n.ZoneOf(i18n.With(none, "de", nil)).String(), "UTC")
	want(t, "unknown language", i18n.LangOf(i18n.With(none, "fr", nil)), "en")
	want(t, "direction", i18n.Dir(none)+i18n.Dir(de)+i18n.Dir(ar), "ltrltrrtl")
	languages := i18n.Languages()
	if len(languages) != 2 || languages[0] != (i18n.Language{Code: "en", Name: "English"}) || languages[1] != (i18n.Language{Code: "de", Name: "Deutsch"}) {
		t.Errorf("languages: %v", languages)
	}
}

func TestDates(t *testing.T) {
	en, de := in(t, "en", "America/New_York"), in(t, "de", "Europe/Berlin")
	at := time.Date(2026, 11, 21, 23, 5, 0, 0, time.UTC)
	want(t, "en", i18n.DateTime(en, at), "21 Nov 2026, 18:05")
	want(t, "de", i18n.DateTime(de, at), "22. Nov. 2026, 00:05")
	want(t, "en", i18n.Date(en, at), "21 Nov 2026")
	want(t, "de", i18n.Date(de, at), "22. Nov. 2026")
	want(t, "en", i18n.DateLong(en, at), "Saturday, 21 November 2026")
	want(t, "de", i18n.DateLong(de, at), "Sonntag, 22. November 2026")
	want(t, "en", i18n.Clock(en, at), "18:05")
	want(t, "de", i18n.Clock(de, at), "00:05")
	want(t, "instant", i18n.DateTime(de, clock.From(at)), "22. Nov. 2026, 00:05")
	want(t, "never", i18n.DateTime(de, clock.Instant(0))+i18n.Clock(de, time.Time{})+i18n.Ago(de, at, time.Time{})+i18n.AgoLong(de, at, clock.Instant(0)), "")
	want(t, "instants", i18n.Ago(de, clock.From(at), at.Add(-time.Hour)), "1 Std.")
}

func TestAgo(t *testing.T) {
	en, de := context.Background(), in(t, "de", "UTC")
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	const day = 24 * time.Hour
	for _, c := range []struct {
		ago                      time.Duration
		short, long, kurz, lange string
	}{
		{59 * time.Second, "now", "just now", "jetzt", "gerade eben"},
		{time.Minute, "1 min", "1 minute ago", "1 Min.", "vor 1 Minute"},
		{59*time.Minute + 59*time.Second, "59 min", "59 minutes ago", "59 Min.", "vor 59 Minuten"},
		{23*time.Hour + 59*time.Minute, "23 h", "23 hours ago", "23 Std.", "vor 23 Stunden"},
		{13 * day, "13 d", "13 days ago", "13 T.", "vor 13 Tagen"},
		{28 * day, "4 w", "4 weeks ago", "4 Wo.", "vor 4 Wochen"},
		{364 * day, "52 w", "52 weeks ago", "52 Wo.", "vor 52 Wochen"},
		{800 * day, "2 y", "2 years ago", "2 J.", "vor 2 Jahren"},
		{-30 * time.Second, "now", "in a moment", "jetzt", "in einem Moment"},
		{-90 * time.Second, "in 1 min", "in 1 minute", "in 1 Min.", "in 1 Minute"},
		{-3 * time.Hour, "in 3 h", "in 3 hours", "in 3 Std.", "in 3 Stunden"},
		{-3 * day, "in 3 d", "in 3 days", "in 3 T.", "in 3 Tagen"},
		{-21 * day, "in 3 w", "in 3 weeks", "in 3 Wo.", "in 3 Wochen"},
		{-800 * day, "in 2 y", "in 2 years", "in 2 J.", "in 2 Jahren"},
	} {
		at := now.Add(-c.ago)
		want(t, c.ago.String(), i18n.Ago(en, now, at), c.short)
		want(t, c.ago.String(), i18n.AgoLong(en, now, at), c.long)
		want(t, c.ago.String(), i18n.Ago(de, now, at), c.kurz)
		want(t, c.ago.String(), i18n.AgoLong(de, now, at), c.lange)
	}
}

func TestNumbers(t *testing.T) {
	en, de := context.Background(), in(t, "de", "UTC")
	for n, pair := range map[int64][2]string{
		0: {"0", "0"}, 999: {"999", "999"}, -1000: {"-1,000", "-1.000"}, 1234567: {"1,234,567", "1.234.567"},
	} {
		want(t, "en", i18n.Number(en, n), pair[0])
		want(t, "de", i18n.Number(de, n), pair[1])
	}
	for n, pair := range map[int64][2]string{
		0: {"0 B", "0 B"}, 999: {"999 B", "999 B"}, 1000: {"1 kB", "1 kB"}, 1449: {"1.4 kB", "1,4 kB"},
		9949: {"9.9 kB", "9,9 kB"}, 9950: {"10 kB", "10 kB"}, 999_499: {"999 kB", "999 kB"}, 999_500: {"1 MB", "1 MB"},
		1_400_000: {"1.4 MB", "1,4 MB"}, 25_000_000_000: {"25 GB", "25 GB"},
	} {
		want(t, "en", i18n.Bytes(en, n), strings.Replace(pair[0], " ", "\u00a0", 1))
		want(t, "de", i18n.Bytes(de, n), strings.Replace(pair[1], " ", "\u00a0", 1))
	}
	want(t, "en", i18n.Percent(en, 0.126), "13%")
	want(t, "de", i18n.Percent(de, 0.126), "13\u00a0%")
}
