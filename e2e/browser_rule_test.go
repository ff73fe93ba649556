package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
)

// TestBrowserRules: a lead adds a ready-made rule, writes one in the form, is told what is wrong with it, tries it, changes it as text,
// switches it on, sees on a ticket what it did, and brings its first form back; with scripts and without.
func TestBrowserRules(t *testing.T) {
	for _, scripts := range []bool{true, false} {
		t.Run(map[bool]string{true: "with scripts", false: "without"}[scripts], func(t *testing.T) {
			steps := []browser.Step{browser.Size(1440, 900)}
			if !scripts {
				steps = append(steps, browser.WithoutJavaScript())
			}
			d := browserDemo(t)
			p := d.page(t, steps...).cookie(d.session(d.staff(person.Lead, 1)))
			browserWritesARule(t, d, p, scripts)
		})
	}
}

func browserWritesARule(t *testing.T, d *browserDesk, p *browserPage, scripts bool) {
	picture := func(name string) {
		if !scripts { // axe is one
			return
		}
		browser.CheckAxe(t, p.ctx)
		if dir := os.Getenv("GOODTURN_PAGES"); dir != "" {
			p.do(browserWindow(filepath.Join(dir, "rule-"+name+".png")))
		}
	}
	const save = `.rule-form .actions button[value="save"]`
	old := d.asks("The projector hums")

	p.open("/rules").has("No rule yet")
	p.follow(`button[name="key"][value="silence"]`)
	p.has("The 3 rules are added, and off.", "Close after silence: second reminder", "pending for 6 working days")
	picture("list")

	p.open("/rules/new")
	p.fill("#f-name", "Projectors", "#f-if", "subject:projector -tag:hall", "#f-then-0-tag", "hall")
	p.follow(`button[value="add-then"]`)
	p.until(`document.activeElement.name === "then-1-do" && document.querySelector("#f-name").value === "Projectors"`)
	p.choose("#f-then-1-do", "note")
	p.is(`!!document.querySelector("#f-then-1-text").offsetParent && !document.querySelector("#f-then-1-tag").offsetParent`)
	p.fill("#f-then-1-text", "Look at {{nonsense}} first.").follow(save)
	p.forget() // the console speaks of the 422
	p.has("Nothing has been saved yet.", "There is no variable").is(`document.querySelector("#f-then-1-text").value.includes("nonsense") && document.querySelector("#f-then-0-tag").value === "hall"`)
	picture("wrong")
	p.fill("#f-then-1-text", "Look at the lamp first.").follow(`button[value="try"]`)
	p.has("It would have changed 1 ticket", "The projector hums", "add the tag hall")
	picture("trial")
	p.follow(`button[value="as-form"]`)
	p.is(`document.querySelector("#f-name").value === "Projectors"`).follow(save)
	p.has("“Projectors” is saved, and off.")

	p.follow(`button[value="as-text"]`)
	p.fill(`textarea[name="text"]`, "rule Projectors\nwhen a ticket coms\nthen tag hall").follow(save)
	p.forget()
	p.has("Line 2, place 6:").is(`document.querySelector(".rule-mistake mark").textContent === "a ticket coms"`)
	picture("mistake")
	p.fill(`textarea[name="text"]`, "rule Projectors\nwhen a ticket comes\nif subject:projector\nthen tag hall\nthen set priority high").follow(save)
	p.has("“Projectors” is saved.")
	p.follow(`form[action$="/state"] button[value="on"]`)
	p.has("“Projectors” is on.")

	made := d.asks("The projector hums again")
	p.open(fmt.Sprintf("/tickets/%d", made.ID)).has("The rule “Projectors” raised the priority from normal to high (a ticket comes)")
	at := fmt.Sprintf("/rules/%d", d.number(`SELECT id FROM rule WHERE name = 'Projectors'`))
	p.is(fmt.Sprintf(`!!document.querySelector('.event a[href=%q]')`, at)).open(at)
	p.follow(`.tabs a[href$="/runs"]`)
	p.has("The projector hums again")
	p.follow(`.tabs a[href$="/versions"]`)
	p.has("switched it on", "+ then set priority high", "− then note")
	picture("versions")
	p.follow(`.rule-versions li:last-child button`)
	p.has("The rule is again as it was then.").is(`document.querySelector("#f-then-1-text").value === "Look at the lamp first."`)
	p.follow(`form[action$="/removal"] button`)
	p.has("The rule is removed.")
	p.open(fmt.Sprintf("/tickets/%d", old.ID)).hasNot("Projectors")
	p.quiet()
}
