package e2e

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"goodturn/internal/testserver/guard"
	"goodturn/internal/testserver/postgres"
)

// The program is killed at any moment while mails and answers come in by every way: each that was accepted
// is there exactly once, and every answer has gone out.
func TestKillsSoak(t *testing.T) {
	for _, engine := range []struct {
		name        string
		kills, soak int
	}{{"sqlite", 20, 500}, {"postgres", 6, 100}} {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			kills, pace := engine.kills, 6*time.Millisecond
			if soak() {
				kills, pace = engine.soak, 20*time.Millisecond
			}
			h := newHammer(t, func(d *desk) {
				if engine.name == "postgres" {
					d.database = postgres.NewDatabase(t, "")
				}
			})
			h.begin(pace, 1<<40)
			h.killOften(kills, seed(t))
			h.left.Store(0)
			h.finish(2 * time.Minute)
		})
	}
}

// killOften kills the program at random moments and starts it again at once.
func (h *hammer) killOften(kills int, chance *rand.Rand) {
	h.Helper()
	began := time.Now()
	for range kills {
		if chance.IntN(4) > 0 { // one in four kills may hit a program that is only starting
			h.ready()
		}
		<-time.After(time.Duration(chance.Int64N(int64(time.Second))))
		h.kill()
		h.launch()
	}
	h.ready()
	h.Logf("%d kills in %s", kills, time.Since(began).Round(time.Second))
}

// Many mails come by IMAP and by LMTP as fast as they can, with kills in between.
func TestFloodSoak(t *testing.T) {
	t.Parallel()
	mails, kills := int64(500), 4
	if soak() {
		mails, kills = 10_000, 40
	}
	h := newHammer(t)
	chance := seed(t)
	for _, flood := range []struct {
		name  string
		addr  string
		conns int
	}{{"imap", guard.Address(h.imap.LMTPPort), 2}, {"lmtp", h.lmtp, 8}} {
		began := time.Now()
		h.pace = time.NewTicker(time.Microsecond)
		h.left.Store(mails)
		for range flood.conns {
			h.way(flood.name, (&lmtpClient{addr: flood.addr}).send)
		}
		for range kills {
			h.ready()
			// Somewhere within the flood, by what was handed over and not by the clock; when all was, at once.
			until := chance.Int64N(mails)
			wait(t, 2*time.Minute, "so many mails were handed over", func() error {
				if left := h.left.Load(); left > until {
					return fmt.Errorf("%d of %d are left", left, mails)
				}
				return nil
			})
			h.kill()
			h.launch()
		}
		h.wg.Wait()
		t.Logf("%d mails by %s in %s", mails, flood.name, time.Since(began).Round(time.Millisecond))
	}
	h.ready()
	h.finish(4 * time.Minute)
	if len(h.accepted) != 2*int(mails) {
		t.Errorf("%d mails accepted, want %d", len(h.accepted), 2*mails)
	}
}
