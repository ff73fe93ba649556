package e2e

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"time"

	"goodturn/internal/app"
	"goodturn/internal/db"
)

// finish waits for the ways' end, lets the program settle, and checks all that was accepted.
func (h *hammer) finish(limit time.Duration) {
	h.Helper()
	h.wg.Wait()
	if h.failed != nil {
		h.Fatal(h.failed)
	}
	began := time.Now()
	defer func() {
		if h.Failed() {
			h.explain()
		}
	}()
	wait(h, limit, "every accepted mail is there", func() error { return missing(h.accepted, h.subjects()) })
	wait(h, limit, "every accepted answer has gone out", func() error { return missing(h.replies, h.sent()) })
	wait(h, limit, "nothing waits in the program", h.settled)
	h.Logf("all was there %s after the last was accepted", time.Since(began).Round(time.Millisecond))
	h.exactlyOnce()
	h.sentAlike()
	if code, took := h.stop(); code != 0 || took > 10*time.Second {
		h.Errorf("ended with %d after %s", code, took)
	}
	h.sound()
	ways := map[string]int{}
	for _, way := range h.accepted {
		ways[way]++
	}
	h.Logf("%d mails %v and %d answers accepted, %d mails out", len(h.accepted), ways, len(h.replies), len(h.mx.Sink.Mails()))
}

// explain tells what can be known of mails that are not there: the way of each through Postfix, and what the program
// made of the mails that it has under other subjects.
func (h *hammer) explain() {
	seen, told := h.subjects(), 0
	for word, way := range h.accepted {
		if _, ok := seen[word]; !ok && told < 3 {
			told++
			h.Logf("%s came by %s; Postfix says of it:\n%s", word, way, h.mx.Trace(word))
		}
	}
	for subject, n := range seen {
		if _, ok := h.accepted[subject]; !ok {
			h.Logf("%d tickets are called %q", n, subject)
		}
	}
	type outcome struct {
		State, Outcome string
		N              int
	}
	h.beside(func(ctx context.Context, a *app.App) error {
		return a.DB.Read(ctx, func(tx *db.Tx) error {
			all, err := db.All[outcome](ctx, tx, `SELECT state, outcome, count(*) AS n FROM mail GROUP BY state, outcome`)
			h.Logf("mails by what became of them: %v", all)
			return err
		})
	})
}

// missing says which of the words were not seen.
func missing[A, B any](want map[string]A, seen map[string]B) error {
	n, one := 0, ""
	for word := range want {
		if _, ok := seen[word]; !ok {
			n++
			one = word
		}
	}
	if n > 0 {
		return fmt.Errorf("%d of %d are missing, such as %s", n, len(want), one)
	}
	return nil
}

// subjects counts the tickets by subject.
func (h *hammer) subjects() map[string]int {
	h.Helper()
	seen := map[string]int{}
	for _, t := range h.api.tickets("") {
		seen[t.Subject]++
	}
	return seen
}

var (
	replyWord     = regexp.MustCompile(`reply\d{7}`)
	messageIDLine = regexp.MustCompile(`(?mi)^Message-ID:\s*<([^>]+)>`)
)

// sent counts the mails that brought each answer, by Message-ID.
func (h *hammer) sent() map[string]map[string]int {
	all := map[string]map[string]int{}
	for _, m := range h.mx.Sink.Mails() {
		id := messageIDLine.FindSubmatch(m.Raw)
		word := string(replyWord.Find(m.Raw[max(0, bytes.Index(m.Raw, []byte("\r\n\r\n"))):]))
		if id == nil || word == "" {
			h.Errorf("a mail that nobody wrote:\n%s", m.Raw)
			continue
		}
		if all[word] == nil {
			all[word] = map[string]int{}
		}
		all[word][string(id[1])]++
	}
	return all
}

// exactlyOnce checks that every mail and every answer is one message, and that nothing else is there.
func (h *hammer) exactlyOnce() {
	h.Helper()
	seen := h.subjects()
	for word := range h.accepted {
		if seen[word] != 1 {
			h.Errorf("%s is %d tickets", word, seen[word])
		}
	}
	if len(seen) != len(h.accepted)+len(h.targets) {
		h.Errorf("%d subjects, want %d mails and %d targets", len(seen), len(h.accepted), len(h.targets))
	}
	said := map[string]int{}
	for _, number := range h.targets {
		for _, m := range h.api.ticket(number).Messages {
			said[m.Text]++
		}
	}
	for word := range h.replies {
		if said[word] != 1 {
			h.Errorf("%s was said %d times", word, said[word])
		}
	}
	if len(said) != len(h.replies)+1 {
		h.Errorf("%d texts, want %d answers and the question", len(said), len(h.replies))
	}
}

// sentAlike checks that an answer that went out twice did so with one Message-ID.
func (h *hammer) sentAlike() {
	h.Helper()
	again := 0
	for word, ids := range h.sent() {
		if len(ids) != 1 {
			h.Errorf("%s went out as %v", word, ids)
		}
		for _, n := range ids {
			again += n - 1
		}
	}
	h.Logf("%d mails went out again after a kill", again)
}

// settled tells whether all that was taken is filed and all that was written is sent.
func (d *desk) settled() (err error) {
	d.Helper()
	d.beside(func(ctx context.Context, a *app.App) error {
		return a.DB.Read(ctx, func(tx *db.Tx) error {
			for what, query := range map[string]string{
				"mails": `SELECT count(*) FROM mail WHERE state = 'waiting'`, "jobs": `SELECT count(*) FROM job`, "deliveries": `SELECT count(*) FROM delivery WHERE state <> 'sent'`,
			} {
				n, oops := db.One[int64](ctx, tx, query)
				if oops != nil {
					return oops
				}
				if n > 0 {
					err = fmt.Errorf("%d %s wait", n, what)
				}
			}
			return nil
		})
	})
	return err
}
