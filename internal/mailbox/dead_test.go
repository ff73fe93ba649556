package mailbox_test

import (
	"fmt"
	"strings"
	"testing"

	gosmtp "github.com/emersion/go-smtp"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

func (h *house) dead(by person.Actor, before mailbox.DeadCursor, size int) (all []mailbox.DeadLetter) {
	h.Helper()
	h.read(func(tx *db.Tx) (err error) {
		all, err = h.post.DeadLetters(h.Context(), tx, by, before, size)
		return err
	})
	return all
}

// failing makes n tickets with one answer each, which the mail server refuses for good.
func (h *house) failing(n int) (ids []int64) {
	h.Helper()
	for i := range n {
		from := fmt.Sprintf("p%d@customer.example", i)
		h.take(mail(from, fmt.Sprint("Question ", i), "Where is it?"))
		id := h.last(mailbox.BecameTicket).TicketID
		h.reply(id, "Here.", "")
		ids = append(ids, id)
	}
	var answers []error
	for i := range n {
		answers = append(answers, &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 7, 1}, Message: fmt.Sprintf("<p%d@customer.example>: relaying denied, id 4bX%dkz", i, i)})
	}
	h.sink.refuse(answers...)
	stop := h.run()
	for range n {
		<-h.sink.asked
	}
	stop()
	return ids
}

func TestDeadLetters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ids := h.failing(4)
		all := h.dead(h.agent, mailbox.DeadCursor{}, 10)
		if len(all) != 4 || all[0].Reason == "" || !strings.Contains(all[0].Error, "relaying denied") || all[0].AuthorName != "Amara Okafor" {
			t.Fatalf("dead letters %+v", all)
		}
		for _, x := range all[1:] {
			if x.Reason != all[0].Reason {
				t.Errorf("%q and %q are not taken for the same reason", x.Reason, all[0].Reason)
			}
		}
		paged := h.dead(h.agent, mailbox.DeadCursor{}, 3)
		last := paged[len(paged)-1]
		if paged = append(paged, h.dead(h.agent, mailbox.DeadCursor{At: last.NextAt, ID: last.ID}, 3)...); len(paged) != 4 || paged[3].ID == last.ID {
			t.Errorf("pages give %+v", paged)
		}
		h.write(func(tx *db.Tx) error { // one of them goes to a team that the agent does not belong to
			private, err := person.SaveTeam(t.Context(), tx, person.Team{Slug: "payroll", Name: "Payroll", Private: true})
			h.must(err)
			h.must(h.desk.MoveTo(t.Context(), tx, ticket.By{Actor: person.System}, ids[0], private))
			h.agent, err = person.ActorOf(t.Context(), tx, h.agent.ID)
			return err
		})
		hidden := all[0].ID
		for _, x := range all {
			if x.TicketID == ids[0] {
				hidden = x.ID
			}
		}
		if seen := h.dead(h.agent, mailbox.DeadCursor{}, 10); len(seen) != 3 {
			t.Errorf("an agent sees %+v", seen)
		}
		h.write(func(tx *db.Tx) error {
			n, err := h.post.CountDead(t.Context(), tx, h.agent)
			if n != 3 {
				t.Errorf("%d are counted", n)
			}
			h.must(err)
			if _, _, err := h.post.SendAlikeAgain(t.Context(), tx, h.agent, hidden); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("a hidden mail may be sent again: %v", err)
			}
			if err := h.post.SendTo(t.Context(), tx, h.agent, hidden, "x@customer.example"); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("a hidden mail may be sent elsewhere: %v", err)
			}
			return nil
		})
		seen := h.dead(h.agent, mailbox.DeadCursor{}, 10)
		h.write(func(tx *db.Tx) error {
			if err := h.post.SendTo(t.Context(), tx, h.agent, seen[0].ID, deskAddress); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("a mail goes to the desk itself: %v", err)
			}
			return nil
		})
		h.write(func(tx *db.Tx) error {
			return h.post.SendTo(t.Context(), tx, h.agent, seen[0].ID, "Else@customer.example")
		})
		out := h.send(1)[0]
		if out.to != "else@customer.example" || strings.Contains(out.Text, "/t/") {
			t.Errorf("sent to %s: %s", out.to, out.Text)
		}
		h.write(func(tx *db.Tx) error {
			n, more, err := h.post.SendAlikeAgain(t.Context(), tx, h.agent, seen[1].ID)
			if n != 2 || more {
				t.Errorf("%d are sent again, more: %v", n, more)
			}
			return err
		})
		h.send(2)
		if left := h.dead(person.System, mailbox.DeadCursor{}, 10); len(left) != 1 || left[0].ID != hidden {
			t.Errorf("left %+v", left)
		}
	})
}
