package desk

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"

	"goodturn/internal/i18n"
	"goodturn/internal/testserver/browser"
	"goodturn/internal/web/ui"
)

// bench serves one ticket as the real desk does, so that the scripts can be watched at work: the page under the strict
// policy, the stream of changes, and two of the forms.
type bench struct {
	url     string
	changed chan string

	mu   sync.Mutex
	view TicketView
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{changed: make(chan string, 8), view: sampleTicket()}
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Handler())
	mux.HandleFunc("GET /live", b.live)
	mux.HandleFunc("GET /tickets/1042", func(w http.ResponseWriter, r *http.Request) { b.page(t, w, http.StatusOK) })
	mux.HandleFunc("GET /files/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		fmt.Fprint(w, `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="300"/>`)
	})
	mux.HandleFunc("POST /tickets/1042/status", func(w http.ResponseWriter, r *http.Request) {
		b.change(func(v *TicketView) { v.Status = r.FormValue("value") })
		http.Redirect(w, r, "/tickets/1042", http.StatusSeeOther)
	})
	mux.HandleFunc("POST /tickets/1042/replies", func(w http.ResponseWriter, r *http.Request) {
		text := r.FormValue("text")
		if strings.TrimSpace(text) == "refuse me" {
			b.change(func(v *TicketView) { v.Composer.Reply, v.Composer.ReplyError = text, "Say a little more." })
			b.page(t, w, http.StatusUnprocessableEntity)
			return
		}
		b.change(func(v *TicketView) {
			v.Composer.Reply, v.Composer.ReplyError, v.Status = "", "", r.FormValue("then")
			v.Timeline = append(v.Timeline, said(Message{ID: 90, Author: "Priya Kaur", Ours: true, At: sampleNow, Text: text}))
		})
		http.Redirect(w, r, "/tickets/1042", http.StatusSeeOther)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(func() {
		close(b.changed)
		s.CloseClientConnections()
		s.Close()
	})
	b.url = s.URL + "/tickets/1042"
	return b
}

func (b *bench) change(f func(*TicketView)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f(&b.view)
}

func (b *bench) page(t *testing.T, w http.ResponseWriter, status int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	serve(t, w, status, TicketPage(b.view))
}

func serve(t *testing.T, w http.ResponseWriter, status int, c templ.Component) {
	var out bytes.Buffer
	if err := c.Render(i18n.With(context.Background(), "en", time.UTC), &out); err != nil {
		t.Errorf("render: %v", err)
	}
	w.Header().Set("Content-Security-Policy", "default-src 'self'; script-src 'self' 'inline-speculation-rules'; style-src 'self' 'nonce-sample'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes())
}

func (b *bench) live(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	control := http.NewResponseController(w)
	fmt.Fprint(w, ": open\n\n")
	_ = control.Flush()
	for {
		select {
		case topic, open := <-b.changed:
			if !open {
				return
			}
			fmt.Fprintf(w, "event: changed\ndata: %s\n\n", topic)
			_ = control.Flush()
		case <-r.Context().Done():
			return
		}
	}
}

func do(t *testing.T, ctx context.Context, steps ...browser.Step) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// The driver types the letter of a shortcut into the field that the shortcut has just focused, which a keyboard does not:
// so typed texts are compared by their ends.

// until waits for a JavaScript condition.
func until(t *testing.T, ctx context.Context, condition string) {
	t.Helper()
	if err := browser.Await(ctx, condition); err != nil {
		t.Fatalf("%s: %v", condition, err)
	}
}

func is(t *testing.T, ctx context.Context, what, expression string) {
	t.Helper()
	if got, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression)); err != nil || !got {
		t.Errorf("%s: %v is %v (%v)", what, expression, got, err)
	}
}

func TestPagesAreAccessible(t *testing.T) {
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Handler())
	pages := samples()
	mux.HandleFunc("GET /{page}", func(w http.ResponseWriter, r *http.Request) {
		if c, ok := pages[r.PathValue("page")]; ok {
			serve(t, w, http.StatusOK, c)
			return
		}
		http.NotFound(w, r)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	for _, look := range []struct {
		name  string
		steps []browser.Step
	}{
		{"desk in light", []browser.Step{browser.Size(1440, 900)}},
		{"phone in dark", []browser.Step{browser.Size(390, 844), browser.Dark()}},
	} {
		t.Run(look.name, func(t *testing.T) {
			ctx := browser.New(t, look.steps...)
			for name := range pages {
				do(t, ctx, chromedp.Navigate(s.URL+"/"+name))
				browser.CheckAxe(t, ctx)
				is(t, ctx, name+" needs no scrolling sideways", `document.documentElement.scrollWidth <= innerWidth`)
			}
		})
	}
}

func TestLiveChangeLeavesWhatIsTypedAlone(t *testing.T) {
	b := newBench(t)
	ctx := browser.New(t, browser.Size(1440, 900))
	do(t, ctx, chromedp.Navigate(b.url), chromedp.WaitVisible(chromedp.CSS("#reply-rich")))
	do(t, ctx, chromedp.KeyEvent("r"), chromedp.KeyEvent("half an answer"))
	is(t, ctx, "r opens the reply", `document.activeElement.id === "reply-rich"`)

	b.change(func(v *TicketView) {
		v.Timeline = append(v.Timeline, said(Message{ID: 91, Author: "Hana Sato", At: sampleNow, Text: "It prints again."}))
	})
	b.changed <- "ticket:1042"
	until(t, ctx, `document.getElementById("m91") !== null`)
	is(t, ctx, "the text stays", `document.getElementById("reply").value.endsWith("half an answer")`)
	is(t, ctx, "the focus stays", `document.activeElement.id === "reply-rich"`)

	do(t, ctx, chromedp.Click(chromedp.CSS(`[popovertarget="set-status"]`)), chromedp.Click(chromedp.CSS(`#set-status button[value="pending"]`)))
	until(t, ctx, `document.querySelector('[popovertarget="set-status"]').textContent.includes("pending")`)
	is(t, ctx, "the text stays after a change of our own", `document.getElementById("reply").value.endsWith("half an answer")`)
}

func TestReplyIsSentInPlace(t *testing.T) {
	b := newBench(t)
	ctx := browser.New(t, browser.Size(1440, 900))
	do(t, ctx, chromedp.Navigate(b.url), chromedp.WaitVisible(chromedp.CSS("#reply-rich")))
	do(t, ctx, chromedp.Click(chromedp.CSS("#reply-rich")), chromedp.KeyEvent("refuse me"), chromedp.KeyEvent("\r", chromedp.KeyModifiers(2)))
	until(t, ctx, `document.getElementById("reply-wrong")?.textContent === "Say a little more."`)
	is(t, ctx, "the refused text stays", `document.getElementById("reply").value.trim() === "refuse me"`)

	do(t, ctx, chromedp.KeyEvent(" Thank you."), chromedp.Click(chromedp.CSS(`#sheet-reply button[value="solved"]`)))
	until(t, ctx, `document.getElementById("m90") !== null`)
	is(t, ctx, "the box is empty", `document.getElementById("reply").value === ""`)
	is(t, ctx, "the error is gone", `document.getElementById("reply-wrong") === null`)
	is(t, ctx, "the button says what follows", `document.querySelector('[popovertarget="set-status"]').textContent.includes("solved")`)
}

func TestUnsentTextSurvivesTheWayToAnotherTicket(t *testing.T) {
	b := newBench(t)
	ctx := browser.New(t, browser.Size(1440, 900))
	do(t, ctx, chromedp.Navigate(b.url), chromedp.WaitVisible(chromedp.CSS("#reply-rich")))
	do(t, ctx, chromedp.KeyEvent("n"), chromedp.KeyEvent("ask Jonas for the key"))
	is(t, ctx, "n opens the note", `document.activeElement.id === "note-rich"`)
	do(t, ctx, chromedp.Click(chromedp.CSS(`.ticket-row[aria-current]`)), chromedp.WaitVisible(chromedp.CSS("#reply-rich")))
	until(t, ctx, `document.getElementById("note").value.endsWith("ask Jonas for the key")`)
}

func TestWithoutScriptsBothFormsAreThere(t *testing.T) {
	b := newBench(t)
	ctx := browser.New(t, browser.WithoutJavaScript(), browser.Size(1440, 900))
	do(t, ctx, browser.WithoutJavaScript(), chromedp.Navigate(b.url))
	do(t, ctx, chromedp.WaitVisible(chromedp.CSS("#reply")), chromedp.Click(chromedp.CSS(`.composer details.is-note > summary`)), chromedp.WaitVisible(chromedp.CSS("#note")))
}
