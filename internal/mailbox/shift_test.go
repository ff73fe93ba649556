package mailbox_test

import (
	"context"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/mailbox"
	"goodturn/internal/mailmsg"
)

func TestAnswersToOurInvitations(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		var from []string
		h.post.Answered = func(_ context.Context, _ *db.Tx, address string, c *mailmsg.Calendar) (bool, error) {
			if c.UID != "1@desk.example" {
				return false, nil
			}
			from = append(from, address+" "+c.Method+" "+c.Attendees[0].Status)
			return true, nil
		}
		h.take(mail(hana, "Accepted: Late", meeting("REPLY", "ACCEPTED"), "Content-Type: text/calendar; method=REPLY"))
		if r := h.last(mailbox.BecameAnswered); r.TicketID != 0 {
			t.Errorf("it became ticket %d", r.TicketID)
		}
		h.take(mail(hana, "Another time", meeting("COUNTER", "TENTATIVE"), "Content-Type: text/calendar; method=COUNTER"))
		h.last(mailbox.BecameAnswered)
		if len(from) != 2 || from[0] != "hana@customer.example REPLY accepted" || from[1] != "hana@customer.example COUNTER tentative" {
			t.Errorf("%q", from)
		}
		h.post.Answered = func(context.Context, *db.Tx, string, *mailmsg.Calendar) (bool, error) { return false, nil }
		h.take(mail(hana, "Look at the printer", meeting("REQUEST", "NEEDS-ACTION"), "Content-Type: text/calendar; method=REQUEST"))
		h.last(mailbox.BecameTicket)
	})
}

func TestInvitationIsMailed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		words := func(text string) func(context.Context) string { return func(context.Context) string { return text } }
		ics := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:7@desk.example\r\nSUMMARY:Spät\r\nDTSTART:20261130T090000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
		m := mailbox.CalendarMail{PersonID: h.agent.ID, Address: "amara@desk.example", Method: "REQUEST", Key: "7.0.REQUEST", Subject: words("Your shift"), Text: words("Late\n\n8 h"), Calendar: func(_ context.Context, organizer, _ string) []byte {
			if organizer != deskAddress {
				t.Errorf("answers would go to %q", organizer)
			}
			return []byte(ics)
		}}
		h.must(h.post.MailCalendar(t.Context(), m))
		msg := <-h.sink.mails
		if c := msg.Calendar; c == nil || c.Method != "REQUEST" || c.UID != "7@desk.example" || c.Summary != "Spät" {
			t.Errorf("calendar %+v", msg.Calendar)
		}
		// Several at once are a file, and no form of the text.
		several := m
		several.Method, several.Key = "PUBLISH", "list.7.1"
		several.Calendar = func(context.Context, string, string) []byte {
			return []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\nUID:8@desk.example\r\nDTSTART:20261130T090000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
		}
		h.must(h.post.MailCalendar(t.Context(), several))
		msg = <-h.sink.mails
		if len(msg.Attachments) != 1 || msg.Attachments[0].Name != "shifts.ics" || msg.Attachments[0].Type != "text/calendar" {
			t.Errorf("attached: %+v", msg.Attachments)
		}
		m.PersonID++ // the address is another's by now
		h.must(h.post.MailCalendar(t.Context(), m))
		if len(h.sink.mails) != 0 {
			t.Error("an invitation went to somebody else")
		}
	})
}
