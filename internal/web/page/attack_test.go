package page

import (
	"bytes"
	"context"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/live"
	"goodturn/internal/person"
	"goodturn/internal/secret"
)

// front is a site with the shared routes and one person, and how many sign-in links were mailed.
type front struct {
	*Site
	handler http.Handler
	who     person.Person
	session string
	mailed  int
}

func newFront(t *testing.T, d *db.DB) *front {
	t.Helper()
	key, err := secret.OpenKey(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	f := &front{Site: &Site{DB: d, Key: key, Door: &person.Door{DB: d, Key: key, Log: log}, Hub: live.New(16), Log: log}}
	f.MailLink = func(context.Context, *db.Tx, int64, string, []byte, string) error { f.mailed++; return nil }
	ctx := t.Context()
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		if f.who, err = person.Create(ctx, tx, person.New{Name: "Amara Okafor", Addresses: []string{"amara@example.com"}, Role: person.Agent}); err != nil {
			return err
		}
		f.session, err = person.StartSession(ctx, tx, f.who.ID, "", "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	f.Mount(mux, f.Routes())
	if f.handler, err = f.Guard(mux); err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *front) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	f.handler.ServeHTTP(w, r)
	return w
}

func (f *front) post(path string, fields url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return f.do(r)
}

// A form with a file where none is asked for must leave nothing on the disk.
func TestUnaskedFilesLeaveNothingBehind(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	f := newFront(t, dbtest.Open(t, db.SQLite))
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile("file", "large.bin")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(bytes.Repeat([]byte("x"), 1_900_000))
	m.Close()
	for _, path := range []string{"/sign-in", "/sign-in/link", "/setup/x"} {
		r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body.Bytes()))
		r.Header.Set("Content-Type", m.FormDataContentType())
		f.do(r)
	}
	left, err := os.ReadDir(temp)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		if strings.HasPrefix(e.Name(), "multipart-") {
			t.Errorf("%s is left in the folder for temporary files", e.Name())
		}
	}
}

// Whatever comes with the address, a known one is answered like an unknown one, and as durably.
func TestAskingForALinkTellsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFront(t, d)
		for _, next := range []string{"", "/tickets/7", "/\xff\x00", "/" + strings.Repeat("x", 5000)} {
			known := f.post("/sign-in/link", url.Values{"address": {"amara@example.com"}, "next": {next}})
			unknown := f.post("/sign-in/link", url.Values{"address": {"amaru@example.com"}, "next": {next}})
			if known.Code != http.StatusOK || unknown.Code != known.Code {
				t.Errorf("next %.9q: status %d for a known address, %d for an unknown one", next, known.Code, unknown.Code)
			}
			if a, b := known.Body.String(), strings.ReplaceAll(unknown.Body.String(), "amaru@", "amara@"); a != b {
				t.Errorf("next %.9q: the pages differ", next)
			}
			if len(known.Result().Cookies()) != len(unknown.Result().Cookies()) {
				t.Errorf("next %.9q: the cookies differ", next)
			}
		}
		if f.mailed != 4 {
			t.Errorf("%d links mailed", f.mailed)
		}
		ctx := t.Context()
		err := d.Read(ctx, func(tx *db.Tx) error {
			n, err := db.One[int](ctx, tx, `SELECT count FROM attempt WHERE subject = 'link to nobody'`)
			if n != 4 {
				t.Errorf("unknown addresses were written down %d times", n)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// One person cannot hold all live streams.
func TestLiveStreamsAreBounded(t *testing.T) {
	f := newFront(t, dbtest.Open(t, db.SQLite))
	server := httptest.NewServer(f.handler)
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	open := func() *http.Response {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/live?topics=list", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.AddCookie(&http.Cookie{Name: f.cookieName(sessionCookie), Value: f.session})
		a, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	var all []*http.Response
	for range maxOpen {
		a := open()
		if a.StatusCode != http.StatusOK {
			t.Fatalf("stream %d: status %d", len(all)+1, a.StatusCode)
		}
		all = append(all, a)
	}
	if a := open(); a.StatusCode != http.StatusTooManyRequests {
		t.Errorf("one more: status %d", a.StatusCode)
	}
	for _, a := range all {
		a.Body.Close()
	}
	f.Hub.Close() // ends them all
	server.Close()
	f.streams.mu.Lock()
	defer f.streams.mu.Unlock()
	if f.streams.all != 0 || len(f.streams.of) != 0 {
		t.Errorf("%d places are not given back", f.streams.all)
	}
}

// A file that a browser keeps is shown again only after the right to it was looked at.
func TestFilesAreAskedForAgain(t *testing.T) {
	blobs, err := blob.Open(filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	ref, err := blobs.Put(t.Context(), strings.NewReader("picture"), 0)
	if err != nil {
		t.Fatal(err)
	}
	s := &Site{Blobs: blobs}
	send := func(tag string) *httptest.ResponseRecorder {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/tickets/1/files/1", nil)
		r.Header.Set("If-None-Match", tag)
		if err := s.SendFile(w, r, ref, "a.png", "image/png"); err != nil {
			t.Fatal(err)
		}
		return w
	}
	first := send("")
	if c := first.Header().Get("Cache-Control"); first.Code != http.StatusOK || c != "private, no-cache" {
		t.Errorf("status %d, Cache-Control %q", first.Code, c)
	}
	if again := send(first.Header().Get("ETag")); again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("asked again: status %d, %d bytes", again.Code, again.Body.Len())
	}
}

// Visitors do not choose where they seem to come from.
func TestRemoteIsTheProxysWord(t *testing.T) {
	for want, headers := range map[string][]string{
		"192.0.2.1":   {"203.0.113.9"},          // nobody is trusted
		"203.0.113.9": {"1.2.3.4, 203.0.113.9"}, // the proxy appends
		"203.0.113.8": {"1.2.3.4", "203.0.113.8"},
	} {
		s := &Site{TrustProxy: want != "192.0.2.1"}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header["X-Forwarded-For"] = headers
		if got := s.Remote(r); got != want {
			t.Errorf("%q: %s, want %s", headers, got, want)
		}
	}
}
