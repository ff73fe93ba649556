package e2e

import (
	"fmt"
	"net/http"
	"testing"
)

// stints names a stint and a policy of the demonstration desk.
func (w *browserWalk) stints() {
	w.values["stints/{id}"] = fmt.Sprintf("stints/%d", w.number(`SELECT min(stint_id) FROM debrief`))
	w.values["stint-policies/{id}"] = fmt.Sprintf("stint-policies/%d", w.number(`SELECT min(id) FROM stint_policy`))
}

// browserGuest is who takes a turn at the desk now, with a ticket that is lent to them.
func browserGuest(_ testing.TB, w *browserWalk) (browserVisitor, string) {
	guest := w.number(`SELECT s.person_id FROM stint s WHERE s.state = 'running' AND s.kind = 'stint'`)
	return browserVisitor{"guest", []*http.Cookie{w.session(guest)}}, fmt.Sprintf("/lent/%d", w.number(`SELECT max(ticket_id) FROM ticket_grant WHERE person_id = $1`, guest))
}

// browserOwnStint is the page of a guest's own turn.
func browserOwnStint(t testing.TB, w *browserWalk) (browserVisitor, string) {
	guest, _ := browserGuest(t, w)
	return guest, "/stint"
}

// browserMentor is who is beside a guest now.
func browserMentor(_ testing.TB, w *browserWalk) (browserVisitor, string) {
	id := w.number(`SELECT id FROM stint WHERE state = 'running' AND kind = 'stint'`)
	return browserVisitor{"mentor", []*http.Cookie{w.session(w.number(`SELECT mentor_id FROM stint WHERE id = $1`, id))}}, fmt.Sprintf("/mentoring/%d", id)
}

// browserDebrief is who has been at the desk, and writes what they saw.
func browserDebrief(_ testing.TB, w *browserWalk) (browserVisitor, string) {
	id := w.number(`SELECT id FROM stint WHERE state = 'running' AND kind = 'stint'`)
	return browserVisitor{"guest", []*http.Cookie{w.session(w.number(`SELECT person_id FROM stint WHERE id = $1`, id))}}, fmt.Sprintf("/stint/%d/debrief", id)
}
