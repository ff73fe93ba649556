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

func TestFollowersMayLeaveByTheirMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(mail(hana, "Printer", "It prints half pages."))
		id := h.last(mailbox.BecameTicket).TicketID
		h.write(func(tx *db.Tx) error {
			p, err := person.ByAddress(t.Context(), tx, person.Contact{Address: "boss@customer.example"})
			h.must(err)
			return h.desk.Follow(t.Context(), tx, ticket.By{Actor: h.agent}, id, p.ID)
		})
		h.reply(id, "On my way.", "")
		token := ""
		for _, m := range h.send(2) {
			head, _, _ := strings.Cut(string(m.raw), "\r\n\r\n")
			if _, after, ok := strings.Cut(head, "List-Unsubscribe: <"+public+"/unfollow/"); ok {
				token, _, _ = strings.Cut(after, ">")
			}
			if has := strings.Contains(head, "List-Unsubscribe-Post: List-Unsubscribe=One-Click"); has != (m.to == "boss@customer.example") {
				t.Errorf("the mail to %s can be ended: %v", m.to, has)
			}
		}
		number, who, ok := ticket.ReadLeaveToken(h.post.Key, token)
		if !ok || number != id {
			t.Fatalf("the token %q is for %d", token, number)
		}
		for _, wrong := range []string{"", token + "x", strings.Replace(token, ".", "1.", 1), "1.2.3"} {
			if _, _, ok := ticket.ReadLeaveToken(h.post.Key, wrong); ok {
				t.Errorf("%q is good", wrong)
			}
		}
		h.write(func(tx *db.Tx) error { return h.desk.Leave(t.Context(), tx, number, who) })
		h.write(func(tx *db.Tx) error { return h.desk.Leave(t.Context(), tx, number, who) })
		h.reply(id, "Done.", "")
		if out := h.send(1)[0]; out.to != "hana@customer.example" || len(out.CC) != 0 {
			t.Errorf("mailed to %s, copies to %v", out.to, out.CC)
		}
		left := 0
		for _, e := range h.events(id) {
			if e.What == ticket.Followed && e.FromValue != "" && e.PersonID == who {
				left++
			}
		}
		if left != 1 {
			t.Errorf("the spine says %d times that they left", left)
		}
	})
}
