package mailbox_test

import (
	"context"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// confirming has the house confirm what comes.
func (h *house) confirming() {
	h.post.Desk.Later = append(h.post.Desk.Later, h.post.Confirm())
}

func TestReceipt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.confirming()
		h.post.Receipt = append(h.post.Receipt, func(context.Context, *db.Tx, ticket.Ticket, person.Person) ([]mailbox.LetterPart, error) {
			return []mailbox.LetterPart{{Title: "Is it the printer?", Choices: []mailbox.LetterChoice{{Text: "Yes", Path: "question?answer=yes&of=1"}, {Text: "All that is known", Path: "/status"}}}}, nil
		})
		h.take(now(mail(hana, "Win a prize at evil.example", "It prints half pages.", "Message-ID: <asked@customer.example>")))
		id := h.last(mailbox.BecameTicket).TicketID
		got := h.send(1)[0]
		if got.to != "hana@customer.example" || got.Automatic == "" || strings.Contains(string(got.raw), "prize") || strings.Contains(string(got.raw), "half pages") {
			t.Errorf("to %s:\n%s", got.to, got.raw)
		}
		if len(got.InReplyTo) != 1 || got.InReplyTo[0] != "asked@customer.example" {
			t.Errorf("answers %v", got.InReplyTo)
		}
		for _, want := range []string{"Is it the printer?", "/question?answer=yes&of=1", "/status\n", "/t/"} {
			if !strings.Contains(got.Text, want) {
				t.Errorf("no %q in\n%s", want, got.Text)
			}
		}
		h.take(mail(hana, "Re: We have your request", "Yes, that one.", "In-Reply-To: <"+got.MessageID+">"))
		if row := h.last(mailbox.BecameAnswer); row.TicketID != id {
			t.Errorf("the answer went to %d, not %d", row.TicketID, id)
		}
	})
}

func TestNoReceipt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.confirming()
		h.take(now(mail(hana, "Out of office", "I am away.", "Auto-Submitted: auto-replied")), now(mail(hana, "News", "All that is new.", "Precedence: bulk")))
		quiet := h.settings()
		quiet.NoReceipt = true
		h.write(func(tx *db.Tx) error {
			_, err := h.post.Save(h.Context(), tx, person.System, quiet, "")
			return err
		})
		h.take(now(mail(hana, "Printer", "It prints half pages.")))
		quiet.NoReceipt = false
		h.write(func(tx *db.Tx) error {
			_, err := h.post.Save(h.Context(), tx, person.System, quiet, "")
			return err
		})
		h.take(now(mail(bob, "Screen", "It flickers.")))
		if got := h.send(1); got[0].to != "bob@customer.example" {
			t.Errorf("a mail to %s", got[0].to)
		}
		h.read(func(tx *db.Tx) error {
			n, err := db.One[int](h.Context(), tx, `SELECT count(*) FROM letter`)
			if n != 1 {
				t.Errorf("%d letters", n)
			}
			return err
		})
	})
}
