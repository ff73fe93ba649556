package ics_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/fault"
	"goodturn/internal/ics"
)

var first, last = calendar.DateOf(2026, 1, 1), calendar.DateOf(2029, 12, 31)

func file(events ...string) []byte {
	return []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:Feiertage Zürich\r\n" + strings.Join(events, "") + "END:VCALENDAR\r\n")
}

func event(lines ...string) string {
	return "BEGIN:VEVENT\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\n"
}

func shown(f ics.Found) string {
	var b strings.Builder
	for _, d := range f.Days {
		fmt.Fprintf(&b, "%s", d.From)
		if d.To != 0 {
			fmt.Fprintf(&b, "–%s", d.To)
		}
		fmt.Fprintf(&b, " %s; ", d.Name)
	}
	for _, s := range f.Skipped {
		fmt.Fprintf(&b, "line %d %s: %s; ", s.Line, s.Name, s.Why)
	}
	return strings.TrimSuffix(b.String(), "; ")
}

func TestDaysOfAFile(t *testing.T) {
	for _, c := range []struct{ what, file, want string }{
		{"a day", event("UID:1", "DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261225", "SUMMARY:Heiligabend\\, ganztags"), "2026-12-24 Heiligabend, ganztags"},
		{"no end", event("DTSTART;VALUE=DATE:20261224", "SUMMARY:A"), "2026-12-24 A"},
		{"the end is the day itself", event("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261224", "SUMMARY:A"), "2026-12-24 A"},
		{"several days", event("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20270102", "SUMMARY:Closed"), "2026-12-24–2027-01-01 Closed"},
		{"a duration", event("DTSTART;VALUE=DATE:20261224", "DURATION:P1W", "SUMMARY:Week"), "2026-12-24–2026-12-30 Week"},
		{"from midnight to midnight", event("DTSTART;TZID=Europe/Berlin:20261224T000000", "DTEND;TZID=Europe/Berlin:20261225T000000", "SUMMARY:A"), "2026-12-24 A"},
		{"every year, with one that moves", event("UID:x", "DTSTART;VALUE=DATE:20200501", "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20270501", "SUMMARY:May") +
			event("UID:x", "RECURRENCE-ID;VALUE=DATE:20280501", "DTSTART;VALUE=DATE:20280502", "SUMMARY:May moved"), "2026-05-01 May; 2028-05-02 May moved; 2029-05-01 May"},
		{"days listed", event("DTSTART;VALUE=DATE:20260301", "RDATE;VALUE=DATE:20260401,20270402", "SUMMARY:R"), "2026-03-01 R; 2026-04-01 R; 2027-04-02 R"},
		{"folded, in an alarm, twice", event("DTSTART;VALUE=DATE:20261224", "SUMMARY:Lo", " ng\tname", "BEGIN:VALARM", "SUMMARY:no", "END:VALARM") + event("DTSTART;VALUE=DATE:20261224", "SUMMARY:Long name"), "2026-12-24 Long name"},
		{"long ago", event("DTSTART;VALUE=DATE:20001224", "SUMMARY:A"), ""},
		{"hours", event("DTSTART:20261224T090000Z", "SUMMARY:Meeting"), "line 4 Meeting: it has hours; only whole days are taken"},
		{
			"broken ones leave the others", event("DTSTART;VALUE=DATE:2026122", "SUMMARY:Bad") + event("DTSTART;;:20261224", "SUMMARY:Worse") + event("SUMMARY:None") + event("DTSTART;VALUE=DATE:20261225", "X", "SUMMARY:Good"),
			"2026-12-25 Good; line 4 Bad: it has no day that can be read; line 8 : it is broken; line 12 None: it has no day that can be read",
		},
		{
			"cancelled, backwards, too long", event("DTSTART;VALUE=DATE:20261224", "STATUS:CANCELLED", "SUMMARY:C") + event("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261220", "SUMMARY:B") +
				event("DTSTART;VALUE=DATE:20260101", "DTEND;VALUE=DATE:20290101", "SUMMARY:L"),
			"line 4 C: it was cancelled; line 9 B: its end could not be read, or lies before its beginning; line 14 L: it lasts longer than a year",
		},
		{"a rule that is none", event("DTSTART;VALUE=DATE:20261224", "RRULE:FREQ=SECONDLY", "SUMMARY:S"), "2026-12-24 S; line 4 S: how it comes again could not be read; its first day was taken"},
		{"cut off", "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261224\r\nSUMMARY:A\r\n" + event("DTSTART;VALUE=DATE:20261225", "SUMMARY:B"), "2026-12-25 B; line 4 A: it ends in the middle"},
	} {
		found, err := ics.ReadDays(file(c.file), first, last)
		if err != nil || shown(found) != c.want || found.Name != "Feiertage Zürich" {
			t.Errorf("%s: %q, %v\nnot %q", c.what, shown(found), err, c.want)
		}
	}
	old := []byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261225\nSUMMARY:Weihnachten f\xfcr alle\nEND:VEVENT\nEND:VCALENDAR")
	if found, err := ics.ReadDays(old, first, last); err != nil || shown(found) != "2026-12-25 Weihnachten für alle" {
		t.Errorf("the code page of Windows: %q, %v", shown(found), err)
	}
}

func TestFilesThatAreNone(t *testing.T) {
	daily := event("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=DAILY", "SUMMARY:D")
	longAgo := event("DTSTART;VALUE=DATE:19000101", "RRULE:FREQ=DAILY;UNTIL=20251231", "SUMMARY:D")
	never := event("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=MONTHLY;BYMONTHDAY=1;BYDAY=5MO", "SUMMARY:N")
	for what, c := range map[string]struct {
		file []byte
		says string
	}{
		"empty":             {nil, "no iCalendar file"},
		"a picture":         {[]byte("\x89PNG\r\n\x1a\n\x00\x00"), "no iCalendar file"},
		"large":             {make([]byte, ics.MaxFile+1), "larger than 2 MB"},
		"too many events":   {file(strings.Repeat(event("DTSTART;VALUE=DATE:20261225"), 5001)), "more than 5000 events"},
		"too many days":     {file(strings.Repeat(daily, 4)), "more than 2000 days off"},
		"too long a search": {file(strings.Repeat(longAgo, 30)), "more events that come again"},
		"never and never":   {file(strings.Repeat(never, 301)), "more events that come again"},
	} {
		began := time.Now()
		_, err := ics.ReadDays(c.file, first, last)
		if _, ok := fault.Of(err); !ok || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, not %q", what, err, c.says)
		}
		if took := time.Since(began); took > time.Minute {
			t.Errorf("%s took %v", what, took)
		} else {
			t.Logf("%s took %v", what, took)
		}
	}
}

func TestRealFiles(t *testing.T) {
	data := os.Getenv("GOODTURN_TESTDATA")
	if data == "" {
		t.Skip("GOODTURN_TESTDATA is not set")
	}
	n, days := 0, 0
	err := filepath.WalkDir(filepath.Join(data, "calendar"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".ics" {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n++
		began := time.Now()
		found, err := ics.ReadDays(raw, calendar.DateOf(1990, 1, 1), last)
		if _, kind := fault.Of(err); err != nil && !kind {
			t.Errorf("%s: %v", filepath.Base(path), err)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s took %v", filepath.Base(path), took)
		}
		days += len(found.Days)
		t.Logf("%s: %d days, %d skipped, %v", filepath.Base(path), len(found.Days), len(found.Skipped), err)
		return nil
	})
	if err != nil || n == 0 {
		t.Fatalf("%d files, %v", n, err)
	}
	t.Logf("%d files, %d days", n, days)
}

func FuzzReadDays(f *testing.F) {
	f.Add(file(event("UID:1", "DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261225", "SUMMARY:A")))
	f.Add(file(event("UID:x", "DTSTART;VALUE=DATE:20200501", "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20270501", "RDATE:20270502", "SUMMARY:May")))
	f.Add([]byte("BEGIN:VEVENT\nDTSTART;X=\"a:b\";VALUE=DATE:20261224\nDURATION:P2D\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		found, err := ics.ReadDays(data, first, last)
		if _, ok := fault.Of(err); err != nil && !ok {
			t.Fatal(err)
		}
		for _, d := range found.Days {
			if d.Last() < d.From || d.Last() < first || d.From > last {
				t.Fatalf("%+v", d)
			}
		}
	})
}
