package helping

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/handoff"
	"goodturn/internal/live"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
	"goodturn/internal/web/ui/uitest"
)

// office is a desk's server with two people who keep a ledger.
type office struct {
	*testing.T
	db  *db.DB
	url string
	jo  int64
	pat int64
}

func newOffice(t *testing.T, d *db.DB) *office {
	t.Helper()
	blobs, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	key, err := secret.NewSigner(bytes.Repeat([]byte("k"), 32))
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	site := &page.Site{DB: d, Blobs: blobs, Key: key, Hub: live.New(10), Log: log, Zone: time.UTC, Door: &person.Door{DB: d, Key: key, Log: log}}
	o := &office{T: t, db: d}
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Handler())
	site.Mount(mux, Routes(&Helping{Site: site, Keeper: &handoff.Keeper{Key: key, Desk: &ticket.Desk{}}, URL: func() string { return o.url }}))
	h, err := site.Guard(mux)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	o.url = s.URL
	for name, id := range map[string]*int64{"Jo": &o.jo, "Pat": &o.pat} {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			p, err := person.Create(t.Context(), tx, person.New{Name: name, Role: person.Requester, Addresses: []string{name + "@acme.example"}})
			*id = p.ID
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// visitor is a browser without scripts; 0 is signed in as nobody.
func (o *office) visitor(id int64) *http.Client {
	o.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		o.Fatal(err)
	}
	if id != 0 {
		err := o.db.Write(o.Context(), func(tx *db.Tx) error {
			token, err := person.StartSession(o.Context(), tx, id, "Firefox", "192.0.2.7")
			at, _ := url.Parse(o.url)
			jar.SetCookies(at, []*http.Cookie{{Name: "goodturn-session", Value: token, Path: "/"}})
			return err
		})
		if err != nil {
			o.Fatal(err)
		}
	}
	return &http.Client{Jar: jar}
}

// ask gets a page, or posts a form of names and values to it; text is what it shows.
func (o *office) ask(c *http.Client, status int, path string, form ...string) (text string, doc *html.Node) {
	o.Helper()
	var r *http.Response
	var err error
	if len(form) > 0 {
		v := url.Values{}
		for i := 0; i < len(form); i += 2 {
			v.Set(form[i], form[i+1])
		}
		r, err = c.PostForm(o.url+path, v)
	} else {
		r, err = c.Get(o.url + path)
	}
	if err != nil {
		o.Fatal(err)
	}
	defer r.Body.Close()
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		o.Fatal(err)
	}
	if r.StatusCode != status {
		o.Fatalf("%s: status %d, want %d: %s", path, r.StatusCode, status, raw)
	}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		return string(raw), nil
	}
	if doc, err = html.Parse(bytes.NewReader(raw)); err != nil {
		o.Fatal(err)
	}
	uitest.Sound(o.T, doc)
	return uitest.Text(doc), doc
}

func (o *office) shows(text string, all ...string) {
	o.Helper()
	for _, s := range all {
		if !strings.Contains(text, s) {
			o.Errorf("%q is missing: %s", s, text)
		}
	}
}

var entryPath = regexp.MustCompile(`/helping/\d+`)

// actionOf is the address of the first form whose address begins so.
func actionOf(doc *html.Node, begin string) string {
	for _, f := range uitest.Named(doc, "form") {
		if at := uitest.Attr(f, "action"); strings.HasPrefix(at, begin) {
			return at
		}
	}
	return ""
}

func TestMinutesAreNotedInOneTapAndTakenBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		jo := o.visitor(o.jo)
		text, doc := o.ask(jo, 200, "/helping", "minutes", "15", "words", "printer", "whom", "Hana")
		o.shows(text, "15 min noted: printer, for Hana.", "This week: 15 min")
		undo := actionOf(doc, "/helping/")
		o.shows(undo, "/removal")
		text, doc = o.ask(jo, 200, undo, "x", "")
		o.shows(text, "15 min taken out: printer, for Hana.", "Nothing is noted yet.")
		text, _ = o.ask(jo, 200, actionOf(doc, "/helping/"), "x", "")
		o.shows(text, "15 min noted")
		text, _ = o.ask(jo, 200, "/helping", "words", "1,5 h VPN") // the key Enter
		o.shows(text, "1 h 30 min noted: VPN.", "This week: 1 h 45 min")
		text, doc = o.ask(jo, 422, "/helping", "words", "the mail merge again", "whom", "Pat", "at", "nonsense")
		o.shows(text, "Please choose how long it took.", "Please write day and time")
		for _, in := range uitest.Named(doc, "input") {
			if uitest.Attr(in, "name") == "words" && uitest.Attr(in, "value") != "the mail merge again" {
				o.Error("what was typed is lost")
			}
		}
		entry := entryPath.FindString(undo)
		o.ask(jo, 422, entry, "minutes", "9999", "words", "printer")
		text, _ = o.ask(jo, 200, entry, "minutes", "1:10", "words", "printer driver", "at", time.Now().UTC().Add(-time.Hour).Format(localTime))
		o.shows(text, "1 h 10 min · printer driver")
		for _, path := range []string{entry, entry + "/removal", entry + "/restoration"} {
			o.ask(o.visitor(o.pat), 404, path, "minutes", "1")
		}
		o.ask(o.visitor(o.pat), 404, entry)
		o.ask(jo, 200, "/helping", "minutes", "5", "words", "=cmd()")
		text, _ = o.ask(jo, 200, "/helping.csv")
		o.shows(text, "at,minutes,what,whom", ",70,printer driver,", ",5,'=cmd(),")
	})
}

func TestACostPageForOthersHasNoNames(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		jo, boss := o.visitor(o.jo), o.visitor(0)
		for range 2 {
			o.ask(jo, 200, "/helping", "minutes", "30", "words", "Printer", "whom", "Hana Sato")
		}
		o.ask(jo, 422, "/helping/cost", "hourly", "a lot", "week", "4", "currency", "EUR")
		text, _ := o.ask(jo, 200, "/helping/cost", "hourly", "37,50", "week", "4", "monthly", "1.200", "currency", "EUR")
		o.shows(text, "We cannot say yet", "1 h · €37.50", "Printer · 2 times · 1 h, €37.50")
		if n := one(o, `SELECT monthly FROM help_reckoning`); n != 1200_00 {
			o.Errorf("monthly is %d", n)
		}
		_, doc := o.ask(jo, 200, "/helping/cost/pages", "words", "1")
		var links []string
		for _, a := range uitest.Named(doc, "a") {
			if at := uitest.Attr(a, "href"); strings.Contains(at, "/cost/") && strings.HasPrefix(at, o.url) {
				links = append(links, strings.TrimPrefix(at, o.url))
			}
		}
		if len(links) != 1 {
			o.Fatalf("links %v", links)
		}
		text, _ = o.ask(boss, 200, links[0])
		o.shows(text, "This page has no names", "Printer · 2 times", "1 person was named")
		for _, secret := range []string{"Hana", "Jo", "Your numbers"} {
			if strings.Contains(text, secret) {
				o.Errorf("the page tells of %q: %s", secret, text)
			}
		}
		o.ask(boss, 404, links[0]+"a")
		o.ask(o.visitor(o.pat), 200, "/helping/cost/pages/"+strconv.FormatInt(one(o, `SELECT id FROM help_shown`), 10)+"/end", "x", "")
		o.ask(boss, 200, links[0])
		o.ask(jo, 200, "/helping/cost/pages/"+strconv.FormatInt(one(o, `SELECT id FROM help_shown`), 10)+"/end", "x", "")
		text, _ = o.ask(boss, 404, links[0])
		o.shows(text, "This page is not shown any more")
	})
}

func one(o *office, query string) (n int64) {
	o.Helper()
	err := o.db.Read(o.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One[int64](o.Context(), tx, query)
		return err
	})
	if err != nil {
		o.Fatal(err)
	}
	return n
}

func TestReadDecimal(t *testing.T) {
	for text, want := range map[string]float64{"": 0, "40": 40, "37,5": 37.5, "37.50": 37.5, "1,240.50": 1240.5, "1.240,50": 1240.5, "1.240": 1240, "1 240": 1240, "0,125": .125, "1’000.00": 1000, "1.240.500": 1240500} {
		if got, ok := readDecimal(text); !ok || got != want {
			t.Errorf("%q is %v %v", text, got, ok)
		}
	}
	for _, text := range []string{"-1", "forty", "1e9", ",", "99999999999999", "1.2.3,4,5x", strings.Repeat("1", 30)} {
		if got, ok := readDecimal(text); ok {
			t.Errorf("%q is %v", text, got)
		}
	}
}
