package desk_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"

	"goodturn/internal/db"
	"goodturn/internal/testserver/browser"
	"goodturn/internal/ticket"
	"goodturn/internal/web/desk"
)

// TestReadingWithTheKeyboard reads a long ticket as one does: from what is new, message by message, back into what came
// before, and away from it for another time.
func TestReadingWithTheKeyboard(t *testing.T) {
	s := onSQLite(t)
	tk := s.long("Half pages", 149)
	s.readTo("amara", tk.ID, 100)
	mux := http.NewServeMux()
	s.site.Mount(mux, s.site.Routes())
	s.site.Mount(mux, desk.Routes(s.desk))
	s.handler = mux
	ctx := browser.New(t, browser.Size(1440, 900))
	root := s.served(true)
	do(t, ctx, chromedp.Navigate(root+path(tk.ID, "?view=all")), chromedp.WaitVisible(chromedp.CSS("#timeline")))
	until(t, ctx, `document.querySelector("#new.unread-mark") !== null && new URL(location.href).searchParams.get("from") === "92"`)
	is(t, ctx, "the page opens at the line", `(() => { const at = document.getElementById("new").getBoundingClientRect(), box = document.getElementById("timeline").getBoundingClientRect(); return at.top >= box.top && at.bottom <= box.bottom; })()`)
	is(t, ctx, "the way to the newest is there", `document.getElementById("to-newest").classList.contains("is-needed")`)
	browser.CheckAxe(t, ctx)

	do(t, ctx, chromedp.KeyEvent("U"))
	is(t, ctx, "U goes to the first that is new", `document.activeElement.dataset.seq === "102"`)
	do(t, ctx, chromedp.KeyEvent("J"))
	is(t, ctx, "J goes on", `document.activeElement.dataset.seq === "103"`)
	do(t, ctx, chromedp.KeyEvent("K"), chromedp.KeyEvent("K"))
	is(t, ctx, "K goes back", `document.activeElement.dataset.seq === "101"`)

	// What came before is brought in, and nothing moves.
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`window.at = document.querySelector('[data-seq="101"]').getBoundingClientRect().top; document.querySelector("[data-part-link=earlier] a").click(); void 0`))
	until(t, ctx, `document.querySelectorAll("#timeline > article").length === 80`)
	is(t, ctx, "nothing moved", `Math.abs(document.querySelector('[data-seq="101"]').getBoundingClientRect().top - window.at) < 2`)
	is(t, ctx, "the address says what is shown", `new URL(location.href).searchParams.get("from") === "52"`)
	// News come into this part, and the line stays.
	by := s.as("hana")
	s.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := s.desk.Tickets.Answer(ctx, tx, by, tk.ID, ticket.Draft{Text: "One more thing."})
		return err
	})
	until(t, ctx, `document.querySelector("[data-part-link=later]").textContent.includes("20 messages")`)
	is(t, ctx, "the line stays", `document.getElementById("new").nextElementSibling.dataset.seq === "102" && document.querySelectorAll("#timeline > article").length === 80`)

	// What was seen is read, by the script alone.
	do(t, ctx, chromedp.Navigate(root+path(tk.ID, "?view=all&from=102")), chromedp.WaitVisible(chromedp.CSS("#timeline")), chromedp.KeyEvent("G"))
	s.eventually(t, ctx, tk.ID, 151)
	do(t, ctx, chromedp.KeyEvent("u"), chromedp.WaitVisible(chromedp.CSS("#flash .notice")))
	until(t, ctx, `location.pathname === "/tickets" && document.getElementById("flash").textContent.includes("unread again")`)
	is(t, ctx, "it leads back to its list", `location.search.includes("view=all")`)
	if got := s.mark("amara", tk.ID); got != 150 {
		t.Errorf("read up to %d after it was put back, want 150", got)
	}
}

// TestReadingOnAPhoneAndWithoutScripts asks for what must hold anyway.
func TestReadingOnAPhoneAndWithoutScripts(t *testing.T) {
	s := onSQLite(t)
	tk := s.long("Half pages", 149)
	s.readTo("amara", tk.ID, 100)
	root := s.served(true)
	ctx := browser.New(t, browser.Size(390, 844), browser.Dark())
	for _, at := range []string{path(tk.ID, ""), path(tk.ID, "/print?notes=1&events=1"), path(tk.ID, "/similar"), path(tk.ID, "/files")} {
		do(t, ctx, chromedp.Navigate(root+at), chromedp.WaitVisible(chromedp.CSS("main")))
		is(t, ctx, at+" needs no scrolling sideways", `document.documentElement.scrollWidth <= innerWidth`)
		browser.CheckAxe(t, ctx)
	}
	s.readTo("amara", tk.ID, 100)
	quiet := browser.New(t, browser.WithoutJavaScript(), browser.Size(1280, 900))
	do(t, quiet, browser.WithoutJavaScript(), chromedp.Navigate(root+path(tk.ID, "?from=101&to=150")), chromedp.WaitVisible(chromedp.CSS("#timeline")))
	s.eventually(t, quiet, tk.ID, 150)
	do(t, quiet, chromedp.Click(chromedp.CSS("[data-part-link=earlier] a")), chromedp.WaitVisible(chromedp.CSS(`article[data-seq="61"]`)))
}

// mark is how far somebody has read.
func (s *stage) mark(who string, number int64) (seq int64) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		seq, _, err = ticket.ReadTo(ctx, tx, s.people[who].ID, number)
		return err
	})
	return seq
}

// eventually waits until the page in the browser has said how far it was read.
func (s *stage) eventually(t *testing.T, ctx context.Context, number, want int64) {
	t.Helper()
	// The browser notes a resource when its answer has come.
	until(t, ctx, `performance.getEntriesByType("resource").some(e => e.name.endsWith("/read") || e.name.includes("/seen?"))`)
	if got := s.mark("amara", number); got != want {
		t.Errorf("read up to %d, want %d", got, want)
	}
}
