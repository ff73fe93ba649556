package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
	tickets "goodturn/internal/ticket"
)

// between is a proxy in front of a desk that can be in the way.
type between struct {
	server  *httptest.Server
	down    atomic.Bool // nothing gets through
	swallow atomic.Bool // streams are kept until they end, which they do not
}

// behindProxy has pages opened from now on go through a proxy.
func (d *browserDesk) behindProxy(t testing.TB) *between {
	t.Helper()
	to, err := url.Parse(d.url)
	must(t, err)
	b := &between{}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.FlushInterval = -1
	proxy.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
	b.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if b.down.Load() {
			panic(http.ErrAbortHandler)
		}
		if b.swallow.Load() && strings.HasPrefix(r.Header.Get("Accept"), "text/event-stream") {
			<-r.Context().Done()
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		b.server.CloseClientConnections()
		b.server.Close()
	})
	d.url = b.server.URL
	return b
}

// asks makes a ticket as the requester of the demo's first one.
func (d *browserDesk) asks(subject string) (t tickets.Ticket) {
	d.Helper()
	requester := d.number(`SELECT requester_id FROM ticket ORDER BY id LIMIT 1`)
	d.write(func(ctx context.Context, tx *db.Tx) (err error) {
		t, err = d.app.Tickets.Create(ctx, tx, tickets.By{Actor: person.System}, tickets.New{Subject: subject, Requester: requester, Channel: tickets.ByForm, Message: tickets.Draft{Text: subject + ", since this morning."}})
		return err
	})
	return t
}

const browserRow = `#list .ticket-row .subject`

// TestBrowserTenTabsShareAStream: a browser has six connections to a server over HTTP/1.1; ten pages of it are told what changed, and
// can still fetch.
func TestBrowserTenTabsShareAStream(t *testing.T) {
	d := browserDemo(t)
	p := d.page(t, browser.Size(1440, 900)).cookie(d.session(d.staff(person.Agent, 0))).open("/tickets?view=all")
	p.is(`(window.tabs = [window], true)`)
	for n := 2; n <= 10; n++ {
		p.is(`window.tabs.push(open("/tickets?view=all"))`)
		p.until(fmt.Sprintf(`window.tabs[%d]?.document.querySelector(".ticket-row") && window.tabs[%[1]d].document.readyState === "complete"`, n-1))
	}
	wait(t, browserLimit, "one stream", func() error {
		if n := d.app.Hub.Subscribers(); n != 1 {
			return fmt.Errorf("%d streams", n)
		}
		return nil
	})
	d.asks("The lift sings")
	p.until(`window.tabs.some(w => !w.document.hidden && [...w.document.querySelectorAll(".ticket-row .subject")].some(e => e.textContent.includes("The lift sings")))`)
	// Windows that nobody sees were told all the same, and fetch once they are seen.
	p.is(`window.tabs.forEach(w => { Object.defineProperty(w.document, "hidden", {value: false}); w.document.dispatchEvent(new Event("visibilitychange")) }) || true`)
	p.until(`window.tabs.every(w => [...w.document.querySelectorAll(".ticket-row .subject")].some(e => e.textContent.includes("The lift sings")))`)
	p.is(`window.tabs.slice(1).forEach(w => w.close()) || true`)
	d.asks("The lift hums")
	p.shows(browserRow, "The lift hums")
	p.quiet()
}

// TestBrowserStreamComesBack: nothing is missed while the server cannot be reached.
func TestBrowserStreamComesBack(t *testing.T) {
	d := browserDemo(t)
	b := d.behindProxy(t)
	p := d.page(t, browser.Size(1440, 900)).cookie(d.session(d.staff(person.Agent, 0))).open("/tickets?view=all")
	browser.Tolerant(p.ctx)
	wait(t, browserLimit, "a stream", func() error {
		if d.app.Hub.Subscribers() == 0 {
			return fmt.Errorf("there is none")
		}
		return nil
	})
	b.down.Store(true)
	b.server.CloseClientConnections()
	d.asks("The roof leaks")
	b.down.Store(false)
	p.shows(browserRow, "The roof leaks")
	d.asks("The cellar is wet")
	p.shows(browserRow, "The cellar is wet")
}

// TestBrowserAsksWhereStreamsDoNotGetThrough: behind a proxy that keeps streams back, pages ask now and then.
func TestBrowserAsksWhereStreamsDoNotGetThrough(t *testing.T) {
	d := browserDemo(t)
	b := d.behindProxy(t)
	b.swallow.Store(true)
	p := d.page(t, browser.Size(1440, 900)).cookie(d.session(d.staff(person.Agent, 0))).open("/tickets?view=all")
	d.asks("The gate sticks")
	p.shows(browserRow, "The gate sticks")
	p.quiet()
}

// TestBrowserSignedOutElsewhere: a page is told when its right has ended, and keeps what was typed.
func TestBrowserSignedOutElsewhere(t *testing.T) {
	d := browserDemo(t)
	who := d.staff(person.Agent, 0)
	number := d.number(`SELECT t.id FROM ticket t JOIN team m ON m.id = t.team_id WHERE NOT m.private AND t.status = 'open' ORDER BY t.id DESC LIMIT 1`)
	p := d.page(t, browser.Size(1440, 900)).cookie(d.session(who)).open(fmt.Sprintf("/tickets/%d", number))
	browser.Tolerant(p.ctx)
	wait(t, browserLimit, "a stream", func() error {
		if d.app.Hub.Subscribers() == 0 {
			return fmt.Errorf("there is none")
		}
		return nil
	})
	p.keys("n").text("Half a thought")
	d.write(func(ctx context.Context, tx *db.Tx) error { return person.EndSessions(ctx, tx, who, 0) })
	p.shows("#flash", "You are signed out here").is(`document.getElementById("note").value === "Half a thought"`).is(`document.querySelector("#flash a").pathname === "/sign-in"`)
}

// TestBrowserListWaitsWhileItIsInUse: rows that come while somebody is in the list are offered and not pushed in, and what has the
// focus stays the row that it is.
func TestBrowserListWaitsWhileItIsInUse(t *testing.T) {
	d := browserDemo(t)
	p := d.page(t, browser.Size(1440, 900)).cookie(d.session(d.staff(person.Agent, 0))).open("/tickets?view=all")
	p.until(`document.querySelector(".ticket-row")`).keys("j", "j")
	at := browserEval[string](p, `document.activeElement.getAttribute("href")`)
	d.asks("The kiln is cold")
	p.shows("#list-news", "1 new").gone(browserRow, "The kiln is cold").shows("#told", "1 new")
	d.asks("The kiln is too hot")
	p.shows("#list-news", "2 new").is(fmt.Sprintf(`document.activeElement.getAttribute("href") === %q`, at))
	p.click("#list-news").shows(browserRow, "The kiln is cold").shows(browserRow, "The kiln is too hot").until(`!document.getElementById("list-news")`)
	p.is(`document.activeElement.matches(".ticket-row")`).quiet()
}
