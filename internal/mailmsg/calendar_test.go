package mailmsg

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const invitation = `BEGIN:VCALENDAR
PRODID:-//Example//EN
VERSION:2.0
METHOD:REQUEST
BEGIN:VTIMEZONE
TZID:Desk Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:1@example.com
SEQUENCE:2
STATUS:CONFIRMED
SUMMARY;LANGUAGE=en:Printer\, third floor:
  what now?
DTSTART;TZID=ZONE:20260702T090000
DTEND;TZID=ZONE:20260702T100000
LOCATION:Room 3\; left
ORGANIZER;CN="Miller, Ann":MAILTO:ann@example.com
ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=Help:mailto:help@example.com
ATTENDEE;ROLE=OPT-PARTICIPANT;PARTSTAT=ACCEPTED;X="a:b;c":mailto:bob@example.com
DESCRIPTION:First line\nJoin: https://acme.zoom.us/j/123?pwd=x.
RRULE:FREQ=WEEKLY;BYDAY=TH
BEGIN:VALARM
SUMMARY:Not this one
END:VALARM
END:VEVENT
END:VCALENDAR
`

func TestParseCalendar(t *testing.T) {
	c := ParseCalendar(strings.ReplaceAll(strings.ReplaceAll(invitation, "ZONE", "W. Europe Standard Time"), "\n", "\r\n"), "")
	if c == nil {
		t.Fatal("no invitation")
	}
	raw, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"method":"REQUEST","uid":"1@example.com","sequence":2,"status":"CONFIRMED","summary":"Printer, third floor: what now?",` +
		`"description":"First line\nJoin: https://acme.zoom.us/j/123?pwd=x.","location":"Room 3; left","link":"https://acme.zoom.us/j/123?pwd=x",` +
		`"start":"2026-07-02T09:00:00+02:00","end":"2026-07-02T10:00:00+02:00","all_day":false,"floating":false,"zone":"Europe/Berlin",` +
		`"organizer":{"name":"Miller, Ann","address":"ann@example.com"},"attendees":[{"name":"Help","address":"help@example.com","status":"needs-action","optional":false},` +
		`{"name":"","address":"bob@example.com","status":"accepted","optional":true}],"recurrence":"FREQ=WEEKLY;BYDAY=TH"}`
	if string(raw) != want {
		t.Errorf("got  %s\nwant %s", raw, want)
	}
}

func TestCalendarTimes(t *testing.T) {
	for _, c := range []struct {
		name, in, start, end, zone string
		day, floating              bool
	}{
		{"utc", "DTSTART:20260302T101112Z\nDTEND:20260302T111112Z", "2026-03-02T10:11:12Z", "2026-03-02T11:11:12Z", "UTC", false, false},
		{"iana", "DTSTART;TZID=America/New_York:20260302T101112\nDURATION:PT1H30M", "2026-03-02T10:11:12-05:00", "2026-03-02T11:41:12-05:00", "America/New_York", false, false},
		{"iana behind folders", "DTSTART;TZID=/citadel.org/20190914_1/Europe/Berlin:20260302T101112", "2026-03-02T10:11:12+01:00", "2026-03-02T10:11:12+01:00", "Europe/Berlin", false, false},
		{"quoted name", `DTSTART;TZID="Pacific Standard Time":20260702T101112`, "2026-07-02T10:11:12-07:00", "2026-07-02T10:11:12-07:00", "America/Los_Angeles", false, false},
		{"shown name", `DTSTART;TZID="(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna":20260702T101112`, "2026-07-02T10:11:12+02:00", "2026-07-02T10:11:12+02:00", "Europe/Berlin", false, false},
		{"own zone, summer", "DTSTART;TZID=Desk Time:20260702T101112", "2026-07-02T10:11:12+02:00", "2026-07-02T10:11:12+02:00", "Desk Time", false, false},
		{"own zone, winter", "DTSTART;TZID=Desk Time:20260102T101112", "2026-01-02T10:11:12+01:00", "2026-01-02T10:11:12+01:00", "Desk Time", false, false},
		{"own zone, the last Sunday of March", "DTSTART;TZID=Desk Time:20260329T030000", "2026-03-29T03:00:00+02:00", "2026-03-29T03:00:00+02:00", "Desk Time", false, false},
		{"the only zone, misspelt", "DTSTART;TZID=Somewhere:20260302T101112", "2026-03-02T10:11:12+01:00", "2026-03-02T10:11:12+01:00", "Somewhere", false, false},
		{"no zone", "DTSTART:20260302T101112", "2026-03-02T10:11:12Z", "2026-03-02T10:11:12Z", "", false, true},
		{"one day", "DTSTART;VALUE=DATE:20260302", "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z", "", true, false},
		{"days", "DTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260305", "2026-03-02T00:00:00Z", "2026-03-05T00:00:00Z", "", true, false},
		{"end before start", "DTSTART:20260302T101112Z\nDTEND:20250302T101112Z", "2026-03-02T10:11:12Z", "2026-03-02T10:11:12Z", "UTC", false, false},
		{"no seconds, dashes", "DTSTART:2026-03-02T10:11Z", "2026-03-02T10:11:00Z", "2026-03-02T10:11:00Z", "UTC", false, false},
		{"nonsense", "DTSTART:tomorrow", "", "", "", false, false},
		{"a year that cannot be written", "DTSTART:99991231T235959Z", "", "", "", false, false},
	} {
		zone := invitation[strings.Index(invitation, "BEGIN:VTIMEZONE"):strings.Index(invitation, "BEGIN:VEVENT")]
		e := ParseCalendar("BEGIN:VCALENDAR\n"+zone+"BEGIN:VEVENT\n"+c.in+"\nEND:VEVENT\nEND:VCALENDAR", "request")
		if e == nil || rfc3339(e.Start) != c.start || rfc3339(e.End) != c.end || e.Zone != c.zone || e.AllDay != c.day || e.Floating != c.floating || e.Method != CalendarRequest {
			t.Errorf("%s: got %+v", c.name, e)
		}
	}
}

func TestUnknownZone(t *testing.T) {
	e := ParseCalendar("BEGIN:VEVENT\nDTSTART;TZID=Somewhere:20260302T101112\nEND:VEVENT", "")
	if e == nil || !e.Floating || e.Zone != "Somewhere" || rfc3339(e.Start) != "2026-03-02T10:11:12Z" {
		t.Errorf("got %+v", e)
	}
}

func TestBrokenCalendars(t *testing.T) {
	for _, c := range []struct{ name, in, summary string }{
		{"no end", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:a", "a"},
		{"no calendar", "BEGIN:VEVENT\nSUMMARY:a\nEND:VEVENT", "a"},
		{"an end too many", "BEGIN:VCALENDAR\nEND:VALARM\nBEGIN:VEVENT\nSUMMARY:a\nEND:VEVENT\nEND:VEVENT\nEND:VCALENDAR", "a"},
		{"a line that was broken", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:a\nb c\nDTSTART:20260302T101112Z\nEND:VEVENT\nEND:VCALENDAR", "a b c"},
		{"rubbish between", "BEGIN:VCALENDAR\n;;;\n:x\nBEGIN:VEVENT\n=\nSUMMARY;LANGUAGE:a\nSUMMARY:b\nEND:VEVENT\nEND:VCALENDAR", "b"},
		{"the series and not its exception", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20260302T101112Z\nSUMMARY:x\nEND:VEVENT\nBEGIN:VEVENT\nUID:1\nSUMMARY:a\nEND:VEVENT\nEND:VCALENDAR", "a"},
		{"a task", "BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:a\nDUE:20260302T101112Z\nEND:VTODO\nEND:VCALENDAR", "a"},
	} {
		if e := ParseCalendar(c.in, ""); e == nil || e.Summary != c.summary {
			t.Errorf("%s: got %+v", c.name, e)
		}
	}
	for _, in := range []string{"", "hello", "BEGIN:VCALENDAR\nEND:VCALENDAR", strings.Repeat("BEGIN:VCALENDAR\n", 10000)} {
		if e := ParseCalendar(in, "REQUEST"); e != nil {
			t.Errorf("%.40q: got %+v", in, e)
		}
	}
}

func TestWindowsZonesExist(t *testing.T) {
	for name, zone := range windowsZones {
		if _, err := time.LoadLocation(zone); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(windowsZones) < 130 {
		t.Errorf("only %d zones", len(windowsZones))
	}
}

func TestMailWithCalendar(t *testing.T) {
	head := "From: a@example.com\nSubject: x\nMIME-Version: 1.0\n"
	ics := func(method string) string { return strings.ReplaceAll(invitation, "REQUEST", method) }
	alternative := func(method string) string {
		return head + "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nCome\n--b\nContent-Type: text/calendar; charset=utf-8; method=" + method + "\n\n" + ics(method) + "\n--b--\n"
	}
	attached := func(method, typ string) string {
		return head + "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nThis file does not open.\n--b\nContent-Type: " + typ + "; name=a.ics\nContent-Disposition: attachment; filename=a.ics\n\n" + ics(method) + "\n--b--\n"
	}
	for _, c := range []struct{ name, in, kind, automatic, method, text string }{
		{"an invitation", alternative("REQUEST"), KindCalendar, "", "REQUEST", "Come"},
		{"an answer", alternative("REPLY"), KindCalendar, AutomaticAuto, "REPLY", "Come"},
		{"a proposal", alternative("COUNTER"), KindCalendar, "", "COUNTER", "Come"},
		{"a cancellation", alternative("CANCEL"), KindCalendar, "", "CANCEL", "Come"},
		{"an invitation as a file", attached("REQUEST", "application/ics"), KindCalendar, "", "REQUEST", "This file does not open."},
		{"an answer as a file", attached("REPLY", "text/calendar"), KindCalendar, AutomaticAuto, "REPLY", "This file does not open."},
		{"a calendar about which somebody asks", attached("PUBLISH", "text/calendar"), KindMessage, "", "PUBLISH", "This file does not open."},
		{"a file without a type", attached("PUBLISH", "application/octet-stream"), KindMessage, "", "PUBLISH", "This file does not open."},
		{"nothing but the invitation", head + "Content-Type: text/calendar; method=REQUEST\n\n" + ics("REQUEST"), KindCalendar, "", "REQUEST", "Printer, third floor: what now?\n\nFirst line\nJoin: https://acme.zoom.us/j/123?pwd=x."},
	} {
		m := Parse([]byte(c.in))
		if m.Kind != c.kind || m.Automatic != c.automatic || m.Calendar == nil || m.Calendar.Method != c.method || m.NewText != c.text {
			t.Errorf("%s: kind %q, automatic %q, text %q, calendar %+v", c.name, m.Kind, m.Automatic, m.NewText, m.Calendar)
		}
	}
}

// TestCorpusCalendars prints how much is read of calendars as the world writes them.
func TestCorpusCalendars(t *testing.T) {
	root := corpus(t, "calendar", "icalendar")
	s := score{name: "calendars with an event", floor: 97}
	starts := score{name: "their start", floor: 90}
	files, without := 0, 0
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		raw := string(readFile(t, path))
		upper := strings.ToUpper(raw)
		if !strings.Contains(upper, "BEGIN:VEVENT") && !strings.Contains(upper, "BEGIN:VTODO") {
			without++
			ParseCalendar(raw, "")
			return nil
		}
		text, _ := toUTF8([]byte(raw), "")
		c := ParseCalendar(text, "")
		s.check(c != nil, filepath.Base(path))
		if c == nil {
			return nil
		}
		if _, err := json.Marshal(c); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if strings.Contains(upper, "DTSTART") {
			starts.check(!c.Start.IsZero(), filepath.Base(path))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d of them without an event or task", files, without)
	s.report(t)
	starts.report(t)
}

func FuzzCalendar(f *testing.F) {
	f.Add(invitation)
	f.Add(strings.ReplaceAll(invitation, "ZONE", "Desk Time"))
	f.Add("BEGIN:VEVENT\nDTSTART;TZID=\"../../etc\":20260302T101112\nDURATION:-P99999W\nATTENDEE:mailto:%zz")
	f.Fuzz(func(t *testing.T, s string) {
		c := ParseCalendar(s, "")
		if c == nil {
			return
		}
		if _, err := json.Marshal(c); err != nil {
			t.Error(err)
		}
		if !c.Start.IsZero() && c.End.Before(c.Start) && !c.End.IsZero() {
			t.Errorf("ends %v before it starts %v", c.End, c.Start)
		}
	})
}
