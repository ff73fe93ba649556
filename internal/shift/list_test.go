package shift_test

import (
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/itip"
	"goodturn/internal/shift"
)

// TestAWeekIsOneMail publishes several shifts of somebody: they get one mail with all of them, and what changes later comes under the same entries.
func TestAWeekIsOneMail(t *testing.T) {
	each(t, func(f *fixture) {
		week := span("2026-03-09 00:00", "2026-03-16 00:00")
		plan := func(who int64, days ...string) (ids []int64) {
			f.write(func(tx *db.Tx) error {
				for _, d := range days {
					id, err := f.rota.Add(t.Context(), tx, f.lead, shift.Plan{TeamID: f.team, Name: "Early", Day: day(d), Zone: "Europe/Berlin", Hours: "8–16", Breaks: "12–12:30"})
					if err != nil {
						return err
					}
					if _, err := f.rota.Assign(t.Context(), tx, f.lead, id, who, false); err != nil {
						return err
					}
					ids = append(ids, id)
				}
				return nil
			})
			return ids
		}
		publish := func() {
			f.write(func(tx *db.Tx) error {
				_, _, err := f.rota.Publish(t.Context(), tx, f.lead, f.team, week)
				return err
			})
		}
		move := func(id int64, d, hours string) {
			f.write(func(tx *db.Tx) error {
				_, err := f.rota.Change(t.Context(), tx, f.lead, id, shift.Plan{Name: "Early", Day: day(d), Zone: "Europe/Berlin", Hours: hours}, true)
				return err
			})
		}
		hers := plan(f.amara.ID, "2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12")
		plan(f.jonas.ID, "2026-03-10")
		publish()
		move(hers[1], "2026-03-10", "9–17") // before any mail has gone
		f.write(func(tx *db.Tx) error { return f.rota.Remove(t.Context(), tx, f.lead, hers[3]) })
		f.drain(time.Minute)
		publish()
		f.drain(time.Minute)
		if len(f.mails) != 2 {
			t.Fatalf("%d mails", len(f.mails))
		}
		list, single := f.mails[0], f.mails[1]
		if list.Method != itip.Publish {
			list, single = single, list
		}
		if single.Method != itip.Request || single.Address != "jonas@desk.example" || list.Method != itip.Publish || list.Address != "amara@desk.example" {
			t.Fatalf("%s to %s, %s to %s", single.Method, single.Address, list.Method, list.Address)
		}
		if n := strings.Count(list.text, "Early (First line)"); n != 3 || !strings.Contains(list.text, "Break: 11:00–11:30.") || !strings.HasPrefix(list.subject, "Your shifts from") {
			t.Errorf("%q\n%s", list.subject, list.text)
		}
		method, events := parsed(t, list.ics)
		if method != "PUBLISH" || len(events) != 3 {
			t.Fatalf("%s with %d events", method, len(events))
		}
		uids := map[string]bool{}
		for _, e := range events {
			uids[e.UID] = true
			if e.Attendee != "" || e.Organizer != "mailto:help@desk.example" || e.Status != "CONFIRMED" {
				t.Errorf("%+v", e)
			}
		}
		if len(uids) != 3 || events[1].Start != at("2026-03-10 09:00").Time().Unix() || events[1].Sequence != 1 {
			t.Errorf("%+v", events)
		}
		move(hers[1], "2026-03-10", "10–18")
		f.drain(time.Minute)
		method, again := parsed(t, f.mails[2].ics)
		if len(f.mails) != 3 || method != "REQUEST" || again[0].UID != events[1].UID || again[0].Sequence != 2 || again[0].Attendee != "mailto:amara@desk.example" {
			t.Errorf("moved: %s %+v", method, again)
		}
		f.write(func(tx *db.Tx) error { return f.rota.GiveBack(t.Context(), tx, f.amara, hers[0]) })
		f.drain(time.Minute)
		method, again = parsed(t, f.mails[3].ics)
		if method != "CANCEL" || again[0].UID != events[0].UID || again[0].Sequence != 1 {
			t.Errorf("given back: %s %+v", method, again)
		}
	})
}

// TestAListOfOneIsAnInvitation has all but one shift of a list go before it is mailed.
func TestAListOfOneIsAnInvitation(t *testing.T) {
	each(t, func(f *fixture) {
		var ids []int64
		f.write(func(tx *db.Tx) error {
			for _, d := range []string{"2026-03-09", "2026-03-10"} {
				id := must(f.rota.Add(t.Context(), tx, f.lead, shift.Plan{TeamID: f.team, Name: "Early", Day: day(d), Zone: "Europe/Berlin", Hours: "8–16"}))
				must(f.rota.Assign(t.Context(), tx, f.lead, id, f.amara.ID, false))
				ids = append(ids, id)
			}
			_, _, err := f.rota.Publish(t.Context(), tx, f.lead, f.team, span("2026-03-09 00:00", "2026-03-16 00:00"))
			return err
		})
		f.write(func(tx *db.Tx) error { return f.rota.Remove(t.Context(), tx, f.lead, ids[0]) })
		f.drain(time.Minute)
		if len(f.mails) != 1 || f.mails[0].Method != itip.Request {
			t.Errorf("%d mails: %+v", len(f.mails), f.mails)
		}
	})
}
