package stint_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/itip"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
	"goodturn/internal/stint"
)

const readerScript = `
import sys, json, calendar
from icalendar import Calendar
raw = sys.stdin.buffer.read()
for line in raw.split(b"\r\n"):
    assert len(line) <= 75, line
c = Calendar.from_ical(raw)
out = {"method": str(c.get("method", "")), "events": []}
for e in c.walk("vevent"):
    assert not e.errors, e.errors
    assert e["dtstart"].dt.tzinfo is not None and e["dtstamp"] is not None
    out["events"].append({"UID": str(e["uid"]), "Summary": str(e["summary"]), "Status": str(e.get("status", "")), "Organizer": str(e.get("organizer", "")), "Attendee": str(e.get("attendee", "")),
        "Sequence": int(e["sequence"]), "Start": calendar.timegm(e["dtstart"].dt.utctimetuple()), "End": calendar.timegm(e["dtend"].dt.utctimetuple())})
json.dump(out, sys.stdout)
`

type readEvent struct {
	UID, Summary, Status, Organizer, Attendee string
	Sequence                                  int
	Start, End                                int64 // Unix seconds
}

// parsed reads a calendar with python3-icalendar, which shares nothing with what wrote it.
func parsed(t testing.TB, ics []byte) (method string, events []readEvent) {
	t.Helper()
	c := exec.CommandContext(t.Context(), "/usr/bin/python3", "-c", readerScript)
	c.Stdin = bytes.NewReader(ics)
	var out, wrong bytes.Buffer
	c.Stdout, c.Stderr = &out, &wrong
	if err := c.Run(); err != nil {
		t.Fatalf("python3-icalendar fails (scripts/install-test-deps brings it): %v\n%s\n%s", err, wrong.String(), ics)
	}
	var r struct {
		Method string
		Events []readEvent
	}
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	return r.Method, r.Events
}

// reads gives what the calendar part of the letters says that were mailed since the last call, as "METHOD address status #sequence" each; and the last event of somebody.
func (f *fixture) reads(who int64) (lines []string, last readEvent) {
	f.Helper()
	all := f.mailed
	f.mailed = nil
	for _, l := range all {
		f.write(func(ctx context.Context, tx *db.Tx) error {
			s, err := stint.ByID(ctx, tx, l.StintID)
			f.must(err)
			p, err := person.Get(ctx, tx, l.PersonID)
			f.must(err)
			part, err := f.keeper.CalendarOf(ctx, tx, s, p, l.About)
			if err != nil || part.Write == nil {
				return err
			}
			method, events := parsed(f, part.Write("help@desk.example", "The; \"desk\""))
			e := events[0]
			if method != part.Method || e.Organizer != "mailto:help@desk.example" || e.Attendee != "mailto:"+p.Address || len(events) != 1 {
				f.Errorf("%s: %+v", method, e)
			}
			lines = append(lines, method+" "+p.Address+" #"+string(rune('0'+e.Sequence)))
			if l.PersonID == who {
				last = e
			}
			return nil
		})
	}
	return lines, last
}

// answers has a mail with an answer to an invitation come in.
func (f *fixture) answers(from, method, status string, e readEvent, change ...func(*mailmsg.Calendar)) bool {
	f.Helper()
	c := &mailmsg.Calendar{Method: method, UID: e.UID, Sequence: e.Sequence, Attendees: []mailmsg.CalendarAttendee{{Address: mailmsg.Address{Address: from}, Status: status}}}
	for _, fn := range change {
		fn(c)
	}
	ours := false
	f.write(func(ctx context.Context, tx *db.Tx) (err error) {
		ours, err = f.keeper.Answered(ctx, tx, from, c)
		return err
	})
	return ours
}

func (f *fixture) stint(id int64) (s stint.Stint) {
	f.Helper()
	f.write(func(ctx context.Context, tx *db.Tx) (err error) { s, err = stint.ByID(ctx, tx, id); return err })
	return s
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%s:\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// invited has the developer be asked.
func (f *fixture) invited() (s stint.Stint) {
	f.Helper()
	p := f.policy()
	f.write(func(ctx context.Context, tx *db.Tx) (err error) {
		s, err = f.keeper.Propose(ctx, tx, f.lead, p, f.dev.ID)
		f.must(err)
		return f.keeper.Invite(ctx, tx, f.lead, s.ID)
	})
	return f.stint(s.ID)
}

// TestCalendarsFollow holds that each change of a turn goes to the calendars of the two, under one name each and with a rising sequence.
func TestCalendarsFollow(t *testing.T) {
	each(t, func(f *fixture) {
		s := f.invited()
		lines, first := f.reads(f.dev.ID)
		same(t, "invited", lines, "REQUEST dana@example.com #0", "REQUEST amara@example.com #0")
		if first.Start != s.FromAt.Time().Unix() || first.End != s.Until.Time().Unix() || first.Status != "CONFIRMED" {
			t.Errorf("%+v of %+v", first, s)
		}
		var dates []stint.Stint
		f.write(func(ctx context.Context, tx *db.Tx) (err error) {
			dates, err = f.keeper.Dates(ctx, tx, s, 2, 0)
			f.must(err)
			return f.keeper.Move(ctx, tx, f.lead, s.ID, dates[0].FromAt)
		})
		lines, moved := f.reads(f.dev.ID)
		same(t, "moved", lines, "REQUEST dana@example.com #1", "REQUEST amara@example.com #1")
		if moved.UID != first.UID || moved.Start != dates[0].FromAt.Time().Unix() {
			t.Errorf("%+v", moved)
		}
		f.write(func(ctx context.Context, tx *db.Tx) error { return f.keeper.Decline(ctx, tx, f.dev, s.ID, "A release") })
		lines, _ = f.reads(f.dev.ID)
		same(t, "said no on the page", lines, "CANCEL amara@example.com #2", "CANCEL dana@example.com #2")
		f.write(func(ctx context.Context, tx *db.Tx) error {
			return f.keeper.Move(ctx, tx, f.dev, s.ID, dates[1].FromAt)
		})
		lines, again := f.reads(f.dev.ID)
		same(t, "another date", lines, "REQUEST dana@example.com #3", "REQUEST amara@example.com #3")
		if again.UID != first.UID {
			t.Errorf("a second entry: %+v", again)
		}
		f.write(func(ctx context.Context, tx *db.Tx) error {
			jonas := f.person(ctx, tx, "Jonas Weber", person.Agent)
			f.must(stint.SetMentor(ctx, tx, jonas, true))
			_, err := tx.Exec(ctx, `UPDATE person SET active = FALSE WHERE id = $1`, f.mentor.ID)
			f.must(err)
			return f.keeper.ReplaceMentor(ctx, tx, f.mentor.ID)
		})
		lines, _ = f.reads(f.dev.ID)
		same(t, "another mentor", lines, "REQUEST dana@example.com #4", "CANCEL amara@example.com #4", "REQUEST jonas@example.com #0")
		f.write(func(ctx context.Context, tx *db.Tx) error { return f.keeper.Cancel(ctx, tx, f.lead, s.ID) })
		lines, off := f.reads(f.dev.ID)
		same(t, "called off", lines, "CANCEL dana@example.com #5", "CANCEL jonas@example.com #1")
		if off.Status != "CANCELLED" || off.UID != first.UID {
			t.Errorf("%+v", off)
		}
	})
}

// TestCalendarsAnswer holds that an answer from the invited address does what the buttons do, and one from elsewhere nothing.
func TestCalendarsAnswer(t *testing.T) {
	each(t, func(f *fixture) {
		s := f.invited()
		_, e := f.reads(f.dev.ID)
		f.told = nil
		for range 2 { // told once
			if !f.answers("dana@home.example", "REPLY", "accepted", e) || f.stint(s.ID).State != stint.Invited {
				t.Errorf("another address was obeyed: %+v", f.stint(s.ID))
			}
		}
		if len(f.told) != 1 || !strings.Contains(f.told[0], "dana@home.example") {
			t.Errorf("told %q", f.told)
		}
		for _, uid := range []string{"", "stint-1-abc@goodturn", "shift-1-x@goodturn", "stint-99999999999999999999-x@goodturn"} {
			if f.answers("dana@example.com", "REPLY", "accepted", readEvent{UID: uid}) {
				t.Errorf("%q is taken for ours", uid)
			}
		}
		f.answers("Dana@Example.com", "REPLY", "accepted", e)
		if f.stint(s.ID).State != stint.Agreed {
			t.Errorf("a yes: %+v", f.stint(s.ID))
		}
		// Another time that fits is theirs; the calendars of both are told.
		wanted := clock.From(time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC))
		counter := func(at clock.Instant) func(*mailmsg.Calendar) {
			return func(c *mailmsg.Calendar) { c.Start, c.End = at.Time(), at.Add(4*time.Hour).Time() }
		}
		f.answers("dana@example.com", "COUNTER", "tentative", e, counter(wanted))
		if now := f.stint(s.ID); now.FromAt != wanted || now.State != stint.Agreed {
			t.Errorf("another time: %+v", now)
		}
		lines, moved := f.reads(f.dev.ID)
		same(t, "moved by a calendar", lines, "REQUEST dana@example.com #1", "REQUEST amara@example.com #1")
		// What was said before is out of date.
		f.answers("dana@example.com", "REPLY", "declined", e)
		if f.stint(s.ID).State != stint.Agreed {
			t.Error("an answer to the date of before counts")
		}
		// A time that cannot be is declined, and nothing changes: at night, after the last day, a day without a time.
		for name, change := range map[string]func(*mailmsg.Calendar){
			"night":   counter(clock.From(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC))),
			"too far": counter(clock.From(time.Date(2027, 3, 3, 10, 0, 0, 0, time.UTC))),
			"a day":   func(c *mailmsg.Calendar) { c.AllDay, c.Start, c.End = true, wanted.Time(), wanted.Time() },
		} {
			f.answers("dana@example.com", "COUNTER", "", moved, change)
			lines, _ := f.reads(f.dev.ID)
			same(t, name, lines, "DECLINECOUNTER dana@example.com #1")
			if f.stint(s.ID).FromAt != wanted {
				t.Errorf("%s: %+v", name, f.stint(s.ID))
			}
		}
		f.answers("dana@example.com", "REFRESH", "", moved)
		lines, _ = f.reads(f.dev.ID)
		same(t, "once more", lines, "REQUEST dana@example.com #1")
		f.answers("dana@example.com", "REPLY", "declined", moved, func(c *mailmsg.Calendar) { c.Comment = "A release" })
		if now := f.stint(s.ID); now.State != stint.Declined || now.Answer != "A release" {
			t.Errorf("a no: %+v", now)
		}
		lines, _ = f.reads(f.dev.ID)
		same(t, "the mentor's calendar", lines, "CANCEL amara@example.com #2")
		f.answers("dana@example.com", "REPLY", "accepted", moved)
		if now := f.stint(s.ID); now.State != stint.Agreed || now.MentorID != f.mentor.ID {
			t.Errorf("a yes after all: %+v", now)
		}
	})
}

// TestAMentorsCalendarAnswers holds that for a mentor who cannot come another is found, else the leads are told.
func TestAMentorsCalendarAnswers(t *testing.T) {
	each(t, func(f *fixture) {
		s := f.invited()
		_, e := f.reads(f.mentor.ID)
		f.told = nil
		f.answers("amara@example.com", "REPLY", "declined", e)
		if now := f.stint(s.ID); now.MentorID != f.mentor.ID || len(f.told) != 1 || !strings.Contains(f.told[0], "no other mentor") {
			t.Errorf("beside %d, told %q", now.MentorID, f.told)
		}
		f.answers("amara@example.com", "COUNTER", "", e, func(c *mailmsg.Calendar) { c.Start, c.End = s.Until.Time(), s.Until.Add(time.Hour).Time() })
		if len(f.told) != 2 || !strings.Contains(f.told[1], "would like another time") || f.stint(s.ID).FromAt != s.FromAt {
			t.Errorf("told %q", f.told)
		}
		var jonas person.Actor
		f.write(func(ctx context.Context, tx *db.Tx) error {
			jonas = f.person(ctx, tx, "Jonas Weber", person.Agent)
			return stint.SetMentor(ctx, tx, jonas, true)
		})
		f.mailed = nil
		f.answers("amara@example.com", "REPLY", "declined", e)
		if now := f.stint(s.ID); now.MentorID != jonas.ID {
			t.Errorf("beside %d", now.MentorID)
		}
		lines, _ := f.reads(jonas.ID)
		same(t, "told", lines, "REQUEST dana@example.com #1", "CANCEL amara@example.com #1", "REQUEST jonas@example.com #0")
	})
}

// TestTurnsInFeeds holds who finds which turns in a calendar feed.
func TestTurnsInFeeds(t *testing.T) {
	each(t, func(f *fixture) {
		p := f.policy()
		var s stint.Stint
		has := func(who, team int64) int {
			n := 0
			f.write(func(ctx context.Context, tx *db.Tx) error {
				all, err := stint.InCalendar(ctx, tx, who, team, f.at, f.at.Add(90*24*time.Hour))
				n = len(all)
				return err
			})
			return n
		}
		f.write(func(ctx context.Context, tx *db.Tx) (err error) {
			s, err = f.keeper.Propose(ctx, tx, f.lead, p, f.dev.ID)
			return err
		})
		if has(f.dev.ID, 0)+has(f.mentor.ID, 0)+has(0, f.team) != 0 {
			t.Error("a date that nobody was told of stands in a feed")
		}
		f.write(func(ctx context.Context, tx *db.Tx) error { return f.keeper.Invite(ctx, tx, f.lead, s.ID) })
		if has(f.dev.ID, 0) != 1 || has(f.mentor.ID, 0) != 1 || has(0, f.team) != 1 || has(f.customer.ID, 0) != 0 || has(0, f.payroll) != 0 {
			t.Error("the wrong feeds have it")
		}
		s = f.stint(s.ID)
		ctx := i18n.With(t.Context(), "de", time.UTC)
		_, events := parsed(t, itip.Feed("Turns", []itip.Event{
			f.keeper.Entry(ctx, s, "Dana Reyes", "Amara Okafor", "Desk", f.dev.ID), f.keeper.Entry(ctx, s, "Dana Reyes", "Amara Okafor", "Desk", f.mentor.ID), f.keeper.Entry(ctx, s, "Dana Reyes", "Amara Okafor", "Desk", 0),
		}))
		if len(events) != 3 || events[0].Start != s.FromAt.Time().Unix() || events[0].Status != "TENTATIVE" || !strings.Contains(events[0].Summary, "Desk") || !strings.Contains(events[1].Summary, "Dana") || !strings.Contains(events[2].Summary, "Amara") || events[0].UID != events[2].UID {
			t.Errorf("%+v", events)
		}
	})
}
