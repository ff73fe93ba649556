package mailbox_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/job"
	"goodturn/internal/mailbox"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
	"goodturn/internal/transport/dial"
)

const (
	deskAddress = "help@desk.example"
	public      = "https://desk.example"
)

// house is a desk with one mailbox, an agent, and a mail server that answers go to.
type house struct {
	testing.TB
	db    *db.DB
	data  string
	post  *mailbox.Post
	desk  *ticket.Desk
	queue *job.Queue
	sink  *sink
	box   int64
	team  int64
	agent person.Actor
	stop  func() // ends what running began
}

func newHouse(t testing.TB, d *db.DB) *house {
	t.Helper()
	h := &house{TB: t, db: d, data: t.TempDir(), sink: newSink(t)}
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	signer, err := secret.NewSigner(key)
	h.must(err)
	h.rebuild(signer)
	h.write(func(tx *db.Tx) error {
		ctx := t.Context()
		if h.team, err = person.SaveTeam(ctx, tx, person.Team{Slug: "first-line", Name: "First line"}); err != nil {
			return err
		}
		a, err := person.Create(ctx, tx, person.New{Name: "Amara Okafor", Addresses: []string{"amara@desk.example"}, Role: person.Agent, Verified: true})
		if err != nil {
			return err
		}
		if h.agent, err = person.ActorOf(ctx, tx, a.ID); err != nil {
			return err
		}
		h.box, err = h.post.Save(ctx, tx, person.System, h.settings(), "")
		return err
	})
	return h
}

func (h *house) settings() mailbox.Mailbox {
	return mailbox.Mailbox{ID: h.box, Address: deskAddress, Name: "IT help desk", TeamID: h.team, Active: true, Subaddress: true, Sending: h.sink.account()}
}

// rebuild makes the moving parts anew on the same data, as a start after a kill does.
func (h *house) rebuild(signer *secret.Signer) {
	h.Helper()
	blobs, err := blob.Open(filepath.Join(h.data, "blobs"))
	h.must(err)
	log := slog.New(slog.NewTextHandler(h.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	h.desk = &ticket.Desk{}
	h.queue = job.NewQueue(h.db, log, 4)
	h.post = &mailbox.Post{
		DB: h.db, Blobs: blobs, Key: signer, Desk: h.desk, Queue: h.queue, Log: log, Data: h.data,
		PublicURL: func() string { return public }, Language: "en", Zone: time.UTC,
	}
	h.post.Auth.Resolver = nobodyAnswers
	h.desk.Hooks = append(h.desk.Hooks, h.post.Hook())
	h.post.Handlers()
}

// nobodyAnswers is a resolver without a network.
var nobodyAnswers = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) { return nil, net.ErrClosed }}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) write(f func(tx *db.Tx) error) {
	h.Helper()
	h.must(h.db.Write(h.Context(), f))
}

func (h *house) read(f func(tx *db.Tx) error) {
	h.Helper()
	h.must(h.db.Read(h.Context(), f))
}

// take takes mails in and files them.
func (h *house) take(raw ...string) {
	h.Helper()
	h.takeTo(deskAddress, raw...)
}

func (h *house) takeTo(to string, raw ...string) {
	h.Helper()
	var in []mailbox.Incoming
	for _, r := range raw {
		in = append(in, mailbox.Incoming{From: "envelope@customer.example", To: []string{to}, Raw: []byte(r), Source: mailbox.SourceLMTP})
	}
	h.must(h.post.Take(h.Context(), in))
	h.must(h.post.FileAll(h.Context()))
}

// mailRow is what became of a mail.
type mailRow struct {
	ID        int64
	State     string
	Outcome   mailbox.Outcome
	Attempts  int
	TicketID  int64
	MessageID int64
}

func (h *house) mails() (rows []mailRow) {
	h.Helper()
	h.read(func(tx *db.Tx) (err error) {
		rows, err = db.All[mailRow](h.Context(), tx, `SELECT id, state, outcome, attempts, ticket_id, message_id FROM mail ORDER BY id`)
		return err
	})
	return rows
}

// last is the newest mail row, which must have that outcome.
func (h *house) last(want mailbox.Outcome) mailRow {
	h.Helper()
	rows := h.mails()
	r := rows[len(rows)-1]
	if r.State != "done" || r.Outcome != want {
		h.Fatalf("the mail is %s, %q; want done, %q", r.State, r.Outcome, want)
	}
	return r
}

func (h *house) ticket(id int64) (t ticket.Ticket) {
	h.Helper()
	h.read(func(tx *db.Tx) (err error) {
		t, err = ticket.Get(h.Context(), tx, person.System, person.SeeTicket, id)
		return err
	})
	return t
}

func (h *house) messages(id int64) (m []ticket.Message) {
	h.Helper()
	h.read(func(tx *db.Tx) (err error) {
		m, err = ticket.Messages(h.Context(), tx, id, true)
		return err
	})
	return m
}

func (h *house) events(id int64) (e []ticket.Event) {
	h.Helper()
	h.read(func(tx *db.Tx) (err error) {
		e, err = ticket.Events(h.Context(), tx, id)
		return err
	})
	return e
}

func (h *house) tickets() (n int) {
	h.Helper()
	h.read(func(tx *db.Tx) (err error) {
		n, err = db.One[int](h.Context(), tx, `SELECT count(*) FROM ticket`)
		return err
	})
	return n
}

func (h *house) reply(id int64, text string, then ticket.Status) {
	h.Helper()
	h.write(func(tx *db.Tx) error {
		_, err := h.desk.Reply(h.Context(), tx, ticket.By{Actor: h.agent}, id, ticket.Draft{Text: text, Channel: ticket.ByDesk}, then)
		return err
	})
}

func (h *house) deliveries(id int64) (d []mailbox.Delivery) {
	h.Helper()
	h.read(func(tx *db.Tx) (err error) {
		d, err = mailbox.Deliveries(h.Context(), tx, id)
		return err
	})
	return d
}

// run runs the queue until the function it gives is called, which waits for jobs under way.
func (h *house) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.queue.Run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		h.must(<-ended)
	})
}

// send does the waiting jobs until the sink has that many mails, which it gives.
func (h *house) send(n int) []sent {
	h.Helper()
	stop := h.run()
	defer stop()
	var out []sent
	for range n {
		out = append(out, h.sink.next(h.TB))
	}
	return out
}

// itIsTime has everything that waits for a later try be due.
func (h *house) itIsTime() {
	h.Helper()
	h.write(func(tx *db.Tx) error {
		if _, err := tx.Exec(h.Context(), `UPDATE job SET run_at = 0`); err != nil {
			return err
		}
		_, err := tx.Exec(h.Context(), `UPDATE delivery SET next_at = 0 WHERE state = 'queued'`)
		return err
	})
}

// mail writes a small mail. fields are further header lines.
func mail(from, subject, text string, fields ...string) string {
	head := []string{"From: " + from, "To: IT <" + deskAddress + ">", "Subject: " + subject, "Date: Sat, 21 Nov 2026 10:00:00 +0000"}
	if !strings.Contains(strings.Join(fields, "\n"), "Message-ID:") {
		head = append(head, "Message-ID: <"+rand.Text()+"@customer.example>")
	}
	if !strings.Contains(strings.Join(fields, "\n"), "Content-Type:") {
		head = append(head, "Content-Type: text/plain; charset=utf-8")
	}
	return strings.Join(append(head, fields...), "\r\n") + "\r\n\r\n" + strings.ReplaceAll(text, "\n", "\r\n") + "\r\n"
}

// sent is a mail that came out of the desk.
type sent struct {
	from, to string
	raw      []byte
	*mailmsg.Message
}

// sink is a mail server that answers are sent to. answer, when set, is asked before each mail.
type sink struct {
	mails   chan sent
	address string
	mu      sync.Mutex
	answers []error
	asked   chan struct{}
}

func newSink(t testing.TB) *sink {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{mails: make(chan sent, 1000), address: l.Addr().String(), asked: make(chan struct{}, 1000)}
	server := gosmtp.NewServer(s)
	server.Domain = "sink.example"
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return s
}

func (s *sink) account() mailbox.Sending {
	host, port, _ := net.SplitHostPort(s.address)
	n := 0
	_, _ = fmt.Sscan(port, &n)
	return mailbox.Sending{Host: host, Port: n, Security: dial.None}
}

// refuse makes the next mails fail in these ways; nil lets one through.
func (s *sink) refuse(answers ...error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = answers
}

func (s *sink) next(t testing.TB) sent {
	t.Helper()
	select {
	case m := <-s.mails:
		return m
	case <-time.After(20 * time.Second):
		t.Fatal("no mail was sent")
		return sent{}
	}
}

func (s *sink) NewSession(*gosmtp.Conn) (gosmtp.Session, error) { return &sinkSession{sink: s}, nil }

type sinkSession struct {
	sink     *sink
	from, to string
}

func (s *sinkSession) Mail(from string, _ *gosmtp.MailOptions) error { s.from = from; return nil }

func (s *sinkSession) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	defer func() { s.sink.asked <- struct{}{} }()
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	s.to = to
	if len(s.sink.answers) > 0 {
		err := s.sink.answers[0]
		s.sink.answers = s.sink.answers[1:]
		return err
	}
	return nil
}

func (s *sinkSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err == nil {
		s.sink.mails <- sent{s.from, s.to, raw, mailmsg.Parse(raw)}
	}
	return err
}

func (s *sinkSession) Reset()        {}
func (s *sinkSession) Logout() error { return nil }

func (h *house) files(id int64) (files []ticket.Attachment) {
	h.Helper()
	h.read(func(tx *db.Tx) (err error) {
		files, err = ticket.Attachments(h.Context(), tx, id, true)
		return err
	})
	return files
}

func (h *house) content(f ticket.Attachment) string {
	h.Helper()
	r, err := h.post.Blobs.Open(blob.Ref{SHA256: f.SHA256, Size: f.Size})
	h.must(err)
	defer r.Close()
	all, err := io.ReadAll(r)
	h.must(err)
	return string(all)
}
