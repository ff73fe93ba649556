package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"goodturn/internal/mailbox"
	"goodturn/internal/testserver/dovecot"
	"goodturn/internal/testserver/postfix"
	"goodturn/internal/testserver/postgres"
)

// A mail becomes a ticket, the answer becomes a mail, and the answer to that comes back, on both databases.
func TestJourneyByMail(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			d := newDesk(t, func(d *desk) {
				if engine == "postgres" {
					d.database = postgres.NewDatabase(t, "")
				}
			})
			s := startPostfix(t, d)
			d.trust(s.Certificate)
			d.addMailbox(mailbox.Mailbox{Sending: sending(s)})
			d.start()

			must(t, s.Send(ada, []string{helpAddress}, richLetter("Drucker über alles")))
			first, _ := d.api.waitTicket("Drucker über alles", 15*time.Second)
			checkRich(t, d, first)
			must(t, s.Send(ada, []string{helpAddress}, letter("another-matter")))
			other, _ := d.api.waitTicket("another-matter", 15*time.Second)

			d.api.reply(first.Number, "Please turn it off and on. lantern-word", "")
			out := outbound(t, s.Sink, "lantern-word")
			checkAnswer(t, out, first.Number)
			d.waitDelivery(first.Number, 10*time.Second, func(f mailbox.Delivery) bool {
				return f.State == mailbox.Sent && f.Address == ada && f.SentAt != 0
			})
			checkLink(t, d, out, first, other)

			d.api.patch(fmt.Sprintf("/api/v1/tickets/%d", first.Number), map[string]string{"status": "solved"}).want(200)
			must(t, s.Send(ada, []string{replyTo(t, out)}, answerTo(out, "It still does not print.")))
			now := d.api.waitMessages(first.Number, 3)
			if now.Status != "open" || now.text(2) != "It still does not print." || !now.Messages[2].Inbound {
				t.Errorf("after the answer: %s, %+v", now.Status, now.Messages[2])
			}
			if n := len(d.api.tickets("")); n != 2 {
				t.Errorf("%d tickets", n)
			}
			d.api.reply(first.Number, "Then somebody comes by. second-lantern", "solved")
			checkThread(t, outbound(t, s.Sink, "second-lantern"), out)
			if code, _ := d.stop(); code != 0 {
				t.Errorf("ended with %d", code)
			}
			d.sound()
		})
	}
}

func checkRich(t *testing.T, d *desk, got ticket) {
	t.Helper()
	if got.Team == nil || *got.Team != "support" || got.Status != "new" || got.Requester.Name != adaName || got.Requester.Email == nil || *got.Requester.Email != ada || got.Number == 0 {
		t.Errorf("got %+v", got)
	}
	m := got.Messages[0]
	if !strings.Contains(m.Text, "Der Drucker im fünften Stock ist tot.") || len(m.Attachments) != 2 {
		t.Fatalf("got %+v", m)
	}
	for _, f := range m.Attachments {
		body := d.api.get(f.URL).want(200).body
		switch f.Name {
		case "notizen ü.txt":
			if f.Inline || !bytes.Equal(body, notes) || f.Size != int64(len(notes)) {
				t.Errorf("%+v, %d bytes", f, len(body))
			}
		case "druck.png":
			if !f.Inline || f.Type != "image/png" || !bytes.HasPrefix(body, []byte("\x89PNG")) {
				t.Errorf("%+v, %q", f, body)
			}
		default:
			t.Errorf("file %q", f.Name)
		}
	}
}

func checkAnswer(t *testing.T, out received, number int64) {
	t.Helper()
	from, err := mail.ParseAddress(out.header.Get("From"))
	must(t, err)
	if !out.alternative || from.Address != helpAddress || !strings.Contains(from.Name, "Ines Duarte") || !strings.Contains(out.text, "Please turn it off and on.") || !strings.Contains(out.html, "Please turn it off and on.") {
		t.Errorf("got %s", out.raw)
	}
	if subject := out.header.Get("Subject"); !strings.Contains(subject, "Re:") || !strings.Contains(subject, fmt.Sprintf("[#%d]", number)) {
		t.Errorf("subject %q", subject)
	}
	if id := out.ids("Message-ID"); len(id) != 1 || !strings.HasPrefix(id[0], "goodturn.") || !strings.HasSuffix(id[0], "@desk.example") {
		t.Errorf("Message-ID %q", id)
	}
	if in, refs := out.ids("In-Reply-To"), out.ids("References"); len(in) != 1 || !slices.Contains(refs, in[0]) || !strings.HasPrefix(in[0], "rich-") {
		t.Errorf("In-Reply-To %q, References %q", in, refs)
	}
	if !regexp.MustCompile(fmt.Sprintf(`^help\+%d\.\w{20}@desk\.example$`, number)).MatchString(replyTo(t, out)) {
		t.Errorf("Reply-To %q", replyTo(t, out))
	}
}

func checkThread(t *testing.T, second, first received) {
	t.Helper()
	refs := second.ids("References")
	if id := first.ids("Message-ID")[0]; !slices.Contains(refs, id) || len(second.ids("In-Reply-To")) != 1 || replyTo(t, second) != replyTo(t, first) || second.ids("Message-ID")[0] == id {
		t.Errorf("References %q, the first was %q", refs, id)
	}
}

func replyTo(t testing.TB, r received) string {
	t.Helper()
	a, err := mail.ParseAddress(r.header.Get("Reply-To"))
	must(t, err)
	return a.Address
}

// answerTo is what a mail client makes of "Reply".
func answerTo(r received, text string) []byte {
	return []byte("From: " + adaName + " <" + ada + ">\r\nTo: " + r.header.Get("Reply-To") + "\r\nSubject: " + r.header.Get("Subject") + "\r\nMessage-ID: <answer-" + r.ids("Message-ID")[0] + ">\r\n" +
		"In-Reply-To: " + r.header.Get("Message-ID") + "\r\nReferences: " + r.header.Get("References") + " " + r.header.Get("Message-ID") + "\r\nDate: Tue, 03 Mar 2026 10:00:00 +0100\r\n" +
		"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text + "\r\n\r\nOn 3 Mar 2026, 09:20, Ines Duarte wrote:\r\n> " + strings.ReplaceAll(strings.TrimSpace(r.text), "\n", "\r\n> ") + "\r\n")
}

var ticketLink = regexp.MustCompile(`http://[^\s"<>]+/t/[\w-]{43}`)

// checkLink opens the link of a mail as a browser does: it shows that ticket and no other.
func checkLink(t *testing.T, d *desk, out received, its, other ticket) {
	t.Helper()
	link := ticketLink.FindString(out.text)
	if link == "" || !strings.Contains(out.html, link) {
		t.Fatalf("no link in\n%s", out.text)
	}
	jar, err := cookiejar.New(nil)
	must(t, err)
	b := &http.Client{Jar: jar, Timeout: 20 * time.Second}
	status, page, at := browse(t, b, link)
	if status != 200 || !strings.Contains(page, its.Subject) || !strings.Contains(page, "Please turn it off and on.") || strings.Contains(page, other.Subject) || strings.Contains(at, "/t/") {
		t.Errorf("%d at %s:\n%s", status, at, page)
	}
	for _, path := range []string{fmt.Sprintf("/requests/%d", other.Number), "/requests", "/tickets", fmt.Sprintf("/tickets/%d", its.Number)} {
		if _, page, at := browse(t, b, d.url()+path); strings.Contains(page, other.Subject) || strings.Contains(page, "lantern-word") {
			t.Errorf("%s (%s) shows\n%s", path, at, page)
		}
	}
	if status, page, _ := browse(t, b, link[:len(link)-1]+"?"); status != 404 || strings.Contains(page, its.Subject) {
		t.Errorf("a wrong link: %d\n%s", status, page)
	}
}

func browse(t testing.TB, b *http.Client, url string) (status int, page, at string) {
	t.Helper()
	r, err := b.Get(url)
	must(t, err)
	defer r.Body.Close()
	raw, err := io.ReadAll(r.Body)
	must(t, err)
	return r.StatusCode, string(raw), r.Request.URL.String()
}

// Mail is fetched at once where the server has IDLE, and by looking from time to time where it has not.
func TestJourneyByIMAP(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		noIdle bool
		limit  time.Duration // from the delivery to the ticket
	}{{"idle", false, 2 * time.Second}, {"polling", true, 75 * time.Second}} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			in := dovecot.Start(t, dovecot.Options{Users: users(), NoIdle: test.noIdle})
			out := postfix.Start(t, postfix.Options{Dovecot: in})
			d.trust(in.Certificate, out.Certificate)
			box := d.addMailbox(mailbox.Mailbox{Receiving: receiving(in), Sending: sending(out)})
			in.Deliver(helpAddress, letter("before-the-start"))
			d.start()
			d.api.waitTicket("before-the-start", 20*time.Second)
			wait(t, 10*time.Second, "the connection is noted as good", func() error {
				if h := d.health(box); h.ConnectedAt == 0 || h.Error != "" {
					return fmt.Errorf("it is %+v", h)
				}
				return nil
			})
			tries := 3 // other programs may keep the machine busy once
			if test.noIdle {
				tries = 1
			}
			best := time.Hour
			for i := range tries {
				word := fmt.Sprintf("Drucker %d", i)
				in.Deliver(helpAddress, richLetter(word))
				got, took := d.api.waitTicket(word, test.limit+20*time.Second)
				checkRich(t, d, got)
				if best = min(best, took); best <= test.limit {
					break
				}
			}
			t.Logf("a mail is a ticket after %s", best)
			if best > test.limit {
				t.Errorf("it took %s, want at most %s", best, test.limit)
			}
			first := d.api.tickets("Drucker")[0]
			d.api.reply(first.Number, "Please turn it off and on. lantern-word", "solved")
			answer := outbound(t, out.Sink, "lantern-word")
			checkAnswer(t, answer, first.Number)
			if test.noIdle {
				return
			}
			in.Deliver(helpAddress, answerTo(answer, "Not yet."))
			if now := d.api.waitMessages(first.Number, 3); now.Status != "open" || now.text(2) != "Not yet." {
				t.Errorf("got %+v", now)
			}
		})
	}
}
