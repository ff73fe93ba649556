package mailbox_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net"
	"net/textproto"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/mailbox"
	"goodturn/internal/ticket"
)

// flood hands n mails of 20 KB over by LMTP on some connections, each mail after the 250 of the one before,
// and waits until each is a ticket. It gives the time until the last 250 and until the last ticket.
func (h *house) flood(tb testing.TB, n, connections int) (taken, filed time.Duration) {
	tb.Helper()
	ctx, cancel := context.WithCancel(tb.Context())
	server := h.post.Listener(mailbox.ListenConfig{Network: "tcp", Address: "127.0.0.1:0"})
	l, err := server.Listen()
	if err != nil {
		tb.Fatal(err)
	}
	all := make(chan struct{})
	var mu sync.Mutex
	made := 0
	h.desk.Changed = func(c ticket.Change) {
		if c.What != ticket.Created {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if made++; made == n {
			close(all)
		}
	}
	var loops sync.WaitGroup
	loops.Go(func() { _ = server.Serve(ctx, l) })
	loops.Go(func() { _ = h.post.Run(ctx) })
	defer loops.Wait()
	defer cancel()
	text := filler(20_000)
	began := time.Now()
	var senders sync.WaitGroup
	for c := range connections {
		senders.Go(func() {
			if err := lmtpSend(l.Addr().String(), c, n/connections, text); err != nil {
				tb.Error(err)
			}
		})
	}
	senders.Wait()
	taken = time.Since(began)
	if tb.Failed() {
		return taken, taken
	}
	select {
	case <-all:
	case <-time.After(time.Minute):
		mu.Lock()
		defer mu.Unlock()
		tb.Fatalf("%d of %d tickets a minute after the last mail", made, n)
	}
	return taken, time.Since(began)
}

// filler is words in lines, as mails are.
func filler(n int) string {
	var raw [3000]byte
	_, _ = rand.Read(raw[:])
	words := strings.FieldsFunc(base64.StdEncoding.EncodeToString(raw[:]), func(r rune) bool { return strings.ContainsRune("abcd+/", r) })
	var b strings.Builder
	for b.Len() < n {
		for i, w := range words {
			b.WriteString(w)
			if i%12 == 11 {
				b.WriteString("\r\n")
			} else {
				b.WriteByte(' ')
			}
			if b.Len() >= n {
				break
			}
		}
	}
	return b.String()
}

// lmtpSend is a mail server with one connection (RFC 2033).
func lmtpSend(address string, sender, n int, text string) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	c := textproto.NewConn(conn)
	defer c.Close()
	if _, _, err := c.ReadResponse(220); err != nil {
		return err
	}
	say := func(code int, format string, args ...any) error {
		if err := c.PrintfLine(format, args...); err != nil {
			return err
		}
		_, _, err := c.ReadResponse(code)
		return err
	}
	if err := say(250, "LHLO test"); err != nil {
		return err
	}
	for i := range n {
		if err := say(250, "MAIL FROM:<p%d@customer.example>", i%20); err != nil {
			return err
		}
		if err := say(250, "RCPT TO:<%s>", deskAddress); err != nil {
			return err
		}
		if err := say(354, "DATA"); err != nil {
			return err
		}
		w := c.DotWriter()
		fmt.Fprintf(w, "From: Person %d <p%d-%d@customer.example>\r\nTo: %s\r\nSubject: Mail %d of %d\r\nMessage-ID: <%d.%d@customer.example>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s",
			i, sender, i%20, deskAddress, i, sender, i, sender, text)
		if err := w.Close(); err != nil {
			return err
		}
		if _, _, err := c.ReadResponse(250); err != nil {
			return err
		}
	}
	return nil
}

func TestFloodByLMTPIsAllThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		const n = 496
		taken, filed := h.flood(t, n, 8)
		t.Logf("%.0f mails a second taken, all tickets there %v after the last", n/taken.Seconds(), (filed - taken).Round(time.Millisecond))
		rows := h.mails()
		seen := map[int64]bool{}
		for _, r := range rows {
			if r.Outcome != mailbox.BecameTicket || seen[r.MessageID] {
				t.Fatalf("row %+v", r)
			}
			seen[r.MessageID] = true
		}
		if len(rows) != n || h.tickets() != n {
			t.Errorf("%d rows, %d tickets, want %d", len(rows), h.tickets(), n)
		}
	})
}

// cpuTime is what this process has used, sender and receiver; a busy machine changes it little.
func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkIntake takes mails of 20 KB by LMTP over 8 connections and waits for their tickets.
func BenchmarkIntake(b *testing.B) {
	for _, e := range dbtest.Engines() {
		b.Run(string(e), func(b *testing.B) {
			h := newHouse(b, dbtest.Open(b, e))
			n := max(8, b.N/8*8)
			b.ResetTimer()
			before := cpuTime()
			taken, filed := h.flood(b, n, 8)
			b.StopTimer()
			b.ReportMetric((cpuTime()-before).Seconds()*1000/float64(n), "cpu-ms/mail")
			b.ReportMetric(float64(n)/taken.Seconds(), "mails/s")
			b.ReportMetric((filed - taken).Seconds(), "s-after-last")
			b.ReportMetric(float64(runtime.NumCPU()), "cpus")
		})
	}
}
