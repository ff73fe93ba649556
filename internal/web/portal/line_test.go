package portal

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/line"
	"goodturn/internal/ratelimit"
	"goodturn/internal/testserver/browser"
	"goodturn/internal/ticket"
)

func TestARequestShowsItsPlace(t *testing.T) {
	each(t, func(w *world) {
		first, second := w.ticket(w.zoe, "The secret of Zoe", "A scanner eats paper"), w.ticket(w.hana, "Half pages", "The printer prints half pages")
		hana := w.signedIn(w.hana)
		page := hana.get(requestURL(second)).want(t, 200)
		page.shows(t, "2nd in line. 1 request comes before yours.")
		page.hides(t, "Zoe", "secret")
		w.change(func(tx *db.Tx, by ticket.By) error { return w.desk.SetPriority(w.ctx, tx, by, second, ticket.High) })
		hana.get(requestURL(second)).shows(t, "1st in line. Yours is the next to be taken.")
		w.change(func(tx *db.Tx, by ticket.By) error { return w.desk.SetPriority(w.ctx, tx, by, second, ticket.Low) })
		for _, id := range []int64{first, second} {
			w.change(func(tx *db.Tx, by ticket.By) error { return w.desk.Assign(w.ctx, tx, by, id, by.ID) })
		}
		part := hana.get(requestURL(second) + "/line")
		part.shows(t, "Amara has it.", "2nd of what Amara has to answer: 1 other comes before it.")
		if strings.Contains(part.body, "<html") {
			t.Error("the part is a whole page")
		}
		w.change(func(tx *db.Tx, by ticket.By) error { return w.desk.SetStatus(w.ctx, tx, by, second, ticket.Pending) })
		hana.get(requestURL(second)).want(t, 200).hides(t, `class="card place"`)
		if asked := w.visitor().get(requestURL(second) + "/line"); !strings.HasPrefix(asked.path, "/sign-in") {
			t.Errorf("somebody without a link gets %s", asked.path)
		}
	})
}

// TestThePlaceChangesWhileThePageIsOpen looks at a request while the one before it is taken: the place changes, is said once, and what is
// being written stays.
func TestThePlaceChangesWhileThePageIsOpen(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	first, second := w.ticket(w.zoe, "A scanner", "It eats paper"), w.ticket(w.hana, "Half pages", "The printer prints half pages")
	ctx := browser.New(t)
	seen := func(js string) string {
		t.Helper()
		text, err := chromedp.Run(ctx, chromedp.Evaluate[string](js, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(w.url+"/t/"+w.givenLink(second, w.hana, true)), chromedp.SendKeys("#f-text", "And it squeaks")); err != nil {
		t.Fatal(err)
	}
	if got := seen(`document.querySelector(".place").innerText`); !strings.Contains(got, "2nd") {
		t.Errorf("the place is %q at first", got)
	}
	w.change(func(tx *db.Tx, by ticket.By) error { return w.desk.Assign(w.ctx, tx, by, first, by.ID) })
	// Coming back to the page asks at once, as the timer does after some seconds.
	said := seen(`new Promise(done => {
		const said = document.getElementById("line-said");
		new MutationObserver(() => done(said.textContent)).observe(said, {childList: true});
		document.dispatchEvent(new Event("visibilitychange"));
	})`)
	if got := seen(`document.querySelector(".place").innerText`); !strings.Contains(got, "1st") || !strings.Contains(said, "1st") {
		t.Errorf("the place is %q, and %q was said", got, said)
	}
	if got := seen(`document.getElementById("f-text").value`); got != "And it squeaks" {
		t.Errorf("what was being written is %q now", got)
	}
}

// TestSomebodyAsksToBeRung goes the whole way without scripts.
func TestSomebodyAsksToBeRung(t *testing.T) {
	each(t, func(w *world) {
		p := &Portal{Site: w.site, Tickets: w.desk, Limit: ratelimit.New(ratelimit.Config{}), Line: &line.Line{DB: w.db, Desk: w.desk}}
		w.url = w.serve(p)
		id := w.ticket(w.hana, "Half pages", "The printer prints half pages")
		hana := w.signedIn(w.hana)
		hana.get(requestURL(id)).want(t, 200).shows(t, "Would you rather be rung?", "We cannot say yet how long it will take.")
		hana.post(requestURL(id)+"/call", "number", "nine", "day", "2031-01-06", "from", "", "until", "").want(t, 422).shows(t, "Please give a telephone number")
		again := hana.post(requestURL(id)+"/call", "number", "+49 30 12345", "day", "2001-01-06", "from", "10:00", "until", "12:00").want(t, 422)
		again.shows(t, "This time is over")
		if !strings.Contains(again.body, `value="+49 30 12345"`) {
			t.Error("what was typed is lost")
		}
		hana.post(requestURL(id)+"/call", "number", "+49 30 12345", "day", "2031-01-06", "from", "10:00", "until", "12:00").want(t, 200).shows(t, "We ring you at +49 30 12345", "between 10:00 and 12:00", "1st in line")
		w.change(func(tx *db.Tx, by ticket.By) error { return p.Line.Rang(w.ctx, tx, by, id, false) })
		hana.get(requestURL(id)).want(t, 200).shows(t, "and did not reach you")
		hana.post(requestURL(id)+"/call", "number", "+49 30 12345", "drop", "1").want(t, 200)
		hana.get(requestURL(id)).want(t, 200).hides(t, "did not reach you")
		w.signedIn(w.zoe).post(requestURL(id)+"/call", "number", "+49 30 12345").want(t, 404)
	})
}
