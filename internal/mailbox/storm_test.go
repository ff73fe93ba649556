package mailbox_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

func alert(n int) string {
	return fmt.Sprintf("From: Monitor <monitor@firm.example>\r\nTo: %s\r\nSubject: Disk %d is full\r\nMessage-ID: <alert%d@firm.example>\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"+
		"--b\r\nContent-Type: text/plain\r\n\r\nNumber %d\r\n--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=log%d.csv\r\n\r\n%d,full\r\n--b--\r\n", deskAddress, n, n, n, n, n)
}

func TestAStormOfOneSenderMakesFewTickets(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		const mails = 2000
		var raw []string
		for n := range mails {
			raw = append(raw, alert(n))
		}
		h.take(raw...)
		if n := h.tickets(); n > 22 {
			t.Errorf("%d tickets of %d mails", n, mails)
		}
		h.read(func(tx *db.Tx) error {
			messages, err := db.One[int](t.Context(), tx, `SELECT count(*) FROM message WHERE inbound`)
			if err != nil || messages != mails {
				t.Errorf("%d messages of %d mails, %v", messages, mails, err)
			}
			files, err := db.One[int](t.Context(), tx, `SELECT count(*) FROM attachment`)
			if err != nil || files != mails {
				t.Errorf("%d files of %d mails, %v", files, mails, err)
			}
			return nil
		})
		last := h.ticket(h.mails()[mails-2].TicketID)
		said := h.messages(last.ID)
		if !strings.Contains(last.Subject, "monitor@firm.example") || !said[1].Internal || !strings.Contains(said[1].Text, "20") {
			t.Errorf("the ticket that gathers: %q, %q", last.Subject, said[1].Text)
		}
		if text := said[2].Text; !strings.HasPrefix(text, "Disk 21 is full\n\nNumber 21") || !said[2].Automatic {
			t.Errorf("a gathered mail reads %q", text)
		}
		h.take(request("hana@customer.example", 1)) // others are not concerned
		if got := h.last(mailbox.BecameTicket); got.TicketID == last.ID {
			t.Error("another sender's mail was gathered too")
		}
	})
}

func TestTheLimitOfTicketsCanBeChangedAndLifted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.protect(func(p *mailbox.Protection) { p.Tickets = 3 })
		h.take(alert(1), alert(2), alert(3), alert(4), alert(5))
		if n := h.tickets(); n != 4 {
			t.Fatalf("%d tickets, want 3 and one that gathers", n)
		}
		gathers := h.last(mailbox.BecameAnswer).TicketID
		h.write(func(tx *db.Tx) error { return h.desk.Solve(t.Context(), tx, ticket.By{Actor: h.agent}, gathers) })
		h.take(alert(6)) // somebody is done with it, and the storm goes on
		if r := h.last(mailbox.BecameTicket); r.TicketID == gathers || h.ticket(gathers).IsOpen {
			t.Error("a solved ticket gathers on")
		}
		h.take(alert(7))
		if h.last(mailbox.BecameAnswer); h.tickets() != 5 {
			t.Errorf("%d tickets", h.tickets())
		}
		h.protect(func(p *mailbox.Protection) { p.Exempt = []string{"@firm.example"} })
		h.take(alert(8), alert(9))
		if n := h.tickets(); n != 7 {
			t.Errorf("%d tickets, want two more of an exempt sender", n)
		}
	})
}

func TestWhatGoesRoundOpensNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(request("hana@customer.example", 1))
		id := h.last(mailbox.BecameTicket).TicketID
		to := h.post.ReplyAddress(deskAddress, id)
		say := func(n int, head, text string) {
			h.takeTo(to, fmt.Sprintf("From: hana@customer.example\r\n%sTo: %s\r\nSubject: Re: Printer\r\nMessage-ID: <a%d@customer.example>\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\n\r\n%s\r\n", head, to, n, text))
			h.last(mailbox.BecameAnswer)
		}
		solve := func() {
			h.write(func(tx *db.Tx) error { return h.desk.Solve(t.Context(), tx, ticket.By{Actor: h.agent}, id) })
		}
		for n := range 3 {
			solve()
			say(n, "", "We have your mail and will answer soon.")
			if !h.ticket(id).IsOpen {
				t.Fatalf("answer %d did not open the ticket", n+1)
			}
		}
		solve()
		say(3, "", "We have your mail and will answer soon.")
		if h.ticket(id).IsOpen {
			t.Error("the same text for the fourth time opened the ticket")
		}
		say(4, "X-Loop: "+deskAddress+"\r\n", "Something else")
		say(5, "Delivered-To: "+deskAddress+"\r\nDelivered-To: "+deskAddress+"\r\n", "Something else again")
		if h.ticket(id).IsOpen {
			t.Error("a mail that passed here before opened the ticket")
		}
		say(6, "Delivered-To: "+deskAddress+"\r\nDelivered-To: other@customer.example\r\n", "It is broken again")
		if !h.ticket(id).IsOpen {
			t.Error("a new text did not open the ticket")
		}
		if n := len(h.messages(id)); n != 8 {
			t.Errorf("%d messages, want all of them", n)
		}
	})
}

func (h *house) mayMail(address string, why mailbox.Why) (may bool) {
	h.Helper()
	h.write(func(tx *db.Tx) (err error) {
		may, err = h.post.MayMail(h.Context(), tx, address, why)
		return err
	})
	return may
}

func TestAnAddressGetsFewAutomaticMails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		for n := range 5 {
			if !h.mayMail("Hana@customer.example", mailbox.WhyLetter) {
				t.Fatalf("mail %d is refused", n+1)
			}
		}
		if h.mayMail("hana@customer.example", mailbox.WhyRule) {
			t.Error("a sixth mail is let through")
		}
		if !h.mayMail("hana@customer.example", mailbox.WhySignIn) {
			t.Error("others can use up somebody's sign-in links")
		}
		for _, address := range []string{deskAddress, "help+anything@desk.example", "nonsense", ""} {
			if h.mayMail(address, mailbox.WhyLetter) {
				t.Errorf("%q may be mailed to", address)
			}
		}
		h.write(func(tx *db.Tx) error { // an hour later
			_, err := tx.Exec(t.Context(), `UPDATE automatic_mail SET at = at - 3700000`)
			return err
		})
		if !h.mayMail("hana@customer.example", mailbox.WhyLetter) {
			t.Error("the hour does not end")
		}
	})
}

func TestInAFloodOnlyTheProvenAreMailed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.protect(func(p *mailbox.Protection) { p.People = 10 })
		h.take(request("hana@customer.example", 0))
		first := h.last(mailbox.BecameTicket).TicketID
		if !h.mayMail("hana@customer.example", mailbox.WhyLetter) {
			t.Fatal("without a flood a new address gets no mail")
		}
		h.reply(first, "Good morning", "")
		var raw []string
		for n := range 15 {
			raw = append(raw, request(fmt.Sprintf("victim%d@elsewhere.example", n), n))
		}
		h.take(raw...)
		if h.mayMail("victim3@elsewhere.example", mailbox.WhyLetter) || h.mayMail("never-seen@elsewhere.example", mailbox.WhyLetter) {
			t.Error("in a flood an address that has not proven itself is mailed")
		}
		if !h.mayMail("hana@customer.example", mailbox.WhyLetter) {
			t.Error("in a flood somebody who was answered is not mailed")
		}
		if !h.mayMail("victim3@elsewhere.example", mailbox.WhySignIn) || !h.mayMail("victim4@elsewhere.example", mailbox.WhyInvitation) {
			t.Error("in a flood nobody can sign in")
		}
		h.write(func(tx *db.Tx) error { // a desk that always has so many
			for n := range 900 {
				if _, err := person.Create(t.Context(), tx, person.New{Name: "P", Addresses: []string{fmt.Sprintf("p%d@usual.example", n)}, Role: person.Requester}); err != nil {
					return err
				}
			}
			_, err := tx.Exec(t.Context(), `UPDATE person SET created_at = created_at - 7200000 WHERE name = 'P'`)
			return err
		})
		if !h.mayMail("victim5@elsewhere.example", mailbox.WhyLetter) {
			t.Error("a usual number of new addresses counts as a flood")
		}
	})
}

// A letter that may come later waits while its reader has had their share of automatic mail; another is left out.
func TestALetterThatMayComeLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		now := clock.Now()
		d.SetClock(func() clock.Instant { return now })
		h.take(request("hana@customer.example", 0))
		hana := h.ticket(h.last(mailbox.BecameTicket).TicketID).RequesterID
		h.post.Writers = map[string]mailbox.LetterWriter{"news": func(_ context.Context, _ *db.Tx, _ ticket.Ticket, _ person.Person, about int64) (mailbox.LetterText, error) {
			return mailbox.LetterText{Subject: fmt.Sprintf("News %d", about), Parts: []mailbox.LetterPart{{Text: "it is gone."}}}, nil
		}}
		for h.mayMail("hana@customer.example", mailbox.WhyLetter) {
		}
		h.write(func(tx *db.Tx) error {
			if err := h.post.QueueLetter(t.Context(), tx, mailbox.Letter{Person: hana, Kind: "news", About: 1}); err != nil {
				return err
			}
			return h.post.QueueLetter(t.Context(), tx, mailbox.Letter{Person: hana, Kind: "news", About: 2, Until: now.Add(48 * time.Hour)})
		})
		drained := func() {
			t.Helper()
			_, err := h.queue.Drain(t.Context())
			h.must(err)
		}
		drained()
		now = now.Add(30 * time.Minute)
		drained()
		now = now.Add(31 * time.Minute)
		drained()
		if m := h.sink.next(t); !strings.Contains(string(m.raw), "News 2") {
			t.Errorf("what came is %s", m.raw)
		}
		h.read(func(tx *db.Tx) error {
			left, err := db.One[int](t.Context(), tx, `SELECT count(*) FROM job`)
			if left != 0 {
				t.Errorf("%d letters still wait", left)
			}
			return err
		})
	})
}
