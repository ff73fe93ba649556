package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
)

// TestBrowserTwoAtOnce has two agents at one ticket: each sees that the other is there and writes, and when both set the same, the second
// is asked; nothing that was typed is lost, and the focus stays on the page.
func TestBrowserTwoAtOnce(t *testing.T) {
	d := browserDemo(t)
	first, second := d.staff(person.Agent, 0), d.staff(person.Agent, 1)
	tk := d.asks("The door will not shut")
	at := fmt.Sprintf("/tickets/%d?view=all", tk.ID)
	name := func(id int64) string { return d.word(`SELECT name FROM person WHERE id = $1`, id) }
	a := d.page(t, browser.Size(1440, 900)).cookie(d.session(first)).open(at).mark()
	b := d.page(t, browser.Size(1440, 900)).cookie(d.session(second)).open(at).mark()
	here := func(p *browserPage, who int64) {
		t.Helper()
		p.until(fmt.Sprintf(`[...document.querySelectorAll("#presence [aria-label]")].some(e => e.getAttribute("aria-label").includes(%q))`, name(who)))
	}
	here(a, second)
	here(b, first)

	a.keys("n").text("Same as in May")
	b.shows("#writing", name(first)+" is writing a note").shows("#told", "is writing a note")
	a.keys("Ctrl+Enter")
	b.shows("#timeline .message.is-note", "Same as in May").gone("#writing", "is writing")

	// The second has chosen a team while the first one moves the ticket.
	b.choose("#set-team", d.word(`SELECT slug FROM team WHERE NOT private ORDER BY id DESC LIMIT 1`))
	a.choose("#set-team", d.word(`SELECT slug FROM team WHERE NOT private AND id <> $1 ORDER BY id LIMIT 1`, tk.TeamID)).click(`form[action$="/team"] button`)
	b.shows("#timeline .event", "moved it to")
	b.keys("r").text("Half an ans")
	b.click(`form[action$="/team"] button`)
	b.shows("#conflict", "Team was changed meanwhile").shows("#conflict", name(first)+" set").until(`document.activeElement.matches("#conflict [data-attention]")`)
	b.is(`document.querySelector("#composer textarea[name=text]").value.includes("Half an ans") || document.querySelector("#composer [contenteditable]")?.textContent.includes("Half an ans")`)
	browser.CheckAxe(t, b.ctx)
	if dir := os.Getenv("GOODTURN_PAGES"); dir != "" {
		a.keys("n").text("And once more")
		b.shows("#writing", "is writing a note")
		b.do(browserWindow(filepath.Join(dir, "together-light.png")))
		b.do(browser.Dark(), browserWindow(filepath.Join(dir, "together-dark.png")), browser.Light())
		b.do(browser.Size(390, 844), browserWindow(filepath.Join(dir, "together-phone.png")), browser.Size(1440, 900))
	}
	b.forget() // the console names the status 409
	b.click("#conflict button").until(`!document.querySelector("#conflict .conflict")`).is(`document.activeElement !== document.body`)
	if got := d.number(`SELECT team_id FROM ticket WHERE id = $1`, tk.ID); got != d.number(`SELECT id FROM team WHERE NOT private ORDER BY id DESC LIMIT 1`) {
		t.Errorf("the team is %d", got)
	}

	// What had the focus is gone after it was pressed: the next one has it.
	b.is(`(document.querySelector('.side button[value="me"]').focus(), true)`).keys("Enter").until(`!document.querySelector('.side button[value="me"]')`)
	b.until(`document.activeElement && document.activeElement !== document.body && document.activeElement.closest(".side, #ticket")`)
	a.same()
	b.same().quiet()
}

// TestBrowserNoticesArrive: what somebody is told comes without loading the page, and is read by opening the ticket.
func TestBrowserNoticesArrive(t *testing.T) {
	d := browserDemo(t)
	first, second := d.staff(person.Agent, 0), d.staff(person.Agent, 1)
	tk := d.asks("The bell is dumb")
	b := d.page(t, browser.Size(1440, 900)).cookie(d.session(second)).open("/notices").mark()
	before := browserEval[int](b, `Number(document.querySelector("#bell .count")?.firstChild.data || 0)`)
	a := d.page(t, browser.Size(1440, 900)).cookie(d.session(first)).open(fmt.Sprintf("/tickets/%d?view=all", tk.ID))
	a.choose("#set-assignee", fmt.Sprint(second)).click(`form[action$="/assignee"]:has(select) button`)
	b.shows("#notices", "The bell is dumb").until(fmt.Sprintf(`Number(document.querySelector("#bell .count")?.firstChild.data || 0) === %d`, before+1)).same()
	browser.CheckAxe(t, b.ctx)
	if dir := os.Getenv("GOODTURN_PAGES"); dir != "" {
		b.do(browserWindow(filepath.Join(dir, "notices-light.png")))
		b.do(browser.Dark(), browserWindow(filepath.Join(dir, "notices-dark.png")), browser.Light())
		b.do(browser.Size(390, 844), browserWindow(filepath.Join(dir, "notices-phone.png")), browser.Size(1440, 900))
		b.open("/account/notices").do(browserWindow(filepath.Join(dir, "choice-light.png")))
		b.do(browser.Size(390, 844), browserWindow(filepath.Join(dir, "choice-phone.png")), browser.Size(1440, 900)).open("/notices")
	}
	b.follow(fmt.Sprintf(`#notices a[href="/tickets/%d"]`, tk.ID))
	b.until(fmt.Sprintf(`Number(document.querySelector("#bell .count")?.firstChild.data || 0) === %d`, before))
	b.quiet()
}
