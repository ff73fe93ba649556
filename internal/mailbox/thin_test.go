package mailbox_test

import (
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/mailbox"
	"goodturn/internal/ticket"
)

func TestMailBecomesTicketAndAnswerGoesOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(mail("Hana Sato <hana@customer.example>", "Printer prints half pages", "Hello,\n\nthe printer on floor 2 prints half pages.\n\n-- \nHana Sato\nAccounts", "Message-ID: <first@customer.example>"))
		row := h.last(mailbox.BecameTicket)
		tk := h.ticket(row.TicketID)
		if tk.Subject != "Printer prints half pages" || tk.TeamID != h.team || tk.MailboxID != h.box || tk.Channel != ticket.ByMail || tk.Status != ticket.StatusNew || tk.LastBy != "Hana Sato" {
			t.Fatalf("ticket %+v", tk)
		}
		m := h.messages(tk.ID)
		if len(m) != 1 || !strings.Contains(m[0].Text, "half pages") || strings.Contains(m[0].Text, "Accounts") || !strings.Contains(m[0].Quoted, "Accounts") || m[0].ID != row.MessageID {
			t.Fatalf("messages %+v", m)
		}

		h.reply(tk.ID, "Good morning Hana,\n\nplease switch it off and on.", ticket.Pending)
		out := h.send(1)[0]
		m = h.messages(tk.ID)
		if out.from != deskAddress || out.to != "hana@customer.example" {
			t.Errorf("envelope %s to %s", out.from, out.to)
		}
		if out.From.Name != "Amara Okafor, IT help desk" || out.From.Address != deskAddress {
			t.Errorf("From %v", out.From)
		}
		if out.Message.Subject != "Re: Printer prints half pages [#1001]" {
			t.Errorf("Subject %q", out.Message.Subject)
		}
		if out.MessageID == "" || out.MessageID != m[1].RFCMessageID || !strings.HasSuffix(out.MessageID, "@desk.example") {
			t.Errorf("Message-ID %q, on the message %q", out.MessageID, m[1].RFCMessageID)
		}
		if len(out.InReplyTo) != 1 || out.InReplyTo[0] != "first@customer.example" || len(out.References) != 1 || out.References[0] != "first@customer.example" {
			t.Errorf("In-Reply-To %q, References %q", out.InReplyTo, out.References)
		}
		if len(out.ReplyTo) != 1 || out.ReplyTo[0].Address != h.post.ReplyAddress(deskAddress, tk.ID) {
			t.Errorf("Reply-To %v", out.ReplyTo)
		}
		if out.Automatic != "" || !strings.HasPrefix(out.NewText, "Good morning Hana,\n\nplease switch it off and on.") || !strings.Contains(out.QuotedText, "half pages") {
			t.Errorf("automatic %q, new text %q, quoted %q", out.Automatic, out.NewText, out.QuotedText)
		}
		if !strings.Contains(out.HTML, "please switch it off") || !strings.Contains(out.HTML, public+"/t/") || !strings.Contains(out.Text, public+"/t/") {
			t.Errorf("HTML %s", out.HTML)
		}
		fate := h.deliveries(tk.ID)
		if len(fate) != 1 || fate[0].State != mailbox.Sent || fate[0].SentAt == 0 || fate[0].Error != "" || fate[0].Copy {
			t.Errorf("deliveries %+v", fate)
		}
	})
}
