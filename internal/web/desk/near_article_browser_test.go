package desk_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"goodturn/internal/db"
	articles "goodturn/internal/kb"
	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
)

// TestAnArticleInAnAnswerByKeysAlone links the article beside the ticket with A, finds others with a slash, and takes nothing of one that the
// requester may not read.
func TestAnArticleInAnAnswerByKeysAlone(t *testing.T) {
	s := onSQLite(t)
	s.write(func(ctx context.Context, tx *db.Tx) error {
		for _, n := range []articles.New{
			{Title: "The labelprinter blinks orange", Body: "Hold the **feed** button.", Language: "en", Publish: true},
			{Title: "Book a meeting room", Body: "Open the calendar.", Language: "en", Publish: true},
			{Title: "The keys of the meeting rooms", Body: "They hang behind the door.", Language: "en", Audience: articles.StaffOnly, Publish: true},
		} {
			if _, err := articles.Create(ctx, tx, person.System, n); err != nil {
				return err
			}
		}
		return nil
	})
	x := s.made("My labelprinter blinks orange", "first-line")
	ctx := browser.New(t, browser.Size(1280, 900))
	root := s.served(true)
	do(t, ctx, chromedp.Navigate(root+path(x.ID, "")), chromedp.WaitVisible(chromedp.CSS("#composer")))
	until(t, ctx, `document.querySelector("#reply-rich[contenteditable=true]") !== null && document.querySelector(".near-article [data-insert]") !== null`)
	do(t, ctx, chromedp.KeyEvent("A"))
	until(t, ctx, `document.getElementById("reply-rich").textContent.includes("/help/the-labelprinter-blinks-orange")`)

	for _, key := range []string{kb.Enter, "/", "m", "e", "e", "t", "i", "n", "g"} {
		do(t, ctx, chromedp.KeyEvent(key))
	}
	until(t, ctx, `document.querySelectorAll("#slash:popover-open [role=option]").length === 3`)
	is(t, ctx, "what the requester may not read is only shown", `[...document.querySelectorAll("#slash [role=option]")].every((o) => o.textContent.includes("keys") ? o.ariaDisabled === "true" && !o.dataset.insert : o.dataset.insert.includes("/help/book-a-meeting-room"))`)
	browser.CheckAxe(t, ctx)
	do(t, ctx, chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `!document.querySelector("#slash:popover-open") && document.getElementById("reply-rich").textContent.includes("Open the calendar.")`)
	is(t, ctx, "the slash is gone", `!document.getElementById("reply-rich").textContent.includes("/meet")`)
	is(t, ctx, "the caret stays", `document.activeElement.id === "reply-rich"`)

	a := s.get("amara", path(x.ID, "/macros?q=meeting")).want(http.StatusOK) // without scripts
	a.has("main", "Book a meeting room").has("main", "The keys of the meeting rooms").has("main", "The requester may not read it.")
}
