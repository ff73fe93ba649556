package portal

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"goodturn/internal/button"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/i18n"
	"goodturn/internal/testserver/browser"
)

// hostPage serves a page of somebody else, under the strictest policy that still names the desk.
func hostPage(t *testing.T, attributes, script func() string) (origin string) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		desk := script()
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src "+desk+"; connect-src "+desk+"; style-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'")
		w.Header().Set("Cross-Origin-Embedder-Policy", "require-corp")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<!DOCTYPE html><html ` + attributes() + `><head><meta name="viewport" content="width=device-width"><title>Timesheets</title></head><body><main><h1>Timesheets</h1><p><a href="#x">One</a></p></main>
			<script src="` + desk + `/button.js" async></script></body></html>`))
	}))
	t.Cleanup(s.Close)
	return strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
}

// within is what an expression gives in the button's shadow root, which it calls root.
const within = `(() => { const root = document.querySelector("goodturn-help")?.shadowRoot; `

func TestTheButtonUnderAStrictPolicy(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	attributes := `lang="en"`
	origin := hostPage(t, func() string { return attributes }, func() string { return w.url })
	w.offering(origin)
	ctx := browser.New(t, browser.Size(1024, 800))
	do := func(steps ...browser.Step) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	// until waits for something in the shadow root to be so, and gives the last it was.
	until := func(expression string) {
		t.Helper()
		for end := time.Now().Add(15 * time.Second); ; {
			got, err := chromedp.Run(ctx, chromedp.Evaluate[string](within+`try { const v = `+expression+`; return v === true ? "" : String(v) } catch (e) { return String(e) } })()`))
			if err == nil && got == "" {
				return
			}
			if time.Now().After(end) {
				all, _ := chromedp.Run(ctx, chromedp.Evaluate[string](within+`return root ? root.textContent : "no button" })()`))
				t.Fatalf("%s is %s (%v): %s", expression, got, err, all)
			}
			_, _ = chromedp.Run(ctx, chromedp.Evaluate[int](`new Promise(r => requestAnimationFrame(() => r(1))) && 1`))
		}
	}
	picture := func(name string) {
		if dir := os.Getenv("GOODTURN_PAGES"); dir != "" {
			do(browser.Screenshot(filepath.Join(dir, "button-"+name+".png")))
		}
	}
	do(chromedp.Navigate(origin + "/week/3?token=secret"))
	until(`root.querySelector(".open").offsetWidth > 40`)
	until(`getComputedStyle(root.querySelector(".open")).position === "fixed"`) // the sheet is there though style-src is 'none'

	// By keys alone: past the link of the page to the button.
	do(browser.Key("Tab"), browser.Key("Tab"), browser.Key("Enter"))
	until(`root.querySelector("dialog").open && root.activeElement.name === "text"`)
	do(browser.Type("vpn settings"))
	until(`[...root.querySelectorAll("li a")].map(a => a.href).join() === "` + w.url + `/help/set-up-the-vpn"`)
	picture("ask")

	// The focus stays within: whatever Tab reaches is in the dialog, or the browser's own.
	for range 12 {
		do(browser.Key("Tab"))
		until(`document.activeElement === document.body || root.activeElement && root.querySelector("dialog").contains(root.activeElement)`)
	}
	do(browser.Key("Escape"))
	until(`!root.querySelector("dialog").open && root.activeElement === root.querySelector(".open")`)

	// What was typed outlives a new page, and what is wrong stands at its field.
	do(chromedp.Reload())
	until(`root.querySelector("textarea").value === "vpn settings"`)
	until(`(root.querySelector(".open").focus(), true)`)
	do(browser.Key("Enter"))
	until(`root.querySelector("dialog").open`)
	submit := `(root.querySelector("dialog form").requestSubmit(), true)`
	until(submit)
	until(`root.querySelector("[aria-invalid]").name === "name" && root.activeElement.name === "name" && root.querySelector("#wrong-name").textContent !== ""`)
	browser.CheckAxe(t, ctx)
	do(browser.Type("Ada Moss"), browser.Key("Enter"))
	until(`root.querySelector(".said").textContent.startsWith("We have it. Its number is 1001.")`)
	until(`root.querySelector(".said a").href.startsWith("` + w.url + `/t/") && root.activeElement === root.querySelector(".said")`)
	picture("sent")
	if at := one[string](w, `SELECT value FROM ticket_fact WHERE ticket_id = 1001`); at != origin+"/week/3" {
		t.Errorf("asked from %q", at)
	}

	// Something small, in two presses and a sentence.
	until(`(root.querySelector("nav button[value=small]").click(), root.activeElement.name === "small")`)
	do(browser.Type("The timesheet forgets my project"), browser.Key("Enter"))
	until(`root.querySelector(".said").textContent.startsWith("Noted.")`)

	// On a phone, dark, from right to left.
	defer i18n.Reveal("ar")()
	attributes = `lang="ar" dir="rtl"`
	do(browser.Size(360, 640), browser.Dark(), chromedp.Reload())
	until(`root.host.dir === "rtl" && root.querySelector(".open").getBoundingClientRect().left < 40`)
	until(`(root.querySelector(".open").focus(), true)`)
	do(browser.Key("Enter"))
	until(`root.querySelector("dialog").open && root.querySelector("dialog").getBoundingClientRect().right <= 360 && root.querySelector("dialog").getBoundingClientRect().left >= 0 && document.documentElement.scrollWidth <= 360`)
	until(`root.querySelector("dialog").scrollWidth <= root.querySelector("dialog").clientWidth`)
	browser.CheckAxe(t, ctx)
	picture("phone")

	// A line that breaks loses nothing.
	do(browser.Type("The gate"), browser.Offline())
	until(submit)
	until(`root.querySelector("[role=alert]").textContent !== "" && root.querySelector("textarea").value === "The gate"`)
	do(browser.Online())

	// A page that is not named has no button.
	w.write(func(tx *db.Tx) error {
		return button.Save(w.ctx, tx, button.Settings{Request: true, Origins: elsewhere})
	})
	browser.Tolerant(ctx)
	do(chromedp.Reload())
	until(`root === undefined`)
}
