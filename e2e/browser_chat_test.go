package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"goodturn/internal/app"
	"goodturn/internal/button"
	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
)

// chatDesk is a demo with live chats in all hours, on whose time the test turns, and a page of somebody else with its button.
type chatDesk struct {
	*browserDesk
	origin string
	ahead  atomic.Int64 // milliseconds
}

func newChatDesk(t *testing.T) *chatDesk {
	t.Helper()
	d := &chatDesk{}
	d.browserDesk = browserDemo(t, func(a *app.App) {
		a.DB.SetClock(func() clock.Instant { return clock.Now() + clock.Instant(d.ahead.Load()) })
	})
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src "+d.url+"; connect-src "+d.url+"; style-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!DOCTYPE html><html lang="en"><head><meta name="viewport" content="width=device-width"><title>Timesheets</title></head><body><main><h1>Timesheets</h1><p>Week 47</p></main><script src="%s/button.js" async></script></body></html>`, d.url)
	}))
	t.Cleanup(host.Close)
	d.origin = strings.Replace(host.URL, "127.0.0.1", "localhost", 1)
	d.write(func(ctx context.Context, tx *db.Tx) error {
		r, _, err := d.app.Calendars.Standard(ctx, tx)
		if err != nil {
			return err
		}
		for day := range r.Definition.Hours {
			r.Definition.Hours[day] = []calendar.Span{{From: 0, To: 24 * 60}}
		}
		if _, err = d.app.Calendars.Save(ctx, tx, r); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM live_chat_taker`); err != nil { // each says so in the test
			return err
		}
		return button.Save(ctx, tx, button.Settings{Search: true, Request: true, Papercut: true, Chat: true, Origins: d.origin})
	})
	return d
}

// later lets time pass.
func (d *chatDesk) later(by time.Duration) { d.ahead.Add(by.Milliseconds()) }

// help waits until an expression holds in the button's shadow root, which it calls root.
func help(p *browserPage, js string) {
	p.Helper()
	p.until(`(() => { const root = document.querySelector("goodturn-help")?.shadowRoot; return root && (` + js + `) })()`)
}

func picture(p *browserPage, name string) {
	if dir := os.Getenv("GOODTURN_PAGES"); dir != "" {
		p.do(browserWindow(filepath.Join(dir, "chat-"+name+"-light.png")))
		p.do(browser.Dark(), browserWindow(filepath.Join(dir, "chat-"+name+"-dark.png")), browser.Light())
	}
}

// TestBrowserLiveChat goes the whole way: a visitor of somebody else's page asks, two agents see it live, one takes it and answers from the
// composer, the line breaks and the page is loaded anew, the visitor leaves, and the next answer goes by mail.
func TestBrowserLiveChat(t *testing.T) {
	d := newChatDesk(t)
	first, second := d.staff(person.Agent, 0), d.staff(person.Agent, 1)
	visitor := d.page(t, browser.Size(1280, 900)).open(d.origin + "/week/47")

	// Nobody is there: it says so, and what is written is a ticket in the line.
	help(visitor, `(root.querySelector(".open").click(), root.querySelector("dialog").open)`)
	help(visitor, `(root.querySelector("nav button[value=chat]").click(), true)`)
	help(visitor, `root.querySelector("form > p[role=status], .talk > p[role=status]").textContent.startsWith("Nobody is free for a chat right now.")`)
	help(visitor, `root.activeElement.name === "talk" && root.querySelector("form .main").textContent === "Send"`)
	browser.CheckAxe(t, visitor.ctx)
	picture(visitor, "nobody")
	visitor.text("The kettle is cold").keys("Tab").text("Ada Moss").keys("Enter")
	help(visitor, `root.querySelector(".said").textContent.includes("Its number is") && root.querySelector(".said").textContent.includes("Nobody is free")`)
	if got := d.word(`SELECT channel FROM ticket WHERE subject = 'The kettle is cold'`); got != "form" {
		t.Errorf("with nobody there it came by %s", got)
	}

	// Two agents say that they take chats.
	agent := d.page(t, browser.Size(1440, 900)).cookie(d.session(first)).open("/tickets")
	other := d.page(t, browser.Size(1440, 900)).cookie(d.session(second)).open("/tickets")
	for _, p := range []*browserPage{agent, other} {
		p.follow(`.views form[action="/account/chats"] button`)
		p.until(`document.querySelector('.views form[action="/account/chats"] button').getAttribute("aria-pressed") === "true"`).mark()
	}
	help(visitor, `(root.querySelector("nav button[value=chat]").click(), true)`)
	visitor.open(d.origin + "/week/47")
	help(visitor, `(root.querySelector(".open").click(), root.querySelector("nav button[value=chat]").click(), true)`)
	help(visitor, `root.querySelector("form > p[role=status]")?.textContent.startsWith("Somebody is here now") && root.querySelector("form .main").textContent === "Chat now"`)
	picture(visitor, "open")

	// What was typed stays through a new page, and the line that breaks.
	help(visitor, `root.activeElement.name === "talk"`)
	visitor.text("The lift is stuck")
	visitor.open(d.origin + "/week/48")
	help(visitor, `(root.querySelector(".open").click(), root.querySelector("nav button[value=chat]").click(), true)`)
	help(visitor, `root.querySelector("[name=talk]").value === "The lift is stuck" && root.querySelector("[name=name]").value === "Ada Moss"`)
	help(visitor, `(root.querySelector("[name=address]").focus(), true)`)
	visitor.text("ada@moss.example")
	visitor.do(browser.Offline())
	visitor.keys("Enter")
	help(visitor, `root.querySelector("[role=alert]").textContent !== "" && root.querySelector("[name=talk]").value === "The lift is stuck"`)
	visitor.do(browser.Online()).keys("Enter")
	help(visitor, `root.querySelector(".log .mine")?.textContent.includes("The lift is stuck") && root.querySelector("form > p[role=status], .talk > p[role=status]").textContent.includes("Somebody answers in a moment")`)
	help(visitor, `root.activeElement.matches(".talk textarea")`)
	browser.CheckAxe(t, visitor.ctx)
	picture(visitor, "waiting")
	number := d.number(`SELECT id FROM ticket WHERE channel = 'chat' AND subject = 'The lift is stuck'`)

	// Both agents see it without loading anything; the first who takes it has it.
	for _, p := range []*browserPage{agent, other} {
		p.shows("#offers .is-chat", "The lift is stuck").shows("#offers .is-chat", "Ada Moss is there now").until(`document.title.startsWith("● ")`).same()
	}
	browser.CheckAxe(t, agent.ctx)
	picture(agent, "offered")
	agent.follow("#offers .is-chat button")
	agent.shows("#live-chat", "Ada Moss is in the chat now")
	other.gone("#offers", "The lift is stuck").until(`!document.title.startsWith("● ")`).same()
	help(visitor, `root.querySelector("form > p[role=status], .talk > p[role=status]").textContent.endsWith("is here for you.")`)

	// Each sees the other write, and the answer at once.
	visitor.text("I am in")
	agent.shows("#live-chat", "Ada Moss is writing")
	agent.mark().keys("r").text("Which floor")
	help(visitor, `root.querySelector(".log + p").textContent.includes("is writing")`)
	agent.keys("Ctrl+Enter")
	help(visitor, `[...root.querySelectorAll(".log > div:not(.mine)")].some(e => e.textContent.includes("Which floor"))`)
	agent.shows("#timeline .is-ours", "Which floor").shows("#live-chat", "has read your answer").shows("#timeline .fate", "read in the live chat").same()
	browser.CheckAxe(t, agent.ctx)
	picture(agent, "desk")
	if n := d.number(`SELECT count(*) FROM delivery WHERE ticket_id = $1`, number); n != 0 {
		t.Errorf("%d mails wait though the answer was read", n)
	}

	// A line that breaks while something is said, and another page of the site.
	visitor.do(browser.Offline()).text(" the fourth").keys("Enter")
	help(visitor, `[...root.querySelectorAll(".log .mine")].at(-1).textContent.includes("not sent yet") && root.querySelector("form > p[role=status], .talk > p[role=status]").textContent.startsWith("The line is broken")`)
	picture(visitor, "broken")
	visitor.do(browser.Online())
	visitor.open(d.origin + "/week/49")
	agent.shows("#timeline .message", "I am in the fourth").shows("#timeline .fate", "read in the live chat")
	help(visitor, `(root.querySelector(".open").click(), root.querySelector("nav button[value=chat]").click(), true)`)
	help(visitor, `root.querySelectorAll(".log .mine").length === 2 && root.querySelectorAll(".log > div").length === 3`)
	agent.until(`document.activeElement.closest("#composer")`).text("Help comes").keys("Ctrl+Enter")
	help(visitor, `[...root.querySelectorAll(".log > div:not(.mine)")].at(-1).textContent.includes("Help comes")`)
	picture(visitor, "answered")
	visitor.do(browser.Size(390, 844))
	help(visitor, `root.querySelector("dialog").getBoundingClientRect().right <= 390 && document.documentElement.scrollWidth <= 390`)
	picture(visitor, "answered-phone")
	browser.CheckAxe(t, visitor.ctx)
	agent.shows("#live-chat", "has read your answer")

	// They leave; what is said then goes by mail.
	visitor.open("about:blank")
	d.later(time.Minute)
	agent.shows("#live-chat", "has left the chat")
	agent.text("All is well").keys("Ctrl+Enter")
	agent.until(`[...document.querySelectorAll("#timeline .is-ours")].some(e => e.innerText.includes("All is well"))`)
	d.later(time.Minute) // in which it could be taken back
	d.caught("ada@moss.example", "All is well")

	// They come back to the same conversation, and it ends; it stays a ticket.
	visitor.open(d.origin + "/week/50")
	help(visitor, `root.querySelector(".open").textContent.includes("New answer")`)
	help(visitor, `(root.querySelector(".open").click(), root.querySelector("nav button[value=chat]").click(), true)`)
	help(visitor, `root.querySelectorAll(".log > div").length === 5 && !root.querySelector(".open").textContent.includes("New answer")`)
	agent.shows("#live-chat", "Ada Moss is in the chat").click(`#live-chat form[action$="/chat/end"] button`)
	help(visitor, `root.querySelector("form > p[role=status], .talk > p[role=status]").textContent.includes("ended the chat.")`)
	help(visitor, `([...root.querySelectorAll(".row button")].find(b => b.textContent === "Mail me the conversation").click(), true)`)
	help(visitor, `root.querySelector(".row").textContent.includes("on its way to you by mail")`)
	picture(visitor, "ended")
	at := d.caught("ada@moss.example", "here is what we wrote in our chat", "Which floor", "Help comes")
	if strings.Contains(d.fetch(at), "The lift is stuck</") {
		t.Error("what came in is mailed to an address that was only typed")
	}
	if got := d.word(`SELECT status FROM ticket WHERE id = $1`, number); got != "open" {
		t.Errorf("after the chat the ticket is %s", got)
	}
	for _, p := range []*browserPage{agent, other} {
		p.quiet()
	}
}

// TestBrowserLiveChatOnTheRequestsPage begins on the portal: with scripts answers come by themselves, without them by a button.
func TestBrowserLiveChatOnTheRequestsPage(t *testing.T) {
	for name, how := range map[string][]browser.Step{"with scripts": {browser.Size(390, 844)}, "without scripts": {browser.Size(390, 844), browser.WithoutJavaScript()}} {
		t.Run(name, func(t *testing.T) {
			d := newChatDesk(t)
			scripts := name == "with scripts"
			first := d.staff(person.Agent, 0)
			agent := d.page(t, browser.Size(1440, 900)).cookie(d.session(first)).open("/tickets")
			visitor := d.page(t, how...).open("/").hasNot("Chat now")
			agent.follow(`.views form[action="/account/chats"] button`)
			agent.until(`document.querySelector('.views form[action="/account/chats"] button').getAttribute("aria-pressed") === "true"`)
			wait(t, browserLimit, "the agent is there", func() error {
				if visitor.open("/"); browserEval[bool](visitor, `!document.querySelector("button[name=chat]")`) {
					return fmt.Errorf("no chat is offered")
				}
				return nil
			})
			visitor.fill("#f-text", "The gate is open", "#f-name", "Ada Moss").follow("button[name=chat]")
			visitor.has("Somebody answers in a moment", "The gate is open").checked(t, scripts)
			picture(visitor, "page-"+strings.ReplaceAll(name, " ", "-"))
			agent.shows("#offers .is-chat", "The gate is open").follow("#offers .is-chat button")
			agent.keys("r").text("Which gate").keys("Ctrl+Enter")
			agent.shows("#timeline .is-ours", "Which gate")
			if scripts {
				visitor.mark().shows("ol.said .is-ours", "Which gate").shows("#chat-said", "is here for you.")
				agent.shows("#live-chat", "has read your answer")
				visitor.fill("#f-text", "The northern one").click("#add .primary")
				visitor.shows("ol.said li", "The northern one").until(`document.querySelector("#f-text").value === ""`).same()
			} else {
				visitor.follow("button[name=page]")
				visitor.has("Which gate", "is here for you.")
				agent.shows("#live-chat", "has read your answer")
				visitor.fill("#f-text", "The northern one").follow("#add .primary")
			}
			agent.shows("#timeline .message", "The northern one")
			visitor.follow(`form[action$="/chat/end"] button`)
			visitor.has("You ended the chat.", "The northern one")
			agent.shows("#timeline .event", "ended the live chat").until(`!document.querySelector("#live-chat p")`)
		})
	}
}
