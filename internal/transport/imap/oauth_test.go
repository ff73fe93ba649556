package imap_test

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"goodturn/internal/testserver/dovecot"
	oauthserver "goodturn/internal/testserver/oauth"
	"goodturn/internal/testserver/postfix"
	"goodturn/internal/transport/dial"
	"goodturn/internal/transport/imap"
	"goodturn/internal/transport/oauth"
	"goodturn/internal/transport/smtp"
)

const back = "http://127.0.0.1:9/back"

// account is what a test knows of somebody's consent.
type account struct {
	mu      sync.Mutex
	refresh string
	rotated int
}

func (a *account) load(context.Context) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.refresh, nil
}

func (a *account) store(_ context.Context, _, now string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refresh = now
	a.rotated++
	return nil
}

// connect lets user consent and keeps the refresh token.
func (a *account) connect(t *testing.T, s *oauthserver.Server, c oauth.Client, user string) {
	t.Helper()
	verifier := oauth.NewVerifier()
	at, err := url.Parse(s.Approve(c.AuthURLFor(back, "state", verifier, user), user))
	if err != nil {
		t.Fatal(err)
	}
	g, err := c.Exchange(t.Context(), back, at.Query().Get("code"), verifier)
	if err != nil {
		t.Fatal(err)
	}
	_ = a.store(t.Context(), "", g.Refresh)
}

func client(s *oauthserver.Server) oauth.Client {
	return oauth.Client{Provider: "Test", ID: s.ClientID, Secret: s.ClientSecret, AuthURL: s.AuthURL, TokenURL: s.TokenURL, Scopes: s.Scopes}
}

func TestDovecotTokens(t *testing.T) {
	provider := oauthserver.Start(t, oauthserver.Options{RedirectURL: back, AppUser: support})
	s := dovecot.Start(t, dovecot.Options{Users: map[string]string{support: "sésame"}, Introspection: provider.IntrospectionURL})
	var kept account
	kept.connect(t, provider, client(provider), support)
	a := dovecotAccount(s, dial.TLS)
	a.Password, a.Tokens = "", oauth.New(client(provider), kept.load, kept.store)
	s.Append(support, "INBOX", mail("one"))
	d := run(t, a, imap.State{}, imap.Options{Poll: time.Hour, Patience: 2 * time.Second, RetryMin: 10 * time.Millisecond, RetryMax: 50 * time.Millisecond})
	if got := d.all("one"); got != "one" {
		t.Errorf("got %q", got)
	}
	d.await(connected)
	s.Deliver(support, mail("two")) // while IDLE
	if got := d.all("two"); got != "two" {
		t.Errorf("got %q", got)
	}

	// The server forgets the token before its time: the connection that comes next gets a new one by itself.
	provider.Expire()
	s.Kill()
	d.await(failed)
	s.Restart()
	s.Append(support, "INBOX", mail("three"))
	if got := d.all("three"); got != "three" {
		t.Errorf("got %q", got)
	}
	if given := provider.Given("refresh_token"); given < 2 || kept.rotated < given {
		t.Errorf("%d tokens were given and %d refresh tokens stored", given, kept.rotated)
	}

	// The consent is withdrawn: it says so, nothing is lost, and a new consent brings the mail that waited.
	provider.Revoke()
	s.Kill()
	s.Restart()
	d.await(func(h imap.Health) bool {
		return strings.Contains(h.Err.String(), "Please connect again") && !h.Next.IsZero()
	})
	s.Append(support, "INBOX", mail("four"))
	kept.connect(t, provider, client(provider), support)
	if got := d.all("four"); got != "four" {
		t.Errorf("got %q", got)
	}

	t.Run("the application by itself", func(t *testing.T) {
		app := client(provider)
		app.AsApp, app.Scopes = true, "mail"
		a.Tokens = oauth.New(app, nil, nil)
		if err := imap.Check(t.Context(), a); err != nil {
			t.Error(err)
		}
	})
	t.Run("somebody else's mailbox", func(t *testing.T) {
		a.User = "other@example.test"
		if err := imap.Check(t.Context(), a); err == nil || !strings.Contains(err.Error(), "although Test gave a token") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("sending", func(t *testing.T) {
		mx := postfix.Start(t, postfix.Options{Dovecot: s})
		out := smtp.Account{Host: mx.Host, Port: mx.SubmissionPort, Security: dial.StartTLS, User: support, RootCAs: mx.Certificate.Pool, Tokens: oauth.New(client(provider), kept.load, kept.store)}
		result, err := smtp.Send(t.Context(), out, smtp.Envelope{From: support, To: []string{"ann@example.com"}}, mail("five"))
		if err != nil || len(result.Accepted) != 1 {
			t.Errorf("got %v, %v", result, err)
		}
		provider.Expire() // refused once, then sent with a new token
		if err := smtp.Check(t.Context(), out); err != nil {
			t.Error(err)
		}
		provider.Revoke()
		if err := smtp.Check(t.Context(), out); err == nil || !strings.Contains(err.Error(), "Please connect again") {
			t.Errorf("got %v", err)
		}
	})
}

func TestDovecotTakesNoTokens(t *testing.T) {
	s := dovecot.Start(t, dovecot.Options{Users: map[string]string{support: "sésame"}})
	provider := oauthserver.Start(t, oauthserver.Options{RedirectURL: back, AppUser: support})
	app := client(provider)
	app.AsApp, app.Scopes = true, "mail"
	a := dovecotAccount(s, dial.TLS)
	a.Tokens = oauth.New(app, nil, nil)
	if err := imap.Check(t.Context(), a); err == nil || !strings.Contains(err.Error(), "does not take tokens of Test") {
		t.Errorf("got %v", err)
	}
}
