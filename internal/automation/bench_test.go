package automation_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"goodturn/internal/automation"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// BenchmarkTwoHundredRules measures what 200 rules that one event sets going add to its transaction: none of them fits, or ten do.
// The time is that of the hook with what follows from it, without the commit.
func BenchmarkTwoHundredRules(b *testing.B) {
	for _, e := range dbtest.Engines() {
		for _, fit := range []int{0, 10} {
			b.Run(fmt.Sprintf("%s/%d_fit", e, fit), func(b *testing.B) { twoHundred(b, setUp(b, dbtest.Open(b, e)), fit) })
		}
	}
}

// BenchmarkStatement is what one statement costs here, to judge the others by.
func BenchmarkStatement(b *testing.B) {
	for _, e := range dbtest.Engines() {
		b.Run(string(e), func(b *testing.B) {
			s := setUp(b, dbtest.Open(b, e))
			s.write(func(ctx context.Context, tx *db.Tx) error {
				for b.Loop() {
					if _, err := db.One[int64](ctx, tx, `SELECT version FROM rule_set WHERE id = 1`); err != nil {
						return err
					}
				}
				return nil
			})
		})
	}
}

func twoHundred(b *testing.B, s *stage, fit int) {
	s.write(func(ctx context.Context, tx *db.Tx) error {
		for i := range 200 {
			filter := fmt.Sprintf("tag:t%d -priority:high", i)
			if i < fit {
				filter = "priority:high team:first-line -tag:t" + fmt.Sprint(i)
			}
			d := automation.Definition{When: []automation.When{{On: automation.PriorityChanged}}, If: filter, Then: []automation.Deed{{Do: automation.Tag, Value: fmt.Sprintf("t%d", i)}}}
			r, err := automation.Save(ctx, tx, s.lena, automation.Rule{Name: fmt.Sprint("Rule ", i), Definition: d})
			if err != nil {
				return err
			}
			if _, err := automation.Switch(ctx, tx, s.lena, r.ID, true, false); err != nil {
				return err
			}
		}
		return nil
	})
	hook := s.engine.Hook()
	var spent time.Duration
	for b.Loop() {
		s.now = s.now.Add(time.Minute)
		t := s.comes("Printer", func(n *ticket.New) { n.Priority = ticket.High })
		s.write(func(ctx context.Context, tx *db.Tx) error {
			t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, t.ID)
			if err != nil {
				return err
			}
			e := ticket.Event{TicketID: t.ID, At: tx.Now, What: ticket.PriorityChanged, FromValue: "normal", ToValue: "high"}
			began := time.Now()
			if err := hook(ctx, tx, e, t, nil); err != nil {
				return err
			}
			if err := tx.Settle(); err != nil {
				return err
			}
			spent += time.Since(began)
			return nil
		})
	}
	b.ReportMetric(float64(spent.Microseconds())/1000/float64(b.N), "ms/event")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkIdleSweep measures what twenty conditions about time cost a second when nothing is due, at a desk of $GOODTURN_BENCH tickets.
func BenchmarkIdleSweep(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("GOODTURN_BENCH"))
	if err != nil {
		b.Skip("GOODTURN_BENCH=1000000 says how many tickets")
	}
	for _, e := range dbtest.Engines() {
		b.Run(string(e), func(b *testing.B) {
			s := setUp(b, dbtest.Open(b, e))
			s.write(func(ctx context.Context, tx *db.Tx) error {
				if err := s.engine.Calendars.Begin(ctx, tx, "UTC"); err != nil {
					return err
				}
				_, err := tx.Exec(ctx, `INSERT INTO ticket (id, subject, status, is_open, turn, priority, kind, channel, team_id, requester_id, last_text, last_by, messages, waiting_since, answered_at, solved_at, closed_at, created_at, status_at, activity_at)
					WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
					SELECT 2000 + i, 'x', CASE i % 10 WHEN 0 THEN 'pending' WHEN 1 THEN 'open' ELSE 'closed' END, i % 10 < 2, CASE i % 10 WHEN 0 THEN 'theirs' WHEN 1 THEN 'ours' ELSE '' END,
					'normal', 'incident', 'mail', $2, $3, '', '', 1, CASE i % 10 WHEN 1 THEN CAST($4 AS BIGINT) - i * 1000 ELSE 0 END, 0, 0, 0, CAST($4 AS BIGINT) - i * 1000, CAST($4 AS BIGINT) - i * 1000, CAST($4 AS BIGINT) - i * 1000 FROM n`, n, s.first, s.hana.ID, s.now.Add(-400*24*time.Hour))
				return err
			})
			if err := s.db.Analyze(b.Context()); err != nil {
				b.Fatal(err)
			}
			for i := range 5 {
				s.on(fmt.Sprintf("when pending for %d working days\nif team:first-line\nthen tag a", i+3))
				s.on(fmt.Sprintf("when waiting for us for %d hours\nthen tag b", i+3))
				s.on(fmt.Sprintf("when no answer for %d days\nthen tag c", i+3))
				s.on(fmt.Sprintf("when created %d days ago\nthen tag d", 30*(i+3)))
			}
			s.sweepAll()
			var spent time.Duration
			for b.Loop() {
				s.now = s.now.Add(time.Second)
				began := time.Now()
				s.sweepAll()
				spent += time.Since(began)
			}
			b.ReportMetric(float64(spent.Microseconds())/1000/float64(b.N), "ms/s")
			b.ReportMetric(float64(spent.Microseconds())/10_000/float64(b.N), "%core")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func (s *stage) sweepAll() {
	if err := s.engine.Sweep(context.Background()); err != nil {
		s.Fatal(err)
	}
}
