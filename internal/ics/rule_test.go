package ics_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"goodturn/internal/fault"
	"goodturn/internal/ics"
)

func in(t testing.TB, zone, text string) time.Time {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, loc)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestRuleFires(t *testing.T) {
	for _, c := range []struct{ rule, zone, start, after, want string }{
		{"FREQ=MONTHLY;BYDAY=1MO", "Europe/Berlin", "2026-11-02 09:00", "2026-11-02 08:59", "2026-11-02T09:00:00+01:00"},
		{"RRULE:freq=monthly; byday=1mo", "Europe/Berlin", "2026-11-02 09:00", "2026-11-02 09:00", "2026-12-07T09:00:00+01:00"},
		{"FREQ=WEEKLY;BYDAY=MO,TH", "Europe/Berlin", "2026-03-23 09:00", "2026-03-28 12:00", "2026-03-30T09:00:00+02:00"}, // nine on the wall stays nine
		{"FREQ=DAILY;BYHOUR=9,15", "UTC", "2026-01-01 09:00", "2026-01-01 09:00", "2026-01-01T15:00:00Z"},
		{"FREQ=DAILY", "Europe/Berlin", "2026-03-20 02:30", "2026-03-28 12:00", "2026-03-29T03:30:00+02:00"}, // 02:30 is left out
		{"FREQ=DAILY", "Europe/Berlin", "2026-10-20 02:30", "2026-10-24 12:00", "2026-10-25T02:30:00+02:00"}, // comes twice: the first
		{"FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,30", "Europe/Berlin", "2026-03-20 02:00", "2026-03-28 12:00", "2026-03-29T03:00:00+02:00"},
		{"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "UTC", "2026-01-01 00:00", "2028-03-01 00:00", "2032-02-29T00:00:00Z"},
		{"FREQ=MONTHLY;BYMONTHDAY=-1", "UTC", "2026-01-31 10:00", "2028-02-01 00:00", "2028-02-29T10:00:00Z"},
		{"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "UTC", "2026-01-01 10:00", "2026-05-01 00:00", "2026-05-29T10:00:00Z"},
		{"FREQ=YEARLY;INTERVAL=2", "UTC", "2026-05-05 10:00", "2026-06-01 00:00", "2028-05-05T10:00:00Z"},
		{"FREQ=DAILY;COUNT=3", "UTC", "2026-05-05 10:00", "2026-05-07 10:00", "never"},
		{"FREQ=DAILY;UNTIL=20260507", "UTC", "2026-05-05 10:00", "2026-05-06 11:00", "2026-05-07T10:00:00Z"}, // until the end of that day
		{"FREQ=DAILY;UNTIL=20260507", "UTC", "2026-05-05 10:00", "2026-05-07 10:00", "never"},
		{"FREQ=DAILY;UNTIL=20260507T080000Z", "Europe/Berlin", "2026-05-05 10:00", "2026-05-06 11:00", "2026-05-07T10:00:00+02:00"},
		{"FREQ=DAILY;UNTIL=20260507T075959Z", "Europe/Berlin", "2026-05-05 10:00", "2026-05-06 11:00", "never"},
		{"FREQ=WEEKLY;BYDAY=TU", "Pacific/Apia", "2011-12-20 09:00", "2011-12-27 10:00", "2012-01-03T09:00:00+14:00"},
	} {
		r, err := ics.ParseRule(c.rule, in(t, c.zone, c.start))
		if err != nil {
			t.Errorf("%s: %v", c.rule, err)
			continue
		}
		got := "never"
		if at, ok := r.Next(in(t, c.zone, c.after)); ok {
			got = at.Format(time.RFC3339)
		}
		if got != c.want {
			t.Errorf("%s from %s, after %s: %s, not %s", c.rule, c.start, c.after, got, c.want)
		}
	}
}

// None of these may take long either.
func TestBadRules(t *testing.T) {
	start := in(t, "Europe/Berlin", "2026-11-02 09:00")
	for rule, says := range map[string]string{
		"": "How often", "every Monday": "could not be read", "FREQ=NEVER": "could not be read", "INTERVAL=2": "could not be read", "FREQ=DAILY;DTSTART=20260101": "given apart",
		"FREQ=SECONDLY": "not every hour", "FREQ=MINUTELY": "not every hour", "FREQ=HOURLY;INTERVAL=24;BYHOUR=3": "not every hour",
		"FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=0,5,10,15,20,25,30,35,40": "more than 24 times", "FREQ=DAILY;INTERVAL=100000": "INTERVAL", "FREQ=DAILY;INTERVAL=-1": "INTERVAL",
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30": "never fires", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30": "never fires", "FREQ=MONTHLY;BYMONTHDAY=1;BYDAY=5MO": "never fires",
		"FREQ=WEEKLY;BYDAY=MO;BYSETPOS=300": "never fires", "FREQ=DAILY;BYSETPOS=5": "never fires", "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6": "never fires", "FREQ=DAILY;UNTIL=20200101": "never fires",
		"FREQ=DAILY;UNTIL=soon": "no end of a rule", "FREQ=YEARLY;BYEASTER=1": "no part of a rule", "FREQ=WEEKLY;BYMONTHDAY=3": "does not go with", "FREQ=DAILY;BYDAY=1MO": "does not go with",
		"FREQ=MONTHLY;BYWEEKNO=3": "does not go with", "FREQ=DAILY;BYYEARDAY=3": "does not go with", "FREQ=DAILY;BYHOUR=24": "BYHOUR must be between 0 and 23", "FREQ=MONTHLY;BYMONTHDAY=0": "BYMONTHDAY must",
		"FREQ=YEARLY;BYMONTH=13": "BYMONTH must", "FREQ=DAILY;COUNT=99999999999999999999": "could not be read", "FREQ=DAILY;FOO=1": "could not be read", strings.Repeat("X", 600): "could not be read",
	} {
		began := time.Now()
		_, err := ics.ParseRule(rule, start)
		f, ok := fault.Of(err)
		if !ok || len(f.Fields) != 1 || f.Fields[0].Name != "rule" || !strings.Contains(f.Fields[0].Message.String(), says) {
			t.Errorf("%s: %v, not %q", rule, err, says)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s took %v", rule, took)
		} else if took > 20*time.Millisecond {
			t.Logf("%s took %v", rule, took)
		}
	}
}

// Whatever parts a rule is made of, the answer comes soon.
func TestNoRuleHangs(t *testing.T) {
	start := in(t, "America/Sao_Paulo", "2018-01-31 00:30")
	numbers := func(t *rapid.T, name string, from, to int) string {
		var out []string
		for range rapid.IntRange(1, 4).Draw(t, name) {
			out = append(out, strconv.Itoa(rapid.IntRange(from, to).Draw(t, name)))
		}
		return ";" + name + "=" + strings.Join(out, ",")
	}
	rapid.Check(t, func(t *rapid.T) {
		rule := "FREQ=" + rapid.SampledFrom([]string{"YEARLY", "MONTHLY", "WEEKLY", "DAILY"}).Draw(t, "freq")
		for _, part := range []struct {
			name     string
			from, to int
		}{
			{"BYMONTH", 1, 12}, {"BYMONTHDAY", -31, 31}, {"BYYEARDAY", -366, 366}, {"BYWEEKNO", -53, 53}, {"BYHOUR", 0, 23}, {"BYMINUTE", 0, 59}, {"BYSECOND", 0, 59}, {"BYSETPOS", -366, 366},
		} {
			if rapid.IntRange(0, 3).Draw(t, "with "+part.name) == 0 {
				rule += numbers(t, part.name, part.from, part.to)
			}
		}
		if rapid.Bool().Draw(t, "by day") {
			rule += ";BYDAY=" + rapid.SampledFrom([]string{"MO", "1MO", "-1SU,TU", "5FR", "53SU", "-20WE"}).Draw(t, "day")
		}
		if rapid.Bool().Draw(t, "interval") {
			rule += ";INTERVAL=" + strconv.Itoa(rapid.IntRange(1, 1000).Draw(t, "every"))
		}
		began := time.Now()
		r, err := ics.ParseRule(rule, start)
		if err == nil {
			at := start
			for range 5 {
				at, _ = r.Next(at)
			}
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Fatalf("%s took %v, %v", rule, took, err)
		}
	})
}

func FuzzRule(f *testing.F) {
	for _, rule := range []string{"FREQ=MONTHLY;BYDAY=1MO", "FREQ=WEEKLY;BYDAY=MO,TH;WKST=SU;INTERVAL=2", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "FREQ=YEARLY;BYYEARDAY=-1,100;BYSETPOS=-1", "FREQ=DAILY;UNTIL=20270101T000000Z;BYHOUR=0,12", "FREQ=DAILY;COUNT=5"} {
		f.Add(rule, int64(1793610000))
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, rule string, unix int64) {
		start := time.Unix(unix%(1<<32), 0).In(zone)
		r, err := ics.ParseRule(rule, start)
		if err != nil {
			if !fault.Is(err, fault.KindInvalid) {
				t.Fatalf("%q: %v", rule, err)
			}
			return
		}
		at := start.Add(-time.Second)
		for range 5 {
			next, ok := r.Next(at)
			if !ok {
				return
			}
			if !next.After(at) {
				t.Fatalf("%q: %v comes after %v", rule, next, at)
			}
			at = next
		}
	})
}
