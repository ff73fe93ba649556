package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/stint"
	tickets "goodturn/internal/ticket"
)

// TestBrowserAFirstStint goes from the invitation to the first draft in fewer than ten clicks, has the mentor send it, and says what was seen.
func TestBrowserAFirstStint(t *testing.T) {
	for name, how := range browserPhones {
		t.Run(name, func(t *testing.T) {
			d, scripts := browserDemo(t), name == "with scripts"
			lead, mentor := d.staff(person.Lead, 0), d.number(`SELECT min(person_id) FROM stint_mentor`)
			guest := d.number(`SELECT p.id FROM person p WHERE p.role = 'requester' AND p.active AND p.merged_into IS NULL AND NOT EXISTS (SELECT 1 FROM stint s WHERE s.person_id = p.id) ORDER BY p.id LIMIT 1`)
			var id, number int64
			d.write(func(ctx context.Context, tx *db.Tx) error {
				a, err := person.ActorOf(ctx, tx, lead)
				if err != nil {
					return err
				}
				all, err := stint.Policies(ctx, tx)
				if err != nil {
					return err
				}
				keeper := d.app.Stints
				s, err := keeper.Propose(ctx, tx, a, all[0], guest)
				if err != nil {
					return err
				}
				id = s.ID
				if _, err := tx.Exec(ctx, `UPDATE stint SET from_at = $2, until = $3, mentor_id = $4 WHERE id = $1`, id, tx.Now.Add(30*time.Minute), tx.Now.Add(5*time.Hour), mentor); err != nil {
					return err
				}
				asker := d.number(`SELECT max(id) FROM person WHERE role = 'requester' AND active AND merged_into IS NULL`)
				made, err := d.app.Tickets.Create(ctx, tx, tickets.By{Actor: person.System}, tickets.New{Subject: "The printer prints half pages", Requester: asker, Team: s.TeamID, Message: tickets.Draft{Text: "Hello, the printer prints half pages since today. Call me at +49 30 1234567."}})
				if err != nil {
					return err
				}
				number = made.ID
				return keeper.Invite(ctx, tx, a, id)
			})

			p := d.page(t, how...).cookie(d.session(guest)).open("/stint")
			clicks := 0
			click := func(what string) {
				t.Helper()
				clicks++
				p.follow(what)
			}
			p.has("I am glad to come").checked(t, scripts)
			click(`main button[value="yes"]`)
			p.has("You come")
			click(`main form[action$="/beginning"] button`)
			p.has("is beside you", "A good one to begin with").checked(t, scripts)
			click(fmt.Sprintf(`main button[name="ticket"][value="%d"]`, number))
			p.has("The printer prints half pages", "names").checked(t, scripts)
			p.hasNot("1234567")
			p.fill("#f-text", "Good morning, please set the tray to A4.")
			click(`main button[value="hand"]`)
			p.has("has it now").checked(t, scripts)
			if clicks >= 10 {
				t.Errorf("%d clicks", clicks)
			}
			if n := d.number(`SELECT count(*) FROM message WHERE ticket_id = $1 AND NOT inbound`, number); n != 0 {
				t.Errorf("%d answers went out by themselves", n)
			}
			p.open(fmt.Sprintf("/tickets/%d", number)).has("not open to you")

			m := d.page(t, how...).cookie(d.session(mentor)).open(fmt.Sprintf("/mentoring/%d", id))
			m.has("please set the tray to A4").checked(t, scripts)
			m.fill("#whisper", "Kind and clear. Shall we send it?")
			m.follow(`.whispers form button`)
			m.has("Kind and clear")
			m.follow(`main a[href*="draft="]`)
			m.has("writes this and asks for a look")
			p.open("/stint").has("Kind and clear")

			p.open(fmt.Sprintf("/stint/%d/debrief", id))
			p.fill("#f-saw", "People apologise for asking.")
			p.fill("#papercut-1", "The tray is Letter by default")
			p.follow(`main form .primary`)
			p.has("Thank you", "The tray is Letter by default").checked(t, scripts)
			if n := d.number(`SELECT count(*) FROM papercut_tap WHERE person_id = $1 AND text = 'The tray is Letter by default'`, guest); n != 1 {
				t.Errorf("%d papercuts", n)
			}
			p.open(fmt.Sprintf("/lent/%d", number)).has("not open to you")
		})
	}
}

// TestBrowserSendAfterReview has an apprentice hand on a draft, the mentor say yes to it, and the apprentice send exactly that.
func TestBrowserSendAfterReview(t *testing.T) {
	for name, how := range browserPhones {
		t.Run(name, func(t *testing.T) {
			d, scripts := browserDemo(t), name == "with scripts"
			id := d.number(`SELECT max(id) FROM stint WHERE kind = 'apprenticeship' AND state = 'running'`)
			learner, mentor := d.number(`SELECT person_id FROM stint WHERE id = $1`, id), d.number(`SELECT mentor_id FROM stint WHERE id = $1`, id)
			d.write(func(ctx context.Context, tx *db.Tx) error { // the words below are English
				_, err := tx.Exec(ctx, `UPDATE person SET language = 'en' WHERE id IN ($1, $2)`, learner, mentor)
				return err
			})
			var number int64
			as := func(do func(ctx context.Context, tx *db.Tx, by tickets.By) error) {
				t.Helper()
				d.write(func(ctx context.Context, tx *db.Tx) error {
					a, err := person.ActorOf(ctx, tx, mentor)
					if err != nil {
						return err
					}
					return do(ctx, tx, tickets.By{Actor: a})
				})
			}
			asker := d.number(`SELECT max(id) FROM person WHERE role = 'requester' AND active AND merged_into IS NULL`)
			team := d.number(`SELECT team_id FROM stint WHERE id = $1`, id)

			// Reading along: it is there as soon as the mentor has it, what is said too, and nothing can be written.
			p := d.page(t, how...).cookie(d.session(learner)).open("/stint")
			as(func(ctx context.Context, tx *db.Tx, by tickets.By) error {
				made, err := d.app.Tickets.Create(ctx, tx, tickets.By{Actor: person.System}, tickets.New{Subject: "The scanner is upside down", Requester: asker, Team: team, Message: tickets.Draft{Text: "Hello, all scans are upside down."}})
				if err != nil {
					return err
				}
				number = made.ID
				return d.app.Tickets.Assign(ctx, tx, by, number, mentor)
			})
			if scripts {
				p.shows("#turn", "The scanner is upside down")
			} else {
				p.open("/stint")
			}
			p.has("What you read along with", "The scanner is upside down").checked(t, scripts)
			p.open(fmt.Sprintf("/lent/%d", number)).has("upside down").hasNot("Your answer")
			if scripts {
				as(func(ctx context.Context, tx *db.Tx, by tickets.By) error {
					_, err := d.app.Tickets.Reply(ctx, tx, by, number, tickets.Draft{Text: "Which scanner is it?"}, "")
					return err
				})
				p.shows("#request", "Which scanner is it?")
			}
			answers := d.number(`SELECT count(*) FROM message WHERE ticket_id = $1 AND NOT inbound`, number)

			m := d.page(t, how...).cookie(d.session(mentor)).open(fmt.Sprintf("/mentoring/%d", id))
			m.click(`main input[name="stage"][value="review"]`).follow(`main form[action$="/stage"] .actions button`)
			m.has("sends what the mentor said yes to").checked(t, scripts)

			p.open(fmt.Sprintf("/lent/%d", number)).has("Your answer")
			p.fill("#f-text", "Good morning, please turn the page before you scan.")
			p.follow(`main button[value="hand"]`)
			p.has("has it now").hasNot("Send it")
			m.open(fmt.Sprintf("/mentoring/%d", id)).has("please turn the page").checked(t, scripts)
			m.follow(`main form[action$="/approvals"] button`)
			m.has("you said yes; they send it")

			p.open(fmt.Sprintf("/lent/%d", number)).has("says yes to it", "Send it").checked(t, scripts)
			if n := d.number(`SELECT count(*) FROM message WHERE ticket_id = $1 AND NOT inbound`, number); n != answers {
				t.Errorf("%d answers went out by themselves", n-answers)
			}
			p.follow(`main form[action$="/sending"] button`)
			p.has("please turn the page")
			if n := d.number(`SELECT count(*) FROM message WHERE ticket_id = $1 AND NOT inbound AND author_id = $2`, number, learner); n != 1 {
				t.Errorf("%d answers of theirs", n)
			}
			m.open(fmt.Sprintf("/tickets/%d", number)).has("please turn the page", "after a yes from")
		})
	}
}
