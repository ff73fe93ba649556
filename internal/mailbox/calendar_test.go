package mailbox_test

import (
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/mailbox"
	"goodturn/internal/ticket"
)

func meeting(method, status string) string {
	return "BEGIN:VCALENDAR\nMETHOD:" + method + "\nBEGIN:VEVENT\nUID:1@desk.example\nSUMMARY:Look at the printer\nDTSTART:20261130T090000Z\nDURATION:PT30M\nATTENDEE;PARTSTAT=" + status + ":mailto:hana@customer.example\nEND:VEVENT\nEND:VCALENDAR"
}

func TestMeetingAnswerDoesNotReopen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, id, answer := opened(t, d)
		h.take(mail(hana, "Accepted: Look at the printer", meeting("REPLY", "ACCEPTED"), "Content-Type: text/calendar; method=REPLY", "In-Reply-To: <"+answer.MessageID+">"))
		h.last(mailbox.BecameAnswer)
		m := h.messages(id)
		last := m[len(m)-1]
		if s := h.ticket(id).Status; !last.Automatic || s != ticket.Solved {
			t.Errorf("the ticket is %s, message %+v", s, last)
		}
		h.read(func(tx *db.Tx) error {
			facts, err := mailbox.FactsOfTicket(t.Context(), tx, id)
			c := facts[last.ID].Calendar
			if err == nil && (c == nil || c.Method != "REPLY" || c.Summary != "Look at the printer" || c.Attendees[0].Status != "accepted") {
				t.Errorf("calendar %+v", c)
			}
			return err
		})
		h.take(mail(hana, "Look at the printer", meeting("REQUEST", "NEEDS-ACTION"), "Content-Type: text/calendar; method=REQUEST", "In-Reply-To: <"+answer.MessageID+">"))
		if s := h.ticket(id).Status; s != ticket.Open {
			t.Errorf("an invitation by a person left the ticket %s", s)
		}
	})
}
