package e2e

import (
	"fmt"
	"testing"

	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
)

// TestBrowserSavedView has an agent narrow a list and keep it under a name with the keyboard alone; a colleague sees it with
// its number, which follows what happens.
func TestBrowserSavedView(t *testing.T) {
	d := browserDemo(t)
	first, second := d.staff(person.Agent, 0), d.staff(person.Agent, 1)
	p := d.page(t, browser.Size(1440, 900)).cookie(d.session(first)).open("/tickets")
	p.keys("g", "a").until(`location.search === "?view=all" && document.readyState === "complete"`)
	p.open("/tickets?view=all&tag=vpn&sort=oldest").shows(".list-title", "oldest ticket first")
	p.is(`(document.querySelector('[popovertarget="save-view"]').focus(), true)`).keys("Enter").until(`document.activeElement.id === "save-view-name"`)
	p.text("Everything VPN").keys("Tab", " ")
	browser.CheckAxe(t, p.ctx)
	p.is(`document.querySelector("#save-view-shared").checked`).keys("Enter").shows("h1", "Everything VPN").shows(".list-title", "oldest ticket first")

	tagged := d.number(`SELECT count(*) FROM ticket_tag g JOIN ticket t ON t.id = g.ticket_id JOIN team m ON m.id = t.team_id WHERE g.tag = 'vpn' AND NOT m.private AND t.turn NOT IN ('suspect', 'spam', 'merged', 'trash')`)
	number := `Number(document.querySelector("#views a[data-view^=v] .count")?.firstChild.textContent)`
	q := d.page(t, browser.Size(1440, 900)).cookie(d.session(second)).open("/tickets").shows("#views", "Everything VPN").mark()
	q.until(fmt.Sprintf("%s === %d", number, tagged))
	tk := d.asks("The tunnel closes at noon")
	p.open(fmt.Sprintf("/tickets/%d?view=all", tk.ID))
	p.is(`(document.querySelector("#add-tag").focus(), true)`).text("vpn").keys("Enter").shows(".side .tag", "vpn")
	q.until(fmt.Sprintf("%s === %d", number, tagged+1)).same().quiet()
}

// TestBrowserViewsWithoutScripts: how a list is shown and keeping it are plain forms.
func TestBrowserViewsWithoutScripts(t *testing.T) {
	d := browserDemo(t)
	p := d.page(t, browser.Size(390, 844), browser.WithoutJavaScript()).cookie(d.session(d.staff(person.Agent, 0)))
	p.open("/views/new?filter=tag:vpn").fill(`main input[name="name"]`, "Without scripts").follow(`main form button[type="submit"]`)
	p.has("Without scripts")
	p.open("/views").has("Without scripts", "tag:vpn")
	if n := d.number(`SELECT count(*) FROM saved_view WHERE name = 'Without scripts' AND NOT shared`); n != 1 {
		t.Errorf("there are %d such views", n)
	}
}
