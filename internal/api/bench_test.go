package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
)

// benchTickets is how many tickets lie in the store, a fifth of them open.
const benchTickets = 100_000

func fill(ctx context.Context, tx *db.Tx, k *desk) error {
	for i := 1; i <= benchTickets; i++ {
		status, open, turn := "closed", false, ""
		if i%5 == 0 {
			status, open, turn = "open", true, "ours"
		}
		_, err := tx.Exec(ctx, `INSERT INTO ticket (id, subject, status, is_open, turn, priority, kind, channel, team_id, assignee_id, requester_id, last_text, last_by, messages,
			waiting_since, answered_at, solved_at, closed_at, created_at, activity_at) VALUES ($1, $2, $3, $4, $5, 'normal', 'incident', 'mail', $6, $7, $8, 'It prints half pages', 'Hana', 1, $9, 0, 0, 0, $9, $9)`,
			i+100_000, "Printer "+strconv.Itoa(i), status, open, turn, k.teams["network"], k.ids["amara"], k.ids["hana"], 1_700_000_000_000+i*1000)
		if err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `UPDATE counter SET value = 300000 WHERE name = 'ticket'`)
	return err
}

func BenchmarkAPI(b *testing.B) {
	for _, e := range dbtest.Engines() {
		b.Run(string(e), func(b *testing.B) {
			k := newDesk(b, dbtest.Open(b, e), nil)
			k.write(func(tx *db.Tx) error { return fill(b.Context(), tx, k) })
			n := k.call("amara", "POST", "/api/v1/tickets", m{"text": "x", "requester": m{"email": "hana@example.com"}}).is(http.StatusCreated).number("number")
			path := fmt.Sprintf("/api/v1/tickets/%d", n)
			for _, c := range []struct {
				name, method, path string
				body               any
				status             int
			}{
				{"me", "GET", "/api/v1/me", nil, 200},
				{"show", "GET", path, nil, 200},
				{"list", "GET", "/api/v1/tickets?q=status:open", nil, 200},
				{"list200", "GET", "/api/v1/tickets?limit=200", nil, 200},
				{"create", "POST", "/api/v1/tickets", m{"subject": "Printer", "text": "It prints half pages.", "requester": m{"email": "hana@example.com"}}, 201},
				{"note", "POST", path + "/notes", m{"text": "Toner?"}, 201},
				{"change", "PATCH", path, m{"priority": "high", "status": "pending"}, 200},
			} {
				b.Run(c.name, func(b *testing.B) {
					k.t = b
					for b.Loop() {
						k.call("amara", c.method, c.path, c.body).is(c.status)
					}
				})
			}
		})
	}
}
