package httpout

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Check tells whether an address is one that could be called, as far as it says so itself. What its name leads to is judged when it
// is called.
func Check(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("%w: %v", ErrRefused, err)
	}
	if err := callable(u); err != nil {
		return err
	}
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if a, err := netip.ParseAddr(name); err == nil && refused(a) || name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return fmt.Errorf("%w: %s", ErrRefused, name)
	}
	return nil
}

// Answer is what was answered to Post.
type Answer struct {
	Status int
	Header http.Header
	Body   string // its beginning, for people to read
}

// answerShown is how much of an answer is read, in bytes.
const answerShown = 500

// Post sends a body with headers to an address. It follows no redirect: what is sent is for this address alone. An answer of any
// status is no error; a call that did not get one is, ErrRefused where the address is none that is called.
func (c *Client) Post(ctx context.Context, address string, header http.Header, body []byte) (Answer, error) {
	u, err := url.Parse(address)
	if err != nil {
		return Answer{}, fmt.Errorf("%w: it cannot be read", ErrRefused) // an error of url has all of it
	}
	if err := callable(u); err != nil {
		return Answer{}, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return Answer{}, err
	}
	for name, values := range header {
		r.Header[name] = values
	}
	client := *c.http
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(r)
	if err != nil {
		var wrapped *url.Error // its text holds the whole address, which may hold a secret
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return Answer{}, fmt.Errorf("call %s: %w", u.Hostname(), err)
	}
	defer resp.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(resp.Body, answerShown))
	return Answer{resp.StatusCode, resp.Header, strings.ToValidUTF8(string(said), "")}, nil
}
