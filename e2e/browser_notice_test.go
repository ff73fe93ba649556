package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/job"
	"goodturn/internal/notice"
	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
	tickets "goodturn/internal/ticket"
)

// TestBrowserChoosesWhatItIsTold: somebody chooses a mail at once and quiet hours, without scripts too; the mail comes, is threaded, can
// be read on a phone, and ends with one click.
func TestBrowserChoosesWhatItIsTold(t *testing.T) {
	d, sink := browserDemoSending(t)
	first, second := d.staff(person.Agent, 0), d.staff(person.Agent, 1)
	for _, plain := range []bool{false, true} {
		p := d.page(t, browser.Size(390, 844))
		if plain {
			p.do(browser.WithoutJavaScript())
		}
		p.cookie(d.session(second)).open("/account/notices").is(`document.documentElement.scrollWidth <= innerWidth`)
		if !plain {
			browser.CheckAxe(t, p.ctx)
		}
		p.is(`(document.querySelector('[name="from-6"]').value = "00:00", document.querySelector('[name="to-6"]').value = "00:00", true)`)
		p.click(`[name="now-assigned"]`).click(`[name="now-answered"]`).choose("#f-digest", "weekdays").choose("#f-every", "week")
		p.follow(`form[action="/account/notices"] button[type="submit"]`)
		p.is(fmt.Sprintf(`document.querySelector('[name="now-assigned"]').checked === %t`, !plain)).is(`document.querySelector('[name="from-6"]').value === "00:00" && document.querySelector("#f-digest").value === "weekdays"`)
	}
	d.write(func(ctx context.Context, tx *db.Tx) error { // the clicks of the second round took it back
		c, err := notice.ChoiceOf(ctx, tx, second)
		if err != nil {
			return err
		}
		c.Now[notice.Assigned], c.Now[notice.Answered], c.Quiet = true, true, notice.Quiet{}
		return d.app.Notices.SetChoice(ctx, tx, second, c)
	})

	tk := d.asks("The lift & <the stairs>")
	d.write(func(ctx context.Context, tx *db.Tx) error {
		a, err := person.ActorOf(ctx, tx, first)
		if err != nil {
			return err
		}
		return d.app.Tickets.Assign(ctx, tx, tickets.By{Actor: a}, tk.ID, second)
	})
	got := outbound(t, sink, "goodturn.notice.now.")
	thread := fmt.Sprintf("goodturn.notice.ticket.%d.%d@", tk.ID, second)
	stop := got.header.Get("List-Unsubscribe")
	if refs := got.ids("References"); len(refs) != 1 || !strings.HasPrefix(refs[0], thread) || got.header.Get("Subject") != fmt.Sprintf("#%d The lift & <the stairs>", tk.ID) || !strings.Contains(stop, "/notices/stop/") {
		t.Errorf("the mail begins %v", got.header)
	}
	for _, words := range []string{"gave it to you", "You get this because the ticket is or was yours.", "/account/notices", fmt.Sprintf("/tickets/%d", tk.ID)} {
		if !strings.Contains(got.text, words) || !strings.Contains(got.html, words) {
			t.Errorf("the mail does not say %q:\n%s", words, got.text)
		}
	}
	d.looksAt(t, "notice", got)

	d.write(func(ctx context.Context, tx *db.Tx) error {
		a, err := person.ActorOf(ctx, tx, tk.RequesterID)
		if err != nil {
			return err
		}
		_, err = d.app.Tickets.Answer(ctx, tx, tickets.By{Actor: a}, tk.ID, tickets.Draft{Text: "> It moves.\nIt moves, & <b>sings</b>.\n\nWill it stop?"})
		return err
	})
	next := outbound(t, sink, "Will it stop?")
	if refs := next.ids("References"); len(refs) != 1 || !strings.HasPrefix(refs[0], thread) || next.header.Get("Subject") != got.header.Get("Subject") {
		t.Errorf("the next mail begins %v", next.header)
	}
	if !strings.Contains(next.html, "It moves, &amp; &lt;b&gt;sings&lt;/b&gt;.") || strings.Contains(next.text, "> > It moves") || !strings.Contains(next.text, "> Will it stop?") {
		t.Errorf("the next mail says\n%s", next.text)
	}
	d.looksAt(t, "answered", next)

	u, err := url.Parse(strings.Trim(stop, "<>"))
	must(t, err)
	p := d.page(t, browser.Size(390, 844)).open(u.Path)
	browser.CheckAxe(t, p.ctx)
	p.follow("main form button")
	p.has("You get no more mails like this").quiet()
	d.read(func(ctx context.Context, tx *db.Tx) error {
		c, err := notice.ChoiceOf(ctx, tx, second)
		if c.Now[notice.Assigned] || c.Mail[notice.Assigned] || !c.Page[notice.Assigned] || !c.Now[notice.Answered] {
			t.Errorf("after the end: %+v", c)
		}
		return err
	})
}

// looksAt opens a mail in a browser as wide as a phone, and keeps a picture where one is wanted.
func (d *browserDesk) looksAt(t testing.TB, name string, mail received) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(mail.html))
	}))
	defer s.Close()
	p := d.page(t, browser.Size(320, 700))
	p.url = s.URL
	p.open("/").is(`document.documentElement.scrollWidth <= innerWidth`)
	if dir := os.Getenv("GOODTURN_PAGES"); dir != "" {
		p.do(browserWindow(filepath.Join(dir, name+"-phone.png")), browser.Dark(), browserWindow(filepath.Join(dir, name+"-phone-dark.png")))
		p.do(browser.Light(), browser.Size(800, 900), browserWindow(filepath.Join(dir, name+"-wide.png")))
		must(t, os.WriteFile(filepath.Join(dir, name+".txt"), []byte(mail.text), 0o600))
	}
}

// TestBrowserOverview: the overview comes by mail, in the language of whoever gets it.
func TestBrowserOverview(t *testing.T) {
	d, sink := browserDemoSending(t)
	who := d.number(`SELECT assignee_id FROM ticket WHERE is_open AND turn = 'ours' AND assignee_id IS NOT NULL GROUP BY assignee_id ORDER BY count(*) DESC, assignee_id LIMIT 1`)
	d.write(func(ctx context.Context, tx *db.Tx) error {
		mine := `SELECT id FROM ticket WHERE assignee_id = $1 AND is_open AND turn = 'ours' ORDER BY id LIMIT 1`
		id, err := db.One[int64](ctx, tx, mine, who)
		if err != nil {
			return err
		}
		if err := d.app.Tickets.SetDue(ctx, tx, id, tx.Now.Add(-time.Hour)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE person SET language = 'de', zone = 'Europe/Berlin' WHERE id = $1`, who); err != nil {
			return err
		}
		zone, err := time.LoadLocation("Europe/Berlin")
		if err != nil {
			return err
		}
		now := tx.Now.Time().In(zone)
		c, err := notice.ChoiceOf(ctx, tx, who)
		if err != nil {
			return err
		}
		c.Overview = notice.Overview{Every: notice.EveryDay, Hour: now.Hour()}
		if err := d.app.Notices.SetChoice(ctx, tx, who, c); err != nil {
			return err
		}
		hour := time.Date(now.Year(), now.Month(), now.Day(), now.Hour(), 0, 0, 0, zone)
		return d.app.Queue.Insert(ctx, tx, job.New("notice_overview", map[string]any{"person": who, "at": hour.UnixMilli()}))
	})
	got := outbound(t, sink, "goodturn.notice.overview.")
	for _, words := range []string{"/account/notices", "/notices/stop/", "/tickets/"} {
		if !strings.Contains(got.text, words) {
			t.Errorf("it does not say %q", words)
		}
	}
	for _, words := range []string{"Überfällig, oder fällig vor der nächsten Übersicht", "war fällig", "Ihres, und es wartet auf Sie", "weil Sie sie gewählt haben"} {
		if !strings.Contains(got.html, words) {
			t.Errorf("it does not say %q:\n%s", words, got.text)
		}
	}
	d.looksAt(t, "overview", got)
}
