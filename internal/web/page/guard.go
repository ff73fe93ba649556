package page

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// The policy of every page: nothing from elsewhere, no inline script or style, no frames.
const contentPolicy = "default-src 'none'; script-src 'self' 'inline-speculation-rules'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Guard wraps everything that is served: requests from other sites change nothing, headers keep pages
// to themselves, answers are compressed, a panic is a 500, and each request is one line in the log.
func (s *Site) Guard(next http.Handler) (http.Handler, error) {
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(1200), gzhttp.CompressionLevel(5), gzhttp.ExceptContentTypes([]string{
		"text/event-stream", "image/png", "image/jpeg", "image/gif", "image/webp", "application/zip", "application/pdf", "application/octet-stream",
	}))
	if err != nil {
		return nil, err
	}
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Fail(w, r.WithContext(s.reader(r, Visit{}.Actor)), Visit{}, errDenied)
	}))
	origin.AddInsecureBypassPattern("/api/")      // calls carry a token, which no other site has; cookies count for nothing there
	origin.AddInsecureBypassPattern(StrangerPath) // see Route.Stranger
	return s.log(headers(compress(origin.Handler(s.recover(s.nowhere(next)))))), nil
}

// nowhere answers addresses that no route is for with a page, where a mux has a line of plain text.
func (s *Site) nowhere(next http.Handler) http.Handler {
	mux, ok := next.(*http.ServeMux)
	if !ok {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			if _, pattern := mux.Handler(r); pattern == "" {
				v, err := s.visit(w, r)
				if err == nil {
					err = fault.NotFound(i18n.Text{})
				}
				s.Fail(w, r.WithContext(s.reader(r, v.Actor)), v, err)
				return
			}
		}
		mux.ServeHTTP(w, r)
	})
}

func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		if !strings.HasPrefix(r.URL.Path, "/assets/") {
			h.Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Site) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler {
				panic(p)
			}
			s.Fail(w, r.WithContext(s.reader(r, Visit{}.Actor)), Visit{}, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}()
		next.ServeHTTP(w, r)
	})
}

// log writes one line a request. It names the route and not the address, which may hold the secret of
// a link.
func (s *Site) log(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		sw := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(sw, r)
		s.Log.LogAttrs(r.Context(), slog.LevelDebug, "request", slog.String("method", r.Method), slog.String("path", logPath(r.URL.Path)), slog.Int("status", sw.status),
			slog.Int64("us", time.Since(began).Microseconds()))
	})
}

// logPath hides the secret of a link: "/t/…" and "/sign-in/link/…".
func logPath(p string) string {
	for _, secret := range []string{"/t/", "/sign-in/link/", "/setup/", "/unfollow/", "/notices/stop/", "/uploads/"} {
		if strings.HasPrefix(p, secret) {
			return secret + "…"
		}
	}
	return p
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach what is underneath.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush implements http.Flusher for the compressor.
func (w *statusWriter) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }
