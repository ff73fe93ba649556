package imap

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"

	"goodturn/internal/i18n"
	"goodturn/internal/transport/dial"
	"goodturn/internal/transport/oauth"
)

// checkTimeout bounds what an administrator waits for.
const checkTimeout = 10 * time.Second

// session is a connection on which somebody is signed in.
type session struct {
	target dial.Target
	conn   *patientConn
	client *imapclient.Client
	wake   chan struct{} // the server spoke of new mail
	noIdle bool          // the server refuses IDLE, whatever it said
}

// open connects and signs in; patience is with a server that says nothing. A token that the server refuses is replaced once:
// it may have been withdrawn before its time. The error is a *dial.Problem, that of the token's source, or the end of ctx.
func open(ctx context.Context, a Account, patience time.Duration) (*session, error) {
	for again := false; ; again = true {
		token := ""
		if a.Tokens != nil {
			var err error
			if token, err = a.Tokens.Token(ctx); err != nil {
				return nil, err
			}
		}
		s, err := openWith(ctx, a, token, patience)
		p := (*dial.Problem)(nil)
		if a.Tokens == nil || again || !errors.As(err, &p) || p.Kind != dial.Refused {
			return s, err
		}
		a.Tokens.Spoil(token)
	}
}

func openWith(ctx context.Context, a Account, token string, patience time.Duration) (*session, error) {
	s := &session{target: a.target(), wake: make(chan struct{}, 1)}
	raw, err := dial.Open(ctx, s.target, func(c net.Conn) net.Conn {
		s.conn = &patientConn{Conn: c}
		s.conn.expect(patience)
		return s.conn
	})
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, s.kill)
	defer stop()
	if err := s.greet(raw, a); err != nil {
		s.kill()
		return nil, s.explainGreeting(ctx, err)
	}
	if err := s.signIn(raw, a, token); err != nil {
		s.kill()
		return nil, s.explainSignIn(ctx, a, err)
	}
	return s, nil
}

func (s *session) greet(raw net.Conn, a Account) error {
	options := &imapclient.Options{
		TLSConfig:             s.target.Config(),
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{Mailbox: s.news},
	}
	if a.Security == dial.StartTLS {
		var err error
		if s.client, err = imapclient.NewStartTLS(raw, options); err != nil {
			return err
		}
	} else {
		s.client = imapclient.New(raw, options)
	}
	err := s.client.WaitGreeting()
	// When a server says BYE and hangs up the library picks one of the two at random; only the first has words.
	for range 20 {
		if err == nil || refused(err) {
			break
		}
		err = s.client.WaitGreeting()
	}
	return err
}

func (s *session) news(data *imapclient.UnilateralDataMailbox) {
	if data.NumMessages == nil {
		return
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

var (
	errExposed     = errors.New("password would be sent unencrypted")
	errNoMechanism = errors.New("no known way to sign in")
)

func (s *session) signIn(raw net.Conn, a Account, token string) error {
	if a.Security == dial.None && !dial.Private(raw) {
		return errExposed
	}
	caps := s.client.Caps()
	if a.Tokens != nil {
		client := oauth.SignIn(func(mechanism string) bool { return caps.Has(imap.AuthCap(mechanism)) }, a.User, token, a.Host, a.Port)
		if client == nil {
			return errNoMechanism
		}
		return s.client.Authenticate(client)
	}
	switch {
	case caps.Has("AUTH=PLAIN"):
		// Unlike LOGIN, it is defined for passwords beyond ASCII (RFC 4616).
		return s.client.Authenticate(sasl.NewPlainClient("", a.User, a.Password))
	case caps.Has(imap.CapLoginDisabled):
		return errNoMechanism
	}
	return s.client.Login(a.User, a.Password).Wait()
}

// kill ends the connection at once, and with it every command that waits for an answer.
func (s *session) kill() { s.conn.Close() }

// close ends the session, politely when the server answers soon.
func (s *session) close() {
	s.conn.expect(time.Second)
	s.client.Logout().Wait()
	s.client.Close()
}

// explain turns an error of a command into a *dial.Problem, or the end of ctx.
func (s *session) explain(ctx context.Context, err error) error {
	if e := (*imap.Error)(nil); errors.As(err, &e) {
		return dial.Said(s.target, e.Text, err)
	}
	// The library gives the end of a connection many names; what the network said is the one to trust.
	if cause := s.conn.cause(); cause != nil && !isProblem(err) {
		err = cause
	}
	return dial.Explain(ctx, s.target, err)
}

func isProblem(err error) bool {
	return errors.As(err, new(*dial.Problem))
}

func (s *session) explainGreeting(ctx context.Context, err error) error {
	e := (*imap.Error)(nil)
	if errors.As(err, &e) && e.Type == imap.StatusResponseTypeBad || errors.As(err, &e) && e.Type == imap.StatusResponseTypeNo {
		return &dial.Problem{
			Kind: dial.WrongSecurity, Err: err,
			Text: i18n.M("{{.Host}} does not offer STARTTLS on port {{.Port}}. Please choose TLS, or the port for STARTTLS.", "Host", s.target.Host, "Port", s.target.Port),
		}
	}
	// A certificate that was not accepted says more than the connection that ended because of it.
	if p := (*dial.Problem)(nil); errors.As(dial.Explain(ctx, s.target, err), &p) && p.Kind == dial.Certificate {
		return p
	}
	return s.explain(ctx, err)
}

func (s *session) explainSignIn(ctx context.Context, a Account, err error) error {
	e := (*imap.Error)(nil)
	who := dial.Credential{User: a.User}
	if a.Tokens != nil {
		who.Provider = a.Tokens.Client().Provider
	}
	switch {
	case errors.Is(err, errNoMechanism) && a.Tokens != nil:
		return &dial.Problem{
			Kind: dial.NoLogin, Err: err,
			Text: i18n.M("{{.Host}} does not take tokens of {{.Provider}} (XOAUTH2, OAUTHBEARER) on port {{.Port}}. Please check server, port and encryption.", "Host", s.target.Host, "Provider", who.Provider, "Port", s.target.Port),
		}
	case errors.Is(err, errExposed):
		return &dial.Problem{
			Kind: dial.Exposed, Err: err,
			Text: i18n.M("The connection to {{.Host}} is not encrypted, so the password was not sent. Please choose TLS or STARTTLS.", "Host", s.target.Host),
		}
	case errors.Is(err, errNoMechanism):
		return &dial.Problem{
			Kind: dial.NoLogin, Err: err,
			Text: i18n.M("{{.Host}} does not let anybody sign in with a password on port {{.Port}}. Please check port and encryption.", "Host", s.target.Host, "Port", s.target.Port),
		}
	case errors.As(err, &e) && e.Code != imap.ResponseCodeUnavailable && e.Type != imap.StatusResponseTypeBye:
		return dial.RefusedSignIn(s.target, who, e.Text, err)
	}
	return s.explain(ctx, err)
}

// folders lists the folders that can be opened.
func (s *session) folders() ([]string, error) {
	list, err := s.client.List("", "*", nil).Collect()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, f := range list {
		if !hasAttr(f.Attrs, imap.MailboxAttrNoSelect) && !hasAttr(f.Attrs, imap.MailboxAttrNonExistent) {
			names = append(names, f.Mailbox)
		}
	}
	return names, nil
}

func hasAttr(attrs []imap.MailboxAttr, want imap.MailboxAttr) bool {
	for _, a := range attrs {
		if strings.EqualFold(string(a), string(want)) {
			return true
		}
	}
	return false
}

// explainFolder says why a folder could not be opened: most often it is not there.
func (s *session) explainFolder(ctx context.Context, folder string, err error) error {
	if e := (*imap.Error)(nil); !errors.As(err, &e) {
		return s.explain(ctx, err)
	}
	names, listErr := s.folders()
	if listErr != nil {
		return s.explain(ctx, err)
	}
	for _, name := range names {
		if name == folder {
			return s.explain(ctx, err)
		}
	}
	return &dial.Problem{
		Kind: dial.NoFolder, Err: err,
		Text: i18n.M("The folder {{.Folder}} does not exist. There are: {{.Names}}.", "Folder", folder, "Names", dial.List(names)),
	}
}

// Check tries to connect, to sign in and to open the folder. The error is a *dial.Problem, in words for an administrator.
func Check(ctx context.Context, a Account) error {
	_, err := Inspect(ctx, a, []string{a.folder()})
	return err
}

// Inspect connects, signs in, opens each of the folders, and lists all that there are, for a choice. The error is a
// *dial.Problem, in words for an administrator; with dial.NoFolder there is a list, too.
func Inspect(ctx context.Context, a Account, folders []string) (names []string, err error) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	s, err := open(ctx, a, checkTimeout)
	if err != nil {
		return nil, err
	}
	defer s.close()
	defer context.AfterFunc(ctx, s.kill)()
	if names, err = s.folders(); err != nil {
		return nil, s.explain(ctx, err)
	}
	for _, folder := range folders {
		if _, err := s.client.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
			return names, s.explainFolder(ctx, folder, err)
		}
	}
	return names, nil
}

// patientConn ends a connection after silence where something was expected. The library's own deadlines are for whole
// replies, which a large mail over a slow line would miss, and it has none while it waits for one to begin.
type patientConn struct {
	net.Conn
	mu       sync.Mutex
	patience time.Duration
	err      error // the first of the network
}

// expect sets how long silence may last from now on.
func (c *patientConn) expect(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.patience = d
	c.Conn.SetReadDeadline(time.Now().Add(d))
}

// Read gives what the server sent.
func (c *patientConn) Read(b []byte) (int, error) {
	c.mu.Lock()
	c.Conn.SetReadDeadline(time.Now().Add(c.patience))
	c.mu.Unlock()
	n, err := c.Conn.Read(b)
	if err != nil {
		c.note(err)
	}
	return n, err
}

// Write sends to the server.
func (c *patientConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	if err != nil {
		c.note(err)
	}
	return n, err
}

// SetReadDeadline does nothing: Read knows better.
func (c *patientConn) SetReadDeadline(time.Time) error { return nil }

func (c *patientConn) note(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = err
	}
}

func (c *patientConn) cause() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}
