package desk_test

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"goodturn/internal/macro"
	"goodturn/internal/testserver/browser"
	"goodturn/internal/ticket"
	"goodturn/internal/web/desk"
)

// TestManyWithTheKeyboard chooses rows, gives them to oneself and takes that back, without a mouse.
func TestManyWithTheKeyboard(t *testing.T) {
	s := onSQLite(t)
	var all []ticket.Ticket
	for _, subject := range []string{"One", "Two", "Three", "Four"} {
		all = append(all, s.made(subject, "first-line"))
	}
	mux := http.NewServeMux()
	s.site.Mount(mux, s.site.Routes())
	s.site.Mount(mux, desk.Routes(s.desk))
	s.handler = mux
	ctx := browser.New(t, browser.Size(1280, 900))
	root := s.served(true)
	do(t, ctx, chromedp.Navigate(root+"/tickets"), chromedp.WaitVisible(chromedp.CSS(".ticket-row")))
	is(t, ctx, "nothing is chosen yet", `getComputedStyle(document.getElementById("bulk")).display === "none"`)
	do(t, ctx, chromedp.KeyEvent("j"), chromedp.KeyEvent("x"), chromedp.KeyEvent("j"), chromedp.KeyEvent("j"), chromedp.KeyEvent("X"))
	is(t, ctx, "three are chosen", `document.querySelectorAll(".row-tick:checked").length === 3 && document.getElementById("bulk-count").textContent === "3 chosen"`)
	browser.CheckAxe(t, ctx)
	do(t, ctx, chromedp.KeyEvent("a"))
	is(t, ctx, "the menu is open, and its first entry in focus", `document.querySelector("#bulk-assignee:popover-open") && document.activeElement.value === "assignee:me"`)
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `document.querySelector("#flash [data-takes-back]") !== null`)
	is(t, ctx, "the focus stays in the list", `document.activeElement.matches(".ticket-row")`)
	is(t, ctx, "nothing is chosen any more", `document.querySelectorAll(".row-tick:checked").length === 0`)
	mine := 0
	for _, x := range all {
		if s.now(x.ID).AssigneeID == s.people["amara"].ID {
			mine++
		}
	}
	if mine != 3 {
		t.Errorf("%d are hers", mine)
	}
	do(t, ctx, chromedp.KeyEvent("z"))
	until(t, ctx, `document.getElementById("flash").textContent.includes("as they were before")`)
	for _, x := range all {
		if now := s.now(x.ID); now.AssigneeID != 0 || now.Status != ticket.StatusNew {
			t.Errorf("taken back: %+v", now)
		}
	}
	do(t, ctx, chromedp.KeyEvent("j"), chromedp.KeyEvent("x"), chromedp.KeyEvent(kb.Escape))
	is(t, ctx, "Escape chooses none", `document.querySelectorAll(".row-tick:checked").length === 0`)
}

// TestAMacroWithTheKeyboard puts a macro in on a slash, and sends it with what it does.
func TestAMacroWithTheKeyboard(t *testing.T) {
	s := onSQLite(t)
	x := s.made("The router", "first-line")
	s.macroOf("amara", macro.Macro{Name: "Router", Shortcut: "router", Texts: map[string]string{"en": "Hello {{requester.first_name}}, pull the **plug**."}, Actions: []ticket.Action{{Do: ticket.DoPriority, Value: "low"}}})
	s.macroOf("amara", macro.Macro{Name: "Reinstall", Texts: map[string]string{"en": "I will reinstall it."}})
	ctx := browser.New(t, browser.Size(1280, 900))
	root := s.served(true)
	do(t, ctx, chromedp.Navigate(root+path(x.ID, "")), chromedp.WaitVisible(chromedp.CSS("#composer")))
	until(t, ctx, `document.querySelector("#reply-rich [contenteditable=true], #reply-rich[contenteditable=true]") !== null`)
	do(t, ctx, chromedp.Focus(chromedp.CSS("#reply-rich")), chromedp.KeyEvent("/"), chromedp.KeyEvent("r"), chromedp.KeyEvent("o"))
	until(t, ctx, `document.querySelectorAll("#slash:popover-open [role=option]").length === 1`)
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `document.querySelector(".macro-line") !== null`)
	is(t, ctx, "the text is there in its form", `document.getElementById("reply-rich").textContent.includes("Hello Hana, pull the plug.") && document.querySelector("#reply-rich b, #reply-rich strong") !== null`)
	is(t, ctx, "the slash is gone", `!document.getElementById("reply-rich").textContent.includes("/ro") && !document.querySelector("#slash:popover-open")`)
	browser.CheckAxe(t, ctx)
	do(t, ctx, chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(2)))
	until(t, ctx, `document.querySelector(".message.is-ours") !== null && !document.querySelector(".macro-line")`)
	if now := s.now(x.ID); now.Priority != ticket.Low || now.Messages != 2 {
		t.Errorf("after sending: %+v", now)
	}
	do(t, ctx, chromedp.KeyEvent("/"), chromedp.KeyEvent("r"), chromedp.KeyEvent("e"), chromedp.KeyEvent("i"))
	until(t, ctx, `document.querySelectorAll("#slash:popover-open [role=option]").length === 1`)
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `document.querySelector(".macro-line .consent") !== null`)
	browser.CheckAxe(t, ctx)
	until(t, ctx, `document.querySelector(".draft-state").textContent === "saved"`)
	do(t, ctx, chromedp.Reload(), chromedp.WaitVisible(chromedp.CSS(".macro-line .consent")))
}
