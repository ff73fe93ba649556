package oauth_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"goodturn/internal/testserver/oauth"
)

func TestGrants(t *testing.T) {
	const back = "http://127.0.0.1:9/back"
	s := oauth.Start(t, oauth.Options{RedirectURL: back, AppUser: "help@example.test"})
	config := oauth2.Config{
		ClientID: s.ClientID, ClientSecret: s.ClientSecret, RedirectURL: back, Scopes: strings.Fields(s.Scopes),
		Endpoint: oauth2.Endpoint{AuthURL: s.AuthURL, TokenURL: s.TokenURL},
	}
	verifier := oauth2.GenerateVerifier()
	at, err := url.Parse(s.Approve(config.AuthCodeURL("the state", oauth2.S256ChallengeOption(verifier)), "help@example.test"))
	if err != nil || at.Query().Get("state") != "the state" {
		t.Fatalf("sent back to %s (%v)", at, err)
	}
	token, err := config.Exchange(t.Context(), at.Query().Get("code"), oauth2.VerifierOption(verifier))
	if err != nil || token.RefreshToken == "" {
		t.Fatalf("got %v, refresh token %t", err, token != nil && token.RefreshToken != "")
	}
	if who := introspect(t, s, token.AccessToken); !strings.Contains(who, `"email":"help@example.test"`) {
		t.Errorf("introspection says %s", who)
	}
	s.Revoke()
	if who := introspect(t, s, token.AccessToken); !strings.Contains(who, `"active":false`) {
		t.Errorf("introspection says %s after consent was withdrawn", who)
	}
	app := clientcredentials.Config{ClientID: s.ClientID, ClientSecret: s.ClientSecret, TokenURL: s.TokenURL, Scopes: []string{"mail"}}
	token, err = app.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if who := introspect(t, s, token.AccessToken); !strings.Contains(who, `"email":"help@example.test"`) {
		t.Errorf("introspection says %s", who)
	}
}

func introspect(t *testing.T, s *oauth.Server, token string) string {
	t.Helper()
	answer, err := http.PostForm(s.IntrospectionURL, url.Values{"token": {token}})
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var b strings.Builder
	if err := answer.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
