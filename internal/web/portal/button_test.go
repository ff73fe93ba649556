package portal

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"goodturn/internal/button"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/kb"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/ratelimit"
	"goodturn/internal/web/page"
)

const elsewhere = "https://intranet.example"

// offering has the button offer everything to pages of those origins, and gives the address of the desk.
func (w *world) offering(origins ...string) {
	w.t.Helper()
	log := slog.New(slog.NewTextHandler(w.t.Output(), nil))
	cuts := &papercut.Book{DB: w.db, Queue: job.NewQueue(w.db, log, 1), Key: w.site.Key, Log: log, URL: func() string { return "" }}
	cuts.Handlers()
	find := func(ctx context.Context, tx *db.Tx, who Asker, text string) (out []Suggestion, err error) {
		all, err := kb.Like(ctx, tx, who.Actor, "en", text, 3)
		for _, h := range all {
			out = append(out, Suggestion{Title: h.Title, Text: kb.Gist(h.Body, 100), URL: "/help/" + h.Slug})
		}
		return out, err
	}
	w.url = w.serve(&Portal{Site: w.site, Tickets: w.desk, Papercuts: cuts, Suggest: []Suggester{find}, Limit: ratelimit.New(ratelimit.Config{})})
	w.write(func(tx *db.Tx) error {
		a, err := person.ActorOf(w.ctx, tx, w.amara.ID)
		if err == nil {
			_, err = kb.Create(w.ctx, tx, a, kb.New{Title: "Set up the VPN", Body: "Open the settings and choose the network.", Language: "en", Publish: true})
		}
		if err == nil {
			_, err = kb.Create(w.ctx, tx, a, kb.New{Title: "VPN of the staff", Body: "Only for staff.", Language: "en", Publish: true, Audience: kb.StaffOnly})
		}
		if err == nil {
			err = button.Save(w.ctx, tx, button.Settings{Search: true, Papercut: true, Request: true, Plain: true, Origins: strings.Join(origins, "\n")})
		}
		return err
	})
}

// asks is a request as the script of a page at an origin sends it.
func (v *visitor) asks(method, path, origin string, fields ...string) *http.Request {
	v.w.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	at, body := v.url+"/button/"+path, io.Reader(nil)
	if method == "GET" {
		at += "?" + form.Encode()
	} else {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(v.w.ctx, method, at, body)
	if err != nil {
		v.w.t.Fatal(err)
	}
	if method != "GET" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if origin != "" {
		r.Header.Set("Origin", origin)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
	}
	return r
}

func (a answered) json(t *testing.T) (out map[string]any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), &out); err != nil {
		t.Fatalf("%s: %v: %s", a.path, err, a.body)
	}
	return out
}

func TestButton(t *testing.T) {
	each(t, func(w *world) {
		w.offering(elsewhere)
		v := w.signedIn(w.hana) // whoever is signed in here is nobody there
		allowed := func(a answered) string { return a.header.Get("Access-Control-Allow-Origin") }

		parts := v.do(v.asks("GET", "parts", elsewhere, "language", "de-CH")).want(t, 200)
		if got := parts.json(t); allowed(parts) != elsewhere || got["language"] != "de" || got["words"].(map[string]any)["close"] != "Schließen" || len(got["parts"].([]any)) != 3 {
			t.Errorf("parts: %v %s", parts.header, parts.body)
		}
		defer i18n.Reveal("ar")()
		if got := v.do(v.asks("GET", "parts", elsewhere, "language", "ar")).want(t, 200).json(t); got["dir"] != "rtl" {
			t.Errorf("in Arabic: %v", got)
		}
		if a := v.do(v.asks("GET", "found", elsewhere, "text", "vpn settings")).want(t, 200); !strings.Contains(a.body, w.url+"/help/set-up-the-vpn") || strings.Contains(a.body, "staff") {
			t.Errorf("found %s", a.body)
		}

		made := v.do(v.asks("POST", "requests", elsewhere, "text", "The lift is stuck", "name", "Ada Moss", "from", elsewhere+"/lifts?secret=1#x", "key", strings.Repeat("k", 32))).want(t, 200).json(t)
		again := v.do(v.asks("POST", "requests", elsewhere, "text", "The lift is stuck", "name", "Ada Moss", "key", strings.Repeat("k", 32))).want(t, 200).json(t)
		if made["said"] != "We have it. Its number is 1001." || again["said"] != made["said"] {
			t.Errorf("a request sent twice: %v, %v", made, again)
		}
		if who := one[string](w, `SELECT p.name FROM ticket t JOIN person p ON p.id = t.requester_id WHERE t.id = 1001`); who != "Ada Moss" {
			t.Errorf("the requester is %s: the session counted", who)
		}
		if at := one[string](w, `SELECT value FROM ticket_fact WHERE ticket_id = 1001`); at != elsewhere+"/lifts" {
			t.Errorf("asked from %q", at)
		}
		w.visitor().get(strings.TrimPrefix(made["url"].(string), w.url)).want(t, 200).shows(t, "The lift is stuck", "1001")

		wrong := v.do(v.asks("POST", "requests", elsewhere, "address", "ada@moss@example")).want(t, 422).json(t)["wrong"].(map[string]any)
		if wrong["text"] == nil || wrong["address"] == nil {
			t.Errorf("what is wrong: %v", wrong)
		}

		v.do(v.asks("POST", "papercuts", elsewhere, "text", "The timesheet forgets my project", "visitor", strings.Repeat("v", 32))).want(t, 200)
		v.do(v.asks("POST", "papercuts", elsewhere, "text", "The timesheet forgets my project", "visitor", strings.Repeat("v", 32))).want(t, 200)
		if n := one[int64](w, `SELECT people FROM papercut`); n != 1 {
			t.Errorf("a browser is counted %d times", n)
		}
		v.do(v.asks("POST", "papercuts", elsewhere, "text", "")).want(t, 422)
	})
}

// TestButtonElsewhere asks from pages that were not named, and for parts that are off.
func TestButtonElsewhere(t *testing.T) {
	each(t, func(w *world) {
		w.offering(elsewhere)
		v := w.visitor()
		for _, origin := range []string{"https://evil.example", "null", "http://intranet.example", "https://intranet.example:8443", "https://intranet.example.evil.example"} {
			for _, rt := range (&Portal{}).buttonRoutes() {
				method, path, _ := strings.Cut(rt.Pattern, " ")
				if path == "/button.js" || path == "/button/form" {
					continue
				}
				a := v.do(v.asks(method, strings.TrimPrefix(path, page.StrangerPath), origin, "text", "The lift is stuck", "name", "Ada")).want(t, 403)
				if got := a.header.Get("Access-Control-Allow-Origin"); got != "" {
					t.Errorf("%s from %s: answered with %q", rt.Pattern, origin, got)
				}
			}
		}
		if n := one[int64](w, `SELECT count(*) FROM ticket`); n != 0 {
			t.Errorf("%d tickets were made", n)
		}
		w.write(func(tx *db.Tx) error { return button.Save(w.ctx, tx, button.Settings{Origins: elsewhere}) })
		for _, path := range []string{"GET found", "POST papercuts", "POST requests", "POST form"} {
			method, path, _ := strings.Cut(path, " ")
			v.do(v.asks(method, path, elsewhere, "text", "The lift is stuck", "name", "Ada")).want(t, 404)
		}
	})
}

// TestEveryStrangerIsNobody holds the bypass of the protection against other sites to routes at which no cookie counts.
func TestEveryStrangerIsNobody(t *testing.T) {
	for _, rt := range Routes(&Portal{}) {
		_, path, _ := strings.Cut(rt.Pattern, " ")
		if strings.HasPrefix(path, page.StrangerPath) && !rt.Stranger {
			t.Errorf("other sites may post to %s, and cookies count there", rt.Pattern)
		}
	}
}

// TestPlainForm sends the form that stands in a page without a script.
func TestPlainForm(t *testing.T) {
	each(t, func(w *world) {
		w.offering(elsewhere)
		v := w.signedIn(w.hana)
		n := v.do(v.asks("POST", "form", elsewhere, "text", "The lift is stuck", "name", "Ada Moss")).want(t, 200)
		n.shows(t, "The lift is stuck")
		if who := one[string](w, `SELECT p.name FROM ticket t JOIN person p ON p.id = t.requester_id WHERE t.id = $1`, n.number(t)); who != "Ada Moss" {
			t.Errorf("the requester is %s: the session counted", who)
		}
		wrong := v.do(v.asks("POST", "form", elsewhere, "text", "The door is stuck")).want(t, 422)
		if wrong.field(t, "text") != "The door is stuck" || wrong.wrong("name") == "" {
			t.Errorf("what was typed is lost: %s", wrong.text())
		}
		// A page of a stranger cannot have its visitors' browsers send; what they wrote is not lost.
		strange := v.do(v.asks("POST", "form", "https://evil.example", "text", "The gate is stuck", "name", "Ada Moss")).want(t, 422)
		strange.shows(t, "Please look at what you wrote")
		if strange.field(t, "text") != "The gate is stuck" || one[int64](w, `SELECT count(*) FROM ticket`) != 1 {
			t.Error("a page that was not named made a ticket, or what was typed is lost")
		}
		trap := v.do(v.asks("POST", "form", elsewhere, "text", "Buy", "name", "Bot", "leave_empty", "x")).want(t, 422)
		trap.shows(t, "This field must stay empty")
	})
}

// mostScript is how many bytes of the script are delivered at most.
const mostScript = 8192

func TestScriptOfTheButton(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	for _, coding := range []string{"gzip", "br"} {
		r, err := http.NewRequestWithContext(w.ctx, "GET", w.url+"/button.js", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", coding)
		a := w.visitor().do(r).want(t, 200)
		if len(a.body) > mostScript || len(a.body) < 1000 || a.header.Get("Content-Encoding") != coding {
			t.Errorf("the script has %d bytes with %s, and may have %d (%v)", len(a.body), coding, mostScript, a.header)
		}
		t.Logf("%d bytes with %s", len(a.body), coding)
		if coding == "gzip" {
			plain, err := gzip.NewReader(strings.NewReader(a.body))
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(plain)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d bytes as they are", len(text))
			if len(text) > mostScript {
				t.Errorf("the script has %d bytes before it is compressed, and may have %d", len(text), mostScript)
			}
			for _, never := range []string{"innerHTML", "eval(", "setAttribute(\"style\"", "document.write"} {
				if strings.Contains(string(text), never) {
					t.Errorf("the script uses %s, which a strict page forbids", never)
				}
			}
		}
		if a.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" || a.header.Get("Set-Cookie") != "" {
			t.Errorf("headers: %v", a.header)
		}
	}
}
