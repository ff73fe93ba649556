// Package oauth gets the access tokens that mail servers take instead of a password (RFC 6749, RFC 7636), keeps them fresh,
// and signs in with them (XOAUTH2, RFC 7628).
//
// A Client is what a provider knows the program as. Somebody consents in a browser (AuthURLFor, then Exchange), or the program
// signs in by itself (AsApp). A Source then gives the access token to as many connections as there are, and renews it a little
// before its end or when a server refused it.
//
//	client := oauth.Client{ID: id, Secret: secret, AuthURL: "https://…", TokenURL: "https://…", Scopes: []string{"…"}}
//	source := &oauth.Source{Client: client, Load: refreshToken, Store: keepRefreshToken}
//	token, err := source.Token(ctx) // the error is a *dial.Problem: "Microsoft 365 no longer lets …, please connect again"
//
// Invariants: no token and no secret is in an error, a log or a URL that the program makes; a new refresh token is stored
// durably before the access token that came with it is used; only the token endpoint of the client is called, without
// following redirects, and its answers are bounded in time and size.
package oauth

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// Client is the program as a provider knows it. It is comparable by its strings, all of which are as the provider's pages
// give them.
type Client struct {
	Provider string // its name for people: "Microsoft 365"
	ID       string
	Secret   string
	AuthURL  string // where a browser is sent
	TokenURL string // where tokens are had
	Scopes   string // divided by spaces
	AsApp    bool   // the program signs in by itself: client credentials, RFC 6749 §4.4
}

// Grant is what a provider gave.
type Grant struct {
	Access  string
	Refresh string    // empty when the provider gave none, and with AsApp
	Until   time.Time // when Access ends; zero when the provider does not say
}

func (c Client) config(redirect string, style oauth2.AuthStyle) *oauth2.Config {
	return &oauth2.Config{
		ClientID: c.ID, ClientSecret: c.Secret, RedirectURL: redirect, Scopes: strings.Fields(c.Scopes),
		Endpoint: oauth2.Endpoint{AuthURL: c.AuthURL, TokenURL: c.TokenURL, AuthStyle: style},
	}
}

// NewVerifier makes the secret that ties an authorisation code to whoever asked for it (PKCE, RFC 7636).
func NewVerifier() string { return oauth2.GenerateVerifier() }

// AuthURLFor is where the browser of somebody who consents is sent. user, the address of the mailbox, is filled in for them
// by providers that can.
func (c Client) AuthURLFor(redirect, state, verifier, user string) string {
	return c.config(redirect, 0).AuthCodeURL(state,
		oauth2.S256ChallengeOption(verifier),
		oauth2.AccessTypeOffline,                    // Google gives a refresh token only then,
		oauth2.SetAuthURLParam("prompt", "consent"), // and then only the first time
		oauth2.SetAuthURLParam("login_hint", user))
}

// Exchange turns the code that the browser brought back into tokens. The error is a *dial.Problem or the end of ctx.
func (c Client) Exchange(ctx context.Context, redirect, code, verifier string) (Grant, error) {
	token, err := c.ask(func(style oauth2.AuthStyle) (*oauth2.Token, error) {
		return c.config(redirect, style).Exchange(withClient(ctx), code, oauth2.VerifierOption(verifier))
	})
	if err != nil {
		return Grant{}, c.explain(ctx, err)
	}
	if token.RefreshToken == "" {
		return Grant{}, c.noRefreshToken()
	}
	return grant(token), nil
}

// renew gets a new access token. The error is a *dial.Problem or the end of ctx.
func (c Client) renew(ctx context.Context, refresh string) (Grant, error) {
	token, err := c.ask(func(style oauth2.AuthStyle) (*oauth2.Token, error) {
		if c.AsApp {
			app := clientcredentials.Config{ClientID: c.ID, ClientSecret: c.Secret, TokenURL: c.TokenURL, Scopes: strings.Fields(c.Scopes), AuthStyle: style}
			return app.Token(withClient(ctx))
		}
		return c.config("", style).TokenSource(withClient(ctx), &oauth2.Token{RefreshToken: refresh}).Token()
	})
	if err != nil {
		return Grant{}, c.explain(ctx, err)
	}
	return grant(token), nil
}

// ask shows the secret in the header, which every provider has to take (RFC 6749 §2.3.1), and in the form where one does not. The
// library's own guessing would repeat any request that failed, and with it spend a refresh token twice.
func (c Client) ask(call func(oauth2.AuthStyle) (*oauth2.Token, error)) (*oauth2.Token, error) {
	if c.Secret == "" {
		return call(oauth2.AuthStyleInParams)
	}
	token, err := call(oauth2.AuthStyleInHeader)
	if e := (*oauth2.RetrieveError)(nil); errors.As(err, &e) && (e.ErrorCode == "invalid_client" || e.Response != nil && e.Response.StatusCode == http.StatusUnauthorized) {
		return call(oauth2.AuthStyleInParams)
	}
	return token, err
}

func grant(t *oauth2.Token) Grant {
	return Grant{Access: t.AccessToken, Refresh: t.RefreshToken, Until: t.Expiry}
}

// Limits of one call to a provider.
const (
	callTimeout = 20 * time.Second
	maxAnswer   = 1 << 20
)

// provider is the client for token endpoints. Those are set by an administrator, so they may be on a private network.
var provider = &http.Client{
	Timeout:       callTimeout,
	Transport:     bounded{http.DefaultTransport},
	CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirect },
}

// errRedirect keeps secrets from being sent to where nobody said they should go.
var errRedirect = errors.New("the provider sends on to another address")

func withClient(ctx context.Context) context.Context {
	return context.WithValue(ctx, oauth2.HTTPClient, provider)
}

// bounded cuts answers that are larger than any token.
type bounded struct{ next http.RoundTripper }

// RoundTrip asks and bounds the answer.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.next.RoundTrip(r)
	if err == nil {
		answer.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(answer.Body, maxAnswer), answer.Body}
	}
	return answer, err
}
