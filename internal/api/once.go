package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// AnswersKept is how long the answer to a call with an Idempotency-Key is kept.
const AnswersKept = 24 * time.Hour

// maxKey is the longest Idempotency-Key, in bytes.
const maxKey = 255

// Once is the part of a POST that lets it be sent again without a second effect.
type Once struct {
	Key string `header:"Idempotency-Key" doc:"A name of the caller's choosing, up to 255 printable ASCII characters. The same call with the same key gets the first answer again, for 24 hours."`
}

// Answer is a T as it was first written, to be given again to the byte.
type Answer[T any] struct{ raw json.RawMessage }

// MarshalJSON implements json.Marshaler.
func (a Answer[T]) MarshalJSON() ([]byte, error) { return a.raw, nil }

// Schema implements huma.SchemaProvider.
func (Answer[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[T](), true, "")
}

// Created is what a POST answers.
type Created[T any] struct {
	Status   int    `json:"-"`
	Location string `header:"Location" doc:"Where the new thing can be found."`
	Replayed string `header:"Idempotency-Replayed" doc:"\"true\" when this is the answer to an earlier call with the same key."`
	Body     Answer[T]
}

// read runs fn in a transaction with the rights that the token has at that moment.
func (s *server) read(ctx context.Context, fn func(tx *db.Tx, a person.Actor) error) error {
	c := callOf(ctx)
	return s.DB.Read(ctx, func(tx *db.Tx) error {
		a, err := actor(ctx, tx, c)
		if err != nil {
			return err
		}
		return fn(tx, a)
	})
}

// write is read for what changes something.
func (s *server) write(ctx context.Context, fn func(tx *db.Tx, a person.Actor) error) error {
	c := callOf(ctx)
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := actor(ctx, tx, c)
		if err != nil {
			return err
		}
		return fn(tx, a)
	})
}

func actor(ctx context.Context, tx *db.Tx, c *call) (person.Actor, error) {
	a, _, err := person.TokenActor(ctx, tx, c.token)
	if err != nil {
		return a, err
	}
	return a, allowed(a, c.route.Verb)
}

// create runs fn and keeps its answer under the call's key, both in one transaction. at says where the
// thing can be found, or is nil. An error keeps nothing: nothing has happened.
func create[T any](ctx context.Context, s *server, o Once, at func(T) string, fn func(tx *db.Tx, a person.Actor) (T, error)) (*Created[T], error) {
	if err := o.check(ctx); err != nil {
		return nil, err
	}
	var out *Created[T]
	err := s.write(ctx, func(tx *db.Tx, a person.Actor) error {
		out = &Created[T]{Status: http.StatusCreated}
		k := kept{personID: a.ID, key: o.Key, request: digest(a, callOf(ctx))}
		if again, err := k.take(ctx, tx); err != nil || again {
			out.Status, out.Replayed, out.Location, out.Body.raw = k.status, "true", k.body.Location, k.body.Body
			return err
		}
		made, err := fn(tx, a)
		if err != nil {
			return err
		}
		if at != nil {
			out.Location = at(made)
		}
		if out.Body.raw, err = encode(made); err != nil {
			return err
		}
		k.status, k.body = out.Status, keptBody{Location: out.Location, Body: out.Body.raw}
		return k.put(ctx, tx)
	})
	return out, err
}

func encode(v any) (json.RawMessage, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return json.RawMessage(strings.TrimSuffix(b.String(), "\n")), err
}

func (o Once) check(ctx context.Context) error {
	wrong := strings.ContainsFunc(o.Key, func(r rune) bool { return r < ' ' || r > '~' })
	if !wrong && len(o.Key) <= maxKey {
		return nil
	}
	p := newProblem(http.StatusUnprocessableEntity, i18n.T(ctx, "An Idempotency-Key has up to 255 printable ASCII characters."))
	p.Errors = []ProblemError{{Location: "header.Idempotency-Key", Message: p.Detail, Value: plain(o.Key)}}
	return p
}

// digest is what makes two calls the same: who may see the answer, where it went, and every byte.
func digest(a person.Actor, c *call) string {
	h := sha256.New()
	h.Write([]byte(string(a.Role) + "\n" + c.request.Method + " " + c.request.URL.Path + "\n"))
	h.Write(c.raw)
	return hex.EncodeToString(h.Sum(nil))
}

// kept is the answer to a call with a key.
type kept struct {
	personID int64
	key      string
	request  string
	status   int
	body     keptBody
}

type keptBody struct {
	Location string          `json:"location"`
	Body     json.RawMessage `json:"body"`
}

// take claims the key for this transaction, or finds the answer that it has. Of two transactions at once
// the second waits here for the first.
func (k *kept) take(ctx context.Context, tx *db.Tx) (again bool, err error) {
	if k.key == "" {
		return false, nil
	}
	if _, err := tx.Exec(ctx, `DELETE FROM idempotency WHERE person_id = $1 AND idempotency_key = $2 AND created_at <= $3`, k.personID, k.key, tx.Now.Add(-AnswersKept)); err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `INSERT INTO idempotency (person_id, idempotency_key, request, status, body, created_at) VALUES ($1, $2, $3, 0, '', $4)
		ON CONFLICT (person_id, idempotency_key) DO NOTHING`, k.personID, k.key, k.request, tx.Now)
	if err != nil || n == 1 {
		return false, err
	}
	type row struct {
		Request string
		Status  int
		Body    string
	}
	r, err := db.One[row](ctx, tx, `SELECT request, status, body FROM idempotency WHERE person_id = $1 AND idempotency_key = $2`, k.personID, k.key)
	if err != nil {
		return false, err
	}
	if r.Request != k.request {
		return false, keyReused(ctx, k.key)
	}
	k.status = r.Status
	return true, json.Unmarshal([]byte(r.Body), &k.body)
}

func keyReused(ctx context.Context, key string) *Problem {
	p := newProblem(http.StatusUnprocessableEntity, i18n.T(ctx, "This Idempotency-Key was used for another call. Please choose a new one for each."))
	p.Errors = []ProblemError{{Location: "header.Idempotency-Key", Message: p.Detail, Value: plain(key)}}
	return p
}

func (k *kept) put(ctx context.Context, tx *db.Tx) error {
	if k.key == "" {
		return nil
	}
	raw, err := encode(k.body)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE idempotency SET status = $3, body = $4 WHERE person_id = $1 AND idempotency_key = $2`, k.personID, k.key, k.status, string(raw))
	return err
}

// Sweep removes the answers that have been kept for long enough. A job calls it now and then.
func Sweep(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM idempotency WHERE created_at <= $1`, tx.Now.Add(-AnswersKept))
	return err
}

// before reads the cursor of a list by id; "" is the start.
func before(cursor string) (int64, error) {
	if cursor == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(cursor, 10, 64)
	if err != nil || id <= 0 {
		return 0, fault.Invalid(fault.F("cursor", i18n.M("This place in the list is not known. Please begin at its start.")))
	}
	return id, nil
}
