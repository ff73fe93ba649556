package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// request is one request to be measured.
type request struct {
	method, path  string
	cookie, token string
	fragment      string // of the page, "" for all of it
	from          string // the visitor's address; "" is this machine's
	body          any
	status        int // wanted; 0 is 200
}

// load sends requests of one kind, each with a number of its own.
type load struct {
	base string
	make func(n int64) request
	next atomic.Int64
}

func (b *bench) load(make func(n int64) request) *load {
	return &load{base: b.server.base, make: make}
}

// expand puts the number of a ticket, a different one each time, in the place of {ticket}.
func expand(path string, first int64, count int, n int64) string {
	r := rand.New(rand.NewSource(n))
	return strings.ReplaceAll(path, "{ticket}", strconv.FormatInt(first+r.Int63n(int64(count)), 10))
}

// sample is what a run measured.
type sample struct {
	took  []time.Duration
	bytes int // of one body as sent
}

func (s sample) percentile(p int) float64 {
	slices.Sort(s.took)
	return float64(s.took[min(len(s.took)-1, len(s.took)*p/100)].Microseconds()) / 1000
}

// run sends requests over that many connections for that long; an answer with another status is an error. The first eighth is not
// counted, unless one answer takes longer than that.
func (l *load) run(ctx context.Context, connections int, during time.Duration) (sample, error) {
	client := &http.Client{
		Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	var mu sync.Mutex
	var all sample
	var failed error
	var wg sync.WaitGroup
	warm := time.Now().Add(during / 8)
	end := time.Now().Add(during)
	for range connections {
		wg.Go(func() {
			for time.Now().Before(end) && ctx.Err() == nil {
				began := time.Now()
				n, err := l.send(ctx, client, l.make(l.next.Add(1)))
				took := time.Since(began)
				mu.Lock()
				if err != nil {
					failed = err
				} else if began.After(warm) || took > during/8 {
					all.took, all.bytes = append(all.took, took), n
				}
				stop := failed != nil
				mu.Unlock()
				if stop {
					return
				}
			}
		})
	}
	wg.Wait()
	if failed == nil && len(all.took) == 0 {
		failed = fmt.Errorf("no request was done within %v", during)
	}
	return all, failed
}

func (l *load) send(ctx context.Context, client *http.Client, r request) (int, error) {
	var body io.Reader
	if r.body != nil {
		raw, err := json.Marshal(r.body)
		if err != nil {
			return 0, err
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, l.base+r.path, body)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Accept-Encoding", "gzip")
	if r.cookie != "" {
		req.AddCookie(sessionCookie(r.cookie))
	}
	forwarded(req.Header, r.from)
	if r.fragment != "" {
		req.Header.Set("Goodturn-Fragment", r.fragment)
	}
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err
	}
	if want := max(r.status, 200); res.StatusCode != want {
		return 0, fmt.Errorf("%s %s: status %d, want %d: %.300s", r.method, r.path, res.StatusCode, want, raw)
	}
	return len(raw), nil
}
