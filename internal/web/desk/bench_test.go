package desk_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"syscall"
	"testing"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// BenchmarkPages measures the server's time for whole pages on a filled desk: 20,000 tickets, or as many as
// $GOODTURN_BENCH_TICKETS says; a fifth of them open, four messages each, 200 requesters, 20 agents.
func BenchmarkPages(b *testing.B) {
	count := 20_000
	if n, err := strconv.Atoi(os.Getenv("GOODTURN_BENCH_TICKETS")); err == nil {
		count = n
	}
	engine := db.SQLite
	if dbtest.Engines()[0] == db.Postgres {
		engine = db.Postgres
	}
	s := newStage(b, dbtest.Open(b, engine))
	last := s.fill(count)
	for _, c := range []struct{ name, path string }{
		{"list/ours", "/tickets?view=ours"},
		{"list/mine", "/tickets?view=mine"},
		{"list/unassigned", "/tickets?view=unassigned"},
		{"list/waiting", "/tickets?view=waiting"},
		{"list/done", "/tickets?view=done"},
		{"list/all", "/tickets?view=all"},
		{"list/team", "/tickets?view=ours&team=network"},
		{"list/all-team", "/tickets?view=all&team=network"},
		{"list/tag", "/tickets?view=all&tag=t3"},
		{"ticket/ours", fmt.Sprintf("/tickets/%d?view=ours", last)},
		{"ticket/all", fmt.Sprintf("/tickets/%d?view=all", last)},
		{"search/common", "/search?q=printer"},
		{"search/rare", fmt.Sprintf("/search?q=ord%d", count/2)},
	} {
		b.Run(c.name, func(b *testing.B) {
			before := processorTime(b)
			defer func() { b.ReportMetric(float64(processorTime(b)-before)/float64(b.N)/1000, "cpu-µs/op") }()
			for b.Loop() {
				r := httptest.NewRequest(http.MethodGet, c.path, nil)
				r.AddCookie(&http.Cookie{Name: "goodturn-session", Value: s.sessions["amara"]})
				w := httptest.NewRecorder()
				s.handler.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatalf("%d for %s", w.Code, c.path)
				}
			}
		})
	}
}

// processorTime is what this process has used, in ns: on a busy machine it says more than the clock on the wall.
func processorTime(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

// fill makes tickets in the past, many in one transaction, and gives the number of the last.
func (s *stage) fill(count int) (last int64) {
	s.t.Helper()
	var requesters, agents []int64
	s.write(func(ctx context.Context, tx *db.Tx) error {
		for i := range 220 {
			role := person.Requester
			if i < 20 {
				role = person.Agent
			}
			p, err := person.Create(ctx, tx, person.New{Name: fmt.Sprintf("Person Number%d", i), Addresses: []string{fmt.Sprintf("p%d@example.com", i)}, Role: role})
			if err != nil {
				return err
			}
			if i < 20 {
				agents = append(agents, p.ID)
			} else {
				requesters = append(requesters, p.ID)
			}
		}
		return nil
	})
	agents = append(agents, s.people["amara"].ID)
	amara := s.as("amara")
	teams := []int64{s.teams["first-line"], s.teams["network"], s.teams["people"]}
	start := clock.Now() - clock.Instant(count)*60_000
	chance := rand.New(rand.NewPCG(1, 2)) // the same desk each time
	for from := 0; from < count; from += 500 {
		s.write(func(ctx context.Context, tx *db.Tx) error {
			for i := from; i < min(count, from+500); i++ {
				n := ticket.New{
					Subject: fmt.Sprintf("The printer on floor %d prints half pages again, case %d", i%9, i), Requester: requesters[chance.IntN(len(requesters))], Team: teams[chance.IntN(len(teams))],
					Channel: ticket.ByMail, Tags: []string{fmt.Sprintf("t%d", chance.IntN(40))}, At: start + clock.Instant(i)*60_000,
				}
				n.Message = ticket.Draft{Text: fmt.Sprintf("Good morning, the printer prints only the upper half. Order ord%d.", i), At: n.At}
				if chance.IntN(5) > 0 {
					n.Status = ticket.Closed
				} else if chance.IntN(4) == 0 {
					n.Status = ticket.Pending
				}
				if chance.IntN(7) > 0 {
					n.Assignee = agents[chance.IntN(len(agents))]
					if n.Team == s.teams["people"] {
						n.Assignee = s.people["jonas"].ID
					}
				}
				t, err := s.desk.Tickets.Create(ctx, tx, ticket.By{Actor: person.System}, n)
				if err != nil {
					return err
				}
				last = max(last, t.ID)
				for k := range 3 {
					at := n.At + clock.Instant(k+1)*10_000
					draft := ticket.Draft{Text: "Thank you for writing. We have a spare drum and come by at ten.\n\nAmara", Author: amara.ID, At: at}
					if k == 1 {
						if _, err := s.desk.Tickets.Note(ctx, tx, ticket.By{Actor: person.System}, t.ID, draft); err != nil {
							return err
						}
					} else if _, err := s.desk.Tickets.Reply(ctx, tx, ticket.By{Actor: person.System}, t.ID, draft, ""); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	for s.now(last).TeamID == s.teams["people"] {
		last--
	}
	return last
}
