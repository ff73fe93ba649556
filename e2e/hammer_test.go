package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"goodturn/internal/mailbox"
	"goodturn/internal/testserver/dovecot"
	"goodturn/internal/testserver/guard"
	"goodturn/internal/testserver/postfix"
)

// hammer hands mails and answers to a desk by every way at once, whether it lives or not, and remembers
// what was accepted. As an MTA does, it hands what was not accepted over again.
type hammer struct {
	*desk
	imap *dovecot.Server
	mx   *postfix.Server

	pace   *time.Ticker // one thing is begun a tick
	ctx    context.Context
	wg     sync.WaitGroup
	number atomic.Int64
	left   atomic.Int64 // things still to begin

	mu       sync.Mutex
	accepted map[string]string // word of a mail → way
	replies  map[string]int64  // word of an answer → message id
	failed   error
	targets  []int64 // tickets that are answered
}

// newHammer starts a desk with its mail servers and some tickets to answer.
func newHammer(t testing.TB, change ...func(*desk)) *hammer {
	t.Helper()
	h := &hammer{desk: newDesk(t, change...), accepted: map[string]string{}, replies: map[string]int64{}}
	h.imap = dovecot.Start(t, dovecot.Options{Users: users()})
	h.mx = postfix.Start(t, postfix.Options{Domains: []string{"desk.example"}, LMTP: h.lmtp, Dovecot: h.imap})
	h.trust(h.imap.Certificate, h.mx.Certificate)
	h.addMailbox(mailbox.Mailbox{NoReceipt: true, Receiving: receiving(h.imap), Sending: sending(h.mx)})
	ctx, stop := context.WithCancel(context.Background())
	h.ctx = ctx
	t.Cleanup(func() { stop(); h.wg.Wait() })
	h.start()
	for i := range 10 {
		var made ticket
		h.api.post("/api/v1/tickets", map[string]any{"subject": fmt.Sprintf("target %d", i), "text": "Please answer.", "requester": map[string]string{"email": ada, "name": adaName}}).want(201).into(&made)
		h.targets = append(h.targets, made.Number)
	}
	return h
}

// begin starts all the ways: a thing each pace, until there have been that many.
func (h *hammer) begin(pace time.Duration, most int64) {
	h.pace = time.NewTicker(pace)
	h.left.Store(most)
	for range 8 {
		h.way("lmtp", (&lmtpClient{addr: h.lmtp}).send)
	}
	h.way("imap", (&lmtpClient{addr: guard.Address(h.imap.LMTPPort)}).send)
	h.way("smtp", func(to string, raw []byte) error { return h.mx.Send(ada, []string{to}, raw) })
	h.way("pipe", func(to string, raw []byte) error {
		if got := h.pipe(to, raw); got.code != 0 {
			return fmt.Errorf("%d: %s", got.code, got.stderr)
		}
		return nil
	})
	h.wg.Go(h.answer)
	h.wg.Go(h.answer)
}

// next gives a new word when its time has come; false ends the way.
func (h *hammer) next(kind string) (word string, ok bool) {
	select {
	case <-h.pace.C:
	case <-h.ctx.Done():
		return "", false
	}
	if h.left.Add(-1) < 0 {
		return "", false
	}
	return fmt.Sprintf("%s%07d", kind, h.number.Add(1)), true
}

// way hands mails in, each until it is accepted.
func (h *hammer) way(name string, send func(to string, raw []byte) error) {
	h.wg.Go(func() {
		for {
			word, ok := h.next(name)
			if !ok || !h.insist(word, func() error { return send(helpAddress, letter(word)) }) {
				return
			}
			h.mu.Lock()
			h.accepted[word] = name
			h.mu.Unlock()
		}
	})
}

// insist does something again until it succeeds. A refusal for good, or far too long a wait, fails the test.
func (h *hammer) insist(what string, do func() error) bool {
	limit := time.Now().Add(90 * time.Second)
	for pause := 5 * time.Millisecond; ; pause = min(2*pause, 200*time.Millisecond) {
		err := do()
		if err == nil {
			return true
		}
		refused := (*smtp.SMTPError)(nil)
		if errors.As(err, &refused) && refused.Code >= 500 || time.Now().After(limit) {
			h.fail(fmt.Errorf("%s: %w", what, err))
			return false
		}
		select {
		case <-time.After(pause):
		case <-h.ctx.Done():
			return false
		}
	}
}

func (h *hammer) fail(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failed = errors.Join(h.failed, err)
}

// answer answers tickets by the API, each time until it is told 201.
func (h *hammer) answer() {
	for {
		word, ok := h.next("reply")
		if !ok {
			return
		}
		number := h.targets[h.number.Load()%int64(len(h.targets))]
		ok = h.insist(word, func() error {
			a, err := h.api.call(http.MethodPost, fmt.Sprintf("/api/v1/tickets/%d/replies", number), map[string]string{"text": word}, word)
			if err == nil && a.status != http.StatusCreated {
				err = fmt.Errorf("%d: %s", a.status, a.body)
			}
			return err
		})
		if !ok {
			return
		}
		h.mu.Lock()
		h.replies[word] = number
		h.mu.Unlock()
	}
}
