package portal

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/job"
	"goodturn/internal/live"
	"goodturn/internal/outage"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/ratelimit"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
	"goodturn/internal/upload"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
	"goodturn/internal/web/ui/uitest"
)

// world is a small desk behind a real server: two firms, one of which shows its people each other's requests.
type world struct {
	t    *testing.T
	ctx  context.Context
	db   *db.DB
	desk *ticket.Desk
	site *page.Site
	url  string
	// uploads is the folder of files on their way.
	uploads string
	// blobs is the folder of files that are kept.
	blobs string
	amara person.Person // agent
	hana  person.Person // of acme, whose people see each other's requests
	omar  person.Person // hana's colleague
	zoe   person.Person // of another firm, which keeps requests apart
	yan   person.Person // zoe's colleague
	board *outage.Board
	mails []outage.Letter // that the board asked for
	// cuts keeps what annoys, cutMails what it asked to be mailed.
	cuts     *papercut.Book
	cutMails []papercut.Letter
}

// each runs a test on a world of its own on every engine.
func each(t *testing.T, test func(*world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(newWorld(t, d)) })
}

func newWorld(t *testing.T, d *db.DB) *world {
	folder := t.TempDir()
	blobs, err := blob.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	key, err := secret.NewSigner(bytes.Repeat([]byte("k"), 32))
	if err != nil {
		t.Fatal(err)
	}
	uploads := t.TempDir()
	w := &world{t: t, ctx: t.Context(), db: d, desk: &ticket.Desk{}, uploads: uploads, blobs: folder}
	kept, err := upload.Open(d, uploads)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	w.site = &page.Site{DB: d, Blobs: blobs, Kept: kept, Key: key, Hub: live.New(10), Log: log, Zone: time.UTC, Door: &person.Door{DB: d, Key: key, Log: log}}
	w.board = &outage.Board{DB: d, Desk: w.desk, Queue: job.NewQueue(d, log, 1), Key: key, Log: log, Mail: func(_ context.Context, _ *db.Tx, l outage.Letter) error {
		w.mails = append(w.mails, l)
		return nil
	}}
	w.board.Handlers()
	w.cuts = &papercut.Book{DB: d, Queue: w.board.Queue, Key: key, Log: log, Mail: func(_ context.Context, _ *db.Tx, l papercut.Letter) error {
		w.cutMails = append(w.cutMails, l)
		return nil
	}}
	w.url = w.serve(&Portal{Site: w.site, Tickets: w.desk, Outages: w.board, Papercuts: w.cuts, Limit: ratelimit.New(ratelimit.Config{})})
	w.write(func(tx *db.Tx) error {
		if _, err := person.SaveTeam(w.ctx, tx, person.Team{Slug: "desk", Name: "Desk"}); err != nil {
			return err
		}
		acme, err := person.SaveOrganisation(w.ctx, tx, person.Organisation{Name: "Acme", SeeColleagues: true, Domains: []string{"acme.example"}})
		if err != nil {
			return err
		}
		apart, err := person.SaveOrganisation(w.ctx, tx, person.Organisation{Name: "Apart"})
		if err != nil {
			return err
		}
		for _, p := range []struct {
			to            *person.Person
			name, address string
			role          person.Role
			organisation  int64
		}{
			{&w.amara, "Amara Okafor", "amara@desk.example", person.Agent, 0},
			{&w.hana, "Hana Sato", "hana@acme.example", person.Requester, acme},
			{&w.omar, "Omar Haddad", "omar@acme.example", person.Requester, acme},
			{&w.zoe, "Zoe Lind", "zoe@apart.example", person.Requester, apart},
			{&w.yan, "Yan Petrov", "yan@apart.example", person.Requester, apart},
		} {
			if *p.to, err = person.Create(w.ctx, tx, person.New{Name: p.name, Addresses: []string{p.address}, Role: p.role, Organisation: p.organisation}); err != nil {
				return err
			}
		}
		return nil
	})
	return w
}

// serve starts a server with the pages that visitors of the portal meet.
func (w *world) serve(p *Portal) string {
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Handler())
	w.site.Mount(mux, w.site.Routes())
	w.site.Mount(mux, Routes(p))
	h, err := w.site.Guard(mux)
	if err != nil {
		w.t.Fatal(err)
	}
	s := httptest.NewServer(h)
	w.t.Cleanup(s.Close)
	return s.URL
}

func (w *world) write(fn func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.db.Write(w.ctx, fn); err != nil {
		w.t.Fatal(err)
	}
}

// ticket makes one of who with a first mail, and gives its number.
func (w *world) ticket(who person.Person, subject, text string) (number int64) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error {
		t, err := w.desk.Create(w.ctx, tx, ticket.By{Actor: person.System, Cause: "mail"}, ticket.New{Subject: subject, Requester: who.ID, Channel: ticket.ByMail, Message: ticket.Draft{Text: text}})
		number = t.ID
		return err
	})
	return number
}

// change does something at the desk as Amara.
func (w *world) change(fn func(tx *db.Tx, by ticket.By) error) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error {
		a, err := person.ActorOf(w.ctx, tx, w.amara.ID)
		if err != nil {
			return err
		}
		return fn(tx, ticket.By{Actor: a})
	})
}

// mail is an answer of somebody by mail.
func (w *world) mail(number int64, who person.Person, text string, files ...ticket.File) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error {
		_, err := w.desk.Answer(w.ctx, tx, ticket.By{Actor: person.System, Cause: "mail"}, number, ticket.Draft{Text: text, Author: who.ID, Channel: ticket.ByMail, Files: files})
		return err
	})
}

// givenLink makes a link to a request.
func (w *world) givenLink(number int64, who person.Person, proven bool) (token string) {
	w.t.Helper()
	w.write(func(tx *db.Tx) (err error) {
		token, err = ticket.NewLink(w.ctx, tx, number, who.ID, proven)
		return err
	})
	return token
}

func (w *world) stored(text, name, mediaType string) ticket.File {
	w.t.Helper()
	ref, err := w.site.Blobs.Put(w.ctx, strings.NewReader(text), 1<<20)
	if err != nil {
		w.t.Fatal(err)
	}
	return ticket.File{Name: name, Type: mediaType, Ref: ref}
}

// one reads one value from the store.
func one[T any](w *world, query string, args ...any) (v T) {
	w.t.Helper()
	err := w.db.Read(w.ctx, func(tx *db.Tx) (err error) {
		v, err = db.One[T](w.ctx, tx, query, args...)
		return err
	})
	if err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
	return v
}

// visitor is a browser without scripts.
type visitor struct {
	w      *world
	url    string
	client *http.Client
}

func (w *world) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return &visitor{w: w, url: w.url, client: &http.Client{Jar: jar}}
}

// signedIn is a browser in which somebody is signed in.
func (w *world) signedIn(who person.Person) *visitor {
	w.t.Helper()
	var token string
	w.write(func(tx *db.Tx) (err error) {
		token, err = person.StartSession(w.ctx, tx, who.ID, "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0", "192.0.2.7")
		return err
	})
	v := w.visitor()
	v.setCookie("goodturn-session", token, "/")
	return v
}

func (v *visitor) setCookie(name, value, path string) {
	u, err := url.Parse(v.url + path)
	if err != nil {
		v.w.t.Fatal(err)
	}
	v.client.Jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value, Path: path}})
}

// answered is what a visitor got in the end.
type answered struct {
	status int
	path   string // where redirects led
	header http.Header
	body   string
	doc    *html.Node
}

func (v *visitor) do(req *http.Request) answered {
	v.w.t.Helper()
	resp, err := v.client.Do(req)
	if err != nil {
		v.w.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		v.w.t.Fatal(err)
	}
	a := answered{status: resp.StatusCode, path: resp.Request.URL.RequestURI(), header: resp.Header, body: string(raw)}
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		if a.doc, err = html.Parse(bytes.NewReader(raw)); err != nil {
			v.w.t.Fatal(err)
		}
	}
	return a
}

func (v *visitor) get(path string) answered {
	v.w.t.Helper()
	req, err := http.NewRequestWithContext(v.w.ctx, "GET", v.url+path, nil)
	if err != nil {
		v.w.t.Fatal(err)
	}
	return v.do(req)
}

// posted is a request with a form; fields are names and values in turn, "@name" a file with its content.
func (v *visitor) posted(path string, fields ...string) *http.Request {
	v.w.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i < len(fields); i += 2 {
		var part io.Writer
		var err error
		if name, isFile := strings.CutPrefix(fields[i], "@"); isFile {
			part, err = form.CreateFormFile("files", name)
		} else {
			part, err = form.CreateFormField(fields[i])
		}
		if err != nil {
			v.w.t.Fatal(err)
		}
		_, _ = io.WriteString(part, fields[i+1])
	}
	form.Close()
	req, err := http.NewRequestWithContext(v.w.ctx, "POST", v.url+path, &body)
	if err != nil {
		v.w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	return req
}

func (v *visitor) post(path string, fields ...string) answered {
	v.w.t.Helper()
	return v.do(v.posted(path, fields...))
}

// want fails the test unless the page has that status and, if it is one, is sound.
func (a answered) want(t *testing.T, status int) answered {
	t.Helper()
	if a.status != status {
		t.Fatalf("%s: status %d, want %d: %s", a.path, a.status, status, a.text())
	}
	if a.doc != nil && (status < 300 || status >= 400) {
		uitest.Sound(t, a.doc)
	}
	return a
}

func (a answered) text() string {
	if a.doc == nil {
		return a.body
	}
	return uitest.Text(a.doc)
}

func (a answered) shows(t *testing.T, all ...string) {
	t.Helper()
	for _, s := range all {
		if !strings.Contains(a.text(), s) {
			t.Errorf("%s does not show %q: %s", a.path, s, a.text())
		}
	}
}

// hides looks at the whole answer, what is not seen too.
func (a answered) hides(t *testing.T, all ...string) {
	t.Helper()
	for _, s := range all {
		if strings.Contains(a.body, s) {
			t.Errorf("%s tells of %q", a.path, s)
		}
	}
}

// field is the value that a field of a page has.
func (a answered) field(t *testing.T, name string) string {
	t.Helper()
	found := uitest.All(a.doc, func(n *html.Node) bool {
		return uitest.Attr(n, "name") == name && slices.Contains([]string{"input", "textarea", "select"}, n.Data)
	})
	if len(found) != 1 {
		t.Fatalf("%s has %d fields %q", a.path, len(found), name)
	}
	switch n := found[0]; n.Data {
	case "textarea":
		if n.FirstChild == nil {
			return ""
		}
		return n.FirstChild.Data
	case "select":
		for _, o := range uitest.Named(n, "option") {
			if uitest.Has(o, "selected") {
				return uitest.Attr(o, "value")
			}
		}
		return ""
	default:
		return uitest.Attr(n, "value")
	}
}

// wrong is what the page says about a field.
func (a answered) wrong(name string) string {
	for _, n := range uitest.All(a.doc, func(n *html.Node) bool { return uitest.Attr(n, "id") == "f-"+name+"-wrong" }) {
		return uitest.Text(n)
	}
	return ""
}

func (a answered) classed(class string) []*html.Node {
	return uitest.All(a.doc, func(n *html.Node) bool { return uitest.HasClass(n, class) })
}

// number is that of the request on whose page the visitor ended.
func (a answered) number(t *testing.T) int64 {
	t.Helper()
	n, err := strconv.ParseInt(strings.TrimPrefix(a.path, "/requests/"), 10, 64)
	if err != nil {
		t.Fatalf("the visitor is at %s: %s", a.path, a.text())
	}
	return n
}

func (v *visitor) address() *url.URL {
	u, err := url.Parse(v.url)
	if err != nil {
		v.w.t.Fatal(err)
	}
	return u
}
