package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// call is one request as the handlers know it.
type call struct {
	route   Route
	request *http.Request
	token   string // the secret itself
	raw     []byte // the body
	remote  string
}

type callKey struct{}

func callOf(ctx context.Context) *call { return ctx.Value(callKey{}).(*call) }

// ServeHTTP finds the route, then who asks and whether they may, then reads the body, and only then
// lets the call in.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{request: r, remote: s.Remote(r)}
	ctx := i18n.With(r.Context(), i18n.Match(r.Header.Get("Accept-Language"), ""), time.UTC)
	ctx = context.WithValue(ctx, callKey{}, c)
	r = r.WithContext(ctx)
	c.request = r
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	out := &answer{ResponseWriter: w}
	defer s.recover(ctx, out)
	if err := s.serve(out, r, c); err != nil {
		s.problem(ctx, err).send(out)
	}
}

func (s *server) serve(w http.ResponseWriter, r *http.Request, c *call) error {
	if path.Clean(r.URL.Path) != r.URL.Path { // the mux would send elsewhere, with a page
		return errNoRoute
	}
	h, pattern := s.mux.Handler(r)
	if pattern == "" {
		return unrouted(w, r, h)
	}
	c.route, r.Pattern = s.routes[pattern], pattern
	if c.route.Verb != Anyone {
		if err := s.admit(r, c); err != nil {
			return err
		}
	}
	if r.Method == http.MethodPost || r.Method == http.MethodPatch || r.Method == http.MethodPut {
		raw, err := readBody(w, r)
		if err != nil {
			return err
		}
		c.raw = raw
		r.Body = io.NopCloser(bytes.NewReader(raw))
		r.Header.Set("Content-Type", "application/json")
	}
	s.mux.ServeHTTP(w, r)
	return nil
}

var (
	errNoRoute  = fault.NotFound(i18n.M("There is nothing at this address. /api/openapi.json lists what there is."))
	errReadOnly = fault.Denied(i18n.M("This token may only look."))
	errDenied   = fault.Denied(i18n.M("This token may not see or do this."))
)

// unrouted answers what no route fits: an unknown address, another method, or the question which methods
// there are. h is the mux's own answer, which knows them.
func unrouted(w http.ResponseWriter, r *http.Request, h http.Handler) error {
	probe := &silent{header: http.Header{}}
	h.ServeHTTP(probe, r)
	if probe.status != http.StatusMethodNotAllowed {
		return errNoRoute
	}
	allow := probe.header.Get("Allow") + ", OPTIONS"
	if r.Method == http.MethodOptions {
		w.Header().Set("Allow", allow)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	p := newProblem(http.StatusMethodNotAllowed, i18n.T(r.Context(), "This address takes {{.Methods}}.", "Methods", allow))
	p.header = http.Header{"Allow": {allow}}
	return p
}

// silent keeps what the mux would have answered.
type silent struct {
	header http.Header
	status int
}

func (s *silent) Header() http.Header         { return s.header }
func (s *silent) Write(b []byte) (int, error) { return len(b), nil }
func (s *silent) WriteHeader(status int)      { s.status = status }

// admit finds out whose token it is and whether the route is for them.
func (s *server) admit(r *http.Request, c *call) error {
	ctx := r.Context()
	token, ok := bearer(r)
	if !ok {
		return unauthorized(ctx, false)
	}
	c.token = token
	var a person.Actor
	var t person.Token
	stale := false
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		a, t, err = person.TokenActor(ctx, tx, token)
		stale = t.StaleUse(tx.Now)
		return err
	})
	if err != nil {
		return err
	}
	if ok, wait := s.Limit.Allow(strconv.FormatInt(t.ID, 10)); !ok {
		seconds := max(1, int((wait+time.Second-1)/time.Second))
		p := newProblem(http.StatusTooManyRequests, i18n.N(ctx, "This token calls too often. Please wait {{.Count}} second.", "This token calls too often. Please wait {{.Count}} seconds.", seconds))
		p.header = http.Header{"Retry-After": {strconv.Itoa(seconds)}}
		return p
	}
	if stale {
		if err := s.DB.Write(ctx, func(tx *db.Tx) error { return person.TouchToken(ctx, tx, t.ID) }); err != nil {
			s.Log.WarnContext(ctx, "last use of a token not noted", "error", err)
		}
	}
	return allowed(a, c.route.Verb)
}

// bearer reads the token (RFC 6750 §2.1). Anything longer than a token can be is none.
func bearer(r *http.Request) (string, bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	return token, strings.EqualFold(scheme, "Bearer") && token != "" && len(token) <= 200
}

func allowed(a person.Actor, verb person.Verb) error {
	if person.Can(a, verb, person.Thing{}) {
		return nil
	}
	mayWrite := a
	mayWrite.ReadOnly = false
	if a.ReadOnly && person.Can(mayWrite, verb, person.Thing{}) {
		return errReadOnly
	}
	return errDenied
}

// recover makes a panic a 500; when the answer has begun, it is cut off, so that nobody takes it for whole.
func (s *server) recover(ctx context.Context, w *answer) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler || errors.Is(ctx.Err(), context.Canceled) {
		panic(http.ErrAbortHandler)
	}
	problem := s.problem(ctx, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
	if w.begun {
		panic(http.ErrAbortHandler)
	}
	problem.send(w)
}

// answer knows whether it has begun.
type answer struct {
	http.ResponseWriter
	begun bool
}

func (w *answer) WriteHeader(status int) {
	w.begun = true
	w.ResponseWriter.WriteHeader(status)
}

func (w *answer) Write(b []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach what is underneath.
func (w *answer) Unwrap() http.ResponseWriter { return w.ResponseWriter }
