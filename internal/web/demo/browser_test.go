package demo

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"goodturn/internal/db/dbtest"
	"goodturn/internal/testserver/browser"
)

// TestPagesInABrowser opens each page in a small dark window and a large light one: nothing is wider than the window and
// axe-core finds nothing. When $GOODTURN_PAGES names a
// folder, pictures of all four looks go there.
func TestPagesInABrowser(t *testing.T) {
	b := newBench(t, dbtest.Open(t, dbtest.Engines()[0]))
	long := strings.Repeat("averylongwordwithoutanyplacetobreakit", 6)
	b.catch("help@desk.example", "hana@marlow.example", "From: IT desk <help@desk.example>\nTo: hana@marlow.example\nSubject: "+long+"\nContent-Type: text/html\n\n<p>"+long+"</p><table><tr><td>"+long+"</td></tr></table>\n")
	id := b.catch("help@desk.example", "hana@marlow.example owen@marlow.example", answerMail)
	pages := map[string]string{"persons": "/demo", "list": "/demo/mail?delivered=1", "mail": mailURL(id) + "?delivered=1", "long": mailURL(1), "write": "/demo/mail/new"}
	looks := []look{{390, "dark", browser.Dark()}, {1024, "light", browser.Light()}}
	dir := os.Getenv("GOODTURN_PAGES")
	if dir != "" {
		looks = append(looks, look{390, "light", browser.Light()}, look{1024, "dark", browser.Dark()})
	}
	for name, path := range pages {
		for _, l := range looks {
			name := name + "-" + strconv.Itoa(l.width) + "-" + l.colours
			t.Run(name, func(t *testing.T) {
				ctx := browser.New(t, browser.Size(l.width, 844), l.step)
				if err := chromedp.Do(ctx, chromedp.Navigate(b.url+path)); err != nil {
					t.Fatal(err)
				}
				wide, err := chromedp.Run(ctx, chromedp.Evaluate[int]("document.documentElement.scrollWidth"))
				if err != nil || wide > l.width {
					t.Errorf("the page is %d wide (%v)", wide, err)
				}
				browser.CheckAxe(t, ctx)
				if dir == "" {
					return
				}
				if err := chromedp.Do(ctx, browser.Screenshot(filepath.Join(dir, name+".png"))); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
}

// look is a window and its colours.
type look struct {
	width   int
	colours string
	step    browser.Step
}
