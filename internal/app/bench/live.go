package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// FanOut opens that many live streams of the list on a server, signed in with the cookies in turn (one person has at most forty),
// has a ticket changed, and gives how long it took from the call of change until the last of them was told.
func FanOut(ctx context.Context, base string, pages int, cookies []*http.Cookie, change func(ctx context.Context) error) (slowest time.Duration, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: pages}}
	defer client.CloseIdleConnections()
	told, broken := make(chan time.Time, pages), make(chan error, pages)
	var ready, ended sync.WaitGroup
	defer ended.Wait()
	defer cancel()
	for i := range pages {
		ready.Add(1)
		ended.Go(func() {
			at, err := awaitChange(ctx, client, base, cookies[i%len(cookies)], ready.Done)
			if err != nil {
				broken <- err
				return
			}
			told <- at
		})
	}
	ready.Wait()
	began := time.Now()
	if err := change(ctx); err != nil {
		return 0, err
	}
	for range pages {
		select {
		case at := <-told:
			slowest = max(slowest, at.Sub(began))
		case err := <-broken:
			return 0, err
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
	return slowest, nil
}

// awaitChange listens to one stream until it tells of a change; open is called once it is open, or cannot be.
func awaitChange(ctx context.Context, client *http.Client, base string, cookie *http.Cookie, open func()) (time.Time, error) {
	once := sync.OnceFunc(open)
	defer once()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/live?topics=list", nil)
	if err != nil {
		return time.Time{}, err
	}
	r.AddCookie(cookie)
	r.Header.Set("Accept", "text/event-stream")
	res, err := client.Do(r)
	if err != nil {
		return time.Time{}, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return time.Time{}, fmt.Errorf("open a stream: status %d", res.StatusCode)
	}
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		switch strings.TrimPrefix(lines.Text(), "event: ") {
		case "hello":
			once()
		case "changed":
			return time.Now(), nil
		}
	}
	return time.Time{}, errors.New("a stream ended before it told of a change")
}
