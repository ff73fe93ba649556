package page

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

var (
	errSignIn = fault.SignIn()
	errDenied = fault.Denied(i18n.M("Your account may not see or do this. If it should, an administrator can change that."))
)

// Status is the HTTP status of a fault.
func Status(k fault.Kind) int {
	switch k {
	case fault.KindNotFound:
		return http.StatusNotFound
	case fault.KindInvalid:
		return http.StatusUnprocessableEntity
	case fault.KindDenied:
		return http.StatusForbidden
	case fault.KindConflict:
		return http.StatusConflict
	case fault.KindUnavailable:
		return http.StatusServiceUnavailable
	case fault.KindTooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.KindLimited:
		return http.StatusTooManyRequests
	case fault.KindSignIn:
		return http.StatusUnauthorized
	}
	return http.StatusInternalServerError
}

// AsFault makes a fault of an error that has come up to a surface; false means that it is ours to mend.
func AsFault(err error) (*fault.Error, bool) {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return fault.TooLarge(i18n.M("At most {{.Limit}} can be sent at once. Go back, take a file out, and send again: your text is still there.", "Limit", i18n.Size(large.Limit))), true
	}
	return fault.Of(err)
}

// Reference logs an error that is ours to mend under a number, which the person is told.
func Reference(ctx context.Context, log *slog.Logger, r *http.Request, err error) string {
	var raw [5]byte
	_, _ = rand.Read(raw[:])
	ref := hex.EncodeToString(raw[:])
	log.ErrorContext(ctx, "request failed", "reference", ref, "method", r.Method, "route", r.Pattern, "error", err)
	return ref
}

// Fail answers a request with the page that fits the error.
func (s *Site) Fail(w http.ResponseWriter, r *http.Request, v Visit, err error) {
	ctx := r.Context()
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return // the visitor has gone
	}
	view := ErrorView{Site: s.Name, Status: http.StatusInternalServerError}
	if v.Actor.SignedIn() {
		view.Back = home(v.Actor, "")
	}
	f, ok := AsFault(err)
	if !ok {
		view.Reference = Reference(ctx, s.Log, r, err)
	} else {
		if f.Kind == fault.KindSignIn && v.Fragments == nil {
			s.toSignIn(w, r)
			return
		}
		view.Status, view.Message = Status(f.Kind), i18n.Print(ctx, f.Message)
		for _, x := range f.Fields {
			view.Message = i18n.Print(ctx, x.Message)
		}
		if f.Kind == fault.KindUnavailable {
			s.Log.ErrorContext(ctx, "not available", "route", r.Pattern, "error", err)
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	if err := Render(w, r, view.Status, Error(view)); err != nil {
		s.Log.ErrorContext(ctx, "error page failed", "error", err)
	}
}

// toSignIn sends a visitor to the sign-in page, and back to what they wanted to see afterwards. What they had written in a form is
// shown there, so that it can be taken along.
func (s *Site) toSignIn(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		http.Redirect(w, r, "/sign-in?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
		return
	}
	kept := writtenIn(w, r)
	if kept == "" {
		http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
		return
	}
	view := SignInView{Site: s.Name, Kept: kept}
	if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host {
		view.Next = person.LocalPath(from.RequestURI())
	}
	if err := Render(w, r, http.StatusUnauthorized, SignIn(view)); err != nil {
		s.Log.ErrorContext(r.Context(), "sign-in page failed", "error", err)
	}
}

// writtenIn is the text of a form that nobody may send any more, "" for none. Files are not read.
func writtenIn(w http.ResponseWriter, r *http.Request) string {
	r.Body = http.MaxBytesReader(w, r.Body, MaxForm)
	defer dropFiles(r)
	if Form(r) != nil {
		return ""
	}
	return strings.TrimSpace(r.PostFormValue("text"))
}

// FieldErrors gives what is wrong with each field of a form, in the reader's language; false when err is
// something else than a form that needs changing.
func FieldErrors(ctx context.Context, err error) (map[string]string, bool) {
	f, ok := fault.Of(err)
	if !ok || f.Kind != fault.KindInvalid {
		return nil, false
	}
	out := map[string]string{}
	for _, x := range f.Fields {
		out[x.Name] = i18n.Print(ctx, x.Message)
	}
	return out, true
}
