package page

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestGotoTellsScriptsToLeaveAndBrowsersToFollow(t *testing.T) {
	for _, c := range []struct {
		name, method, fragment, from, to string
		status                           int
	}{
		{"a form", http.MethodPost, "", "/tickets/7", "/tickets", http.StatusSeeOther},
		{"a script's form that stays", http.MethodPost, "ticket", "/tickets/7?view=ours", "/tickets/7#new", http.StatusSeeOther},
		{"a script's form that leaves", http.MethodPost, "ticket", "/tickets/7?view=ours", "/tickets?view=ours", http.StatusNoContent},
		{"a script's form from nowhere", http.MethodPost, "ticket", "", "/tickets", http.StatusSeeOther},
		{"a page that brings itself up to date", http.MethodGet, "ticket", "/tickets/7", "/tickets/8", http.StatusSeeOther},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(c.method, "/tickets/7/status", nil)
			if c.fragment != "" {
				r.Header.Set("Goodturn-Fragment", c.fragment)
			}
			if c.from != "" {
				r.Header.Set("Referer", "https://desk.example"+c.from)
			}
			w := httptest.NewRecorder()
			if err := Goto(w, r, c.to); err != nil {
				t.Fatal(err)
			}
			got := w.Header().Get("Location") + w.Header().Get("Goodturn-Goto")
			if w.Code != c.status || got != c.to {
				t.Errorf("%d to %q, want %d to %q", w.Code, got, c.status, c.to)
			}
		})
	}
}
