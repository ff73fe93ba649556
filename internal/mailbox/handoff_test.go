package mailbox_test

import (
	"slices"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/testserver/nameserver"
)

const bob = "Bob Stone <bob@customer.example>"

// forward is a mail of Hana's that somebody hands on.
func forward(by, words, from string, fields ...string) string {
	return now(mail(by, "Fwd: WG: Printer", words+"\n\n---------- Forwarded message ---------\nFrom: "+from+"\nDate: Sat, 21 Nov 2026 at 10:00\nSubject: Printer\nTo: <bob@customer.example>\n\nIt prints half pages.\nCan you help?\n", fields...))
}

func (h *house) firm(domains ...string) {
	h.Helper()
	h.write(func(tx *db.Tx) error {
		_, err := person.SaveOrganisation(h.Context(), tx, person.Organisation{Name: "Customer", Domains: domains})
		return err
	})
}

func (h *house) address(id int64) (address string) {
	h.Helper()
	h.read(func(tx *db.Tx) error {
		p, err := person.Get(h.Context(), tx, id)
		address = p.Address
		return err
	})
	return address
}

func TestHandOffByForward(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.firm("customer.example")
		ns := nameserver.Start(t)
		h.post.Auth.Resolver = ns.Resolver()
		signer := ns.Signer(t, "customer.example")
		h.take(signer.Sign(forward(bob, "She is hard to please, be gentle.", "Hana Sato <hana@customer.example>", "Message-ID: <handed@customer.example>")))
		id := h.last(mailbox.BecameTicket).TicketID
		tk, m := h.ticket(id), h.messages(id)
		if h.address(tk.RequesterID) != "hana@customer.example" || tk.Subject != "Printer" {
			t.Fatalf("%q is for %s", tk.Subject, h.address(tk.RequesterID))
		}
		if len(m) != 2 || m[0].AuthorID != tk.RequesterID || m[0].Internal || m[0].Text != "It prints half pages.\nCan you help?" || m[0].Quoted != "" || m[0].HTML != "" {
			t.Fatalf("messages %+v", m)
		}
		if !m[1].Internal || m[1].Text != "She is hard to please, be gentle." || h.address(m[1].AuthorID) != "bob@customer.example" {
			t.Errorf("note %+v", m[1])
		}
		if e := h.events(id)[0]; e.Cause != mailbox.CauseHandedOn || h.address(e.PersonID) != "bob@customer.example" {
			t.Errorf("event %+v", e)
		}
		if f := h.followers(id); !slices.Equal(f, []string{"bob@customer.example"}) {
			t.Errorf("followers %v", f)
		}
		told := h.send(1)[0]
		if told.to != "bob@customer.example" || told.Automatic != "auto" || !strings.Contains(told.Subject, "#") || told.InReplyTo[0] != "handed@customer.example" || strings.Contains(told.Text, "half pages") {
			t.Errorf("to %s: %s\n%s", told.to, told.Subject, told.raw)
		}
		h.reply(id, "Change the drum.", "")
		for _, m := range h.send(2) {
			if raw := m.Text; strings.Contains(raw, "hard to please") || !strings.Contains(raw, "It prints half pages") {
				t.Errorf("to %s:\n%s", m.to, raw)
			}
		}
		h.take(mail(bob, "Re: Printer", "Thank you.", "In-Reply-To: <handed@customer.example>"))
		if row := h.last(mailbox.BecameAnswer); row.TicketID != id {
			t.Error("Bob's own thread is lost")
		}
	})
}

func TestForgedHandOffGivesNobodyAccess(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.firm("customer.example")
		h.take(mail(bob, "Hello", "I am Bob."))
		h.take(forward(bob, "", "Hana Sato <hana@customer.example>"))
		id := h.last(mailbox.BecameTicket).TicketID
		if h.address(h.ticket(id).RequesterID) != "hana@customer.example" || len(h.followers(id)) != 0 || !slices.Equal(h.suggested(id), []string{"follower bob@customer.example"}) {
			t.Errorf("followers %v, suggested %v", h.followers(id), h.suggested(id))
		}
		if e := h.events(id)[0]; e.Cause != mailbox.CauseHandedUnverified {
			t.Errorf("event %+v", e)
		}
		if m := h.messages(id); len(m) != 1 {
			t.Errorf("messages %+v", m)
		}
	})
}

func TestForwardsThatAreTheForwardersOwnRequest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.firm("customer.example")
		signer := nameserver.Start(t).Signer(t, "customer.example")
		for name, c := range map[string]struct{ by, from string }{
			"a stranger":            {"Eve <eve@elsewhere.example>", "Hana Sato <hana@customer.example>"},
			"of a stranger's":       {bob, "Eve <eve@elsewhere.example>"},
			"their own":             {bob, "Bob <bob@customer.example>"},
			"from the desk":         {bob, "IT <help+1@desk.example>"},
			"in a colleague's name": {bob, "Amara <amara@desk.example>"},
			"no address":            {bob, "Hana Sato"},
			"staff of staff":        {"Amara <amara@desk.example>", "Jonas <jonas@desk.example>"},
		} {
			h.other()
			raw := forward(c.by, "See below.", c.from)
			h.take(raw)
			id := h.last(mailbox.BecameTicket).TicketID
			if got := h.address(h.ticket(id).RequesterID); !strings.Contains(c.by, got) {
				t.Errorf("%s: it is %s's", name, got)
			}
		}
		h.take(signer.Sign(forward(bob, "", "Hana Sato <hana@customer.example>", "List-Id: <x.customer.example>")))
		if got := h.address(h.ticket(h.last(mailbox.BecameTicket).TicketID).RequesterID); got != "bob@customer.example" {
			t.Errorf("a list's: it is %s's", got)
		}
	})
}

func TestStaffHandOn(t *testing.T) {
	h := newHouse(t, dbtest.Open(t, db.SQLite))
	h.take(forward(amara, "Please take it.", "Hana Sato <hana@customer.example>"))
	id := h.last(mailbox.BecameTicket).TicketID
	if h.address(h.ticket(id).RequesterID) != "hana@customer.example" {
		t.Errorf("it is %s's", h.address(h.ticket(id).RequesterID))
	}
	if m := h.messages(id); len(m) != 2 || !m[1].Internal || m[1].AuthorID != h.agent.ID {
		t.Errorf("messages %+v", m)
	}
}
