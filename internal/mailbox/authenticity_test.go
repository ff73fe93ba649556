package mailbox_test

import (
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/testserver/nameserver"
	"goodturn/internal/ticket"
)

const amara = "Amara Okafor <amara@desk.example>"

// now gives a mail the date of today.
func now(raw string) string {
	return strings.Replace(raw, "Date: Sat, 21 Nov 2026 10:00:00 +0000", "Date: "+time.Now().Format(time.RFC1123Z), 1)
}

// to gives a mail another recipient.
func to(address, raw string) string {
	return strings.Replace(raw, "To: IT <"+deskAddress+">", "To: <"+address+">", 1)
}

// answering is a mail of Amara's to the reply address of a ticket.
func answering(answer sent, text string, fields ...string) string {
	return now(to(answer.ReplyTo[0].Address, mail(amara, "Re: Printer", text, fields...)))
}

// other is one more agent.
func (h *house) other() (p person.Person) {
	h.Helper()
	h.write(func(tx *db.Tx) (err error) {
		p, err = person.FindByAddress(h.Context(), tx, "jonas@desk.example")
		if err != nil {
			p, err = person.Create(h.Context(), tx, person.New{Name: "Jonas Lind", Addresses: []string{"jonas@desk.example"}, Role: person.Agent})
		}
		return err
	})
	return p
}

// trusting has the mailbox believe its mail server.
func (h *house) trusting(id string) {
	h.Helper()
	h.write(func(tx *db.Tx) error {
		m := h.settings()
		m.AuthservID = id
		_, err := h.post.Save(h.Context(), tx, person.System, m, "")
		return err
	})
}

func TestProvenMailOfStaffIsTheAnswer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, id, answer := opened(t, d)
		ns := nameserver.Start(t)
		h.post.Auth.Resolver = ns.Resolver()
		signer := ns.Signer(t, "desk.example")
		h.take(signer.Sign(answering(answer, "Hello Hana, please change the drum.\n\n-- \nAmara, direct line 4711\n\nOn 21 Nov 2026, 10:00, Kofi wrote:\n> Between us: she never reads what we write.")))
		row := h.last(mailbox.BecameReply)
		m := h.messages(id)
		last := m[len(m)-1]
		if row.TicketID != id || last.Inbound || last.Internal || last.AuthorID != h.agent.ID || last.Text != "Hello Hana, please change the drum." || last.Quoted != "" || last.HTML != "" {
			t.Fatalf("message %+v", last)
		}
		out := h.send(1)[0]
		if out.to != "hana@customer.example" || !strings.Contains(out.Text, "change the drum") || strings.Contains(string(out.raw), "4711") || strings.Contains(string(out.raw), "Between us") {
			t.Errorf("to %s:\n%s", out.to, out.Text)
		}
		h.read(func(tx *db.Tx) error {
			facts, err := mailbox.FactsOfTicket(t.Context(), tx, id)
			if f := facts[last.ID]; f.Auth.By != "own check" || f.Auth.Aligned != "desk.example" || f.Doubt != "" {
				t.Errorf("facts %+v", f)
			}
			return err
		})
	})
}

func TestTrustedServerProvesStaff(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, id, answer := opened(t, d)
		const pass = "; spf=pass smtp.mailfrom=amara@desk.example; dmarc=pass header.from=desk.example"
		believed := func(field string) bool {
			h.take(field + "\r\n" + answering(answer, "Please change the drum."))
			rows := h.mails()
			r := rows[len(rows)-1]
			return r.TicketID == id && r.Outcome == mailbox.BecameReply
		}
		if believed("Authentication-Results: mx.desk.example" + pass) {
			t.Error("believed before anybody said so")
		}
		h.trusting("MX.desk.example")
		for field, want := range map[string]bool{
			"Authentication-Results: mx.desk.example" + pass:                                                                       true,
			"Authentication-Results: mx.evil.example" + pass:                                                                       false,
			"Authentication-Results: mx.desk.example.evil.example" + pass:                                                          false,
			"Authentication-Results: relay.example; none\r\nAuthentication-Results: mx.desk.example" + pass:                        false,
			"Authentication-Results: mx.desk.example; dkim=pass header.d=evil.example":                                             false,
			"Authentication-Results: mx.desk.example; dmarc=pass header.from=evil.example":                                         false,
			"Authentication-Results: mx.desk.example" + pass + "\r\nFrom: Eve <eve@evil.example>":                                  false,
			"Authentication-Results: mx.desk.example; dkim=pass header.d=desk.example; dmarc=fail header.from=desk.example":        false,
			"X-Authentication-Results: mx.desk.example" + pass:                                                                     false,
			"Authentication-Results: mx.desk.example; dmarc=fail header.from=desk.example (mx.desk.example; dmarc=pass)":           false,
			"Received: from x; Sat, 21 Nov 2026 10:00:00 +0000\r\nAuthentication-Results: mx.desk.example" + pass + "; arc=none x": true,
		} {
			if got := believed(field); got != want {
				t.Errorf("%s: believed %v", field, got)
			}
		}
	})
}

func TestMailFromAPageIsNoMailServers(t *testing.T) {
	h, _, answer := opened(t, dbtest.Open(t, db.SQLite))
	h.trusting("mx.desk.example")
	for _, source := range []mailbox.Source{mailbox.SourceWeb, mailbox.SourceOpen} {
		raw := "Authentication-Results: mx.desk.example; spf=pass smtp.mailfrom=a@desk.example; dmarc=pass header.from=desk.example\r\n" + answering(answer, "Please change the drum.")
		h.must(h.post.Take(t.Context(), []mailbox.Incoming{{To: []string{deskAddress}, Raw: []byte(raw), Source: source}}))
		h.must(h.post.FileAll(t.Context()))
		h.last(mailbox.BecameNote)
	}
}

// What Amara really wrote to somebody must not be made to speak on another ticket.
func TestRealMailOfStaffSentOnIsNoAnswer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, id, answer := opened(t, d)
		ns := nameserver.Start(t)
		h.post.Auth.Resolver = ns.Resolver()
		signer := ns.Signer(t, "desk.example")
		h.take(mail("Eve <eve@elsewhere.example>", "Eve's own", "Let me in."))
		eves := h.last(mailbox.BecameTicket).TicketID
		trap := h.post.ReplyAddress(deskAddress, eves)
		few := *signer
		few.Fields = []string{"From", "Date", "Subject", "Message-ID"}
		kofi := h.other().ID
		private := now(to("eve@elsewhere.example", mail(amara, "Re: Access", "Granted.")))
		for name, c := range map[string]struct {
			raw  string
			want mailbox.Doubt
		}{
			"to somebody else":                {signer.Sign(private), mailbox.DoubtElsewhere},
			"to another ticket":               {signer.Sign(answering(answer, "Granted.")), mailbox.NoDoubt}, // it belongs there
			"To not signed":                   {few.Sign(now(to(trap, mail(amara, "Re: Access", "Granted.")))), mailbox.DoubtUnsigned},
			"answers by a field put in later": {"In-Reply-To: <" + answer.MessageID + ">\r\n" + signer.Sign(now(mail(amara, "Re: Access", "Granted."))), mailbox.DoubtSender},
			"of last month":                   {signer.Sign(strings.Replace(answering(answer, "Granted."), "Date: "+time.Now().Format("Mon, 02 Jan"), "Date: "+time.Now().AddDate(0, -1, 0).Format("Mon, 02 Jan"), 1)), mailbox.DoubtOld},
			"words of a note":                 {signer.Sign(answering(answer, "See below.\n\nThe requester is about to leave\nthe company, tell nobody.")), mailbox.DoubtQuotes},
			"nothing but a quotation":         {signer.Sign(answering(answer, "On 21 Nov 2026, 10:00, Kofi wrote:\n> Between us.")), mailbox.DoubtEmpty},
		} {
			h.write(func(tx *db.Tx) error {
				_, err := h.desk.Note(t.Context(), tx, ticket.By{Actor: person.System}, id, ticket.Draft{Text: "The requester is about to leave the company, tell nobody.", Author: kofi})
				return err
			})
			before, wrong := len(h.deliveries(id)), len(h.deliveries(eves))
			h.takeTo(trap, c.raw)
			rows := h.mails()
			r := rows[len(rows)-1]
			var facts mailbox.Facts
			h.read(func(tx *db.Tx) error {
				all, err := mailbox.FactsOfTicket(t.Context(), tx, r.TicketID)
				facts = all[r.MessageID]
				return err
			})
			if len(h.deliveries(eves)) != wrong {
				t.Errorf("%s: Eve was answered", name)
			}
			if c.want == mailbox.NoDoubt {
				if r.TicketID != id || r.Outcome != mailbox.BecameReply {
					t.Errorf("%s: %+v", name, r)
				}
				continue
			}
			if r.Outcome != mailbox.BecameNote || facts.Doubt != c.want {
				t.Errorf("%s: %q with doubt %q, want %q; %+v", name, r.Outcome, facts.Doubt, c.want, facts.Auth)
			}
			if after := len(h.deliveries(id)); after != before {
				t.Errorf("%s: something went out", name)
			}
		}
	})
}

func TestMachinesOfStaffAnswerNobody(t *testing.T) {
	h, id, answer := opened(t, dbtest.Open(t, db.SQLite))
	ns := nameserver.Start(t)
	h.post.Auth.Resolver = ns.Resolver()
	signer := ns.Signer(t, "desk.example")
	forward := "FYI.\n\n---------- Forwarded message ---------\nFrom: Hana Sato <hana@customer.example>\nDate: Sat, 21 Nov 2026 at 10:00\nSubject: Printer\nTo: <amara@desk.example>\n\nIt prints half pages.\n"
	for _, raw := range []string{
		answering(answer, "I am away.", "Auto-Submitted: auto-replied"),
		strings.Replace(answering(answer, forward), "Subject: Re: Printer", "Subject: Fwd: Printer", 1),
	} {
		h.take(signer.Sign(raw))
		h.last(mailbox.BecameNote)
	}
	if n := len(h.deliveries(id)); n != 1 {
		t.Errorf("%d mails went out, want the first answer alone", n)
	}
}

func TestStaffWhoAskAreRequesters(t *testing.T) {
	h := newHouse(t, dbtest.Open(t, db.SQLite))
	h.take(mail(amara, "My own printer", "Half pages.", "Message-ID: <own@desk.example>"))
	id := h.last(mailbox.BecameTicket).TicketID
	h.take(mail(amara, "Re: My own printer", "Still.", "In-Reply-To: <own@desk.example>"))
	if row := h.last(mailbox.BecameAnswer); row.TicketID != id {
		t.Errorf("it joined %d", row.TicketID)
	}
}
