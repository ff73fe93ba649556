package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/testserver/browser"
	"goodturn/internal/web/portal"

	"github.com/chromedp/cdproto/cdp"
	cdpnetwork "github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// browserRequesterPages are the pages that requesters meet; a new route is among them by itself.
func browserRequesterPages(t testing.TB, w *browserWalk) (all []browserVisit) {
	t.Helper()
	ours := map[string]bool{"/sign-in": true}
	for _, rt := range portal.Routes(&portal.Portal{}) {
		if pattern, ok := strings.CutPrefix(rt.Pattern, "GET "); ok {
			ours[pattern] = true
		}
	}
	for _, v := range w.visits(t) {
		if ours[v.name] {
			all = append(all, v)
		}
	}
	return append(all, browserVisit{"a spent link", "/t/nothing", w.visitors[0], 404}, browserVisit{"not found", "/requests/999999", w.visitors[1], 404})
}

// What a page of the requester may weigh at the first visit, headers and all, and how many requests it may take.
const (
	requesterBytes    = 14 * 1024
	requesterRequests = 3
)

// TestBrowserRequesterPages opens each page that requesters meet with an empty cache, on a small phone and at four times the size; then
// the same in a language that runs from right to left.
func TestBrowserRequesterPages(t *testing.T) {
	t.Cleanup(i18n.Reveal("ar"))
	w := newBrowserWalk(t)
	pages := browserRequesterPages(t, w)
	for _, v := range pages {
		t.Run("light/"+strings.ReplaceAll(strings.Trim(v.name, "/"), "/", "."), func(t *testing.T) {
			p := w.page(t, browser.Size(360, 740)).cookie(v.visitor.cookies...)
			if _, err := chromedpResponse(p, w.url+v.at); err != nil {
				t.Fatal(err)
			}
			p.settled()
			bytes, requests := p.weight()
			t.Logf("%d bytes in %d requests", bytes, requests)
			if bytes > requesterBytes || requests > requesterRequests {
				t.Errorf("%d bytes in %d requests, at most %d in %d: %s", bytes, requests, requesterBytes, requesterRequests, p.loaded())
			}
			for _, width := range []int{360, 320} {
				p.do(browser.Size(width, 740)).narrow(width)
			}
		})
	}
	w.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE person SET language = 'ar'`)
		return err
	})
	for _, v := range pages {
		t.Run("right-to-left/"+strings.ReplaceAll(strings.Trim(v.name, "/"), "/", "."), func(t *testing.T) {
			p := w.page(t, browser.Size(360, 740), browserAccepts("ar")).cookie(v.visitor.cookies...).open(v.at)
			p.is(`document.documentElement.dir === "rtl" && document.documentElement.lang === "ar"`).narrow(360)
			p.is(`document.querySelector(".alone") || document.querySelector(".brand").getBoundingClientRect().right > 300`)
			if mixed := browserEval[[]string](p, browserMixed); len(mixed) > 0 {
				t.Errorf("these may turn what stands around them, for want of dir=auto, bdi or an isolate: %q", mixed)
			}
			if dir := os.Getenv("GOODTURN_PAGES"); dir != "" {
				p.do(browser.Screenshot(filepath.Join(dir, "rtl-"+strings.NewReplacer("/", "_", "{", "", "}", "", " ", "-").Replace(strings.Trim(v.name, "/"))+".png")))
			}
		})
	}
}

// narrow checks that nothing reaches over either edge of the window.
func (p *browserPage) narrow(width int) {
	p.Helper()
	if wide := browserEval[int](p, `document.documentElement.scrollWidth`); wide > width {
		p.Errorf("%d wide in a window of %d: %s", wide, width, browserEval[string](p, browserTooWide))
	}
	if left := browserEval[string](p, browserTooLeft); left != "" {
		p.Errorf("over the left edge of a window of %d: %s", width, left)
	}
}

// browserTooLeft names what reaches over the left edge and can be seen.
const browserTooLeft = `[...document.querySelectorAll("main, main *")].filter(e => e.checkVisibility() && !e.closest(".unseen") && e.getBoundingClientRect().left < -1).slice(0, 8).map(e => e.tagName + "." + e.className + "#" + e.id).join(" ")`

// browserMixed lists Latin words that no element and no mark isolates: a revealed language has none of its own. Dates and sizes are
// written by the language.
const browserMixed = `(() => {
	const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let n; (n = walk.nextNode());) {
		const text = n.data.trim(), at = n.parentElement;
		if (!/[A-Za-z]{2}/.test(text) || /^[\d.,\s]*[kMG]?B$/.test(text) || text.includes("\u2068")) continue;
		if (at.closest("script, style, template, textarea, time, bdi, code, kbd, option, [dir=auto], [dir=ltr], .demo-bar")) continue;
		found.push(at.tagName + "." + at.className + ": " + text.slice(0, 60));
	}
	return found.slice(0, 12);
})()`

// browserAccepts has the browser ask for a language.
func browserAccepts(code string) browser.Step {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, cdpnetwork.SetExtraHTTPHeaders, cdpnetwork.SetExtraHTTPHeadersParams{Headers: cdpnetwork.Headers{"Accept-Language": code}})
		return chromedp.Void{}, err
	}
}
