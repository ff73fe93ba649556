package e2e

import (
	"fmt"
	"testing"

	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
)

// TestBrowserPromise makes a policy in the administration, sees what it means on a ticket, and why, and keeps it.
func TestBrowserPromise(t *testing.T) {
	d := browserDemo(t)
	p := d.page(t, browser.Size(1440, 900)).cookie(d.session(d.staff(person.Administrator, 0))).open("/admin/sla/new")
	p.fill("#f-name", "Within two hours", "#f-filter", "subject:kettle", `input[name="first_answer.normal"]`, "two hours", `input[name="solve.normal"]`, "9h")
	p.click(`input[name="count"][value="wall"]`).click(`form.form button[type="submit"]`)
	p.shows("form .wrong", "Please write it like 4h").is(`document.querySelector('input[name="first_answer.normal"]').value === "two hours" && document.querySelector('input[name="count"][value="wall"]').checked`)
	browser.CheckAxe(t, p.ctx)
	p.fill(`input[name="first_answer.normal"]`, "2h").click(`form.form button[type="submit"]`)
	p.shows("#flash", "“Within two hours” is saved")
	p.click(`button[aria-label="Move Within two hours up"]`).shows("#flash", "The order has changed.")

	tk := d.asks("The kettle on floor four trips the fuse")
	who := d.staff(person.Agent, 0)
	p = d.page(t, browser.Size(1440, 900)).cookie(d.session(who)).open("/tickets?view=all&sort=due")
	p.until(fmt.Sprintf(`document.querySelector("#row-%d .due time")`, tk.ID)).is(fmt.Sprintf(`/in [12] h|in 1\d\d min/.test(document.querySelector("#row-%d .due time").textContent)`, tk.ID))
	p.open(fmt.Sprintf("/tickets/%d", tk.ID)).shows("#promises", "first answer").shows("#promises", "solution")
	p.click(`#promises a`).shows("h1", "Why this time").has("2 h by the clock, by the policy “Within two hours”.", "Still to come")
	browser.CheckAxe(t, p.ctx)
	p.open(fmt.Sprintf("/tickets/%d", tk.ID)).until(`document.querySelector("#composer .editor[data-live]")`)
	p.keys("r").text("It is the fuse.").keys("Ctrl+Enter").shows("#timeline .message.is-ours", "It is the fuse.").gone("#promises", "first answer")
	p.open(fmt.Sprintf("/tickets/%d/promises", tk.ID)).has("kept", "running")
}
