// Package api is the desk for programs: JSON over HTTP under /api/v1, described by OpenAPI 3.1 at
// /api/openapi.json.
//
// Every call carries a token, which acts with the rights of its person, or fewer; cookies count for
// nothing here. What a call does, it does in one transaction, and in the same one lies the answer that is
// kept for its Idempotency-Key: a call that is sent twice has its effect once. Whatever goes wrong is a
// problem of RFC 9457 that names the field. A requester's token meets the desk from the requester's side:
// own tickets, public messages, no filter on what only staff can see.
//
//	handler, err := api.Handler(&api.API{DB: d, Tickets: desk, Blobs: blobs, Log: log})
//	mux.Handle("/api/", handler)
//
// Invariants: each route asks for a verb (see Routes) and each handler asks again about the thing itself;
// nothing is answered before the token was looked at; an error that is ours to mend is a reference number
// and a line in the log, never its text.
package api

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/fixnote"
	"goodturn/internal/papercut"
	"goodturn/internal/ratelimit"
	"goodturn/internal/ticket"
)

// API is what the calls act on. The program builds one.
type API struct {
	DB      *db.DB
	Tickets *ticket.Desk
	Notes   *fixnote.Book
	// Papercuts keeps the small things that annoy.
	Papercuts *papercut.Book
	Blobs     *blob.Store
	Log       *slog.Logger
	// Limit slows down a token that calls too often; nil is 2,000 calls a second after a burst of 20,000.
	Limit *ratelimit.Limiter
	// Remote gives the address that a call comes from, for the audit; nil takes that of the connection.
	Remote func(*http.Request) string
	// Version is the program's, for the description.
	Version string
}

// MaxBody is the longest body of a call, in bytes.
const MaxBody = 2 << 20

// server is an API with its routes mounted.
type server struct {
	API
	mux    *http.ServeMux
	routes map[string]Route // by pattern
}

// Names are compared as they are written: "Subject" is not "subject".
func init() { huma.ValidateStrictCasing = true }

// Handler serves everything under /api/. It wants no other handler around it for signing in, but bears
// one for logs and compression.
func Handler(a *API) (http.Handler, error) {
	s := &server{API: *a, mux: http.NewServeMux(), routes: map[string]Route{}}
	if s.Limit == nil {
		s.Limit = ratelimit.New(ratelimit.Config{Burst: 20_000, Every: 500 * time.Microsecond})
	}
	if s.Remote == nil {
		s.Remote = remoteAddr
	}
	h := humago.New(s.mux, s.config())
	for _, rt := range Routes() {
		s.routes[rt.Pattern] = rt
		if rt.mount != nil {
			rt.mount(s, h)
		}
	}
	document, err := json.Marshal(describe(h.OpenAPI()))
	if err != nil {
		return nil, fmt.Errorf("describe the API: %w", err)
	}
	s.mux.HandleFunc(documentPattern, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/openapi+json")
		_, _ = w.Write(document)
	})
	return s, nil
}

func remoteAddr(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
