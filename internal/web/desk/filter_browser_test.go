package desk_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"goodturn/internal/db"
	"goodturn/internal/testserver/browser"
)

var filterLooks = []struct {
	name  string
	steps []browser.Step
}{
	{"desk-light", []browser.Step{browser.Size(1440, 900)}},
	{"phone-dark", []browser.Step{browser.Size(390, 844), browser.Dark()}},
}

func picture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	if dir := os.Getenv("GOODTURN_PICTURES"); dir != "" {
		do(t, ctx, browser.Screenshot(filepath.Join(dir, name+".png")))
	}
}

// TestAFilterIsCompletedByKeysAlone writes a filter from what is offered, makes a mistake, and mends it.
func TestAFilterIsCompletedByKeysAlone(t *testing.T) {
	s := onSQLite(t)
	for _, subject := range []string{"VPN drops", "VPN is slow", "Half pages"} {
		made := s.made(subject, "network")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			return s.desk.Tickets.SetTags(ctx, tx, s.as2(ctx, tx, "jonas"), made.ID, []string{map[bool]string{true: "paper", false: "vpn"}[subject == "Half pages"]})
		})
	}
	root := s.served(true)
	for _, look := range filterLooks {
		t.Run(look.name, func(t *testing.T) {
			ctx := browser.New(t, look.steps...)
			do(t, ctx, chromedp.Navigate(root+"/tickets?view=all"), chromedp.WaitVisible(chromedp.CSS(".rows")))
			chosen := `document.querySelector("#complete [aria-selected=true]")`
			do(t, ctx, browser.Key("/"))
			until(t, ctx, `Boolean(document.activeElement.dataset.complete)`)
			do(t, ctx, chromedp.KeyEvent("ta"))
			until(t, ctx, `document.querySelector("#complete [role=option]")?.dataset.text === "tag:"`) // not the list of what begins with t
			is(t, ctx, "the box is a combobox", `document.activeElement.getAttribute("aria-expanded") === "true" && document.activeElement.getAttribute("aria-controls") === "complete"`)
			do(t, ctx, browser.Key("Down"))
			until(t, ctx, `Boolean(`+chosen+`?.dataset.text === "tag:"`+`)`)
			is(t, ctx, "what is chosen is said", `document.activeElement.getAttribute("aria-activedescendant") === `+chosen+`.id`)
			browser.CheckAxe(t, ctx)
			is(t, ctx, "the list makes nothing scroll sideways", `document.documentElement.scrollWidth <= innerWidth`)
			picture(t, ctx, "filter-complete-"+look.name)
			do(t, ctx, browser.Key("Enter"))
			until(t, ctx, `Boolean(document.querySelector("#complete [data-text=vpn]"))`)
			do(t, ctx, browser.Key("Down"), browser.Key("Tab"))
			is(t, ctx, "what is taken stands in the box", `document.activeElement.value === "tag:vpn "`)
			do(t, ctx, chromedp.KeyEvent("st"))
			until(t, ctx, `Boolean(document.getElementById("complete"))`)
			do(t, ctx, browser.Key("Escape"))
			is(t, ctx, "Escape closes the list alone", `!document.getElementById("complete") && document.activeElement.value === "tag:vpn st"`)
			do(t, ctx, chromedp.KeyEvent("atsu:new"), browser.Key("Enter"))

			until(t, ctx, `Boolean(document.readyState === "complete" && document.querySelector(".filter-place mark"))`)
			is(t, ctx, "the mistake is marked", `document.querySelector(".filter-place mark").textContent.includes("statsu:")`)
			is(t, ctx, "nothing typed is lost", `document.querySelector("main input[name=q]").value === "tag:vpn statsu:new"`)
			is(t, ctx, "nothing makes the page scroll sideways", `document.documentElement.scrollWidth <= innerWidth`)
			browser.CheckAxe(t, ctx)
			picture(t, ctx, "filter-wrong-"+look.name)
			do(t, ctx, chromedp.Focus(chromedp.CSS(".filter-told a")), browser.Key("Enter"))
			until(t, ctx, `Boolean(document.readyState === "complete" && document.querySelectorAll(".ticket-row").length === 2)`)
			is(t, ctx, "what it means is said", `document.querySelector(".filter-told").textContent.includes("tag vpn, status new")`)
			picture(t, ctx, "filter-means-"+look.name)
		})
	}
}

// TestATicketIsPutAsideByKeysAlone snoozes a ticket, has it back, throws it away and has it back.
func TestATicketIsPutAsideByKeysAlone(t *testing.T) {
	s := onSQLite(t)
	root := s.served(true)
	for _, look := range filterLooks {
		t.Run(look.name, func(t *testing.T) {
			made := s.made("The printer prints half pages", "first-line")
			ctx := browser.New(t, look.steps...)
			do(t, ctx, chromedp.Navigate(root+path(made.ID, "")), chromedp.WaitVisible(chromedp.CSS("#composer")))
			until(t, ctx, `Boolean(document.readyState === "complete")`)
			do(t, ctx, browser.Key("h"))
			until(t, ctx, `Boolean(document.activeElement?.closest("#ticket-snooze"))`)
			browser.CheckAxe(t, ctx)
			picture(t, ctx, "snooze-menu-"+look.name)
			do(t, ctx, browser.Key("Enter"))
			until(t, ctx, `Boolean(document.getElementById("timeline").textContent.includes("This ticket sleeps until"))`)
			browser.CheckAxe(t, ctx)
			picture(t, ctx, "snoozed-"+look.name)
			do(t, ctx, browser.Key("z"))
			until(t, ctx, `Boolean(!document.getElementById("timeline").textContent.includes("This ticket sleeps"))`)
			do(t, ctx, browser.Key("#"))
			until(t, ctx, `Boolean(document.getElementById("timeline").textContent.includes("This ticket is in the trash"))`)
			is(t, ctx, "nothing makes the page scroll sideways", `document.documentElement.scrollWidth <= innerWidth`)
			browser.CheckAxe(t, ctx)
			picture(t, ctx, "trash-"+look.name)
			do(t, ctx, browser.Key("z"))
			until(t, ctx, `Boolean(!document.getElementById("timeline").textContent.includes("This ticket is in the trash"))`)
		})
	}
}
