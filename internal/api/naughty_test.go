package api

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"goodturn/internal/ticket"
)

// TestNaughtyStrings tries strings written here, TestBigListOfNaughtyStrings those of the shared test data.
func TestNaughtyStrings(t *testing.T) {
	tryNaughty(t, []string{
		"\x00", "a\x00b", "\u0001", " ", "\u00a0", "\u200b", "\ufeff", "\ufffd", "a\r\nb", "a\tb", "\u202ea", strings.Repeat("é", 200), "\U0010ffff", "%", "_", "'", `"`, `\`, "$1", "\u2028",
		strings.Repeat("Wörter 言葉 ", ticket.MaxText/15),
	})
}

func TestBigListOfNaughtyStrings(t *testing.T) {
	dir := os.Getenv("GOODTURN_TESTDATA")
	if dir == "" {
		t.Skip("GOODTURN_TESTDATA is not set: it names the folder of the shared test data")
	}
	raw, err := os.ReadFile(filepath.Join(dir, "lists", "blns.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) < 400 {
		t.Fatalf("the list has only %d strings", len(all))
	}
	tryNaughty(t, all)
}

// oneLine is how a line is kept: control characters are spaces, and spaces are one.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, s)), " ")
}

// Whatever is typed comes back as it was, or is refused with the field named; nothing is a 500.
func tryNaughty(t *testing.T, all []string) {
	t.Helper()
	eachDesk(t, func(t *testing.T, k *desk) {
		for i, s := range all {
			n := naughtyCase{k: k, s: s, email: fmt.Sprintf("n%d", i)}
			if !n.try("subject", "text", "name") {
				for _, field := range []string{"subject", "text", "name"} {
					n.try(field)
				}
			}
			n.try("tags")
			for _, path := range []string{"/api/v1/tickets?q=", "/api/v1/tickets?q=team:%22", "/api/v1/tickets?cursor=", "/api/v1/people?q=", "/api/v1/people?cursor=", "/api/v1/tickets/"} {
				if len(s) > 10_000 {
					continue // longer than an address can be
				}
				if r := k.call("amara", "GET", path+url.QueryEscape(s), nil); r.Status >= 500 {
					t.Errorf("%s%q gives %s", path, s, r.Raw)
				}
			}
		}
		if strings.Contains(k.log.String(), "level=ERROR") {
			t.Errorf("the log: %.2000s", k.log.String())
		}
	})
}

// naughtyCase is one string, to be put into the fields of a new ticket.
type naughtyCase struct {
	k     *desk
	s     string
	email string
	tries int
}

// try puts the string into those fields and compares what comes back; false when the ticket was refused.
func (n *naughtyCase) try(fields ...string) bool {
	n.tries++
	email := fmt.Sprintf("%s-%d@example.com", n.email, n.tries)
	requester := m{"email": email}
	body := m{"subject": "Subject", "text": "Text", "requester": requester}
	var where []string
	for _, f := range fields {
		switch f {
		case "name":
			requester["name"] = n.s
			where = append(where, "body.requester.name")
		case "tags":
			body["tags"] = []string{n.s}
			where = append(where, "body.tags")
		default:
			body[f] = n.s
			where = append(where, "body."+f)
		}
	}
	r := n.k.call("amara", "POST", "/api/v1/tickets", body)
	if r.Status == 413 && len(fields) > 1 {
		return false // together they are too much
	}
	if r.Status == 422 {
		if len(fields) == 1 {
			r.problem(422, where...)
		}
		return false
	}
	r.is(201)
	for _, f := range fields {
		n.compare(f, r, email)
	}
	return true
}

func (n *naughtyCase) compare(field string, r reply, email string) {
	var got, want string
	switch field {
	case "subject":
		got, want = r.text("subject"), oneLine(n.s)
		if want == "" {
			return // the start of the text stands for it
		}
	case "text":
		got = n.k.call("amara", "GET", r.Header.Get("Location"), nil).is(200).text("messages", 0, "text")
		want = strings.ReplaceAll(strings.ReplaceAll(n.s, "\r\n", "\n"), "\x00", "")
	case "name":
		if got, want = r.text("requester", "name"), oneLine(n.s); want == "" {
			want, _, _ = strings.Cut(email, "@")
		}
	case "tags":
		want = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(n.s), "#"))
		if tags := r.list("tags"); len(tags) > 0 {
			got = tags[0].(string)
		}
	}
	if got != want {
		n.k.t.Errorf("%s %q came back as %q", field, n.s, got)
	}
}
