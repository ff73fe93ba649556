package automation_test

import (
	"context"
	"fmt"
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
