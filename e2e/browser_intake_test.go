package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/outage"
	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
	tickets "goodturn/internal/ticket"
)

// TestAVagueRequestInABrowser sends a request that says nothing, and answers the questions on its page: with scripts, and without.
func TestAVagueRequestInABrowser(t *testing.T) {
	for name, how := range map[string][]browser.Step{"with scripts": {browser.Size(390, 844)}, "without": {browser.Size(390, 844), browser.WithoutJavaScript()}} {
		t.Run(name, func(t *testing.T) {
			d := browserDemo(t)
			d.nothingIsBroken()
			p := d.page(t, how...).open("/")
			text := "it no workie"
			p.fill("#f-text", text, "#f-name", "Ada Moss", "#f-address", "ada@moss.example").follow("main .primary")
			number := d.ticket(text)
			at := fmt.Sprintf("/requests/%d", number)
			p.has("What is it about?", "Your request is in the line already.")
			if name == "with scripts" { // axe is one
				browser.CheckAxe(t, p.ctx)
				if dir := os.Getenv("GOODTURN_PAGES"); dir != "" {
					p.do(browserWindow(filepath.Join(dir, "question.png")))
				}
			}

			if status := p.follow("#question button:not([name])"); status != http.StatusUnprocessableEntity {
				t.Errorf("an empty answer is answered with %d", status)
			}
			p.has("Please choose an answer or write one.").forget()
			p.open(at).follow(`#question button[value="A printer"]`)
			p.has("Thank you, that helps.", "What does the printer do?")
			p.fill("#f-answer", "It eats the paper").follow("#question button:not([name])")
			p.has("Which printer is it?")
			p.follow("#question button[name=skip]")
			p.hasNot("Which printer is it?")
			p.has("What you told us", "A printer", "It eats the paper")
			d.gone(number)
		})
	}
}

// nothingIsBroken ends the outages of the demo, which would be guessed before anything is asked.
func (d *browserDesk) nothingIsBroken() {
	d.Helper()
	by := d.by(d.staff(person.Agent, 0)).Actor
	for d.number(`SELECT count(*) FROM outage WHERE state = 'open'`) > 0 {
		id := d.number(`SELECT min(id) FROM outage WHERE state = 'open'`)
		d.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := d.app.Board.Close(ctx, tx, by, id, outage.News{Text: "It is over."})
			return err
		})
	}
}

// gone checks that nothing more is asked about a request.
func (d *browserDesk) gone(number int64) {
	d.Helper()
	if s := d.word(`SELECT state FROM intake WHERE ticket_id = $1`, number); s == "asking" {
		d.Errorf("request %d is still asked about", number)
	}
}

// TestAVagueMailIsAnsweredByMail has a mail that says nothing confirmed with a question, the answer taken from a mail, and the next question
// mailed; links in those mails only open a page.
func TestAVagueMailIsAnsweredByMail(t *testing.T) {
	d := browserDemo(t)
	d.nothingIsBroken()
	from := "Ada Moss <ada@moss.example>"
	d.take("ada@moss.example", browserMail(from, "Outlook", "Outlook problem\n\nThank you\nAda"))
	number := d.ticket("Outlook")
	receipt := d.fetch(d.caught("ada@moss.example", "What is it that does not work with mail?"))
	link := linkPart(receipt, "/t/", "question?answer=")
	if link == "" {
		t.Fatalf("no link to an answer in\n%s", receipt)
	}
	answered := func() int64 {
		return d.number(`SELECT count(*) FROM intake_ask WHERE ticket_id = $1 AND answered_at > 0`, number)
	}
	r, _ := d.ask("/t/" + link + "question?answer=1-1")
	if r.StatusCode != http.StatusSeeOther || answered() != 0 {
		t.Errorf("a program that opens the link gets %d and %d answers are given", r.StatusCode, answered())
	}
	if r, _ := d.ask("/t/forged" + link[6:] + "question?answer=1-1"); r.StatusCode == http.StatusSeeOther && strings.Contains(r.Header.Get("Location"), "/requests/") {
		t.Error("a forged link leads on")
	}
	if r, err := http.PostForm(d.url+fmt.Sprintf("/requests/%d/question", number), nil); err != nil || r.StatusCode < 400 && answered() != 0 {
		t.Errorf("without the link: %v %v", r, err)
	}

	p := d.page(t, browser.Size(390, 844), browser.WithoutJavaScript()).open("/t/" + link + "question?answer=" + d.word(`SELECT CAST(id AS TEXT) FROM intake_ask WHERE ticket_id = $1`, number) + "-1")
	p.has("Answer: I cannot send")

	id := d.word(`SELECT rfc_message_id FROM letter WHERE ticket_id = $1`, number)
	d.take("ada@moss.example", browserMail(from, "Re: We have your request", "I cannot send\n\n> What is it that does not work with mail?\n> Just answer this mail", "In-Reply-To: <"+id+">", "References: <"+id+">"))
	d.caught("ada@moss.example", "There is one thing more", "Does it show a message?")
	if v := d.word(`SELECT value FROM ticket_fact WHERE ticket_id = $1`, number); v != "I cannot send" {
		t.Errorf("what was answered is %q", v)
	}
	d.reply(d.staff("agent", 0), number, "I look at it.", tickets.Pending)
	d.gone(number)
}

// linkPart is what stands between two words; "" when either is missing.
func linkPart(s, begin, end string) string {
	_, rest, ok := strings.Cut(s, begin)
	found, _, ends := strings.Cut(rest, end)
	if !ok || !ends || strings.ContainsAny(found, " <\n") {
		return ""
	}
	return found
}
