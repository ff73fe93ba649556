package mailbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/spam"
	"goodturn/internal/ticket"
)

// prizes is a mail that leaves next to no doubt.
func prizes(from string, n int) string {
	return fmt.Sprintf("From: LUCKY@prize.example <%s>\r\nReply-To: claims%d@gmail.com\r\nSubject: YOU HAVE WON THE LOTTERY!!         %d\r\nContent-Type: text/html\r\n\r\n"+
		`<p>Dear friend, you have won the lottery: one million US dollars from an inheritance fund. Earn extra money, risk free, no obligation. Click here:
<a href="http://203.0.113.9/x">www.bank.example</a>. You received this email because you opted in.</p>`+"\r\n", from, n, 80_000+n)
}

func request(from string, n int) string {
	return fmt.Sprintf("From: Hana Sato <%s>\r\nTo: %s\r\nSubject: Printer %d\r\nMessage-ID: <r%d.%s>\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\n\r\nIt prints half pages on floor %d. Could you have a look?\r\n", from, deskAddress, n, n, from, n)
}

func (h *house) protect(change func(p *mailbox.Protection)) {
	h.Helper()
	h.write(func(tx *db.Tx) error {
		p, err := mailbox.LoadProtection(h.Context(), tx)
		if err != nil {
			return err
		}
		change(&p)
		return mailbox.SaveProtection(h.Context(), tx, person.System, p, "")
	})
}

func (h *house) mark(id int64, spam bool) {
	h.Helper()
	h.write(func(tx *db.Tx) error {
		if spam {
			return h.desk.MarkSpam(h.Context(), tx, ticket.By{Actor: h.agent}, id)
		}
		return h.desk.MarkWanted(h.Context(), tx, ticket.By{Actor: h.agent}, id)
	})
}

// learnt gives all counts of words.
func (h *house) learnt() spam.Table {
	h.Helper()
	type row struct {
		Word string
		Spam int
		Ham  int
	}
	t := spam.Table{}
	h.read(func(tx *db.Tx) error {
		rows, err := db.All[row](h.Context(), tx, `SELECT word, spam, ham FROM spam_word WHERE spam + ham > 0`)
		for _, r := range rows {
			t[r.Word] = spam.Count{Spam: r.Spam, Ham: r.Ham}
		}
		return err
	})
	return t
}

func TestSpamIsPutAsideWithItsReasons(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(prizes("x@evil.example", 1), request("hana@customer.example", 1))
		rows := h.mails()
		if got := h.ticket(rows[0].TicketID); got.Turn != ticket.Suspect || got.IsOpen {
			t.Fatalf("spam became %+v", got)
		}
		if got := h.ticket(rows[1].TicketID); got.Turn != ticket.Ours {
			t.Fatalf("a request became %+v", got)
		}
		h.read(func(tx *db.Tx) error {
			s, err := mailbox.SuspicionOf(t.Context(), tx, rows[0].TicketID)
			if s.Score < spam.Cautious.Threshold() || len(s.Reasons) < 4 {
				t.Errorf("%+v", s)
			}
			if none, _ := mailbox.SuspicionOf(t.Context(), tx, rows[1].TicketID); none.Score != 0 {
				t.Errorf("the request: %+v", none)
			}
			return err
		})
		h.protect(func(p *mailbox.Protection) { p.Spam = spam.Off })
		h.take(prizes("y@evil.example", 2))
		if got := h.ticket(h.last(mailbox.BecameTicket).TicketID); got.Turn != ticket.Ours {
			t.Errorf("switched off, spam became %+v", got)
		}
	})
}

func TestWhoIsNeverSuspect(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		turn := func(from string, n int) ticket.Turn {
			h.take(prizes(from, n))
			return h.ticket(h.last(mailbox.BecameTicket).TicketID).Turn
		}
		if got := turn("amara@desk.example", 1); got != ticket.Ours {
			t.Errorf("staff: %q", got)
		}
		h.take(request("hana@customer.example", 1))
		first := h.last(mailbox.BecameTicket).TicketID
		if got := turn("hana@customer.example", 2); got != ticket.Suspect {
			t.Errorf("somebody who was never answered: %q", got)
		}
		h.reply(first, "Good morning Hana", ticket.Solved)
		if got := turn("hana@customer.example", 3); got != ticket.Ours {
			t.Errorf("somebody who was answered: %q", got)
		}
		h.write(func(tx *db.Tx) error {
			_, err := person.Create(t.Context(), tx, person.New{Name: "Ben", Addresses: []string{"ben@customer.example"}, Role: person.Requester, Verified: true})
			return err
		})
		if got := turn("ben@customer.example", 4); got != ticket.Ours {
			t.Errorf("somebody who signed in: %q", got)
		}
		stranger := strings.Replace(prizes("z@evil.example", 5), "Subject:", "To: "+h.post.ReplyAddress(deskAddress, first)+"\r\nSubject:", 1)
		h.take(stranger)
		if got := h.ticket(h.last(mailbox.BecameTicket).TicketID).Turn; got != ticket.Ours {
			t.Errorf("a mail to a signed address: %q", got)
		}
	})
}

func TestTheDeskLearnsAndUnlearns(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(prizes("x@evil.example", 1))
		id := h.last(mailbox.BecameTicket).TicketID
		h.mark(id, true)
		asSpam := h.learnt()
		if asSpam[""] != (spam.Count{Spam: 1}) || asSpam["lottery"] != (spam.Count{Spam: 1}) || asSpam["from:evil.example"] != (spam.Count{Spam: 1}) {
			t.Fatalf("learnt %v", asSpam)
		}
		h.mark(id, false)
		asHam := h.learnt()
		if len(asHam) != len(asSpam) {
			t.Fatalf("%d words as wanted, %d as spam", len(asHam), len(asSpam))
		}
		for w, c := range asHam {
			if c != (spam.Count{Ham: 1}) {
				t.Errorf("%q counts as %+v after the judgement was changed", w, c)
			}
		}
		h.mark(id, true)
		h.mark(id, true)
		if again := h.learnt(); again[""] != asSpam[""] || len(again) != len(asSpam) {
			t.Errorf("judged the same twice: %v", again[""])
		}
		h.mark(id, false)
		h.take(prizes("x@evil.example", 2)) // trusted from now on
		if got := h.ticket(h.last(mailbox.BecameTicket).TicketID); got.Turn != ticket.Ours {
			t.Errorf("a trusted sender's mail became %+v", got)
		}
		h.take(request("new@other.example", 3)) // an ordinary ticket can be spam too
		other := h.last(mailbox.BecameTicket).TicketID
		h.mark(other, true)
		if got := h.ticket(other); got.Turn != ticket.Spam || got.Status != ticket.Closed {
			t.Errorf("marked as spam: %+v", got)
		}
		if got := h.learnt()["printer"]; got != (spam.Count{Spam: 1}) {
			t.Errorf("learnt %+v", got)
		}
	})
}

// What people judge outweighs what the program came with.
func TestLearningChangesTheGuess(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.protect(func(p *mailbox.Protection) { p.Tickets = 1000; p.Spam = spam.Normal })
		offer := func(n int) string {
			return fmt.Sprintf("From: Sales <s%d@sales%d.example>\r\nReply-To: sales@gmail.com\r\nSubject: Toner cartridges\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\n\r\nCheap toner cartridges, refill kits, drums, fusers, rollers, warranty, wholesale, catalogue, shipment, pallets.\r\n", n, n)
		}
		h.take(offer(0))
		if got := h.ticket(h.last(mailbox.BecameTicket).TicketID); got.Turn != ticket.Ours {
			t.Fatalf("before anybody judged: %+v", got)
		}
		for n := range 12 {
			h.take(offer(n+1), request(fmt.Sprintf("p%d@customer.example", n), n))
			rows := h.mails()
			h.mark(rows[len(rows)-2].TicketID, true)
		}
		h.take(offer(99))
		if got := h.ticket(h.last(mailbox.BecameTicket).TicketID); got.Turn != ticket.Suspect {
			t.Errorf("after twelve judgements: %+v", got)
		}
		h.take(request("late@customer.example", 99))
		if got := h.ticket(h.last(mailbox.BecameTicket).TicketID); got.Turn != ticket.Ours {
			t.Errorf("a request after twelve judgements: %+v", got)
		}
	})
}

func TestProtectionIsChecked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		for field, change := range map[string]func(p *mailbox.Protection){
			"spam":    func(p *mailbox.Protection) { p.Spam = "paranoid" },
			"mails":   func(p *mailbox.Protection) { p.Mails = 0 },
			"tickets": func(p *mailbox.Protection) { p.Tickets = -1 },
			"people":  func(p *mailbox.Protection) { p.People = 1 << 30 },
			"exempt":  func(p *mailbox.Protection) { p.Exempt = []string{"monitor"} },
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				p, err := mailbox.LoadProtection(t.Context(), tx)
				if err != nil {
					return err
				}
				change(&p)
				return mailbox.SaveProtection(t.Context(), tx, person.System, p, "")
			})
			if got := fields(err); !slices.Equal(got, []string{field}) {
				t.Errorf("%s: fields %v", field, got)
			}
		}
		h.protect(func(p *mailbox.Protection) { p.Exempt = []string{" Monitor@Firm.example ", "@lab.example", ""} })
		h.read(func(tx *db.Tx) error {
			p, err := mailbox.LoadProtection(t.Context(), tx)
			if !slices.Equal(p.Exempt, []string{"monitor@firm.example", "@lab.example"}) {
				t.Errorf("exempt: %v", p.Exempt)
			}
			return err
		})
	})
}
