package automation_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"goodturn/internal/automation"
	"goodturn/internal/db"
	"goodturn/internal/httpout"
)

func TestWebhooks(t *testing.T) {
	each(t, func(s *stage) {
		type call struct {
			header http.Header
			body   string
		}
		var calls []call
		status := http.StatusNoContent
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			raw, _ := io.ReadAll(r.Body)
			calls = append(calls, call{r.Header, string(raw)})
			w.WriteHeader(status)
		}))
		defer server.Close()
		s.engine.Out = httpout.New(httpout.Config{Allow: func(a netip.AddrPort) bool { return strings.HasSuffix(server.URL, a.String()) }})
		id := s.on("when priority changed to urgent\nthen webhook http://hooks.example.org/in")
		s.write(func(ctx context.Context, tx *db.Tx) error { // an address that would be refused
			_, err := tx.Exec(ctx, `UPDATE rule SET definition = replace(definition, 'http://hooks.example.org', $1)`, server.URL)
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `UPDATE rule_set SET version = version + 1`)
			return err
		})
		raise := func() {
			x := s.comes("Printer").ID
			s.write(func(ctx context.Context, tx *db.Tx) error {
				return s.desk.SetPriority(ctx, tx, byAmara(s), x, "urgent")
			})
			must(s.queue.Drain(s.Context()))
		}
		raise()
		s.want("calls", len(calls), 1)
		var body struct {
			Type string
			Data struct {
				Event  struct{ On, From, To string }
				Ticket struct {
					Subject, Priority, Team string
					Requester               struct{ Address string }
				}
			}
		}
		if err := json.Unmarshal([]byte(calls[0].body), &body); err != nil {
			s.Fatal(err)
		}
		s.want("event", body.Data.Event.On+" "+body.Data.Event.From+" "+body.Data.Event.To, "priority normal urgent")
		s.want("ticket", body.Data.Ticket.Subject+" "+body.Data.Ticket.Priority+" "+body.Data.Ticket.Team+" "+body.Data.Ticket.Requester.Address, "Printer urgent first-line hana@example.org")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			secret := must(s.engine.Secret(ctx, tx, id))
			h := calls[0].header
			s.want("signature", h.Get("Webhook-Signature"), automation.Sign(secret, h.Get("Webhook-Id"), h.Get("Webhook-Timestamp"), []byte(calls[0].body)))
			return nil
		})
		s.want("sent", len(s.runs(id, automation.Sent)), 1)

		status = http.StatusInternalServerError
		raise()
		s.want("calls", len(calls), 2)
		s.want("tried again", len(s.runs(id, automation.Held)), 1)
		for range 20 {
			s.now = s.now.Add(10 * time.Minute)
			must(s.queue.Drain(s.Context()))
		}
		s.want("calls in the end", len(calls), 9)
		s.want("the same message", calls[8].header.Get("Webhook-Id"), calls[1].header.Get("Webhook-Id"))
		s.want("given up", s.runs(id, automation.Failed)[0].Detail, "The other side answered 500 Internal Server Error.")
		s.want("told", len(s.told), 1)

		s.engine.Out = httpout.New(httpout.Config{})
		raise()
		s.want("refused", s.runs(id, automation.Failed)[0].Detail, "This address is not called: only http and https to a place on the public Internet are, on the usual ports; nothing inside a network.")
	})
}

// TestAWebhookThatHangs never answers: the change that led to it is done at once, the call ends when patience does, and is tried again.
func TestAWebhookThatHangs(t *testing.T) {
	each(t, func(s *stage) {
		release := make(chan struct{})
		var came atomic.Int32
		server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			came.Add(1)
			select {
			case <-release:
			case <-r.Context().Done():
			}
		}))
		defer server.Close()
		defer close(release)
		s.engine.Out = httpout.New(httpout.Config{Allow: func(a netip.AddrPort) bool { return strings.HasSuffix(server.URL, a.String()) }})
		s.engine.Patience = 150 * time.Millisecond
		id := s.on("when priority changed to urgent\nthen webhook http://hooks.example.org/in")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE rule SET definition = replace(definition, 'http://hooks.example.org', $1)`, server.URL); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `UPDATE rule_set SET version = version + 1`)
			return err
		})
		x := s.comes("Printer").ID
		s.write(func(ctx context.Context, tx *db.Tx) error {
			return s.desk.SetPriority(ctx, tx, byAmara(s), x, "urgent")
		})
		s.want("calls within the transaction", came.Load(), int32(0))
		must(s.queue.Drain(s.Context()))
		s.want("calls", came.Load(), int32(1))
		s.want("held", s.runs(id, automation.Held)[0].Detail, "The other side did not answer within 1 seconds. It is tried again.")
	})
}

// The example of the Standard Webhooks specification's reference libraries.
func TestSignatureOfTheSpecification(t *testing.T) {
	got := automation.Sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
