package portal

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"goodturn/internal/brand"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/person"
	"goodturn/internal/ratelimit"
	"goodturn/internal/service"
	"goodturn/internal/testserver/browser"
	"goodturn/internal/ticket"
)

// laptop is a service whose last question waits for the one before it.
func (w *world) laptop() (s service.Service) {
	w.t.Helper()
	w.write(func(tx *db.Tx) (err error) {
		s, err = service.Save(w.ctx, tx, person.System, service.Service{Name: "New laptop", Slug: "laptop", Sentence: "Ready in a week.", Words: "notebook", Kind: ticket.Request, Tags: "hardware", Shown: true}, []service.Question{
			{Label: "For whom is it?", Kind: service.Short, Required: true},
			{Label: "Is there an old one?", Kind: service.YesNo, Required: true},
			{Label: "What does its label say?", Kind: service.Short, Required: true, If: "2", Is: "yes"},
			{Label: "From which day on?", Kind: service.Date},
		})
		return err
	})
	return s
}

// suggesting serves the portal with suggesters as the program has them, as far as this package can know of them.
func (w *world) suggesting() {
	services := func(ctx context.Context, tx *db.Tx, _ Asker, text string) (out []Suggestion, err error) {
		all, err := service.Like(ctx, tx, text, 3)
		for _, s := range all {
			out = append(out, Suggestion{Title: s.Name, Button: "Choose", Path: "/look", Name: "choose", Value: s.Slug})
		}
		return out, err
	}
	broken := func(_ context.Context, _ *db.Tx, who Asker, text string) ([]Suggestion, error) {
		if !strings.Contains(text, "vpn") {
			return nil, nil
		}
		return []Suggestion{{Title: `<script>alert("VPN")</script>`, Text: fmt.Sprintf("person %d, all %v, organisation %d", who.Actor.ID, who.Circle.All, who.Circle.OrganisationID)}}, nil
	}
	w.url = w.serve(&Portal{Site: w.site, Tickets: w.desk, Limit: ratelimit.New(ratelimit.Config{}), Suggest: []Suggester{broken, services}})
}

func TestAServiceAsksItsQuestions(t *testing.T) {
	each(t, func(w *world) {
		w.laptop()
		v := w.visitor()
		v.get("/?service=laptop").want(w.t, 200).shows(w.t, "New laptop", "For whom is it?", "Only if “Is there an old one?” is “yes”.", "From which day on? (optional)")
		v.get("/?service=nowhere").want(w.t, 200).hides(w.t, "For whom is it?")
		v.get("/").want(w.t, 200).shows(w.t, "Is it one of these?", "New laptop")
		// Choosing without scripts keeps what was typed, and sends nothing.
		v.post("/look", "choose", "laptop", "text", "My screen is dark", "name", "Ada").want(w.t, 200).shows(w.t, "My screen is dark", "For whom is it?")
		if n := one[int](w, `SELECT count(*) FROM ticket`); n != 0 {
			w.t.Fatalf("looking made %d tickets", n)
		}
		// Wrong answers keep everything.
		a := v.post("/requests", "service", "laptop", "form", "1", "text", "My screen is dark", "name", "Ada", "q.1", "Ben", "q.2", "yes", "q.4", "soon").want(w.t, 422)
		a.shows(w.t, "Please answer this", "“soon” is not a day", "My screen is dark")
		if a.field(w.t, "q.1") != "Ben" {
			w.t.Error("the answer that was right is gone")
		}
		// What a condition rules out is not kept, and who only answers has said what they need.
		number := v.post("/requests", "service", "laptop", "form", "1", "name", "Ada", "q.1", "Ben <b>", "q.2", "no", "q.3", "left over", "q.4", "2026-11-30").number(w.t)
		w.write(func(tx *db.Tx) error {
			x, err := ticket.Get(w.ctx, tx, person.System, person.SeeTicket, number)
			if err != nil {
				return err
			}
			if x.Subject != "New laptop" || x.Kind != ticket.Request || x.ServiceID == 0 {
				w.t.Errorf("made %+v", x)
			}
			facts, err := ticket.KnownFacts(w.ctx, tx, number)
			if len(facts) != 3 || facts[0].Value != "Ben <b>" || facts[1].Value != "no" || facts[2].Value != "2026-11-30" {
				w.t.Errorf("knows %+v", facts)
			}
			return err
		})
		v.get(requestURL(number)).want(w.t, 200).shows(w.t, "What you told us", "For whom is it?", "Ben <b>")
		// A form that was open while the questions changed is read by those that were shown.
		w.write(func(tx *db.Tx) error {
			s, err := service.BySlug(w.ctx, tx, "laptop")
			if err == nil {
				_, err = service.Save(w.ctx, tx, person.System, s, []service.Question{{Label: "Why?", Kind: service.Short, Required: true}})
			}
			return err
		})
		v.post("/requests", "service", "laptop", "form", "1", "name", "Ada", "q.1", "Cy", "q.2", "no").want(w.t, 200).shows(w.t, "Cy")
		v.post("/requests", "service", "laptop", "form", "7", "name", "Ada", "q.1", "Cy", "q.2", "no").want(w.t, 422).shows(w.t, "Why?")
		v.get(requestURL(number)).want(w.t, 200).shows(w.t, "For whom is it?", "Ben <b>")
	})
}

// Somebody who only typed an address sees what came through such links, and not what its owner answered.
func TestFactsOfTheOwnerStayTheirs(t *testing.T) {
	each(t, func(w *world) {
		w.laptop()
		number := w.visitor().post("/requests", "service", "laptop", "form", "1", "name", "X", "address", "hana@acme.example", "q.1", "typed by a stranger", "q.2", "no").number(w.t)
		w.write(func(tx *db.Tx) error {
			hana, err := person.ActorOf(w.ctx, tx, w.hana.ID)
			if err == nil {
				err = w.desk.SetFact(w.ctx, tx, ticket.By{Actor: hana, Cause: "mail"}, number, ticket.Fact{Source: "intake", Key: "1", Label: "Where?", Value: "in the safe"})
			}
			return err
		})
		unproven := w.visitor().get("/t/"+w.givenLink(number, w.hana, false)).want(w.t, 200)
		unproven.shows(w.t, "typed by a stranger")
		unproven.hides(w.t, "in the safe")
		w.signedIn(w.hana).get(requestURL(number)).want(w.t, 200).shows(w.t, "in the safe", "typed by a stranger")
	})
}

func TestSuggestions(t *testing.T) {
	each(t, func(w *world) {
		w.laptop()
		w.suggesting()
		get := func(v *visitor, text string) answered {
			return v.get("/suggestions?text=" + url.QueryEscape(text))
		}
		v := w.visitor()
		get(v, "a notebook please").shows(w.t, "New laptop", "Choose")
		for _, nothing := range []string{"", "no", "%", "\x00\xff", strings.Repeat("x", 70_000)[:4000]} {
			if a := get(v, nothing); a.status != 200 || strings.Contains(a.body, "<li>") {
				w.t.Errorf("%.20q gives %d %s", nothing, a.status, a.body)
			}
		}
		// Nobody outside of a circle is told more than that: the desk serves two organisations.
		get(v, "the vpn").shows(w.t, "person 0, all false, organisation 0")
		get(w.signedIn(w.hana), "the vpn").shows(w.t, fmt.Sprintf("person %d, all false, organisation %d", w.hana.ID, w.hana.OrganisationID))
		get(v, "the vpn").hides(w.t, "<script>")
		// Without scripts the same stands on the page, with what was typed.
		v.post("/look", "text", "I need a notebook for the vpn", "name", "Ada").want(w.t, 200).shows(w.t, "I need a notebook for the vpn", "New laptop", "VPN")
		v.post("/look", "text", "The lift is stuck", "name", "Ada").want(w.t, 200).shows(w.t, "The lift is stuck", "Nothing that we know fits yet")
	})
}

// TestTypingSuggestsAndAServiceAsks types until a service is suggested, chooses it with the keyboard, answers a question that waits for
// another, and sends.
func TestTypingSuggestsAndAServiceAsks(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	w.laptop()
	w.suggesting()
	ctx := browser.New(t, browser.Size(390, 844))
	do := func(steps ...browser.Step) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	do(chromedp.Navigate(w.url+"/"), chromedp.SendKeys(chromedp.CSS("#f-text"), "I need a notebook"), chromedp.WaitVisible(chromedp.CSS("#near button")))
	focus, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.activeElement.id + "|" + document.getElementById("near-said").textContent`))
	if err != nil || focus != "f-text|1 thing that may help stands below the box." {
		t.Errorf("the focus and what is said: %q (%v)", focus, err)
	}
	do(chromedp.SendKeys(chromedp.CSS("#near button"), "\r"), chromedp.WaitVisible(chromedp.CSS(`[name="q.1"]`)))
	hidden := func(want bool) {
		t.Helper()
		got, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.querySelector('[data-if="q.2"]').hidden`))
		if err != nil || got != want {
			t.Errorf("the question that waits is hidden: %v (%v), want %v", got, err, want)
		}
	}
	hidden(true)
	do(chromedp.Click(chromedp.CSS(`[name="q.2"][value=yes]`)))
	hidden(false)
	do(chromedp.SendKeys(chromedp.CSS(`[name="q.1"]`), "Ben"), chromedp.SendKeys(chromedp.CSS(`[name="q.3"]`), "GT 4711"), chromedp.SendKeys(chromedp.CSS("#f-name"), "Ada"))
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS("main .primary"))); err != nil {
		t.Fatal(err)
	}
	got, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("main")))
	if err != nil || !strings.Contains(got, "GT 4711") || !strings.Contains(got, "I need a notebook") {
		t.Errorf("the request shows %s (%v)", got, err)
	}
}

// TestBrand shows the pages in the desk's brand, in that of the visitor's organisation, and in that of the address by which they came.
func TestBrand(t *testing.T) {
	each(t, func(w *world) {
		book := &brand.Book{DB: w.db}
		w.write(func(tx *db.Tx) error {
			if err := brand.Save(w.ctx, tx, brand.Brand{Name: "Moss IT", Links: "Imprint https://moss.example/imprint"}, nil); err != nil {
				return err
			}
			return brand.Save(w.ctx, tx, brand.Brand{ID: w.hana.OrganisationID, Slug: "acme", Name: `Acme "<b>`, Headline: "<script>alert(1)</script>", Accent: "#7a1f5c"}, nil)
		})
		if err := book.Sweep(w.ctx); err != nil {
			t.Fatal(err)
		}
		w.url = w.serve(&Portal{Site: w.site, Tickets: w.desk, Limit: ratelimit.New(ratelimit.Config{}), Brands: book})
		w.visitor().get("/").want(w.t, 200).shows(w.t, "Moss IT", "Imprint", "What do you need help with?", "Deutsch")
		hana := w.signedIn(w.hana).get("/").want(w.t, 200)
		hana.shows(w.t, `Acme "<b>`, "<script>alert(1)</script>", "Imprint")
		hana.hides(w.t, "<script>alert(1)")
		v := w.visitor()
		if a := v.get("/at/acme").want(w.t, 200); a.path != "/" {
			w.t.Errorf("the address leads to %s", a.path)
		} else {
			a.shows(w.t, `Acme "<b>`)
		}
		size, requests := v.weigh("/", "gzip")
		if size > mostBytes || requests > mostRequests {
			w.t.Errorf("in a brand the form is %d bytes in %d requests", size, requests)
		}
		v.get("/at/nobody").want(w.t, 404).shows(w.t, `Acme "<b>`) // what went wrong is said in the brand, too
		w.visitor().get("/at/nobody").want(w.t, 404).shows(w.t, "Moss IT")
		v.get("/brand/0/x.css").want(w.t, 404)
		number := w.ticket(w.hana, "Half pages", "The printer")
		w.visitor().get("/t/"+w.givenLink(number, w.hana, true)).want(w.t, 200).shows(w.t, `Acme "<b>`)
		w.visitor().get("/t/"+w.givenLink(number, w.hana, false)).want(w.t, 200).hides(w.t, "Acme")
		// A visitor chooses a language, without scripts, and stays with it.
		v.post("/language", "language", "de").want(w.t, 200)
		v.get("/").want(w.t, 200).shows(w.t, "Senden")
		v.post("/language", "language", "tlh").want(w.t, 200)
		v.get("/").want(w.t, 200).shows(w.t, "Senden")
	})
}
