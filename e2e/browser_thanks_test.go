package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/person"
	tickets "goodturn/internal/ticket"
)

// TestBrowserACardFromAMail has a mail that only says thanks become a card: the ticket stays solved, its helper sees the card, both agree
// that it hangs on the wall; and one that was taken wrongly opens the ticket in one click.
func TestBrowserACardFromAMail(t *testing.T) {
	for name, how := range browserPhones {
		t.Run(name, func(t *testing.T) {
			d, scripts := browserDemo(t), name == "with scripts"
			amara := d.staff(person.Agent, 0)
			solved := func(subject, thanks string) (number, requester int64) {
				d.take("cleo@elm.example", browserMail("Cleo Elm <cleo@elm.example>", subject, "The printer on the second floor prints half pages."))
				number = d.ticket(subject)
				requester = d.number(`SELECT requester_id FROM ticket WHERE id = $1`, number)
				d.reply(amara, number, "It was the drum, please try again.", tickets.Solved)
				answer := d.word(`SELECT rfc_message_id FROM message WHERE ticket_id = $1 AND NOT inbound AND NOT internal ORDER BY id DESC LIMIT 1`, number)
				d.take("cleo@elm.example", browserMail("Cleo Elm <cleo@elm.example>", fmt.Sprintf("Re: %s [#%d]", subject, number), thanks, "In-Reply-To: <"+answer+">"))
				wait(t, browserLimit, "the mail is on the ticket", func() error {
					if d.number(`SELECT count(*) FROM message WHERE ticket_id = $1`, number) < 3 {
						return fmt.Errorf("it is not")
					}
					return nil
				})
				return number, requester
			}
			number, requester := solved("Half pages", "Hello,\n\nthank you so much, it works again!\n\nKind regards\nCleo Elm")
			d.write(func(ctx context.Context, tx *db.Tx) error { // not in a quarter of an hour
				_, err := tx.Exec(ctx, `UPDATE outcome SET letter_at = 1 WHERE ticket_id = $1`, number)
				return err
			})
			d.caught("cleo@elm.example", "Did it work?", "Say thank you")

			agent := d.page(t, how...).cookie(d.session(amara)).open(fmt.Sprintf("/tickets/%d", number))
			agent.has("It only says thanks, so it stays solved", "No, reopen").hasNot("it is open again")
			agent.open("/notices").has("Cleo Elm sent you a thank-you card")
			agent.open("/cards").checked(t, scripts).has("thank you so much, it works again", "from Cleo Elm").follow(`button[value="hang up"]`)
			agent.has("You would hang it up; the other side has not said yet.").open("/wall").hasNot("it works again").checked(t, scripts)

			cleo := d.page(t, how...).cookie(d.session(requester)).open(fmt.Sprintf("/requests/%d", number))
			cleo.checked(t, scripts).has("We read your message as thanks, so your request stays solved.").follow(`button[value="hang up"]`)
			cleo.has("It hangs on the wall of the desk.")
			agent.open("/wall").has("thank you so much, it works again", "Cleo Elm to").checked(t, scripts)
			if text := d.fetch("/cards.txt", d.session(amara)); !strings.Contains(text, "thank you so much, it works again!") {
				t.Errorf("the file: %s", text)
			}
			cleo.follow(`button[value="take down"]`)
			agent.open("/wall").hasNot("it works again")

			cleo.follow(fmt.Sprintf(`main a[href="/requests/%d/thanks"]`, number))
			cleo.checked(t, scripts).fill("#f-text", "You all were so quick.").choose("#f-to", "0").click(`input[name="wall"]`).follow("main form .primary")
			cleo.has("The desk has your card.")
			agent.open("/tickets").has("You all were so quick.").checked(t, scripts)

			wrong, _ := solved("Half pages again", "Thanks, great job.")
			agent.open(fmt.Sprintf("/tickets/%d", wrong)).has("No, reopen").click(fmt.Sprintf(`form[action^="/tickets/%d/thanks/"] button`, wrong))
			agent.shows("#timeline", "it was more than thanks")
			if d.word(`SELECT status FROM ticket WHERE id = $1`, wrong) != "open" || d.number(`SELECT count(*) FROM card WHERE ticket_id = $1`, wrong) != 0 {
				t.Error("it is not open, or the card is still there")
			}
			third, _ := solved("Half pages once more", "Thank you!")
			cleo.open(fmt.Sprintf("/requests/%d", third)).follow(`button[value="unsolved"]`)
			cleo.has("It is open again.").checked(t, scripts)
			agent.quiet()
			cleo.quiet()
		})
	}
}
