package demo

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"goodturn/internal/blob"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/live"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
	"goodturn/internal/web/ui/uitest"
)

// bench is a demonstration as the program mounts it, with the mail it caught and the mail it was handed.
type bench struct {
	t      *testing.T
	site   *page.Site
	url    string
	client *http.Client

	mu        sync.Mutex
	caught    []Mail // newest first
	delivered []Mail
	refuse    error
}

func newBench(t *testing.T, d *db.DB) *bench {
	t.Helper()
	b := &bench{t: t}
	blobs, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	key, err := secret.NewSigner([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	b.site = &page.Site{DB: d, Blobs: blobs, Key: key, Door: &person.Door{DB: d, Key: key, Log: log}, Log: log, Zone: time.UTC, Demo: true, Hub: live.New(8), MailLink: b.mailLink}
	desk := &Demo{Site: b.site, Caught: b.mails, Deliver: b.deliver}
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Handler())
	b.site.Mount(mux, append(b.site.Routes(), Routes(desk)...))
	guarded, err := b.site.Guard(mux)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(guarded)
	t.Cleanup(s.Close)
	b.url = s.URL
	jar, _ := cookiejar.New(nil)
	b.client = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	b.people()
	return b
}

func (b *bench) mails() []Mail {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Mail(nil), b.caught...)
}

func (b *bench) deliver(_ context.Context, from, to string, raw []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refuse != nil {
		return b.refuse
	}
	b.delivered = append(b.delivered, Mail{From: from, To: []string{to}, Raw: raw})
	return nil
}

// catch keeps a mail as the mail server of the demonstration does.
func (b *bench) catch(from, to, raw string) int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	id := int64(len(b.caught) + 1)
	b.caught = append([]Mail{{ID: id, At: clock.Now(), From: from, To: strings.Split(to, " "), Raw: []byte(strings.ReplaceAll(raw, "\n", "\r\n"))}}, b.caught...)
	return id
}

func (b *bench) mailLink(ctx context.Context, tx *db.Tx, id int64, address string, browser []byte, next string) error {
	token, err := person.NewLink(ctx, tx, id, browser, next)
	if err != nil {
		return err
	}
	_, port, _ := strings.Cut(strings.TrimPrefix(b.url, "http://"), ":")
	b.catch("", address, fmt.Sprintf("From: Desk <help@desk.example>\nTo: %s\nSubject: Sign in\nContent-Type: text/plain; charset=utf-8\n\nOpen http://localhost:%s/sign-in/link/%s in this browser.\n", address, port, token))
	return nil
}

// people fills the desk: two agents, a lead, an administrator, requesters of two organisations, a mailbox.
func (b *bench) people() {
	b.t.Helper()
	ctx := b.t.Context()
	err := b.site.DB.Write(ctx, func(tx *db.Tx) error {
		var orgs []int64
		for _, name := range []string{"Marlow & Finch", "Tidewater"} {
			id, err := person.SaveOrganisation(ctx, tx, person.Organisation{Name: name})
			if err != nil {
				return err
			}
			orgs = append(orgs, id)
		}
		make := func(name string, role person.Role, org int64) error {
			_, err := person.Create(ctx, tx, person.New{Name: name, Role: role, Organisation: org, Verified: true, Addresses: []string{strings.ToLower(strings.Fields(name)[0]) + "@desk.example"}})
			return err
		}
		staff := []struct {
			name string
			role person.Role
		}{{"Zora Agent", person.Agent}, {"Abel Agent", person.Agent}, {"Ruth Adeyemi", person.Lead}, {"Margit Lindqvist", person.Administrator}}
		for _, p := range staff {
			if err := make(p.name, p.role, orgs[0]); err != nil {
				return err
			}
		}
		for i := range 20 {
			if err := make(fmt.Sprintf("Asker%02d Marlow", i), person.Requester, orgs[0]); err != nil {
				return err
			}
		}
		for i := range 3 {
			if err := make(fmt.Sprintf("Vet%02d Tidewater", i), person.Requester, orgs[1]); err != nil {
				return err
			}
		}
		team, err := person.SaveTeam(ctx, tx, person.Team{Slug: "first-line", Name: "First line"})
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO mailbox (address, name, team_id, active, subaddress, receiving, sending, created_at) VALUES ($1, $2, $3, $4, $4, '', '', $5)`, "help@desk.example", "IT desk", team, true, tx.Now)
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) do(req *http.Request) (*http.Response, *html.Node) {
	b.t.Helper()
	res, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	doc, err := html.Parse(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return res, doc
}

// get loads a page and checks that it is sound.
func (b *bench) get(path string) *html.Node {
	b.t.Helper()
	req, _ := http.NewRequest("GET", b.url+path, nil)
	res, doc := b.do(req)
	if res.StatusCode != http.StatusOK {
		b.t.Fatalf("GET %s: %s", path, res.Status)
	}
	uitest.Sound(b.t, doc)
	return doc
}

func (b *bench) post(path string, pairs ...string) (*http.Response, *html.Node) {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	req, _ := http.NewRequest("POST", b.url+path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(req)
}

// button finds the button that stands for somebody.
func button(t *testing.T, doc *html.Node, text string) string {
	t.Helper()
	for _, n := range uitest.Named(doc, "button") {
		if uitest.Text(n) == text {
			return uitest.Attr(n, "value")
		}
	}
	t.Fatalf("no button %q", text)
	return ""
}

func withClass(doc *html.Node, class string) []*html.Node {
	return uitest.All(doc, func(n *html.Node) bool { return uitest.HasClass(n, class) })
}
