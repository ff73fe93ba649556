package api

import (
	"strings"
	"sync"
	"testing"

	"goodturn/internal/db"
)

func TestOnce(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		body := m{"subject": "Printer <3", "text": "Half pages.", "requester": m{"email": "hana@example.com"}}
		first := k.call("amara", "POST", "/api/v1/tickets", body, "Idempotency-Key", "order-1").is(201)
		if first.Header.Get("Idempotency-Replayed") != "" {
			t.Error("the first answer says that it is a replay")
		}
		again := k.call("amara", "POST", "/api/v1/tickets", body, "Idempotency-Key", "order-1").is(201)
		if again.Raw != first.Raw || again.Header.Get("Idempotency-Replayed") != "true" || again.Header.Get("Location") != first.Header.Get("Location") || first.Header.Get("Location") == "" {
			t.Errorf("first %v %s\nagain %v %s", first.Header, first.Raw, again.Header, again.Raw)
		}
		other := m{"subject": "Other", "text": "Half pages.", "requester": m{"email": "hana@example.com"}}
		k.call("amara", "POST", "/api/v1/tickets", other, "Idempotency-Key", "order-1").problem(422, "header.Idempotency-Key")
		path := first.Header.Get("Location")
		k.call("amara", "POST", path+"/notes", body, "Idempotency-Key", "order-1").problem(422, "body.requester", "body.subject")
		k.call("amara", "POST", path+"/notes", m{"text": "x"}, "Idempotency-Key", "order-1").problem(422, "header.Idempotency-Key")
		// Another person's key is another key.
		k.call("bo", "POST", "/api/v1/tickets", body, "Idempotency-Key", "order-1").is(201)

		note := k.call("amara", "POST", path+"/notes", m{"text": "x"}, "Idempotency-Key", "note-1").is(201)
		if r := k.call("amara", "POST", path+"/notes", m{"text": "x"}, "Idempotency-Key", "note-1").is(201); r.Raw != note.Raw {
			t.Errorf("%s and %s", note.Raw, r.Raw)
		}
		reply := k.call("amara", "POST", path+"/replies", m{"text": "y"}, "Idempotency-Key", "reply-1").is(201)
		if r := k.call("amara", "POST", path+"/replies", m{"text": "y"}, "Idempotency-Key", "reply-1").is(201); r.Raw != reply.Raw {
			t.Errorf("%s and %s", reply.Raw, r.Raw)
		}
		someone := k.call("amara", "POST", "/api/v1/people", m{"email": "new@example.com"}, "Idempotency-Key", "person-1").is(201)
		if r := k.call("amara", "POST", "/api/v1/people", m{"email": "new@example.com"}, "Idempotency-Key", "person-1").is(201); r.Raw != someone.Raw || r.Header.Get("Location") == "" {
			t.Errorf("%s and %s", someone.Raw, r.Raw)
		}
		if n := k.count(`SELECT count(*) FROM message`); n != 4 {
			t.Errorf("%d messages", n)
		}

		// A refused call keeps nothing: mended, it may have the same key.
		k.call("amara", "POST", "/api/v1/tickets", m{"text": "x", "requester": m{"email": "hana@example.com"}, "team": "nowhere"}, "Idempotency-Key", "order-2").problem(422, "body.team")
		k.call("amara", "POST", "/api/v1/tickets", m{"text": "x", "requester": m{"email": "hana@example.com"}}, "Idempotency-Key", "order-2").is(201)
		for _, bad := range []string{strings.Repeat("k", 256), "ä", "a\tb"} {
			k.call("amara", "POST", "/api/v1/tickets", body, "Idempotency-Key", bad).problem(422, "header.Idempotency-Key")
		}
		k.call("amara", "POST", "/api/v1/tickets", body, "Idempotency-Key", strings.Repeat("k", 255)).is(201)
	})
}

func TestOnceAtTheSameTime(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		const callers = 20
		answers := make([]reply, callers)
		var wg sync.WaitGroup
		for i := range callers {
			wg.Go(func() {
				answers[i] = k.call("amara", "POST", "/api/v1/tickets", m{"text": "x", "requester": m{"email": "new@example.com"}}, "Idempotency-Key", "same")
			})
		}
		wg.Wait()
		fresh := 0
		for _, r := range answers {
			if r.is(201).Raw != answers[0].Raw {
				t.Errorf("%s and %s", r.Raw, answers[0].Raw)
			}
			if r.Header.Get("Idempotency-Replayed") == "" {
				fresh++
			}
		}
		if n := k.count(`SELECT count(*) FROM ticket`); n != 1 || fresh != 1 {
			t.Errorf("%d tickets, %d of the answers are first ones", n, fresh)
		}
	})
}

// Many tickets of somebody who is not known yet, all at once: one person.
func TestNewRequesterAtTheSameTime(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		var wg sync.WaitGroup
		for range 12 {
			wg.Go(func() {
				k.call("amara", "POST", "/api/v1/tickets", m{"text": "x", "requester": m{"email": "new@example.com", "name": "Newcomer"}}).is(201)
			})
		}
		wg.Wait()
		if n := k.count(`SELECT count(*) FROM person WHERE name = 'Newcomer'`); n != 1 {
			t.Errorf("%d people", n)
		}
		if n := k.count(`SELECT count(*) FROM ticket t JOIN person p ON p.id = t.requester_id WHERE p.name = 'Newcomer'`); n != 12 {
			t.Errorf("%d tickets", n)
		}
	})
}

func TestAnswersAreForgotten(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		body := m{"text": "x", "requester": m{"email": "hana@example.com"}}
		age := func(ms int64) {
			k.write(func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), `UPDATE idempotency SET created_at = created_at - $1`, ms)
				return err
			})
		}
		first := k.call("amara", "POST", "/api/v1/tickets", body, "Idempotency-Key", "a").number("number")
		age(AnswersKept.Milliseconds() - 60_000)
		k.write(func(tx *db.Tx) error { return Sweep(t.Context(), tx) })
		k.call("amara", "POST", "/api/v1/tickets", body, "Idempotency-Key", "a").is(201).equal(first, "number")
		age(60_000)
		k.call("amara", "POST", "/api/v1/tickets", body, "Idempotency-Key", "a").is(201).equal(first+1, "number")
		age(AnswersKept.Milliseconds())
		k.write(func(tx *db.Tx) error { return Sweep(t.Context(), tx) })
		if n := k.count(`SELECT count(*) FROM idempotency`); n != 0 {
			t.Errorf("%d answers are kept", n)
		}
	})
}
