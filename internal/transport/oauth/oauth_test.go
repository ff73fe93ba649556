package oauth_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	server "goodturn/internal/testserver/oauth"
	"goodturn/internal/transport/dial"
	"goodturn/internal/transport/oauth"
)

const back = "http://127.0.0.1:9/back"

func clientOf(s *server.Server) oauth.Client {
	return oauth.Client{Provider: "Test", ID: s.ClientID, Secret: s.ClientSecret, AuthURL: s.AuthURL, TokenURL: s.TokenURL, Scopes: s.Scopes}
}

// code lets somebody consent and gives the authorisation code with its verifier.
func code(t *testing.T, s *server.Server, c oauth.Client) (code, verifier string) {
	t.Helper()
	verifier = oauth.NewVerifier()
	at, err := url.Parse(s.Approve(c.AuthURLFor(back, "state", verifier, "help@example.test"), "help@example.test"))
	if err != nil || at.Query().Get("state") != "state" {
		t.Fatalf("sent back to %v (%v)", at, err)
	}
	return at.Query().Get("code"), verifier
}

func TestProviderSaysWhatIsWrong(t *testing.T) {
	s := server.Start(t, server.Options{RedirectURL: back, AppUser: "help@example.test"})
	problem := func(name string, err error, kind dial.Kind, words string) {
		t.Helper()
		p := (*dial.Problem)(nil)
		if !errors.As(err, &p) || p.Kind != kind || !strings.Contains(p.Error(), words) {
			t.Errorf("%s: got %v, want %s with %q", name, err, kind, words)
		}
		if said := fmt.Sprint(err, errors.Unwrap(err)); strings.Contains(said, s.ClientSecret) || strings.Contains(said, "the-code") {
			t.Errorf("%s: a secret is in %s", name, said)
		}
	}
	ask := func(c oauth.Client) error { _, err := c.Exchange(t.Context(), back, "the-code", "v"); return err }
	problem("code", ask(clientOf(s)), dial.Consent, "Please connect again")

	wrong := clientOf(s)
	wrong.Secret = "another"
	problem("secret", ask(wrong), dial.Refused, "does not know the application or its secret")

	nobody := clientOf(s)
	nobody.TokenURL = "http://127.0.0.1:1/token"
	problem("nobody", ask(nobody), dial.NoAnswer, "Nothing answers on port 1 of 127.0.0.1")

	stolen := clientOf(s)
	c, _ := code(t, s, stolen)
	_, err := stolen.Exchange(t.Context(), back, c, oauth.NewVerifier())
	problem("verifier", err, dial.Consent, "Please connect again")
}

func TestOddProviders(t *testing.T) {
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		words  string
	}{
		"a web page": {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>hello") }, "there is no token in it"},
		"not found":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) }, "status 404"},
		"trouble":    {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, "trouble of its own"},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusTemporaryRedirect)
		}, "sends on to another"},
		"endless": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"access_token":"`)
			for range 3 << 10 {
				_, _ = io.WriteString(w, strings.Repeat("x", 1<<10))
			}
			_, _ = io.WriteString(w, `","token_type":"bearer"}`)
		}, "there is no token in it"},
		"for a moment": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"access_token":"top-secret","token_type":"bearer","expires_in":60}`)
		}, "refresh token"},
		"scopes": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(400)
			_, _ = io.WriteString(w, `{"error":"invalid_scope","error_description":"AADSTS70011: not valid"}`)
		}, "does not give these scopes to the application: AADSTS70011"},
		"words with lines": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(400)
			_, _ = io.WriteString(w, `{"error":"server_error","error_description":"line one\nline two"}`)
		}, "line one line two"},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(test.answer)
			defer s.Close()
			c := oauth.Client{Provider: "Test", ID: "id", Secret: "s", TokenURL: s.URL}
			_, err := c.Exchange(t.Context(), back, "code", "verifier")
			if err == nil || !strings.Contains(err.Error(), test.words) || strings.Contains(fmt.Sprint(err, errors.Unwrap(err)), "top-secret") {
				t.Errorf("got %v, want %q", err, test.words)
			}
		})
	}
}

// Many that ask at once cause one refresh, whose new refresh token is stored before anybody has the access token.
func TestSourceRefreshesOnceForMany(t *testing.T) {
	s := server.Start(t, server.Options{RedirectURL: back})
	c := clientOf(s)
	given, verifier := code(t, s, c)
	g, err := c.Exchange(t.Context(), back, given, verifier)
	if err != nil {
		t.Fatal(err)
	}
	var refresh atomic.Value
	refresh.Store(g.Refresh)
	var stored atomic.Int32
	source := oauth.New(c, func(context.Context) (string, error) { return refresh.Load().(string), nil },
		func(_ context.Context, was, now string) error {
			if !refresh.CompareAndSwap(was, now) {
				return errors.New("stored out of turn")
			}
			stored.Add(1)
			return nil
		})
	var tokens sync.Map
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			token, err := source.Token(t.Context())
			if err != nil || stored.Load() != 1 {
				t.Errorf("got %v after %d stored", err, stored.Load())
			}
			tokens.Store(token, true)
		})
	}
	wg.Wait()
	if s.Given("refresh_token") != 1 {
		t.Errorf("%d refreshes", s.Given("refresh_token"))
	}
	var first string
	tokens.Range(func(token, _ any) bool { first = token.(string); return true })
	source.Spoil("not the one")
	if again, err := source.Token(t.Context()); err != nil || again != first {
		t.Errorf("another token after a stranger was spoilt (%v)", err)
	}
	source.Spoil(first)
	if again, err := source.Token(t.Context()); err != nil || again == first || stored.Load() != 2 {
		t.Errorf("the same token after it was spoilt, or %v", err)
	}
}

// A refresh token that cannot be stored is not used: its access token is kept back, so that the trouble shows at once,
// and nothing is lost: the store is asked again, and not the provider.
func TestSourceStoresFirst(t *testing.T) {
	s := server.Start(t, server.Options{RedirectURL: back})
	c := clientOf(s)
	given, verifier := code(t, s, c)
	g, err := c.Exchange(t.Context(), back, given, verifier)
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("disk full")
	kept := ""
	source := oauth.New(c, func(context.Context) (string, error) { return g.Refresh, nil },
		func(_ context.Context, _, now string) error { kept = now; return full })
	for range 2 {
		if token, err := source.Token(t.Context()); token != "" || !errors.Is(err, full) {
			t.Errorf("got a token: %t, %v", token != "", err)
		}
	}
	first := kept
	full = nil
	if token, err := source.Token(t.Context()); token == "" || err != nil || kept != first || s.Given("refresh_token") != 1 {
		t.Errorf("got a token: %t, %v, after %d refreshes", token != "", err, s.Given("refresh_token"))
	}
}

func TestSourceEndsWithItsCaller(t *testing.T) {
	held := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-held }))
	defer s.Close()
	defer close(held)
	source := oauth.New(oauth.Client{AsApp: true, TokenURL: s.URL}, nil, nil)
	go func() { _, _ = source.Token(context.Background()) }()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 3 {
		if _, err := source.Token(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
}
