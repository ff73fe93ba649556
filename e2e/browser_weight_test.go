package e2e

import (
	"fmt"
	"testing"

	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"

	"github.com/chromedp/chromedp"
)

// TestBrowserPageWeights opens pages in a browser that knows nothing yet, and weighs what came over the wire, headers and all.
func TestBrowserPageWeights(t *testing.T) {
	d := browserDemo(t)
	busy := d.number(`SELECT t.id FROM ticket t JOIN team m ON m.id = t.team_id JOIN person p ON p.id = t.requester_id WHERE NOT m.private AND p.role = 'requester'
		ORDER BY (SELECT count(*) FROM message x WHERE x.ticket_id = t.id) DESC, t.id LIMIT 1`)
	requester, agent := d.session(d.number(`SELECT requester_id FROM ticket WHERE id = $1`, busy)), d.session(d.staff(person.Agent, 0))
	for _, w := range []struct {
		at             string
		visitor        browserVisitor
		bytes, request int
	}{
		{"/", browserVisitor{}, 14 * 1024, 3},
		{fmt.Sprintf("/requests/%d", busy), browserVisitor{"requester", browserOnly(requester)}, 14 * 1024, 3},
		{"/help", browserVisitor{}, 14 * 1024, 3},
		{"/help/set-up-the-vpn-for-working-from-home", browserVisitor{}, 14 * 1024, 3},
		{"/tickets", browserVisitor{"agent", browserOnly(agent)}, 60 * 1024, 0},
		{"/tickets?view=all", browserVisitor{"agent", browserOnly(agent)}, 60 * 1024, 0},
		{fmt.Sprintf("/tickets/%d?view=all", busy), browserVisitor{"agent", browserOnly(agent)}, 90 * 1024, 0},
		{fmt.Sprintf("/tickets/%d?view=all&all=1", busy), browserVisitor{"agent", browserOnly(agent)}, 90 * 1024, 0},
	} {
		p := d.page(t, browser.Size(1440, 900)).cookie(w.visitor.cookies...)
		if _, err := chromedpResponse(p, d.url+w.at); err != nil {
			t.Fatal(err)
		}
		p.do(chromedp.WaitReady(chromedp.CSS("main")))
		p.settled()
		bytes, requests := p.weight()
		t.Logf("%s: %d bytes in %d requests", w.at, bytes, requests)
		if bytes > w.bytes || (w.request > 0 && requests > w.request) {
			t.Errorf("%s: %d bytes in %d requests, at most %d in %d: %s", w.at, bytes, requests, w.bytes, w.request, p.loaded())
		}
	}
}
