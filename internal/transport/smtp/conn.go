package smtp

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"goodturn/internal/i18n"
	"goodturn/internal/transport/dial"
	"goodturn/internal/transport/oauth"
)

// The patience with a server. RFC 5321 §4.5.3.2 asks for ten minutes after the text, because some scan it first.
const (
	replyTimeout  = 2 * time.Minute
	finalTimeout  = 10 * time.Minute
	writeTimeout  = time.Minute
	checkTimeout  = 10 * time.Second
	goodbyeWithin = 5 * time.Second
)

// Conn is a signed-in connection that sends any number of mails, one at a time.
type Conn struct {
	target dial.Target
	client *smtp.Client
	conn   net.Conn
	spent  bool      // not to be used again
	since  time.Time // when the pool got it back
}

// Dial connects and signs in. The error is an *Error of StageConnect or StageAuth.
func Dial(ctx context.Context, a Account) (*Conn, error) {
	conn, stage, err := open(ctx, a)
	if err == nil {
		return conn, nil
	}
	return nil, failure(ctx, a.target(), stage, err)
}

// Check tries to connect and to sign in. The error is a *dial.Problem, in words for an administrator.
func Check(ctx context.Context, a Account) error {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	conn, _, err := open(ctx, a)
	if err != nil {
		return err
	}
	return conn.Close()
}

// open connects and signs in. A token that the server refuses is replaced once: it may have been withdrawn before its time. The
// error is a *dial.Problem, that of the token's source, or the end of ctx.
func open(ctx context.Context, a Account) (*Conn, Stage, error) {
	for again := false; ; again = true {
		token := ""
		if a.Tokens != nil {
			var err error
			if token, err = a.Tokens.Token(ctx); err != nil {
				return nil, StageAuth, err
			}
		}
		conn, stage, err := openWith(ctx, a, token)
		p := (*dial.Problem)(nil)
		if a.Tokens == nil || again || !errors.As(err, &p) || p.Kind != dial.Refused {
			return conn, stage, err
		}
		a.Tokens.Spoil(token)
	}
}

func openWith(ctx context.Context, a Account, token string) (*Conn, Stage, error) {
	t := a.target()
	raw, err := dial.Open(ctx, t, func(c net.Conn) net.Conn { return patientConn{c} })
	if err != nil {
		return nil, StageConnect, err
	}
	stop := context.AfterFunc(ctx, func() { raw.Close() })
	defer stop()
	client, err := greet(raw, a)
	if err != nil {
		raw.Close()
		return nil, StageConnect, explainGreeting(ctx, t, err)
	}
	if err := signIn(client, raw, a, token); err != nil {
		raw.Close()
		return nil, StageAuth, explainSignIn(ctx, a, err)
	}
	return &Conn{target: t, client: client, conn: raw}, "", nil
}

func greet(raw net.Conn, a Account) (*smtp.Client, error) {
	client := smtp.NewClient(raw)
	if a.Security == dial.StartTLS {
		var err error
		if client, err = smtp.NewClientStartTLS(raw, a.target().Config()); err != nil {
			return nil, err
		}
	}
	client.CommandTimeout, client.SubmissionTimeout = replyTimeout, finalTimeout
	name := a.HELO
	if name == "" {
		name = "localhost"
	}
	if err := client.Hello(name); err != nil {
		return nil, err
	}
	return client, nil
}

func explainGreeting(ctx context.Context, t dial.Target, err error) error {
	if e := (*smtp.SMTPError)(nil); errors.As(err, &e) {
		return dial.Said(t, e.Message, err)
	}
	// The library has no name for this error.
	if strings.Contains(err.Error(), "doesn't support STARTTLS") {
		return &dial.Problem{
			Kind: dial.WrongSecurity, Err: err,
			Text: i18n.M("{{.Host}} does not offer STARTTLS on port {{.Port}}. Please choose TLS, or the port for STARTTLS.", "Host", t.Host, "Port", t.Port),
		}
	}
	return dial.Explain(ctx, t, err)
}

var (
	errExposed     = errors.New("password would be sent unencrypted")
	errNoMechanism = errors.New("no known way to sign in")
)

func signIn(client *smtp.Client, raw net.Conn, a Account, token string) error {
	if a.User == "" {
		return nil
	}
	if _, encrypted := client.TLSConnectionState(); !encrypted && !dial.Private(raw) {
		return errExposed
	}
	if a.Tokens != nil {
		bearer := oauth.SignIn(client.SupportsAuth, a.User, token, a.Host, a.Port)
		if bearer == nil {
			return errNoMechanism
		}
		return client.Auth(bearer)
	}
	switch {
	case client.SupportsAuth(sasl.Plain):
		return client.Auth(sasl.NewPlainClient("", a.User, a.Password))
	case client.SupportsAuth(sasl.Login):
		return client.Auth(sasl.NewLoginClient(a.User, a.Password))
	}
	return errNoMechanism
}

func explainSignIn(ctx context.Context, a Account, err error) error {
	var e *smtp.SMTPError
	t, who := a.target(), dial.Credential{User: a.User}
	if a.Tokens != nil {
		who.Provider = a.Tokens.Client().Provider
	}
	switch {
	case errors.Is(err, errNoMechanism) && a.Tokens != nil:
		return &dial.Problem{
			Kind: dial.NoLogin, Err: err,
			Text: i18n.M("{{.Host}} does not take tokens of {{.Provider}} (XOAUTH2, OAUTHBEARER) on port {{.Port}}. Please check server, port and encryption.", "Host", t.Host, "Provider", who.Provider, "Port", t.Port),
		}
	case errors.Is(err, errExposed):
		return &dial.Problem{
			Kind: dial.Exposed, Err: err,
			Text: i18n.M("The connection to {{.Host}} is not encrypted, so the password was not sent. Please choose TLS or STARTTLS.", "Host", t.Host),
		}
	case errors.Is(err, errNoMechanism):
		return &dial.Problem{
			Kind: dial.NoLogin, Err: err,
			Text: i18n.M("{{.Host}} does not let anybody sign in with a password on port {{.Port}}. Please check port and encryption, or leave the user name empty.", "Host", t.Host, "Port", t.Port),
		}
	case errors.As(err, &e) && e.Code/100 == 5:
		return dial.RefusedSignIn(t, who, e.Message, err)
	case errors.As(err, &e):
		return dial.Said(t, e.Message, err)
	}
	return dial.Explain(ctx, t, err)
}

// Close says goodbye and ends the connection.
func (c *Conn) Close() error {
	if c.spent {
		return c.conn.Close()
	}
	c.spent = true
	// A server that does not answer to QUIT has all the same taken what it said it took.
	c.client.CommandTimeout = goodbyeWithin
	if err := c.client.Quit(); err != nil {
		c.conn.Close()
	}
	return nil
}

// patientConn bounds how long the other side may refuse to read. Replies are bounded by the library.
type patientConn struct{ net.Conn }

// Write sends, or fails when nothing moves for a minute.
func (c patientConn) Write(b []byte) (int, error) {
	if err := c.Conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}
