package smtp_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"

	"goodturn/internal/transport/dial"
	"goodturn/internal/transport/dial/dialtest"
	"goodturn/internal/transport/smtp"
)

const raw = "From: help@desk.test\r\nTo: ann@example.test\r\nSubject: hello\r\n\r\n.dot\r\nbye\r\n"

// mail is what a peer received.
type mail struct {
	from string
	utf8 bool
	to   []string
	text string
}

// peer is a submission server that answers as the test wants.
type peer struct {
	*gosmtp.Server
	account smtp.Account
	mails   chan mail

	mu       sync.Mutex
	sessions int
	// answer gives the reply to a command: "MAIL address", "RCPT address", "DATA"; nil accepts.
	answer func(command string, conn net.Conn) error
	login  bool   // demand a password
	mech   string // how to sign in; PLAIN when empty
}

var ok = &gosmtp.SMTPError{Code: 250, EnhancedCode: gosmtp.EnhancedCode{2, 0, 0}, Message: "Queued as 4711"}

// start runs a peer with a certificate for 127.0.0.1, changed as the test needs it.
func start(t *testing.T, change func(*peer)) *peer {
	t.Helper()
	p := &peer{mails: make(chan mail, 100), answer: func(string, net.Conn) error { return nil }}
	config, pool := dialtest.Certificate(t, "127.0.0.1")
	p.Server = gosmtp.NewServer(gosmtp.BackendFunc(func(c *gosmtp.Conn) (gosmtp.Session, error) {
		p.mu.Lock()
		p.sessions++
		p.mu.Unlock()
		return &session{peer: p, conn: c}, nil
	}))
	p.Domain, p.TLSConfig, p.EnableSMTPUTF8 = "submission.test", config, true
	p.ErrorLog = log.New(io.Discard, "", 0)
	p.account = smtp.Account{Host: "127.0.0.1", Security: dial.StartTLS, User: "desk", Password: "sésame", HELO: "desk.test", RootCAs: pool}
	if change != nil {
		change(p)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.account.Port = listener.Addr().(*net.TCPAddr).Port
	if p.account.Security == dial.TLS {
		listener = tls.NewListener(listener, p.TLSConfig)
	}
	go p.Serve(listener)
	t.Cleanup(func() { p.Close() })
	return p
}

type session struct {
	*peer
	conn   *gosmtp.Conn
	signed bool
	mail   mail
}

func (s *session) AuthMechanisms() []string {
	if s.mech != "" {
		return []string{s.mech}
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(mech string) (sasl.Server, error) {
	check := func(_, user, password string) error {
		if user != "desk" || password != "sésame" {
			return gosmtp.ErrAuthFailed
		}
		s.signed = true
		return nil
	}
	if mech == sasl.Login {
		return &loginServer{check: check}, nil
	}
	return sasl.NewPlainServer(check), nil
}

// loginServer asks for the name, then for the password.
type loginServer struct {
	said  []string
	check func(_, user, password string) error
}

func (l *loginServer) Next(response []byte) ([]byte, bool, error) {
	if response != nil {
		l.said = append(l.said, string(response))
	}
	switch len(l.said) {
	case 0:
		return []byte("Username:"), false, nil
	case 1:
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check("", l.said[0], l.said[1])
}

func (s *session) Reset()        { s.mail = mail{} }
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, opts *gosmtp.MailOptions) error {
	if s.login && !s.signed {
		return gosmtp.ErrAuthRequired
	}
	s.mail.from, s.mail.utf8 = from, opts.UTF8
	return s.answer("MAIL "+from, s.conn.Conn())
}

func (s *session) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	s.mail.to = append(s.mail.to, to)
	return s.answer("RCPT "+to, s.conn.Conn())
}

func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mail.text = string(text)
	if err := s.answer("DATA", s.conn.Conn()); err != nil {
		return err
	}
	s.mails <- s.mail
	return ok
}

func refuse(code int, class, subject, detail int, text string) error {
	return &gosmtp.SMTPError{Code: code, EnhancedCode: gosmtp.EnhancedCode{class, subject, detail}, Message: text}
}

func envelope(to ...string) smtp.Envelope {
	return smtp.Envelope{From: "help@desk.test", To: to}
}

func failed(t *testing.T, err error) *smtp.Error {
	t.Helper()
	var e *smtp.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an *smtp.Error", err)
	}
	return e
}

func TestSend(t *testing.T) {
	for _, security := range []dial.Security{dial.StartTLS, dial.TLS, dial.None} {
		t.Run(string(security), func(t *testing.T) {
			p := start(t, func(p *peer) {
				p.account.Security, p.login, p.AllowInsecureAuth = security, true, security == dial.None
			})
			result, err := smtp.Send(t.Context(), p.account, envelope("ann@example.test", "bob@example.test"), []byte(raw))
			if err != nil {
				t.Fatal(err)
			}
			m := <-p.mails
			if m.from != "help@desk.test" || !slices.Equal(m.to, []string{"ann@example.test", "bob@example.test"}) || m.text != raw {
				t.Errorf("the server got %+v", m)
			}
			if !slices.Equal(result.Accepted, m.to) || len(result.Refused) != 0 || !strings.Contains(result.Response, "4711") {
				t.Errorf("got %+v", result)
			}
			if err := smtp.Check(t.Context(), p.account); err != nil {
				t.Errorf("check: %v", err)
			}
		})
	}
}

func TestLogin(t *testing.T) {
	p := start(t, func(p *peer) { p.login, p.mech = true, sasl.Login })
	if _, err := smtp.Send(t.Context(), p.account, envelope("ann@example.test"), []byte(raw)); err != nil {
		t.Fatal(err)
	}
	p.account.Password = "wrong"
	var problem *dial.Problem
	if err := smtp.Check(t.Context(), p.account); !errors.As(err, &problem) || problem.Kind != dial.Refused {
		t.Errorf("got %v", err)
	}
}

func TestRefusals(t *testing.T) {
	at := func(command string, err error) func(string, net.Conn) error {
		return func(got string, _ net.Conn) error {
			if got == command {
				return err
			}
			return nil
		}
	}
	tests := []struct {
		name   string
		answer func(string, net.Conn) error
		want   smtp.Error
	}{
		{"sender", at("MAIL help@desk.test", refuse(553, 5, 7, 1, "not yours")), smtp.Error{Code: 553, Enhanced: "5.7.1", Text: "not yours", Stage: smtp.StageMail}},
		{"sign in first", at("MAIL help@desk.test", refuse(530, 5, 7, 0, "sign in")), smtp.Error{Code: 530, Enhanced: "5.7.0", Text: "sign in", Stage: smtp.StageMail, Temporary: true}},
		{"recipient", at("RCPT ann@example.test", refuse(550, 5, 1, 1, "no such user")), smtp.Error{Code: 550, Enhanced: "5.1.1", Text: "no such user", Stage: smtp.StageRcpt}},
		{"recipient later", at("RCPT ann@example.test", refuse(450, 4, 2, 0, "greylisted")), smtp.Error{Code: 450, Enhanced: "4.2.0", Text: "greylisted", Stage: smtp.StageRcpt, Temporary: true}},
		{"text", at("DATA", refuse(554, 5, 6, 0, "spam")), smtp.Error{Code: 554, Enhanced: "5.6.0", Text: "spam", Stage: smtp.StageData}},
		{"text later", at("DATA", refuse(452, 4, 3, 1, "full")), smtp.Error{Code: 452, Enhanced: "4.3.1", Text: "full", Stage: smtp.StageData, Temporary: true}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := start(t, func(p *peer) { p.answer = test.answer })
			conn, err := smtp.Dial(t.Context(), p.account)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_, err = conn.Send(t.Context(), envelope("ann@example.test"), []byte(raw))
			got := *failed(t, err)
			got.Err = nil
			if got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			other := smtp.Envelope{From: "sales@desk.test", To: []string{"bob@example.test"}}
			if _, err := conn.Send(t.Context(), other, []byte(raw)); err != nil && test.want.Stage != smtp.StageData {
				t.Errorf("the connection is of no use any more: %v", err)
			}
		})
	}
}

func TestSomeRecipientsRefused(t *testing.T) {
	p := start(t, func(p *peer) {
		p.answer = func(command string, _ net.Conn) error {
			switch command {
			case "RCPT gone@example.test":
				return refuse(550, 5, 1, 1, "gone")
			case "RCPT later@example.test":
				return refuse(451, 4, 7, 1, "later")
			}
			return nil
		}
	})
	result, err := smtp.Send(t.Context(), p.account, envelope("gone@example.test", "ann@example.test", "later@example.test"), []byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(result.Accepted, []string{"ann@example.test"}) || len(result.Refused) != 2 ||
		result.Refused[0].Err.Temporary || !result.Refused[1].Err.Temporary {
		t.Errorf("got %+v", result)
	}
	<-p.mails
	_, err = smtp.Send(t.Context(), p.account, envelope("gone@example.test", "later@example.test"), []byte(raw))
	if e := failed(t, err); !e.Temporary {
		t.Errorf("got %v, want the refusal that may change", e)
	}
}

func TestConnectionLost(t *testing.T) {
	for command, want := range map[string]smtp.Error{
		"MAIL help@desk.test":   {Stage: smtp.StageMail, Temporary: true},
		"RCPT ann@example.test": {Stage: smtp.StageRcpt, Temporary: true},
		"DATA":                  {Stage: smtp.StageData, Temporary: true, Uncertain: true},
	} {
		t.Run(command, func(t *testing.T) {
			p := start(t, func(p *peer) {
				p.answer = func(got string, conn net.Conn) error {
					if got == command {
						conn.Close()
					}
					return nil
				}
			})
			result, err := smtp.Send(t.Context(), p.account, envelope("ann@example.test", "bob@example.test"), []byte(raw))
			got := failed(t, err)
			if got.Stage != want.Stage || !got.Temporary || got.Uncertain != want.Uncertain || len(result.Accepted) != 0 {
				t.Errorf("got %+v, %+v", got, result)
			}
			var problem *dial.Problem
			if !errors.As(err, &problem) || problem.Kind != dial.Lost {
				t.Errorf("got %v, want plain words", err)
			}
		})
	}
}

func TestSendEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	p := start(t, func(p *peer) {
		p.answer = func(command string, _ net.Conn) error {
			if command == "DATA" {
				cancel()
				<-release
			}
			return nil
		}
	})
	defer close(release)
	_, err := smtp.Send(ctx, p.account, envelope("ann@example.test"), []byte(raw))
	if e := failed(t, err); !e.Temporary || !e.Uncertain || !errors.Is(err, context.Canceled) {
		t.Errorf("got %+v", e)
	}
}

func TestCheckSaysWhatIsWrong(t *testing.T) {
	tests := []struct {
		name   string
		change func(*peer)
		kind   dial.Kind
		words  string
	}{
		{"password", func(p *peer) { p.account.Password = "wrong" }, dial.Refused, "refused the user name or the password"},
		{"no STARTTLS", func(p *peer) { p.TLSConfig = nil }, dial.WrongSecurity, "does not offer STARTTLS"},
		{"no way to sign in", func(p *peer) { p.account.Security = dial.None }, dial.NoLogin, "with a password"},
		{"own authority", func(p *peer) { p.account.RootCAs = x509.NewCertPool() }, dial.Certificate, "signed by nobody"},
		{"host", func(p *peer) { p.account.Host = "nowhere.invalid" }, dial.HostUnknown, "does not exist"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := start(t, test.change)
			err := smtp.Check(t.Context(), p.account)
			var problem *dial.Problem
			if !errors.As(err, &problem) || problem.Kind != test.kind || !strings.Contains(problem.Error(), test.words) {
				t.Fatalf("got %v, want %s with %q", err, test.kind, test.words)
			}
			_, err = smtp.Send(t.Context(), p.account, envelope("ann@example.test"), []byte(raw))
			if e := failed(t, err); !e.Temporary || e.Text != problem.Error() {
				t.Errorf("sending says %+v", e)
			}
		})
	}
}

func TestPasswordStaysPrivate(t *testing.T) {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(addrs, func(a net.Addr) bool {
		n, ok := a.(*net.IPNet)
		return ok && n.IP.To4() != nil && !n.IP.IsLoopback()
	})
	if i < 0 {
		t.Skip("this machine has no address beside the loopback")
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(addrs[i].(*net.IPNet).IP.String(), "0"))
	if err != nil {
		t.Fatal(err)
	}
	p := start(t, func(p *peer) { p.AllowInsecureAuth = true })
	go p.Serve(listener)
	a := p.account
	a.Host, a.Port, a.Security = listener.Addr().(*net.TCPAddr).IP.String(), listener.Addr().(*net.TCPAddr).Port, dial.None
	var problem *dial.Problem
	if err := smtp.Check(t.Context(), a); !errors.As(err, &problem) || problem.Kind != dial.Exposed {
		t.Errorf("got %v, want the password kept", err)
	}
}

func TestAddressesAndLines(t *testing.T) {
	tests := []struct {
		name, to, text string
		plain          bool // the server does not know SMTPUTF8
		wantTo, want   string
		utf8           bool
		code           int
	}{
		{name: "international domain", to: "ann@münchen.test", text: raw, plain: true, wantTo: "ann@xn--mnchen-3ya.test", want: raw},
		{name: "international name", to: "änn@example.test", text: raw, wantTo: "änn@example.test", want: raw, utf8: true},
		{name: "international name refused", to: "änn@example.test", text: raw, plain: true, code: 553},
		{name: "international header", to: "ann@example.test", text: "Subject: ä\r\n\r\n", wantTo: "ann@example.test", want: "Subject: ä\r\n\r\n", utf8: true},
		{name: "a second command", to: "ann@example.test>\r\nRCPT TO:<bob@example.test", text: raw, code: 553},
		{name: "no domain", to: "ann", text: raw, code: 553},
		{name: "bare line ends", to: "ann@example.test", text: "S: a\n\n.\n\r.\r\r\n.\n", wantTo: "ann@example.test", want: "S: a\r\n\r\n.\r\n\r\n.\r\n\r\n.\r\n"},
		{name: "no line end", to: "ann@example.test", text: "S: a\r\n\r\n.", wantTo: "ann@example.test", want: "S: a\r\n\r\n.\r\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := start(t, func(p *peer) { p.EnableSMTPUTF8 = !test.plain })
			_, err := smtp.Send(t.Context(), p.account, envelope(test.to), []byte(test.text))
			if test.code != 0 {
				if e := failed(t, err); e.Code != test.code || e.Temporary || e.Stage != smtp.StageRcpt {
					t.Errorf("got %+v", e)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if m := <-p.mails; m.to[0] != test.wantTo || m.text != test.want || m.utf8 != test.utf8 {
				t.Errorf("the server got %+v", m)
			}
		})
	}
}

func TestNobodyToSendTo(t *testing.T) {
	p := start(t, nil)
	_, err := smtp.Send(t.Context(), p.account, envelope(), []byte(raw))
	if e := failed(t, err); e.Temporary {
		t.Errorf("got %+v", e)
	}
}

func TestPool(t *testing.T) {
	var kept net.Conn
	p := start(t, func(p *peer) {
		p.answer = func(command string, conn net.Conn) error {
			if command == "DATA" {
				kept = conn
			}
			return nil
		}
	})
	pool := smtp.NewPool(p.account)
	defer pool.Close()
	send := func() {
		t.Helper()
		if _, err := pool.Send(t.Context(), envelope("ann@example.test"), []byte(raw)); err != nil {
			t.Fatal(err)
		}
		<-p.mails
	}
	sessions := func() int { p.mu.Lock(); defer p.mu.Unlock(); return p.sessions }
	send()
	before := sessions()
	send()
	if sessions() != before {
		t.Error("the connection was not kept")
	}
	kept.Close() // as a server does that is tired of waiting
	send()
	if sessions() == before {
		t.Error("the dead connection was used again")
	}
}
