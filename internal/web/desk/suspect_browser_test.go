package desk_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/testserver/browser"
	"goodturn/internal/ticket"
)

func TestSuspectsInABrowser(t *testing.T) {
	s := onSQLite(t)
	s.desk.Suspicion = func(context.Context, *db.Tx, int64) (float64, []i18n.Text, error) {
		return 0.987, []i18n.Text{i18n.M("It has no date"), i18n.M("Its subject is in capitals"), i18n.M("A link leads elsewhere than it says: {{.Link}}", "Link", "bank.example → evil.example")}, nil
	}
	var last ticket.Ticket
	for _, subject := range []string{"YOU HAVE WON THE LOTTERY", "Cheap toner cartridges for every printer you own, order today", "URGENT BUSINESS PROPOSAL"} {
		last = s.made(subject, "first-line", func(n *ticket.New) { n.Suspect = true })
	}
	root := s.served(true)
	for _, look := range []struct {
		name  string
		steps []browser.Step
	}{
		{"desk-light", []browser.Step{browser.Size(1280, 900)}},
		{"phone-dark", []browser.Step{browser.Size(390, 844), browser.Dark()}},
		{"desk-dark", []browser.Step{browser.Size(1280, 900), browser.Dark()}},
		{"phone-light", []browser.Step{browser.Size(390, 844)}},
	} {
		t.Run(look.name, func(t *testing.T) {
			ctx := browser.New(t, look.steps...)
			for name, at := range map[string]string{"list": "/tickets?view=suspect", "page": path(last.ID, "")} {
				do(t, ctx, chromedp.Navigate(root+at), chromedp.WaitVisible(chromedp.CSS(map[string]string{"list": ".row-judge", "page": ".suspect-judge"}[name])))
				is(t, ctx, "nothing makes the page scroll sideways", `document.documentElement.scrollWidth <= innerWidth`)
				browser.CheckAxe(t, ctx)
				if dir := os.Getenv("GOODTURN_PICTURES"); dir != "" {
					do(t, ctx, browser.Screenshot(filepath.Join(dir, "suspect-"+name+"-"+look.name+".png")))
				}
			}
		})
	}
}
