// Package oauth runs a real OAuth 2.0 server (npm's oidc-provider on Node.js) for tests: authorisation code with PKCE, refresh tokens
// that are used once, client credentials, introspection for Dovecot, and consent that can be withdrawn.
//
// Whoever signs in gets tokens for the mailbox of the address that was typed; any password will do. The server ends with the test.
//
//	s := oauth.Start(t, oauth.Options{RedirectURL: desk + "/admin/mailboxes/connected", TokenLife: 3 * time.Second})
//	mail := dovecot.Start(t, dovecot.Options{Users: users, Introspection: s.IntrospectionURL})
//	back := s.Approve(authorisationURL, "help@example.test") // the address that the browser is sent back to
package oauth

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"goodturn/internal/testserver/guard"
)

// Install is the command that brings the server.
const Install = "scripts/install-test-deps"

// Options says what the server is to know.
type Options struct {
	RedirectURL string        // where browsers are sent back to, exactly
	TokenLife   time.Duration // of access tokens, in whole seconds; an hour when 0
	AppUser     string        // whose mailbox tokens of the client credentials grant open
}

// Server is a running OAuth server with one client.
type Server struct {
	ClientID, ClientSecret              string
	AuthURL, TokenURL, IntrospectionURL string // IntrospectionURL holds a name and a password
	Scopes                              string // that the client may ask for
	tb                                  testing.TB
	base, redirect, folder              string
	args                                []string
	process                             *guard.Process
}

// Start runs a server until the end of the test. Where Node.js or the module is missing the test is skipped, or fails under CI; -short
// skips it too.
func Start(tb testing.TB, options Options) *Server {
	tb.Helper()
	guard.NotShort(tb)
	_, here, _, _ := runtime.Caller(0)
	dir := filepath.Dir(here)
	module := filepath.Join(dir, "..", "..", "..", ".cache", "node_modules", "oidc-provider", "lib", "index.js")
	if _, err := os.Stat(module); err != nil || guard.Program("node") == "" {
		guard.Missing(tb, "the OAuth server (oidc-provider on Node.js)", Install)
	}
	var err error
	// A port that was free can be taken before the server binds it, so a failure is tried again.
	for range 3 {
		var s *Server
		if s, err = start(tb, options, filepath.Join(dir, "server.mjs"), module); err == nil {
			tb.Cleanup(s.end)
			return s
		}
	}
	tb.Fatalf("start the OAuth server: %v", err)
	return nil
}

func start(tb testing.TB, options Options, script, module string) (*Server, error) {
	port, err := guard.Port()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "goodturn-oauth-")
	if err != nil {
		return nil, err
	}
	base := "http://" + guard.Address(port)
	s := &Server{
		ClientID: "goodturn", ClientSecret: "a secret & more", Scopes: "offline_access mail",
		AuthURL: base + "/auth", TokenURL: base + "/token",
		IntrospectionURL: strings.Replace(base, "//", "//dovecot:dovecot@", 1) + "/token/introspection",
		tb:               tb, base: base, redirect: options.RedirectURL, folder: folder,
	}
	life := int(options.TokenLife.Seconds())
	if life == 0 {
		life = 3600
	}
	settings, err := json.Marshal(map[string]any{
		"issuer": base, "port": port, "clientID": s.ClientID, "clientSecret": s.ClientSecret,
		"redirectURL": options.RedirectURL, "tokenLife": life, "appUser": options.AppUser,
	})
	if err != nil {
		return nil, err
	}
	s.args = []string{guard.Program("node"), script, module, string(settings)}
	return s, s.run()
}

func (s *Server) run() error {
	var err error
	s.process, err = guard.Start(guard.Spec{Args: s.args, Folder: s.folder, Log: filepath.Join(s.folder, "log")})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	err = s.process.Await(ctx, func(ctx context.Context) error {
		_, err := s.control(ctx, "asked")
		return err
	})
	if err != nil {
		_ = s.process.Stop()
		_ = os.RemoveAll(s.folder)
	}
	return err
}

func (s *Server) control(ctx context.Context, command string) (asked map[string]int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+"/control/"+command, nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	return asked, json.NewDecoder(answer.Body).Decode(&asked)
}

func (s *Server) order(command string) map[string]int {
	s.tb.Helper()
	asked, err := s.control(context.Background(), command)
	if err != nil {
		s.tb.Fatalf("%s at the OAuth server: %v", command, err)
	}
	return asked
}

// Revoke withdraws every consent: no token that was given is good any more.
func (s *Server) Revoke() { s.tb.Helper(); s.order("revoke") }

// Expire ends all access tokens before their time; refresh tokens stay good.
func (s *Server) Expire() { s.tb.Helper(); s.order("expire") }

// Given counts the tokens that were given for a grant type: authorization_code, refresh_token or client_credentials.
func (s *Server) Given(grantType string) int { s.tb.Helper(); return s.order("asked")[grantType] }

var uidInPage = regexp.MustCompile(`action="([^"]+/interaction/[^"/]+)"[\s\S]*?name="prompt" value="(\w+)"`)

// Approve does what somebody does in a browser: it opens the authorisation page, signs in as user, agrees, and gives the address that the
// browser is sent back to.
func (s *Server) Approve(authorisationURL, user string) string {
	s.tb.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.tb.Fatal(err)
	}
	back := ""
	client := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), s.redirect) {
			back = r.URL.String()
			return http.ErrUseLastResponse
		}
		return nil
	}}
	answer, err := client.Get(authorisationURL)
	for range 3 {
		if err != nil {
			s.tb.Fatalf("sign in at the OAuth server: %v", err)
		}
		page, readErr := io.ReadAll(answer.Body)
		answer.Body.Close()
		if back != "" {
			return back
		}
		found := uidInPage.FindSubmatch(page)
		if readErr != nil || found == nil {
			s.tb.Fatalf("the OAuth server answers %s: %s", answer.Status, page)
		}
		answer, err = client.PostForm(string(found[1]), url.Values{"prompt": {string(found[2])}, "login": {user}, "password": {"any"}})
	}
	s.tb.Fatalf("the OAuth server sends nobody back")
	return ""
}

// Stop ends the server; its port refuses connections until Restart.
func (s *Server) Stop() {
	s.tb.Helper()
	if err := s.process.Pause(); err != nil {
		s.tb.Fatalf("stop the OAuth server: %v", err)
	}
}

// Restart starts the server again on the same port. It has forgotten every token.
func (s *Server) Restart() {
	s.tb.Helper()
	if err := s.run(); err != nil {
		s.tb.Fatalf("restart the OAuth server: %v", err)
	}
}

func (s *Server) end() {
	if s.tb.Failed() {
		s.tb.Logf("the OAuth server's log:\n%s", s.process.Tail(4000))
	}
	if err := s.process.Stop(); err != nil {
		s.tb.Errorf("stop the OAuth server: %v", err)
	}
	if err := os.RemoveAll(s.folder); err != nil {
		s.tb.Errorf("remove the OAuth server's folder: %v", err)
	}
}
