package e2e

import (
	"encoding/json"
	"fmt"
	"html"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"goodturn/internal/mailbox"
	"goodturn/internal/testserver/dovecot"
	"goodturn/internal/testserver/guard"
	"goodturn/internal/testserver/postfix"
	"goodturn/internal/transport/dial"
)

// once checks that each word is the subject of exactly one ticket, and that there are no others.
func (c *client) once(words []string) {
	c.Helper()
	seen := map[string]int{}
	for _, t := range c.tickets("") {
		seen[t.Subject]++
	}
	for _, w := range words {
		if seen[w] != 1 {
			c.Errorf("%s is the subject of %d tickets", w, seen[w])
		}
	}
	if len(seen) != len(words) {
		c.Errorf("%d subjects, want %d", len(seen), len(words))
	}
}

// The IMAP server is away while mails come, and comes back; later it counts its mails anew.
func TestIMAPOutage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	in := dovecot.Start(t, dovecot.Options{Users: users()})
	mx := postfix.Start(t, postfix.Options{Domains: []string{"desk.example"}, LMTP: guard.Address(in.LMTPPort)})
	d.trust(in.Certificate)
	account := receiving(in)
	account.Folders = []string{"INBOX"}
	box := d.addMailbox(mailbox.Mailbox{Receiving: account})
	d.start()
	var words []string
	send := func(word string) {
		t.Helper()
		words = append(words, word)
		must(t, mx.Send(ada, []string{helpAddress}, letter(word)))
	}
	for i := range 5 {
		send(fmt.Sprintf("before-%d", i))
	}
	d.api.waitTicket("before-4", 20*time.Second)
	in.Stop()
	wait(t, 20*time.Second, "the outage is noted", func() error {
		if h := d.health(box); h.Error == "" || !strings.Contains(h.Error, "localhost") {
			return fmt.Errorf("it is %+v", h)
		}
		return nil
	})
	for i := range 5 {
		send(fmt.Sprintf("meanwhile-%d", i))
	}
	in.Restart()
	for i := range 5 {
		d.api.waitTicket(fmt.Sprintf("meanwhile-%d", i), 60*time.Second)
	}
	wait(t, 20*time.Second, "the connection is noted as good", func() error {
		if h := d.health(box); h.ConnectedAt == 0 || h.Error != "" {
			return fmt.Errorf("it is %+v", h)
		}
		return nil
	})
	d.api.once(words)
	recount(t, d, in, box, words)
}

// recount gives the desk a folder that has all the old mails under a new UIDVALIDITY.
func recount(t *testing.T, d *desk, in *dovecot.Server, box int64, words []string) {
	t.Helper()
	old := in.Messages(helpAddress, "INBOX")
	if len(old) != len(words) {
		t.Fatalf("%d mails in the folder, want %d", len(old), len(words))
	}
	fill := func(last string) {
		for _, raw := range old {
			in.Append(helpAddress, "Intake", raw)
		}
		in.Append(helpAddress, "Intake", letter(last))
	}
	fill("counted-1")
	d.changeMailbox(box, func(m *mailbox.Mailbox) { m.Receiving.Folders = []string{"Intake"} })
	d.api.waitTicket("counted-1", 30*time.Second)
	d.kill() // a Dovecot whose folder is deleted under another session may break its own index
	must(t, in.Client(t, helpAddress).Delete("Intake").Wait())
	fill("counted-2") // makes the folder anew
	d.start()
	d.api.waitTicket("counted-2", 60*time.Second)
	d.api.once(append(words, "counted-1", "counted-2"))
}

// The submission server is away: the answer waits and says why, and goes out when it is back.
func TestSubmissionOutage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := startPostfix(t, d)
	d.trust(s.Certificate)
	d.addMailbox(mailbox.Mailbox{Sending: sending(s)})
	d.start()
	noor := d.signIn()
	must(t, s.Send(ada, []string{helpAddress}, letter("printer")))
	got, _ := d.api.waitTicket("printer", 20*time.Second)

	s.Stop()
	d.api.reply(got.Number, "It will be mended. lantern-word", "")
	f := d.waitDelivery(got.Number, 20*time.Second, func(f mailbox.Delivery) bool { return f.Error != "" })
	if next := time.Until(f.NextAt.Time()); f.State != mailbox.Queued || f.Attempts != 1 || next < 20*time.Second || next > 61*time.Second || !strings.Contains(f.Error, "localhost") {
		t.Errorf("next try in %s, %+v", next, f)
	}
	path := fmt.Sprintf("/tickets/%d", got.Number)
	if p := noor.get(path); p.status != 200 || !strings.Contains(html.UnescapeString(p.html), f.Error) {
		t.Errorf("the page does not say %q:\n%s", f.Error, p.html)
	}
	s.Restart()
	again := fmt.Sprintf("%s/deliveries/%d/again", path, f.ID)
	if p := noor.post(again); p.status != 200 {
		t.Fatalf("Send again: %d at %s\n%s", p.status, p.at, p.html)
	}
	out := outbound(t, s.Sink, "lantern-word")
	d.waitDelivery(got.Number, 20*time.Second, func(f mailbox.Delivery) bool { return f.State == mailbox.Sent && f.Error == "" })
	if p := noor.post(again); p.status != 409 {
		t.Errorf("Send again of what was sent: %d", p.status)
	}

	// The world refuses it later: Postfix, which had taken it, sends a bounce.
	s.Sink.Refuse(func(string) error {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "Nobody of that name"}
	})
	d.api.reply(got.Number, "Are you there?", "")
	f = d.waitDelivery(got.Number, 30*time.Second, func(f mailbox.Delivery) bool { return f.State == mailbox.Failed })
	if !strings.Contains(f.Error, "no such address") {
		t.Errorf("the reason is %q", f.Error)
	}
	if now := d.api.ticket(got.Number); !now.has("delivery_failed") || len(now.Messages) != 3 {
		t.Errorf("got %+v", now)
	}
	if n := len(d.api.tickets("")); n != 1 {
		t.Errorf("%d tickets", n)
	}
	sent := 0
	for _, m := range s.Sink.Mails() {
		if strings.Contains(string(m.Raw), out.ids("Message-ID")[0]) {
			sent++
		}
	}
	if sent != 1 {
		t.Errorf("the answer went out %d times", sent)
	}
}

// A server that says "not now" is asked again; one that says "never" is not.
func TestRefusedAnswers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	sink := postfix.NewSink(t)
	d.addMailbox(mailbox.Mailbox{Sending: mailbox.Sending{Host: "127.0.0.1", Port: sink.Port, Security: dial.None}})
	d.start()
	noor := d.signIn()
	var asked atomic.Int32
	sink.Refuse(func(string) error {
		if asked.Add(1) == 1 {
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "Greylisted, come back later"}
		}
		return nil
	})
	var first ticket
	d.api.post("/api/v1/tickets", map[string]any{"subject": "printer", "text": "It is dead.", "requester": map[string]string{"email": ada, "name": adaName}}).want(201).into(&first)
	d.api.reply(first.Number, "We look. lantern-word", "")
	f := d.waitDelivery(first.Number, 20*time.Second, func(f mailbox.Delivery) bool { return f.Attempts == 1 })
	if f.State != mailbox.Queued || !strings.Contains(f.Error, "Greylisted") || f.NextAt.Time().Before(time.Now()) {
		t.Errorf("got %+v", f)
	}
	noor.post(fmt.Sprintf("/tickets/%d/deliveries/%d/again", first.Number, f.ID))
	outbound(t, sink, "lantern-word")
	d.waitDelivery(first.Number, 20*time.Second, func(f mailbox.Delivery) bool { return f.State == mailbox.Sent })
	if now := d.api.ticket(first.Number); now.has("delivery_failed") {
		t.Errorf("got %+v", now.Events)
	}

	sink.Refuse(func(string) error {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "Nobody of that name"}
	})
	d.api.reply(first.Number, "Are you there?", "")
	f = d.waitDelivery(first.Number, 20*time.Second, func(f mailbox.Delivery) bool { return f.State == mailbox.Failed })
	if !strings.Contains(f.Error, "Nobody of that name") || f.Attempts != 1 {
		t.Errorf("got %+v", f)
	}
	if now := d.api.ticket(first.Number); !now.has("delivery_failed") {
		t.Errorf("got %+v", now.Events)
	}
	if p := noor.get(fmt.Sprintf("/tickets/%d", first.Number)); !strings.Contains(p.html, "Nobody of that name") {
		t.Errorf("the page does not tell the reason:\n%s", p.html)
	}
}

// A wrong password is said in words, by the command and on the mailbox.
func TestWrongPassword(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := dovecot.Start(t, dovecot.Options{Users: users()})
	out := postfix.Start(t, postfix.Options{Dovecot: s})
	d.trust(s.Certificate, out.Certificate)
	d.run("check").want(0, "No mailbox is set up yet")
	box := d.addMailbox(mailbox.Mailbox{Receiving: receiving(s), Sending: sending(out)})
	d.run("check").want(0, "Signed in to localhost as "+helpAddress, "localhost is ready to send")
	d.run("check", "--mailbox", "nobody@desk.example").want(67, "nobody@desk.example")

	d.changeMailbox(box, func(m *mailbox.Mailbox) { m.Receiving.Password, m.Sending.Password = "wrong one", "wrong two" })
	const words = "refused the user name or the password"
	d.run("check").want(1, "wrong  "+helpAddress+", receiving: ", "wrong  "+helpAddress+", sending: ", words)
	got := d.run("check", "--json").want(1)
	for what, line := range map[string]string{"receiving": strings.Split(got.stdout, "\n")[0], "sending": strings.Split(got.stdout, "\n")[1]} {
		var f struct {
			Mailbox, What, Words string
			OK                   *bool
		}
		must(t, json.Unmarshal([]byte(line), &f))
		if f.Mailbox != helpAddress || f.What != what || f.OK == nil || *f.OK || !strings.Contains(f.Words, words) || strings.Contains(line, "wrong one") || strings.Contains(line, "wrong two") {
			t.Errorf("got %s", line)
		}
	}
	d.start()
	wait(t, 20*time.Second, "the mailbox says what is wrong", func() error {
		if h := d.health(box); !strings.Contains(h.Error, words) {
			return fmt.Errorf("it says %q", h.Error)
		}
		return nil
	})
	d.changeMailbox(box, func(m *mailbox.Mailbox) { m.Receiving.Password, m.Sending.Password = mailPassword, mailPassword })
	s.Deliver(helpAddress, letter("after-all"))
	d.api.waitTicket("after-all", 20*time.Second)
	if h := d.health(box); h.Error != "" {
		t.Errorf("the mailbox still says %q", h.Error)
	}
	s.Stop()
	d.run("check").want(1, "localhost")
}
