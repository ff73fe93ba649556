package portal

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
	"goodturn/internal/ticket"
)

// TestPagesInABrowser opens each page at the widths of phones and of a desk, in both themes: axe-core finds nothing,
// nothing is wider than the window, and no more is loaded than the budget allows. With $GOODTURN_PAGES it leaves
// pictures there.
func TestPagesInABrowser(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	pages := w.furnish()
	ctx := browser.New(t)
	for _, p := range pages {
		if p.session != "" {
			if _, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.cookie = "goodturn-session=`+p.session+`; path=/"`)); err != nil {
				t.Fatal(err)
			}
		}
		for _, window := range windows() {
			width, theme := window.width, window.theme
			t.Run(fmt.Sprintf("%s/%d/%s", p.name, width, theme), func(t *testing.T) {
				if err := chromedp.Do(ctx, browser.Size(width, 844), themes[theme], chromedp.Navigate(w.url+p.path)); err != nil {
					t.Fatal(err)
				}
				wide, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth`))
				if err != nil || wide > width {
					t.Errorf("the page is %d wide in a window of %d (%v)", wide, width, err)
				}
				loaded, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`performance.getEntriesByType("resource").map(e => e.name)`))
				if err != nil || len(loaded)+1 > mostRequests {
					t.Errorf("loads %v (%v)", loaded, err)
				}
				browser.CheckAxe(t, ctx)
				if dir := os.Getenv("GOODTURN_PAGES"); dir != "" {
					if err := chromedp.Do(ctx, browser.Screenshot(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", p.name, width, theme)))); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
}

type window struct {
	width int
	theme string
}

var themes = map[string]browser.Step{"light": browser.Light(), "dark": browser.Dark()}

// windows are those to look at: each width and each theme once, and all of both for pictures.
func windows() (out []window) {
	if os.Getenv("GOODTURN_PAGES") == "" {
		return []window{{360, "light"}, {1024, "dark"}}
	}
	for _, width := range []int{360, 390, 1024} {
		out = append(out, window{width, "light"}, window{width, "dark"})
	}
	return out
}

// sample is a page; session signs the browser in before it is opened.
type sample struct{ name, path, session string }

// furnish makes a desk with something of everything, and gives its pages.
func (w *world) furnish() []sample {
	number := w.ticket(w.hana, "The printer on floor 3 prints only half pages, and the other half comes out of the printer on floor 2", "Good morning,\n\nsince today the printer on our floor prints only the upper half of each page. The invoices must leave by noon.\n\nHana")
	ago := func(d time.Duration) clock.Instant { return clock.Now().Add(-d) }
	w.change(func(tx *db.Tx, by ticket.By) error {
		if err := w.desk.Assign(w.ctx, tx, by, number, w.amara.ID); err != nil {
			return err
		}
		_, err := w.desk.Reply(w.ctx, tx, by, number, ticket.Draft{Text: "Good morning Hana,\n\nmost likely a worn drum; a spare is in the house. I will be with you at 10:15. If the invoices cannot wait, the printer in 2.07 is free: https://help.example/printers/2-07?utm=none\n\nAmara", At: ago(20 * time.Minute)}, ticket.Pending)
		return err
	})
	w.mail(number, w.hana, "Thank you. 10:15 is fine, I attach what it looks like.", w.stored("x", "half a page, photographed in the corridor of floor three.jpg", "image/jpeg"), w.stored("y", "test.pdf", "application/pdf"))
	w.write(func(tx *db.Tx) error {
		_, err := tx.Exec(w.ctx, `UPDATE message SET quoted = $2 WHERE ticket_id = $1 AND seq = 3`, number, "On Saturday Amara wrote:\n> Good morning Hana,\n> most likely a worn drum")
		return err
	})
	done := w.ticket(w.hana, "Password", "I forgot it")
	w.change(func(tx *db.Tx, by ticket.By) error {
		_, err := w.desk.Reply(w.ctx, tx, by, done, ticket.Draft{Text: "You have a new one."}, ticket.Solved)
		return err
	})
	waits := w.ticket(w.hana, "New laptop", "Mine is slow")
	w.change(func(tx *db.Tx, by ticket.By) error {
		_, err := w.desk.Reply(w.ctx, tx, by, waits, ticket.Draft{Text: "Which one?"}, ticket.Pending)
		return err
	})
	w.ticket(w.omar, "No network in the warehouse", "It is gone since the storm")
	typed := w.visitor().post("/requests", "text", "The lift is stuck between two floors", "name", "Ada").number(w.t)
	var session, german string
	w.write(func(tx *db.Tx) (err error) {
		de := "de"
		if err = person.Update(w.ctx, tx, w.omar.ID, person.Change{Language: &de}); err != nil {
			return err
		}
		if german, err = person.StartSession(w.ctx, tx, w.omar.ID, "", ""); err != nil {
			return err
		}
		session, err = person.StartSession(w.ctx, tx, w.hana.ID, "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0", "192.0.2.7")
		if err == nil {
			_, err = person.StartSession(w.ctx, tx, w.hana.ID, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "2001:db8::7")
		}
		return err
	})
	ada := one[int64](w, `SELECT requester_id FROM ticket WHERE id = $1`, typed)
	return []sample{
		{name: "form", path: "/"},
		{name: "form-brought", path: "/?subject=New+laptop&text=I+need+one"},
		{name: "given", path: "/t/" + w.givenLink(typed, person.Person{ID: ada}, false)},
		{name: "request", path: "/t/" + w.givenLink(number, w.hana, true)},
		{name: "gone", path: "/t/nothing"},
		{name: "list", path: "/requests", session: session},
		{name: "found", path: "/requests?q=printer"},
		{name: "none", path: "/requests?q=zebra"},
		{name: "me", path: "/me"},
		{name: "solved", path: requestURL(done)},
		{name: "asked", path: requestURL(waits)},
		{name: "german-form", path: "/", session: german},
		{name: "german-request", path: requestURL(number)},
		{name: "german-list", path: "/requests"},
	}
}

// TestJourneyWithoutScripts sends the form, sees a wrong address named, comes to the request, adds to it and has it solved,
// with scripts switched off.
func TestJourneyWithoutScripts(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	ctx := browser.New(t, browser.Size(390, 844), browser.WithoutJavaScript())
	file := filepath.Join(t.TempDir(), "corridor.txt")
	if err := os.WriteFile(file, []byte("a picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	text := func(want ...string) {
		t.Helper()
		got, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("main")))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range want {
			if !strings.Contains(got, s) {
				t.Errorf("the page does not show %q: %s", s, got)
			}
		}
	}
	do := func(steps ...browser.Step) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	do(chromedp.Navigate(w.url+"/"),
		chromedp.SendKeys(chromedp.CSS("#f-text"), "The lift is stuck"), chromedp.SendKeys(chromedp.CSS("#f-name"), "Ada Moss"), chromedp.SendKeys(chromedp.CSS("#f-address"), "ada@moss@example"),
	)
	// The browser's own check of the address is for comfort; the server's must do.
	do(chromedp.SetAttributeValue(chromedp.CSS("#f-address"), "type", "text"))
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS("main .primary"))); err != nil {
		t.Fatal(err)
	}
	text("Nothing was sent yet", "is not a mail address")
	do(chromedp.SetAttributeValue(chromedp.CSS("#f-address"), "value", ""), chromedp.SetUploadFiles(chromedp.CSS("#f-files"), []string{file}))
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS("main .primary"))); err != nil {
		t.Fatal(err)
	}
	text("We have it. Its number is 1001.", "The lift is stuck", "corridor.txt", "Please keep this address")
	where, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil || where != w.url+"/requests/1001" {
		t.Errorf("the address bar holds %s (%v)", where, err)
	}
	do(chromedp.SendKeys(chromedp.CSS("#f-text"), "It moves"))
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS("button[name=works]"))); err != nil {
		t.Fatal(err)
	}
	text("Solved on", "It moves")
}
