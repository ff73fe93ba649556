package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"goodturn/internal/testserver/browser"

	"github.com/chromedp/cdproto/cdp"
	cdplog "github.com/chromedp/cdproto/log"
	cdpnetwork "github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browserPage is a tab of a browser of its own, with nobody signed in.
type browserPage struct {
	testing.TB
	ctx context.Context
	url string

	mu       sync.Mutex
	console  []string            // what the console holds of errors
	requests map[string]*loading // by CDP's id
	document string              // CDP's loader of the page that stands
	abroad   []string            // addresses that are not the desk's
	dialogs  []string
}

// loading is one request of the page.
type loading struct {
	url      string
	bytes    float64 // as received, with the header; 0 from the cache
	done     bool
	document string // that asked for it
}

func (d *browserDesk) page(t testing.TB, steps ...browser.Step) *browserPage {
	t.Helper()
	p := &browserPage{TB: t, url: d.url, ctx: browser.New(t, steps...), requests: map[string]*loading{}}
	must(t, chromedp.Listen(p.ctx, p.see))
	return p
}

func (p *browserPage) see(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError {
			p.console = append(p.console, e.Entry.Text+" "+e.Entry.URL)
		}
	case *cdpruntime.EventConsoleAPICalled:
		if e.Type == cdpruntime.ConsoleAPICalledTypeError {
			p.console = append(p.console, fmt.Sprint(e.Args))
		}
	case *cdpnetwork.EventRequestWillBeSent:
		at := e.Request.URL
		if strings.HasPrefix(at, "data:") || at == "about:blank" {
			return
		}
		if !strings.HasPrefix(at, p.url+"/") {
			p.abroad = append(p.abroad, at)
		}
		if e.Type == cdpnetwork.ResourceTypeDocument {
			p.document = string(e.LoaderID)
		}
		p.requests[string(e.RequestID)] = &loading{url: at, document: string(e.LoaderID)}
	case *cdpnetwork.EventLoadingFinished:
		if l := p.requests[string(e.RequestID)]; l != nil {
			l.bytes, l.done = e.EncodedDataLength, true
		}
	case *cdpnetwork.EventLoadingFailed:
		if l := p.requests[string(e.RequestID)]; l != nil {
			l.done = true
		}
	case *cdppage.EventJavascriptDialogOpening:
		if e.Type != cdppage.DialogTypeBeforeunload {
			p.dialogs = append(p.dialogs, e.Message)
		}
		// Nobody else answers it, and the page would wait for ever.
		go func() {
			t := chromedp.FromContext(p.ctx).Target
			_, _ = cdp.Call(p.ctx, t, cdppage.HandleJavaScriptDialog, cdppage.HandleJavaScriptDialogParams{Accept: true})
		}()
	}
}

// forget begins counting requests anew.
func (p *browserPage) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests, p.console = map[string]*loading{}, nil
}

// quiet fails the test for errors in the console, and for requests to anybody else.
func (p *browserPage) quiet() {
	p.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, line := range p.console {
		p.Errorf("the console says: %s", line)
	}
	for _, at := range p.abroad {
		p.Errorf("the page asked a stranger: %s", at)
	}
	for _, d := range p.dialogs {
		p.Errorf("the page opened a dialog: %s", d)
	}
	p.console, p.abroad, p.dialogs = nil, nil, nil
}

func (p *browserPage) do(steps ...browser.Step) *browserPage {
	p.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.Fatal(err)
	}
	return p
}

// cookie sets cookies as the desk would.
func (p *browserPage) cookie(all ...*http.Cookie) *browserPage {
	p.Helper()
	for _, c := range all {
		yes := true
		p.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
			_, err := cdp.Call(ctx, t, cdpnetwork.SetCookie, cdpnetwork.SetCookieParams{Name: c.Name, Value: c.Value, URL: p.url + "/", Path: "/", HTTPOnly: &yes, SameSite: cdpnetwork.CookieSameSiteLax})
			return chromedp.Void{}, err
		})
	}
	return p
}

// open goes to an address of the desk, or to a whole one.
func (p *browserPage) open(path string) *browserPage {
	p.Helper()
	if strings.HasPrefix(path, "/") {
		path = p.url + path
	}
	p.do(chromedp.Navigate(path))
	return p
}

// browserEval evaluates JavaScript.
func browserEval[T any](p *browserPage, js string) T {
	p.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](js))
	if err != nil {
		p.Fatalf("%s: %v", js, err)
	}
	return v
}

// until waits for a JavaScript condition; a page that is just being left counts as "not yet".
func (p *browserPage) until(js string) *browserPage {
	p.Helper()
	if err := browser.Await(p.ctx, js); err != nil {
		body, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string](`location.href + "\n" + (document.querySelector("#ticket") || document.querySelector("main") || document.body).innerText.slice(0, 900)`))
		p.Fatalf("it never came to be that %s (%v)\n%s", js, err, body)
	}
	return p
}

// is checks a JavaScript condition now.
func (p *browserPage) is(js string) *browserPage {
	p.Helper()
	if !browserEval[bool](p, "Boolean("+js+")") {
		p.Errorf("it is not so that %s\n%s", js, browserEval[string](p, `location.href + "\n" + (document.querySelector("#ticket") || document.querySelector("main") || document.body).innerText.slice(0, 900)`))
	}
	return p
}

// browserShown is the text of the page, or of the ticket where one is shown beside a list.
const browserShown = `(document.querySelector("#ticket") || document.body).innerText.replaceAll("\u00a0", " ")`

// has checks that the page shows each of the words.
func (p *browserPage) has(words ...string) *browserPage {
	p.Helper()
	text := browserEval[string](p, browserShown)
	for _, w := range words {
		if !strings.Contains(text, w) {
			p.Errorf("%s does not show %q:\n%s", p.path(), w, text)
		}
	}
	return p
}

func (p *browserPage) hasNot(words ...string) *browserPage {
	p.Helper()
	text := browserEval[string](p, browserShown)
	for _, w := range words {
		if strings.Contains(text, w) {
			p.Errorf("%s shows %q:\n%s", p.path(), w, text)
		}
	}
	return p
}

// shows waits until an element's text holds the words.
func (p *browserPage) shows(selector, words string) *browserPage {
	p.Helper()
	return p.until(fmt.Sprintf(`[...document.querySelectorAll(%q)].some(e => e.textContent.includes(%q))`, selector, words))
}

// gone waits until no element's text holds the words.
func (p *browserPage) gone(selector, words string) *browserPage {
	p.Helper()
	return p.until(fmt.Sprintf(`![...document.querySelectorAll(%q)].some(e => e.textContent.includes(%q))`, selector, words))
}

func (p *browserPage) click(selector string) *browserPage {
	p.Helper()
	p.do(chromedp.Click(chromedp.CSS(selector)))
	return p
}

// follow clicks and waits for the page that comes of it; it gives the status.
func (p *browserPage) follow(selector string) (status int64) {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, browserLimit)
	r, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector)))
	if cancel(); err != nil && p.ctx.Err() == nil {
		// What comes by itself, such as a suggestion, may move a button away from under the pointer. People look, and click again.
		p.Logf("follow %s once more: %v", selector, err)
		r, err = chromedp.RunResponse(p.ctx, chromedp.Click(chromedp.CSS(selector)))
	}
	if err != nil {
		p.Fatalf("follow %s: %v", selector, err)
	}
	return r.Status
}

// fill types into fields: selector, text, selector, text …
func (p *browserPage) fill(pairs ...string) *browserPage {
	p.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		p.until(fmt.Sprintf(`(e => { if (e) e.value = ""; return e })(document.querySelector(%q))`, pairs[i]))
		p.do(chromedp.SendKeys(chromedp.CSS(p.field(pairs[i])), pairs[i+1]))
	}
	return p
}

// field is where a person types who means that field: where scripts run, the rich editor stands in the place of the text of a
// message.
func (p *browserPage) field(selector string) string {
	p.Helper()
	p.until(fmt.Sprintf(`(e => !e.closest(".editor") || matchMedia("(scripting: none)").matches || "live" in e.closest(".editor").dataset)(document.querySelector(%q))`, selector))
	if browserEval[bool](p, fmt.Sprintf(`"live" in (document.querySelector(%q).closest(".editor")?.dataset ?? {})`, selector)) {
		return selector + "-rich"
	}
	return selector
}

// choose picks an option by its value, as a person does: the page hears of it.
func (p *browserPage) choose(selector, value string) *browserPage {
	p.Helper()
	return p.is(fmt.Sprintf(`(s => { s.value = %q; s.dispatchEvent(new Event("change", {bubbles: true})); return s.value === %q })(document.querySelector(%q))`, value, value, selector))
}

// keys presses each key alone: a letter, or "Enter", "Tab", "Ctrl+Enter" and the like. As on a real keyboard, a key that the page
// takes for itself types no letter.
func (p *browserPage) keys(keys ...string) *browserPage {
	p.Helper()
	p.until(`document.readyState === "complete"`) // a key pressed before the scripts listen is lost
	for _, k := range keys {
		p.do(browser.Key(k))
	}
	return p
}

// text types letter by letter.
func (p *browserPage) text(s string) *browserPage {
	p.Helper()
	for _, r := range s {
		p.keys(string(r))
	}
	return p
}

// path is the page's address without the host.
func (p *browserPage) path() string {
	p.Helper()
	at, err := chromedp.Run(p.ctx, chromedp.Location())
	must(p, err)
	u, err := url.Parse(at)
	must(p, err)
	return u.RequestURI()
}

// mark puts a sign on the document, which a page loaded anew does not have.
func (p *browserPage) mark() *browserPage {
	p.Helper()
	return p.is(`window.sameDocument = true`)
}

// same checks that the marked document is still the one shown.
func (p *browserPage) same() *browserPage {
	p.Helper()
	return p.is(`window.sameDocument === true`)
}

// browserNoValidate switches the browser's own check of forms off, so that the server's is met.
var browserNoValidate browser.Step = func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	return chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("form").forEach(f => f.noValidate = true)`)(ctx, t)
}

// browserCookieJar reads the tab's cookies, those hidden from scripts too.
func browserCookieJar(p *browserPage) []*cdpnetwork.Cookie {
	p.Helper()
	all, err := chromedp.Run(p.ctx, func(ctx context.Context, t *chromedp.Target) ([]*cdpnetwork.Cookie, error) {
		r, err := cdp.Call(ctx, t, cdpnetwork.GetCookies, cdpnetwork.GetCookiesParams{})
		return r.Cookies, err
	})
	must(p, err)
	return all
}

// settled waits until everything that the page asked for has come, but for the stream of changes, which stays open, and for the
// script of the worker that reads it, whose end the tab does not hear of.
func (p *browserPage) settled() {
	p.Helper()
	p.until(`document.readyState === "complete"`)
	wait(p, browserLimit, "an end of loading", func() error {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, l := range p.requests {
			if l.document == p.document && !l.done && !strings.Contains(l.url, "/live") { // what a page asked for that was left may never be told
				return fmt.Errorf("%s is not here yet", l.url)
			}
		}
		return nil
	})
}

// weight is how many bytes came over the wire in how many requests.
func (p *browserPage) weight() (bytes, requests int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.requests {
		bytes += int(l.bytes)
		requests++
	}
	return bytes, requests
}

// loaded lists what came.
func (p *browserPage) loaded() (all []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.requests {
		all = append(all, fmt.Sprintf("%s %.0f", l.url, l.bytes))
	}
	return all
}

// browserWindow saves a picture of what the window shows, and no more.
func browserWindow(path string) browser.Step {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		png, err := chromedp.CaptureScreenshot()(ctx, t)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(path), 0o755)
		}
		if err == nil {
			err = os.WriteFile(path, png, 0o644)
		}
		return chromedp.Void{}, err
	}
}
