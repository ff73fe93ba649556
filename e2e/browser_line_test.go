package e2e

import (
	"testing"
	"time"

	"goodturn/internal/testserver/browser"
)

// A telephone's line, and how long asking for help may take on it: what a person waits for, whatever they type.
const (
	modemKbit    = 33.6
	modemLatency = 150 * time.Millisecond
	journeyLimit = 15 * time.Second
)

// TestBrowserJourneyOverAModem asks for help over a telephone's line, from an empty cache to the page that confirms it.
func TestBrowserJourneyOverAModem(t *testing.T) {
	d := browserDemo(t)
	for name, steps := range map[string][]browser.Step{
		"with scripts":    {browser.Size(360, 740)},
		"without scripts": {browser.Size(360, 740), browser.WithoutJavaScript()},
	} {
		t.Run(name, func(t *testing.T) {
			p := d.page(t, steps...)
			p.do(browser.Line(modemKbit, modemLatency))
			began := time.Now()
			p.open("/")
			opened := time.Since(began)
			p.fill("#f-text", "The printer on floor 3 prints only the upper half of each page, since this morning. The invoices must leave by noon.", "#f-name", "Ada Moss", "#f-address", "ada@moss.example")
			typed := time.Since(began)
			p.follow("main form.ask .primary")
			all := time.Since(began)
			p.until(`location.pathname.startsWith("/requests/")`)
			bytes, requests := p.weight()
			t.Logf("open %.1f s, typed %.1f s, confirmed after %.1f s (limit %.0f s); %d bytes in %d requests", opened.Seconds(), typed.Seconds(), all.Seconds(), journeyLimit.Seconds(), bytes, requests)
			if all > journeyLimit {
				t.Errorf("asking for help over %.1f kbit/s took %v, at most %v", modemKbit, all, journeyLimit)
			}
			if opened < time.Second {
				t.Errorf("the page was there after %v: the line is not narrow", opened)
			}
		})
	}
}
