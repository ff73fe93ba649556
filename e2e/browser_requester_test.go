package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
	tickets "goodturn/internal/ticket"

	"github.com/chromedp/chromedp"
)

// by is a person as the one who does something.
func (d *browserDesk) by(id int64) (by tickets.By) {
	d.Helper()
	d.read(func(ctx context.Context, tx *db.Tx) (err error) {
		by.Actor, err = person.ActorOf(ctx, tx, id)
		return err
	})
	return by
}

// reply has a member of staff answer a ticket.
func (d *browserDesk) reply(staff, number int64, text string, then tickets.Status) {
	d.Helper()
	by := d.by(staff)
	d.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := d.app.Tickets.Reply(ctx, tx, by, number, tickets.Draft{Text: text}, then)
		return err
	})
}

// TestBrowserRequesterWithoutScripts asks for help without an account and without scripts, from the form to the answer that opens
// the request again after it was solved.
func TestBrowserRequesterWithoutScripts(t *testing.T) {
	d := browserDemo(t)
	agent := d.staff(person.Agent, 0)
	dir := t.TempDir()
	file, large := filepath.Join(dir, "corridor.txt"), filepath.Join(dir, "film.mp4")
	must(t, os.WriteFile(file, []byte("what it looks like"), 0o600))
	must(t, os.WriteFile(large, make([]byte, 33_000_000), 0o600))
	p := d.page(t, browser.Size(390, 844), browser.WithoutJavaScript()).open("/")
	p.fill("#f-text", "The lift is stuck between two floors", "#f-name", "Ada Moss", "#f-address", "ada@moss.example")
	p.do(chromedp.SetUploadFiles(chromedp.CSS("#f-files"), []string{large}))
	if status := p.follow("main .primary"); status != http.StatusRequestEntityTooLarge {
		t.Errorf("33 MB are answered with %d", status)
	}
	p.has("32 MB")
	p.forget()

	p.open("/").fill("#f-text", "The lift is stuck between two floors", "#f-name", "Ada Moss", "#f-address", "ada@moss.example")
	p.do(chromedp.SetUploadFiles(chromedp.CSS("#f-files"), []string{file}))
	p.follow("main .primary")
	number := d.ticket("The lift is stuck between two floors")
	at := fmt.Sprintf("/requests/%d", number)
	if got := p.path(); got != at {
		t.Errorf("the address bar holds %s", got)
	}
	p.has("The lift is stuck between two floors", "corridor.txt", "Answers come to your mail address as well.")

	p.fill("#f-text", "It moves a little now.").follow("#add .primary")
	p.has("It moves a little now.")
	d.reply(agent, number, "Somebody is on the way.", tickets.Pending)
	p.open(at).has("Somebody is on the way.")
	d.reply(agent, number, "It is free.", tickets.Solved)
	p.open(at).is(`document.querySelector(".state.is-done")`)
	p.fill("#f-text", "It is stuck again.").follow("#add .primary")
	p.is(`!document.querySelector(".state.is-done")`)
	if s := d.word(`SELECT status FROM ticket WHERE id = $1`, number); s != "open" {
		t.Errorf("after the answer to a solved request its status is %s", s)
	}
	p.follow("button[name=works]")
	p.is(`document.querySelector(".state.is-done")`)

	// Without an address the page itself gives the way back from anywhere, to that request alone.
	p.open("/").fill("#f-text", "The door squeaks", "#f-name", "Bo").follow("main .primary")
	p.has("The door squeaks", "Please keep this address")
	squeaks := p.path()
	other := d.page(t, browser.WithoutJavaScript()).open(browserEval[string](p, `document.querySelector(".kept a").href`))
	other.has("The door squeaks").is(`location.pathname === "` + squeaks + `"`)
	mine := d.number(`SELECT min(id) FROM ticket`)
	for _, path := range []string{"/requests", fmt.Sprintf("/requests/%d", mine), at, "/tickets", fmt.Sprintf("/tickets/%d", number), "/me"} {
		if r, text := d.ask(path, browserTabCookies(other)...); r.StatusCode == http.StatusOK {
			t.Errorf("whoever has the link sees %s: %.300s", path, text)
		}
	}

	// So does the link in the mail, which has proven its address.
	mailed := d.page(t, browser.WithoutJavaScript()).open(d.mailedLink(t, "ada@moss.example", "/t/"))
	mailed.has("The lift is stuck between two floors", "Somebody is on the way.").is(`location.pathname === "` + at + `"`)
	if r, _ := d.ask(fmt.Sprintf("/requests/%d", mine), browserTabCookies(mailed)...); r.StatusCode == http.StatusOK {
		t.Error("the mailed link opens another request")
	}
	p.quiet()
}

// browserTabCookies are the cookies that a tab would send.
func browserTabCookies(p *browserPage) (all []*http.Cookie) {
	p.Helper()
	for _, c := range browserCookieJar(p) {
		all = append(all, &http.Cookie{Name: c.Name, Value: c.Value})
	}
	return all
}

// TestBrowserSignInLink signs a requester in by a mailed link: a page with one button, good once, in the browser that asked.
func TestBrowserSignInLink(t *testing.T) {
	d := browserDemo(t)
	address := d.word(`SELECT a.address FROM person_address a JOIN person p ON p.id = a.person_id JOIN ticket t ON t.requester_id = p.id WHERE p.role = 'requester' AND p.active ORDER BY p.id LIMIT 1`)
	p := d.page(t, browser.WithoutJavaScript()).open("/sign-in")
	ask := func(address string) string {
		p.open("/sign-in").do(browserNoValidate)
		p.fill("#f-address", address).follow(`button[formaction="/sign-in/link"]`)
		return strings.ReplaceAll(browserEval[string](p, `document.querySelector("main").innerText`), address, "ADDRESS")
	}
	unknown := ask("nobody@moss.example")
	if known := ask(address); known != unknown {
		t.Errorf("a known address is answered with\n%s\nan unknown one with\n%s", known, unknown)
	}
	link := d.mailedLink(t, address, "/sign-in/link/")

	stranger := d.page(t, browser.WithoutJavaScript()).open(link)
	stranger.has("in the browser that asked").is(`!document.querySelector("main form")`)

	p.open(link).is(`document.querySelectorAll("main button").length === 1`)
	p.open(link) // a mail scanner, or a second look, changes nothing
	p.follow("main button")
	p.is(`location.pathname === "/requests"`).has("My requests")
	p.forget()
	p.open(link).has("spent").is(`!document.querySelector("main form")`)
	if n := d.number(`SELECT count(*) FROM sign_in_link`); n > 1 {
		t.Errorf("%d links are left", n)
	}
	p.open("/me").has("here")
}
