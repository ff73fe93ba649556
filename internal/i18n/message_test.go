package i18n_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/i18n"
)

func in(t testing.TB, lang, zone string) context.Context {
	t.Helper()
	z, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return i18n.With(context.Background(), lang, z)
}

func want(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func TestMessages(t *testing.T) {
	en, de := context.Background(), in(t, "de", "Europe/Berlin")
	want(t, "English is its own text", i18n.T(en, "just now"), "just now")
	want(t, "German", i18n.T(de, "just now"), "gerade eben")
	want(t, "untranslated", i18n.T(de, "nobody translated this"), "nobody translated this")
	want(t, "unknown language", i18n.T(in(t, "xx", "UTC"), "just now"), "just now")
	want(t, "placeholder", i18n.T(en, "Hello {{.Name}}, it is {{.Count}}.", "Count", 1234, "Name", "Ada"), "Hello Ada, it is 1234.")
	want(t, "value with braces", i18n.T(en, "Hello {{.Name}}", "Name", "{{.Count}}", "Count", 1), "Hello {{.Count}}")
	want(t, "no value", i18n.T(en, "Hello {{.Name}}", "Nom", "Ada"), "Hello {{.Name}}")
	want(t, "broken", i18n.T(en, "Hello {{.Name", "Name", "Ada"), "Hello {{.Name")
	want(t, "text in text", i18n.T(de, "{{.When}}:", "When", i18n.M("just now")), "gerade eben:")
	want(t, "size", i18n.T(de, "{{.X}}", "X", i18n.Size(1_460_000)), "1,5\u00a0MB")
	want(t, "amount", i18n.T(de, "{{.X}}", "X", i18n.Amount(1234)), "1.234")
	want(t, "moment", i18n.T(de, "{{.X}} {{.Y}}", "X", time.Unix(0, 0), "Y", clock.Instant(60_000)), "1. Jan. 1970, 01:00 1. Jan. 1970, 01:01")
	want(t, "place in English", i18n.C(en, "verb", "Open"), "Open")
	want(t, "place, untranslated", i18n.C(de, "nowhere", "Open {{.X}}", "X", 1), "Open 1")
}

func TestPlurals(t *testing.T) {
	en, de := context.Background(), in(t, "de", "UTC")
	for n, pair := range map[int][2]string{
		0:    {"0 days ago", "vor 0 Tagen"},
		1:    {"1 day ago", "vor 1 Tag"},
		2:    {"2 days ago", "vor 2 Tagen"},
		1200: {"1,200 days ago", "vor 1.200 Tagen"},
	} {
		want(t, "en", i18n.N(en, "{{.Count}} day ago", "{{.Count}} days ago", n), pair[0])
		want(t, "de", i18n.N(de, "{{.Count}} day ago", "{{.Count}} days ago", n), pair[1])
		later := i18n.MN("{{.Count}} day ago", "{{.Count}} days ago", n)
		want(t, "later", i18n.Print(de, later), pair[1])
		want(t, "log", later.String(), pair[0])
	}
	want(t, "untranslated", i18n.N(de, "{{.Count}} pear of {{.Who}}", "{{.Count}} pears of {{.Who}}", 1, "Who", "Ada"), "1 pear of Ada")
}

func TestText(t *testing.T) {
	text := i18n.M("in {{.Time}}", "Time", i18n.M("{{.Count}} h", "Count", 3))
	want(t, "German", i18n.Print(in(t, "de", "UTC"), text), "in 3 Std.")
	want(t, "English", text.String(), "in 3 h")
	if data, err := json.Marshal(text); err != nil || string(data) != `"in 3 h"` {
		t.Errorf("JSON: %s, %v", data, err)
	}
	var none i18n.Text
	if !none.IsZero() || none.String() != "" || text.IsZero() {
		t.Error("zero value")
	}
}

func TestAllocations(t *testing.T) {
	en, de := context.Background(), in(t, "de", "UTC")
	for name, ctx := range map[string]context.Context{"en": en, "de": de} {
		if n := testing.AllocsPerRun(100, func() { i18n.T(ctx, "just now") }); n != 0 {
			t.Errorf("%s: a static string costs %v allocations", name, n)
		}
	}
}

func BenchmarkT(b *testing.B) {
	type key struct{}
	deep := func(ctx context.Context) context.Context {
		for range 5 {
			ctx = context.WithValue(ctx, key{}, 1)
		}
		return ctx
	}
	for name, ctx := range map[string]context.Context{
		"en": deep(in(b, "en", "UTC")), "de": deep(in(b, "de", "UTC")),
	} {
		b.Run(name+"/static", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				i18n.T(ctx, "just now")
			}
		})
		b.Run(name+"/placeholder", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				i18n.T(ctx, "in {{.Time}}", "Time", "8 min")
			}
		})
		b.Run(name+"/plural", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				i18n.N(ctx, "{{.Count}} day ago", "{{.Count}} days ago", 3)
			}
		})
		b.Run(name+"/datetime", func(b *testing.B) {
			b.ReportAllocs()
			t := time.Now()
			for b.Loop() {
				i18n.DateTime(ctx, t)
			}
		})
	}
}

func FuzzExpand(f *testing.F) {
	f.Add("Hello {{.Name}}, {{.Count}}", "Name", "{{.Name}}")
	f.Add("{{.{{.A}}", "A", "}}")
	f.Fuzz(func(t *testing.T, text, name, value string) {
		got := i18n.T(context.Background(), text, name, value)
		if !strings.Contains(text, "{{."+name+"}}") && got != text {
			t.Errorf("%q became %q, though it has no {{.%s}}", text, got, name)
		}
		if text == "{{."+name+"}}" && !strings.Contains(name, "}}") && got != value {
			t.Errorf("%q became %q, want %q", text, got, value)
		}
	})
}
