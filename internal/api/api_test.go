package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fixnote"
	"goodturn/internal/job"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/ratelimit"
	"goodturn/internal/ticket"
)

// desk is a small desk with an API in front of it.
type desk struct {
	t      testing.TB
	db     *db.DB
	api    *API
	url    string
	log    bytes.Buffer
	tokens map[string]string // by name: admin, amara, bo, hana, omar, reader
	ids    map[string]int64
	teams  map[string]int64
}

func eachDesk(t *testing.T, test func(t *testing.T, k *desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newDesk(t, d, nil)) })
}

func newDesk(t testing.TB, d *db.DB, adjust func(*API)) *desk {
	t.Helper()
	k := &desk{t: t, db: d, tokens: map[string]string{}, ids: map[string]int64{}, teams: map[string]int64{}}
	k.must(d.Write(t.Context(), k.furnish))
	blobs, err := blob.Open(filepath.Join(t.TempDir(), "blobs"))
	k.must(err)
	k.api = &API{DB: d, Tickets: &ticket.Desk{}, Notes: &fixnote.Book{}, Papercuts: &papercut.Book{DB: d, Queue: job.NewQueue(d, slog.New(slog.DiscardHandler), 1)}, Blobs: blobs, Log: slog.New(slog.NewTextHandler(&k.log, nil)), Version: "test"}
	if adjust != nil {
		adjust(k.api)
	}
	h, err := Handler(k.api)
	k.must(err)
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	k.url = server.URL
	return k
}

// furnish makes two teams, the second private with Bo in it, and people with tokens.
func (k *desk) furnish(tx *db.Tx) error {
	ctx := context.Background()
	for _, team := range []person.Team{{Slug: "network", Name: "Network"}, {Slug: "hr", Name: "Human resources", Private: true}, {Slug: "desk", Name: "Desk"}} {
		id, err := person.SaveTeam(ctx, tx, team)
		if err != nil {
			return err
		}
		k.teams[team.Slug] = id
	}
	for _, p := range []struct {
		name string
		role person.Role
	}{{"admin", person.Administrator}, {"amara", person.Agent}, {"bo", person.Agent}, {"hana", person.Requester}, {"omar", person.Requester}} {
		made, err := person.Create(ctx, tx, person.New{Name: strings.ToUpper(p.name[:1]) + p.name[1:], Addresses: []string{p.name + "@example.com"}, Role: p.role, Verified: true})
		if err != nil {
			return err
		}
		k.ids[p.name] = made.ID
		if k.tokens[p.name], err = k.token(ctx, tx, made.ID, person.Token{Name: "test"}); err != nil {
			return err
		}
	}
	var err error
	if k.tokens["reader"], err = k.token(ctx, tx, k.ids["amara"], person.Token{Name: "reader", ReadOnly: true}); err != nil {
		return err
	}
	if err := person.SetMembers(ctx, tx, k.teams["hr"], []int64{k.ids["bo"]}); err != nil {
		return err
	}
	for _, m := range []struct {
		address string
		team    int64
	}{{"help@desk.example", k.teams["network"]}, {"hr@desk.example", k.teams["hr"]}} {
		if _, err := tx.Exec(ctx, `INSERT INTO mailbox (address, name, team_id, active, subaddress, receiving, sending, created_at) VALUES ($1, 'Help', $2, TRUE, FALSE, '{"password":"geheim"}', '{}', $3)`, m.address, m.team, tx.Now); err != nil {
			return err
		}
	}
	return nil
}

func (k *desk) token(ctx context.Context, tx *db.Tx, id int64, t person.Token) (string, error) {
	t.PersonID = id
	return person.CreateToken(ctx, tx, person.Actor{ID: id}, t, time.Hour, "test")
}

func (k *desk) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *desk) write(fn func(tx *db.Tx) error) {
	k.t.Helper()
	k.must(k.db.Write(k.t.Context(), fn))
}

func (k *desk) count(query string, args ...any) (n int64) {
	k.t.Helper()
	k.must(k.db.Read(k.t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One[int64](k.t.Context(), tx, query, args...)
		return err
	}))
	return n
}

// reply is an answer of the API.
type reply struct {
	t      testing.TB
	Status int
	Header http.Header
	Raw    string
	JSON   map[string]any
}

// call sends a request as somebody ("" for nobody). body is nil, a string sent as it is, or a value sent as
// JSON. header holds pairs.
func (k *desk) call(who, method, path string, body any, header ...string) reply {
	k.t.Helper()
	var in io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		k.must(err)
		in = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(k.t.Context(), method, k.url+path, in)
	k.must(err)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+k.tokens[who])
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	k.must(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	k.must(err)
	out := reply{t: k.t, Status: res.StatusCode, Header: res.Header, Raw: string(raw)}
	if strings.Contains(res.Header.Get("Content-Type"), "json") && len(raw) > 0 {
		if err := json.Unmarshal(raw, &out.JSON); err != nil {
			k.t.Fatalf("%s %s: %v in %s", method, path, err, raw)
		}
	}
	return out
}

// is checks the status.
func (r reply) is(status int) reply {
	r.t.Helper()
	if r.Status != status {
		r.t.Fatalf("status %d, want %d: %s", r.Status, status, r.Raw)
	}
	return r
}

// problem checks that the answer is a problem of RFC 9457, naming these locations.
func (r reply) problem(status int, locations ...string) reply {
	r.t.Helper()
	r.is(status)
	if ct := r.Header.Get("Content-Type"); ct != "application/problem+json" {
		r.t.Fatalf("content type %q of %s", ct, r.Raw)
	}
	if r.text("type") != "about:blank" || r.text("title") != http.StatusText(status) || r.JSON["status"] != float64(status) || r.text("detail") == "" {
		r.t.Fatalf("not a whole problem: %s", r.Raw)
	}
	var got []string
	for i := range r.list("errors") {
		if r.text("errors", i, "message") == "" {
			r.t.Fatalf("an error without a message: %s", r.Raw)
		}
		got = append(got, r.text("errors", i, "location"))
	}
	if fmt.Sprint(got) != fmt.Sprint(locations) {
		r.t.Fatalf("errors at %v, want %v: %s", got, locations, r.Raw)
	}
	return r
}

// at walks the answer by names and indexes.
func (r reply) at(path ...any) any {
	r.t.Helper()
	var v any = r.JSON
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, ok := v.(map[string]any)
			if _, there := m[p]; !ok || !there {
				r.t.Fatalf("no %v in %s", path, r.Raw)
			}
			v = m[p]
		case int:
			l, ok := v.([]any)
			if !ok || p >= len(l) {
				r.t.Fatalf("no %v in %s", path, r.Raw)
			}
			v = l[p]
		}
	}
	return v
}

func (r reply) text(path ...any) string {
	r.t.Helper()
	s, ok := r.at(path...).(string)
	if !ok {
		r.t.Fatalf("%v is no string in %s", path, r.Raw)
	}
	return s
}

func (r reply) number(path ...any) int64 {
	r.t.Helper()
	f, ok := r.at(path...).(float64)
	if !ok {
		r.t.Fatalf("%v is no number in %s", path, r.Raw)
	}
	return int64(f)
}

func (r reply) list(path ...any) []any {
	r.t.Helper()
	if len(path) == 1 && r.JSON[path[0].(string)] == nil {
		return nil
	}
	l, ok := r.at(path...).([]any)
	if !ok {
		r.t.Fatalf("%v is no list in %s", path, r.Raw)
	}
	return l
}

func (r reply) equal(want any, path ...any) reply {
	r.t.Helper()
	got, _ := json.Marshal(r.at(path...))
	wanted, _ := json.Marshal(want)
	if string(got) != string(wanted) {
		r.t.Fatalf("%v is %s, want %s", path, got, wanted)
	}
	return r
}

// ticket makes a ticket of somebody and gives its path.
func (k *desk) ticket(as string, fields map[string]any) (path string, number int64) {
	k.t.Helper()
	body := map[string]any{"subject": "Printer", "text": "It prints half pages.", "requester": map[string]any{"email": "hana@example.com"}}
	for name, v := range fields {
		body[name] = v
	}
	n := k.call(as, "POST", "/api/v1/tickets", body).is(201).number("number")
	return fmt.Sprintf("/api/v1/tickets/%d", n), n
}

func strict(k *API) {
	k.Limit = ratelimit.New(ratelimit.Config{Burst: 3, Every: time.Hour})
}
