package desk_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"goodturn/internal/testserver/browser"
	"goodturn/internal/ticket"
)

// TestMergeWithKeysAlone merges, undoes, links and splits without a pointer.
func TestMergeWithKeysAlone(t *testing.T) {
	s := onSQLite(t)
	kept, gone := s.made("Half pages", "first-line"), s.made("Half pages again", "first-line")
	root := s.served(true)
	ctx := browser.New(t, browser.Size(1440, 900))
	do(t, ctx, chromedp.Navigate(root+path(kept.ID, "")), chromedp.WaitVisible(chromedp.CSS("#timeline")))
	until(t, ctx, `document.activeElement && document.readyState === "complete"`)
	do(t, ctx, chromedp.KeyEvent("m"), chromedp.WaitVisible(chromedp.CSS(".picks")))
	until(t, ctx, `document.activeElement.id === "f-numbers"`)
	browser.CheckAxe(t, ctx)
	do(t, ctx, chromedp.KeyEvent(fmt.Sprint(gone.ID)), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS("#flash form.undo")))
	until(t, ctx, `location.pathname === "`+path(kept.ID, "")+`" && document.querySelector("#timeline")?.textContent.includes("Text of Half pages again")`)
	is(t, ctx, "the flash offers to undo it", `Boolean(document.querySelector("#flash form.undo"))`)
	browser.CheckAxe(t, ctx)
	if got := s.now(gone.ID); got.MergedInto != kept.ID {
		t.Fatalf("after the keys: %+v", got)
	}
	do(t, ctx, chromedp.KeyEvent("z"))
	until(t, ctx, `!document.querySelector("#timeline").textContent.includes("Text of Half pages again")`)
	if got := s.now(gone.ID); got != gone {
		t.Errorf("after the undo\n%+v, want\n%+v", got, gone)
	}
	is(t, ctx, "the page is where it was", `location.pathname === "`+path(kept.ID, "")+`"`)

	s.post("amara", path(kept.ID, "/relations"), "other", fmt.Sprint(gone.ID), "kind", ticket.Child).to(path(kept.ID, ""))
	do(t, ctx, chromedp.Navigate(root+path(gone.ID, "")), chromedp.WaitVisible(chromedp.CSS("#links")))
	is(t, ctx, "the child shows its parent", `document.querySelector("#links").textContent.includes("Half pages")`)
	browser.CheckAxe(t, ctx)
}

// TestMergeWithoutScripts merges and undoes with plain forms on a phone.
func TestMergeWithoutScripts(t *testing.T) {
	s := onSQLite(t)
	kept, gone := s.made("Half pages", "first-line"), s.made("Half pages again", "first-line")
	root := s.served(true)
	ctx := browser.New(t, browser.Size(390, 844), browser.WithoutJavaScript())
	do(t, ctx, chromedp.Navigate(root+path(kept.ID, "/merges")), chromedp.WaitVisible(chromedp.CSS(".pick")),
		chromedp.Click(chromedp.CSS(".pick")), chromedp.Click(chromedp.CSS("form button.primary")), chromedp.WaitVisible(chromedp.CSS("#flash form.undo button")))
	if got := s.now(gone.ID); got.MergedInto != kept.ID {
		t.Fatalf("after the form: %+v", got)
	}
	do(t, ctx, chromedp.Click(chromedp.CSS("#flash form.undo button")), chromedp.WaitVisible(chromedp.CSS("#flash .notice:not(:has(form))")))
	if got := s.now(gone.ID); got != gone {
		t.Errorf("after the undo\n%+v, want\n%+v", got, gone)
	}
}
