package mailbox_test

import (
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// deskAddresses all come to the desk.
var deskAddresses = []string{deskAddress, "HELP@desk.example", "help+anything@desk.example", "help+1001.aaaaaaaaaaaaaaaaaaaa@desk.example"}

// An address of the desk is never a person's, whichever way somebody tries.
func TestDeskAddressIsNobodys(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ctx := t.Context()
		h.take(mail(hana, "Printer", "Half pages."))
		id := h.last(mailbox.BecameTicket).TicketID
		requester := h.ticket(id).RequesterID
		for _, address := range deskAddresses {
			for name, try := range map[string]func(tx *db.Tx) error{
				"create": func(tx *db.Tx) error {
					_, err := person.Create(ctx, tx, person.New{Name: "X", Addresses: []string{address}, Role: person.Requester})
					return err
				},
				"by address": func(tx *db.Tx) error {
					_, err := person.ByAddress(ctx, tx, person.Contact{Address: address})
					return err
				},
				"add":     func(tx *db.Tx) error { return person.AddAddress(ctx, tx, requester, address) },
				"answers": func(tx *db.Tx) error { return h.desk.AnswerAt(ctx, tx, ticket.By{Actor: h.agent}, id, address) },
			} {
				if err := h.db.Write(ctx, try); !fault.Is(err, fault.KindInvalid) {
					t.Errorf("%s %s: %v", name, address, err)
				}
			}
			h.take(mail("Help <"+address+">", "Loop", "Loop."))
			h.last(mailbox.WasLoop)
			h.take(mail(hana, "Copy", "To ourselves.", "Cc: <"+address+">", "Reply-To: <"+address+">"))
			if s := h.suggested(h.last(mailbox.BecameTicket).TicketID); len(s) != 0 {
				t.Errorf("%s is suggested: %v", address, s)
			}
		}
		h.read(func(tx *db.Tx) error {
			n, err := db.One[int](ctx, tx, `SELECT count(*) FROM person_address WHERE substr(address, 1, 4) = 'help'`)
			if n != 0 {
				t.Errorf("%d addresses of the desk are people's", n)
			}
			return err
		})
	})
}

// A mailbox cannot take an address that is somebody's already.
func TestMailboxWithAPersonsAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ctx := t.Context()
		h.write(func(tx *db.Tx) error {
			for _, a := range []string{"plain@desk.example", "sub+mia@desk.example", "other+mia@elsewhere.example", "xsub+mia@desk.example"} {
				if _, err := person.Create(ctx, tx, person.New{Name: a, Addresses: []string{a}, Role: person.Requester}); err != nil {
					return err
				}
			}
			return nil
		})
		for address, c := range map[string]struct{ subaddress, good bool }{
			"Plain@desk.example": {false, false}, "sub@desk.example": {true, false}, "sub+mia@desk.example": {false, false}, "other@desk.example": {true, true},
		} {
			err := h.db.Write(ctx, func(tx *db.Tx) error {
				m := h.settings()
				m.ID, m.Address, m.Subaddress = 0, address, c.subaddress
				_, err := h.post.Save(ctx, tx, person.System, m, "")
				return err
			})
			if (err == nil) != c.good {
				t.Errorf("%s: %v", address, err)
			}
		}
	})
}

func TestSignedReplyAddressesAreCut(t *testing.T) {
	h := newHouse(t, dbtest.Open(t, db.SQLite))
	signed := h.post.ReplyAddress(deskAddress, 1042)
	for text, want := range map[string]string{
		"To: " + signed + ", x": "To: help@desk.example, x",
		`<a href="mailto:` + strings.Replace(signed, "+", "%2B", 1) + `">`: `<a href="mailto:help@desk.example">`,
		strings.NewReplacer("+", "%2b", "@", "%40").Replace(signed):        "help%40desk.example",
		strings.NewReplacer("+", "&#43;", "@", "&#64;").Replace(signed):    "help&#64;desk.example",
		"call +49 30 123 or hana+2@x.example":                              "call +49 30 123 or hana+2@x.example",
	} {
		if got := h.post.CutLinks(text); got != want {
			t.Errorf("%s became %s", text, got)
		}
	}
	h.take(mail(hana, "Quoted", "See mail to "+signed, "Content-Type: text/html"))
	m := h.messages(h.last(mailbox.BecameTicket).TicketID)[0]
	if all := m.Text + m.Quoted + m.HTML; strings.Contains(all, "1042.") {
		t.Errorf("it is kept: %s", all)
	}
}
