package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
)

// TestBrowserPictures takes the pictures in docs/screenshots anew, from the demo's own data:
//
//	GOODTURN_SCREENSHOTS=docs/screenshots go test ./e2e -run TestBrowserPictures
func TestBrowserPictures(t *testing.T) {
	dir := os.Getenv("GOODTURN_SCREENSHOTS")
	if dir == "" {
		t.Skip("pictures are taken into $GOODTURN_SCREENSHOTS only")
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join("..", dir)
	}
	d := browserDemo(t)
	rich := d.number(`SELECT t.id FROM ticket t JOIN team m ON m.id = t.team_id JOIN person p ON p.id = t.requester_id WHERE NOT m.private AND p.language <> 'de' AND t.status IN ('open', 'pending', 'on_hold')
		AND EXISTS (SELECT 1 FROM message x WHERE x.ticket_id = t.id AND x.internal)
		ORDER BY (SELECT count(*) FROM attachment a WHERE a.ticket_id = t.id) DESC, (SELECT count(*) FROM message x WHERE x.ticket_id = t.id) DESC, t.id LIMIT 1`)
	requester := d.session(d.number(`SELECT requester_id FROM ticket WHERE id = $1`, rich))
	agent, administrator := d.session(d.staff(person.Agent, 0)), d.session(d.staff(person.Administrator, 0))
	for _, shot := range []struct {
		name, at string
		cookie   *http.Cookie
		width    int
		height   int
		theme    browser.Step
		then     func(p *browserPage) // what is done on the page before the picture, or nil
	}{
		{"list", "/tickets", agent, 1440, 900, browser.Light(), nil},
		{"ticket", fmt.Sprintf("/tickets/%d", rich), agent, 1366, 820, browser.Light(), nil},
		{"ticket-dark", fmt.Sprintf("/tickets/%d", rich), agent, 1366, 820, browser.Dark(), nil},
		{"ticket-phone", fmt.Sprintf("/tickets/%d?view=all", rich), agent, 390, 844, browser.Light(), nil},
		{"search", "/search?q=printer", agent, 1200, 800, browser.Light(), nil},
		{"ask-phone", "/", nil, 390, 844, browser.Light(), nil},
		{"request", fmt.Sprintf("/requests/%d", rich), requester, 800, 900, browser.Light(), nil},
		{"mailbox", "/admin/mailboxes/1", administrator, 1200, 900, browser.Dark(), nil},
		{"filter", "/tickets?view=all", agent, 1200, 800, browser.Light(), func(p *browserPage) {
			p.keys("/").text("priority:>=high -tag:").until(`document.querySelector("#complete li")`).keys("Down")
		}},
		{"palette", fmt.Sprintf("/tickets/%d?view=all", rich), agent, 1200, 800, browser.Dark(), func(p *browserPage) {
			p.keys("Ctrl+k").text("assign").until(`document.querySelectorAll("#palette [role=option]").length > 2`)
		}},
		{"many", "/tickets?view=ours", agent, 1200, 800, browser.Light(), func(p *browserPage) {
			p.keys("j", "x", "j", "x", "j", "x").until(`document.getElementById("bulk").classList.contains("is-open")`)
		}},
	} {
		p := d.page(t, browser.Size(shot.width, shot.height), shot.theme)
		if shot.cookie != nil {
			p.cookie(shot.cookie)
		}
		p.open(shot.at)
		p.settled()
		if shot.then != nil {
			shot.then(p)
		}
		path := filepath.Join(dir, shot.name+".png")
		p.do(browserWindow(path))
		if info, err := os.Stat(path); err != nil || info.Size() > 300_000 {
			t.Errorf("%s: %v, %v", path, info, err)
		}
	}
}

// TestBrowserSeesHarm shows that what the other tests look for would be seen: a page without any care runs the script, opens the dialog and
// asks the stranger.
func TestBrowserSeesHarm(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><title>x</title><body><img src='https://stranger.example/pixel.png'><script>console.error('oh'); alert(1); window.harmed = 1</script>")
	}))
	t.Cleanup(s.Close)
	p := (&browserDesk{TB: t, url: s.URL}).page(t).open("/")
	p.until(`window.harmed === 1`)
	wait(t, browserLimit, "all three to be told", func() error {
		p.mu.Lock()
		defer p.mu.Unlock()
		if len(p.abroad) != 1 || len(p.dialogs) != 1 || len(p.console) == 0 {
			return fmt.Errorf("abroad %q, dialogs %q, console %q", p.abroad, p.dialogs, p.console)
		}
		return nil
	})
}
