package e2e

import (
	"fmt"
	"strings"
	"testing"

	"goodturn/internal/app"
	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
	"goodturn/internal/testserver/postfix"
)

// browserDemoSending is browserDemo whose mail goes to a sink of the test's.
func browserDemoSending(t testing.TB) (*browserDesk, *postfix.Sink) {
	t.Helper()
	sink := postfix.NewSink(t)
	return browserDemo(t, func(a *app.App) { a.Post.Default.Sending.Port = sink.Port }), sink
}

const browserCount = `Number(document.querySelector("#views a[aria-current] .count")?.firstChild.data || 0)`

// TestBrowserMailBecomesAnAnswer is the main way through the desk: a mail arrives in front of the agent, who answers with the keyboard
// alone, and the answer to that arrives while they type.
func TestBrowserMailBecomesAnAnswer(t *testing.T) {
	d, sink := browserDemoSending(t)
	leave := make(chan struct{})
	sink.Refuse(func(string) error { <-leave; return nil })
	const subject, from = "The kettle on floor four trips the fuse", "Ada Moss <ada@moss.example>"

	p := d.page(t, browser.Size(1440, 900)).cookie(d.session(d.staff(person.Agent, 0))).open("/tickets").mark()
	p.until(browserCount + " > 0")
	before := browserEval[int](p, browserCount)
	d.take("ada@moss.example", browserMail(from, subject, "Each time it boils, the lights go out."))
	p.shows("#list .ticket-row .subject", subject)
	p.until(fmt.Sprintf("%s === %d", browserCount, before+1)).same()

	p.keys("j").is(`document.activeElement.textContent.includes("kettle")`)
	p.keys("Enter").until(`document.querySelector("#timeline") && document.readyState === "complete"`).shows("h1", subject).mark()
	p.has("Each time it boils, the lights go out.")
	p.keys("n").is(`document.activeElement.closest("#composer .editor")?.querySelector("#note") !== null`).text("Same fuse as in May.").keys("Ctrl+Enter")
	p.shows("#timeline .message.is-note", "Same fuse as in May.").is(`document.getElementById("note").value === ""`)
	p.click(`.side button[value="me"]`).until(`!document.querySelector('.side button[value="me"]')`)

	p.keys("Escape").until(`document.activeElement.id !== "note"`)
	p.keys("r").is(`document.activeElement.id === "reply-rich"`).text("Please use the kitchen on three until noon.").keys("Ctrl+Enter")
	p.shows("#timeline .message.is-ours", "Please use the kitchen on three until noon.").shows("#timeline .fate", "on its way")
	close(leave)
	p.shows("#timeline .fate", "sent ").gone("#timeline .fate", "on its way").same()

	mail := outbound(t, sink, "kitchen on three")
	if to := mail.header.Get("To"); !strings.Contains(to, "ada@moss.example") || strings.Contains(string(mail.raw), "Same fuse") || !strings.Contains(mail.html, "kitchen on three") {
		t.Errorf("the mail to %s is\n%s", to, mail.raw)
	}

	p.is(`document.activeElement.id === "reply-rich"`).text("One more thi")
	d.take("ada@moss.example", browserMail(from, "Re: "+subject, "There the kettle is broken too.", "In-Reply-To: "+mail.header.Get("Message-ID")))
	p.shows("#timeline .message", "There the kettle is broken too.")
	p.is(`document.activeElement.id === "reply-rich"`).is(`document.getElementById("reply").value === "One more thi"`)
	p.text("ng").is(`document.getElementById("reply").value === "One more thing"`).same()
	if n := d.number(`SELECT count(*) FROM message m JOIN ticket t ON t.id = m.ticket_id WHERE t.subject = $1`, subject); n != 4 {
		t.Errorf("%d messages, want 4", n)
	}
	p.quiet()
}

// TestBrowserTwoAgents has one agent change a ticket in every way while another looks at it, and a third has the list open.
func TestBrowserTwoAgents(t *testing.T) {
	d := browserDemo(t)
	first, second := d.staff(person.Agent, 0), d.staff(person.Agent, 1)
	number := d.number(`SELECT t.id FROM ticket t JOIN team m ON m.id = t.team_id WHERE NOT m.private AND t.status = 'open' AND t.assignee_id IS NOT NULL AND t.assignee_id <> $1 ORDER BY t.id DESC LIMIT 1`, second)
	at := fmt.Sprintf("/tickets/%d?view=all", number)
	does := d.page(t, browser.Size(1440, 900)).cookie(d.session(first)).open(at).mark()
	sees := d.page(t, browser.Size(1440, 900)).cookie(d.session(second)).open(at).mark()
	list := d.page(t, browser.Size(1440, 900)).cookie(d.session(second)).open("/tickets?view=all").mark()
	row := func(words string) {
		t.Helper()
		list.shows(fmt.Sprintf(`.ticket-row[href^="/tickets/%d?"]`, number), words)
	}
	menu := func(resource, value, shown string) {
		t.Helper()
		does.click(fmt.Sprintf(`[popovertarget="set-%s"]`, resource)).click(fmt.Sprintf(`#set-%s button[value="%s"]`, resource, value))
		does.shows(fmt.Sprintf(`[popovertarget="set-%s"]`, resource), shown)
		sees.shows(fmt.Sprintf(`[popovertarget="set-%s"]`, resource), shown)
	}
	sees.keys("r").text("I am typing")

	menu("priority", "urgent", "urgent")
	row("urgent")
	menu("status", "on_hold", "on hold")
	row("on hold")
	menu("kind", "problem", "problem")
	if old := d.word(`SELECT CAST(assignee_id AS TEXT) FROM ticket WHERE id = $1`, number); old != fmt.Sprint(second) {
		me := d.word(`SELECT name FROM person WHERE id = $1`, second)
		value := browserEval[string](does, fmt.Sprintf(`[...document.querySelectorAll("#set-assignee option")].find(o => o.textContent.trim() === %q).value`, me))
		does.choose("#set-assignee", value).click(`form:has(#set-assignee) button`)
		sees.shows("#timeline .event", strings.Fields(me)[0])
		sees.until(fmt.Sprintf(`document.querySelector("#set-assignee").selectedOptions[0].textContent.trim() === %q`, me))
	}
	does.fill("#add-tag", "kettle").click(`form:has(#add-tag) button`)
	does.shows(".chosen .tag", "kettle").is(`document.getElementById("add-tag").value === ""`)
	sees.shows(".chosen .tag", "kettle")
	row("kettle")
	does.click(`.chosen button[value="kettle"]`).gone(".chosen .tag", "kettle")
	sees.gone(".chosen .tag", "kettle")
	does.fill("#add-follower", "lena@moss.example").click(`form:has(#add-follower) button`).shows(".chosen .tag", "lena")
	sees.shows(".chosen .tag", "lena")
	does.click(`[popovertarget="edit-subject"]`).fill("#subject", "A better subject").click(`#edit-subject form button`).shows("h1", "A better subject")
	sees.shows("h1", "A better subject")
	row("A better subject")
	does.click(`.side .actions button[value="solved"]`).shows(`[popovertarget="set-status"]`, "solved")
	sees.shows(`[popovertarget="set-status"]`, "solved").shows(".side .actions", "Reopen")
	row("solved")
	does.click(`.side .actions button[value="open"]`).shows(`[popovertarget="set-status"]`, "open")
	sees.shows(`[popovertarget="set-status"]`, "open")
	sees.is(`document.getElementById("reply").value === "I am typing"`).is(`document.activeElement.id === "reply-rich"`)
	for _, p := range []*browserPage{does, sees, list} {
		p.same().quiet()
	}
}

// TestBrowserPhoneTicket writes a ticket for somebody on the phone with the keyboard alone.
func TestBrowserPhoneTicket(t *testing.T) {
	d := browserDemo(t)
	p := d.page(t, browser.Size(1440, 900)).cookie(d.session(d.staff(person.Agent, 0))).open("/tickets")
	p.keys("c").until(`document.activeElement?.id === "f-who"`)
	p.text("Zora Quill").keys("Tab").text("No sound in Calder").keys("Tab").text("The loudspeakers crackle, then nothing.").keys("Ctrl+Enter")
	p.until(`location.pathname.match("^/tickets/[0-9]+$")`).shows("h1", "No sound in Calder").has("The loudspeakers crackle, then nothing.", "Zora Quill", "by phone")

	// Somebody known is found by a part of the name.
	known := d.word(`SELECT p.name FROM person p JOIN person_address a ON a.person_id = p.id WHERE p.role = 'requester' AND p.active ORDER BY p.id LIMIT 1`)
	address := d.word(`SELECT a.address FROM person p JOIN person_address a ON a.person_id = p.id WHERE p.name = $1 AND a.first LIMIT 1`, known)
	p.keys("c").until(`document.activeElement?.id === "f-who"`).text(strings.Fields(known)[0])
	p.until(fmt.Sprintf(`[...document.querySelectorAll("#f-who-list option")].some(o => (o.value + o.textContent).includes(%q))`, address))
	p.fill("#f-who", address).keys("Tab").text("Badge").keys("Tab").text("Lost it.").keys("Ctrl+Enter")
	p.until(`location.pathname.match("^/tickets/[0-9]+$")`).shows("h1", "Badge").has(known)

	p.keys("c").until(`document.activeElement?.id === "f-who"`).text("Zora").keys("Ctrl+Enter")
	p.is(`location.pathname === "/tickets/new"`).is(`document.querySelector("#f-who").value === "Zora"`)
	p.quiet()
}

// TestBrowserAgentWithoutScripts does the same with scripts switched off: take, note, answer, change, solve, and a phone ticket.
func TestBrowserAgentWithoutScripts(t *testing.T) {
	d := browserDemo(t)
	d.take("ada@moss.example", browserMail("Ada Moss <ada@moss.example>", "The lift hums", "Since this morning."))
	number := d.ticket("The lift hums")
	p := d.page(t, browser.Size(1440, 900), browser.WithoutJavaScript()).cookie(d.session(d.staff(person.Agent, 0))).open("/tickets")
	p.follow(fmt.Sprintf(`.ticket-row[href^="/tickets/%d"]`, number))
	p.has("The lift hums", "Since this morning.")
	p.follow(`.side button[value="me"]`)
	p.click(`.composer details.is-note > summary`).fill("#note", "Ask the landlord.")
	p.follow(`#sheet-note button.primary`)
	p.has("Ask the landlord.", "note, only staff see this")
	p.fill("#reply", "The landlord comes at two.")
	p.follow(`#sheet-reply button.primary`)
	p.has("The landlord comes at two.")
	p.fill("#add-tag", "lift")
	p.follow(`form:has(#add-tag) button`)
	p.is(`document.querySelector(".chosen .tag").textContent.includes("lift")`)
	p.click(`[popovertarget="set-priority"]`)
	p.follow(`#set-priority button[value="high"]`)
	p.is(`document.querySelector('[popovertarget="set-priority"]').textContent.includes("high")`)
	p.follow(`.side .actions button[value="solved"]`)
	p.is(`document.querySelector('[popovertarget="set-status"]').textContent.includes("solved")`)
	p.follow(`.side .actions button[value="open"]`)
	d.caught("The landlord comes at two.")

	p.follow(`a[href="/tickets/new"].new`)
	p.fill("#f-who", "Zora Quill", "#f-subject", "No sound", "#f-text", "It crackles.")
	p.follow(`main form button.primary`)
	p.has("No sound", "It crackles.", "Zora Quill")
	p.follow(`a[href="/tickets/new"].new`)
	p.do(browserNoValidate)
	p.fill("#f-text", "Nobody was named.")
	if status := p.follow(`main form button.primary`); status != 422 {
		t.Errorf("a form that wants more: status %d", status)
	}
	p.forget() // the console names the page's own status
	p.is(`document.querySelector("#f-text").value === "Nobody was named."`).is(`document.querySelector("#f-who[aria-invalid]")`)
	p.quiet()
}
