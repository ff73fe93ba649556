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

// named gives somebody as a recipient; they are added when unknown.
func (h *house) named(tx *db.Tx, address string) ticket.Recipient {
	h.Helper()
	p, err := person.ByAddress(h.Context(), tx, person.Contact{Address: address})
	h.must(err)
	return ticket.Recipient{PersonID: p.ID, Address: address}
}

func TestNamedRecipients(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(mail(hana, "Printer", "It prints half pages."))
		id := h.last(mailbox.BecameTicket).TicketID
		h.write(func(tx *db.Tx) error {
			_, err := h.desk.Reply(t.Context(), tx, ticket.By{Actor: h.agent}, id, ticket.Draft{Text: "Please have a look.", Recipients: &ticket.Recipients{
				To:  []ticket.Recipient{h.named(tx, "hana@customer.example"), h.named(tx, "maker@printers.example")},
				CC:  []ticket.Recipient{h.named(tx, "boss@customer.example"), h.named(tx, "hana@customer.example")},
				BCC: []ticket.Recipient{h.named(tx, "lawyer@customer.example")},
			}}, "")
			return err
		})
		got := map[string]sent{}
		ids := map[string]bool{}
		for _, m := range h.send(4) {
			got[m.to] = m
			ids[m.MessageID] = true
		}
		if len(got) != 4 || len(ids) != 1 {
			t.Fatalf("mails to %d people with %d Message-IDs", len(got), len(ids))
		}
		for to, m := range got {
			var header []string
			for _, a := range m.To {
				header = append(header, "to "+a.Address)
			}
			for _, a := range m.CC {
				header = append(header, "cc "+a.Address)
			}
			if s := strings.Join(header, ", "); s != "to hana@customer.example, to maker@printers.example, cc boss@customer.example" {
				t.Errorf("the mail to %s is addressed %s", to, s)
			}
			if strings.Contains(string(m.raw), "lawyer") {
				t.Errorf("the mail to %s tells of the hidden copy", to)
			}
			if opens := strings.Contains(m.Text, public+"/t/"); opens != (to == "hana@customer.example") {
				t.Errorf("the mail to %s opens the ticket: %v", to, opens)
			}
		}
		blind := 0
		for _, d := range h.deliveries(id) {
			if d.Blind {
				blind++
			}
		}
		if blind != 1 {
			t.Errorf("%d hidden copies are noted", blind)
		}
	})
}
