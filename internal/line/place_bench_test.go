package line_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/line"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// BenchmarkPlace finds the place of the last of 5,000 who wait on a desk with many tickets: $GOODTURN_BENCH_TICKETS, 20,000 without it.
func BenchmarkPlace(b *testing.B) {
	many := 20_000
	if n, err := strconv.Atoi(os.Getenv("GOODTURN_BENCH_TICKETS")); err == nil {
		many = n
	}
	for _, e := range dbtest.Engines() {
		b.Run(fmt.Sprintf("%s/%d", e, many), func(b *testing.B) {
			d := dbtest.Open(b, e)
			last := fill(b, d, many, 5000)
			var took []time.Duration
			b.ResetTimer()
			for b.Loop() {
				began := time.Now()
				err := d.Read(b.Context(), func(tx *db.Tx) error {
					p, err := line.PlaceOf(b.Context(), tx, last)
					if err == nil && p.Ahead != 4999 {
						err = fmt.Errorf("%d come before the last", p.Ahead)
					}
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
		})
	}
}

// fill makes tickets without what is said on them, the last ones of which wait; it gives the one that is served last.
func fill(tb testing.TB, d *db.DB, many, waiting int) (last ticket.Ticket) {
	tb.Helper()
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC).UnixMilli()
	err := d.Write(tb.Context(), func(tx *db.Tx) error {
		team, err := person.SaveTeam(tb.Context(), tx, person.Team{Slug: "first-line", Name: "First line"})
		if err != nil {
			return err
		}
		hana, err := person.Create(tb.Context(), tx, person.New{Name: "Hana", Addresses: []string{"hana@example.com"}, Role: person.Requester})
		if err != nil {
			return err
		}
		var rows [][]any
		for i := range many {
			status, turn, open := "closed", "", false
			if every := many / waiting; i%every == 0 && i/every < waiting {
				status, turn, open = "new", "ours", true
			}
			rows = append(rows, []any{2000 + i, "Subject of some words about a printer", status, open, turn, []string{"low", "normal", "normal", "high"}[i/7%4], "incident", "mail", team, hana.ID, "The last text, which is of some length, as they are: hello everybody, it is still not working, and I do not know why.", "Hana", 1, at + int64(i), 0, 0, 0, at, at, at, at + int64(i/100%70)*1000})
		}
		if err := db.InsertRows(tb.Context(), tx, `ticket (id, subject, status, is_open, turn, priority, kind, channel, team_id, requester_id, last_text, last_by, messages, waiting_since,
			answered_at, solved_at, closed_at, created_at, status_at, activity_at, due_at)`, rows); err != nil {
			return err
		}
		if _, err = tx.Exec(tb.Context(), `ANALYZE`); err != nil {
			return err
		}
		id, err := db.One[int64](tb.Context(), tx, `SELECT id FROM ticket WHERE turn = 'ours' ORDER BY due_at DESC, CASE priority WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END DESC, waiting_since DESC, id DESC LIMIT 1`)
		if err != nil {
			return err
		}
		last, err = ticket.Get(tb.Context(), tx, person.System, person.SeeTicket, id)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return last
}
