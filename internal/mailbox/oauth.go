package mailbox

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/secret"
	"goodturn/internal/transport/dial"
	"goodturn/internal/transport/oauth"
)

// Provider is who lets the program in by a token, or Password for nobody.
type Provider string

// The providers.
const (
	Password  Provider = ""
	Microsoft Provider = "microsoft"
	Google    Provider = "google"
	Other     Provider = "other"
)

// Providers lists them in the order in which they are offered.
func Providers() []Provider { return []Provider{Password, Microsoft, Google, Other} }

// OAuth is how the program signs in by tokens. The zero value means that it does so by passwords.
type OAuth struct {
	Provider     Provider
	AsApp        bool   // the program signs in by itself, nobody consents in a browser; not with Google
	Tenant       string // of Microsoft: the directory's id or domain; "" is "common"
	ClientID     string
	ClientSecret secret.Redacted
	AuthURL      string        // "" is the provider's usual one
	TokenURL     string        // "" is the provider's usual one
	Scopes       string        // divided by spaces; "" is what the provider wants for mail
	GrantedAt    clock.Instant // when somebody consented last; 0 for never, or when it is no longer any use
}

// Name is what people call the provider.
func (o OAuth) Name() string {
	switch o.Provider {
	case Microsoft:
		return "Microsoft 365"
	case Google:
		return "Google"
	}
	if at, err := url.Parse(o.TokenURL); err == nil && at.Hostname() != "" {
		return at.Hostname()
	}
	return "OAuth"
}

// NeedsConsent tells whether somebody has to consent, and nobody has.
func (o OAuth) NeedsConsent() bool { return o.Provider != Password && !o.AsApp && o.GrantedAt == 0 }

// client fills in what the provider is known for.
func (o OAuth) client() oauth.Client {
	c := oauth.Client{Provider: o.Name(), ID: o.ClientID, Secret: o.ClientSecret.Reveal(), AuthURL: o.AuthURL, TokenURL: o.TokenURL, Scopes: o.Scopes, AsApp: o.AsApp}
	auth, token, scopes := "", "", ""
	switch o.Provider {
	case Microsoft:
		tenant := o.Tenant
		if tenant == "" {
			tenant = "common"
		}
		base := "https://login.microsoftonline.com/" + url.PathEscape(tenant) + "/oauth2/v2.0/"
		auth, token = base+"authorize", base+"token"
		scopes = "offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send"
		if o.AsApp {
			scopes = "https://outlook.office365.com/.default"
		}
	case Google:
		auth, token, scopes = "https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com/token", "https://mail.google.com/"
	}
	for _, part := range []struct {
		value *string
		usual string
	}{{&c.AuthURL, auth}, {&c.TokenURL, token}, {&c.Scopes, scopes}} {
		if *part.value == "" {
			*part.value = part.usual
		}
	}
	return c
}

// Servers are the mail servers of a provider, both "" where they are not known.
func (p Provider) Servers() (receiving Receiving, sending Sending) {
	switch p {
	case Microsoft:
		return Receiving{Host: "outlook.office365.com", Port: 993, Security: dial.TLS}, Sending{Host: "smtp.office365.com", Port: 587, Security: dial.StartTLS}
	case Google:
		return Receiving{Host: "imap.gmail.com", Port: 993, Security: dial.TLS}, Sending{Host: "smtp.gmail.com", Port: 465, Security: dial.TLS}
	}
	return Receiving{}, Sending{}
}

// tidyOAuth trims what was typed, and leaves out what has no meaning for the provider. Whoever signs in by tokens has no password for
// receiving, and the address as the name.
func (m *Mailbox) tidyOAuth() {
	o := &m.OAuth
	if o.Provider == Password {
		*o = OAuth{}
		return
	}
	for _, v := range []*string{&o.Tenant, &o.ClientID, &o.AuthURL, &o.TokenURL} {
		*v = strings.TrimSpace(*v)
	}
	o.ClientSecret = secret.Redacted(strings.TrimSpace(o.ClientSecret.Reveal()))
	o.Scopes = strings.Join(strings.Fields(o.Scopes), " ")
	if o.Provider != Microsoft {
		o.Tenant = ""
	}
	if o.AsApp {
		o.AuthURL, o.GrantedAt = "", 0
	}
	r, s := &m.Receiving, &m.Sending
	r.Password = ""
	if r.Host != "" && r.User == "" {
		r.User = m.Address
	}
	usual, _ := o.Provider.Servers()
	if s.Host != "" && s.User == "" && usual.Host != "" {
		s.User = m.Address
	}
}

// checkOAuth finds what is wrong with the fields by themselves.
func (m *Mailbox) checkOAuth() (wrong []fault.Field) {
	o := m.OAuth
	add := func(bad bool, name string, text i18n.Text) {
		if bad {
			wrong = append(wrong, fault.F(name, text))
		}
	}
	if !slices.Contains(Providers(), o.Provider) {
		return []fault.Field{fault.F("sign_in", i18n.M("Please choose one of the ways to sign in."))}
	}
	if o.Provider == Password {
		return nil
	}
	add(o.AsApp && o.Provider == Google, "oauth_flow", i18n.M("Google lets no application open a mailbox by itself in this way. Please choose that somebody signs in."))
	add(o.AsApp && o.Provider == Microsoft && (o.Tenant == "" || o.Tenant == "common" || o.Tenant == "organizations"), "oauth_tenant", i18n.M("Please give the directory (tenant) ID: an application that signs in by itself does so in one directory."))
	add(strings.ContainsFunc(o.Tenant, func(r rune) bool { return !strings.ContainsRune(tenantLetters, r) }) || len(o.Tenant) > maxHost, "oauth_tenant", i18n.M("A directory (tenant) ID has letters, digits, hyphens and dots only."))
	add(o.ClientID == "", "oauth_client_id", i18n.M("Please give the client ID that the provider shows for the application."))
	add(!validText(o.ClientID, maxOAuth), "oauth_client_id", i18n.M("This is too long, or holds characters that cannot be typed."))
	add(!validText(o.ClientSecret.Reveal(), maxOAuth), "oauth_client_secret", i18n.M("This is too long, or holds characters that cannot be typed."))
	add(o.AsApp && o.ClientSecret == "", "oauth_client_secret", i18n.M("Please give the client secret: the application signs in with it."))
	add(!validText(o.Scopes, maxOAuth), "oauth_scopes", i18n.M("This is too long, or holds characters that cannot be typed."))
	c := o.client()
	add(!validEndpoint(c.TokenURL), "oauth_token_url", i18n.M("Please give the whole address, one that begins with https://."))
	add(!o.AsApp && !validEndpoint(c.AuthURL), "oauth_auth_url", i18n.M("Please give the whole address, one that begins with https://."))
	return wrong
}

const (
	tenantLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."
	maxOAuth      = 2000
)

// validEndpoint asks for encryption, except on this machine (RFC 6749 §3.1).
func validEndpoint(s string) bool {
	at, err := url.Parse(s)
	if err != nil || len(s) > maxOAuth || at.Host == "" || at.User != nil || at.Fragment != "" {
		return false
	}
	ip := net.ParseIP(at.Hostname())
	return at.Scheme == "https" || at.Scheme == "http" && (at.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// keepOAuth lets a form leave the client secret empty, and says whether the consent that was given is still of use. Neither goes to
// another provider, client or mail server than it was given for.
func (m *Mailbox) keepOAuth(was Mailbox) {
	now, old := m.OAuth.client(), was.OAuth.client()
	now.Secret, old.Secret = "", ""
	same := now == old && m.OAuth.Provider != Password && was.trusts(m.OAuth.Provider, m.Receiving.Host) && was.trusts(m.OAuth.Provider, m.Sending.Host)
	m.OAuth.GrantedAt = 0
	if same {
		m.OAuth.GrantedAt = was.OAuth.GrantedAt
		if m.OAuth.ClientSecret == "" {
			m.OAuth.ClientSecret = was.OAuth.ClientSecret
		}
	}
}

// trusts tells whether tokens went to the host before, or it belongs to the provider.
func (m *Mailbox) trusts(p Provider, host string) bool {
	in, out := p.Servers()
	return host == "" || host == m.Receiving.Host || host == m.Sending.Host || host == in.Host || host == out.Host
}

// storedOAuth is OAuth in JSON. ClientSecret is sealed.
type storedOAuth struct {
	Provider     Provider `json:"provider"`
	AsApp        bool     `json:"as_app,omitempty"`
	Tenant       string   `json:"tenant,omitempty"`
	ClientID     string   `json:"client_id,omitempty"`
	ClientSecret string   `json:"client_secret,omitempty"`
	AuthURL      string   `json:"auth_url,omitempty"`
	TokenURL     string   `json:"token_url,omitempty"`
	Scopes       string   `json:"scopes,omitempty"`
}

func (p *Post) sealOAuth(id int64, o OAuth) (string, error) {
	if o.Provider == Password {
		return "", nil
	}
	s := storedOAuth{Provider: o.Provider, AsApp: o.AsApp, Tenant: o.Tenant, ClientID: o.ClientID, AuthURL: o.AuthURL, TokenURL: o.TokenURL, Scopes: o.Scopes}
	if o.ClientSecret != "" {
		s.ClientSecret = p.sealText(o.ClientSecret.Reveal(), purpose(id, "oauth client"))
	}
	raw, err := json.Marshal(s)
	return string(raw), err
}

func (p *Post) openOAuth(id int64, text string, granted clock.Instant) (o OAuth, err error) {
	if text == "" {
		return o, nil
	}
	var s storedOAuth
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return o, err
	}
	clientSecret, err := p.openText(s.ClientSecret, purpose(id, "oauth client"))
	return OAuth{
		Provider: s.Provider, AsApp: s.AsApp, Tenant: s.Tenant, ClientID: s.ClientID, ClientSecret: secret.Redacted(clientSecret),
		AuthURL: s.AuthURL, TokenURL: s.TokenURL, Scopes: s.Scopes, GrantedAt: granted,
	}, err
}

func (p *Post) sealText(plain, purpose string) string {
	return base64.StdEncoding.EncodeToString(p.Key.Seal(purpose, []byte(plain)))
}

// openText is the reverse of sealText; "" stays "".
func (p *Post) openText(text, purpose string) (string, error) {
	if text == "" {
		return "", nil
	}
	sealed, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return "", err
	}
	plain, err := p.Key.Open(purpose, sealed)
	return string(plain), err
}

// tokens is a source of access tokens with what it was made for.
type tokens struct {
	client    oauth.Client
	grantedAt clock.Instant
	source    *oauth.Source
}

// tokensOf gives the one source of a mailbox: all its connections share an access token. It is nil for a mailbox with passwords. A new
// consent or a change of the settings makes a new one.
func (p *Post) tokensOf(id int64, o OAuth) *oauth.Source {
	if o.Provider == Password {
		return nil
	}
	c := o.client()
	p.mu.Lock()
	defer p.mu.Unlock()
	if now, ok := p.tokens[id]; ok && now.client == c && now.grantedAt == o.GrantedAt {
		return now.source
	}
	source := oauth.New(c,
		func(ctx context.Context) (string, error) { return p.refreshToken(ctx, id) },
		func(ctx context.Context, was, now string) error { return p.rotate(ctx, id, was, now) })
	if p.tokens == nil {
		p.tokens = map[int64]tokens{}
	}
	p.tokens[id] = tokens{c, o.GrantedAt, source}
	return source
}

// giveTokens says where they are used: for receiving, and for sending under a name that has no password of its own.
func (m *Mailbox) giveTokens(source *oauth.Source) {
	m.Receiving.tokens, m.Sending.tokens = source, nil
	if m.Sending.User != "" && m.Sending.Password == "" {
		m.Sending.tokens = source
	}
}

func (p *Post) refreshToken(ctx context.Context, id int64) (plain string, err error) {
	err = p.DB.Read(ctx, func(tx *db.Tx) error {
		sealed, err := db.One[string](ctx, tx, `SELECT refresh_token FROM mailbox WHERE id = $1`, id)
		if err == nil {
			plain, err = p.openText(sealed, purpose(id, "oauth refresh"))
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("read the consent for mailbox %d: %w", id, err)
	}
	return plain, nil
}

// rotate keeps the refresh token that takes the place of was, unless somebody has connected anew meanwhile.
func (p *Post) rotate(ctx context.Context, id int64, was, now string) error {
	err := p.DB.Write(ctx, func(tx *db.Tx) error {
		sealed, err := db.One[string](ctx, tx, `SELECT refresh_token FROM mailbox WHERE id = $1`, id)
		if err != nil {
			return err
		}
		plain, err := p.openText(sealed, purpose(id, "oauth refresh"))
		if err != nil || plain != was {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE mailbox SET refresh_token = $3 WHERE id = $1 AND refresh_token = $2`, id, sealed, p.sealText(now, purpose(id, "oauth refresh")))
		return err
	})
	if err != nil {
		return fmt.Errorf("keep the consent for mailbox %d: %w", id, err)
	}
	return nil
}
