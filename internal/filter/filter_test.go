package filter

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"goodturn/internal/clock"
)

var names = Names{"status": "status", "tag": "tag", "team": "team", "assignee": "assignee", "created": "created", "from": "requester", "requester": "requester", "number": "number", "id": "number"}

// shape writes a query with all its brackets.
func (n *Node) shape() string {
	if n == nil {
		return ""
	}
	var parts []string
	for _, c := range n.Nodes {
		parts = append(parts, c.shape())
	}
	switch n.Kind {
	case And:
		return "(" + strings.Join(parts, " ") + ")"
	case Or:
		return "(" + strings.Join(parts, " | ") + ")"
	case Not:
		return "-" + parts[0]
	case Word:
		return n.Text
	}
	for _, v := range n.Values {
		text := v.Text
		if v.Quoted {
			text = `"` + text + `"`
		}
		if v.Op == Between {
			text += ".." + v.To
		} else {
			text = string(v.Op) + text
		}
		parts = append(parts, text)
	}
	return n.Field + "=" + strings.Join(parts, ",")
}

func TestParse(t *testing.T) {
	for in, want := range map[string]string{
		"":        "",
		"  \t ":   "",
		"printer": "printer",
		`status:open team:network "half pages" printer`: `(status=open team=network "half pages" printer)`,
		"status:open,pending -tag:vpn":                  "(status=open,pending -tag=vpn)",
		"tag:a tag:b":                                   "(tag=a tag=b)",
		"tag:a OR tag:b printer":                        "(tag=a | (tag=b printer))",
		"(tag:a OR tag:b) printer":                      "((tag=a | tag=b) printer)",
		"NOT (tag:a tag:b)":                             "-(tag=a tag=b)",
		"tag:a AND tag:b":                               "(tag=a tag=b)",
		"--tag:a":                                       "--tag=a",
		`-"half pages" -printer`:                        `(-"half pages" -printer)`,
		"created:<7d":                                   "created=<7d",
		"created:>=2026-11-01":                          "created=>=2026-11-01",
		"created:2026-11-01..2026-11-07":                "created=2026-11-01..2026-11-07",
		"number:..5 number:3..":                         "(number=..5 number=3..)",
		`created:"a..b"`:                                `created="a..b"`,
		`team:"first line",vpn`:                         `team="first line",vpn`,
		"STATUS:New id:5":                               "(status=New number=5)",
		`"status:open"`:                                 `"status:open"`,
		`"never closed status:open`:                     `"never closed status:open`,
		`error: 0x80 https://example.com C:\temp 12:30`: `(error: 0x80 https://example.com C:\temp 12:30)`,
		"status://x":                                    "status://x",
		"printer - broken":                              "(printer broken)",
		"half-pages":                                    "half-pages",
		"call(me) :)":                                   "(call(me) :))",
		"(call(me) now)":                                "(call(me) now)",
		"(tag:a(b))":                                    "tag=a(b)",
		"(status:open) (tag:a printer)":                 "(status=open tag=a printer)",
		"or and not":                                    "(or and not)",
		"() printer":                                    "printer",
		"-()":                                           "",
		"form: 12":                                      "(form: 12)",
		"ORDER NOTE ANDREA":                             "(ORDER NOTE ANDREA)",
		"status:open(tag:a)":                            "status=open(tag:a)",
		"a OR (b OR c)":                                 "(a | b | c)",
		"tag:größe \u00a0 x":                            "(tag=größe \u00a0 x)",
		"team:network\x00status:open":                   "(team=network status=open)",
		"note:x reply:y":                                "(note:x reply:y)",
		`from:"Hana Sato" from:@x.org`:                  `(requester="Hana Sato" requester=@x.org)`,
	} {
		q, err := Parse(in, names)
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		if got := q.Root.shape(); got != want {
			t.Errorf("%q is %s, want %s", in, got, want)
		}
	}
}

func TestParseErrorsPointAtThePlace(t *testing.T) {
	for _, c := range []struct{ in, wrong, instead string }{
		{"statsu:open printer", "statsu:", "status:"},
		{"printer -sttaus:open", "sttaus:", "status:"},
		{"form:hana", "form:", "from:"},
		{"tags:x", "tags:", "tag:"},
		{"status:", "status:", ""},
		{"status: open", "status: open", "status:open"},
		{`from: "Hana Sato" x`, `from: "Hana Sato"`, `from:"Hana Sato"`},
		{"status: (a)", "status:", ""},
		{"status:open, printer", ",", ""},
		{"(tag:a", "(", ""},
		{"tag:a)", ")", ""},
		{"(a (b)", "(", ""},
		{"OR a", "OR", `"OR"`},
		{"a OR", "OR", `"OR"`},
		{"a OR OR b", "OR", `"OR"`},
		{"(a OR) b", "OR", `"OR"`},
		{"a NOT", "NOT", `"NOT"`},
		{"(a -) b", "", ""},
		{strings.Repeat("(", 30), "(", ""},
		{strings.Repeat("tag:x ", 101), "x", ""},
		{strings.Repeat("ä", 3000), strings.Repeat("ä", 1000), ""},
	} {
		_, err := Parse(c.in, names)
		if c.wrong == "" {
			continue
		}
		e, ok := err.(*Error)
		if !ok {
			t.Errorf("%q gives %v", c.in, err)
			continue
		}
		before, wrong, after := e.Parts()
		if before+wrong+after != c.in || wrong != c.wrong || e.Message.IsZero() || !utf8.ValidString(wrong) {
			t.Errorf("%q: %q is wrong (%s), want %q", c.in, wrong, e, c.wrong)
		}
		if got := append(e.Instead, "")[0]; got != c.instead {
			t.Errorf("%q: instead %q, want %q", c.in, got, c.instead)
		}
	}
}

func TestWhereTakesNothingForFalse(t *testing.T) {
	q, err := Parse("tag:a -(status:b OR status:c) word", names)
	if err != nil {
		t.Fatal(err)
	}
	leaf := func(n *Node) (string, error) { return n.shape(), nil }
	cost := func(sql string) int { return strings.Count(sql, "dear") }
	if got, err := q.Where(leaf, cost); got != "((tag=a) AND (((status=b) IS NOT TRUE) AND ((status=c) IS NOT TRUE)) AND (word))" || err != nil {
		t.Error(got, err)
	}
	if got, _ := q.Rest().Where(leaf, cost); got != "((tag=a) AND (((status=b) IS NOT TRUE) AND ((status=c) IS NOT TRUE)))" || q.Words() != "word" {
		t.Error(got, q.Words())
	}
	if got, _ := (Query{}).Where(leaf, cost); got != "TRUE" {
		t.Error(got)
	}
	if q, err = Parse("(dear OR tag:a) -(dear status:b) tag:c", names); err != nil {
		t.Fatal(err)
	}
	if got, _ := q.Where(leaf, cost); got != "((tag=c) AND ((tag=a) OR (dear)) AND (((status=b) IS NOT TRUE) OR ((dear) IS NOT TRUE)))" {
		t.Error("what costs less does not come first:", got)
	}
}

func TestMoments(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 10, 27, 15, 30, 0, 0, zone) // a Tuesday; the clock went back on the 25th
	day := func(y int, m time.Month, d int) clock.Instant {
		return clock.From(time.Date(y, m, d, 0, 0, 0, 0, zone))
	}
	ago := func(d time.Duration) clock.Instant { return clock.From(now.Add(-d)) }
	for in, want := range map[string]Span{
		"<7d":               {From: ago(7 * 24 * time.Hour)},
		">2h":               {To: ago(2 * time.Hour)},
		"1d..2w":            {From: ago(14 * 24 * time.Hour), To: ago(24 * time.Hour)},
		"today":             {day(2026, 10, 27), day(2026, 10, 28)},
		"yesterday":         {day(2026, 10, 26), day(2026, 10, 27)},
		"this-week":         {day(2026, 10, 26), day(2026, 11, 2)},
		"last-week":         {day(2026, 10, 19), day(2026, 10, 26)},
		"this-month":        {day(2026, 10, 1), day(2026, 11, 1)},
		"last-month":        {day(2026, 9, 1), day(2026, 10, 1)},
		"this-year":         {day(2026, 1, 1), day(2027, 1, 1)},
		"2026-10-25":        {day(2026, 10, 25), day(2026, 10, 26)},
		"25.10.2026":        {day(2026, 10, 25), day(2026, 10, 26)},
		">=2026-10-25":      {From: day(2026, 10, 25)},
		">2026-10-25":       {From: day(2026, 10, 26)},
		"<2026-10-25":       {To: day(2026, 10, 25)},
		"<=2026-10":         {To: day(2026, 11, 1)},
		"2026-01..":         {From: day(2026, 1, 1)},
		"2025..2026-01":     {day(2025, 1, 1), day(2026, 2, 1)},
		"<99999y":           {From: 1},
		">=this-week":       {From: day(2026, 10, 26)},
		"2026-10-25..today": {day(2026, 10, 25), day(2026, 10, 28)},
	} {
		q, err := Parse("created:"+in, names)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if got, err := q.Root.Values[0].Moments(clock.From(now), zone, false); got != want || err != nil {
			t.Errorf("%s is %v to %v (%v), want %v to %v", in, got.From.Time(), got.To.Time(), err, want.From.Time(), want.To.Time())
		}
	}
	for _, in := range []string{"7d", "soon", "<", "2026-13-01", "2026-02-30", "<7q", "2026..2025", "todya", "1d..2026", "-7d", "1969", "999999999d"} {
		q, err := Parse("created:"+in, names)
		if err != nil {
			continue
		}
		if got, err := q.Root.Values[0].Moments(clock.From(now), zone, false); err == nil {
			t.Errorf("%s is %v", in, got)
		}
	}
	ahead, _ := Parse("created:<2d", names)
	if got, _ := ahead.Root.Values[0].Moments(clock.From(now), zone, true); got != (Span{clock.From(now), ago(-48*time.Hour) + 1}) {
		t.Errorf("within two days to come: %v", got)
	}
}

func TestNearest(t *testing.T) {
	known := []string{"open", "pending", "on_hold", "solved", "network", "network-west"}
	for typed, want := range map[string]string{"opne": "open", "pendng": "pending", "net": "network", "netwrok": "network", "zzz": "", "o": "", "solv": "solved"} {
		if got := append(Nearest(typed, known), "")[0]; got != want {
			t.Errorf("%s: %s, want %s", typed, got, want)
		}
	}
}

// FuzzParse holds the parser to its promises on any text: no panic, places inside the text, the same words found again.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`a:b "c d" e:"f g`, "(status:open OR -tag:x) created:<7d", "status: open", "statsu:x", "((", "tag:a,b,", "NOT -(", "\xff:\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := Parse(s, names)
		if err != nil {
			e := err.(*Error)
			before, wrong, after := e.Parts()
			if before+wrong+after != s || e.Message.String() == "" {
				t.Errorf("%q: %+v", s, e)
			}
			for _, i := range e.Instead {
				if len(i) > len(s)+40 {
					t.Errorf("%q: instead %q", s, i)
				}
			}
			return
		}
		q.Terms(func(n *Node, _ bool) {
			if n.At < 0 || n.Len <= 0 || n.At+n.Len > len(s) || n.Kind == Word && s[n.At:n.At+n.Len] != n.Text {
				t.Errorf("%q: %+v", s, n)
			}
			for _, v := range n.Values {
				if v.At < n.At || v.At+v.Len > n.At+n.Len {
					t.Errorf("%q: value %+v of %+v", s, v, n)
				}
				_, _ = v.Numbers()
				_, _ = v.Moments(1_800_000_000_000, time.UTC, false)
			}
		})
		plain, err := Parse(Plain(s), names)
		if err == nil {
			plain.Terms(func(n *Node, negated bool) {
				if n.Kind != Word || negated {
					t.Errorf("%q as plain text is %q and holds %+v", s, Plain(s), n)
				}
			})
		}
	})
}
