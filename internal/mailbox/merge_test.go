package mailbox_test

import (
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// TestMailFollowsAMergedTicket answers mails of a ticket that became part of another, and that one of a third.
func TestMailFollowsAMergedTicket(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, a, answer := opened(t, d)
		const tom = "Tom Becker <tom@customer.example>"
		h.take(mail(tom, "Printer again", "Mine prints half pages too.", "Message-ID: <tom@customer.example>"))
		b := h.last(mailbox.BecameTicket).TicketID
		h.take(mail(tom, "All printers", "And now all of them."))
		c := h.last(mailbox.BecameTicket).TicketID
		merge := func(into, from int64) {
			h.write(func(tx *db.Tx) error {
				_, err := h.post.Desk.Merge(t.Context(), tx, ticket.By{Actor: person.System}, into, []int64{from})
				return err
			})
		}
		merge(b, a)
		merge(c, b)
		if got := h.deliveries(c); len(got) != 1 {
			t.Fatalf("the mail of the first ticket stands with the last: %+v", got)
		}
		for name, letter := range map[string]string{
			"the reply address": strings.Replace(mail(hana, "Re: Printer", "By address."), "To: IT <"+deskAddress+">", "To: <"+answer.ReplyTo[0].Address+">", 1),
			"our Message-ID":    mail(hana, "Re: Printer", "By Message-ID.", "In-Reply-To: <"+answer.MessageID+">"),
			"their Message-ID":  mail(tom, "Re: Printer again", "By their own.", "References: <tom@customer.example>"),
		} {
			h.take(letter)
			if row := h.last(mailbox.BecameAnswer); row.TicketID != c {
				t.Errorf("by %s it joined %d, want %d", name, row.TicketID, c)
			}
		}
		if n := h.tickets(); n != 3 {
			t.Errorf("%d tickets, want 3", n)
		}
		h.write(func(tx *db.Tx) error {
			_, err := h.post.Desk.UndoMerge(t.Context(), tx, ticket.By{Actor: person.System}, a)
			return err
		})
		if got := h.deliveries(a); len(got) != 1 {
			t.Errorf("after the undo the first ticket has its mail again: %+v", got)
		}
		h.take(mail(hana, "Re: Printer", "By address, once more.", "In-Reply-To: <"+answer.MessageID+">"))
		if row := h.last(mailbox.BecameAnswer); row.TicketID != a {
			t.Errorf("after the undo it joined %d, want %d", row.TicketID, a)
		}
	})
}
