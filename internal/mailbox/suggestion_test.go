package mailbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/testserver/nameserver"
	"goodturn/internal/ticket"
)

func (h *house) followers(id int64) (out []string) {
	h.Helper()
	h.read(func(tx *db.Tx) error {
		all, err := ticket.Followers(h.Context(), tx, id)
		for _, p := range all {
			out = append(out, p.Address)
		}
		slices.Sort(out)
		return err
	})
	return out
}

// suggested gives what is suggested on a ticket as "kind address".
func (h *house) suggested(id int64) (out []string) {
	h.Helper()
	for _, s := range h.suggestions(id) {
		out = append(out, string(s.Kind)+" "+s.Address)
	}
	return out
}

func (h *house) suggestions(id int64) (all []mailbox.Suggestion) {
	h.Helper()
	h.read(func(tx *db.Tx) (err error) {
		all, err = mailbox.Suggestions(h.Context(), tx, id)
		return err
	})
	return all
}

func (h *house) decide(id int64, s mailbox.Suggestion, take bool) error {
	return h.db.Write(h.Context(), func(tx *db.Tx) error {
		return h.post.Decide(h.Context(), tx, ticket.By{Actor: h.agent}, id, s.ID, take)
	})
}

const copies = "Cc: Bob <bob@customer.example>, " + deskAddress + ", help+x@desk.example, Hana <hana@customer.example>, no address"

func TestCopiesOfAnyMailAreSuggested(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(mail(hana, "Printer", "Half pages.", copies))
		id := h.last(mailbox.BecameTicket).TicketID
		if f, s := h.followers(id), h.suggested(id); len(f) != 0 || !slices.Equal(s, []string{"follower bob@customer.example"}) {
			t.Fatalf("followers %v, suggested %v", f, s)
		}
		one := h.suggestions(id)[0]
		if err := h.decide(id, one, true); err != nil {
			t.Fatal(err)
		}
		if err := h.decide(id, one, true); !fault.Is(err, fault.KindConflict) {
			t.Errorf("decided twice: %v", err)
		}
		if f := h.followers(id); !slices.Equal(f, []string{"bob@customer.example"}) {
			t.Errorf("followers %v", f)
		}
		h.take(mail(hana, "Again", "Half pages.", copies, "Message-ID: <again@customer.example>"))
		id = h.last(mailbox.BecameTicket).TicketID
		h.must(h.decide(id, h.suggestions(id)[0], false))
		h.take(mail(hana, "Re: Again", "Half pages.", copies, "In-Reply-To: <again@customer.example>"))
		h.last(mailbox.BecameAnswer)
		if s := h.suggested(id); len(s) != 0 {
			t.Errorf("suggested again: %v", s)
		}
		if err := h.db.Write(t.Context(), func(tx *db.Tx) error {
			return h.post.Decide(t.Context(), tx, ticket.By{Actor: person.Nobody}, id, one.ID, true)
		}); err == nil {
			t.Error("anybody may decide")
		}
	})
}

func TestCopiesOfAProvenMailFollow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ns := nameserver.Start(t)
		h.post.Auth.Resolver = ns.Resolver()
		signer := ns.Signer(t, "customer.example")
		few := *signer
		few.Fields = []string{"From", "To", "Subject", "Date", "Message-ID"}
		var crowd []string
		for i := range 11 {
			crowd = append(crowd, fmt.Sprintf("p%d@customer.example", i))
		}
		for name, c := range map[string]struct {
			raw  string
			want []string
		}{
			"signed":          {signer.Sign(mail(hana, "Printer", "Half pages.", copies)), []string{"bob@customer.example"}},
			"Cc not signed":   {few.Sign(mail(hana, "Printer", "Half pages.", copies)), nil},
			"Cc put in later": {"Cc: eve@elsewhere.example\r\n" + few.Sign(mail(hana, "Printer", "Half pages.")), nil},
			"to a crowd":      {signer.Sign(mail(hana, "Printer", "Half pages.", "Cc: "+strings.Join(crowd, ", "))), nil},
			"from a list":     {signer.Sign(mail(hana, "Printer", "Half pages.", copies, "List-Id: <all.customer.example>")), nil},
		} {
			h.take(c.raw)
			id := h.last(mailbox.BecameTicket).TicketID
			if f := h.followers(id); !slices.Equal(f, c.want) {
				t.Errorf("%s: followers %v, want %v", name, f, c.want)
			}
			if s := h.suggested(id); len(s) > 10 {
				t.Errorf("%s: %d suggestions", name, len(s))
			}
		}
		h.write(func(tx *db.Tx) error {
			_, err := person.SaveTeam(t.Context(), tx, person.Team{ID: h.team, Slug: "first-line", Name: "First line", Private: true})
			return err
		})
		h.take(signer.Sign(mail(hana, "Salary", "Half of it.", copies)))
		id := h.last(mailbox.BecameTicket).TicketID
		if f, s := h.followers(id), h.suggested(id); len(f) != 0 || len(s) != 1 {
			t.Errorf("of a private team: followers %v, suggested %v", f, s)
		}
	})
}

func TestOtherReplyAddressNeedsAYes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(mail(hana, "Printer", "Half pages.", "Reply-To: <eve@elsewhere.example>", "Message-ID: <first@customer.example>"))
		id := h.last(mailbox.BecameTicket).TicketID
		if s := h.suggested(id); !slices.Equal(s, []string{"answers eve@elsewhere.example"}) {
			t.Fatalf("suggested %v", s)
		}
		h.reply(id, "Please wait.", "")
		if m := h.send(1)[0]; m.to != "hana@customer.example" {
			t.Fatalf("it went to %s", m.to)
		}
		h.must(h.decide(id, h.suggestions(id)[0], true))
		h.reply(id, "Change the drum.", "")
		m := h.send(1)[0]
		if m.to != "eve@elsewhere.example" {
			t.Fatalf("it went to %s", m.to)
		}
		_, token, _ := strings.Cut(m.Text, "/t/")
		token, _, _ = strings.Cut(token, "\n")
		h.read(func(tx *db.Tx) error {
			_, link, err := ticket.OpenLink(t.Context(), tx, token)
			if link.Proven {
				t.Error("the link says that the address is hers")
			}
			p, found := person.FindByAddress(t.Context(), tx, "eve@elsewhere.example")
			if found == nil {
				t.Errorf("it is an address of %s now", p.Name)
			}
			return err
		})
		h.take(mail("Hana <eve@elsewhere.example>", "Re: Printer", "Thank you.", "In-Reply-To: <"+m.MessageID+">"))
		row := h.last(mailbox.BecameAnswer)
		said := h.messages(id)
		if last := said[len(said)-1]; row.TicketID != id || last.AuthorID != h.ticket(id).RequesterID {
			t.Errorf("the answer is %+v", last)
		}
		h.take(mail(hana, "Other", "Half pages."))
		other := h.last(mailbox.BecameTicket).TicketID
		h.reply(other, "And this?", "")
		if m := h.send(1)[0]; m.to != "hana@customer.example" {
			t.Errorf("another ticket's answer went to %s", m.to)
		}
	})
}

func TestReplyAddressThatIsNoNews(t *testing.T) {
	h := newHouse(t, dbtest.Open(t, db.SQLite))
	for _, field := range []string{"Reply-To: <HANA@customer.example>", "Reply-To: <" + deskAddress + ">", "Reply-To: <help+9@desk.example>", "Reply-To: none", "Reply-To: <a@x.example>, <b@x.example>", "Reply-To: <list@x.example>\r\nList-Id: <x>"} {
		h.take(mail(hana, "Printer", "Half pages.", field))
		if s := h.suggested(h.last(mailbox.BecameTicket).TicketID); len(s) != 0 {
			t.Errorf("%s: suggested %v", field, s)
		}
	}
}

// Somebody to whom we sent the very message may answer it, and no other.
func TestReaderOfAMessageMayAnswerIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(mail(hana, "Printer", "Half pages.", "Message-ID: <first@customer.example>"))
		id := h.last(mailbox.BecameTicket).TicketID
		h.reply(id, "The maker is asked.", "")
		before := h.send(1)[0]
		h.write(func(tx *db.Tx) error {
			_, err := h.desk.Reply(t.Context(), tx, ticket.By{Actor: h.agent}, id, ticket.Draft{Text: "Can you repair it?", Recipients: &ticket.Recipients{To: []ticket.Recipient{h.named(tx, "maker@printers.example")}}}, "")
			return err
		})
		asked := h.send(1)[0]
		maker := "Maker <maker@printers.example>"
		h.take(mail(maker, "Re: Printer", "Yes.", "In-Reply-To: <"+asked.MessageID+">"))
		row := h.last(mailbox.BecameAnswer)
		m := h.messages(id)
		if last := m[len(m)-1]; row.TicketID != id || !last.Inbound || last.Text != "Yes." {
			t.Fatalf("message %+v", last)
		}
		if s, f := h.suggested(id), h.followers(id); !slices.Equal(s, []string{"follower maker@printers.example"}) || len(f) != 0 {
			t.Errorf("suggested %v, followers %v", s, f)
		}
		for name, raw := range map[string]string{
			"another message":    mail(maker, "Re: Printer", "And this?", "In-Reply-To: <"+before.MessageID+">"),
			"the requester's":    mail(maker, "Re: Printer", "And this?", "In-Reply-To: <first@customer.example>"),
			"by a like address":  mail("Maker <maker@printers.example.evil.example>", "Re: Printer", "And this?", "In-Reply-To: <"+asked.MessageID+">"),
			"by the name":        mail("\"maker@printers.example\" <eve@evil.example>", "Re: Printer", "And this?", "In-Reply-To: <"+asked.MessageID+">"),
			"by a like id":       mail(maker, "Re: Printer", "And this?", "In-Reply-To: <x"+asked.MessageID+">"),
			"a forged reply tag": to(strings.Replace(h.post.ReplyAddress(deskAddress, id), ".", ".a", 1), mail(maker, "Re: Printer", "And this?")),
		} {
			h.take(raw)
			if row := h.last(mailbox.BecameTicket); row.TicketID == id {
				t.Errorf("%s: it joined", name)
			}
		}
	})
}

// A signed reply address lets whoever reads it write to the ticket, so that what a page shows of a mail must not hold one.
func TestFactsHoldNoSignedAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(request("hana@customer.example", 1))
		id := h.last(mailbox.BecameTicket).TicketID
		to := h.post.ReplyAddress(deskAddress, id)
		h.takeTo(to, "From: hana@customer.example\r\nTo: "+to+", bob@customer.example\r\nMessage-ID: <f1@customer.example>\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\n\r\nStill broken.\r\n")
		answer := h.last(mailbox.BecameAnswer)
		h.read(func(tx *db.Tx) error {
			facts, err := mailbox.FactsOfTicket(t.Context(), tx, id)
			if err != nil {
				return err
			}
			got := facts[answer.MessageID].To
			if len(got) != 2 || got[0].Address != deskAddress || got[1].Address != "bob@customer.example" {
				t.Errorf("kept of the recipients: %v", got)
			}
			return nil
		})
	})
}
