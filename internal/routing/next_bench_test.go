package routing_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/person"
	"goodturn/internal/routing"
)

// BenchmarkNext takes the next ticket of a desk with many: $GOODTURN_BENCH_TICKETS of them, 20,000 without it. One in a hundred is our turn and
// nobody's.
func BenchmarkNext(b *testing.B) {
	many := 20_000
	if n, err := strconv.Atoi(os.Getenv("GOODTURN_BENCH_TICKETS")); err == nil {
		many = n
	}
	for _, e := range dbtest.Engines() {
		b.Run(fmt.Sprintf("%s/%d", e, many), func(b *testing.B) {
			f := setUp(b, dbtest.Open(b, e))
			f.fill(many)
			f.shares(routing.Sharing{Way: routing.Least})
			undo := fmt.Errorf("undo")
			b.ResetTimer()
			for b.Loop() {
				err := f.db.Write(b.Context(), func(tx *db.Tx) error {
					if _, err := f.router.Next(b.Context(), tx, f.amara); err != nil {
						return err
					}
					return undo
				})
				if err != undo { //nolint:errorlint // it is given as it is
					b.Fatal(err)
				}
			}
		})
	}
}

// fill makes tickets without what is said on them.
func (f *fixture) fill(many int) {
	f.Helper()
	people := []person.Actor{f.amara, f.jonas, f.priya}
	for from := 0; from < many; from += 5000 {
		f.write(func(tx *db.Tx) error {
			var rows [][]any
			for i := from; i < min(many, from+5000); i++ {
				status, turn, open := "closed", "", false
				var assignee any = people[i%3].ID
				switch {
				case i%100 == 0:
					status, turn, open, assignee = "new", "ours", true, nil
				case i%100 < 3:
					status, turn, open = "open", "ours", true
				}
				rows = append(rows, []any{
					2000 + i, "Subject", status, open, turn, []string{"low", "normal", "normal", "high"}[i/100%4], "incident", "mail", f.team, assignee, f.hana.ID, "", "", 1, int64(start) - int64(i), 0, 0, 0, int64(start) - int64(i), int64(start) - int64(i), int64(start) - int64(i), int64(i/100%7) * 1000,
				})
			}
			return db.InsertRows(f.Context(), tx, `ticket (id, subject, status, is_open, turn, priority, kind, channel, team_id, assignee_id, requester_id, last_text, last_by, messages, waiting_since,
				answered_at, solved_at, closed_at, created_at, status_at, activity_at, due_at)`, rows)
		})
	}
	f.write(func(tx *db.Tx) error { _, err := tx.Exec(f.Context(), `ANALYZE`); return err })
}
