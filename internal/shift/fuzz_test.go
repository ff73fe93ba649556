package shift_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/mailmsg"
	"goodturn/internal/shift"
)

var errNotKept = errors.New("not kept")

// FuzzAnswered has calendars of any kind come back to an invitation, as they stand in a mail: whatever they say, nothing breaks, the shift is as it was, and what is
// kept of the answer is one of ours and fits into a line.
func FuzzAnswered(f *testing.F) {
	for _, s := range []string{
		"METHOD:REPLY\nBEGIN:VEVENT\nUID:@UID@\nSEQUENCE:0\nATTENDEE;PARTSTAT=DECLINED:mailto:amara@desk.example\nCOMMENT:The train\\nis late\nEND:VEVENT",
		"METHOD:REPLY\nBEGIN:VEVENT\nUID:@UID@\nATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO=\"mailto:x@evil.example\":mailto:amara@desk.example",
		"METHOD:COUNTER\nBEGIN:VEVENT\nUID:@UID@\nDTSTART:20260310T100000Z\nDTEND:20260310T180000Z\nATTENDEE;PARTSTAT=TENTATIVE:mailto:amara@desk.example",
		"METHOD:COUNTER\nBEGIN:VEVENT\nUID:@UID@\nDTSTART:99991231T235959Z\nDURATION:P99999W",
		"METHOD:COUNTER\nBEGIN:VEVENT\nUID:@UID@\nDTSTART;VALUE=DATE:20260310\nDTEND;VALUE=DATE:20260309",
		"METHOD:CANCEL\nBEGIN:VEVENT\nUID:@UID@\nSEQUENCE:99999999999999999999\nSTATUS:CANCELLED",
		"METHOD:REFRESH\nBEGIN:VEVENT\nUID:@UID@",
		"METHOD:REPLY\nBEGIN:VEVENT\nUID:shift-1-0000000000000000@goodturn\nATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example",
		"METHOD:REQUEST\nBEGIN:VEVENT\nUID:@UID@\nRRULE:FREQ=SECONDLY\nATTENDEE;PARTSTAT=ACCEPTED:mailto:amara@desk.example\nCOMMENT:" + strings.Repeat("\u202ex\\n", 400),
	} {
		f.Add(s, "amara@desk.example")
		f.Add(s, "Someone <else@evil.example>\r\nBcc: all@desk.example")
	}
	d := dbtest.Open(f, db.SQLite)
	x := setUp(f, d)
	id := x.has(x.amara.ID, "2026-03-10", "9–17")
	x.drain(time.Minute)
	_, events := parsed(f, x.mails[0].ics)
	was := x.shift(id)
	f.Fuzz(func(t *testing.T, text, from string) {
		c := mailmsg.ParseCalendar("BEGIN:VCALENDAR\n"+strings.ReplaceAll(text, "@UID@", events[0].UID)+"\nEND:VCALENDAR", "")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			ours, err := x.rota.Answered(t.Context(), tx, from, c)
			if err != nil {
				return err
			}
			s, err := shift.See(t.Context(), tx, x.lead, id)
			if err != nil {
				return err
			}
			if s.FromAt != was.FromAt || s.UntilAt != was.UntilAt || s.PersonID != was.PersonID {
				t.Errorf("a mail changed the shift: %+v", s)
			}
			all, err := shift.InvitesOf(t.Context(), tx, x.lead, s)
			if err != nil {
				return err
			}
			i := all[0]
			switch i.Answer {
			case shift.NoAnswer, shift.Accepted, shift.Declined, shift.Tentative:
			default:
				t.Errorf("the answer is %q", i.Answer)
			}
			if strings.ContainsAny(i.Comment, "\n\r") || len([]rune(i.Comment)) > 300 || strings.Count(i.Strays, "\n") > 4 || i.WantedFrom > i.WantedUntil || i.WantedUntil-i.WantedFrom > 24*3600*1000 {
				t.Errorf("%+v", i)
			}
			if !ours && (i.Answer != shift.NoAnswer || i.Strays != "") {
				t.Errorf("not ours, and yet noted: %+v", i)
			}
			return errNotKept
		})
		if !errors.Is(err, errNotKept) {
			t.Error(err)
		}
	})
}
