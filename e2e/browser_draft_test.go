package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"goodturn/internal/app"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
)

const draftSaved = `document.querySelector("#composer .draft-state").textContent === "saved"`

// pasted pastes a small picture where the focus is.
const pasted = `(async () => {
	const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 20 });
	const blob = await new Promise((done) => canvas.toBlob(done));
	const clipboardData = new DataTransfer();
	clipboardData.items.add(new File([blob], "screen.png", { type: "image/png" }));
	document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
})()`

func pastedWords(kind, text string) string {
	return fmt.Sprintf(`(() => {
		const clipboardData = new DataTransfer();
		clipboardData.setData(%q, %q);
		document.querySelector("#reply-rich").dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
		return true;
	})()`, kind, text)
}

// TestBrowserDraft writes an answer with the keyboard alone: Markdown, a pasted picture, a browser that is gone in the middle of
// it, another window, the warning, and the mail that goes out at last.
func TestBrowserDraft(t *testing.T) {
	d, sink := browserDemoSending(t)
	d.take("ada@moss.example", browserMail("Ada Moss <ada@moss.example>", "The window hums", "Since this morning."))
	at := fmt.Sprintf("/tickets/%d", d.ticket("The window hums"))
	agent := d.session(d.staff(person.Agent, 0))
	p := d.page(t, browser.Size(1440, 900)).cookie(agent).open(at)
	p.until(`document.querySelector(".editor[data-live]")`).keys("r").until(`document.activeElement.id === "reply-rich"`)
	p.text("Press **F5** and see the attached sheet")
	p.until(draftSaved).is(pasted)
	p.until(`document.querySelector("#reply-rich img")`).until(draftSaved)

	// A very long text becomes a file and not a slow message; what an office program brings keeps its form and loses its styles.
	p.is(pastedWords("text/plain", strings.Repeat("a line of a log\n", 20_000))).shows("#composer .draft-files", "pasted text.txt").is(`document.querySelector("#reply").value.length < 100`)
	p.click(`#composer .draft-files li:last-child button`).gone("#composer .draft-files", "pasted text.txt")
	p.is(pastedWords("text/html", `<p class="MsoNormal" style="margin:0"><b style="font-weight:normal"><span style="font-weight:700">or F6</span> now</b></p><img src="https://pixel.example/x.png" onerror="alert(1)">`))
	p.until(`[...document.querySelectorAll("#reply-rich b")].some((b) => b.textContent === "or F6")`).is(`!document.querySelector("#reply-rich [style], #reply-rich img[src^=https]")`).until(draftSaved)

	// Another browser of the same person goes on; the first one is as good as gone.
	q := d.page(t, browser.Size(390, 844), browser.Dark()).cookie(agent).open(at)
	q.until(`document.querySelector(".editor[data-live]")`).is(`document.querySelector("#reply-rich b").textContent === "F5"`).is(`document.querySelector("#reply-rich img")`)
	browser.CheckAxe(t, q.ctx)
	q.is(`(e => { e.focus(); getSelection().selectAllChildren(e); getSelection().collapseToEnd(); return true })(document.querySelector("#reply-rich"))`).text(" from the phone").until(draftSaved)
	p.text(" from the desk").until(`document.querySelector("#composer .draft-copy")`).shows("#composer .draft-copy", "from the phone")
	browser.CheckAxe(t, p.ctx)
	p.click(`#composer .draft-copy button[value="forget"]`).until(`!document.querySelector("#composer .draft-copy")`)

	// The picture in the text is no file that is attached.
	p.click("#reply-rich").keys("Ctrl+Enter").shows(".is-held, #timeline .is-ours", "F5")
	mail := outbound(t, sink, "F5")
	if !strings.Contains(mail.html, "<b>F5</b>") || strings.Contains(mail.html, "draft/files") || strings.Contains(mail.html, "\u200b") {
		t.Errorf("the mail is\n%s", mail.raw)
	}
	if n := d.number(`SELECT count(*) FROM draft d WHERE NOT EXISTS (SELECT 1 FROM stint s WHERE s.person_id = d.person_id)`); n != 0 {
		t.Errorf("%d drafts are left", n)
	}

	p.click("#reply-rich").text("The sheet is attached").keys("Ctrl+Enter").until(`document.querySelector(".composer-warning")`).is(`document.activeElement.id === "reply-rich"`)
	browser.CheckAxe(t, p.ctx)
	p.keys("Ctrl+Enter").until(`!document.querySelector(".composer-warning")`)
}

// TestBrowserSecondPairOfEyes has one agent write and another send.
func TestBrowserSecondPairOfEyes(t *testing.T) {
	d, sink := browserDemoSending(t)
	d.take("ada@moss.example", browserMail("Ada Moss <ada@moss.example>", "The wall ticks", "Since this morning."))
	number := d.ticket("The wall ticks")
	at := fmt.Sprintf("/tickets/%d", number)
	writes := d.page(t, browser.Size(1440, 900)).cookie(d.session(d.staff(person.Agent, 0))).open(at)
	sends := d.page(t, browser.Size(1440, 900)).cookie(d.session(d.staff(person.Agent, 1))).open(at)
	writes.until(`document.querySelector(".editor[data-live]")`).fill("#reply", "We listen to the wall at noon.").until(draftSaved)
	writes.click(`[popovertarget="ask-look"]`).fill("#look-comment", "Kind enough?").click(`#ask-look button.primary`)
	sends.shows("#timeline .is-draft", "We listen to the wall at noon.").has("Kind enough?")
	browser.CheckAxe(t, sends.ctx)
	sends.click(".draft-bar button.primary").shows("#timeline .message.is-ours", "We listen to the wall")
	outbound(t, sink, "listen to the wall")
	writes.shows("#timeline .message.is-ours", "sent by")
	if a, b := d.number(`SELECT author_id FROM message WHERE ticket_id = $1 AND NOT inbound`, number), d.staff(person.Agent, 0); a != b {
		t.Errorf("the author is %d, want %d", a, b)
	}
	writes.quiet()
	sends.quiet()
}

// TestBrowserDraftWithoutScripts keeps a draft, is warned, and sends with plain forms.
func TestBrowserDraftWithoutScripts(t *testing.T) {
	d := browserDemo(t)
	d.take("ada@moss.example", browserMail("Ada Moss <ada@moss.example>", "The floor sings", "Since this morning."))
	p := d.page(t, browser.Size(1440, 900), browser.WithoutJavaScript()).cookie(d.session(d.staff(person.Agent, 0))).open(fmt.Sprintf("/tickets/%d", d.ticket("The floor sings")))
	p.fill("#reply", "The list is attached.")
	p.follow(`#sheet-reply .when-plain`)
	p.is(`document.querySelector("#reply").value === "The list is attached."`)
	p.follow(`#sheet-reply button.primary`)
	p.has("The text speaks of a file").is(`document.querySelector("#reply").value === "The list is attached."`)
	p.follow(`.composer-warning button`)
	p.has("The list is attached.").is(`document.querySelector("#reply").value === ""`)
}

// TestBrowserAddressesAreCompleted adds a colleague of the requester to the copies, by a few letters of their name.
func TestBrowserAddressesAreCompleted(t *testing.T) {
	d := browserDemo(t)
	tk := d.asks("The door will not shut")
	p := d.page(t, browser.Size(1440, 900)).cookie(d.session(d.staff(person.Agent, 0))).open(fmt.Sprintf("/tickets/%d", tk.ID))
	p.until(`document.querySelector("#composer .editor[data-live]")`).click(".composer-to").until(`document.querySelector(".composer-people").open`).is(`(document.getElementById("reply-cc").focus(), true)`)
	p.do(browser.Size(390, 844))
	p.text("ada@moss.example, tindall").until(`document.querySelector("#complete li")?.textContent.includes("Rosie Tindall")`)
	p.keys("Down").is(`document.activeElement.getAttribute("aria-activedescendant") === document.querySelector("#complete [aria-selected=true]").id`)
	p.is(`document.documentElement.scrollWidth <= innerWidth && document.getElementById("complete").getBoundingClientRect().right <= innerWidth`)
	browser.CheckAxe(t, p.ctx)
	p.keys("Enter").is(`/^ada@moss.example, rosie.tindall@[^ ]+, $/.test(document.getElementById("reply-cc").value) && !document.getElementById("complete")`)
	// What was completed is a part of the draft.
	p.until(draftSaved)
	p.open(fmt.Sprintf("/tickets/%d", tk.ID)).until(`document.getElementById("reply-cc").value.includes("rosie.tindall@")`)
}

// TestBrowserAnswerTakenBackFromTheList sends and solves, is led back to the list as its author likes it, and takes the answer back
// from there: the text stands in the composer again.
func TestBrowserAnswerTakenBackFromTheList(t *testing.T) {
	d := browserDemo(t, func(a *app.App) { a.Tickets.Undo = time.Minute })
	who, tk := d.staff(person.Agent, 0), d.asks("The door will not shut")
	d.write(func(ctx context.Context, tx *db.Tx) error { return person.SetPreference(ctx, tx, who, "after", "list") })
	p := d.page(t, browser.Size(1440, 900)).cookie(d.session(who)).open(fmt.Sprintf("/tickets/%d?view=ours", tk.ID))
	p.until(`document.querySelector("#composer .editor[data-live]")`)
	p.keys("r").text("It was the hinge.").click(`#composer button[value="solved"]`)
	p.until(`location.pathname === "/tickets" && document.querySelector("#flash .undo button")`)
	p.keys("z").until(`location.pathname.startsWith("/tickets/") && document.getElementById("reply")?.value.includes("It was the hinge.")`)
	if got := d.word(`SELECT status FROM ticket WHERE id = $1`, tk.ID); got != "new" {
		t.Errorf("the ticket is %s", got)
	}
}
