package portal

import (
	"context"
	"html"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/gap"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/person"
	"goodturn/internal/ratelimit"
	"goodturn/internal/testserver/browser"
	"goodturn/internal/ticket"
)

// reading serves the portal with two articles, and has it noted what is asked after reading one.
func (w *world) reading() (open, staff kb.Article) {
	w.t.Helper()
	keeper := &gap.Keeper{DB: w.db, Log: w.site.Log}
	w.desk.Later = []ticket.Hook{keeper.Hook()}
	w.write(func(tx *db.Tx) (err error) {
		if open, err = kb.Create(w.ctx, tx, person.System, kb.New{Title: "Clear a paper jam", Body: "Open the lid.", Language: "en", Slug: "paper-jam", Publish: true}); err != nil {
			return err
		}
		staff, err = kb.Create(w.ctx, tx, person.System, kb.New{Title: "Jams, for us", Body: "The fuser.", Language: "en", Slug: "jams-for-us", Publish: true, Audience: kb.StaffOnly})
		return err
	})
	articles := func(ctx context.Context, tx *db.Tx, who Asker, text string) (out []Suggestion, err error) {
		all, err := kb.Like(ctx, tx, who.Actor, i18n.LangOf(ctx), text, 3)
		for _, h := range all {
			out = append(out, Suggestion{Title: h.Title, URL: "/help/" + h.Slug})
		}
		return out, err
	}
	w.url = w.serve(&Portal{Site: w.site, Tickets: w.desk, Limit: ratelimit.New(ratelimit.Config{}), Gaps: keeper, Suggest: []Suggester{articles}})
	return open, staff
}

// cameAfter counts the tickets that came after an article was read.
func (w *world) cameAfter(articleID int64) (n int64) {
	w.t.Helper()
	w.write(func(tx *db.Tx) (err error) {
		n, err = db.One[int64](w.ctx, tx, `SELECT count(*) FROM gap_ticket t JOIN gap g ON g.id = t.gap_id WHERE g.kind = 'came' AND g.article_id = $1`, articleID)
		return err
	})
	return n
}

// TestAskedAfterReading asks after reading an article, without scripts: the page before tells which it was, and the form takes it along.
func TestAskedAfterReading(t *testing.T) {
	each(t, func(w *world) {
		open, staff := w.reading()
		for _, c := range []struct {
			name, from, read string
			counted          int64
		}{
			{"from the article", w.url + "/help/paper-jam?q=jam", "paper-jam", 1},
			{"from a page around it", w.url + "/help/in/printers", "", 0},
			{"from the first page", w.url + "/", "", 0},
			{"from another site", "https://elsewhere.example/help/paper-jam", "", 0},
			{"from nonsense", ":// /help/paper-jam", "", 0},
			{"from what is not for them", w.url + "/help/jams-for-us", "jams-for-us", 0},
			{"from what is not there", w.url + "/help/'%22><b>", `'"><b>`, 0},
		} {
			before := w.cameAfter(open.ID)
			v := w.visitor()
			req, err := http.NewRequestWithContext(w.ctx, "GET", v.url+"/", nil)
			if err != nil {
				w.t.Fatal(err)
			}
			req.Header.Set("Referer", c.from)
			if a := v.do(req).want(w.t, 200); !strings.Contains(a.body, `name="read" value="`+html.EscapeString(c.read)+`"`) {
				w.t.Errorf("%s: the form does not take %q along", c.name, c.read)
			}
			read := c.read
			if c.counted == 0 && read != "jams-for-us" {
				read = c.from
			}
			v.post("/requests", "text", "It is still jammed", "name", "Ada", "read", read).want(w.t, 200)
			if n := w.cameAfter(open.ID) - before; n != c.counted {
				w.t.Errorf("%s: counted %d, want %d", c.name, n, c.counted)
			}
		}
		v := w.visitor() // what is wrong with the form does not make it forget
		if a := v.post("/requests", "text", "", "name", "Ada", "read", "paper-jam").want(w.t, 422); !strings.Contains(a.body, `name="read" value="paper-jam"`) {
			w.t.Error("the form forgot the article")
		}
		if n := w.cameAfter(staff.ID); n != 0 {
			w.t.Errorf("an article for staff was read by a visitor %d times", n)
		}
	})
}

// TestWhoReadAndThenWrites reads while signed in, and writes a mail after it.
func TestWhoReadAndThenWrites(t *testing.T) {
	each(t, func(w *world) {
		open, _ := w.reading()
		now := clock.From(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
		w.db.SetClock(func() clock.Instant { return now })
		hana := w.signedIn(w.hana)
		hana.get("/help/paper-jam").want(w.t, 200)
		w.ticket(w.omar, "Jam", "by somebody else")
		if n := w.cameAfter(open.ID); n != 0 {
			w.t.Errorf("counted %d of somebody who read nothing", n)
		}
		w.ticket(w.hana, "Jam", "it is still there")
		if n := w.cameAfter(open.ID); n != 1 {
			w.t.Errorf("counted %d, want 1", n)
		}
		now = now.Add(3 * time.Hour)
		w.ticket(w.hana, "Another", "it has nothing to do with it")
		if n := w.cameAfter(open.ID); n != 1 {
			w.t.Errorf("hours later counted %d, want 1", n)
		}
	})
}

// TestReadFromTheFirstPage types, opens the article that may help, and sends all the same.
func TestReadFromTheFirstPage(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	open, _ := w.reading()
	ctx := browser.New(t, browser.Size(390, 844))
	do := func(steps ...browser.Step) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	do(chromedp.Navigate(w.url+"/"), chromedp.SendKeys(chromedp.CSS("#f-text"), "paper jam"), chromedp.WaitVisible(chromedp.CSS("#near a")))
	// It is opened in a tab of its own: this page stays as it is, as it does for whoever comes back to it.
	do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#near a").target = "_blank"; void 0`), chromedp.Click(chromedp.CSS("#near a")))
	do(chromedp.SendKeys(chromedp.CSS("#f-name"), "Ada"))
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS("main .primary"))); err != nil {
		t.Fatal(err)
	}
	if n := w.cameAfter(open.ID); n != 1 {
		t.Errorf("counted %d, want 1", n)
	}
}
