package desk_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/testserver/browser"
	"goodturn/internal/ticket"
	"goodturn/internal/web/desk"
	"goodturn/internal/web/ui"
)

// onSQLite makes a stage for a test of what browsers do, to which the database makes no difference.
func onSQLite(t *testing.T) *stage {
	t.Helper()
	return newStage(t, dbtest.Open(t, db.SQLite))
}

// served serves the desk as Amara sees it, with the headers of the real program, or without its policy.
func (s *stage) served(policy bool) string {
	s.t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/", s.handler)
	mux.Handle("GET /assets/", ui.Handler())
	guarded, err := s.site.Guard(mux)
	if err != nil {
		s.t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.AddCookie(&http.Cookie{Name: "goodturn-session", Value: s.sessions["amara"]})
		if !policy {
			w = lax{w}
		}
		guarded.ServeHTTP(w, r)
	}))
	s.t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL
}

// lax drops the policy of a page, so that nothing but the sanitiser is in the way of a mail.
type lax struct{ http.ResponseWriter }

func (w lax) WriteHeader(status int) {
	w.Header().Del("Content-Security-Policy")
	w.ResponseWriter.WriteHeader(status)
}

func (w lax) Write(p []byte) (int, error) {
	w.Header().Del("Content-Security-Policy")
	return w.ResponseWriter.Write(p)
}

// mailSample is one of the mails in testdata, as a message with the pictures that it may carry.
func (s *stage) mailSample(name string) ticket.Draft {
	s.t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "mail", name+".html"))
	if err != nil {
		s.t.Fatal(err)
	}
	picture := image.NewRGBA(image.Rect(0, 0, 2000, 500))
	for x := range 2000 {
		for y := range 500 {
			picture.Set(x, y, color.RGBA{uint8(x / 8), uint8(y / 2), 120, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		s.t.Fatal(err)
	}
	ref, err := s.site.Blobs.Put(s.t.Context(), &b, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	return ticket.Draft{Text: "The text of " + name, HTML: string(raw), Files: []ticket.File{{Name: "wide.png", Type: "image/png", Ref: ref, Inline: true, ContentID: "wide@x"}}}
}

// mails makes a ticket whose messages have the HTML given.
func (s *stage) mails(subject string, all ...ticket.Draft) ticket.Ticket {
	s.t.Helper()
	t := s.made(subject, "first-line", func(n *ticket.New) { n.Message = all[0] })
	by := s.as("hana")
	s.write(func(ctx context.Context, tx *db.Tx) error {
		for _, m := range all[1:] {
			if _, err := s.desk.Tickets.Answer(ctx, tx, by, t.ID, m); err != nil {
				return err
			}
		}
		return nil
	})
	return t
}

func do(t *testing.T, ctx context.Context, steps ...browser.Step) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// is asserts a condition written in JavaScript.
func is(t *testing.T, ctx context.Context, what, expression string) {
	t.Helper()
	if got, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression)); err != nil || !got {
		t.Errorf("%s: %s is %v (%v)", what, expression, got, err)
	}
}

func until(t *testing.T, ctx context.Context, condition string) {
	t.Helper()
	// Asked again and again rather than polled: a page that is left while it is asked gives an error, and the next an answer.
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(30 * time.Millisecond) {
		got, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+condition+")"))
		if err == nil && got {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("it never came to be that %s (%v)", condition, err)
		}
	}
}

var sampleNames = []string{"newsletter", "outlook", "dark", "overlay", "rtl", "table", "wide"}

func TestMailInABrowser(t *testing.T) {
	s := onSQLite(t)
	var all []ticket.Draft
	for _, name := range sampleNames {
		all = append(all, s.mailSample(name))
	}
	tk := s.mails("Seven mails", all...)
	address := s.served(true) + path(tk.ID, "")
	for _, look := range []struct {
		name  string
		steps []browser.Step
	}{
		{"desk-light", []browser.Step{browser.Size(1280, 900)}},
		{"desk-dark", []browser.Step{browser.Size(1280, 900), browser.Dark()}},
		{"phone-light", []browser.Step{browser.Size(390, 844)}},
		{"phone-dark", []browser.Step{browser.Size(390, 844), browser.Dark()}},
	} {
		t.Run(look.name, func(t *testing.T) {
			ctx := browser.New(t, look.steps...)
			do(t, ctx, chromedp.Navigate(address), chromedp.WaitVisible(chromedp.CSS("#timeline")))
			is(t, ctx, "each mail has its shadow root", fmt.Sprintf(`[...document.querySelectorAll(".mail")].filter(m => m.shadowRoot).length === %d`, len(all)))
			is(t, ctx, "nothing makes the page scroll sideways", `document.documentElement.scrollWidth <= innerWidth`)
			is(t, ctx, "no mail leaves its place", `[...document.querySelectorAll(".mail")].every(m => m.getBoundingClientRect().width <= m.closest(".bubble").getBoundingClientRect().width)`)
			is(t, ctx, "rules count", `getComputedStyle(document.querySelector(".mail").shadowRoot.querySelector("h2")).color === "rgb(11, 110, 79)"`)
			is(t, ctx, "and reach no further", `getComputedStyle(document.querySelector(".message")).position === "static" && document.querySelector(".topbar, header").offsetParent !== undefined`)
			is(t, ctx, "nothing is fixed", `[...document.querySelectorAll(".mail")].every(m => [...m.shadowRoot.querySelectorAll("*")].every(e => getComputedStyle(e).position === "static"))`)
			is(t, ctx, "there is no form", `[...document.querySelectorAll(".mail")].every(m => !m.shadowRoot.querySelector("form, input, button, script"))`)
			is(t, ctx, "a look-alike is named", `document.querySelectorAll(".mail")[3].shadowRoot.querySelector(".leads").textContent.includes("evil.example")`)
			is(t, ctx, "dark on light follows the page", `getComputedStyle(document.querySelectorAll(".mail")[2].shadowRoot.querySelector(".now")).color === getComputedStyle(document.querySelector(".bubble")).color`)
			browser.CheckAxe(t, ctx)
			if dir := os.Getenv("GOODTURN_PICTURES"); dir != "" {
				do(t, ctx, flat(), browser.Screenshot(filepath.Join(dir, look.name+".png")))
			}
		})
	}
}

// flat lets the whole conversation be seen in one picture.
func flat() browser.Step {
	return chromedp.Evaluate[chromedp.Void](`(() => { const s = new CSSStyleSheet(); s.replaceSync(".flow, .pane, .panes, .desk, body, html, main { overflow: visible !important; block-size: auto !important; max-block-size: none !important; } .pane.ticket { grid-template-rows: auto auto auto !important }"); document.adoptedStyleSheets = [s]; })(); void 0`)
}

func TestMailComesAliveInPlace(t *testing.T) {
	s := onSQLite(t)
	tk := s.mails("Live", s.mailSample("outlook"))
	mux := http.NewServeMux()
	s.site.Mount(mux, s.site.Routes())
	s.site.Mount(mux, desk.Routes(s.desk))
	s.handler = mux
	ctx := browser.New(t, browser.Size(1280, 900))
	do(t, ctx, chromedp.Navigate(s.served(true)+path(tk.ID, "")), chromedp.WaitVisible(chromedp.CSS("#timeline")))
	until(t, ctx, `document.querySelector(".mail").shadowRoot.querySelector("details") !== null`)
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`document.querySelector(".mail").shadowRoot.querySelector("details").open = true; void 0`))
	by, sample := s.as("hana"), s.mailSample("newsletter")
	s.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := s.desk.Tickets.Answer(ctx, tx, by, tk.ID, sample)
		return err
	})
	until(t, ctx, `document.querySelectorAll(".mail").length === 2 && !!document.querySelectorAll(".mail")[1].shadowRoot`)
	is(t, ctx, "its rules count", `getComputedStyle(document.querySelectorAll(".mail")[1].shadowRoot.querySelector("h2")).color === "rgb(11, 110, 79)"`)
	is(t, ctx, "no template is left", `document.querySelector(".mail > template") === null`)
	is(t, ctx, "what was open stays open", `document.querySelector(".mail").shadowRoot.querySelector("details").open`)
}

func TestMailWithoutScripts(t *testing.T) {
	s := onSQLite(t)
	tk := s.mails("Quiet", s.mailSample("newsletter"))
	ctx := browser.New(t, browser.WithoutJavaScript(), browser.Size(390, 844))
	do(t, ctx, browser.WithoutJavaScript(), chromedp.Navigate(s.served(true)+path(tk.ID, "")), chromedp.WaitVisible(chromedp.CSS(".mail")))
	is(t, ctx, "the parser makes the shadow root", `!!document.querySelector(".mail").shadowRoot`)
}

// TestNoAttackComesThrough shows every known attack in a real browser, with the policy of the page taken away: nothing may
// run, ask or leave but what the page itself does.
func TestNoAttackComesThrough(t *testing.T) {
	root := os.Getenv("GOODTURN_TESTDATA")
	if root == "" {
		t.Skip("GOODTURN_TESTDATA is not set: the shared test data is needed")
	}
	raw, err := os.ReadFile(filepath.Join(root, "html", "dompurify.json"))
	if err != nil {
		t.Fatal(err)
	}
	var attacks []struct{ Title, Payload string }
	if err := json.Unmarshal(raw, &attacks); err != nil {
		t.Fatal(err)
	}
	s := onSQLite(t)
	var all []ticket.Draft
	for _, a := range attacks {
		all = append(all, ticket.Draft{HTML: a.Payload + "<ul><li>shown</li></ul>"})
	}
	var mu sync.Mutex
	var asked []string
	tk := s.mails("Attacks", all...)
	ctx := browser.New(t, browser.Size(1280, 900))
	browser.Tolerant(ctx)
	if err := chromedp.Listen(ctx, func(event any) {
		if d, ok := event.(*cdpage.EventJavascriptDialogOpening); ok {
			mu.Lock()
			defer mu.Unlock()
			asked = append(asked, d.Message)
		}
	}); err != nil {
		t.Fatal(err)
	}
	base := s.served(false)
	plain := s.made("Nothing", "first-line")
	do(t, ctx, chromedp.Navigate(base+path(plain.ID, "")), chromedp.WaitVisible(chromedp.CSS("#timeline")))
	until(t, ctx, `Boolean(globalThis.makeRichEditor)`) // which comes late, and has names of its own
	before, err := chromedp.Run(ctx, chromedp.Evaluate[float64](`Object.getOwnPropertyNames(window).length`))
	if err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Navigate(base+path(tk.ID, "?from=1")), chromedp.WaitVisible(chromedp.CSS("#timeline")))
	shown, err := chromedp.Run(ctx, chromedp.Evaluate[float64](`[...document.querySelectorAll(".mail")].filter(m => m.shadowRoot?.querySelector(".now")).length`))
	if err != nil {
		t.Fatal(err)
	}
	// Everything is pressed, pointed at and looked at, for what waits for that.
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`for (const m of document.querySelectorAll(".mail")) for (const e of m.shadowRoot.querySelectorAll("*:not(a)")) { e.click?.(); e.focus?.(); e.scrollIntoView?.(); for (const n of ["mouseover", "pointerenter", "toggle", "animationstart", "load", "error"]) e.dispatchEvent(new Event(n)); }; void 0`))
	is(t, ctx, "the page is still ours", `location.pathname === "`+path(tk.ID, "")+`" && document.querySelectorAll("article.message").length > 50`)
	is(t, ctx, "nothing is asked of others", `performance.getEntriesByType("resource").every(e => new URL(e.name).origin === location.origin || e.name.startsWith("data:"))`)
	until(t, ctx, `Boolean(globalThis.makeRichEditor)`)
	after, err := chromedp.Run(ctx, chromedp.Evaluate[float64](`Object.getOwnPropertyNames(window).length`))
	if err != nil || after != before {
		t.Errorf("%v names in the window, and %v before (%v)", after, before, err)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(asked) > 0 {
		t.Errorf("scripts ran: %q", asked)
	}
	t.Logf("%d attacks, %v of them shown as mails, %d ran", len(attacks), shown, len(asked))
	if int(shown) < len(attacks)*9/10 {
		t.Errorf("only %v of %d are shown", shown, len(attacks))
	}
}
