package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
	tickets "goodturn/internal/ticket"
)

// TestBrowserCare has rude mails come: folded behind a line and shown when somebody asks, told to the lead where they threaten, handed over without a reason; and after several
// a pause is offered to that person alone.
func TestBrowserCare(t *testing.T) {
	d := browserDemo(t)
	one, two, lead := d.staff(person.Agent, 0), d.staff(person.Agent, 1), d.staff(person.Lead, 0)
	team := d.number(`SELECT min(id) FROM team WHERE NOT private`)
	d.write(func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE person SET language = 'en' WHERE role <> 'requester'`); err != nil {
			return err
		}
		return person.SetMembers(ctx, tx, team, []int64{one, two})
	})
	given := func(number, to int64) int64 {
		d.write(func(ctx context.Context, tx *db.Tx) error {
			by := tickets.By{Actor: person.System}
			if err := d.app.Tickets.MoveTo(ctx, tx, by, number, team); err != nil {
				return err
			}
			return d.app.Tickets.Assign(ctx, tx, by, number, to)
		})
		return number
	}
	d.take("cleo@elm.example", browserMail("Cleo Elm <cleo@elm.example>", "Half pages", "You fucking idiots.\n\nIf it is not fixed today I will kill you."))
	first := given(d.ticket("Half pages"), one)

	p := d.page(t, browser.Size(390, 844)).cookie(d.session(one)).open(fmt.Sprintf("/tickets/%d", first)).checked(t, true)
	p.has("strong language; show")
	p.is(`(() => { const d = document.querySelector(".bubble details.fold"); return d !== null && !d.open && !document.body.innerText.includes("fucking"); })()`)
	p.click(".bubble details.fold summary").shows(".bubble details[open]", "You fucking idiots.")
	d.page(t, browser.Size(390, 844)).cookie(d.session(lead)).open("/notices").has("A threat against people: “If it is not fixed today I will kill you.”").quiet()

	p.click(fmt.Sprintf(`form[action="/tickets/%d/hand-over"] button`, first))
	wait(t, browserLimit, "it is handed over", func() error { // the other has it, or the team outside of its hours
		if d.number(`SELECT coalesce(assignee_id, 0) FROM ticket WHERE id = $1`, first) == one {
			return fmt.Errorf("it is not")
		}
		return nil
	})
	who := d.word(`SELECT name FROM person WHERE id = $1`, one)
	l := d.page(t, browser.Size(390, 844)).cookie(d.session(lead)).open(fmt.Sprintf("/tickets/%d", first))
	l.hasNot("Hand it over", who+" gave", who+" handed")

	for i := range 3 {
		d.write(func(ctx context.Context, tx *db.Tx) error {
			by, err := person.ActorOf(ctx, tx, d.number(`SELECT person_id FROM person_address WHERE address = 'cleo@elm.example'`))
			if err != nil {
				return err
			}
			made, err := d.app.Tickets.Create(ctx, tx, tickets.By{Actor: by}, tickets.New{Subject: fmt.Sprintf("Again %d", i), Requester: by.ID, Team: team, Message: tickets.Draft{Text: "What a piece of shit this is."}})
			if err != nil {
				return err
			}
			return d.app.Tickets.Assign(ctx, tx, tickets.By{Actor: person.System}, made.ID, one)
		})
	}
	p.open("/tickets").has("Take a pause").checked(t, true)
	for name, other := range map[string]int64{"another agent": two, "the lead": lead} {
		if text := d.fetch("/tickets", d.session(other)); strings.Contains(text, "Take a pause") || strings.Contains(text, "hard one") {
			t.Errorf("%s reads of it", name)
		}
	}
	p.follow(`form[action="/account/pause"] button[value="take"]`)
	p.open("/tickets").hasNot("Take a pause").has("End it")
	p.quiet()
}
