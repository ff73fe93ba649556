package mailbox_test

import (
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

var (
	later = &gosmtp.SMTPError{Code: 451, EnhancedCode: gosmtp.EnhancedCode{4, 3, 0}, Message: "Please come back"}
	never = &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 1, 1}, Message: "No such user"}
)

// tryOnce does the waiting jobs until the sink was asked for a recipient, and waits for them to end.
func (h *house) tryOnce() {
	h.Helper()
	stop := h.run()
	<-h.sink.asked
	stop()
}

func TestTemporaryFailureIsTriedAgainWithTheSameID(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(mail(hana, "Printer", "It prints half pages."))
		id := h.last(mailbox.BecameTicket).TicketID
		h.reply(id, "On my way.", "")
		h.sink.refuse(later, later)
		h.tryOnce()
		first := h.deliveries(id)[0]
		if first.State != mailbox.Queued || first.Attempts != 1 || !strings.Contains(first.Error, "Please come back") {
			t.Fatalf("delivery %+v", first)
		}
		h.itIsTime()
		h.tryOnce()
		second := h.deliveries(id)[0]
		if second.State != mailbox.Queued || second.Attempts != 2 || second.NextAt <= first.NextAt+60_000 {
			t.Fatalf("delivery %+v after %+v", second, first)
		}
		h.itIsTime()
		out := h.send(1)[0]
		if fate := h.deliveries(id)[0]; fate.State != mailbox.Sent || fate.Error != "" || fate.Attempts != 3 {
			t.Errorf("delivery %+v", fate)
		}
		if m := h.messages(id); out.MessageID != m[1].RFCMessageID {
			t.Errorf("Message-ID %q, want %q", out.MessageID, m[1].RFCMessageID)
		}
		for _, e := range h.events(id) {
			if e.What == ticket.DeliveryFailed {
				t.Error("a delivery that went well in the end is told as failed")
			}
		}
		h.read(func(tx *db.Tx) error {
			links, err := db.One[int](t.Context(), tx, `SELECT count(*) FROM access_link`)
			if links != 1 {
				t.Errorf("%d links are left, want that of the mail sent", links)
			}
			return err
		})
	})
}

func TestPermanentFailureIsToldAndCanBeSentAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(mail(hana, "Printer", "It prints half pages."))
		id := h.last(mailbox.BecameTicket).TicketID
		h.reply(id, "On my way.", "")
		h.sink.refuse(never)
		h.tryOnce()
		fate := h.deliveries(id)[0]
		if fate.State != mailbox.Failed || !strings.Contains(fate.Error, "No such user") {
			t.Fatalf("delivery %+v", fate)
		}
		e := h.events(id)
		if last := e[len(e)-1]; last.What != ticket.DeliveryFailed || last.ToValue != "hana@customer.example" || !strings.Contains(last.Cause, "No such user") || last.Actor != "system" {
			t.Errorf("event %+v", last)
		}
		h.write(func(tx *db.Tx) error {
			if err := h.post.SendAgain(t.Context(), tx, person.Actor{ID: 99, Role: person.Requester}, fate.ID); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("a stranger may send again: %v", err)
			}
			return h.post.SendAgain(t.Context(), tx, h.agent, fate.ID)
		})
		h.send(1)
		if again := h.deliveries(id)[0]; again.State != mailbox.Sent {
			t.Errorf("delivery %+v", again)
		}
		h.write(func(tx *db.Tx) error {
			if err := h.post.SendAgain(t.Context(), tx, h.agent, fate.ID); !fault.Is(err, fault.KindConflict) {
				t.Errorf("a sent mail may be sent again: %v", err)
			}
			return nil
		})
	})
}

func TestSendAgainBeforeItsTimeSendsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(mail(hana, "Printer", "It prints half pages."))
		id := h.last(mailbox.BecameTicket).TicketID
		h.reply(id, "On my way.", "")
		h.sink.refuse(later)
		h.tryOnce()
		h.write(func(tx *db.Tx) error { return h.post.SendAgain(t.Context(), tx, h.agent, h.first(tx, id)) })
		h.send(1)
		h.write(func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE job SET run_at = 0`)
			return err
		})
		h.reply(id, "Here I am.", "") // its mail shows that the jobs before it were done
		if out := h.send(1)[0]; !strings.Contains(out.Text, "Here I am.") {
			t.Errorf("the first answer was sent twice: %q", out.Text)
		}
	})
}

// first is the first delivery of a ticket.
func (h *house) first(tx *db.Tx, id int64) int64 {
	h.Helper()
	d, err := mailbox.Deliveries(h.Context(), tx, id)
	h.must(err)
	return d[0].ID
}

func TestKillWhileSendingSendsAgainWithTheSameID(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(mail(hana, "Printer", "It prints half pages."))
		id := h.last(mailbox.BecameTicket).TicketID
		h.reply(id, "On my way.", "")
		h.write(func(tx *db.Tx) error { // as a process leaves it that is killed after the mail server's 250
			_, err := tx.Exec(t.Context(), `UPDATE job SET state = 'running', attempts = 1`)
			return err
		})
		h.rebuild(h.post.Key)
		out := h.send(1)[0]
		if m := h.messages(id); out.MessageID != m[1].RFCMessageID {
			t.Errorf("Message-ID %q, want %q", out.MessageID, m[1].RFCMessageID)
		}
		if fate := h.deliveries(id)[0]; fate.State != mailbox.Sent {
			t.Errorf("delivery %+v", fate)
		}
	})
}

func TestWithoutAnAccountTheReasonIsSaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(mail(hana, "Printer", "It prints half pages."))
		id := h.last(mailbox.BecameTicket).TicketID
		settings := h.settings()
		settings.Sending = mailbox.Sending{}
		h.save(settings)
		h.reply(id, "On my way.", "")
		failed := make(chan struct{}, 1)
		h.desk.Changed = func(c ticket.Change) {
			if c.What == ticket.DeliveryFailed {
				failed <- struct{}{}
			}
		}
		stop := h.run()
		<-failed
		stop()
		fate := h.deliveries(id)[0]
		if fate.State != mailbox.Failed || !strings.Contains(fate.Error, "no account to send through") {
			t.Fatalf("delivery %+v", fate)
		}
		h.post.Default = mailbox.Sender{Address: "desk@desk.example", Name: "Desk", Sending: h.sink.account()}
		h.write(func(tx *db.Tx) error { return h.post.SendAgain(t.Context(), tx, h.agent, fate.ID) })
		if out := h.send(1)[0]; out.From.Address != deskAddress {
			t.Errorf("From %v", out.From)
		}
	})
}

func (h *house) save(m mailbox.Mailbox) {
	h.Helper()
	h.write(func(tx *db.Tx) error {
		_, err := h.post.Save(h.Context(), tx, person.System, m, "")
		return err
	})
}

func TestDeskWithoutAMailbox(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.write(func(tx *db.Tx) error {
			if _, err := tx.Exec(t.Context(), `DELETE FROM mailbox`); err != nil {
				return err
			}
			p, err := person.ByAddress(t.Context(), tx, person.Contact{Name: "Hana Sato", Address: "hana@customer.example"})
			if err != nil {
				return err
			}
			_, err = h.desk.Create(t.Context(), tx, ticket.By{Actor: h.agent}, ticket.New{Requester: p.ID, Message: ticket.Draft{Text: "Half pages."}})
			return err
		})
		h.reply(1001, "On my way.", "")
		h.post.Default = mailbox.Sender{Address: "desk@desk.example", Name: "Desk", Sending: h.sink.account()}
		out := h.send(1)[0]
		if out.From.Address != "desk@desk.example" || out.From.Name != "Amara Okafor, Desk" || len(out.ReplyTo) != 0 {
			t.Errorf("From %v, Reply-To %v", out.From, out.ReplyTo)
		}
	})
}

func TestFollowersGetACopyAndTheAuthorNone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ctx := t.Context()
		h.take(mail(hana, "AW: Re: Printer [#1001]", "It prints half pages."))
		id := h.last(mailbox.BecameTicket).TicketID
		h.write(func(tx *db.Tx) error {
			for _, c := range []person.Contact{{Name: "Lee", Address: "lee@partner.example"}, {Name: "Amara Okafor", Address: "amara@desk.example"}} {
				p, err := person.ByAddress(ctx, tx, c)
				if err != nil {
					return err
				}
				if err := h.desk.Follow(ctx, tx, ticket.By{Actor: h.agent}, id, p.ID); err != nil {
					return err
				}
			}
			no, err := person.Create(ctx, tx, person.New{Name: "No Address", Role: person.Requester})
			if err != nil {
				return err
			}
			return h.desk.Follow(ctx, tx, ticket.By{Actor: h.agent}, id, no.ID)
		})
		h.reply(id, "On my way.", "")
		mails := h.send(2)
		to := map[string]sent{mails[0].to: mails[0], mails[1].to: mails[1]}
		requester, copied := to["hana@customer.example"], to["lee@partner.example"]
		if requester.Message == nil || copied.Message == nil || requester.MessageID != copied.MessageID {
			t.Fatalf("mails %v", to)
		}
		for _, m := range mails {
			if m.Message.Subject != "Re: Printer [#1001]" || len(m.To) != 1 || m.To[0].Address != "hana@customer.example" || len(m.CC) != 1 || m.CC[0].Address != "lee@partner.example" {
				t.Errorf("subject %q, to %v, cc %v", m.Message.Subject, m.To, m.CC)
			}
		}
		for address, m := range to {
			if a := h.opens(m); a.OnlyTicket != id || !h.isPerson(a.ID, address) {
				t.Errorf("the link in the mail to %s makes its holder %+v", address, a)
			}
		}
		var copies []bool
		for _, f := range h.deliveries(id) {
			copies = append(copies, f.Copy)
		}
		if len(copies) != 2 || copies[0] || !copies[1] {
			t.Errorf("copies %v", copies)
		}
	})
}

// opens gives the actor that the link in a mail makes of its holder.
func (h *house) opens(m sent) (a person.Actor) {
	h.Helper()
	_, rest, _ := strings.Cut(m.Text, public+"/t/")
	h.read(func(tx *db.Tx) (err error) {
		var l ticket.Link
		a, l, err = ticket.OpenLink(h.Context(), tx, rest[:43])
		if !l.Proven {
			h.Error("the link is not proven")
		}
		return err
	})
	return a
}

func (h *house) isPerson(id int64, address string) bool {
	h.Helper()
	var p person.Person
	h.read(func(tx *db.Tx) (err error) {
		p, err = person.FindByAddress(h.Context(), tx, address)
		return err
	})
	return p.ID == id
}

func TestFilesGoAlongUpToALimit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(mail(hana, "Printer", "It prints half pages."))
		id := h.last(mailbox.BecameTicket).TicketID
		small, err := h.post.Blobs.Put(t.Context(), strings.NewReader("how to\n"), 0)
		h.must(err)
		large, err := h.post.Blobs.Put(t.Context(), strings.NewReader(strings.Repeat("x", 20<<20)), 0)
		h.must(err)
		h.write(func(tx *db.Tx) error {
			_, err := h.desk.Reply(t.Context(), tx, ticket.By{Actor: h.agent}, id, ticket.Draft{Text: "Two files.", Files: []ticket.File{
				{Name: "guide.txt", Type: "text/plain", Ref: small}, {Name: "film.bin", Type: "application/octet-stream", Ref: large},
			}}, "")
			return err
		})
		out := h.send(1)[0]
		if len(out.Attachments) != 1 || out.Attachments[0].Name != "guide.txt" || string(out.Attachments[0].Data) != "how to\n" {
			t.Errorf("attachments %+v", out.Attachments)
		}
		if !strings.Contains(out.Text, "film.bin") || !strings.Contains(out.HTML, "film.bin") {
			t.Errorf("the large file is not named in %q", out.Text)
		}
	})
}

func TestImportedAnswersAreNotMailed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(mail(hana, "Printer", "It prints half pages."))
		id := h.last(mailbox.BecameTicket).TicketID
		h.write(func(tx *db.Tx) error {
			_, err := h.desk.Reply(t.Context(), tx, ticket.By{Actor: h.agent}, id, ticket.Draft{Text: "Long ago.", At: tx.Now - 1}, "")
			return err
		})
		if n := len(h.deliveries(id)); n != 0 {
			t.Errorf("%d deliveries", n)
		}
	})
}

func TestMailIsInTheReadersLanguage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(mail(hana, "Printer", "It prints half pages."))
		id := h.last(mailbox.BecameTicket).TicketID
		h.write(func(tx *db.Tx) error {
			de, zone := "de", "Asia/Tokyo"
			return person.Update(t.Context(), tx, h.ticket(id).RequesterID, person.Change{Language: &de, Zone: &zone})
		})
		h.reply(id, "On my way.", "")
		out := h.send(1)[0]
		if !strings.Contains(out.HTML, `lang="de"`) || !strings.Contains(string(out.raw), "+0900") {
			t.Errorf("mail %s", out.raw)
		}
	})
}

func TestSignInLetter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		browser := []byte("hash of the browser's cookie")
		h.write(func(tx *db.Tx) error {
			return h.post.QueueSignInLink(t.Context(), tx, h.agent.ID, "amara@desk.example", browser, "/tickets")
		})
		h.read(func(tx *db.Tx) error {
			links, err := db.One[int](t.Context(), tx, `SELECT count(*) FROM sign_in_link`)
			if links != 0 {
				t.Error("the link was made before it is mailed")
			}
			return err
		})
		out := h.send(1)[0]
		if out.to != "amara@desk.example" || out.From.Name != "IT help desk" || out.Automatic == "" || out.Message.Subject != "Your link to sign in" {
			t.Errorf("to %s, From %v, automatic %q, subject %q", out.to, out.From, out.Automatic, out.Message.Subject)
		}
		_, rest, ok := strings.Cut(out.Text, public+"/sign-in/link/")
		if !ok || !strings.Contains(out.HTML, public+"/sign-in/link/"+rest[:43]) {
			t.Fatalf("no link in %q", out.Text)
		}
		h.write(func(tx *db.Tx) error {
			id, next, err := person.UseLink(t.Context(), tx, rest[:43], browser, "")
			if id != h.agent.ID || next != "/tickets" {
				t.Errorf("the link signs in %d, to %q", id, next)
			}
			return err
		})
	})
}

func TestSignInLetterGoesToNobodyElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		for _, address := range []string{deskAddress, "help+x@desk.example", "other@desk.example"} {
			h.write(func(tx *db.Tx) error {
				return h.post.QueueSignInLink(t.Context(), tx, h.agent.ID, address, []byte("b"), "")
			})
		}
		h.write(func(tx *db.Tx) error {
			return h.post.QueueSignInLink(t.Context(), tx, h.agent.ID, "amara@desk.example", []byte("b"), "")
		})
		if out := h.send(1)[0]; out.to != "amara@desk.example" {
			t.Errorf("mailed to %s", out.to)
		}
		h.read(func(tx *db.Tx) error {
			links, err := db.One[int](t.Context(), tx, `SELECT count(*) FROM sign_in_link`)
			if links != 1 {
				t.Errorf("%d links", links)
			}
			return err
		})
	})
}

func TestLinksOfOursAreCutFromWhatComesIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, id, answer := opened(t, d)
		_, rest, _ := strings.Cut(answer.Text, public+"/t/")
		token := rest[:43]
		body := `<p>Thanks</p><blockquote><a href="` + public + `/t/` + token + `">ticket</a> <a href="https://safe.example/?u=https%3A%2F%2Fdesk.example%2Ft%2F` + token + `">x</a></blockquote>`
		h.take(mail(hana, "Re: Printer", "Thanks "+public+"/t/"+token+"\n\n> "+public+"/t/"+token, "In-Reply-To: <"+answer.MessageID+">"),
			mail(hana, "Re: Printer", body, "Content-Type: text/html", "In-Reply-To: <"+answer.MessageID+">"))
		m := h.messages(id)
		if len(m) != 4 {
			t.Fatalf("%d messages", len(m))
		}
		for _, m := range m {
			if strings.Contains(m.Text+m.Quoted+m.HTML, token) {
				t.Errorf("the token is in %+v", m)
			}
		}
	})
}

func TestOtherLinksAreLeftAlone(t *testing.T) {
	token := "Ab3_" + strings.Repeat("x", 39)
	for text, want := range map[string]string{
		public + "/t/" + token:                                       public + "/t/…",
		"_" + public + "/sign-in/link/" + token + "_.":               "_" + public + "/sign-in/link/….",
		"u=https%3a%2f%2Fdesk.example%2ft%2f" + token + "&x":         "u=https%3a%2f%2Fdesk.example%2ft%2f…&x",
		"https:&#x2F;&#x2f;desk.example&#47;t&#x2F;" + token:         "https:&#x2F;&#x2f;desk.example&#47;t&#x2F;…",
		"https://forum.example/t/" + strings.Repeat("a-title-", 7):   "https://forum.example/t/" + strings.Repeat("a-title-", 7),
		"https://news.example/t/" + token + strings.Repeat("Yz", 30): "https://news.example/t/" + token + strings.Repeat("Yz", 30),
		"see /t/ and /link/ here":                                    "see /t/ and /link/ here",
	} {
		if got := (&mailbox.Post{}).CutLinks(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
