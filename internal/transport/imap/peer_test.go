package imap_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"strings"
	"sync"
	"testing"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"goodturn/internal/transport/dial"
	"goodturn/internal/transport/dial/dialtest"
	"goodturn/internal/transport/imap"
)

// peer is an IMAP server in memory that can be told to misbehave.
type peer struct {
	t       *testing.T
	user    *imapmemserver.User
	caps    goimap.CapSet
	account imap.Account

	mu     sync.Mutex
	conns  []net.Conn
	pokes  []chan struct{} // one a session, to wake its IDLE
	logins int
	onBody func(set goimap.UIDSet, conn net.Conn) goimap.UIDSet // gives what to refuse, or hangs up

	changed chan string // "store …", "move …", "expunge …"
}

// start runs a server with the folders INBOX and Done, whose user is "help" with the password "sésame".
func start(t *testing.T, change func(*peer)) *peer {
	t.Helper()
	config, pool := dialtest.Certificate(t, "127.0.0.1")
	p := &peer{
		t: t, user: imapmemserver.NewUser("help", "sésame"), changed: make(chan string, 100),
		caps:    goimap.CapSet{goimap.CapIMAP4rev1: {}, goimap.CapMove: {}, goimap.CapUIDPlus: {}},
		account: imap.Account{Host: "127.0.0.1", Security: dial.TLS, User: "help", Password: "sésame", RootCAs: pool},
	}
	for _, folder := range []string{"INBOX", "Done"} {
		if err := p.user.Create(folder, nil); err != nil {
			t.Fatal(err)
		}
	}
	if change != nil {
		change(p)
	}
	memory := imapmemserver.New()
	memory.AddUser(p.user)
	server := imapserver.New(&imapserver.Options{
		NewSession: func(c *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			poke := make(chan struct{}, 1)
			p.mu.Lock()
			p.pokes = append(p.pokes, poke)
			p.mu.Unlock()
			return &session{SessionIMAP4rev2: memory.NewSession().(imapserver.SessionIMAP4rev2), peer: p, conn: c, poke: poke}, nil, nil
		},
		Caps: p.caps, Logger: log.New(io.Discard, "", 0), TLSConfig: config, InsecureAuth: p.account.Security == dial.None,
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.account.Port = listener.Addr().(*net.TCPAddr).Port
	listener = noting{listener, p}
	if p.account.Security == dial.TLS {
		listener = tls.NewListener(listener, config)
	}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	return p
}

// noting remembers connections, so that they can be cut.
type noting struct {
	net.Listener
	peer *peer
}

func (n noting) Accept() (net.Conn, error) {
	conn, err := n.Listener.Accept()
	if err == nil {
		n.peer.mu.Lock()
		n.peer.conns = append(n.peer.conns, conn)
		n.peer.mu.Unlock()
	}
	return conn, err
}

// cut ends all connections without a word.
func (p *peer) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conn := range p.conns {
		conn.Close()
	}
	p.conns = nil
}

// put adds mails to a folder.
func (p *peer) put(folder string, texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		raw := mail(text)
		if _, err := p.user.Append(folder, literal{bytes.NewReader(raw)}, &goimap.AppendOptions{}); err != nil {
			p.t.Fatal(err)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, poke := range p.pokes {
		select {
		case poke <- struct{}{}:
		default:
		}
	}
}

// count is the number of mails in a folder.
func (p *peer) count(folder string) int {
	p.t.Helper()
	status, err := p.user.Status(folder, &goimap.StatusOptions{NumMessages: true})
	if err != nil {
		p.t.Fatal(err)
	}
	return int(*status.NumMessages)
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// mail is a short mail, but for "large".
func mail(text string) []byte {
	body := "This is " + text + ".\r\n"
	if text == "large" {
		body = strings.Repeat(body, 200)
	}
	return []byte("From: ann@example.test\r\nSubject: " + text + "\r\n\r\n" + body)
}

// session is a session of the server in memory, with the misbehaviour in front.
type session struct {
	imapserver.SessionIMAP4rev2
	peer *peer
	conn *imapserver.Conn
	poke chan struct{}
}

// Idle tells of mail that came before it began, too, which the server in memory does not.
func (s *session) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	for {
		if err := s.Poll(w, true); err != nil {
			return err
		}
		select {
		case <-s.poke:
		case <-stop:
			return nil
		}
	}
}

func (s *session) Login(user, password string) error {
	s.peer.mu.Lock()
	s.peer.logins++
	s.peer.mu.Unlock()
	return s.SessionIMAP4rev2.Login(user, password)
}

func (s *session) Fetch(w *imapserver.FetchWriter, set goimap.NumSet, options *goimap.FetchOptions) error {
	uids, ok := set.(goimap.UIDSet)
	if len(options.BodySection) == 0 || !ok {
		return s.SessionIMAP4rev2.Fetch(w, set, options)
	}
	s.peer.mu.Lock()
	onBody := s.peer.onBody
	s.peer.mu.Unlock()
	if onBody == nil {
		return s.SessionIMAP4rev2.Fetch(w, set, options)
	}
	bad := onBody(uids, s.conn.NetConn())
	var good goimap.UIDSet
	all, _ := uids.Nums()
	for _, uid := range all {
		if !bad.Contains(uid) {
			good.AddNum(uid)
		}
	}
	if len(good) > 0 {
		if err := s.SessionIMAP4rev2.Fetch(w, good, options); err != nil {
			return err
		}
	}
	if len(bad) > 0 {
		return &goimap.Error{Type: goimap.StatusResponseTypeNo, Text: "Disk says no"}
	}
	return nil
}

func (s *session) Store(w *imapserver.FetchWriter, set goimap.NumSet, flags *goimap.StoreFlags, options *goimap.StoreOptions) error {
	err := s.SessionIMAP4rev2.Store(w, set, flags, options)
	s.peer.changed <- fmt.Sprintf("store %s %s %v", set, flags.Flags, err)
	return err
}

func (s *session) Move(w *imapserver.MoveWriter, set goimap.NumSet, folder string) error {
	err := s.SessionIMAP4rev2.Move(w, set, folder)
	s.peer.changed <- fmt.Sprintf("move %s %s %v", set, folder, err)
	return err
}

func (s *session) Expunge(w *imapserver.ExpungeWriter, set *goimap.UIDSet) error {
	err := s.SessionIMAP4rev2.Expunge(w, set)
	s.peer.changed <- fmt.Sprintf("expunge %v %v", set, err)
	return err
}

// desk is what takes the mails in a test.
type desk struct {
	t      *testing.T
	cancel context.CancelFunc
	taken  chan batch
	health chan imap.Health
	done   chan error

	mu    sync.Mutex
	state imap.State
	fail  error
}

type batch struct {
	state imap.State
	mails []imap.Mail
}

// subjects are the subjects of the mails, in order, with "!" in front of those that are not whole.
func (b batch) subjects() string {
	var names []string
	for _, m := range b.mails {
		_, rest, _ := strings.Cut(string(m.Raw), "Subject: ")
		name, _, _ := strings.Cut(rest, "\r\n")
		if m.Truncated {
			name = "!" + name
		}
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

// run watches until the end of the test.
func run(t *testing.T, a imap.Account, s imap.State, o imap.Options) *desk {
	t.Helper()
	return runFailing(t, a, s, o, nil)
}

// runFailing is run with a take that fails from the beginning.
func runFailing(t *testing.T, a imap.Account, s imap.State, o imap.Options, fail error) *desk {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	d := &desk{t: t, cancel: cancel, state: s, fail: fail, taken: make(chan batch, 1000), health: make(chan imap.Health, 1000), done: make(chan error, 1)}
	if o.RetryMin == 0 {
		o.RetryMin, o.RetryMax = 1, 1000
	}
	go func() { d.done <- imap.Run(ctx, a, s, o, d.take, func(h imap.Health) { d.health <- h }) }()
	t.Cleanup(func() { d.stop() })
	return d
}

func (d *desk) take(_ context.Context, s imap.State, mails []imap.Mail) error {
	d.mu.Lock()
	err := d.fail
	if err == nil {
		d.state = s
	}
	d.mu.Unlock()
	d.taken <- batch{s, mails}
	return err
}

func (d *desk) failing(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fail = err
}

// stop ends Run and gives the state that was kept.
func (d *desk) stop() imap.State {
	d.cancel()
	if err, ok := <-d.done; ok {
		close(d.done)
		if err != context.Canceled {
			d.t.Errorf("Run ended with %v", err)
		}
	}
	return d.state
}

// await waits for a health that fits.
func (d *desk) await(fits func(imap.Health) bool) imap.Health {
	for h := range d.health {
		if fits(h) {
			return h
		}
	}
	panic("unreachable")
}

func connected(h imap.Health) bool { return h.State == imap.Connected }
func failed(h imap.Health) bool    { return h.State == imap.Failed }
