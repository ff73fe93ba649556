package admin_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"goodturn/internal/blob"
	"goodturn/internal/calendar"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/job"
	"goodturn/internal/live"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
	"goodturn/internal/web/admin"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
	"goodturn/internal/web/ui/uitest"
)

const publicURL = "http://127.0.0.1:8712"

// stage is a desk with people, behind the real table of routes.
type stage struct {
	*testing.T
	db       *db.DB
	site     *page.Site
	admin    *admin.Admin
	handler  http.Handler
	people   map[string]int64
	teams    map[string]int64
	sessions map[string]string
	invited  []string
}

func each(t *testing.T, test func(s *stage)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(newStage(t, d)) })
}

func newStage(t *testing.T, d *db.DB) *stage {
	t.Helper()
	key, err := secret.NewSigner([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open(filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	site := &page.Site{DB: d, Blobs: blobs, Key: key, Door: &person.Door{DB: d, Key: key, Log: log}, Hub: live.New(64), Log: log}
	post := &mailbox.Post{DB: d, Blobs: blobs, Key: key, Desk: &ticket.Desk{}, Queue: job.NewQueue(d, log, 1), Log: log, PublicURL: func() string { return publicURL }}
	s := &stage{T: t, db: d, site: site, people: map[string]int64{}, teams: map[string]int64{}, sessions: map[string]string{}}
	calendars := &calendar.Store{}
	s.admin = &admin.Admin{Site: site, Post: post, Calendars: calendars, Router: &routing.Router{DB: d, Desk: &ticket.Desk{}, Calendars: calendars, Log: log}, Version: "0.1.0", Invite: func(_ context.Context, _ *db.Tx, _ int64, address string) error {
		s.invited = append(s.invited, address)
		return nil
	}}
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Handler())
	site.Mount(mux, append(admin.Routes(s.admin), site.Routes()...))
	if s.handler, err = site.Guard(mux); err != nil {
		t.Fatal(err)
	}
	s.write(func(ctx context.Context, tx *db.Tx) error {
		if err := s.admin.Calendars.Begin(ctx, tx, "UTC"); err != nil {
			return err
		}
		for _, x := range []person.Team{{Slug: "first-line", Name: "First line"}, {Slug: "people", Name: "People matters", Private: true}} {
			id, err := person.SaveTeam(ctx, tx, x)
			if err != nil {
				return err
			}
			s.teams[x.Slug] = id
		}
		for _, x := range []person.New{
			{Name: "Amara Okafor", Role: person.Agent}, {Name: "Priya Kaur", Role: person.Lead}, {Name: "Ada Boss", Role: person.Administrator}, {Name: "Hana Sato", Role: person.Requester},
		} {
			first := strings.ToLower(strings.Fields(x.Name)[0])
			x.Addresses = []string{first + "@example.com"}
			p, err := person.Create(ctx, tx, x)
			if err != nil {
				return err
			}
			s.people[first] = p.ID
			if s.sessions[first], err = person.StartSession(ctx, tx, p.ID, "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0", "192.0.2.7"); err != nil {
				return err
			}
		}
		return nil
	})
	return s
}

func (s *stage) write(fn func(ctx context.Context, tx *db.Tx) error) {
	s.Helper()
	ctx := s.Context()
	if err := s.db.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }); err != nil {
		s.Fatal(err)
	}
}

// answer is what came back.
type answer struct {
	*stage
	status int
	to     string // Location
	header http.Header
	body   string
}

// send does one request as somebody; "" is a visitor who has not signed in.
func (s *stage) send(who, method, to string, form url.Values) answer {
	s.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, to, body)
	r.RemoteAddr = "192.0.2.44:5000"
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if who != "" {
		r.AddCookie(&http.Cookie{Name: "goodturn-session", Value: s.sessions[who]})
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return answer{s, w.Code, w.Header().Get("Location"), w.Header(), w.Body.String()}
}

func (s *stage) get(to string) answer {
	s.Helper()
	return s.send("ada", "GET", to, nil).is(http.StatusOK)
}

// post sends a form as the administrator; pairs are names and values.
func (s *stage) post(to string, pairs ...string) answer {
	s.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return s.send("ada", "POST", to, form)
}

func (a answer) is(status int) answer {
	a.Helper()
	if a.status != status {
		a.Fatalf("status %d, want %d: %s", a.status, status, uitest.Text(a.doc()))
	}
	return a
}

// done wants a form that was done, and gives the next page, which must say words.
func (a answer) done(words string) answer {
	a.Helper()
	a.is(http.StatusSeeOther)
	r := httptest.NewRequest("GET", a.to, nil)
	r.AddCookie(&http.Cookie{Name: "goodturn-session", Value: a.sessions["ada"]})
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	next := answer{a.stage, w.Code, "", w.Header(), w.Body.String()}
	return next.is(http.StatusOK).says(words)
}

// refused wants the form back with a message at a field, and with what was typed.
func (a answer) refused(field, words string, kept ...string) answer {
	a.Helper()
	a.is(http.StatusUnprocessableEntity).sound()
	doc := a.doc()
	for _, n := range uitest.All(doc, func(n *html.Node) bool { return uitest.Attr(n, "id") == field+"-wrong" }) {
		if strings.Contains(uitest.Text(n), words) {
			for _, k := range kept {
				if !a.typed(doc, k) {
					a.Errorf("%q is not in the form any more", k)
				}
			}
			return a
		}
	}
	a.Fatalf("%s does not say %q: %s", field, words, uitest.Text(doc))
	return a
}

func (a answer) typed(doc *html.Node, value string) bool {
	return len(uitest.All(doc, func(n *html.Node) bool {
		return n.Data == "input" && uitest.Attr(n, "value") == value || n.Data == "textarea" && strings.Contains(uitest.Text(n), value) ||
			n.Data == "option" && uitest.Attr(n, "value") == value && uitest.Has(n, "selected")
	})) > 0
}

func (a answer) doc() *html.Node {
	doc, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		a.Fatal(err)
	}
	return doc
}

func (a answer) says(words ...string) answer {
	a.Helper()
	text := uitest.Text(a.doc())
	for _, w := range words {
		if !strings.Contains(text, w) {
			a.Errorf("the page does not say %q: %s", w, text)
		}
	}
	return a
}

func (a answer) saysNot(words ...string) answer {
	a.Helper()
	for _, w := range words {
		if strings.Contains(a.body, w) {
			a.Errorf("the page says %q", w)
		}
	}
	return a
}

func (a answer) sound() answer {
	a.Helper()
	uitest.Sound(a.T, a.doc())
	return a
}

// audited wants an action among the newest lines of the record, with the remote address, and gives its detail.
func (s *stage) audited(action, thing string) string {
	s.Helper()
	var found *person.AuditEntry
	s.write(func(ctx context.Context, tx *db.Tx) error {
		all, err := person.AuditLog(ctx, tx, 0, 6)
		for _, e := range all {
			if e.Action == action && e.Thing == thing && found == nil {
				found = &e
			}
		}
		return err
	})
	if found == nil {
		s.Fatalf("nothing says %q of %s", action, thing)
	}
	if found.Remote != "192.0.2.44" || found.PersonID != s.people["ada"] {
		s.Errorf("%q is by person %d from %q", action, found.PersonID, found.Remote)
	}
	return found.Detail
}

func (s *stage) audits() (n int) {
	s.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) error {
		all, err := person.AuditLog(ctx, tx, 0, 1000)
		n = len(all)
		return err
	})
	return n
}

func (s *stage) getPerson(id int64) (p person.Person) {
	s.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		p, err = person.Get(ctx, tx, id)
		return err
	})
	return p
}

func (s *stage) members(team int64) (out []int64) {
	s.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		out, err = person.Members(ctx, tx, team)
		return err
	})
	return out
}

// addPerson makes somebody besides those of the stage.
func (s *stage) addPerson(n person.New) (p person.Person) {
	s.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		p, err = person.Create(ctx, tx, n)
		return err
	})
	return p
}

func at(path string, id int64, more ...string) string {
	return strings.Join(append([]string{path, strconv.FormatInt(id, 10)}, more...), "/")
}

func text(n int64) string { return strconv.FormatInt(n, 10) }

func openSQLite(t *testing.T) *db.DB { return dbtest.Open(t, db.SQLite) }
