package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	changedAtOnce = 10000
	bulkWithin    = 2 * time.Minute
)

// bulk tags 10,000 tickets of a view in one go, as somebody does on the list's page, while notes are written one after the
// other: how long all of it takes, and how long the slowest of those notes does.
func (b *bench) bulk(ctx context.Context) error {
	many := min(changedAtOnce, b.Options.Tickets)
	form := url.Values{
		"all": {"1"}, "do": {"tag"}, "tag": {"measured"},
		"place": {url.Values{"view": {"all"}, "q": {fmt.Sprintf("number:%d..%d", b.first, b.first+int64(many)-1)}}.Encode()},
	}
	ctx, cancel := context.WithTimeout(ctx, bulkWithin)
	defer cancel()
	began := time.Now()
	at, err := b.post(ctx, "/bulk", form)
	if err != nil {
		return err
	}
	waits, stop := make(chan time.Duration), make(chan struct{})
	go func() { waits <- b.slowestNote(ctx, stop) }()
	for page := "data-running"; strings.Contains(page, "data-running"); time.Sleep(20 * time.Millisecond) {
		if page, err = b.get(ctx, at); err != nil {
			break
		}
	}
	took := time.Since(began)
	close(stop)
	wait := <-waits
	if err != nil {
		return err
	}
	b.figures = append(b.figures,
		figure{key: "bulk_s", name: fmt.Sprintf("%d tickets tagged at once", many), p50: took.Seconds(), one: true, unit: "s"},
		figure{key: "bulk_wait_ms", name: "the slowest other write meanwhile", p50: milliseconds(wait), one: true, unit: "ms"})
	return nil
}

// slowestNote writes notes until it is stopped.
func (b *bench) slowestNote(ctx context.Context, stop <-chan struct{}) (slowest time.Duration) {
	notes := b.load(b.note)
	for {
		select {
		case <-stop:
			return slowest
		default:
		}
		began := time.Now()
		if _, err := notes.send(ctx, http.DefaultClient, notes.make(notes.next.Add(1))); err != nil {
			return bulkWithin
		}
		slowest = max(slowest, time.Since(began))
	}
}

// post sends a form as the agent's browser does and gives where it leads to.
func (b *bench) post(ctx context.Context, path string, form url.Values) (location string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.server.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(sessionCookie(b.session))
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		said, _ := io.ReadAll(io.LimitReader(res.Body, 300))
		return "", fmt.Errorf("POST %s: status %d: %s", path, res.StatusCode, said)
	}
	return res.Header.Get("Location"), nil
}

// get gives a page as the agent's browser does.
func (b *bench) get(ctx context.Context, path string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.server.base+path, nil)
	if err != nil {
		return "", err
	}
	r.AddCookie(sessionCookie(b.session))
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: status %d", path, res.StatusCode)
	}
	return string(page), err
}
