package oauth

import (
	"context"
	"errors"
	"net/url"

	"golang.org/x/oauth2"

	"goodturn/internal/i18n"
	"goodturn/internal/transport/dial"
)

// explain says in plain words why a provider gave no token (RFC 6749 §5.2). What the provider said word for word may hold
// what nobody should read in a log, so only its error code and description are kept.
func (c Client) explain(ctx context.Context, err error) error {
	if e := (*oauth2.RetrieveError)(nil); errors.As(err, &e) {
		kind, text := c.refusal(e)
		return &dial.Problem{Kind: kind, Text: text, Err: errors.New("token endpoint: " + dial.Clean(e.ErrorCode+" "+e.ErrorDescription))}
	}
	if errors.Is(err, errRedirect) {
		return &dial.Problem{Kind: dial.Other, Err: errRedirect, Text: i18n.M("The token address of {{.Provider}} sends on to another one. Please give the address itself.", "Provider", c.Provider)}
	}
	at, parseErr := url.Parse(c.TokenURL)
	if e := (*url.Error)(nil); errors.As(err, &e) && parseErr == nil {
		p := (*dial.Problem)(nil)
		if why := dial.Explain(ctx, target(at), e.Err); errors.As(why, &p) {
			return &dial.Problem{Kind: p.Kind, Err: errors.New("token endpoint: " + dial.Clean(e.Err.Error())), Text: i18n.M("{{.Provider}} cannot be asked for a token. {{.Why}}", "Provider", c.Provider, "Why", p.Text)}
		}
		return ctx.Err()
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &dial.Problem{
		Kind: dial.Other, Err: errors.New("token endpoint: no token in its answer"),
		Text: i18n.M("What answers at the token address is not what {{.Provider}} would say: there is no token in it. Please check the address.", "Provider", c.Provider),
	}
}

func target(at *url.URL) dial.Target {
	t := dial.Target{Host: at.Hostname(), Port: 443}
	if at.Scheme == "http" {
		t.Port = 80
	}
	if port := at.Port(); port != "" {
		t.Port = 0
		for _, digit := range port {
			t.Port = t.Port*10 + int(digit-'0')
		}
	}
	return t
}

func (c Client) refusal(e *oauth2.RetrieveError) (dial.Kind, i18n.Text) {
	said := dial.Clean(e.ErrorDescription)
	if said == "" {
		said = dial.Clean(e.ErrorCode)
	}
	switch {
	case e.ErrorCode == "invalid_grant":
		return dial.Consent, i18n.M("{{.Provider}} no longer accepts the consent that was given. It was withdrawn, or has run out, or the password was changed. Please connect again; mail waits meanwhile.", "Provider", c.Provider)
	case e.ErrorCode == "invalid_client" || e.ErrorCode == "" && e.Response != nil && e.Response.StatusCode == 401:
		return dial.Refused, i18n.M("{{.Provider}} does not know the application or its secret. Please check the client ID and the client secret; secrets run out, too.", "Provider", c.Provider)
	case e.ErrorCode == "unauthorized_client":
		return dial.Refused, i18n.M("{{.Provider}} does not let this application sign in that way: {{.Said}}", "Provider", c.Provider, "Said", said)
	case e.ErrorCode == "invalid_scope":
		return dial.Refused, i18n.M("{{.Provider}} does not give these scopes to the application: {{.Said}}", "Provider", c.Provider, "Said", said)
	case e.ErrorCode == "interaction_required" || e.ErrorCode == "consent_required" || e.ErrorCode == "login_required":
		return dial.Consent, i18n.M("{{.Provider}} wants somebody to sign in once more. Please connect again; mail waits meanwhile.", "Provider", c.Provider)
	case e.ErrorCode != "":
		return dial.Answer, i18n.M("{{.Provider}} gives no token: {{.Said}}", "Provider", c.Provider, "Said", said)
	case e.Response != nil && e.Response.StatusCode >= 500:
		return dial.NoAnswer, i18n.M("{{.Provider}} has trouble of its own (status {{.Status}}). It is asked again by itself.", "Provider", c.Provider, "Status", e.Response.StatusCode)
	case e.Response != nil:
		return dial.Answer, i18n.M("What answers at the token address of {{.Provider}} gives no token (status {{.Status}}). Please check the address.", "Provider", c.Provider, "Status", e.Response.StatusCode)
	}
	return dial.Answer, i18n.M("What answers at the token address is not what {{.Provider}} would say: there is no token in it. Please check the address.", "Provider", c.Provider)
}

func (c Client) noRefreshToken() error {
	return &dial.Problem{
		Kind: dial.Consent, Err: errors.New("token endpoint: no refresh token"),
		Text: i18n.M("{{.Provider}} let you sign in for this moment only. For mail that is fetched day and night it must give a refresh token: please allow offline access there, and check the scopes.", "Provider", c.Provider),
	}
}

// NotConnected is the Problem of an account that nobody has consented to yet.
func (c Client) NotConnected() error {
	return &dial.Problem{
		Kind: dial.Consent, Err: errors.New("no refresh token is stored"),
		Text: i18n.M("Nobody has connected this mailbox with {{.Provider}} yet. Please connect it.", "Provider", c.Provider),
	}
}
