package shift_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
	"goodturn/internal/shift"
)

// readEvent is an event as another program's reader of iCalendar gives it.
type readEvent struct {
	UID, Summary, Description, Status, Organizer, Attendee, CN, Partstat string
	Sequence                                                             int
	Start, End                                                           int64 // Unix seconds
}

const readerScript = `
import sys, json, calendar
from icalendar import Calendar
raw = sys.stdin.buffer.read()
for line in raw.split(b"\r\n"):
    assert len(line) <= 75, line
    line.decode("utf-8")
assert b"\n" not in raw.replace(b"\r\n", b""), "a bare line feed"
c = Calendar.from_ical(raw)
out = {"method": str(c.get("method", "")), "version": str(c["version"]), "prodid": str(c["prodid"]), "events": []}
for e in c.walk("vevent"):
    assert not e.errors, e.errors
    a = e.get("attendee")
    out["events"].append({"UID": str(e["uid"]), "Summary": str(e["summary"]), "Description": str(e.get("description", "")), "Status": str(e.get("status", "")),
        "Organizer": str(e.get("organizer", "")), "Attendee": str(a or ""), "CN": str(a.params.get("CN", "")) if a is not None else "", "Partstat": str(a.params.get("PARTSTAT", "")) if a is not None else "",
        "Sequence": int(e["sequence"]), "Start": calendar.timegm(e["dtstart"].dt.utctimetuple()), "End": calendar.timegm(e["dtend"].dt.utctimetuple())})
    assert e["dtstart"].dt.tzinfo is not None and e["dtstamp"] is not None
json.dump(out, sys.stdout)
`

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

func TestInvitationsGoOutOnce(t *testing.T) {
	each(t, func(f *fixture) {
		id := f.has(f.amara.ID, "2026-03-28", "22–6")
		f.has(0, "2026-03-27", "8–12")
		f.drain(time.Minute)
		f.write(func(tx *db.Tx) error {
			_, _, err := f.rota.Publish(t.Context(), tx, f.lead, f.team, span("2026-03-01 00:00", "2026-04-01 00:00"))
			return err
		})
		f.drain(time.Minute)
		if len(f.mails) != 1 || f.mails[0].Method != "REQUEST" || f.mails[0].Address != "amara@desk.example" {
			t.Fatalf("%d mails: %+v", len(f.mails), f.mails)
		}
		method, events := parsed(f, f.mails[0].ics)
		e := events[0]
		if method != "REQUEST" || e.Start != at("2026-03-28 22:00").Time().Unix() || e.End != at("2026-03-29 06:00").Time().Unix() || e.End-e.Start != 7*3600 || e.Sequence != 0 || e.Attendee != "mailto:amara@desk.example" || e.Organizer != "mailto:help@desk.example" || e.CN != "Amara Okafor" || e.Partstat != "NEEDS-ACTION" || e.Status != "CONFIRMED" {
			t.Errorf("%s %+v", method, e)
		}
		if !strings.Contains(e.Description, "the clocks go forward") {
			t.Errorf("it says %q", e.Description)
		}
		// Moved twice within a moment: one mail, the same UID, a higher sequence.
		for _, hours := range []string{"21–5", "21–4"} {
			f.write(func(tx *db.Tx) error {
				_, err := f.rota.Change(t.Context(), tx, f.lead, id, shift.Plan{Name: "Desk", Day: day("2026-03-28"), Zone: "Europe/Berlin", Hours: hours}, true)
				return err
			})
		}
		f.drain(time.Minute)
		_, events = parsed(f, f.mails[1].ics)
		if len(f.mails) != 2 || events[0].UID != e.UID || events[0].Sequence != 2 || !strings.HasPrefix(f.mails[1].subject, "Your shift changed") {
			t.Errorf("%d mails, %+v", len(f.mails), events)
		}
		// Given to somebody else: called off for her, an invitation for him; given back to her: the same UID again.
		for _, who := range []int64{f.jonas.ID, f.amara.ID} {
			f.write(func(tx *db.Tx) error {
				_, err := f.rota.Assign(t.Context(), tx, f.lead, id, who, true)
				return err
			})
			f.drain(time.Minute)
		}
		var said []string
		for _, m := range f.mails[2:] {
			method, events := parsed(f, m.ics)
			line := method + " " + m.Address + " " + events[0].Status
			if events[0].UID == e.UID {
				line += " hers"
			}
			said = append(said, line)
		}
		want := "CANCEL amara@desk.example CANCELLED hers|REQUEST jonas@desk.example CONFIRMED|REQUEST amara@desk.example CONFIRMED hers|CANCEL jonas@desk.example CANCELLED"
		if got := strings.Join(said, "|"); got != want && got != "CANCEL amara@desk.example CANCELLED hers|REQUEST jonas@desk.example CONFIRMED|CANCEL jonas@desk.example CANCELLED|REQUEST amara@desk.example CONFIRMED hers" {
			t.Errorf("said\n%s\nwant\n%s", got, want)
		}
		n := len(f.mails)
		f.write(func(tx *db.Tx) error { return f.rota.Remove(t.Context(), tx, f.lead, id) })
		f.drain(time.Minute)
		if len(f.mails) != n+1 || f.mails[n].Method != "CANCEL" || f.mails[n].Address != "amara@desk.example" {
			t.Errorf("a shift that is gone: %+v", f.mails[n:])
		}
		f.write(func(tx *db.Tx) error { return shift.SetInvites(t.Context(), tx, f.priya.ID, false) })
		f.has(f.priya.ID, "2026-03-20", "8–12")
		f.drain(time.Minute)
		if len(f.mails) != n+1 {
			t.Errorf("she does not want invitations: %+v", f.mails[n+1:])
		}
	})
}

// answer has a mail with an answer to the newest invitation come in.
func (f *fixture) answer(from, method string, change func(*mailmsg.Calendar)) bool {
	f.Helper()
	_, events := parsed(f, f.mails[len(f.mails)-1].ics)
	c := &mailmsg.Calendar{Method: method, UID: events[0].UID, Sequence: events[0].Sequence, Attendees: []mailmsg.CalendarAttendee{{Address: mailmsg.Address{Address: from}}}}
	change(c)
	ours := false
	f.write(func(tx *db.Tx) (err error) {
		ours, err = f.rota.Answered(f.Context(), tx, from, c)
		return err
	})
	return ours
}

func (f *fixture) invite(id int64) (i shift.Invite) {
	f.Helper()
	f.read(func(tx *db.Tx) error {
		s, err := shift.See(f.Context(), tx, f.lead, id)
		if err != nil {
			return err
		}
		all, err := shift.InvitesOf(f.Context(), tx, f.lead, s)
		if len(all) > 0 {
			i = all[0]
		}
		return err
	})
	return i
}

func TestAnswersThatComeBack(t *testing.T) {
	each(t, func(f *fixture) {
		id := f.has(f.amara.ID, "2026-03-10", "9–17")
		f.drain(time.Minute)
		says := func(status string) func(*mailmsg.Calendar) {
			return func(c *mailmsg.Calendar) { c.Attendees[0].Status, c.Comment = status, "The train\nis late" }
		}
		f.told = nil
		if !f.answer("Amara@Desk.example", "REPLY", says("accepted")) || f.invite(id).Answer != shift.Accepted || len(f.told) != 0 {
			t.Errorf("accepted: %+v, told %+v", f.invite(id), f.told)
		}
		f.answer("amara@desk.example", "REPLY", says("declined"))
		if i := f.invite(id); i.Answer != shift.Declined || i.Comment != "The train is late" || f.shift(id).PersonID != f.amara.ID {
			t.Errorf("declined: %+v", i)
		}
		if len(f.told) != 1 || f.told[0].people[0] != f.lead.ID || !strings.HasPrefix(f.told[0].words, "Amara Okafor cannot come") {
			t.Errorf("told %+v", f.told)
		}
		// Another address is not obeyed, and shown once.
		for range 2 {
			f.answer("amara@home.example", "REPLY", says("accepted"))
		}
		if i := f.invite(id); i.Answer != shift.Declined || i.Strays != "amara@home.example accepted" || len(f.told) != 2 || !strings.Contains(f.told[1].words, "which was not invited") {
			t.Errorf("a stray: %+v, told %+v", i, f.told)
		}
		// Another time, which whoever plans takes.
		f.answer("amara@desk.example", "COUNTER", func(c *mailmsg.Calendar) {
			c.Start, c.End = at("2026-03-10 11:00").Time(), at("2026-03-10 19:00").Time()
		})
		i := f.invite(id)
		if i.WantedFrom != at("2026-03-10 11:00") || f.shift(id).FromAt != at("2026-03-10 09:00") {
			t.Errorf("counter: %+v", i)
		}
		f.refused(fault.KindDenied, func(tx *db.Tx) error {
			_, err := f.rota.AgreeTime(t.Context(), tx, f.amara, i.ID, false)
			return err
		})
		f.write(func(tx *db.Tx) error {
			_, err := f.rota.AgreeTime(t.Context(), tx, f.lead, i.ID, false)
			return err
		})
		f.drain(time.Minute)
		if f.shift(id).FromAt != at("2026-03-10 11:00") || f.mails[len(f.mails)-1].Method != "REQUEST" || f.invite(id).Sequence != 1 {
			t.Errorf("moved: %+v, %+v", f.shift(id), f.invite(id))
		}
		// An answer to what was said before is out of date.
		f.answer("amara@desk.example", "REPLY", func(c *mailmsg.Calendar) { c.Sequence, c.Attendees[0].Status = 0, "declined" })
		if f.invite(id).Answer != shift.NoAnswer {
			t.Errorf("out of date: %+v", f.invite(id))
		}
		f.answer("amara@desk.example", "COUNTER", func(c *mailmsg.Calendar) {
			c.Start, c.End = at("2026-03-10 13:00").Time(), at("2026-03-10 19:00").Time()
		})
		f.write(func(tx *db.Tx) error { return f.rota.KeepTime(t.Context(), tx, f.lead, i.ID) })
		f.drain(time.Minute)
		if last := f.mails[len(f.mails)-1]; last.Method != "DECLINECOUNTER" || f.invite(id).WantedFrom != 0 {
			t.Errorf("%+v", last)
		}
		f.answer("amara@desk.example", "CANCEL", says(""))
		if f.invite(id).Answer != shift.Declined || f.shift(id).PersonID != f.amara.ID {
			t.Errorf("a cancel from who is invited: %+v", f.invite(id))
		}
		for _, uid := range []string{"", "shift-1-abc@goodturn", "shift-99999999999999999999-x@goodturn", "meeting@desk.example"} {
			if f.answer("amara@desk.example", "REPLY", func(c *mailmsg.Calendar) { c.UID = uid }) {
				t.Errorf("%q is taken for ours", uid)
			}
		}
	})
}

func TestFeeds(t *testing.T) {
	each(t, func(f *fixture) {
		hostile := "A;b,c\"d: \\ é 漢字 " + strings.Repeat("long", 20)
		f.write(func(tx *db.Tx) error {
			return person.Update(t.Context(), tx, f.amara.ID, person.Change{Name: &hostile})
		})
		night := f.has(f.amara.ID, "2026-03-28", "22–6", func(p *shift.Plan) { p.Name, p.Breaks = "Night; \\ ,\"x\"", "2–2:30" })
		f.has(f.jonas.ID, "2026-03-28", "9–17")
		f.has(0, "2026-03-29", "9–17")
		f.drain(time.Minute)
		_, invited := parsed(f, f.mails[0].ics)
		if len(invited) != 1 {
			t.Errorf("%+v", invited)
		}
		tokens := map[string]string{}
		f.read(func(tx *db.Tx) (err error) {
			if tokens["own"], err = f.rota.FeedToken(t.Context(), tx, f.amara.ID, 0); err == nil {
				tokens["team"], err = f.rota.FeedToken(t.Context(), tx, f.amara.ID, f.team)
			}
			if err == nil {
				tokens["private"], err = f.rota.FeedToken(t.Context(), tx, f.amara.ID, f.private)
			}
			return err
		})
		open := func(token string) (events []readEvent, err error) {
			var feed shift.Feed
			err = f.db.Read(t.Context(), func(tx *db.Tx) (err error) {
				feed, err = f.rota.OpenFeed(t.Context(), tx, token)
				return err
			})
			if err != nil {
				return nil, err
			}
			feed.Root = "https://desk.example"
			method, events := parsed(f, f.rota.Feed(i18n.With(context.Background(), "de", time.UTC), feed))
			if method != "PUBLISH" {
				t.Errorf("method %q", method)
			}
			return events, nil
		}
		own, err := open(tokens["own"])
		if err != nil || len(own) != 1 || own[0].Summary != "Night; \\ ,\"x\" (First line)" || own[0].End-own[0].Start != 7*3600 {
			t.Fatalf("own: %+v, %v", own, err)
		}
		team, err := open(tokens["team"])
		if err != nil || len(team) != 3 || !strings.HasSuffix(team[1].Summary, ": "+person.CleanName(hostile)) || team[2].Status != "TENTATIVE" {
			t.Errorf("team: %+v, %v", team, err)
		}
		for name, token := range map[string]string{"private": tokens["private"], "forged": tokens["own"] + "x", "another's": strings.Replace(tokens["own"], "-0.", "-1.", 1), "nothing": "", "dots": "1-0.", "far": "999999999999999999999-0.x"} {
			if _, err := open(token); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		before := own[0].UID
		f.write(func(tx *db.Tx) error {
			_, err := f.rota.Change(t.Context(), tx, f.lead, night, shift.Plan{Name: "Night", Day: day("2026-03-28"), Zone: "Europe/Berlin", Hours: "21–5"}, true)
			return err
		})
		if own, _ = open(tokens["own"]); own[0].UID != before || own[0].Start != at("2026-03-28 21:00").Time().Unix() {
			t.Errorf("moved: %+v", own)
		}
		f.write(func(tx *db.Tx) error { return shift.RenewFeed(t.Context(), tx, f.amara.ID) })
		for _, name := range []string{"own", "team"} {
			if _, err := open(tokens[name]); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s after it was renewed: %v", name, err)
			}
		}
	})
}
