package lmtp_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"goodturn/internal/testserver/postfix"
	"goodturn/internal/transport/lmtp"
)

// TestPostfix has a real mail server keep a mail until it could be taken, and hear of an address that is none.
func TestPostfix(t *testing.T) {
	var refused atomic.Bool
	d := start(t, func(d *desk) {
		take := d.Take
		d.Take = func(ctx context.Context, m lmtp.Mail) error {
			if !refused.Swap(true) {
				return errors.New("not yet")
			}
			return take(ctx, m)
		}
		d.Accept = func(_ context.Context, rcpt string) (bool, error) { return rcpt == "help@desk.test", nil }
	})
	s := postfix.Start(t, postfix.Options{Domains: []string{"desk.test"}, LMTP: d.address.String()})
	long := text + strings.Repeat("x", 900) + "\r\n\xe4\xff\r\n"
	if err := s.Send("ann@elsewhere.test", []string{"help@desk.test", "nobody@desk.test"}, []byte(long)); err != nil {
		t.Fatal(err)
	}
	m := <-d.mails
	if m.From != "ann@elsewhere.test" || strings.Join(m.To, " ") != "help@desk.test" || !strings.HasSuffix(string(m.Raw), long[strings.Index(long, "\r\n\r\n"):]) {
		t.Errorf("got %+v %q", m, m.Raw)
	}
	bounce := s.Sink.Wait(t, func(m postfix.Mail) bool { return m.From == "" })
	if bounce.To[0] != "ann@elsewhere.test" || !strings.Contains(string(bounce.Raw), "nobody@desk.test") || !strings.Contains(string(bounce.Raw), "5.1.1") {
		t.Errorf("got %s", bounce.Raw)
	}
}
