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
	"goodturn/internal/ticket"
)

const hana = "Hana Sato <hana@customer.example>"

// opened is a house with one ticket of Hana's that has been answered and is solved.
func opened(t *testing.T, d *db.DB) (h *house, ticketID int64, answer sent) {
	t.Helper()
	h = newHouse(t, d)
	h.take(mail(hana, "Printer", "It prints half pages.", "Message-ID: <first@customer.example>"))
	ticketID = h.last(mailbox.BecameTicket).TicketID
	h.reply(ticketID, "Switch it off and on.", ticket.Solved)
	return h, ticketID, h.send(1)[0]
}

func TestAnswerJoinsByReplyAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, id, answer := opened(t, d)
		to := answer.ReplyTo[0].Address
		h.takeTo(strings.ToUpper(to[:5])+to[5:], mail(hana, "Re: Printer", "Still half.\n\nOn 21 Nov 2026, 10:00, Amara Okafor wrote:\n> Switch it off and on."))
		row := h.last(mailbox.BecameAnswer)
		m := h.messages(id)
		if row.TicketID != id || len(m) != 3 || m[2].ID != row.MessageID || m[2].Text != "Still half." || !m[2].Inbound || m[2].Internal || m[2].Automatic || !strings.Contains(m[2].Quoted, "Switch it off") {
			t.Fatalf("row %+v, messages %+v", row, m)
		}
		if s := h.ticket(id).Status; s != ticket.Open {
			t.Errorf("the ticket is %s, want it open again", s)
		}
	})
}

func TestReplyAddressInTheHeaderIsEnough(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, id, answer := opened(t, d)
		h.take(strings.Replace(mail(hana, "Re: Printer", "Still half."), "To: IT <"+deskAddress+">", "To: <"+answer.ReplyTo[0].Address+">", 1))
		if row := h.last(mailbox.BecameAnswer); row.TicketID != id {
			t.Fatalf("it joined %d", row.TicketID)
		}
	})
}

func TestAnswerJoinsByReferences(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, id, answer := opened(t, d)
		for _, field := range []string{"In-Reply-To: <%s>", "References: <other@x.example> <%s>"} {
			for _, to := range []string{answer.MessageID, "first@customer.example"} {
				h.take(mail(hana, "Re: Printer", "Still half.", fmt.Sprintf(field, to)))
				if row := h.last(mailbox.BecameAnswer); row.TicketID != id {
					t.Fatalf("%s: it joined %d", field, row.TicketID)
				}
			}
		}
	})
}

func TestForgedReplyAddressJoinsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, id, answer := opened(t, d)
		good := answer.ReplyTo[0].Address
		other := strings.Replace(good, fmt.Sprintf("+%d.", id), fmt.Sprintf("+%d.", id+1), 1)
		tag := good[strings.Index(good, ".")+1 : strings.Index(good, "@")]
		for _, to := range []string{other, strings.Replace(good, tag, strings.Repeat("a", 20), 1), strings.Replace(good, tag, "", 1), strings.Replace(good, fmt.Sprintf("+%d.", id), fmt.Sprintf("+0%d.", id), 1)} {
			h.takeTo(to, mail(hana, "Re: Printer", "Still half."))
			if row := h.last(mailbox.BecameTicket); row.TicketID == id {
				t.Errorf("%s joined", to)
			}
		}
	})
}

func TestStrangerMakesARelatedTicket(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, id, answer := opened(t, d)
		before := len(h.messages(id))
		stranger := "Eve <eve@elsewhere.example>"
		for name, raw := range map[string]string{
			"reply address": strings.Replace(mail(stranger, "Hello", "Me too."), "To: IT <"+deskAddress+">", "To: <"+answer.ReplyTo[0].Address+">", 1),
			"message id":    mail(stranger, "Hello", "Me too.", "In-Reply-To: <"+answer.MessageID+">"),
			"number":        mail(stranger, fmt.Sprintf("Re: Printer [#%d]", id), "Me too."),
			"in the text":   mail(stranger, "Question", fmt.Sprintf("What about #%d?", id)),
			"own number":    mail(hana, "Another thing", fmt.Sprintf("Unlike #%d it is the scanner.", id)),
		} {
			h.take(raw)
			row := h.last(mailbox.BecameTicket)
			if row.TicketID == id {
				t.Fatalf("%s: it joined", name)
			}
			var related []ticket.Relation
			h.read(func(tx *db.Tx) (err error) {
				related, err = ticket.Relations(t.Context(), tx, row.TicketID)
				return err
			})
			if len(related) != 1 || related[0].OtherID != id || related[0].Kind != ticket.Quotes {
				t.Errorf("%s: relations %+v", name, related)
			}
		}
		if n := len(h.messages(id)); n != before {
			t.Errorf("the ticket has %d messages, had %d", n, before)
		}
	})
}

func TestNumbersThatNameNoTicket(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, id, _ := opened(t, d)
		h.take(mail(hana, "Order", fmt.Sprintf("See https://shop.example/#%d and order%d and &#%d; or #999999.", id, id, id)))
		row := h.last(mailbox.BecameTicket)
		h.read(func(tx *db.Tx) error {
			related, err := ticket.Relations(t.Context(), tx, row.TicketID)
			if len(related) != 0 {
				t.Errorf("relations %+v", related)
			}
			return err
		})
	})
}

func TestFollowersAndColleaguesMayAnswer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ctx := t.Context()
		h.write(func(tx *db.Tx) error {
			_, err := person.SaveOrganisation(ctx, tx, person.Organisation{Name: "Customer", SeeColleagues: true, Domains: []string{"customer.example"}})
			return err
		})
		h.take(mail(hana, "Printer", "It prints half pages.", "Message-ID: <first@customer.example>"))
		id := h.last(mailbox.BecameTicket).TicketID
		reply := "In-Reply-To: <first@customer.example>"
		h.take(mail("Kofi <kofi@customer.example>", "New", "I am new."))
		h.take(mail("Kofi <kofi@customer.example>", "Re: Printer", "Here too.", reply))
		if row := h.last(mailbox.BecameAnswer); row.TicketID != id {
			t.Errorf("a colleague's answer joined %d", row.TicketID)
		}
		h.take(mail("Lee <lee@partner.example>", "Hello", "I am Lee."))
		h.take(mail("Lee <lee@partner.example>", "Re: Printer", "And me.", reply))
		if row := h.last(mailbox.BecameTicket); row.TicketID == id {
			t.Error("a stranger joined")
		}
		h.write(func(tx *db.Tx) error {
			lee, err := person.FindByAddress(ctx, tx, "lee@partner.example")
			if err != nil {
				return err
			}
			return h.desk.Follow(ctx, tx, ticket.By{Actor: h.agent}, id, lee.ID)
		})
		h.take(mail("Lee <lee@partner.example>", "Re: Printer", "And me, again.", reply))
		if row := h.last(mailbox.BecameAnswer); row.TicketID != id {
			t.Errorf("a follower's answer joined %d", row.TicketID)
		}
	})
}

func TestStaffAddressWritesANote(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, id, answer := opened(t, d)
		h.take(mail("Amara <amara@desk.example>", "Re: Printer", "I think it is the drum.", "In-Reply-To: <"+answer.MessageID+">"))
		row := h.last(mailbox.BecameNote)
		m := h.messages(id)
		if last := m[len(m)-1]; row.TicketID != id || !last.Internal || last.Inbound || last.AuthorID != h.agent.ID {
			t.Fatalf("message %+v", last)
		}
		e := h.events(id)
		if last := e[len(e)-1]; last.What != ticket.Noted || last.Cause != mailbox.CauseUnverified {
			t.Errorf("event %+v", last)
		}
		if len(h.deliveries(id)) != 1 {
			t.Error("a note was mailed")
		}
		if h.ticket(id).Status != ticket.Solved {
			t.Error("a note reopened the ticket")
		}
	})
}

func TestStaffOfAnotherPrivateTeamJoinsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, id, answer := opened(t, d)
		h.write(func(tx *db.Tx) error {
			_, err := person.SaveTeam(t.Context(), tx, person.Team{ID: h.team, Slug: "first-line", Name: "First line", Private: true})
			return err
		})
		h.take(mail("Amara <amara@desk.example>", "Re: Printer", "I think it is the drum.", "In-Reply-To: <"+answer.MessageID+">"))
		if row := h.last(mailbox.BecameTicket); row.TicketID == id {
			t.Error("it joined")
		}
	})
}

func TestSameMailTwiceMakesOneMessage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		one := mail(hana, "Printer", "Half pages.", "Message-ID: <same@customer.example>")
		two := mail(hana, "Scanner", "No scans.", "Message-ID: <same@customer.example>")
		bare := strings.Replace(mail(hana, "No id", "None."), "Message-ID:", "X-Id:", 1)
		h.take(one, one, two, bare, bare)
		h.take("X-Hop: another road\r\n"+one, bare)
		var outcomes []mailbox.Outcome
		for _, r := range h.mails() {
			outcomes = append(outcomes, r.Outcome)
		}
		want := []mailbox.Outcome{mailbox.BecameTicket, mailbox.WasDuplicate, mailbox.BecameTicket, mailbox.BecameTicket, mailbox.WasDuplicate, mailbox.WasDuplicate, mailbox.WasDuplicate}
		if !slices.Equal(outcomes, want) {
			t.Fatalf("outcomes %q, want %q", outcomes, want)
		}
		if rows := h.mails(); rows[1].TicketID != rows[0].TicketID || h.tickets() != 3 {
			t.Errorf("rows %+v, %d tickets", rows, h.tickets())
		}
	})
}
