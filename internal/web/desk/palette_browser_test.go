package desk_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"goodturn/internal/testserver/browser"
	"goodturn/internal/ticket"
)

// TestThePaletteByKeysAlone finds, goes and changes without a mouse.
func TestThePaletteByKeysAlone(t *testing.T) {
	s := onSQLite(t)
	printer := s.made("The printer of Tom eats paper", "first-line")
	vpn := s.made("VPN drops every hour", "first-line")
	l := ticket.Learner{DB: s.db}
	if err := l.Catch(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	root := s.served(true)
	for _, look := range []struct {
		name, to string
		steps    []browser.Step
	}{
		{"desk-light", "amara", []browser.Step{browser.Size(1280, 900)}},
		{"phone-dark", "jonas", []browser.Step{browser.Size(390, 844), browser.Dark()}},
	} {
		t.Run(look.name, func(t *testing.T) {
			ctx := browser.New(t, look.steps...)
			open := func() {
				t.Helper()
				until(t, ctx, `document.readyState === "complete"`)
				do(t, ctx, chromedp.KeyEvent("k", chromedp.KeyModifiers(2)))
				until(t, ctx, `Boolean(document.activeElement?.closest("#palette[open]"))`)
			}
			arrived := func(number int64) {
				t.Helper()
				do(t, ctx, chromedp.WaitReady(chromedp.CSS(`form[action="`+path(number, "/replies")+`"]`)))
			}
			chosen := `document.querySelector("#palette [aria-selected=true]")`
			do(t, ctx, chromedp.Navigate(root+path(vpn.ID, "")), chromedp.WaitVisible(chromedp.CSS("#composer")))

			open()
			do(t, ctx, chromedp.KeyEvent("pritner"))
			until(t, ctx, `document.getElementById("palette-said").textContent.includes("similar")`) // the answer to the last letter
			until(t, ctx, chosen+`?.getAttribute("href") === "`+path(printer.ID, "")+`"`)
			is(t, ctx, "the box says what is chosen", `document.activeElement.getAttribute("aria-activedescendant") === `+chosen+`.id`)
			is(t, ctx, "the words that were meant are marked", chosen+`.querySelector("mark")?.textContent === "printer"`)
			is(t, ctx, "nothing makes the page scroll sideways", `document.documentElement.scrollWidth <= innerWidth`)
			browser.CheckAxe(t, ctx)
			if dir := os.Getenv("GOODTURN_PICTURES"); dir != "" {
				do(t, ctx, browser.Screenshot(filepath.Join(dir, "palette-"+look.name+".png")))
			}
			do(t, ctx, chromedp.KeyEvent(kb.Enter))
			arrived(printer.ID)

			// Where one was is at hand; what is typed faster than the server answers waits for the answer.
			open()
			until(t, ctx, chosen+`?.getAttribute("href") === "`+path(vpn.ID, "")+`"`)
			do(t, ctx, chromedp.KeyEvent(fmt.Sprint(vpn.ID)), chromedp.KeyEvent(kb.Enter))
			arrived(vpn.ID)

			// A property is changed by its name, and the focus is where it was.
			open()
			do(t, ctx, chromedp.KeyEvent("assign to "+look.to))
			name := s.people[look.to].Name
			until(t, ctx, chosen+`?.textContent.includes("`+name+`")`)
			do(t, ctx, chromedp.KeyEvent(kb.Enter))
			until(t, ctx, `!document.querySelector("#palette[open]") && document.querySelector("#set-assignee")?.selectedOptions[0].text.includes("`+name+`") === true`)

			open()
			do(t, ctx, chromedp.KeyEvent(kb.Escape))
			until(t, ctx, `!document.querySelector("#palette[open]")`)
			if got := s.now(vpn.ID).AssigneeID; got != s.people[look.to].ID {
				t.Errorf("the ticket is with %d", got)
			}
		})
	}
}
