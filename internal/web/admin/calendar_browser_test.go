package admin_test

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"goodturn/internal/testserver/browser"
)

// TestCalendarEditorInABrowser makes a calendar as a person does: with Enter, a mistake, a file, and without scripts too.
func TestCalendarEditorInABrowser(t *testing.T) {
	file := filepath.Join(t.TempDir(), "party.ics")
	content := "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20990501\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\n" +
		"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20200501\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Spring party\r\nEND:VEVENT\r\n" +
		"BEGIN:VEVENT\r\nDTSTART:20990501T090000Z\r\nSUMMARY:A meeting\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, scripts := range map[string]browser.Step{"with scripts": browser.WithJavaScript(), "without scripts": browser.WithoutJavaScript()} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, openSQLite(t))
			server := httptest.NewServer(s.handler)
			t.Cleanup(server.Close)
			ctx := browser.New(t)
			browser.Tolerant(ctx) // answers of 422 and 409 are what is asked for
			do := func(steps ...browser.Step) {
				t.Helper()
				if err := chromedp.Do(ctx, steps...); err != nil {
					t.Fatal(err)
				}
			}
			fill := func(field, text string) {
				t.Helper()
				do(chromedp.Clear(chromedp.CSS(field)), chromedp.SendKeys(chromedp.CSS(field), text))
			}
			do(scripts, s.signedIn(server.URL, "en"), chromedp.Navigate(server.URL+"/admin/calendars/new"))
			fill("#f-name", "Night desk")
			fill("#f-zone", "Europe/Berlin")
			fill("#f-hours_sunday", "22-6")
			fill("#f-hours_monday", "5-9, 8-12\r") // Enter saves, although other buttons stand before Save
			do(chromedp.WaitVisible(chromedp.CSS("#f-hours_monday-wrong")))
			said, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("#f-hours_monday-wrong")))
			if err != nil || !strings.Contains(said, "5:00–9:00 and 8:00–12:00 overlap") {
				t.Errorf("the field says %q, %v", said, err)
			}
			if name == "with scripts" { // axe is one
				browser.CheckAxe(t, ctx)
			}
			if kept, err := chromedp.Run(ctx, chromedp.Value(chromedp.CSS("#f-hours_sunday"))); err != nil || kept != "22-6" {
				t.Errorf("Sunday is %q, %v", kept, err)
			}
			fill("#f-hours_monday", "")
			do(chromedp.SetValue(chromedp.CSS(`select[name="region"]`), "DE-BY"), chromedp.SetUploadFiles(chromedp.CSS("#f-file"), []string{file}),
				chromedp.Click(chromedp.CSS(`.actions button[value="save"]`)), chromedp.WaitNotPresent(chromedp.CSS("#f-hours_monday-wrong")), chromedp.WaitVisible(chromedp.CSS(".notice")))
			said, err = chromedp.Run(ctx, chromedp.Text(chromedp.CSS(".page")))
			if err != nil || !strings.Contains(said, "Not taken: A meeting") || !strings.Contains(said, "22:00–Mon 6:00") || !strings.Contains(said, "Spring party") {
				t.Errorf("the page says %q, %v", said, err)
			}
			do(chromedp.Click(chromedp.CSS(`.actions button[value="save"]`)), chromedp.WaitVisible(chromedp.CSS(`a[href="/admin/calendars/2"]`)))
			row := s.calendarRow(2)
			if d := row.Definition; row.Name != "Night desk" || len(d.Days) != 11 || d.Days[0].Source != "party.ics" || len(d.Regions) != 1 || d.Regions[0] != "DE-BY" || d.Hours[0][0].To != 30*60 || len(d.Hours[1]) != 0 {
				t.Errorf("%+v", row)
			}
		})
	}
}
