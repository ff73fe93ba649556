package bench

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

const (
	openPages   = 200
	pagesOfEach = 20
	fanouts     = 10
)

// watchers makes the agents whose pages are open, and gives a session of each.
func watchers(ctx context.Context, tx *db.Tx) (sessions []*http.Cookie, err error) {
	for i := range openPages / pagesOfEach {
		p, err := person.Create(ctx, tx, person.New{Name: fmt.Sprintf("Watcher %d", i), Addresses: []string{fmt.Sprintf("watcher%d@bench.example", i)}, Role: person.Agent})
		if err != nil {
			return nil, err
		}
		s, err := person.StartSession(ctx, tx, p.ID, "bench", "")
		if err != nil {
			return nil, err
		}
		sessions = append(sessions, sessionCookie(s))
	}
	return sessions, nil
}

func sessionCookie(session string) *http.Cookie {
	return &http.Cookie{Name: "goodturn-session", Value: session}
}

// fanout opens 200 live pages on lists and measures from the moment at which a note is asked for until the last of them
// has been told.
func (b *bench) fanout(ctx context.Context) error {
	note := b.load(b.note)
	var worst time.Duration
	for range fanouts {
		took, err := FanOut(ctx, b.server.base, openPages, b.watchers, func(ctx context.Context) error {
			_, err := note.send(ctx, http.DefaultClient, note.make(note.next.Add(1)))
			return err
		})
		if err != nil {
			return err
		}
		worst = max(worst, took)
	}
	b.figures = append(b.figures, figure{key: "fanout_ms", name: fmt.Sprintf("a note until %d open pages know, the worst of %d", openPages, fanouts), p50: milliseconds(worst), one: true, unit: "ms"})
	return nil
}

// note writes a note to one of the tickets.
func (b *bench) note(n int64) request {
	return request{method: "POST", path: expand("/api/v1/tickets/{ticket}/notes", b.first, b.Options.Tickets, n), token: b.token, status: 201, body: map[string]any{"text": "The drum is worn."}}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
