package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// client calls the JSON API.
type client struct {
	testing.TB
	base  string
	token string
	http  *http.Client
}

// answer is what came back.
type answer struct {
	testing.TB
	call   string
	status int
	body   []byte
}

// call sends one request. once is an Idempotency-Key, or "".
func (c *client) call(method, path string, body any, once string) (answer, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return answer{}, err
	}
	req, err := http.NewRequest(method, c.base+path, bytes.NewReader(raw))
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Content-Type", "application/json")
	if once != "" {
		req.Header.Set("Idempotency-Key", once)
	}
	if method == http.MethodGet {
		req.Body, req.ContentLength = nil, 0
	}
	r, err := c.http.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer r.Body.Close()
	got, err := io.ReadAll(r.Body)
	return answer{c.TB, method + " " + path, r.StatusCode, got}, err
}

func (c *client) do(method, path string, body any) answer {
	c.Helper()
	a, err := c.call(method, path, body, "")
	must(c, err)
	return a
}

func (c *client) get(path string) answer { c.Helper(); return c.do(http.MethodGet, path, nil) }
func (c *client) post(path string, body any) answer {
	c.Helper()
	return c.do(http.MethodPost, path, body)
}

func (c *client) patch(path string, body any) answer {
	c.Helper()
	return c.do(http.MethodPatch, path, body)
}

// want checks the status.
func (a answer) want(status int) answer {
	a.Helper()
	if a.status != status {
		a.Fatalf("%s: %d, want %d\n%s", a.call, a.status, status, a.body)
	}
	return a
}

func (a answer) into(v any) {
	a.Helper()
	if err := json.Unmarshal(a.body, v); err != nil {
		a.Fatalf("%s: %v\n%s", a.call, err, a.body)
	}
}

// ticket is what the tests look at.
type ticket struct {
	Number    int64
	Subject   string
	Status    string
	Team      *string
	Requester struct {
		Name  string
		Email *string
	}
	Messages []message
	Events   []event
}

type message struct {
	ID          int64
	Inbound     bool
	Internal    bool
	Text        string
	Attachments []struct {
		Name   string
		Type   string
		Size   int64
		Inline bool
		URL    string
	}
}

type event struct {
	What string
	To   *string
}

// ticket shows one.
func (c *client) ticket(number int64) (t ticket) {
	c.Helper()
	c.get(fmt.Sprintf("/api/v1/tickets/%d", number)).want(200).into(&t)
	return t
}

// tickets lists all that fit a filter.
func (c *client) tickets(filter string) (all []ticket) {
	c.Helper()
	for cursor := ""; ; {
		var page struct {
			Items []ticket
			Next  *string
		}
		q := url.Values{"limit": {"200"}, "q": {filter}, "cursor": {cursor}}
		for name := range q {
			if q.Get(name) == "" {
				q.Del(name)
			}
		}
		c.get("/api/v1/tickets?" + q.Encode()).want(200).into(&page)
		all = append(all, page.Items...)
		if page.Next == nil {
			return all
		}
		cursor = *page.Next
	}
}

// waitTicket waits for the one ticket with that subject and shows it.
func (c *client) waitTicket(subject string, limit time.Duration) (found ticket, took time.Duration) {
	c.Helper()
	took = wait(c, limit, "there is a ticket "+subject, func() error {
		seen := 0
		for _, t := range c.tickets("") {
			if t.Subject == subject {
				found = t
				seen++
			}
		}
		if seen != 1 {
			return fmt.Errorf("there are %d", seen)
		}
		return nil
	})
	return c.ticket(found.Number), took
}

// waitMessages waits until a ticket has that many messages.
func (c *client) waitMessages(number int64, n int) (t ticket) {
	c.Helper()
	wait(c, 10*time.Second, fmt.Sprintf("ticket %d has %d messages", number, n), func() error {
		if t = c.ticket(number); len(t.Messages) != n {
			return fmt.Errorf("it has %d", len(t.Messages))
		}
		return nil
	})
	return t
}

// reply answers as an agent would and gives the message.
func (c *client) reply(number int64, text, status string) (m message) {
	c.Helper()
	body := map[string]string{"text": text}
	if status != "" {
		body["status"] = status
	}
	c.post(fmt.Sprintf("/api/v1/tickets/%d/replies", number), body).want(201).into(&m)
	return m
}

func (t ticket) has(what string) bool {
	for _, e := range t.Events {
		if e.What == what {
			return true
		}
	}
	return false
}

func (t ticket) text(i int) string { return strings.TrimSpace(t.Messages[i].Text) }
