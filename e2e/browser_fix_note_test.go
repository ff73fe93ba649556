package e2e

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/person"
	tickets "goodturn/internal/ticket"
)

// TestBrowserFixNoteAndDidItWork solves a ticket, writes its fix note and follows the mail: a program that opens its links changes nothing,
// "no" opens the request again with the reason, "yes" settles it, and the note that did not
// help is not shown any more.
func TestBrowserFixNoteAndDidItWork(t *testing.T) {
	for name, how := range browserPhones {
		t.Run(name, func(t *testing.T) {
			d, scripts := browserDemo(t), name == "with scripts"
			agent := d.staff(person.Agent, 0)
			d.visitorOf(t).asks("dana@dale.example", "The projector of the blue room shows everything upside down.")
			number := d.ticket("The projector of the blue room shows everything upside down.")
			d.reply(agent, number, "It was set to hang from the ceiling.", tickets.Solved)

			staff := d.page(t, how...).cookie(d.session(agent)).open(fmt.Sprintf("/tickets/%d/fix-note", number)).checked(t, scripts)
			staff.fill("#f-wrong", "It was set to hang from the ceiling.", "#f-next", "Hold the button with the arrows for three seconds.").follow("main form.card .primary")
			staff.has(fmt.Sprintf("#%d", number)).quiet()

			due := func() {
				d.write(func(ctx context.Context, tx *db.Tx) error {
					_, err := tx.Exec(ctx, `UPDATE outcome SET letter_at = 1 WHERE ticket_id = $1 AND letter_at > 1`, number)
					return err
				})
			}
			due()
			mail := d.fetch(d.caught("dana@dale.example", "Hold the button with the arrows", "worked?answer=no"))
			if mail == "" {
				t.Fatal("no mail")
			}
			link := d.mailedLink(t, "dana@dale.example", "/t/")
			before := d.still()
			for _, answer := range []string{"yes", "no"} { // as a scanner of mails does
				if status, _ := d.opens(http.MethodGet, link+"/worked?answer="+answer); status != http.StatusOK {
					t.Errorf("opening %q answers %d", answer, status)
				}
			}
			for _, table := range changed(before, d.tables()) {
				if table == "ticket" || table == "outcome" || table == "message" || table == "event" {
					t.Errorf("opening the links changed %s", table)
				}
			}

			status := func() string { return d.word(`SELECT status FROM ticket WHERE id = $1`, number) }
			p := d.page(t, how...).open(link).has("Hold the button with the arrows").checked(t, scripts)
			p.open(link+"/worked?answer=no").checked(t, scripts)
			if status() != "solved" {
				t.Error("the page itself opened it again")
			}
			p.fill("#f-text", "It is upside down again.").follow("main form .primary")
			p.has("It is upside down again.").checked(t, scripts)
			if status() != "open" {
				t.Errorf("after a no it is %s", status())
			}
			if n := d.number(`SELECT count(*) FROM event WHERE ticket_id = $1 AND what = 'status' AND to_value = 'open' AND cause = $2`, number, tickets.DidNotWork); n != 1 {
				t.Error("why it is open again is not on the spine")
			}

			d.reply(agent, number, "The setting is locked now.", tickets.Solved)
			p.open(link+"/worked?answer=yes").checked(t, scripts).follow("main form .primary")
			p.checked(t, scripts)
			if got := d.word(`SELECT worked FROM outcome WHERE ticket_id = $1`, number); got != "yes" {
				t.Errorf("they said %q", got)
			}
			p.open(fmt.Sprintf("/requests/%d", number)).hasNot("Hold the button with the arrows").checked(t, scripts) // it did not help
			p.quiet()
		})
	}
}
