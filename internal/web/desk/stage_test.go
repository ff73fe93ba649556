package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"goodturn/internal/blob"
	"goodturn/internal/bulk"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/job"
	"goodturn/internal/live"
	"goodturn/internal/notice"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
	"goodturn/internal/web/desk"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui/uitest"
)

// stage is a desk with people, behind the real table of routes.
type stage struct {
	t        testing.TB
	db       *db.DB
	site     *page.Site
	desk     *desk.Desk
	handler  http.Handler
	people   map[string]person.Person
	teams    map[string]int64
	sessions map[string]string
}

func each(t *testing.T, test func(s *stage)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(newStage(t, d)) })
}

func newStage(tb testing.TB, d *db.DB) *stage {
	tb.Helper()
	key, err := secret.NewSigner([]byte(strings.Repeat("k", 32)))
	if err != nil {
		tb.Fatal(err)
	}
	blobs, err := blob.Open(filepath.Join(tb.TempDir(), "blobs"))
	if err != nil {
		tb.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(tb.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	site := &page.Site{DB: d, Blobs: blobs, Key: key, Door: &person.Door{DB: d, Key: key, Log: log}, Hub: live.New(64), Log: log}
	s := &stage{t: tb, db: d, site: site, desk: &desk.Desk{Site: site, Tickets: &ticket.Desk{Changed: site.Announce}}, people: map[string]person.Person{}, teams: map[string]int64{}, sessions: map[string]string{}}
	s.desk.Notices = &notice.Center{DB: d, Queue: job.NewQueue(d, log, 1)}
	s.desk.Bulks = &bulk.Runner{DB: d, Desk: s.desk.Tickets, Queue: job.NewQueue(d, log, 1), Log: log}
	mux := http.NewServeMux()
	site.Mount(mux, desk.Routes(s.desk))
	s.handler = mux
	s.write(func(ctx context.Context, tx *db.Tx) error {
		for _, x := range []person.Team{{Slug: "first-line", Name: "First line"}, {Slug: "network", Name: "Network"}, {Slug: "people", Name: "People matters", Private: true}} {
			id, err := person.SaveTeam(ctx, tx, x)
			if err != nil {
				return err
			}
			s.teams[x.Slug] = id
		}
		for _, x := range []person.New{
			{Name: "Amara Okafor", Role: person.Agent},
			{Name: "Jonas Lind", Role: person.Agent},
			{Name: "Priya Kaur", Role: person.Lead},
			{Name: "Ada Boss", Role: person.Administrator},
			{Name: "Hana Sato", Role: person.Requester},
			{Name: "Tom Becker", Role: person.Requester},
		} {
			first := strings.ToLower(strings.Fields(x.Name)[0])
			x.Addresses = []string{first + "@example.com"}
			p, err := person.Create(ctx, tx, x)
			if err != nil {
				return err
			}
			s.people[first] = p
			if s.sessions[first], err = person.StartSession(ctx, tx, p.ID, "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0", "192.0.2.7"); err != nil {
				return err
			}
		}
		return person.SetMembers(ctx, tx, s.teams["people"], []int64{s.people["jonas"].ID})
	})
	return s
}

func (s *stage) write(fn func(ctx context.Context, tx *db.Tx) error) {
	s.t.Helper()
	ctx := s.t.Context()
	if err := s.db.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }); err != nil {
		s.t.Fatal(err)
	}
}

// made makes a ticket of Hana's in a team.
func (s *stage) made(subject, team string, more ...func(*ticket.New)) (t ticket.Ticket) {
	s.t.Helper()
	n := ticket.New{Subject: subject, Requester: s.people["hana"].ID, Team: s.teams[team], Channel: ticket.ByMail, Message: ticket.Draft{Text: "Text of " + subject}}
	for _, m := range more {
		m(&n)
	}
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		t, err = s.desk.Tickets.Create(ctx, tx, ticket.By{Actor: person.System}, n)
		return err
	})
	return t
}

// as gives the rights that somebody has now.
func (s *stage) as(who string) (by ticket.By) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		by.Actor, err = person.ActorOf(ctx, tx, s.people[who].ID)
		return err
	})
	return by
}

// now gives a ticket as it is.
func (s *stage) now(id int64) (t ticket.Ticket) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		t, err = ticket.Get(ctx, tx, person.System, person.SeeTicket, id)
		return err
	})
	return t
}

// answer is what the server said.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   string
	doc    *html.Node
}

func (s *stage) send(who string, r *http.Request) *answer {
	s.t.Helper()
	if token := s.sessions[who]; token != "" {
		r.AddCookie(&http.Cookie{Name: "goodturn-session", Value: token})
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	a := &answer{t: s.t, status: w.Code, header: w.Header(), body: w.Body.String()}
	if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		doc, err := html.Parse(strings.NewReader(a.body))
		if err != nil {
			s.t.Fatal(err)
		}
		a.doc = doc
	}
	return a
}

func (s *stage) get(who, path string) *answer {
	s.t.Helper()
	return s.send(who, httptest.NewRequest(http.MethodGet, path, nil))
}

// post sends a form; pairs are names and values in turn.
func (s *stage) post(who, path string, pairs ...string) *answer {
	s.t.Helper()
	return s.send(who, formRequest(path, pairs...))
}

func formRequest(path string, pairs ...string) *http.Request {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// postFiles sends a form with files: each has its name as its content.
func (s *stage) postFiles(who, path string, files []string, pairs ...string) *answer {
	s.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		_ = m.WriteField(pairs[i], pairs[i+1])
	}
	for _, f := range files {
		part, err := m.CreateFormFile("files", f)
		if err != nil {
			s.t.Fatal(err)
		}
		content := "content of " + f
		if f == "huge" {
			content = strings.Repeat("x", page.MaxFiles)
		}
		_, _ = io.WriteString(part, content)
	}
	m.Close()
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return s.send(who, r)
}

func (a *answer) want(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d; location %q\n%.1500s", a.status, status, a.header.Get("Location"), a.text("main"))
	}
	return a
}

// to asserts that the form led on to an address.
func (a *answer) to(location string) *answer {
	a.t.Helper()
	a.want(http.StatusSeeOther)
	if got := a.header.Get("Location"); got != location {
		a.t.Fatalf("led to %q, want %q", got, location)
	}
	return a
}

// all are the elements that a selector finds: "name", "#id", ".class", "[attr=value]" or several of them joined, and
// spaces for "within".
func (a *answer) all(selector string) []*html.Node {
	a.t.Helper()
	if a.doc == nil {
		a.t.Fatalf("no page: %d %.300s", a.status, a.body)
	}
	at := []*html.Node{a.doc}
	for part := range strings.FieldsSeq(selector) {
		var next []*html.Node
		for _, n := range at {
			next = append(next, uitest.All(n, func(d *html.Node) bool { return matches(d, part) })...)
		}
		at = next
	}
	return at
}

func matches(n *html.Node, part string) bool {
	part, attribute, _ := strings.Cut(part, "[")
	if attribute != "" {
		key, value, has := strings.Cut(strings.TrimSuffix(attribute, "]"), "=")
		if !uitest.Has(n, key) || has && uitest.Attr(n, key) != value {
			return false
		}
	}
	part, class, _ := strings.Cut(part, ".")
	if class != "" && !uitest.HasClass(n, class) {
		return false
	}
	part, id, _ := strings.Cut(part, "#")
	return (id == "" || uitest.Attr(n, "id") == id) && (part == "" || n.Data == part)
}

func (a *answer) text(selector string) string {
	if a.doc == nil {
		return a.body
	}
	var out []string
	for _, n := range a.all(selector) {
		out = append(out, uitest.Text(n))
	}
	return strings.Join(out, " | ")
}

func (a *answer) has(selector, text string) *answer {
	a.t.Helper()
	if got := a.text(selector); !strings.Contains(got, text) {
		a.t.Errorf("%s says %.600q, want %q in it", selector, got, text)
	}
	return a
}

func (a *answer) hasNot(selector, text string) *answer {
	a.t.Helper()
	if got := a.text(selector); strings.Contains(got, text) {
		a.t.Errorf("%s says %.600q, which must not have %q", selector, got, text)
	}
	return a
}

func (a *answer) value(selector string) string {
	a.t.Helper()
	found := a.all(selector)
	if len(found) == 0 {
		a.t.Errorf("nothing matches %s", selector)
		return ""
	}
	if found[0].Data == "textarea" {
		return uitest.Text(found[0])
	}
	return uitest.Attr(found[0], "value")
}

func path(number int64, more string) string { return fmt.Sprintf("/tickets/%d%s", number, more) }

// as2 is as within a transaction.
func (s *stage) as2(ctx context.Context, tx *db.Tx, who string) ticket.By {
	s.t.Helper()
	a, err := person.ActorOf(ctx, tx, s.people[who].ID)
	if err != nil {
		s.t.Fatal(err)
	}
	return ticket.By{Actor: a}
}

// isEventOrMessage finds the lines of a timeline.
func isEventOrMessage(n *html.Node) bool { return uitest.HasClass(n, "event") || n.Data == "article" }

func idText(id int64) string { return strings.TrimPrefix(path(id, ""), "/tickets/") }
