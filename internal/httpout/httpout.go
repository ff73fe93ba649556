// Package httpout makes every HTTP call that goes out of this program to an address that somebody else chose: a picture in a
// mail, a webhook. Such an address may be meant to reach what only this machine can reach, so the client refuses it.
//
//	client := httpout.New(httpout.Config{})
//	got, err := client.Get(ctx, "https://example.com/logo.png", 5<<20)
//
// Invariants: only http and https, on the ports allowed; every address is judged when it is dialled, after the name was
// resolved and again for each redirect, so a name that changes its mind gains nothing; private, loopback, link-local, shared,
// multicast, documentation and translated addresses are refused (see refused); time, bytes and redirects are bounded; no
// cookies, no Referer, no proxy of the environment, no user name or password of the address.
package httpout

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// ErrRefused means that an address is none that this program calls.
var ErrRefused = errors.New("the address is not one that may be called")

// ErrTooLarge means that an answer is longer than was asked for.
var ErrTooLarge = errors.New("the answer is too long")

// Config are the bounds of a client; the zero value has the usual ones.
type Config struct {
	// Ports that may be called; nil is 80 and 443.
	Ports []int
	// Timeout of a whole call with its redirects; 0 is 10 seconds.
	Timeout time.Duration
	// Redirects that are followed; 0 is 4, less than 0 none.
	Redirects int
	// Allow lets addresses be called that are refused otherwise. It is for tests, whose servers are on this machine.
	Allow func(netip.AddrPort) bool
	// Resolver finds the addresses of names; nil is the system's.
	Resolver *net.Resolver
}

// Client calls out. It is safe for concurrent use.
type Client struct {
	config Config
	http   *http.Client
}

// userAgent tells nothing of the desk or its version.
const userAgent = "Mozilla/5.0 (compatible; picture fetcher)"

// New makes a client.
func New(c Config) *Client {
	if c.Ports == nil {
		c.Ports = []int{80, 443}
	}
	if c.Timeout == 0 {
		c.Timeout = 10 * time.Second
	}
	if c.Redirects == 0 {
		c.Redirects = 4
	}
	client := &Client{config: c}
	dialer := &net.Dialer{Timeout: 5 * time.Second, Resolver: c.Resolver, Control: client.judge}
	client.http = &http.Client{
		Timeout:       c.Timeout,
		CheckRedirect: client.redirect,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: 5 * time.Second, ResponseHeaderTimeout: c.Timeout,
			MaxResponseHeaderBytes: 64 << 10, DisableKeepAlives: true, ForceAttemptHTTP2: true,
		},
	}
	return client
}

// judge is asked by the dialer for each address that a name led to, before anything is sent there.
func (c *Client) judge(network, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || network != "tcp4" && network != "tcp6" {
		return fmt.Errorf("%w: %s %s", ErrRefused, network, address)
	}
	if c.config.Allow != nil && c.config.Allow(to) {
		return nil
	}
	if !slices.Contains(c.config.Ports, int(to.Port())) || refused(to.Addr()) {
		return fmt.Errorf("%w: %s", ErrRefused, address)
	}
	return nil
}

func (c *Client) redirect(r *http.Request, via []*http.Request) error {
	if len(via) > c.config.Redirects {
		return fmt.Errorf("%w: more than %d redirects", ErrRefused, c.config.Redirects)
	}
	r.Header.Del("Referer")
	return callable(r.URL)
}

// callable judges what can be judged before a name is resolved, and drops the user of the address.
func callable(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return fmt.Errorf("%w: neither http nor https", ErrRefused)
	}
	if p := u.Port(); p != "" {
		if n, err := strconv.Atoi(p); err != nil || n < 1 || n > 65535 {
			return fmt.Errorf("%w: port %q", ErrRefused, p)
		}
	}
	u.User = nil
	return nil
}

// Get fetches an address and gives at most limit bytes of a 200 answer; a longer one is ErrTooLarge. Any other status is an
// error. The caller judges the content: what the answer says of its own type is not told.
func (c *Client) Get(ctx context.Context, address string, limit int64) (body []byte, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("fetch from %s: %w", hostOf(address), err)
		}
	}()
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrRefused, err)
	}
	if err := callable(u); err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", userAgent)
	r.Header.Set("Accept", "image/webp,image/png,image/jpeg,image/gif,*/*;q=0.1")
	resp, err := c.http.Do(r)
	if err != nil {
		var wrapped *url.Error // its text holds the whole address, which is the sender's
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", resp.StatusCode)
	}
	body, err = io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err == nil && int64(len(body)) > limit {
		return nil, ErrTooLarge
	}
	return body, err
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "an address that cannot be read"
	}
	return u.Hostname()
}
