package mailbox_test

import (
	"context"
	"strings"
	"testing"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// bounce is a delivery report (RFC 3464) about a mail of ours.
func bounce(about sent, action, status, recipient string) string {
	head, _, _ := strings.Cut(string(about.raw), "\r\n\r\n")
	return "From: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nTo: <" + deskAddress + ">\r\nSubject: Undelivered Mail Returned to Sender\r\nMessage-ID: <" + action + status + "@mx.example>\r\n" +
		"Date: Sat, 21 Nov 2026 11:00:00 +0000\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-replied\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n" +
		"--b\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you that your message could not be delivered.\r\n\r\n" +
		"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; " + recipient + "\r\nAction: " + action + "\r\nStatus: " + status + "\r\nDiagnostic-Code: smtp; 550 " + status + " User unknown\r\n\r\n" +
		"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n" + head + "\r\n\r\n--b--\r\n"
}

func TestBounceFindsItsMessage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, id, answer := opened(t, d)
		h.take(bounce(answer, "delayed", "4.4.1", "hana@customer.example"))
		h.last(mailbox.WasIgnored)
		if s := h.deliveries(id)[0].State; s != mailbox.Sent {
			t.Fatalf("a delay made the delivery %s", s)
		}
		h.take(bounce(answer, "failed", "5.1.1", "hana@customer.example"))
		if row := h.last(mailbox.WasBounce); row.TicketID != id {
			t.Errorf("it belongs to %d", row.TicketID)
		}
		fate := h.deliveries(id)[0]
		if fate.State != mailbox.Failed || !strings.Contains(fate.Error, "no such address") {
			t.Errorf("delivery %+v", fate)
		}
		e := h.events(id)
		if last := e[len(e)-1]; last.What != ticket.DeliveryFailed || last.ToValue != "hana@customer.example" || last.Cause != fate.Error || last.MessageID != fate.MessageID {
			t.Errorf("event %+v", last)
		}
		if h.bouncedAt("hana@customer.example") == 0 {
			t.Error("the address is not marked")
		}
		h.take(bounce(answer, "failed", "5.1.2", "hana@customer.example"))
		if n := len(h.events(id)); n != len(e) {
			t.Error("a second report made another event")
		}
		if h.tickets() != 1 {
			t.Errorf("%d tickets", h.tickets())
		}
	})
}

func (h *house) bouncedAt(address string) (at int64) {
	h.Helper()
	h.read(func(tx *db.Tx) (err error) {
		at, err = db.One[int64](h.Context(), tx, `SELECT bounced_at FROM person_address WHERE address = $1`, address)
		return err
	})
	return at
}

func TestBounceBySignedAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, id, answer := opened(t, d)
		about := answer
		about.raw = []byte("Reply-To: <" + answer.ReplyTo[0].Address + ">\r\nSubject: Re: Printer\r\n\r\n")
		h.take(bounce(about, "failed", "4.2.2", "hana@customer.example"))
		h.last(mailbox.WasBounce)
		if s := h.deliveries(id)[0].State; s != mailbox.Failed {
			t.Errorf("the delivery is %s", s)
		}
		if h.bouncedAt("hana@customer.example") != 0 {
			t.Error("a full mailbox marked the address for good")
		}
	})
}

func TestForeignBounceIsIgnored(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, id, answer := opened(t, d)
		about := answer
		about.raw = []byte("Message-ID: <goodturn.1001.aaaaaaaaaaaaaaaa@desk.example>\r\nSubject: spam\r\n\r\n")
		h.take(bounce(about, "failed", "5.1.1", "hana@customer.example"))
		h.last(mailbox.WasIgnored)
		if s := h.deliveries(id)[0].State; s != mailbox.Sent {
			t.Errorf("the delivery is %s", s)
		}
	})
}

func TestVacationReplyDoesNotReopen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, id, answer := opened(t, d)
		away := []string{"Auto-Submitted: auto-replied", "Precedence: bulk"}
		h.take(mail(hana, "Out of office", "I am away until Monday.", append(away, "In-Reply-To: <"+answer.MessageID+">")...))
		h.last(mailbox.BecameAnswer)
		m := h.messages(id)
		if last := m[len(m)-1]; !last.Automatic || !last.Inbound {
			t.Errorf("message %+v", last)
		}
		tk := h.ticket(id)
		if tk.Status != ticket.Solved || tk.WaitingSince != 0 {
			t.Errorf("the ticket is %s, waiting since %d", tk.Status, tk.WaitingSince)
		}
		h.take(mail("Zoe <zoe@customer.example>", "Out of office", "I am away.", away...))
		h.last(mailbox.WasIgnored)
		if h.tickets() != 1 {
			t.Errorf("%d tickets", h.tickets())
		}
	})
}

func TestListMailIsAnAutomaticTicketAndAListedAnswerReopens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, id, answer := opened(t, d)
		list := []string{"List-Id: <staff.customer.example>", "List-Unsubscribe: <mailto:x@customer.example>", "Precedence: list"}
		h.take(mail("News <news@customer.example>", "Our newsletter", "All the news.", list...))
		if m := h.messages(h.last(mailbox.BecameTicket).TicketID); !m[0].Automatic {
			t.Error("list mail is not marked as automatic")
		}
		h.take(mail(hana, "Re: Printer", "Still half.", append(list, "In-Reply-To: <"+answer.MessageID+">")...))
		h.last(mailbox.BecameAnswer)
		if s := h.ticket(id).Status; s != ticket.Open {
			t.Errorf("the ticket is %s", s)
		}
	})
}

func TestOwnMailMakesNoTicket(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, _, answer := opened(t, d)
		h.take(string(answer.raw))
		h.last(mailbox.WasLoop)
		h.take(mail("Somebody <x@else.example>", "Fwd", "Hello", "Message-ID: <"+answer.MessageID+">"))
		h.last(mailbox.WasLoop)
		h.take(mail("IT <HELP+anything@desk.example>", "Hello", "Hello"))
		h.last(mailbox.WasLoop)
		if h.tickets() != 1 {
			t.Errorf("%d tickets", h.tickets())
		}
	})
}

func TestBrokenMailBecomesATicketWithTheRawFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		for _, raw := range []string{"", "\x00\x01\x02\xff\xfe garbage", "just words without a header"} {
			h.take(raw)
			row := h.last(mailbox.BecameRaw)
			h.read(func(tx *db.Tx) error {
				files, err := ticket.Attachments(t.Context(), tx, row.TicketID, true)
				if err != nil || len(files) != 1 || files[0].Size != int64(len(raw)) || files[0].Type != "message/rfc822" {
					t.Errorf("%q: files %+v, error %v", raw, files, err)
					return nil
				}
				return h.post.Blobs.Check(t.Context(), blob.Ref{SHA256: files[0].SHA256, Size: files[0].Size})
			})
			if m := h.messages(row.TicketID); !strings.Contains(m[0].Text, "could not be read") {
				t.Errorf("%q: text %q", raw, m[0].Text)
			}
		}
	})
}

func TestMailsThatDidNotComeWholeAreEachATicket(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		in := func(raw string) mailbox.Incoming {
			return mailbox.Incoming{MailboxID: h.box, Raw: []byte(raw), Source: mailbox.SourceIMAP, Problem: "it is larger than the desk takes (70 MB)"}
		}
		head, _, _ := strings.Cut(mail(hana, "A film", "x", "Message-ID: <film@customer.example>"), "\r\n\r\n")
		h.must(h.post.Take(t.Context(), []mailbox.Incoming{in(""), in(""), in(head + "\r\n\r\n"), in(head + "\r\n\r\n")}))
		h.must(h.post.FileAll(t.Context()))
		rows := h.mails()
		for i, want := range []mailbox.Outcome{mailbox.BecameRaw, mailbox.BecameRaw, mailbox.BecameRaw, mailbox.WasDuplicate} {
			if rows[i].Outcome != want {
				t.Errorf("row %+v, want %q", rows[i], want)
			}
		}
		tk := h.ticket(rows[2].TicketID)
		if tk.Subject != "A film" || !strings.Contains(h.messages(tk.ID)[0].Text, "70 MB") {
			t.Errorf("ticket %+v", tk)
		}
		h.take(mail(hana, "A film", "x", "Message-ID: <film@customer.example>"))
		h.last(mailbox.BecameTicket)
	})
}

func TestMailWithoutSenderHasARequester(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		in := func(raw string) mailbox.Incoming {
			return mailbox.Incoming{To: []string{deskAddress}, Raw: []byte(raw), Source: mailbox.SourceLMTP}
		}
		h.must(h.post.Take(t.Context(), []mailbox.Incoming{in(mail("nobody", "One", "1")), in(mail("", "Two", "2"))}))
		h.must(h.post.FileAll(t.Context()))
		rows := h.mails()
		one, two := h.ticket(rows[0].TicketID), h.ticket(rows[1].TicketID)
		if one.RequesterID == 0 || one.RequesterID != two.RequesterID || one.LastBy != "Unknown sender" {
			t.Errorf("requesters %d, %d, %q", one.RequesterID, two.RequesterID, one.LastBy)
		}
	})
}

func TestMailThatCannotBeFiledThreeTimesBecomesRaw(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.desk.Hooks = append(h.desk.Hooks, func(_ context.Context, _ *db.Tx, _ ticket.Event, _ ticket.Ticket, m *ticket.Message) error {
			if m != nil && strings.Contains(m.Text, "poison") {
				panic("a feature that fails")
			}
			return nil
		})
		h.take(mail(hana, "First", "Fine."), mail(hana, "Bad", "This is poison."), mail(hana, "Last", "Fine, too."))
		rows := h.mails()
		if rows[0].Outcome != mailbox.BecameTicket || rows[2].Outcome != mailbox.BecameTicket || rows[1].State != "waiting" || rows[1].Attempts != 2 {
			t.Fatalf("rows %+v", rows)
		}
		h.must(h.post.FileAll(t.Context()))
		h.must(h.post.FileAll(t.Context()))
		if row := h.mails()[1]; row.Outcome != mailbox.BecameRaw || h.ticket(row.TicketID).Subject != "Bad" {
			t.Errorf("row %+v", row)
		}
		h.read(func(tx *db.Tx) error {
			p, err := person.FindByAddress(t.Context(), tx, "hana@customer.example")
			if err == nil && h.ticket(h.mails()[1].TicketID).RequesterID != p.ID {
				t.Error("the sender is not the requester")
			}
			return err
		})
	})
}
