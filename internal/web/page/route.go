package page

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
)

// Handle answers one route. An error becomes the page that fits it; see Fail.
type Handle func(w http.ResponseWriter, r *http.Request, v Visit) error

// Route is one address with the right that it asks for before anything else. Handlers ask again about
// the thing itself: the ticket, the file.
type Route struct {
	// Pattern is as in net/http: "POST /tickets/{number}/status".
	Pattern string
	// Verb is what the visitor must be allowed to do; Anyone lets everybody in.
	Verb person.Verb
	// MaxBytes bounds the body; 0 is MaxForm.
	MaxBytes int64
	// Stranger says that pages of other sites ask it: whoever comes is nobody, as no cookie is looked at. Its address begins with StrangerPath.
	Stranger bool
	Handle   Handle
}

// StrangerPath begins the addresses to which other sites may post, since nobody's cookie counts there.
const StrangerPath = "/button/"

// Anyone is the verb of routes that are open to everybody.
const Anyone person.Verb = ""

// Limits of a request's body, in bytes.
const (
	MaxForm  = 2_000_000  // a form without files
	MaxFiles = 32_000_000 // a form with files
)

// Mount puts the routes on mux, each behind the session and the check of its right.
func (s *Site) Mount(mux *http.ServeMux, routes []Route) {
	for _, rt := range routes {
		mux.Handle(rt.Pattern, s.handler(rt))
	}
}

func (s *Site) handler(rt Route) http.Handler {
	limit := rt.MaxBytes
	if limit == 0 {
		limit = MaxForm
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rt.Stranger || strings.HasPrefix(r.URL.Path, StrangerPath) {
			r.Header.Del("Cookie")
		}
		seq := s.Hub.Seq() // before anything is read
		v, err := s.visit(w, r)
		r = r.WithContext(s.looking(context.WithValue(s.reader(r, v.Actor), seqKey{}, seq), v))
		if err == nil {
			err = allowed(v.Actor, rt.Verb)
		}
		if err == nil {
			if limit > MaxForm {
				r.Body = newSlowBody(w, r.Body)
			}
			r.Body = http.MaxBytesReader(w, r.Body, limit)
			defer dropFiles(r)
			err = rt.Handle(w, r, v)
		}
		if err != nil {
			s.Fail(w, r, v, err)
		}
	})
}

// dropFiles removes what a form left on the disk while it was read. The server does so by itself only for the request that
// it made, and handlers get a copy.
func dropFiles(r *http.Request) {
	if r.MultipartForm != nil {
		_ = r.MultipartForm.RemoveAll()
	}
}

// visit finds out who asks, by the session's cookie.
func (s *Site) visit(w http.ResponseWriter, r *http.Request) (Visit, error) {
	v := Visit{Remote: s.Remote(r), Now: clock.Now(), At: s.cookie(r, atCookie)}
	if ids := r.Header.Get("Goodturn-Fragment"); ids != "" {
		v.Fragments = strings.Fields(ids)
	}
	stream := strings.HasPrefix(r.Header.Get("Accept"), "text/event-stream") // shows nothing, so it takes no note
	v.Ahead = strings.Contains(r.Header.Get("Sec-Purpose"), "prefetch")
	if r.Method == http.MethodGet && !stream && !v.Ahead && (v.Fragments == nil || slices.Contains(v.Fragments, "flash")) {
		v.Flash = s.takeFlash(w, r)
	}
	c, err := r.Cookie(s.cookieName(sessionCookie))
	if err != nil || c.Value == "" {
		return v, nil
	}
	ctx := r.Context()
	stale := false
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		a, session, old, err := person.SessionActor(ctx, tx, c.Value)
		if errors.Is(err, db.ErrNoRow) {
			return nil
		}
		v.Actor, v.Session, stale = a, session.ID, old
		return err
	})
	if err == nil && stale {
		err = s.DB.Write(ctx, func(tx *db.Tx) error { return person.TouchSession(ctx, tx, v.Session) })
	}
	return v, err
}

func allowed(a person.Actor, verb person.Verb) error {
	if verb == Anyone || person.Can(a, verb, person.Thing{}) {
		return nil
	}
	if !a.SignedIn() {
		return errSignIn
	}
	return errDenied
}

// seqKey finds the hub's number from before a page was made, from which on its live updates go.
type seqKey struct{}

func seqOf(ctx context.Context) string {
	seq, _ := ctx.Value(seqKey{}).(uint64)
	return strconv.FormatUint(seq, 10)
}
