package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"goodturn/internal/testserver/browser"
)

// browserPhones are the two ways in which a phone shows pages.
var browserPhones = map[string][]browser.Step{
	"with scripts":    {browser.Size(390, 844)},
	"without scripts": {browser.Size(390, 844), browser.WithoutJavaScript()},
}

// checked looks at a page on a phone: axe-core finds nothing, where scripts run, and nothing is too wide.
func (p *browserPage) checked(t *testing.T, scripts bool) *browserPage {
	t.Helper()
	if p.narrow(390); scripts {
		browser.CheckAxe(t, p.ctx)
	}
	return p
}

// TestBrowserOutageFromPostToEnd posts an outage; somebody without an account who types such words says that they have it too, and is
// told of news and of the end.
func TestBrowserOutageFromPostToEnd(t *testing.T) {
	for name, how := range browserPhones {
		t.Run(name, func(t *testing.T) {
			d, scripts := browserDemo(t), name == "with scripts"
			staff := d.page(t, how...).cookie(d.session(d.staff("agent", 0))).open("/outages").checked(t, scripts)
			staff.follow(`main a[href="/outages/new"]`)
			staff.checked(t, scripts).fill("#f-title", "The VPN lets nobody in", "#f-words", "vpn, anyconnect")
			staff.follow("main form .primary")
			staff.has("The VPN lets nobody in", "Tell everybody who has it").checked(t, scripts)
			id := d.number(`SELECT max(id) FROM outage`)
			at := fmt.Sprintf("/outages/%d", id)

			p := d.page(t, how...).open("/")
			p.fill("#f-name", "Ada Moss", "#f-address", "ada@moss.example", "#f-text", "The vpn does not let me in")
			if scripts {
				p.shows("#near li", "The VPN lets nobody in")
			} else {
				p.follow("#look")
			}
			p.checked(t, scripts).has("The VPN lets nobody in", "We know.").follow("#near button")
			p.has("Please look into your mail").checked(t, scripts).is(fmt.Sprintf(`location.pathname === "/status/%d"`, id))
			link := d.mailedLink(t, "ada@moss.example", "/status-join/")
			had := func() int64 {
				return d.number(`SELECT count(*) FROM outage_person WHERE outage_id = $1 AND state = 'in'`, id)
			}
			p.open(link).has("Do you have this too?").checked(t, scripts)
			if had() != 0 {
				t.Error("opening the link says it already")
			}
			p.follow("main form button")
			p.has("Noted: you have it too.").checked(t, scripts)
			if had() != 1 {
				t.Error("nobody has it")
			}

			staff.open(at).has("1 person has it").fill("#f-text", "A router is being exchanged.").follow(`button[value="news"]`)
			staff.has("A router is being exchanged.")
			d.caught("ada@moss.example", "A router is being exchanged.", "/status-leave/")
			staff.fill("#f-text", "The router is new.").follow(`button[value="over"]`)
			staff.checked(t, scripts).hasNot("Tell everybody who has it")
			d.caught("ada@moss.example", "The router is new.", "If it still does not work for you")
			p.open(fmt.Sprintf("/status/%d", id)).has("Over", "The router is new.").checked(t, scripts)
			p.open("/status").has("The VPN lets nobody in").checked(t, scripts)
			staff.quiet()
			p.quiet()
		})
	}
}

// TestBrowserHandOffAndLedger has somebody whom everybody asks share a link; a colleague asks by it, the helper is told and lets go, and
// notes the minutes in one tap.
func TestBrowserHandOffAndLedger(t *testing.T) {
	for name, how := range browserPhones {
		t.Run(name, func(t *testing.T) {
			d, scripts := browserDemo(t), name == "with scripts"
			helper := d.number(`SELECT min(p.id) FROM person p JOIN person_address a ON a.person_id = p.id WHERE p.role = 'requester' AND p.active`)
			address := d.word(`SELECT address FROM person_address WHERE person_id = $1 ORDER BY first DESC, address LIMIT 1`, helper)
			jo := d.page(t, how...).cookie(d.session(helper)).open("/me").checked(t, scripts)
			jo.follow(`main a[href="/me/help"]`)
			jo.checked(t, scripts).follow(`button[value="on"]`)
			jo.checked(t, scripts)
			shared, err := url.Parse(browserEval[string](jo, `document.querySelector(".kept").innerText`))
			must(t, err)

			p := d.page(t, how...).open(shared.Path).has("asked you to write here").checked(t, scripts)
			p.fill("#f-text", "My keyboard types two letters for each key that I press.", "#f-name", "Cleo Elm", "#f-address", "cleo@elm.example").follow("main form.ask .primary")
			p.has("My keyboard types two letters").is(`location.pathname.startsWith("/requests/")`)
			number := d.ticket("My keyboard types two letters for each key that I press.")
			link := d.mailedLink(t, address, "/handed/")

			told := d.page(t, how...).open(link).has("We have it", "You need do nothing more.").hasNot("two letters").checked(t, scripts)
			if n := d.number(`SELECT count(*) FROM handed_on WHERE ticket_id = $1 AND answer <> ''`, number); n != 0 {
				t.Error("opening the link chooses")
			}
			told.follow(`button[value="let_go"]`)
			told.has("You have let go.").checked(t, scripts).follow(`button[name="minutes"][value="15"]`)
			told.has("are noted in your ledger").quiet()
			if r, text := d.ask(fmt.Sprintf("/requests/%d", number), browserTabCookies(told)...); r.StatusCode == http.StatusOK {
				t.Errorf("who handed it on reads it: %.300s", text)
			}

			noted := func() int64 {
				return d.number(`SELECT count(*) FROM help_entry WHERE person_id = $1 AND removed_at = 0`, helper)
			}
			before := noted()
			jo.open("/helping").checked(t, scripts).follow(`button[name="minutes"][value="15"]`)
			jo.has("15 min").is(`document.querySelector("[role=status]")`).checked(t, scripts)
			if noted() != before+1 {
				t.Errorf("one tap made %d entries", noted()-before)
			}
			jo.follow(`[role=status] button`)
			if noted() != before {
				t.Error("it was not taken back")
			}
			jo.open("/helping/cost").checked(t, scripts).quiet()
			p.quiet()
		})
	}
}
