package mailbox_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/handoff"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/testserver/nameserver"
	"goodturn/internal/ticket"
)

const (
	jo = "Jo Klein <jo@customer.example>"
)

// helpedHouse is a house where everybody asks Jo, who shares an address for that.
type helpedHouse struct {
	*house
	keeper *handoff.Keeper
	jo     int64
	shares string // Jo's address of the desk
	sign   func(raw string) string
}

func newHelpedHouse(t *testing.T, d *db.DB) *helpedHouse {
	t.Helper()
	h := &helpedHouse{house: newHouse(t, d)}
	h.firm("customer.example")
	ns := nameserver.Start(t)
	h.post.Auth.Resolver = ns.Resolver()
	h.sign = ns.Signer(t, "customer.example").Sign
	h.keeper = &handoff.Keeper{Key: h.post.Key, Desk: h.desk, Letter: func(ctx context.Context, tx *db.Tx, on handoff.Handed, path string) error {
		return h.post.QueueHandOff(ctx, tx, mailbox.HandOff{Ticket: on.TicketID, Person: on.PersonID, Path: path})
	}}
	h.post.Helping = mailbox.Helping{
		Helper: h.keeper.Helper, Forwarded: h.keeper.Forwarded, Note: handoff.NoteSubject,
		Receive: func(ctx context.Context, tx *db.Tx, t ticket.Ticket, helper int64) error {
			return h.keeper.Receive(ctx, tx, t, helper, handoff.ByAddress)
		},
	}
	h.write(func(tx *db.Tx) error {
		p, err := person.Create(t.Context(), tx, person.New{Name: "Jo Klein", Addresses: []string{"jo@customer.example"}, Role: person.Requester, Verified: true})
		if err != nil {
			return err
		}
		h.jo = p.ID
		l, err := h.keeper.SwitchOn(t.Context(), tx, h.jo)
		if err != nil {
			return err
		}
		h.shares, err = mailbox.HelperAddress(t.Context(), tx, l.Token)
		return err
	})
	if !strings.HasPrefix(h.shares, "help+with.") {
		t.Fatalf("Jo shares %q", h.shares)
	}
	return h
}

// told is how many letters wait for Jo, and how many requests are noted as handed on.
func (h *helpedHouse) told() (letters, handed int) {
	h.Helper()
	h.read(func(tx *db.Tx) (err error) {
		if letters, err = db.One[int](h.Context(), tx, `SELECT count(*) FROM job WHERE kind = 'handoff_letter'`); err != nil {
			return err
		}
		handed, err = db.One[int](h.Context(), tx, `SELECT count(*) FROM handed_on`)
		return err
	})
	return letters, handed
}

func (h *helpedHouse) ledger() (all []handoff.Entry) {
	h.Helper()
	h.read(func(tx *db.Tx) (err error) {
		all, err = db.All[handoff.Entry](h.Context(), tx, `SELECT id, minutes, words FROM help_entry WHERE person_id = $1`, h.jo)
		return err
	})
	return all
}

func TestWhoWritesToAHelpersAddressAsks(t *testing.T) {
	for name, c := range map[string]struct {
		to     string // of the envelope; "" is the helper's address
		fields []string
	}{
		"to it":                          {"", nil},
		"a copy to it":                   {deskAddress, []string{"Cc: Jo <SHARES>"}},
		"to Jo, and a copy to it":        {"", []string{"Cc: Jo <jo@customer.example>, <SHARES>"}},
		"a copy that only the rail sees": {"", []string{"Cc: <someone@customer.example>"}},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				h := newHelpedHouse(t, d)
				to, fields := orElse(c.to, h.shares), slices.Clone(c.fields)
				for i := range fields {
					fields[i] = strings.ReplaceAll(fields[i], "SHARES", h.shares)
				}
				h.takeTo(to, mail(hana, "Half pages", "My secret is on the upper half.", fields...))
				id := h.last(mailbox.BecameTicket).TicketID
				if got := h.address(h.ticket(id).RequesterID); got != "hana@customer.example" {
					t.Errorf("it is %s's", got)
				}
				if f := h.followers(id); len(f) != 0 {
					t.Errorf("followers %v", f)
				}
				if letters, handed := h.told(); letters != 1 || handed != 1 {
					t.Errorf("%d letters, %d handed on", letters, handed)
				}
				letter := h.send(1)[0]
				if letter.to != "jo@customer.example" || letter.Automatic != "auto" || !strings.Contains(letter.Text, public+"/handed/") || strings.Contains(letter.Subject+letter.Text, "secret") || strings.Contains(letter.Subject, "Half") {
					t.Errorf("to %s: %s\n%s", letter.to, letter.Subject, letter.raw)
				}
				h.reply(id, "Turn it.", "")
				if answer := h.send(1)[0]; answer.to != "hana@customer.example" {
					t.Errorf("the answer goes to %s", answer.to)
				}

				// Jo's mailbox sends on all that comes, to the address that she shares.
				before := h.tickets()
				h.takeTo(h.shares, string(letter.raw))
				if letters, handed := h.told(); letters != 0 || handed != 1 || h.tickets() > before+1 {
					t.Errorf("a letter that came back: %d letters, %d handed on, %d tickets", letters, handed, h.tickets())
				}
			})
		})
	}
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func TestNobodyIsToldOfWhatProgramsWriteToAHelpersAddress(t *testing.T) {
	for name, field := range map[string]string{
		"an automatic answer": "Auto-Submitted: auto-replied",
		"a program":           "Auto-Submitted: auto-generated",
		"a list":              "List-Id: <all.customer.example>",
		"bulk":                "Precedence: bulk",
		"Outlook's":           "X-Auto-Response-Suppress: All",
		"our own mark":        "X-Loop: " + deskAddress,
		"it was here before":  "Delivered-To: " + deskAddress + "\r\nDelivered-To: " + deskAddress,
	} {
		t.Run(name, func(t *testing.T) {
			h := newHelpedHouse(t, dbtest.Open(t, db.SQLite))
			h.takeTo(h.shares, mail(hana, "I am away", "Until Monday.", field))
			if letters, handed := h.told(); letters != 0 || handed != 0 {
				t.Errorf("%d letters, %d handed on", letters, handed)
			}
			if h.tickets() > 1 { // an automatic answer to nothing is none
				t.Errorf("%d tickets", h.tickets())
			}
		})
	}
}

func TestAStormToAHelpersAddressTellsFewTimes(t *testing.T) {
	h := newHelpedHouse(t, dbtest.Open(t, db.SQLite))
	var raw []string
	for range 200 {
		raw = append(raw, mail(hana, "Disk full", "It is full."))
	}
	h.takeTo(h.shares, raw...)
	if letters, _ := h.told(); letters == 0 || letters > 20 {
		t.Errorf("%d letters of %d mails", letters, len(raw))
	}
}

func TestAForgedHelperGivesNobodyAccess(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHelpedHouse(t, d)
		answer := func() string {
			return now(strings.Replace(mail(jo, "Re: Half pages", "I give you to those who know.\n\n> It prints half pages.\n> Can you help?", "Cc: <"+h.shares+">"), "To: IT <"+deskAddress+">", "To: "+hana, 1))
		}
		h.takeTo(h.shares, answer())
		forged := h.last(mailbox.BecameTicket).TicketID
		if got := h.address(h.ticket(forged).RequesterID); got != "jo@customer.example" || len(h.followers(forged)) != 0 || len(h.suggested(forged)) > 0 && slices.ContainsFunc(h.suggested(forged), func(s string) bool { return strings.HasPrefix(s, "follower jo@") }) {
			t.Errorf("a forged one is %s's, followed by %v", got, h.followers(forged))
		}
		if letters, handed := h.told(); letters != 0 || handed != 0 {
			t.Errorf("%d letters, %d handed on", letters, handed)
		}
		h.takeTo(h.shares, h.sign(answer()))
		id := h.last(mailbox.BecameTicket).TicketID
		if got := h.address(h.ticket(id).RequesterID); got != "hana@customer.example" || len(h.followers(id)) != 0 {
			t.Errorf("Jo's own is %s's, followed by %v", got, h.followers(id))
		}
		m := h.messages(id)
		if m[0].Text != "It prints half pages.\nCan you help?" || m[0].Internal || len(m) > 1 && !m[1].Internal {
			t.Errorf("messages %+v", m)
		}
		if letters, handed := h.told(); letters != 1 || handed != 1 {
			t.Errorf("%d letters, %d handed on", letters, handed)
		}
	})
}

func TestMinutesOfAHelperByMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHelpedHouse(t, d)
		h.takeTo(h.shares, now(mail(jo, "15 min printer", "")))
		h.last(mailbox.BecameTicket)
		if all := h.ledger(); len(all) != 0 {
			t.Fatalf("somebody in Jo's name noted %+v", all)
		}
		h.takeTo(h.shares, h.sign(now(mail(jo, "15 min printer", ""))))
		h.last(mailbox.BecameMinutes)
		if all := h.ledger(); len(all) != 1 || all[0].Minutes != 15 || all[0].Words != "printer" {
			t.Errorf("the ledger holds %+v", all)
		}
		h.takeTo(h.shares, h.sign(now(mail(hana, "15 min printer", "It takes so long."))))
		h.last(mailbox.BecameTicket)
		h.takeTo(deskAddress, h.sign(now(mail(jo, "20 min until the printer prints", "Why?"))))
		h.last(mailbox.BecameTicket)
		if all := h.ledger(); len(all) != 1 {
			t.Errorf("the ledger holds %+v", all)
		}
	})
}

func TestAHelpersAddressEnds(t *testing.T) {
	h := newHelpedHouse(t, dbtest.Open(t, db.SQLite))
	h.write(func(tx *db.Tx) error { return h.keeper.SwitchOff(t.Context(), tx, h.jo) })
	h.takeTo(h.shares, mail(hana, "Half pages", "It prints half pages."))
	if got := h.address(h.ticket(h.last(mailbox.BecameTicket).TicketID).RequesterID); got != "hana@customer.example" {
		t.Errorf("it is %s's", got)
	}
	if letters, handed := h.told(); letters != 0 || handed != 0 {
		t.Errorf("%d letters, %d handed on", letters, handed)
	}
}
