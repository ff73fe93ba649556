package bench

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
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
func watchers(ctx context.Context, tx *db.Tx) (sessions []string, err error) {
	for i := range openPages / pagesOfEach {
		p, err := person.Create(ctx, tx, person.New{Name: fmt.Sprintf("Watcher %d", i), Addresses: []string{fmt.Sprintf("watcher%d@bench.example", i)}, Role: person.Agent})
		if err != nil {
			return nil, err
		}
		s, err := person.StartSession(ctx, tx, p.ID, "bench", "")
		if err != nil {
			return nil, err
		}
		sessions = append(sessions, s)
	}
	return sessions, nil
}

// fanout opens 200 live pages on lists and measures from the moment at which a note is asked for until the last of them
// has been told.
func (b *bench) fanout(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 0, MaxIdleConnsPerHost: openPages}}
	defer client.CloseIdleConnections()
	told := make(chan time.Time, openPages*fanouts)
	ready := make(chan error, openPages)
	for _, session := range b.watchers {
		for range pagesOfEach {
			go watch(ctx, client, b.server.base+"/live?topics=list", session, ready, told)
		}
	}
	for range openPages {
		if err := <-ready; err != nil {
			return err
		}
	}
	note := b.load(func(n int64) request {
		return request{method: "POST", path: expand("/api/v1/tickets/{ticket}/notes", b.first, b.Options.Tickets, n), token: b.token, status: 201, body: map[string]any{"text": "The drum is worn."}}
	})
	var took []time.Duration
	for i := range fanouts {
		began := time.Now()
		if _, err := note.send(ctx, http.DefaultClient, note.make(int64(i))); err != nil {
			return err
		}
		var last time.Time
		for range openPages {
			select {
			case last = <-told:
			case <-time.After(10 * time.Second):
				return fmt.Errorf("some of %d open pages were not told within 10 s", openPages)
			}
		}
		took = append(took, last.Sub(began))
	}
	b.figures = append(b.figures, figure{key: "fanout_ms", name: fmt.Sprintf("a note until %d open pages know, the worst of %d", openPages, fanouts), p50: float64(slices.Max(took).Microseconds()) / 1000, one: true, unit: "ms"})
	return nil
}

// watch is one open page.
func watch(ctx context.Context, client *http.Client, at, session string, ready chan<- error, told chan<- time.Time) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		ready <- err
		return
	}
	req.Header.Set("Accept", "text/event-stream")
	req.AddCookie(&http.Cookie{Name: "goodturn-session", Value: session})
	res, err := client.Do(req)
	if err != nil {
		ready <- err
		return
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		ready <- fmt.Errorf("%s: status %d", at, res.StatusCode)
		return
	}
	lines := bufio.NewScanner(res.Body)
	lines.Scan() // the server has begun
	ready <- nil
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "data: list") {
			told <- time.Now()
		}
	}
}
