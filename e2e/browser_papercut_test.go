package e2e

import (
	"fmt"
	"testing"

	"goodturn/internal/person"
)

// TestBrowserSomethingSmall says something small in two taps from a page, has a colleague say "me too", notes another beside a ticket by
// its key, and has staff say that it is gone.
func TestBrowserSomethingSmall(t *testing.T) {
	for name, how := range browserPhones {
		t.Run(name, func(t *testing.T) {
			d, scripts := browserDemo(t), name == "with scripts"
			people := func(n int) int64 {
				return d.number(`SELECT p.id FROM person p WHERE p.role = 'requester' AND p.active AND p.merged_into IS NULL AND p.organisation_id = (SELECT min(id) FROM organisation) ORDER BY p.id LIMIT 1 OFFSET ` + fmt.Sprint(n))
			}
			before := d.number(`SELECT count(*) FROM ticket`)
			p := d.page(t, how...).cookie(d.session(people(0))).open("/requests")
			p.follow(`footer a[href="/papercut"]`)
			p.has("Something small bugs me", "Me too").checked(t, scripts)
			p.fill("#f-text", "The door badge wants two tries at the north gate")
			p.follow("main form .primary")
			p.has("Noted, thank you", "The door badge wants two tries").checked(t, scripts)
			if place := d.word(`SELECT place FROM papercut_tap ORDER BY id DESC LIMIT 1`); place != "/requests" {
				t.Errorf("it was said at %q", place)
			}
			id := d.number(`SELECT max(id) FROM papercut`)

			colleague := d.page(t, how...).cookie(d.session(people(1))).open("/papercut")
			if d.number(`SELECT count(*) FROM papercut_tap WHERE person_id = $1 AND papercut_id = $2`, people(1), id) == 0 {
				colleague.fill("#f-text", "door badge: two tries, north gate")
				colleague.follow("main form .primary")
			}
			colleague.has("You and 1 other said so.").checked(t, scripts)
			if n := d.number(`SELECT count(*) FROM ticket`); n != before {
				t.Errorf("%d tickets were made", n-before)
			}

			staff := d.page(t, how...).cookie(d.session(d.staff(person.Agent, 0))).open(fmt.Sprintf("/tickets/%d/papercut", d.ticketOf(t)))
			staff.checked(t, scripts).fill("#f-text", "The north gate badge wants two tries at the door")
			staff.follow("main form .primary")
			if n := d.number(`SELECT people FROM papercut WHERE id = $1`, id); n != 3 {
				t.Errorf("%d people said so", n)
			}
			staff.open(fmt.Sprintf("/papercuts/%d", id)).has("In their words", "The door badge wants two tries").checked(t, scripts)
			staff.follow(`main button[value="gone"]`)
			staff.has("are told in 10 minutes", "It is open").checked(t, scripts)
		})
	}
}

// ticketOf is an open ticket of an open team.
func (d *browserDesk) ticketOf(t testing.TB) int64 {
	t.Helper()
	return d.number(`SELECT max(t.id) FROM ticket t JOIN team m ON m.id = t.team_id WHERE NOT m.private AND t.is_open AND t.merged_into IS NULL`)
}
