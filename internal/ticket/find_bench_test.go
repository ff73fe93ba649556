//go:build unix

package ticket_test

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// BenchmarkSearch measures what an agent waits for while typing, and similar tickets, on a desk of GOODTURN_BENCH_TICKETS tickets
// (10,000) with two messages each, of a vocabulary that is as unequal as language. It prints how long the slowest hundredth took.
//
//	GOODTURN_BENCH_TICKETS=100000 go test ./internal/ticket -run XXX -bench Search -benchtime 1x -timeout 1h
func BenchmarkSearch(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("GOODTURN_BENCH_TICKETS"))
	if err != nil {
		n = 10_000
	}
	for _, e := range dbtest.Engines() {
		b.Run(string(e), func(b *testing.B) { benchSearch(b, dbtest.Open(b, e), n) })
	}
}

func benchSearch(b *testing.B, d *db.DB, n int) {
	ctx := b.Context()
	actor, words, first := benchDesk(b, d, n)
	r := rand.New(rand.NewSource(7))
	slip := func(w string) string {
		i := r.Intn(len(w) - 1)
		return w[:i] + w[i+1:i+2] + w[i:i+1] + w[i+2:]
	}
	some := func() string { return words[int(float64(len(words))*r.Float64()*r.Float64())] }
	kinds := []struct {
		name  string
		typed func() ticket.Page
	}{
		{"one letter", func() ticket.Page { return ticket.Page{Filter: some()[:1], Unfinished: true, Size: 8} }},
		{"two letters", func() ticket.Page { return ticket.Page{Filter: some()[:2], Unfinished: true, Size: 8} }},
		{"three letters", func() ticket.Page { return ticket.Page{Filter: some()[:3], Unfinished: true, Size: 8} }},
		{"a common word", func() ticket.Page { return ticket.Page{Filter: words[r.Intn(50)], Unfinished: true, Size: 8} }},
		{"a word", func() ticket.Page { return ticket.Page{Filter: some(), Unfinished: true, Size: 8} }},
		{"two words", func() ticket.Page { return ticket.Page{Filter: some() + " " + some(), Unfinished: true, Size: 8} }},
		{"two common words", func() ticket.Page {
			return ticket.Page{Filter: words[r.Intn(50)] + " " + words[r.Intn(50)], Unfinished: true, Size: 8}
		}},
		{"a slip", func() ticket.Page { return ticket.Page{Filter: slip(some()), Unfinished: true, Size: 8} }},
		{"a slip and a word", func() ticket.Page { return ticket.Page{Filter: slip(some()) + " " + some(), Unfinished: true, Size: 8} }},
	}
	const asked = 150
	for range b.N {
		for _, k := range kinds {
			found := 0
			report(b, k.name, func() error {
				return d.Read(ctx, func(tx *db.Tx) error {
					rows, err := ticket.List(ctx, tx, actor, person.SeeTicket, k.typed())
					found += len(rows.Items)
					return err
				})
			}, asked)
			if found == 0 {
				b.Errorf("%s finds nothing", k.name)
			}
		}
		report(b, "similar", func() error {
			return d.Read(ctx, func(tx *db.Tx) error {
				t, err := ticket.Get(ctx, tx, actor, person.SeeTicket, first+int64(r.Intn(n)))
				if err != nil {
					return err
				}
				_, err = ticket.Similar(ctx, tx, actor, t, 5)
				return err
			})
		}, asked)
	}
}

// report asks that often and prints how long it took.
func report(b *testing.B, name string, ask func() error, times int) {
	took, worked := make([]time.Duration, times), make([]time.Duration, times)
	for i := range took {
		began, busy := time.Now(), cpu(b)
		if err := ask(); err != nil {
			b.Fatal(err)
		}
		took[i], worked[i] = time.Since(began), cpu(b)-busy
	}
	ms := func(all []time.Duration, percent int) float64 {
		slices.Sort(all)
		return float64(all[times*percent/100].Microseconds()) / 1000
	}
	b.Logf("%-18s took p50 %6.1f p99 %6.1f ms, of the processor p50 %6.1f p99 %6.1f ms", name, ms(took, 50), ms(took, 99), ms(worked, 50), ms(worked, 99))
}

// cpu is the time that the process has had of the processors: it tells the cost where others work beside.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func benchDesk(b *testing.B, d *db.DB, n int) (a person.Actor, words []string, first int64) {
	ctx := b.Context()
	r := rand.New(rand.NewSource(1))
	parts := strings.Fields("pri in ter net work mail dru ck er pass word mo ni tor ser ver lap top key board scan off ice cal en dar re set lo gin wi fi con fig ver bin dung rech nung ung lich haus ein aus an ge be zer stand ort platz")
	seen := map[string]bool{}
	for len(words) < 60_000 {
		w := ""
		for range 2 + r.Intn(3) {
			w += parts[r.Intn(len(parts))]
		}
		if !seen[w] && len(w) > 3 {
			seen[w], words = true, append(words, w)
		}
	}
	zipf := rand.NewZipf(r, 1.15, 3, uint64(len(words)-1))
	say := func(n int) string {
		out := make([]string, n)
		for i := range out {
			out[i] = words[zipf.Uint64()]
		}
		return strings.Join(out, " ")
	}
	var team, requester int64
	write := func(fn func(tx *db.Tx) error) {
		if err := d.Write(ctx, fn); err != nil {
			b.Fatal(err)
		}
	}
	write(func(tx *db.Tx) (err error) {
		if team, err = person.SaveTeam(ctx, tx, person.Team{Slug: "first-line", Name: "First line"}); err != nil {
			return err
		}
		p, err := person.Create(ctx, tx, person.New{Name: "Amara Okafor", Role: person.Agent, Addresses: []string{"amara@example.org"}})
		requester = p.ID
		return err
	})
	write(func(tx *db.Tx) (err error) {
		a, err = person.ActorOf(context.WithoutCancel(ctx), tx, requester)
		return err
	})
	for at := 0; at < n; at += 1000 {
		all := make([]ticket.Past, min(1000, n-at))
		for i := range all {
			when := clock.Instant(1_700_000_000_000 + int64(at+i)*60_000)
			all[i] = ticket.Past{
				Subject: say(6), Status: ticket.Closed, Priority: ticket.Normal, Kind: ticket.Incident, Channel: ticket.ByMail, Team: team, Requester: requester, At: when,
				Messages: []ticket.PastMessage{{Author: requester, Inbound: true, Text: say(60), At: when}, {Author: requester, Text: say(40) + fmt.Sprint(" reference ", at+i), At: when + 1}},
			}
		}
		write(func(tx *db.Tx) error {
			id, err := ticket.BringIn(ctx, tx, all)
			if at == 0 {
				first = id
			}
			return err
		})
	}
	began := time.Now()
	l := ticket.Learner{DB: d}
	if err := l.Catch(ctx, 0); err != nil {
		b.Fatal(err)
	}
	if err := d.Analyze(ctx); err != nil {
		b.Fatal(err)
	}
	b.Logf("learned the words of %d tickets in %v", n, time.Since(began).Round(time.Millisecond))
	return a, words, first
}
