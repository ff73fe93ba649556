package mailbox_test

import (
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/mailbox"
)

// TestCalledAsOnThePages has mails come from who the reader knows from the pages.
func TestCalledAsOnThePages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.confirming()
		h.firm("customer.example")
		h.take(now(mail(hana, "Printer", "It prints half pages.")))
		id := h.last(mailbox.BecameTicket).TicketID
		names := map[int64]string{}
		h.post.Called = func(organisationID int64) string { return names[organisationID] }
		h.reply(id, "On my way.", "")
		for _, m := range h.send(2) {
			if m.From.Name != "IT help desk" && m.From.Name != "Amara Okafor, IT help desk" {
				t.Errorf("without a brand From is %q", m.From.Name)
			}
		}
		var org int64
		h.read(func(tx *db.Tx) (err error) {
			org, err = db.One[int64](h.Context(), tx, `SELECT organisation_id FROM ticket WHERE id = $1`, id)
			return err
		})
		names[0], names[org] = "Desk & Co", "Desk & Co"
		h.reply(id, "Nearly there.", "")
		if m := h.send(1)[0]; m.From.Name != "Amara Okafor, IT help desk" {
			t.Errorf("a mailbox has a name of its own, From is %q", m.From.Name)
		}
		h.take(now(mail(bob, "Screen", "It flickers.")))
		if m := h.send(1)[0]; m.From.Name != "Desk & Co" {
			t.Errorf("a letter comes from %q", m.From.Name)
		}
		names[org] = "Moss IT"
		h.reply(id, "There.", "")
		if m := h.send(1)[0]; m.From.Name != "Amara Okafor, Moss IT" {
			t.Errorf("the organisation's name is not in From: %q", m.From.Name)
		}
		h.take(now(mail(hana, "Keyboard", "It stalls.")))
		if m := h.send(1)[0]; m.From.Name != "Moss IT" {
			t.Errorf("the receipt comes from %q", m.From.Name)
		}
	})
}
