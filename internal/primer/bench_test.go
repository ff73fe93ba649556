package primer_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/primer"
)

// TestItCostsTheSameOnALargeDesk makes and reads the primer of a desk with many tickets, where asked to:
//
//	GOODTURN_PRIMER=1000000 go test ./internal/primer -run LargeDesk -v
func TestItCostsTheSameOnALargeDesk(t *testing.T) {
	many, _ := strconv.Atoi(os.Getenv("GOODTURN_PRIMER"))
	if many == 0 {
		t.Skip("GOODTURN_PRIMER is not set: it says how many tickets the desk has")
	}
	each(t, func(s *stage) {
		for i := range 40 {
			s.topic("thing "+strconv.Itoa(i), 100-i, "The thing is broken again since today.", "Please press the green button of the thing and wait.")
		}
		const rest = `subject, status, is_open, turn, priority, kind, channel, team_id, requester_id, last_text, last_by, messages, waiting_since, answered_at, solved_at, closed_at, created_at`
		for n := 40; n < many; n *= 2 {
			s.write(func(tx *db.Tx) error {
				_, err := tx.Exec(s.ctx, `INSERT INTO ticket (id, activity_at, `+rest+`) SELECT (SELECT max(id) FROM ticket) + row_number() OVER (ORDER BY id), activity_at + id, `+rest+` FROM ticket ORDER BY id LIMIT CAST($1 AS BIGINT)`, min(n, many-n))
				return err
			})
		}
		s.write(func(tx *db.Tx) error {
			_, err := tx.Exec(s.ctx, `INSERT INTO gap_ticket (ticket_id, gap_id, week) SELECT t.id, (SELECT min(id) FROM gap) + t.id % 40, 2900 FROM ticket t WHERE true ON CONFLICT (ticket_id, gap_id) DO NOTHING`)
			return err
		})
		s.write(func(tx *db.Tx) error { // the newest say something
			_, err := tx.Exec(s.ctx, `INSERT INTO message (ticket_id, seq, author_id, internal, inbound, automatic, channel, text, quoted, html, rfc_message_id, created_at)
				SELECT t.id, m.seq, m.author_id, m.internal, m.inbound, m.automatic, m.channel, m.text, m.quoted, m.html, '', m.created_at FROM ticket t CROSS JOIN message m
				WHERE m.ticket_id = (SELECT min(ticket_id) FROM message) AND t.id > (SELECT max(id) - 4000 FROM ticket)`)
			return err
		})
		if err := s.db.Analyze(s.ctx); err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		if err := s.keeper.Make(s.ctx); err != nil {
			t.Fatal(err)
		}
		made := time.Since(begun)
		begun = time.Now()
		var p primer.Page
		for range 20 {
			p = s.read(s.amara, "en")
		}
		t.Logf("%d tickets: made in %v, read in %v, %d answers, %d words", many, made.Round(time.Millisecond), (time.Since(begun) / 20).Round(100*time.Microsecond), p.Count(), p.Words)
		if limit := 20 * time.Second; made > limit {
			t.Errorf("it took more than %v", limit)
		}
	})
}
